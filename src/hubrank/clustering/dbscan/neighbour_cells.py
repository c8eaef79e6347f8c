"""Which cells of the sphere may hold neighbours of each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.bands import RADIAN_E7, TRIM, Grid, Layout, band_of, column_of, lat_of, lon_of, south
from hubrank.clustering.dbscan.cells import Cells, Points, fill
from hubrank.core.compiled import ThreadTeam, array_kernel, inlined, kernel, part
from hubrank.core.sphere import DATE_LINE_E7, Floats, Ints

_WHOLE = 2 * DATE_LINE_E7
_E7_RADIANS = 1 / RADIAN_E7
Runs = NDArray[np.int32]  # shape (n, 2): the first cell, and the one after the last


class Boxes(NamedTuple):
    """South, north, west and east of the sites of each cell, in 1e-7 degree, shape (m, 4), and the cell's weight."""

    edge: Ints
    weight: Ints


class Reach(NamedTuple):
    """How far a chord stretches.

    lon_e7[band, k] : in longitude, between a band and the k-th band to its north; narrowest : the least cosine of
    the latitude in each band; chord2 : the squared chord, lengthened by TRIM.
    """

    lon_e7: Ints
    narrowest: Floats
    chord2: float


def make_reach(grid: Grid, chord: float) -> Reach:
    """Work out how many bands and columns away a neighbour can be."""
    edge = south(grid)
    farthest = np.minimum(np.maximum(np.abs(edge), np.abs(edge + grid.side)), np.pi / 2)
    narrowest = np.maximum(np.cos(farthest) - TRIM * 1e-3, 1e-9)
    bands = min(int(2 * np.arcsin(min(chord / 2, 1)) / grid.side) + 1, len(edge) - 1)
    lon = np.zeros((len(edge), bands + 1), np.int64)
    for k in range(bands + 1):
        gap = max(k - 1, 0) * grid.side
        left = max((chord * (1 + TRIM)) ** 2 - 4 * np.sin(gap / 2) ** 2, 0.0)
        both = narrowest[: len(edge) - k] * narrowest[k:]
        half = np.arcsin(np.minimum(np.sqrt(left / both) / 2, 1))
        lon[: len(edge) - k, k] = np.ceil(2 * half * RADIAN_E7 * (1 + TRIM)) + 1
    return Reach(lon, narrowest, (chord * (1 + TRIM)) ** 2)


@kernel
def _box(points: Points, layout: Layout, first: int, last: int, boxes: Boxes) -> None:
    """Write the box and the weight of some cells."""
    for c in range(first, last):
        south, north, west, east, weight = DATE_LINE_E7, -DATE_LINE_E7, DATE_LINE_E7, -DATE_LINE_E7, 0
        for i in range(layout.start[c], layout.start[c + 1]):
            lat, lon = lat_of(points.key[i]), lon_of(points.key[i])
            south, north = min(south, lat), max(north, lat)
            west, east = min(west, lon), max(east, lon)
            weight += points.weight[i]
        boxes.edge[c, 0], boxes.edge[c, 1], boxes.edge[c, 2], boxes.edge[c, 3] = south, north, west, east
        boxes.weight[c] = weight


@inlined
def _apart(a: Ints, b: Ints, cosines: float, chord2: float) -> bool:
    """Say whether two boxes surely lie farther apart than a chord: 4 sin²(x/2) is at least x² - x⁴/12."""
    up = max(0, b[0] - a[1], a[0] - b[1]) * _E7_RADIANS
    across = max(0, b[2] - a[3], a[2] - b[3])
    back = _WHOLE - (max(a[3], b[3]) - min(a[2], b[2]))
    over = min(across, back) * _E7_RADIANS
    return bool(up * up * (1 - up * up / 12) + cosines * over * over * (1 - over * over / 12) > chord2)


@part
def _find(column: NDArray[np.int32], begin: int, end: int, wanted: int) -> int:
    """Return the first cell of a band, between two of its cells, whose column is at least the one wanted."""
    while begin < end:
        middle = (begin + end) // 2
        if column[middle] < wanted:
            begin = middle + 1
        else:
            end = middle
    return begin


@inlined
def _wrapped(lon: int) -> int:
    """Bring back a longitude that is at most one turn off."""
    if lon < -DATE_LINE_E7:
        return lon + _WHOLE
    return lon - _WHOLE if lon >= DATE_LINE_E7 else lon


@inlined
def _append(c: int, first: int, last: int, boxes: Boxes, cosines: float, chord2: float, runs: Runs, n: int) -> int:
    """Append those of the cells first … last - 1 that may be near cell c, less those at either end that are not."""
    while first < last and _apart(boxes.edge[c], boxes.edge[first], cosines, chord2):
        first += 1
    while first < last and _apart(boxes.edge[c], boxes.edge[last - 1], cosines, chord2):
        last -= 1
    if first <= c < last:  # a cell is not near itself: two runs
        runs[n, 0], runs[n, 1] = first, c
        n += first < c
        first = c + 1
    runs[n, 0], runs[n, 1] = first, last
    return n + (first < last)


@inlined
def _in_band(
    c: int, own: int, band: int, grid: Grid, cells: Layout, boxes: Boxes, reach: Reach, cursor: Ints, runs: Runs, n: int
) -> int:
    """Append the cells of one band that are near cell c, which lies in the band `own`; return the new length.

    `cursor` is where the search for the cell before c in its band began, or -1: it only ever moves east.
    """
    begin, end = cells.band_start[band], cells.band_start[band + 1]
    cosines, far = reach.narrowest[own] * reach.narrowest[band], reach.lon_e7[min(own, band), abs(own - band)]
    west, east = boxes.edge[c, 2] - far, boxes.edge[c, 3] + far
    if east - west >= _WHOLE:
        return _append(c, begin, end, boxes, cosines, reach.chord2, runs, n)
    first, last = column_of(_wrapped(west), band, grid), column_of(_wrapped(east), band, grid)
    if west < -DATE_LINE_E7 or east >= DATE_LINE_E7:
        first, last = _find(cells.column, begin, end, first), _find(cells.column, begin, end, last + 1)
        n = _append(c, begin, last, boxes, cosines, reach.chord2, runs, n)
        return _append(c, max(first, last), end, boxes, cosines, reach.chord2, runs, n)
    start = cursor[band - own] if cursor[band - own] >= 0 else _find(cells.column, begin, end, first)
    while start < end and cells.column[start] < first:
        start += 1
    cursor[band - own], stop = start, start
    while stop < end and cells.column[stop] <= last:
        stop += 1
    return _append(c, start, stop, boxes, cosines, reach.chord2, runs, n)


@part
def _fill(
    points: Points,
    i: int,
    j: int,
    grid: Grid,
    cells: Layout,
    boxes: Boxes,
    reach: Reach,
    cursor: Ints,
    runs: Runs,
    count: Ints,
) -> int:
    """Write the runs of cells near each of the cells i … j - 1; return how many runs there are."""
    steps, before, n = reach.lon_e7.shape[1] - 1, -1, 0
    for c in range(i, j):
        own, length = band_of(lat_of(points.key[cells.start[c]]), grid), n
        if own != before:
            fill(cursor, 0, len(cursor), -1)
            before = own
        for band in range(max(own - steps, 0), min(own + steps + 1, len(grid.columns))):
            n = _in_band(c, own, band, grid, cells, boxes, reach, cursor, runs, n)
        count[c] = n - length
    return n


@array_kernel
def _search(points: Points, i: int, j: int, grid: Grid, cells: Layout, boxes: Boxes, reach: Reach, count: Ints) -> Runs:
    """Return the runs of cells near each of the cells i … j - 1, one after the other; write how many each has."""
    bands = 2 * reach.lon_e7.shape[1] - 1
    runs = np.empty(((j - i) * (2 * bands + 1) + 1, 2), np.int32)  # at most two in each band, three in its own
    cursor = np.empty(bands, np.int64)  # of the bands own, own + 1, …, own - 2, own - 1
    n = _fill(points, i, j, grid, cells, boxes, reach, cursor, runs, count)
    return runs[:n].copy()


def find_near(points: Points, layout: Layout, grid: Grid, chord: float, crew: ThreadTeam) -> Cells:
    """Return the cells with their weight and the cells that may hold neighbours of their points."""
    m, reach = len(layout.column), make_reach(grid, chord)
    boxes, count = Boxes(np.empty((m, 4), np.int64), np.empty(m, np.int64)), np.empty(m, np.int64)
    crew.run(lambda i, j: _box(points, layout, i, j, boxes), np.diff(layout.start))
    found = crew.run(lambda i, j: _search(points, i, j, grid, layout, boxes, reach, count), np.ones(m, np.int64))
    first, last = (np.concatenate([runs[:, side] for runs in found]) for side in (0, 1))
    before, run_start = (np.concatenate([[0], np.cumsum(values)]) for values in (boxes.weight, count))
    return Cells(layout.start, before, run_start, first, last)
