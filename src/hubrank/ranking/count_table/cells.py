"""A table as it is stored: CSV, Parquet or Arrow become named columns of cells, each row with its position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.errors import DataError, StudyError
from hubrank.sources.formats.parquet_rows import is_parquet, opened
from hubrank.sources.formats.text_table import decimal_mark, expect_once, plain_number, text_table

ARROW_STREAM = "__arrow_c_stream__"  # what pandas, Polars, DuckDB and Arrow tables hand themselves out by


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns of cells: text from a CSV, values from Arrow.

    name : what messages call the table. places : per row, where it stands: "line 5" or "row 4".
    """

    name: str
    columns: dict[str, list[Any]]
    places: Sequence[str]

    def at(self, row: int) -> str:
        """Say where a row stands."""
        return f"{self.name} {self.places[row]}"


def cells(counts: object, encoding: str | None = None) -> Cells:
    """Take a path, an Arrow table or whatever hands itself out as Arrow (pandas, Polars), or columns by name.

    encoding : of a file of text; None guesses it.

    Raises StudyError for anything else, DataError where the file cannot be read as a table.
    """
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
        raise StudyError(f"There is no file {str(path)!r}. Name a CSV or Parquet file with a column 'cluster'.")
    if is_parquet(path):
        return _arrow(opened(path, path.name).read(), path.name)
    return _text(path, encoding)


def _text(path: Path, encoding: str | None) -> Cells:
    """Read delimited text: any of the usual delimiters, encodings and line ends, and decimal commas."""
    read = text_table(path, path.name, encoding)
    columns = {name: _numbers(cells) for name, cells in read.columns().items()}
    return Cells(path.name, columns, [f"line {line:,}" for line in read.lines])


def _numbers(cells: list[str]) -> list[str]:
    """Return the cells of a column with decimal points and undivided thousands where they show how they are written."""
    mark = decimal_mark(cells)
    return cells if mark is None else [plain_number(cell, mark) for cell in cells]
