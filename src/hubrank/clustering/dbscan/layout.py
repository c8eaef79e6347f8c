"""Points in the order of their cells, cut into blocks with bounding balls, and the blocks near each tower."""

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.distances import distance2
from hubrank.clustering.dbscan.towers import make_grid, sort_points
from hubrank.core.compiled import in_threads, kernel
from hubrank.core.sphere import Floats, Ints

BLOCK = 16  # points in a block, or more where they coincide
Int32s = NDArray[np.int32]


class Layout(NamedTuple):
    """Points in the order of their towers and cells, and their blocks.

    xyz : float64, shape (d, n). weight, key : int64, shape (n,); the lower key wins a tie.
    start : int64, shape (blocks + 1,). Block b holds the points start[b] … start[b + 1] - 1.
    before : int64, shape (blocks + 1,), the weight of all blocks before b.
    centre : float64, shape (d, blocks), and radius : float64, shape (blocks,), its ball.
    cell : int32, shape (blocks, 2), the first block of its cell and the one after the last. tower : int32, its tower.
    runs : int32, shape (k, 2). Blocks that may hold neighbours of a tower's points come in runs, first and one after
    the last: those of tower t are the rows near[t, 0] … near[t, 1] - 1, and weigh around[t] together.
    """

    xyz: Floats
    weight: Ints
    key: Ints
    start: Ints
    before: Ints
    centre: Floats
    radius: Floats
    cell: Int32s
    tower: Int32s
    near: Ints
    runs: Int32s
    around: Ints


def _gather(values: Ints, order: Ints, gathered: Ints, first: int, last: int) -> None:
    """Write values in another order; numpy lets go of Python's lock here, and is quicker than a compiled loop."""
    values.take(order[first:last], out=gathered[first:last], mode="clip")


@kernel
def _cut(
    xyz: Floats, towers: Ints, cells: Ints, start: Ints, cell: Int32s, tower: Int32s, first: Ints
) -> tuple[int, int]:
    """Cut towers into cells and these into blocks of 16 points, or more while they coincide with the first.

    Writes start, cell and tower of `Layout` and the first block of each tower; returns how many towers and blocks.
    """
    n, b, t, end = len(cells), 0, 0, 0
    while end < n:
        if end == 0 or towers[end] != towers[end - 1]:
            first[t], t = b, t + 1
        head, open_cell = b, cells[end]
        while end < n and cells[end] == open_cell:
            begin = end
            while end < n and cells[end] == open_cell and (end - begin < BLOCK or distance2(xyz, end, xyz, begin) == 0):
                end += 1
            start[b], cell[b, 0], tower[b], b = begin, head, t - 1, b + 1
        for block in range(head, b):
            cell[block, 1] = b
    start[b], first[t] = n, b
    return t, b


@kernel
def _measure(layout: Layout, first: int, last: int) -> None:
    """Write the balls of some blocks around the middles of their boxes, and their weights to `before` of the next."""
    xyz = layout.xyz
    for b in range(first, last):
        begin, end, farthest2, total = layout.start[b], layout.start[b + 1], 0.0, 0
        for k in range(xyz.shape[0]):
            low = high = xyz[k, begin]
            for i in range(begin + 1, end):
                low, high = min(low, xyz[k, i]), max(high, xyz[k, i])
            layout.centre[k, b] = low / 2 + high / 2
        for i in range(begin, end):
            farthest2 = max(farthest2, distance2(xyz, i, layout.centre, b))
            total += layout.weight[i]
        layout.radius[b], layout.before[b + 1] = math.sqrt(farthest2), total


@kernel
def _find_runs(number: Ints, first: Ints, step: Ints, cursor: Ints, layout: Layout) -> None:
    """Write near, runs and around of `Layout`.

    number : of each tower, and a sentinel; first : its first block. step : from a tower to the middle one of each row
    of three near it. cursor : where to look first in each row, zeros.
    """
    n = 0
    for t in range(len(number) - 1):
        layout.near[t, 0], layout.around[t] = n, 0
        for k in range(len(step)):
            begin = cursor[k]
            while number[begin] < number[t] + step[k] - 1:
                begin += 1
            cursor[k], end = begin, begin
            while number[end] <= number[t] + step[k] + 1:
                end += 1
            if begin < end:
                layout.around[t] += layout.before[first[end]] - layout.before[first[begin]]
                layout.runs[n, 0], layout.runs[n, 1], n = first[begin], first[end], n + 1
        layout.near[t, 1] = n


def lay_out(xyz: Floats, weight: Ints, key: Ints, reach: float, threads: int) -> tuple[Layout, Ints]:
    """Return points and blocks, and which rows the points are; sorts the arrays in place.

    xyz : float64, shape (axes, n), one row per axis. weight, key : int64, shape (n,).
    """
    grid, n = make_grid(xyz, reach), len(weight)
    order, towers, cells = sort_points(xyz, reach, grid, threads)
    start, first, gathered = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64), np.empty(n, np.int64)
    for values in (*xyz.view(np.int64), weight, key):
        in_threads(threads, partial(_gather, values, order, gathered), n)
        values[:] = gathered
    cell, tower = np.empty((n, 2), np.int32), np.empty(n, np.int32)  # memory that is never written costs nothing
    t, b = _cut(xyz, towers, cells, start, cell, tower, first)
    number = np.append(towers[start[first[:t]]], 2**63 - 1)
    del towers, cells, gathered
    points, balls = (xyz, weight, key), (np.zeros(b + 1, np.int64), np.empty((len(xyz), b)), np.empty(b))
    step = (np.arange(-1, 2)[:, None] * grid.stride[0] + np.arange(-1, 2) * grid.stride[1]).ravel()
    near, runs = np.empty((t, 2), np.int64), np.empty((t * len(step) + 1, 2), np.int32)
    layout = Layout(*points, start[: b + 1], *balls, cell, tower, near, runs, np.empty(t, np.int64))
    in_threads(threads, partial(_measure, layout), b)
    np.cumsum(layout.before, out=layout.before)
    _find_runs(number, first, step, np.zeros(len(step), np.int64), layout)
    return layout, order
