"""Cells split into small blocks with a bounding ball: sums of whole blocks decide most points."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.cells import Points, box, distance2, halve, longest_side, middle
from hubrank.core.compiled import ThreadTeam, array_kernel, inlined, part
from hubrank.core.sphere import Floats, Ints

LEAF = 16  # points in a block, unless all of them coincide: then there may be any number
_STACK = 64  # the smaller half is always split first, so 64 pending halves are enough for 2**64 points


class Blocks(NamedTuple):
    """Block b holds the points begin[b] … end[b] - 1, in a ball of centre[:, b], radius[b]; it weighs weight[b].

    It is a part of cell[b]; cell c has the blocks first[c] … first[c + 1] - 1.
    """

    first: Ints
    cell: NDArray[np.int32]
    begin: Ints
    end: Ints
    centre: Floats
    radius: Floats
    weight: Ints


@part
def _split(points: Points, stack: Ints, low: Floats, high: Floats, opens: NDArray[np.uint8]) -> int:
    """Split one cell, which is on the stack, until no part has more than LEAF points, unless all coincide.

    stack, low, high : for each part still to be split its first and last point and a box around it. Sides are halved
    without looking at the points; only where all of them lie in one half is the box drawn anew.
    Marks the first point of each block; returns how many there are.
    """
    top = blocks = 0
    while top >= 0:
        begin, end, k = stack[top, 0], stack[top, 1], longest_side(low[top], high[top])
        if end - begin > LEAF:
            limit = middle(low[top, k], high[top, k])
            cut = halve(points, begin, end, k, limit)
            if begin < cut < end:
                _push(stack, low, high, top, cut, k, limit)
                top += 1
                continue
            if box(points.xyz, begin, end, low[top], high[top]) > 0:
                continue
        opens[begin] = 1
        blocks += 1
        top -= 1
    return blocks


@inlined
def _push(stack: Ints, low: Floats, high: Floats, top: int, cut: int, k: int, limit: float) -> None:
    """Replace the part on top by its two halves, the smaller one on top."""
    for axis in range(low.shape[1]):
        low[top + 1, axis], high[top + 1, axis] = low[top, axis], high[top, axis]
    begin, end = stack[top, 0], stack[top, 1]
    lower = top + 1 if cut - begin < end - cut else top
    upper = 2 * top + 1 - lower
    stack[lower, 0], stack[lower, 1], high[lower, k] = begin, cut, limit
    stack[upper, 0], stack[upper, 1], low[upper, k] = cut, end, limit


@array_kernel
def _split_cells(
    points: Points, start: Ints, cells: Ints, i: int, j: int, opens: NDArray[np.uint8], number: Ints
) -> None:
    """Split the cells cells[i] … cells[j - 1] into blocks; their points change places within the cell."""
    d = len(points.xyz)
    stack, low, high = np.empty((_STACK, 2), np.int64), np.empty((_STACK, d)), np.empty((_STACK, d))
    for k in range(i, j):
        c = cells[k]
        stack[0, 0], stack[0, 1] = start[c], start[c + 1]
        box(points.xyz, start[c], start[c + 1], low[0], high[0])
        number[c] = _split(points, stack, low, high, opens)


@inlined
def _measure(points: Points, begin: int, end: int, b: int, blocks: Blocks, low: Floats, high: Floats) -> None:
    """Write what block b holds, its ball around the middle of its box, and its weight."""
    box(points.xyz, begin, end, low, high)
    for k in range(len(low)):
        blocks.centre[k, b] = low[k] / 2 + high[k] / 2
    farthest2, weight = 0.0, 0
    for i in range(begin, end):
        farthest2 = max(farthest2, distance2(points.xyz, i, blocks.centre, b))
        weight += points.weight[i]
    blocks.begin[b], blocks.end[b] = begin, end
    blocks.radius[b], blocks.weight[b] = math.sqrt(farthest2), weight


@array_kernel
def _measure_cells(
    points: Points, start: Ints, cells: Ints, i: int, j: int, opens: NDArray[np.uint8], blocks: Blocks
) -> None:
    """Measure the blocks of the cells cells[i] … cells[j - 1]."""
    low, high = np.empty(len(points.xyz)), np.empty(len(points.xyz))
    for k in range(i, j):
        c = cells[k]
        end, b = start[c], blocks.first[c]
        while end < start[c + 1]:
            begin = end
            end += 1
            while end < start[c + 1] and not opens[end]:
                end += 1
            blocks.cell[b] = c
            _measure(points, begin, end, b, blocks, low, high)
            b += 1


def make_blocks(points: Points, start: Ints, cells: Ints, crew: ThreadTeam) -> Blocks:
    """Split some cells into blocks; their points change places within the cell, and the others have no blocks."""
    d, n = points.xyz.shape
    opens, number, sizes = np.zeros(n, np.uint8), np.zeros(len(start) - 1, np.int64), np.diff(start)[cells]
    crew.run(lambda i, j: _split_cells(points, start, cells, i, j, opens, number), sizes)
    first = np.concatenate([[0], np.cumsum(number)])
    many = int(first[-1])
    whole, real = np.empty((3, many), np.int64), np.empty((d + 1, many))
    blocks = Blocks(first, np.empty(many, np.int32), whole[0], whole[1], real[:d], real[d], whole[2])
    crew.run(lambda i, j: _measure_cells(points, start, cells, i, j, opens, blocks), sizes)
    return blocks
