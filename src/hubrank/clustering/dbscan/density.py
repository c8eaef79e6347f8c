"""Which points are core: their neighbourhood weighs enough (METHOD 3)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.blocks import Blocks
from hubrank.clustering.dbscan.cells import SLACK, Cells, Points, distance2, distances2, fill
from hubrank.core.compiled import array_kernel, inlined, kernel, part
from hubrank.core.sphere import Floats, Ints

NEVER, MAYBE, ALWAYS = 0, 1, 2  # which points of a cell are core
Flags = NDArray[np.uint8]


class Rule(NamedTuple):
    """What makes a point core: `minimum` within `reach`; the rim is where a squared distance equals reach2."""

    reach: float
    reach2: float
    minimum: int


class UndecidedBlocks(NamedTuple):
    """Blocks that the rim crosses, seen from one block, copied side by side. Shapes (n,), centre (d, n).

    apart2 and left are working room: squared distances, and the blocks crossed as seen from one point.
    """

    block: Ints
    centre: Floats
    radius: Floats
    weight: Ints
    apart2: Floats
    left: Ints


@inlined
def inside(apart: float, radii: float, reach: float) -> bool:
    """Say whether all points of two balls are within reach of each other, beyond the doubt of rounding."""
    return apart + radii <= reach * (1 - SLACK)


@inlined
def outside(apart: float, radii: float, reach: float) -> bool:
    """Say whether no points of two balls are within reach of each other, beyond the doubt of rounding."""
    return apart - radii > reach * (1 + SLACK)


@part
def _around(cell: int, cells: Cells) -> int:
    """Return the weight of a cell and of all cells near it."""
    weight: int = cells.before[cell + 1] - cells.before[cell]
    for k in range(cells.run_start[cell], cells.run_start[cell + 1]):
        weight += cells.before[cells.run_last[k]] - cells.before[cells.run_first[k]]
    return weight


@kernel
def judge(cells: Cells, rule: Rule, first: int, last: int, verdict: Flags) -> None:
    """Decide cells by sums of cells: ALWAYS where one is heavy enough by itself, NEVER where all around it is not."""
    for c in range(first, last):
        verdict[c] = NEVER if _around(c, cells) < rule.minimum else MAYBE
        if cells.before[c + 1] - cells.before[c] >= rule.minimum:
            verdict[c] = ALWAYS


@kernel
def mark(cells: Cells, verdict: Flags, first: int, last: int, relevant: Flags) -> None:
    """Mark cells that may hold a core and those near one: no other point can be in a cluster or decide one.

    Several threads may mark one cell: all write the same.
    """
    for c in range(first, last):
        if verdict[c] != NEVER:
            relevant[c] = 1
            for k in range(cells.run_start[c], cells.run_start[c + 1]):
                fill(relevant, cells.run_first[k], cells.run_last[k], 1)


@inlined
def _weigh(weight: Ints, radius: Floats, extra: float, rule: Rule, apart2: Floats) -> tuple[int, int]:
    """Return how much of some balls lies within reach of another one, and how much beyond, beyond doubt of rounding.

    apart2 : squared distances of their centres from that ball's, whose radius is `extra`. No roots and no branches, so
    that the processor takes several at once.
    """
    within = beyond = 0
    for i in range(len(weight)):
        radii = radius[i] + extra
        inner, outer = rule.reach * (1 - SLACK) - radii, rule.reach * (1 + SLACK) + radii
        within += weight[i] if apart2[i] <= inner * abs(inner) else 0
        beyond += weight[i] if apart2[i] > outer * outer else 0
    return within, beyond


@inlined
def _crossed(radius: Floats, extra: float, first: int, rule: Rule, apart2: Floats, out: Ints, n: int) -> int:
    """Append to the n numbers in `out` those balls that are neither within reach as a whole nor beyond it.

    They are numbered from `first` on; see `_weigh`.
    """
    for i in range(len(radius)):
        radii = radius[i] + extra
        inner, outer = rule.reach * (1 - SLACK) - radii, rule.reach * (1 + SLACK) + radii
        out[n] = first + i
        n += (apart2[i] > inner * abs(inner)) & (apart2[i] <= outer * outer)
    return n


@inlined
def _survey(
    q: int, cell: int, cells: Cells, blocks: Blocks, rule: Rule, doubt: UndecidedBlocks
) -> tuple[int, int, int]:
    """Return the weight surely near all points of block q, the most that can be near any, and how many blocks differ.

    Stops where that decides; the weight of q's own cell is sure.
    """
    sure, most, n, radius = cells.before[cell + 1] - cells.before[cell], _around(cell, cells), 0, blocks.radius[q]
    for k in range(cells.run_start[cell], cells.run_start[cell + 1]):
        first, last = blocks.first[cells.run_first[k]], blocks.first[cells.run_last[k]]
        distances2(blocks.centre, first, last - first, blocks.centre, q, doubt.apart2)
        within, beyond = _weigh(blocks.weight[first:last], blocks.radius[first:last], radius, rule, doubt.apart2)
        sure, most = sure + within, most - beyond
        if sure >= rule.minimum or most < rule.minimum:
            break
        n = _crossed(blocks.radius[first:last], radius, first, rule, doubt.apart2, doubt.block, n)
    return sure, most, n


@inlined
def _lay_side_by_side(blocks: Blocks, doubt: UndecidedBlocks, n: int) -> None:
    """Copy what is asked again for each point of a block."""
    for i in range(n):
        b = doubt.block[i]
        for k in range(len(blocks.centre)):
            doubt.centre[k, i] = blocks.centre[k, b]
        doubt.weight[i], doubt.radius[i] = blocks.weight[b], blocks.radius[b]


@inlined
def _within(xyz: Floats, weight: Ints, begin: int, end: int, p: int, reach2: float) -> int:
    """Return the weight of those of the points begin … end - 1 that are within reach of point p."""
    total = 0
    for j in range(begin, end):
        total += weight[j] * (distance2(xyz, j, xyz, p) <= reach2)
    return total


@inlined
def _is_core(
    points: Points, p: int, sure: int, most: int, n: int, blocks: Blocks, rule: Rule, doubt: UndecidedBlocks
) -> bool:
    """Decide one point by the n blocks in doubt: first by whole blocks, then point by point until there is no doubt."""
    distances2(doubt.centre, 0, n, points.xyz, p, doubt.apart2)
    within, beyond = _weigh(doubt.weight[:n], doubt.radius[:n], 0.0, rule, doubt.apart2)
    sure, most = sure + within, most - beyond
    if sure >= rule.minimum or most < rule.minimum:
        return sure >= rule.minimum
    for k in range(_crossed(doubt.radius[:n], 0.0, 0, rule, doubt.apart2, doubt.left, 0)):
        if sure >= rule.minimum or most < rule.minimum:
            break
        i = doubt.left[k]
        begin, end, whole = blocks.begin[doubt.block[i]], blocks.end[doubt.block[i]], doubt.weight[i]
        if doubt.radius[i] == 0:  # all points coincide
            found = whole * (distance2(points.xyz, begin, points.xyz, p) <= rule.reach2)
        else:
            found = _within(points.xyz, points.weight, begin, end, p, rule.reach2)
        sure, most = sure + found, most - whole + found
    return sure >= rule.minimum


@part
def _judge_cell(
    points: Points, cell: int, cells: Cells, blocks: Blocks, rule: Rule, doubt: UndecidedBlocks, core: Flags
) -> None:
    """Decide the points of one cell, block by block; a block is decided as a whole where that is beyond doubt."""
    for q in range(blocks.first[cell], blocks.first[cell + 1]):
        begin, end = blocks.begin[q], blocks.end[q]
        sure, most, n = _survey(q, cell, cells, blocks, rule, doubt)
        if sure >= rule.minimum or most < rule.minimum:
            fill(core, begin, end, sure >= rule.minimum)
            continue
        _lay_side_by_side(blocks, doubt, n)
        for p in range(begin, end):
            again = blocks.radius[q] == 0 and p > begin
            core[p] = core[begin] if again else _is_core(points, p, sure, most, n, blocks, rule, doubt)


@part
def blocks_near(cell: int, cells: Cells, blocks: Blocks) -> int:
    """Return how many blocks a cell and the cells near it have."""
    many: int = blocks.first[cell + 1] - blocks.first[cell]
    for k in range(cells.run_start[cell], cells.run_start[cell + 1]):
        many += blocks.first[cells.run_last[k]] - blocks.first[cells.run_first[k]]
    return many


@array_kernel
def find_cores(
    points: Points, cells: Cells, blocks: Blocks, rule: Rule, verdict: Flags, which: Ints, i: int, j: int, core: Flags
) -> None:
    """Decide the points of the cells which[i] … which[j - 1]."""
    d, n = len(points.xyz), 1
    for k in range(i, j):
        n = max(n, blocks_near(which[k], cells, blocks) + 1 if verdict[which[k]] == MAYBE else 1)
    whole = np.empty((3, n), np.int64)
    doubt = UndecidedBlocks(whole[0], np.empty((d, n)), np.empty(n), whole[1], np.empty(n), whole[2])
    for k in range(i, j):
        cell = which[k]
        if verdict[cell] == ALWAYS:
            fill(core, cells.start[cell], cells.start[cell + 1], 1)
        elif verdict[cell] == MAYBE:
            _judge_cell(points, cell, cells, blocks, rule, doubt, core)
