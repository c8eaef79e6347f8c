"""Points of any dimension into cells: halved at the middle of the longest side until the diagonal fits."""

import numpy as np
from scipy.spatial import cKDTree

from hubrank.kernels.cells import SLACK, Cells, Points, box, halve
from hubrank.kernels.compiling import array_kernel
from hubrank.sphere import Floats, Ints


@array_kernel
def _cut(points: Points, reach2: float, start: Ints) -> int:
    """Part points into cells whose points are all within reach; write their starts; return how many."""
    d, n = points.xyz.shape
    low, high, pending = np.empty(d), np.empty(d), [n]
    begin, m = 0, 0
    while pending:
        end = pending[-1]
        longest = box(points.xyz, begin, end, low, high)
        if longest > 0 and ((high - low) ** 2).sum() * (1 + SLACK) > reach2:
            pending.append(halve(points, begin, end, low, high))
        else:
            start[m], m = begin, m + 1
            begin = pending.pop()
    start[m] = n
    return m


@array_kernel
def _bounds(points: Points, start: Ints, centre: Floats, radius: Floats, weight: Ints) -> None:
    """Write a bounding ball of each cell, and its weight."""
    low, high = np.empty(centre.shape[1]), np.empty(centre.shape[1])
    for c in range(len(weight)):
        box(points.xyz, start[c], start[c + 1], low, high)
        centre[c] = low / 2 + high / 2
        radius[c] = np.sqrt(((high - low) ** 2).sum()) / 2
        weight[c] = points.weight[start[c] : start[c + 1]].sum()


def _near(centre: Floats, radius: Floats, reach: float) -> tuple[Ints, Ints]:
    """Return the pairs of cells, both ways round, that may hold points within reach of each other."""
    limit = (reach + 2 * radius.max()) * (1 + 1e-9)
    a, b = cKDTree(centre).query_pairs(limit, output_type="ndarray").T
    apart = np.sqrt(((centre[a] - centre[b]) ** 2).sum(axis=1))
    close = apart <= (reach + radius[a] + radius[b]) * (1 + 1e-9)
    return np.concatenate([a[close], b[close]]), np.concatenate([b[close], a[close]])


def lay_out(xyz: Floats, weight: Ints, reach: float) -> tuple[Points, Cells]:
    """Return the points in the order of their cells, and the cells."""
    n = len(xyz)
    key = np.empty(n, np.int64)
    key[np.lexsort(xyz.T[::-1])] = np.arange(n)
    points = Points(np.ascontiguousarray(xyz.T), weight.copy(), key, np.arange(n, dtype=np.int32))
    start = np.empty(n + 1, np.int64)
    m = _cut(points, reach * reach, start)
    start = start[: m + 1].copy()
    centre, radius, total = np.empty((m, xyz.shape[1])), np.empty(m), np.empty(m, np.int64)
    _bounds(points, start, centre, radius, total)
    a, b = _near(centre, radius, reach)
    order = np.argsort(a, kind="stable")
    near_start = np.searchsorted(a[order], np.arange(m + 1))
    return points, Cells(start, near_start, b[order].astype(np.int32), total)
