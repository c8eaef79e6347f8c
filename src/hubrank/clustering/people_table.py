"""A grid of people as a table of lat, lon, people: text or Parquet, read in pieces, without GDAL (METHOD 9).

Each row is a cell by its centre, as `hubrank get ghs-pop` writes them. Cells are rectangles in degrees of one size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from hubrank.core.errors import DataError
from hubrank.core.sphere import Floats
from hubrank.sources.formats import columns
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.columns import TableSpec
from hubrank.sources.formats.parquet_rows import is_parquet
from hubrank.sources.formats.rows import divided
from hubrank.sources.formats.text_table import Mark, decimal_mark, plain_number
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions

COLUMNS = ("lat", "lon", "people")
_PIECE = 1 << 20  # rows read at a time
_BEGINNING = 1 << 10  # rows that are looked at before a run
_LEAST_DEG = 1e-6  # centres that are nearer to each other are one row or column of the grid
_OFF = 0.05  # of a cell: how far a centre may lie from where a regular grid has it
_NUMBERS = pa.schema([(name, pa.float64()) for name in COLUMNS])
_EXPECTED = f"Expected a table of text or Parquet with the numbers {', '.join(COLUMNS)}."
_NEAR = 20  # cells: the rounding of a cell's size adds up over longer gaps


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Inhabited cells. lat, lon : float64, shape (n,), centres in degrees. people : float64, above 0."""

    lat: Floats
    lon: Floats
    people: Floats


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """A table of people. size_deg : height and width of a cell in degrees."""

    path: Path
    size_deg: tuple[float, float]

    @classmethod
    def opened(cls, path: Path, cell_deg: float | None = None) -> "PeopleTable":
        """Look at a table.

        cell_deg : height and width of a cell; None measures them: the least distance between rows, and columns.
        Raises DataError where it is no such table, or no regular grid.
        """
        if cell_deg is not None:
            return cls(path, (cell_deg, cell_deg))
        lat, lon = np.empty(0), np.empty(0)
        for piece in _pieces(path):
            lat, lon = np.union1d(lat, piece.lat), np.union1d(lon, piece.lon)
        return cls(path, (_step(lat, "lat", path), _step(lon, "lon", path)))

    def pieces(self) -> Iterator[Cells]:
        """Yield the inhabited cells in the order of the file.

        Raises DataError naming the first row that cannot be used.
        """
        return _pieces(self.path)


def expect_table(path: Path) -> None:
    """Raise DataError where the beginning of a file is not that of a table of people."""
    next(_pieces(path, _BEGINNING), None)


def _step(values: Floats, column: str, path: Path) -> float:
    """Return the distance between neighbouring rows or columns of a grid."""
    gaps = np.diff(values)
    gaps = gaps[gaps > _LEAST_DEG]
    if not len(gaps):
        raise DataError(
            f"[population] table {path.name} has fewer than two values of {column}, which do not show how large a cell "
            f"is. State it: cell_deg = 0.01, in degrees."
        )
    step = float(gaps[gaps < gaps.min() * (1 + _OFF)].mean())
    near = gaps[gaps < _NEAR * step] / step
    off = np.abs(near - np.round(near))
    if off.max() > _OFF:
        at = int(np.argmax(off > _OFF))
        raise DataError(
            f"[population] table {path.name} is no regular grid: its values of {column} lie {step:g} degrees apart, "
            f"and two of them {near[at] * step:g}. Expected the centres of equal cells; or state cell_deg in the study."
        )
    return step


def _pieces(path: Path, rows: int = _PIECE) -> Iterator[Cells]:
    """Yield the inhabited cells of a table, at most so many rows of Parquet at a time."""
    is_text = path.suffix.lower() != ".parquet" and not is_parquet(path)
    if is_text and not _is_plain(path):
        yield from _text_pieces(path)
        return
    first = 1
    try:
        with _plain(path) if is_text else pq.ParquetFile(path) as file:
            if not is_text:
                _expect_columns(file.schema_arrow.names, path)
            for batch in file if is_text else file.iter_batches(rows, columns=list(COLUMNS)):
                numbers = batch.select(list(COLUMNS)).cast(_NUMBERS)
                yield _checked(numbers, path, "row", range(first, first + batch.num_rows))
                first += batch.num_rows
    except pa.ArrowInvalid as error:
        raise DataError(f"[population] table {path.name} cannot be read: {error}. {_EXPECTED}") from None


def _plain(path: Path) -> pa_csv.CSVStreamingReader:
    """Open CSV as Arrow reads it: in UTF-8, with commas and decimal points; ten times as fast as any other."""
    types = dict.fromkeys(COLUMNS, pa.float64())
    return pa_csv.open_csv(path, convert_options=pa_csv.ConvertOptions(column_types=types))


def _is_plain(path: Path) -> bool:
    """Return whether the beginning of a table of text is such CSV."""
    try:
        with _plain(path) as reader:
            return set(COLUMNS) <= set(reader.schema.names)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return False


def _text_pieces(path: Path) -> Iterator[Cells]:
    """Yield the inhabited cells of a table of text, read as those of sources are."""

    def spec(header: tuple[str, ...]) -> TableSpec:
        there = set(map(columns.plain, header))
        _expect_columns([name for name in COLUMNS if name in there], path, header)
        return TableSpec("table of people", {name: name for name in COLUMNS}, frozenset(COLUMNS))

    ledger = RowLedger()
    mark: Mark | None = None
    for table in columns.tables(members(path, path.name), spec, ledger, ReaderOptions()):
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
        yield _checked(pa.RecordBatch.from_arrays(numbers, schema=_NUMBERS), path, "line", lines)
    _expect_whole(ledger, path)


def _expect_whole(ledger: RowLedger, path: Path) -> None:
    """Raise DataError naming the first line that cannot be split or decoded."""
    for _, line, reason, *_ in ledger.aside[:1]:
        raise DataError(f"[population] table {path.name} cannot be read: line {line:,}: {reason}. {_EXPECTED}")


def _numbers(column: str, cells: list[str | None], mark: Mark | None, lines: pa.ChunkedArray, path: Path) -> pa.Array:
    """Return the numbers of a column; mark : what their decimals follow."""
    plain = cells if mark is None else [cell and plain_number(cell, mark) for cell in cells]
    if numbers := _cast([pa.array(plain, pa.string())]):
        return numbers[0]
    at = next(at for at, cell in enumerate(plain) if _cast([pa.array([cell], pa.string())]) is None)
    raise DataError(
        f"[population] table {path.name} cannot be read: line {lines[at].as_py():,}: {column} is {cells[at]!r}. "
        f"{_EXPECTED}"
    )


def _cast(columns: list[pa.Array]) -> list[pa.Array] | None:
    """Return columns of text as numbers; None where a cell is no number."""
    try:
        return [column.cast(pa.float64()) for column in columns]
    except pa.ArrowInvalid:
        return None


def _expect_columns(names: Sequence[str], path: Path, header: Sequence[str] = ()) -> None:
    """Raise DataError where a column is missing. header : all that the table has, where that is not `names`."""
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        undivided = f" ({divided(header)})" if len(header) == 1 else ""
        raise DataError(
            f"[population] table {path.name} has no column {missing[0]!r}; it has: {', '.join(header or names)}"
            f"{undivided}. It needs {', '.join(COLUMNS)}: one row per cell, by the centre of the cell in degrees."
        )


def _checked(batch: pa.RecordBatch, path: Path, what: str, places: range | pa.ChunkedArray) -> Cells:
    """Return the inhabited cells of a batch. what, places : "row" or "line", and the number of each in the file."""
    lat, lon, people = (batch[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in COLUMNS)
    usable = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & (people >= 0) & np.isfinite(people)
    if not usable.all():
        row = int(np.argmin(usable))
        place = places[row] if isinstance(places, range) else places[row].as_py()
        raise DataError(
            f"[population] table {path.name} {what} {place:,}: lat {lat[row]:g}, lon {lon[row]:g}, people "
            f"{people[row]:g}; expected degrees from -90 to 90 and -180 to 180, and 0 people or more."
        )
    inhabited = people > 0
    return Cells(lat[inhabited], lon[inhabited], people[inhabited])
