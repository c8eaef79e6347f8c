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
from hubrank.sources.formats.rows import divided

COLUMNS = ("lat", "lon", "people")
_PIECE = 1 << 20  # rows read at a time
_BEGINNING = 1 << 10  # rows that are looked at before a run
_LEAST_DEG = 1e-6  # centres that are nearer to each other are one row or column of the grid
_OFF = 0.05  # of a cell: how far a centre may lie from where a regular grid has it
NUMBERS = pa.schema([(name, pa.float64()) for name in COLUMNS])
EXPECTED = f"Expected a table of text or Parquet with the numbers {', '.join(COLUMNS)}."
_NEAR = 20  # cells: the rounding of a cell's size adds up over longer gaps


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells. lat, lon : float64, shape (n,), centres in degrees. people : float64, 0 or more."""

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
        """Yield the cells in the order of the file.

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
    """Yield the cells of a table, at most so many rows of Parquet at a time."""
    is_text = path.suffix.lower() != ".parquet" and not _begins_as_parquet(path)
    if is_text and not _is_plain(path):
        from hubrank.clustering.people_text import batches  # noqa: PLC0415 (with DuckDB; plain CSV and Parquet need none)

        for numbers, lines in batches(path):
            yield _checked(numbers, path, "line", lines)
        return
    first = 1
    try:
        with _plain(path) if is_text else pq.ParquetFile(path) as file:
            if not is_text:
                expect_columns(file.schema_arrow.names, path)
            for batch in file if is_text else file.iter_batches(rows, columns=list(COLUMNS)):
                numbers = batch.select(list(COLUMNS)).cast(NUMBERS)
                yield _checked(numbers, path, "row", range(first, first + batch.num_rows))
                first += batch.num_rows
    except pa.ArrowInvalid as error:
        raise DataError(f"[population] table {path.name} cannot be read: {error}. {EXPECTED}") from None


def _begins_as_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


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


def expect_columns(names: Sequence[str], path: Path, header: Sequence[str] = (), titles: int = 0) -> None:
    """Raise DataError where a column is missing.

    header : all that the table has, where that is not `names`. titles : lines before the header that are no part of it.
    """
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        remove = f" Its header is line {titles + 1:,}: remove the lines before it." if titles else ""
        undivided = f" ({divided(header)})" if len(header) == 1 else ""
        raise DataError(
            f"[population] table {path.name} has no column {missing[0]!r}; it has: {', '.join(header or names)}"
            f"{undivided}. It needs {', '.join(COLUMNS)}: one row per cell, by the centre of the cell in degrees."
            f"{remove}"
        )


def _checked(batch: pa.RecordBatch, path: Path, what: str, places: range | pa.ChunkedArray) -> Cells:
    """Return the cells of a batch. what, places : "row" or "line", and the number of each in the file."""
    lat, lon, people = (batch[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in COLUMNS)
    usable = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & (people >= 0) & np.isfinite(people)
    if not usable.all():
        row = int(np.argmin(usable))
        place = places[row] if isinstance(places, range) else places[row].as_py()
        raise DataError(
            f"[population] table {path.name} {what} {place:,}: lat {lat[row]:g}, lon {lon[row]:g}, people "
            f"{people[row]:g}; expected degrees from -90 to 90 and -180 to 180, and 0 people or more."
        )
    return Cells(lat, lon, people)
