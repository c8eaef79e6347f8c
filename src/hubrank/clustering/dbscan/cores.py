"""Which points are core: their neighbourhood weighs enough (METHOD 3).

Blocks are compared first, then their points: a ball that lies within reach as a whole, or beyond it, decides for all
of its points; only where the rim crosses it are they compared one by one.
"""

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.distances import Rule, distance2, inside, outside
from hubrank.clustering.dbscan.layout import Layout
from hubrank.core.compiled import inlined, kernel
from hubrank.core.sphere import Ints

Flags = NDArray[np.uint8]


@inlined
def _survey(layout: Layout, q: int, rule: Rule, sure: int, crossed: Ints) -> tuple[int, int, int]:
    """Return the weight surely near all points of block q, the most that can be, and how many blocks are in doubt.

    sure : the weight of its cell. crossed : where to write the blocks in doubt.
    """
    t, n = layout.tower[q], 0
    most = layout.around[t]
    for k in range(layout.near[t, 0], layout.near[t, 1]):
        for b in range(layout.runs[k, 0], layout.runs[k, 1]):
            apart2, radii = distance2(layout.centre, q, layout.centre, b), layout.radius[q] + layout.radius[b]
            within, beyond = inside(apart2, radii, rule), outside(apart2, radii, rule)
            other = (b < layout.cell[q, 0]) | (b >= layout.cell[q, 1])
            weight = layout.before[b + 1] - layout.before[b]
            sure, most = sure + weight * (within & other), most - weight * beyond
            crossed[n] = b
            n += other & (not within) & (not beyond)
        if sure >= rule.minimum or most < rule.minimum:
            break
    return sure, most, n


@inlined
def _is_core(layout: Layout, p: int, rule: Rule, sure: int, most: int, blocks: Ints, n: int) -> bool:
    """Decide a point by the n blocks in doubt, until there is none."""
    xyz = layout.xyz
    for k in range(n):
        if sure >= rule.minimum or most < rule.minimum:
            break
        b, near = blocks[k], 0
        begin, end, whole = layout.start[b], layout.start[b + 1], layout.before[b + 1] - layout.before[b]
        apart2 = distance2(xyz, p, layout.centre, b)
        if inside(apart2, layout.radius[b], rule):
            near = whole
        elif not outside(apart2, layout.radius[b], rule):
            if layout.radius[b] == 0:
                near = whole * (distance2(xyz, begin, xyz, p) <= rule.reach2)
            else:
                for j in range(begin, end):
                    near += layout.weight[j] * (distance2(xyz, j, xyz, p) <= rule.reach2)
        sure, most = sure + near, most - whole + near
    return sure >= rule.minimum


@kernel
def find_cores(layout: Layout, rule: Rule, core: Flags, crossed: Ints, first: int, last: int) -> None:
    """Write which points of some blocks are core: all at once where that is sure, or one by one.

    core : uint8, shape (n,), zeros. crossed : shape (blocks,), to work in.
    """
    for q in range(first, last):
        begin, end = layout.start[q], layout.start[q + 1]
        weight = layout.before[layout.cell[q, 1]] - layout.before[layout.cell[q, 0]]
        if weight >= rule.minimum:
            for p in range(begin, end):
                core[p] = 1
        elif layout.around[layout.tower[q]] >= rule.minimum:
            sure, most, n = _survey(layout, q, rule, weight, crossed)
            for p in range(begin, end):
                if p > begin and layout.radius[q] == 0:
                    core[p] = core[begin]
                else:
                    core[p] = _is_core(layout, p, rule, sure, most, crossed, n)
