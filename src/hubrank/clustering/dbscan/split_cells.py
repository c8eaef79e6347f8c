"""Points of any dimension into cells: halved at the middle of the longest side until the diagonal fits."""

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.dbscan.cells import SLACK, Cells, Points, box, halve, longest_side, middle
from hubrank.core.compiled import array_kernel
from hubrank.core.sphere import Floats, Ints


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
            k = longest_side(low, high)
            pending.append(halve(points, begin, end, k, middle(low[k], high[k])))
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


def order(xyz: Floats) -> Ints:
    """Return the place of each row in the order of its coordinates; equal rows have one."""
    by_axis = np.lexsort(xyz.T[::-1])
    differs = (np.diff(xyz[by_axis], axis=0) != 0).any(axis=1)
    place = np.empty(len(xyz), np.int64)
    place[by_axis] = np.concatenate([[0], np.cumsum(differs)])
    return place


def lay_out(xyz: Floats, weight: Ints, key: Ints, reach: float) -> tuple[Points, Cells]:
    """Return the points in the order of their cells, and the cells. key : the order of ties."""
    n, d = xyz.shape
    points = Points(np.array(xyz.T, order="C"), weight.copy(), key.copy(), np.arange(n, dtype=np.int32))
    start = np.empty(n + 1, np.int64)
    m = _cut(points, reach * reach, start)
    start = start[: m + 1].copy()
    centre, radius, total = np.empty((m, d)), np.empty(m), np.empty(m, np.int64)
    _bounds(points, start, centre, radius, total)
    a, b = _near(centre, radius, reach)
    by_cell = np.argsort(a, kind="stable")
    run_start = np.searchsorted(a[by_cell], np.arange(m + 1))
    near = b[by_cell].astype(np.int32)
    return points, Cells(start, np.concatenate([[0], np.cumsum(total)]), run_start, near, near + np.int32(1))
