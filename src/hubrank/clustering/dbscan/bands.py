"""Sites on the sphere into cells: bands of latitude cut into columns, no diagonal longer than the radius.

Bands are narrower than the radius by √2, and columns as wide as that on the band's equatorial side. Only cells that
hold a site exist, in the order of (band, column), so memory depends on the sites and never on the radius.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.cells import Points
from hubrank.core.compiled import ThreadTeam, array_kernel, even, inlined, kernel, part
from hubrank.core.sphere import DATE_LINE_E7, E7, POLE_E7, Floats, Ints

TRIM = 1e-6  # cells are drawn smaller, and looked for farther, by this share: unit vectors are rounded to 1e-16
RADIAN_E7 = 180 / np.pi * E7
_DIGIT = 8  # bits sorted at once
_LOW = (1 << 32) - 1  # the half of a key that holds the longitude


class Grid(NamedTuple):
    """How the sphere is cut.

    side : radians, the height of a band. rate : bands per 1e-7 degree of latitude.
    columns : int64, shape (bands,). column_rate : columns per 1e-7 degree of longitude, shape (bands,).
    """

    side: float
    rate: float
    columns: Ints
    column_rate: Floats


class Sites(NamedTuple):
    """The sites as they came. All int64, shape (n,)."""

    lat_e7: Ints
    lon_e7: Ints
    weight: Ints


class Layout(NamedTuple):
    """Cells in the order of (band, column): where each starts, shape (m + 1,), its column, and the cells of a band."""

    start: Ints
    column: NDArray[np.int32]
    band_start: Ints


def south(grid: Grid) -> Floats:
    """Return the southern edge of each band in radians, from the south pole up."""
    return np.arange(len(grid.columns), dtype=np.float64) * grid.side - np.pi / 2


def make_grid(chord: float) -> Grid:
    """Cut the unit sphere into cells whose diagonal is at most a chord."""
    side = chord / np.sqrt(2) * (1 - TRIM)
    bands = int(np.pi / side) + 1
    edge = np.arange(bands) * side - np.pi / 2
    widest = np.cos(np.clip(0.0, edge, edge + side))
    columns = np.ceil(2 * np.pi * np.clip(widest + TRIM, 0, 1) / side).astype(np.int64)
    return Grid(side, 1 / (side * RADIAN_E7), columns, columns / (2 * DATE_LINE_E7))


@inlined
def band_of(lat: int, grid: Grid) -> int:
    """Return the band of a latitude in 1e-7 degree."""
    return min(int((lat + POLE_E7) * grid.rate), len(grid.columns) - 1)


@inlined
def column_of(lon: int, band: int, grid: Grid) -> int:
    """Return the column of a longitude in 1e-7 degree."""
    return min(int((lon + DATE_LINE_E7) * grid.column_rate[band]), int(grid.columns[band]) - 1)


@inlined
def key_of(lat: int, lon: int) -> int:
    """Pack a place into one whole number that orders by (lat, lon) and has one value per place."""
    if lon == DATE_LINE_E7:
        lon = -DATE_LINE_E7
    if abs(lat) == POLE_E7:
        lon = 0
    return (lat + POLE_E7) << 32 | (lon + DATE_LINE_E7)


@inlined
def lat_of(key: int) -> int:
    """Return the latitude in a key, in 1e-7 degree."""
    return (key >> 32) - POLE_E7


@inlined
def lon_of(key: int) -> int:
    """Return the longitude in a key, in 1e-7 degree."""
    return (key & _LOW) - DATE_LINE_E7


@array_kernel
def _count_bands(sites: Sites, first: int, last: int, grid: Grid) -> Ints:
    count = np.zeros(len(grid.columns), np.int64)
    for i in range(first, last):
        count[band_of(sites.lat_e7[i], grid)] += 1
    return count


@kernel
def _to_bands(sites: Sites, first: int, last: int, grid: Grid, free: Ints, points: Points) -> None:
    """Copy sites to where their band has free room."""
    for i in range(first, last):
        band = band_of(sites.lat_e7[i], grid)
        slot = free[band]
        free[band] = slot + 1
        points.key[slot] = key_of(sites.lat_e7[i], sites.lon_e7[i])
        points.weight[slot] = sites.weight[i]
        points.row[slot] = i


@part
def _sort_digit(packed: Ints, spare: Ints, n: int, shift: int, count: Ints) -> None:
    """Copy numbers to `spare` in the order of one digit, keeping the order of equal ones."""
    for digit in range(len(count)):
        count[digit] = 0
    for i in range(n):
        count[(packed[i] >> shift & (1 << _DIGIT) - 1) + 1] += 1
    for digit in range(1, len(count)):
        count[digit] += count[digit - 1]
    for i in range(n):
        digit = packed[i] >> shift & (1 << _DIGIT) - 1
        spare[count[digit]] = packed[i]
        count[digit] += 1


@part
def _sort(packed: Ints, spare: Ints, n: int, bits: int, count: Ints) -> bool:
    """Sort by the `bits` bits above the 32nd, digit by digit; say whether the result ended up in `spare`."""
    in_spare = False
    for shift in range(32, 32 + bits, _DIGIT):
        if in_spare:
            _sort_digit(spare, packed, n, shift, count)
        else:
            _sort_digit(packed, spare, n, shift, count)
        in_spare = not in_spare
    return in_spare


@array_kernel
def _to_columns(
    banded: Points, starts: Ints, first: int, last: int, grid: Grid, points: Points, column: NDArray[np.int32]
) -> Ints:
    """Sort the sites of each band by column; write the column of each cell; return how many cells each band has."""
    longest = 0
    for band in range(first, last):
        longest = max(longest, starts[band + 1] - starts[band])
    packed, spare, count = (
        np.empty(longest, np.int64),
        np.empty(longest, np.int64),
        np.empty((1 << _DIGIT) + 1, np.int64),
    )
    cells = np.zeros(last - first, np.int64)
    for band in range(first, last):
        begin, n = starts[band], starts[band + 1] - starts[band]
        for i in range(n):
            packed[i] = column_of(lon_of(banded.key[begin + i]), band, grid) << 32 | i
        bits = int(math.log2(grid.columns[band])) + 1
        ordered = spare if _sort(packed, spare, n, bits, count) else packed
        for i in range(n):
            source = begin + (ordered[i] & _LOW)
            points.key[begin + i] = banded.key[source]
            points.weight[begin + i] = banded.weight[source]
            points.row[begin + i] = banded.row[source]
            column[begin + i] = ordered[i] >> 32
            cells[band - first] += i == 0 or column[begin + i] != column[begin + i - 1]
    return cells


@kernel
def _mark_cells(column: NDArray[np.int32], starts: Ints, first: int, last: int, layout: Layout) -> None:
    """Write where each cell of some bands starts, and its column."""
    for band in range(first, last):
        c = layout.band_start[band]
        for i in range(starts[band], starts[band + 1]):
            if i == starts[band] or column[i] != column[i - 1]:
                layout.start[c], layout.column[c] = i, column[i]
                c += 1


def _by_band(sites: Sites, grid: Grid, room: Ints, crew: ThreadTeam) -> tuple[Points, Ints]:
    """Return the sites sorted by band, and where each band starts. room : int64, shape (3, n), to sort in."""
    n = len(sites.weight)
    parts = even(n, crew.threads)
    counts = np.array(crew.run_parts(lambda i, j: _count_bands(sites, i, j, grid), parts))
    starts = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    free = starts[:-1] + np.cumsum(counts, axis=0) - counts
    banded, rooms = (
        Points(np.empty((3, 0)), room[0], room[1], room[2].view(np.int32)[:n]),
        dict(zip(parts, free, strict=True)),
    )
    crew.run_parts(lambda i, j: _to_bands(sites, i, j, grid, rooms[i, j], banded), parts)
    return banded, starts


def lay_out(sites: Sites, grid: Grid, crew: ThreadTeam) -> tuple[Points, Layout]:
    """Return the sites in the order of their cells, with room for unit vectors, and the cells."""
    n = len(sites.weight)
    room = np.empty((3, n), np.int64)  # first for sorting, then for unit vectors: memory is written once less
    banded, starts = _by_band(sites, grid, room, crew)
    column, sizes = np.empty(n, np.int32), np.diff(starts)
    points = Points(banded.xyz, np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int32))
    found = crew.run(lambda i, j: _to_columns(banded, starts, i, j, grid, points, column), sizes)
    band_start = np.concatenate([[0], np.cumsum(np.concatenate(found))])
    m = int(band_start[-1])
    layout = Layout(np.full(m + 1, n, np.int64), np.empty(m, np.int32), band_start)
    crew.run(lambda i, j: _mark_cells(column, starts, i, j, layout), sizes)
    return points._replace(xyz=room.view(np.float64)), layout


@kernel
def locate(points: Points, start: Ints, cells: Ints, first: int, last: int) -> None:
    """Write the unit vectors of the sites of some cells, as `sphere.unit_vectors` reckons them."""
    for k in range(first, last):
        c = cells[k]
        for i in range(start[c], start[c + 1]):
            lat, lon = math.radians(lat_of(points.key[i]) / E7), math.radians(lon_of(points.key[i]) / E7)
            points.xyz[0, i] = math.cos(lat) * math.cos(lon)
            points.xyz[1, i] = math.cos(lat) * math.sin(lon)
            points.xyz[2, i] = math.sin(lat)
