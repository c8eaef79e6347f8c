"""Points grouped into cells of neighbours, and cells into small blocks with a bounding ball.

All points of a cell lie within the radius of each other, so a cell that weighs enough is core as a whole, and all
cores of a cell belong to one cluster. Sums of whole blocks decide most of the rest.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.kernels.compiling import array_kernel, part
from hubrank.sphere import Floats, Ints

LEAF = 16  # points in a block, unless all of them coincide: then there may be any number
_STACK = 64  # the smaller half is always split first, so 64 pending halves are enough for 2**64 points
SLACK = 1e-12  # far above the rounding of a squared distance (2e-16 per term), far below anything on the ground


class Points(NamedTuple):
    """Points in the order of their cells.

    xyz : float64, shape (d, n), one row per axis; filled where blocks were made.
    weight : int64, shape (n,). key : int64, shape (n,), the order of ties. row : int32, shape (n,), the caller's.
    """

    xyz: Floats
    weight: Ints
    key: Ints
    row: NDArray[np.int32]


class Cells(NamedTuple):
    """Cell c holds the points start[c] … start[c + 1] - 1 and weighs weight[c], shape (m,).

    near[near_start[c]] … near[near_start[c + 1] - 1] are the other cells that may hold neighbours of its points.
    """

    start: Ints
    near_start: Ints
    near: NDArray[np.int32]
    weight: Ints


class Blocks(NamedTuple):
    """Block b holds the points begin[b] … end[b] - 1, in a ball of centre[:, b], radius[b], and weighs weight[b].

    Cell c has the blocks start[c] … start[c] + number[c] - 1, in a ball of cell_centre[:, c], cell_radius[c].
    """

    number: Ints
    begin: Ints
    end: Ints
    centre: Floats
    radius: Floats
    weight: Ints
    cell_centre: Floats
    cell_radius: Floats


def empty_blocks(n: int, m: int, d: int) -> Blocks:
    """Reserve room for the blocks of m cells; memory is taken only where it is written."""
    return Blocks(
        np.zeros(m, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty((d, n)),
        np.empty(n),
        np.empty(n, np.int64),
        np.empty((d, m)),
        np.empty(m),
    )


@part
def fill(values: NDArray[Any], begin: int, end: int, value: int) -> None:
    """Set a run of values; numba compiles this in a tenth of the time that a slice takes."""
    for i in range(begin, end):
        values[i] = value


@part
def _distance2(a: Floats, i: int, b: Floats, j: int) -> float:
    total = 0.0
    for k in range(a.shape[0]):
        gap = a[k, i] - b[k, j]
        total += gap * gap
    return total


@part
def distance2(a: Floats, i: int, b: Floats, j: int) -> float:
    """Return the squared distance of a[:, i] and b[:, j], terms added in the order of the axes."""
    if a.shape[0] != 3:
        return _distance2(a, i, b, j)
    x, y, z = a[0, i] - b[0, j], a[1, i] - b[1, j], a[2, i] - b[2, j]
    return float(x * x + y * y + z * z)


@part
def distances2(a: Floats, first: int, many: int, b: Floats, j: int, out: Floats) -> None:
    """Write the squared distances of a[:, first] … and b[:, j] to out[0] … out[many - 1], as `distance2` would."""
    if a.shape[0] != 3:
        for i in range(many):
            out[i] = _distance2(a, first + i, b, j)
        return
    u, v, w = b[0, j], b[1, j], b[2, j]
    a0, a1, a2 = a[0, first : first + many], a[1, first : first + many], a[2, first : first + many]
    for i in range(many):  # over slices, so that the processor takes several at once
        x, y, z = a0[i] - u, a1[i] - v, a2[i] - w
        out[i] = x * x + y * y + z * z


@part
def _swap(points: Points, i: int, j: int) -> None:
    for k in range(points.xyz.shape[0]):
        points.xyz[k, i], points.xyz[k, j] = points.xyz[k, j], points.xyz[k, i]
    points.weight[i], points.weight[j] = points.weight[j], points.weight[i]
    points.key[i], points.key[j] = points.key[j], points.key[i]
    points.row[i], points.row[j] = points.row[j], points.row[i]


@part
def box(xyz: Floats, begin: int, end: int, low: Floats, high: Floats) -> float:
    """Write the bounding box of some points and return its longest side."""
    longest = 0.0
    for k in range(xyz.shape[0]):
        least = most = xyz[k, begin]
        for i in range(begin + 1, end):
            least, most = min(least, xyz[k, i]), max(most, xyz[k, i])
        low[k], high[k] = least, most
        longest = max(longest, most - least)
    return longest


@part
def halve(points: Points, begin: int, end: int, low: Floats, high: Floats) -> int:
    """Part points at the middle of the longest side of their box; return where the upper half begins."""
    k = 0
    for axis in range(1, len(low)):
        k = axis if high[axis] - low[axis] > high[k] - low[k] else k
    middle = low[k] / 2 + high[k] / 2
    i, j = begin, end - 1
    while i <= j:
        if points.xyz[k, i] < middle:
            i += 1
        elif points.xyz[k, j] >= middle:
            j -= 1
        else:
            _swap(points, i, j)
            i += 1
            j -= 1
    return i if i > begin else begin + 1


@part
def _ball(xyz: Floats, begin: int, end: int, low: Floats, high: Floats, centre: Floats, b: int) -> float:
    """Write the middle of a box to centre[:, b] and return how far the farthest of its points is."""
    for k in range(xyz.shape[0]):
        centre[k, b] = low[k] / 2 + high[k] / 2
    farthest2 = 0.0
    for i in range(begin, end):
        farthest2 = max(farthest2, distance2(xyz, i, centre, b))
    return math.sqrt(farthest2)


@part
def _weigh(points: Points, begin: int, end: int) -> int:
    total = 0
    for i in range(begin, end):
        total += points.weight[i]
    return total


@part
def _cell_blocks(points: Points, begin: int, end: int, low: Floats, high: Floats, blocks: Blocks, stack: Ints) -> int:
    """Split one cell into blocks, written from index `begin` on; return where they end."""
    b, top = begin, 0
    while True:
        if box(points.xyz, begin, end, low, high) > 0 and end - begin > LEAF:
            middle = halve(points, begin, end, low, high)
            if middle - begin > end - middle:
                stack[top], stack[top + 1] = begin, middle
                begin = middle
            else:
                stack[top], stack[top + 1] = middle, end
                end = middle
            top += 2
            continue
        blocks.begin[b], blocks.end[b] = begin, end
        blocks.radius[b] = _ball(points.xyz, begin, end, low, high, blocks.centre, b)
        blocks.weight[b] = _weigh(points, begin, end)
        b += 1
        if top == 0:
            return b
        top -= 2
        begin, end = stack[top], stack[top + 1]


@array_kernel
def make_blocks(points: Points, start: Ints, cells: Ints, first: int, last: int, blocks: Blocks) -> None:
    """Split the cells cells[first] … cells[last - 1] into blocks; their points change places within the cell."""
    d = points.xyz.shape[0]
    low, high, stack = np.empty(d), np.empty(d), np.empty(2 * _STACK, np.int64)
    for k in range(first, last):
        c = cells[k]
        box(points.xyz, start[c], start[c + 1], low, high)
        blocks.cell_radius[c] = _ball(points.xyz, start[c], start[c + 1], low, high, blocks.cell_centre, c)
        blocks.number[c] = _cell_blocks(points, start[c], start[c + 1], low, high, blocks, stack) - start[c]
