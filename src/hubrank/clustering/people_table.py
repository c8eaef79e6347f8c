"""A grid of people as a table of lat, lon, people: CSV or Parquet, read in pieces, without GDAL (METHOD 9).

Each row is a cell by its centre, as `hubrank get ghs-pop` writes them. Cells are rectangles in degrees of one size.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from hubrank.core.errors import DataError
from hubrank.core.sphere import Floats

COLUMNS = ("lat", "lon", "people")
_PIECE = 1 << 20  # rows read at a time
_BEGINNING = 1 << 10  # rows that are looked at before a run
_LEAST_DEG = 1e-6  # centres that are nearer to each other are one row or column of the grid
_OFF = 0.05  # of a cell: how far a centre may lie from where a regular grid has it
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
    first = 1
    with _opened(path, rows) as batches:
        for batch in batches:
            yield _checked(batch, first, path)
            first += batch.num_rows


@contextmanager
def _opened(path: Path, rows: int) -> Iterator[Iterator[pa.RecordBatch]]:
    """Open a file as batches of lat, lon, people as numbers."""
    try:
        if path.suffix.lower() == ".csv":
            types = dict.fromkeys(COLUMNS, pa.float64())
            with pa_csv.open_csv(path, convert_options=pa_csv.ConvertOptions(column_types=types)) as reader:
                _expect_columns(reader.schema.names, path)
                yield (batch.select(list(COLUMNS)) for batch in reader)
        else:
            with pq.ParquetFile(path) as file:
                _expect_columns(file.schema_arrow.names, path)
                yield (batch.cast(_NUMBERS) for batch in file.iter_batches(rows, columns=list(COLUMNS)))
    except pa.ArrowInvalid as error:
        raise DataError(
            f"[population] table {path.name} cannot be read: {error}. Expected CSV (.csv) or Parquet with the numbers "
            f"{', '.join(COLUMNS)}."
        ) from None


_NUMBERS = pa.schema([(name, pa.float64()) for name in COLUMNS])


def _expect_columns(names: list[str], path: Path) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise DataError(
            f"[population] table {path.name} has no column {missing[0]!r}; it has: {', '.join(names)}. It needs "
            f"{', '.join(COLUMNS)}: one row per cell, by the centre of the cell in degrees."
        )


def _checked(batch: pa.RecordBatch, first: int, path: Path) -> Cells:
    """Return the inhabited cells of a batch. first : the number of its first row in the file, from 1."""
    lat, lon, people = (batch[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in COLUMNS)
    usable = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & (people >= 0) & np.isfinite(people)
    if not usable.all():
        row = int(np.argmin(usable))
        raise DataError(
            f"[population] table {path.name} row {first + row:,}: lat {lat[row]:g}, lon {lon[row]:g}, people "
            f"{people[row]:g}; expected degrees from -90 to 90 and -180 to 180, and 0 people or more."
        )
    inhabited = people > 0
    return Cells(lat[inhabited], lon[inhabited], people[inhabited])
