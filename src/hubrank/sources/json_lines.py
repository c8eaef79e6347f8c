"""JSON documents become Arrow text, one per line of a file or one per item of a JSON array."""

import json
from collections.abc import Iterator
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.errors import DataError
from hubrank.sources.archives import Member
from hubrank.sources.lines import ahead, whole_lines
from hubrank.tables import Ledger

BLOCK = 32 << 20  # bytes at a time: planning a statement takes as long as running it on a tenth of that
LARGEST_ARRAY = 512 << 20  # bytes of one JSON array: it is parsed in one piece


def documents(member: Member, ledger: Ledger | None) -> Iterator[pa.Table]:
    """Yield columns line (text) and source_row: one row per document, in order; blank lines are none.

    Lines are not parsed here, only told apart: a line that is not UTF-8 is set aside. The next block is unpacked
    while the caller works on this one.
    """
    pieces = ahead(whole_lines(member, size=BLOCK))
    head = next(pieces, b"")
    if head.lstrip()[:1] == b"[" and b"\n" in head.strip():
        yield from _counted(_array(head, pieces, member.name), member.name, ledger)
        return
    first = 1
    for data in chain([head] if head else [], pieces):
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        yield from _counted(_lines(data, ends, first), member.name, ledger)
        first += len(ends)


def _lines(data: bytes, ends: NDArray[np.int64], first: int) -> pa.Table:
    """Split whole lines where they end, without copying them; blank ones are left out."""
    offsets = np.zeros(len(ends) + 1, np.int32)
    offsets[1:] = ends + 1
    text = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(data))
    lines = pa.table({"line": text, "source_row": np.arange(first, first + len(ends))})
    blank = np.diff(offsets) == 1
    return lines.filter(pa.array(~blank)) if blank.any() else lines


def _array(head: bytes, rest: Iterator[bytes], name: str) -> pa.Table:
    """Take a JSON array apart into its items."""
    data = bytearray(head)
    for more in rest:
        data += more
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
