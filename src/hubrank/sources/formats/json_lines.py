"""JSON documents become Arrow text, one per line of a file or one per item of a JSON array."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.errors import DataError
from hubrank.core.processes import ahead
from hubrank.core.sphere import Ints
from hubrank.core.tables import Ledger
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.lines import whole_lines

BLOCK = 4 << 20  # bytes at a time: larger pieces of memory are freed and allocated anew each time
LONG_LINE = 4 << 10  # bytes
GROUP = 8  # blocks at a time: planning a statement takes as long as running it on a few megabytes
EMPTY = pa.table({"line": pa.array([], pa.string()), "source_row": pa.array([], pa.int64())})
_LINE_FEED = ord("\n")
LARGEST_ARRAY = 512 << 20  # bytes of one JSON array: it is parsed in one piece


def documents(member: Member, ledger: Ledger | None, *, over_lines: bool = False) -> Iterator[pa.Table]:
    """Yield columns line (text) and source_row: one row per document, in order; blank lines are none.

    over_lines : whether a file that begins with an object of several lines is that one document.

    Lines are only split here, not parsed: a line that is not UTF-8 is set aside. The next lines are unpacked and split
    while the caller works on these.
    """
    blocks = whole_lines(member, size=BLOCK)
    head = list(islice(blocks, 1))
    if head and (_is_array(head[0]) or (over_lines and _is_open_object(head[0]))):
        lines = _array(chain(head, blocks), member.name)
        yield from _counted(lines, member.name, ledger, is_utf8=_is_valid(lines))
        return
    for lines, is_utf8 in ahead(_split(chain(head, blocks))):
        yield from _counted(lines, member.name, ledger, is_utf8=is_utf8)


def _is_array(head: bytes) -> bool:
    return head.lstrip()[:1] == b"["


def _is_open_object(head: bytes) -> bool:
    """Return whether a file begins with an object that does not end in its line."""
    try:
        json.loads(head.lstrip().partition(b"\n")[0])
    except (ValueError, RecursionError):
        return head.lstrip()[:1] == b"{"
    return False


def _split(blocks: Iterator[bytes]) -> Iterator[tuple[pa.Table, bool]]:
    """Yield the lines of some blocks at a time, and whether all of them are UTF-8."""
    first = 1
    while group := list(islice(blocks, GROUP)):
        tables = []
        for data in group:
            tables.append(_lines(data, first))
            first += len(tables[-1])
        lines = _without_blanks(tables)
        yield lines, _is_valid(lines)


def _lines(data: bytes, first: int) -> pa.Table:
    """Split whole lines where they end, without copying them."""
    starts = np.concatenate([[0], _ends(data)]).astype(np.int32)
    lines = len(starts) - 1
    text = pa.StringArray.from_buffers(lines, pa.py_buffer(starts), pa.py_buffer(data))
    return pa.table({"line": text, "source_row": np.arange(first, first + lines)})


def _ends(data: bytes) -> Sequence[int] | Ints:
    """Return where each line ends: of long lines, as works have, the next end is found five times sooner than all."""
    if data.count(b"\n", 0, LONG_LINE) > 1:
        return np.flatnonzero(np.frombuffer(data, np.uint8) == _LINE_FEED) + 1
    ends, end = [], 0
    while end := data.find(b"\n", end) + 1:
        ends.append(end)
    return ends


def _without_blanks(tables: list[pa.Table]) -> pa.Table:
    lines = pa.concat_tables([EMPTY, *tables])
    long = pc.greater(pc.binary_length(lines["line"]), 1)
    return lines if pc.all(long).as_py() is not False else lines.filter(long)


def _array(blocks: Iterable[bytes], name: str) -> pa.Table:
    """Split a JSON array into its items; an object is one item."""
    data = bytearray()
    for block in blocks:
        data += block
        if len(data) > LARGEST_ARRAY:
            raise DataError(
                f"{name} is one JSON document of more than {LARGEST_ARRAY >> 20} MiB. Write one document per line."
            )
    try:
        items = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{name} begins like one JSON document but is invalid: {error}. Write one document per line."
        ) from None
    lines = [json.dumps(item, ensure_ascii=True) for item in (items if isinstance(items, list) else [items])]
    return pa.table({"line": pa.array(lines, pa.string()), "source_row": np.arange(1, len(lines) + 1)})


def _counted(lines: pa.Table, name: str, ledger: Ledger | None, *, is_utf8: bool) -> Iterator[pa.Table]:
    """Count documents as read; set aside those that are not UTF-8."""
    if ledger is not None:
        ledger.read(len(lines))
    lines = lines if is_utf8 else _utf8_only(lines, name, ledger)
    if len(lines):
        yield lines


def _is_valid(lines: pa.Table) -> bool:
    """Return whether all text is UTF-8."""
    try:
        lines.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _utf8_only(table: pa.Table, name: str, ledger: Ledger | None) -> pa.Table:
    good = pa.array([_is_utf8(line.as_buffer().to_pybytes()) for line in table["line"]])
    if ledger is not None:
        for row in table["source_row"].filter(pc.invert(good)).to_pylist():
            ledger.set_aside(name, row, "bytes that are not UTF-8", "(line)", None)
    return table.filter(good)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
