"""JSON documents become Arrow text, one per line of a file or one per item of a JSON array."""

import json
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from hubrank.errors import DataError
from hubrank.sources.archives import Member
from hubrank.sources.lines import Block, ahead, blocks
from hubrank.tables import Ledger

LARGEST_ARRAY = 512 << 20  # bytes of one JSON array: it is parsed in one piece


def documents(member: Member, ledger: Ledger | None) -> Iterator[pa.Table]:
    """Yield columns line (text) and source_row: one row per document, in order; blank lines are none.

    Lines are not parsed here, only told apart: a line that is not UTF-8 is set aside. The next block is unpacked
    while the caller works on this one.
    """
    pieces = ahead(blocks(member, encoding="utf-8", controls=True))
    first = next(pieces, None)
    if first is None:
        return
    if first.data.lstrip()[:1] == b"[" and b"\n" in first.data.strip():
        yield from _counted(_array(first, pieces, member.name), member.name, ledger)
        return
    yield from _counted(_lines(first), member.name, ledger)
    for block in pieces:
        yield from _counted(_lines(block), member.name, ledger)


def _lines(block: Block) -> pa.Table:
    """Split a block at its line feeds without copying it."""
    ends = np.flatnonzero(np.frombuffer(block.data, np.uint8) == ord("\n"))
    offsets = np.zeros(len(ends) + 1, np.int32)
    offsets[1:] = ends + 1
    text = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(block.data))
    numbers = np.arange(block.first, block.first + len(ends))
    blank = np.diff(offsets) < 2
    table = pa.table({"line": text, "source_row": numbers})
    return table.filter(pa.array(~blank)) if blank.any() else table


def _array(first: Block, rest: Iterator[Block], name: str) -> pa.Table:
    """Take a JSON array apart into its items."""
    data = bytearray(first.data)
    for block in rest:
        data += block.data
        if len(data) > LARGEST_ARRAY:
            raise DataError(
                f"{name} is one JSON array of more than {LARGEST_ARRAY >> 20} MiB. Write one document per line."
            )
    try:
        items = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name} begins as a JSON array but is none: {error}. Write one document per line.") from None
    lines = [json.dumps(item, ensure_ascii=True) for item in items]
    return pa.table({"line": pa.array(lines, pa.string()), "source_row": np.arange(1, len(lines) + 1)})


def _counted(table: pa.Table, name: str, ledger: Ledger | None) -> Iterator[pa.Table]:
    """Count documents as read; set aside those that are not UTF-8."""
    if ledger is not None:
        ledger.read(len(table))
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        table = _utf8_only(table, name, ledger)
    if len(table):
        yield table


def _utf8_only(table: pa.Table, name: str, ledger: Ledger | None) -> pa.Table:
    raw = [line.as_buffer().to_pybytes() for line in table["line"]]
    good = [_is_utf8(line) for line in raw]
    for row, fine in zip(table["source_row"].to_pylist(), good, strict=True):
        if not fine and ledger is not None:
            ledger.set_aside(name, row, "bytes that are not UTF-8", "(line)", None)
    lines = [line.decode() for line, fine in zip(raw, good, strict=True) if fine]
    return pa.table({"line": pa.array(lines, pa.string()), "source_row": table["source_row"].filter(pa.array(good))})


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
