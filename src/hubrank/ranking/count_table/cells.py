"""A table as it is stored: CSV, Parquet or Arrow become named columns of cells, each row with its position."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core.errors import DataError, StudyError
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.parquet_rows import is_parquet, opened
from hubrank.sources.formats.rows import rows

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


def cells(counts: object) -> Cells:
    """Take a path, an Arrow table or whatever hands itself out as Arrow (pandas, Polars), or columns by name.

    Raises StudyError for anything else, DataError where the file cannot be read as a table.
    """
    if isinstance(counts, str | Path):
        return _file(Path(counts))
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
    twice = _repeated(table.column_names)
    if twice is not None:
        raise DataError(f"{name} has two columns {twice!r}; give each its own name.")
    columns = {column: table[column].to_pylist() for column in table.column_names}
    return Cells(name, columns, [f"row {number}" for number in range(1, table.num_rows + 1)])


def _file(path: Path) -> Cells:
    if not path.is_file():
        raise StudyError(f"There is no file {str(path)!r}. Name a CSV or Parquet file with a column 'cluster'.")
    if is_parquet(path):
        return _arrow(opened(path, path.name).read(), path.name)
    return _text(path)


def _text(path: Path) -> Cells:
    """Read delimited text: any of the usual delimiters, encodings and line ends."""
    header: tuple[str, ...] = ()
    lines: list[int] = []
    taken: list[list[str]] = []
    for member in members(path, path.name):
        for block in rows(member):
            for line, reason in block.faults:
                raise DataError(f"{path.name} line {line:,}: {reason}. The header has {len(block.header)} columns.")
            header = block.header
            lines += block.lines
            taken += block.cells
    twice = _repeated(header)
    if twice is not None:
        raise DataError(f"{path.name} has two columns {twice!r}; give each its own name.")
    columns = {name: [row[number].strip() for row in taken] for number, name in enumerate(header)}
    return Cells(path.name, columns, [f"line {line:,}" for line in lines])


def _repeated(names: Sequence[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
