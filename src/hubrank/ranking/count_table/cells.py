"""A table as it is stored: CSV, Parquet or Arrow become named columns of cells, each row with its position."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.errors import DataError, StudyError
from hubrank.sources.formats.columns import plain
from hubrank.sources.formats.east_asian import as_number
from hubrank.sources.formats.parquet_rows import is_parquet, opened
from hubrank.sources.formats.table_values import UNDECIDED
from hubrank.sources.formats.text_table import Mark, decimal_mark, expect_once, plain_number, text_table

ARROW_STREAM = "__arrow_c_stream__"  # what pandas, Polars, DuckDB and Arrow tables hand themselves out by

_UNDECIDED = re.compile(UNDECIDED)
_PLAIN_THOUSANDS = re.compile(r"\d{1,3}([ '’\xa0\u202f\u2009]\d{3})+")
_OF_DIGITS = re.compile(r"[+-]?\d[\d., ]*", re.ASCII)
OURS = (
    *("rank", "rank_low", "rank_high", "cluster_id", "cluster", "economies", "geonames_ids", "score_pct"),
    *("lat", "lon"),
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of cells: text from a CSV, values from Arrow.

    name : what messages call the table. places : per row, where it stands: "line 5" or "row 4".
    undecided : columns of text in which 1.234 may be a number with decimals, or one of thousands.
    written : what the table itself calls the columns that are called otherwise here.
    where : of a file of text, where its header is and what divides its columns.
    """

    name: str
    columns: dict[str, list[Any]]
    places: Sequence[str]
    undecided: frozenset[str] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)
    where: str = ""

    @property
    def has(self) -> str:
        """Which columns it has, as the table itself calls them, for messages."""
        names = ", ".join(self.as_written(name) or "''" for name in self.columns)
        return f"{names} ({self.where})" if self.where else names

    def as_written(self, column: str) -> str:
        """Return what the table itself calls a column."""
        return self.written.get(column, column)

    def at(self, row: int) -> str:
        """Say where a row stands."""
        return f"{self.name} {self.places[row]}"

    def column(self, name: str) -> str | None:
        """Return the column that is called so, whatever its case, quotes and blanks; None where none or several are."""
        alike = [column for column in self.columns if plain(column) == plain(name)]
        return name if name in self.columns else alike[0] if len(alike) == 1 else None

    def with_our_names(self) -> "Cells":
        """Return the same with the columns of a ranking called as hubrank calls them, whatever their case."""
        theirs = {self.column(name): name for name in OURS}
        columns = {theirs.get(name, name): cells for name, cells in self.columns.items()}
        return replace(self, columns=columns, written={theirs[name]: name for name in self.columns if name in theirs})

    def renamed(self, column: str, name: str) -> "Cells":
        """Return the same with one column under another name, in place of one that has it."""
        names = {
            other: name if other == column else other for other in self.columns if column == other or other != name
        }
        written = {names[other]: self.as_written(other) for other in names}
        return replace(self, columns={names[other]: self.columns[other] for other in names}, written=written)

    def without(self, rows: Container[int]) -> "Cells":
        """Return the other rows."""
        rest = [row for row in range(len(self.places)) if row not in rows]
        columns = {name: [cells[row] for row in rest] for name, cells in self.columns.items()}
        return replace(self, columns=columns, places=[self.places[row] for row in rest])


def cells(counts: object, encoding: str | None = None) -> Cells:
    """Take a path, an Arrow table or whatever hands itself out as Arrow (pandas, Polars), or columns by name.

    encoding : of a file of text; None guesses it.

    Raises StudyError for anything else, DataError where the file cannot be read as a table.
    """
    return _cells(counts, encoding).with_our_names()


def _cells(counts: object, encoding: str | None) -> Cells:
    if isinstance(counts, str | Path):
        return _file(Path(counts), encoding)
    if isinstance(counts, Mapping):
        return _arrow(_columns(counts))
    if hasattr(counts, ARROW_STREAM):
        return _arrow(pa.table(counts))
    raise StudyError(
        f"counts is a {type(counts).__name__}; give the path of a CSV or Parquet file, an Arrow, pandas or Polars "
        f"table, or a dict of columns."
    )


def _columns(counts: Mapping[Any, Any]) -> pa.Table:
    try:
        return pa.table(dict(counts))
    except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, TypeError) as error:
        raise DataError(f"the columns do not make a table: {str(error).splitlines()[0]}.") from None


def _arrow(table: pa.Table, name: str = "the table") -> Cells:
    expect_once(table.column_names, name)
    columns = {column: table[column].to_pylist() for column in table.column_names}
    return Cells(name, columns, [f"row {number}" for number in range(1, table.num_rows + 1)])


def _file(path: Path, encoding: str | None) -> Cells:
    if not path.is_file():
        raise StudyError(f"There is no file {str(path)!r}. Name a CSV or Parquet file of counts.")
    if is_parquet(path):
        return _arrow(opened(path, path.name).read(), path.name)
    return _text(path, encoding)


def _marks(written: Mapping[str, Sequence[str]]) -> dict[str, Mark | None]:
    """Return what the decimals of each column follow.

    Where 12,5 stands in a file, its points divide thousands in a column that has no decimals either: 1.234 is no
    number of another kind there. A column in which 1,234 stands beside that stays open, as these may be decimals.
    """
    marks = {name: decimal_mark(cells) for name, cells in written.items()}
    stated = {mark for mark in marks.values() if mark}
    if len(stated) != 1:
        return marks
    (mark,) = stated
    return {name: marks[name] or (mark if _is_divided(cells, mark) else None) for name, cells in written.items()}


def _is_divided(cells: Sequence[str], mark: Mark) -> bool:
    """Tell whether each cell of a column is whole, some with thousands divided by what decimals do not follow."""
    divided = [cell for cell in cells if cell and not cell.isdecimal()]
    return bool(divided) and all(_UNDECIDED.fullmatch(cell) and mark not in cell for cell in divided)


def _has_plain_thousands(cells: Sequence[str]) -> bool:
    """Tell whether thousands of a column are divided by what decimals never follow, and none has decimals: 1 234."""
    divided = [cell for cell in cells if cell and not cell.isdecimal()]
    return bool(divided) and all(map(_PLAIN_THOUSANDS.fullmatch, divided))


def _narrow(cell: str) -> str:
    """Return a number in digits of another script in ASCII, any other text as it is."""
    narrow = as_number(cell)
    return narrow if _OF_DIGITS.fullmatch(narrow) else cell


def _text(path: Path, encoding: str | None) -> Cells:
    """Read delimited text: any of the usual delimiters, encodings and line ends, and decimal commas."""
    read = text_table(path, path.name, encoding)
    written = {name: [*map(_narrow, cells)] for name, cells in read.columns().items()}
    marks = _marks(written)
    if read.delimiter == ",":  # decimals follow a point, as in what hubrank writes; a quoted 1,234 has thousands
        marks = {name: mark or ("." if _is_divided(written[name], ".") else None) for name, mark in marks.items()}
    plain: dict[str, Mark | None] = {name: "." for name, cells in written.items() if _has_plain_thousands(cells)}
    marks |= plain  # either mark reads them
    columns = {
        name: cells if (mark := marks[name]) is None else [plain_number(cell, mark) for cell in cells]
        for name, cells in written.items()
    }
    undecided = frozenset(name for name, mark in marks.items() if mark is None and read.delimiter != ",")
    return Cells(path.name, columns, [f"line {line:,}" for line in read.lines], undecided, where=read.where)
