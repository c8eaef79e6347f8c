"""What lies around any points: the weight of the sites within the radius of each, exactly (METHOD 3).

Points are laid out with the sites, weight 0, so that the towers and blocks of the clustering serve them too: blocks
that lie within reach as a whole, or beyond it, are added or passed over without a look at their sites.
"""

import math

import numpy as np

from hubrank.clustering.dbscan.cores import Flags
from hubrank.clustering.dbscan.distances import Rule, distance2, inside, outside
from hubrank.clustering.dbscan.layout import Layout, lay_out
from hubrank.core.compiled import in_threads, inlined, kernel
from hubrank.core.processes import cores as processors
from hubrank.core.sphere import Floats, Ints


@inlined
def _weight_around(layout: Layout, p: int, rule: Rule) -> int:
    """Return the weight within reach of a point."""
    total, t = 0, layout.tower[_block(layout, p)]
    for k in range(layout.near[t, 0], layout.near[t, 1]):
        for b in range(layout.runs[k, 0], layout.runs[k, 1]):
            whole = layout.before[b + 1] - layout.before[b]
            if whole > 0:
                apart2 = distance2(layout.xyz, p, layout.centre, b)
                if inside(apart2, layout.radius[b], rule):
                    total += whole
                elif not outside(apart2, layout.radius[b], rule):
                    for j in range(layout.start[b], layout.start[b + 1]):
                        total += layout.weight[j] * (distance2(layout.xyz, j, layout.xyz, p) <= rule.reach2)
    return total


@inlined
def _block(layout: Layout, p: int) -> int:
    """Return the block of a point, by halving."""
    low, high = 0, len(layout.radius)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if layout.start[middle] <= p else (low, middle)
    return low


@kernel
def _add_up(layout: Layout, rule: Rule, is_point: Flags, around: Ints, first: int, last: int) -> None:
    """Write the weight around those of some rows that are points."""
    for p in range(first, last):
        if is_point[p]:
            around[p] = _weight_around(layout, p, rule)


def weight_around(points: Floats, sites: Floats, weight: Ints, reach2: float, *, threads: int | None = None) -> Ints:
    """Return int64, shape (points,): the weight of all sites within reach of each point.

    points, sites : float64, shape (n, 3) and (m, 3). weight : int64, shape (m,), not negative.
    reach2 : squared Euclidean distance (on the unit sphere: squared chord); the rim counts as inside.
    threads : how many; by default one per processor. The result never depends on it.
    """
    if not len(points) or not len(sites):
        return np.zeros(len(points), np.int64)
    xyz = np.ascontiguousarray(np.vstack([points, sites]).T)
    weights = np.concatenate([np.zeros(len(points), np.int64), weight])
    rule = Rule(math.sqrt(reach2), reach2, 1)
    layout, order = lay_out(xyz, weights, np.zeros(len(weights), np.int64), rule.reach, threads or processors())
    is_point, around = (order < len(points)).astype(np.uint8), np.zeros(len(order), np.int64)
    in_threads(threads or processors(), lambda i, j: _add_up(layout, rule, is_point, around, i, j), len(order))
    result = np.zeros(len(points), np.int64)
    rows = np.flatnonzero(is_point)
    result[order[rows]] = around[rows]
    return result
