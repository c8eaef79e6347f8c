"""Points grouped into cells whose points are all neighbours of each other.

So a cell that weighs enough is core as a whole, and all cores of a cell belong to one cluster.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.core.compiled import inlined, part
from hubrank.core.sphere import Floats, Ints

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
    """Cell c holds the points start[c] … start[c + 1] - 1; all cells before it weigh before[c]. Shapes (m + 1,).

    The other cells that may hold neighbours of its points come in runs: run_first[k] … run_last[k] - 1 for each k from
    run_start[c] to run_start[c + 1] - 1.
    """

    start: Ints
    before: Ints
    run_start: Ints
    run_first: NDArray[np.int32]
    run_last: NDArray[np.int32]


@inlined
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


@inlined
def distance2(a: Floats, i: int, b: Floats, j: int) -> float:
    """Return the squared distance of a[:, i] and b[:, j], terms added in the order of the axes."""
    if a.shape[0] != 3:
        return _distance2(a, i, b, j)
    x, y, z = a[0, i] - b[0, j], a[1, i] - b[1, j], a[2, i] - b[2, j]
    return float(x * x + y * y + z * z)


@inlined
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


@inlined
def _swap(points: Points, i: int, j: int) -> None:
    for k in range(points.xyz.shape[0]):
        points.xyz[k, i], points.xyz[k, j] = points.xyz[k, j], points.xyz[k, i]
    points.weight[i], points.weight[j] = points.weight[j], points.weight[i]
    points.key[i], points.key[j] = points.key[j], points.key[i]
    points.row[i], points.row[j] = points.row[j], points.row[i]


@inlined
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


@inlined
def longest_side(low: Floats, high: Floats) -> int:
    """Return the axis along which a box is longest."""
    longest = 0
    for k in range(1, len(low)):
        longest = k if high[k] - low[k] > high[longest] - low[longest] else longest
    return longest


@inlined
def middle(low: float, high: float) -> float:
    """Return a number above `low`, half way to `high` if there is one between."""
    half = low / 2 + high / 2
    return half if half > low else high


@inlined
def halve(points: Points, begin: int, end: int, k: int, limit: float) -> int:
    """Bring the points below a limit on axis k before the others; return where the others begin."""
    i, j = begin, end - 1
    while i <= j:
        if points.xyz[k, i] < limit:
            i += 1
        elif points.xyz[k, j] >= limit:
            j -= 1
        else:
            _swap(points, i, j)
            i += 1
            j -= 1
    return i
