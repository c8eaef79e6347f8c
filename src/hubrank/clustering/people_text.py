"""A table of people as text in any delimiter, encoding and decimal mark: read as those of sources are."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from hubrank.clustering.people_table import COLUMNS, EXPECTED, NUMBERS, expect_columns
from hubrank.core.errors import DataError
from hubrank.sources.formats import columns
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.columns import TableSpec
from hubrank.sources.formats.lines import EncodingError
from hubrank.sources.formats.rows import lines_before_header, rows
from hubrank.sources.formats.text_table import Mark, decimal_mark, plain_number
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions


def batches(path: Path) -> Iterator[tuple[pa.RecordBatch, pa.ChunkedArray]]:
    """Yield the numbers of a table, and the line of each row. Raises DataError naming the first that is none."""
    try:
        yield from _batches(path, None)
    except EncodingError as error:  # its names are in letters of another code page, which numbers do not need
        yield from _batches(path, error.encoding)


def _batches(path: Path, encoding: str | None) -> Iterator[tuple[pa.RecordBatch, pa.ChunkedArray]]:
    """Yield the same, of a table in an encoding; None guesses it."""

    def spec(header: tuple[str, ...]) -> TableSpec:
        """Return how the table is read, once its header has the columns."""
        there = set(map(columns.plain, header))
        titles = 0 if there >= set(COLUMNS) else _titles(path, encoding)
        expect_columns([name for name in COLUMNS if name in there], path, header, titles)
        return TableSpec("table of people", {name: name for name in COLUMNS}, frozenset(COLUMNS))

    ledger = RowLedger()
    mark: Mark | None = None
    for table in columns.tables(members(path, path.name), spec, ledger, ReaderOptions(encoding=encoding)):
        _expect_whole(ledger, path)
        lines = table["source_row"]
        numbers = (
            None if mark == "," else _cast([table[name].combine_chunks() for name in COLUMNS])
        )  # as most tables are written
        if numbers is None:
            cells = {name: table[name].to_pylist() for name in COLUMNS}
            marks = (decimal_mark([cell or "" for cell in cells[name]]) for name in COLUMNS)  # of coordinates first
            mark = mark or next(filter(None, marks), None)
            numbers = [_numbers(name, cells[name], mark, lines, path) for name in COLUMNS]
        yield pa.RecordBatch.from_arrays(numbers, schema=NUMBERS), lines
    _expect_whole(ledger, path)


def _titles(path: Path, encoding: str | None) -> int:
    """Return how many lines before the header of a table are no part of it."""
    first = next((part for member in members(path, path.name) for part in rows(member, encoding=encoding)), None)
    return lines_before_header(first.start) if first else 0


def _expect_whole(ledger: RowLedger, path: Path) -> None:
    """Raise DataError naming the first line that cannot be split or decoded."""
    for _, line, reason, *_ in ledger.aside[:1]:
        raise DataError(
            f"[population] table {path.name} cannot be read: line {line:,}: {reason}. {EXPECTED} Remove lines that are "
            f"no row, such as notes below the table."
        )


def _numbers(column: str, cells: list[str | None], mark: Mark | None, lines: pa.ChunkedArray, path: Path) -> pa.Array:
    """Return the numbers of a column; mark : what their decimals follow."""
    plain = cells if mark is None else [cell and plain_number(cell, mark) for cell in cells]
    if numbers := _cast([pa.array(plain, pa.string())]):
        return numbers[0]
    at = next(at for at, cell in enumerate(plain) if _cast([pa.array([cell], pa.string())]) is None)
    raise DataError(
        f"[population] table {path.name} cannot be read: line {lines[at].as_py():,}: {column} is {cells[at]!r}. "
        f"{EXPECTED}"
    )


def _cast(columns: list[pa.Array]) -> list[pa.Array] | None:
    """Return columns of text as numbers; None where a cell is no number."""
    try:
        return [column.cast(pa.float64()) for column in columns]
    except pa.ArrowInvalid:
        return None
