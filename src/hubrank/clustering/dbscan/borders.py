"""Which cluster a border point belongs to: that of its nearest core (METHOD 3)."""

import math
from typing import NamedTuple

import numpy as np

from hubrank.clustering.dbscan.cells import SLACK, Points, distance2, distances2, fill
from hubrank.clustering.dbscan.density import ALWAYS, blocks_near, outside
from hubrank.clustering.dbscan.joining import Roots, Scene
from hubrank.core.compiled import array_kernel, inlined, part
from hubrank.core.sphere import Floats, Ints

NOWHERE = -1


class CandidateBlocks(NamedTuple):
    """Blocks that may hold the nearest core of some point of one block, and the least distance to each. Shapes (n,)."""

    block: Ints
    least: Floats
    apart2: Floats


@inlined
def _call(
    q: int, first: int, last: int, scene: Scene, rivals: CandidateBlocks, n: int, bound: float
) -> tuple[int, float]:
    """Append those of the blocks first … last - 1 whose cores may be the nearest to a point of block q.

    `bound` is how far the nearest core of any point of q can be at most, as known so far; returns the new n and bound.
    """
    blocks, radius = scene.blocks, scene.blocks.radius[q]
    distances2(blocks.centre, first, last - first, blocks.centre, q, rivals.apart2)
    for b in range(first, last):
        radii = radius + blocks.radius[b]
        if scene.cores[b] and rivals.apart2[b - first] <= (bound + radii) * (bound + radii):
            apart = math.sqrt(rivals.apart2[b - first])
            bound = min(bound, (apart + radii) * (1 + SLACK))
            rivals.block[n], rivals.least[n] = b, apart * (1 - SLACK) - radii * (1 + SLACK)
            n += 1
    return n, bound


@inlined
def _call_all(q: int, cell: int, single: bool, scene: Scene, rivals: CandidateBlocks) -> tuple[int, float]:
    """Return how many blocks may hold the nearest core of some point of block q, and how far it can be at most.

    Stops where a core within reach of all points of q is found and that settles it, as there is a single cluster near.
    """
    cells, first, enough = scene.cells, scene.blocks.first, scene.rule.reach * (1 - SLACK)
    n, bound = _call(q, first[cell], first[cell + 1], scene, rivals, 0, scene.rule.reach * (1 + SLACK))
    for k in range(cells.run_start[cell], cells.run_start[cell + 1]):
        if single and bound < enough:
            break
        n, bound = _call(q, first[cells.run_first[k]], first[cells.run_last[k]], scene, rivals, n, bound)
    return n, bound


@inlined
def _nearer(points: Points, p: int, b: int, scene: Scene, best: int, best2: float) -> tuple[int, float]:
    """Return the nearest core so far, block b included, and its squared distance; ties: the lower key."""
    for j in range(scene.blocks.begin[b], scene.blocks.end[b]):
        if scene.core[j]:
            apart2 = distance2(points.xyz, p, points.xyz, j)
            tie = apart2 == best2 and (best == NOWHERE or points.key[j] < points.key[best])
            if apart2 < best2 or tie:
                best, best2 = j, apart2
            if scene.blocks.radius[b] == 0:
                break
    return best, best2


@inlined
def _cluster_of(
    points: Points, p: int, n: int, bound: float, scene: Scene, rivals: CandidateBlocks, root: Roots
) -> int:
    """Return the cell that stands for the cluster of the nearest core within reach of point p, or NOWHERE."""
    best, best2, owner = NOWHERE, scene.rule.reach2, NOWHERE
    for i in range(n):
        b = rivals.block[i]
        if rivals.least[i] <= bound:
            apart = math.sqrt(distance2(points.xyz, p, scene.blocks.centre, b))
            if not outside(apart, scene.blocks.radius[b], math.sqrt(best2)):
                before = best
                best, best2 = _nearer(points, p, b, scene, best, best2)
                owner = root[scene.blocks.cell[b]] if best != before else owner
    return owner


@part
def _assign_cell(
    points: Points, cell: int, single: int, scene: Scene, rivals: CandidateBlocks, root: Roots, owner: Roots
) -> None:
    """Find the clusters of those points of a cell that are not core; coinciding points are asked once.

    single : the cell that stands for the only cluster near, or NOWHERE if there are several.
    """
    blocks, enough = scene.blocks, scene.rule.reach * (1 - SLACK)
    for q in range(blocks.first[cell], blocks.first[cell + 1]):
        begin, end = blocks.begin[q], blocks.end[q]
        fill(owner, begin, end, root[cell])
        if scene.cores[q] == end - begin:
            continue
        n, bound = _call_all(q, cell, single != NOWHERE, scene, rivals)
        settled = single != NOWHERE and bound < enough
        for p in range(begin, end):
            if not scene.core[p]:
                if settled:
                    owner[p] = single
                elif blocks.radius[q] == 0 and p > begin:
                    owner[p] = owner[begin]
                else:
                    owner[p] = _cluster_of(points, p, n, bound, scene, rivals, root)


@part
def _clusters_near(cell: int, scene: Scene, root: Roots) -> tuple[int, int]:
    """Return how many clusters have cores in a cell or near it (2 for several), and one of them."""
    cells = scene.cells
    found, one = (1, root[cell]) if scene.held[cell] else (0, NOWHERE)
    for k in range(cells.run_start[cell], cells.run_start[cell + 1]):
        for other in range(cells.run_first[k], cells.run_last[k]):
            if scene.held[other] and root[other] != one:
                found, one = min(found + 1, 2), root[other]
    return found, one


@array_kernel
def assign(points: Points, scene: Scene, root: Roots, i: int, j: int, owner: Roots) -> None:
    """Write for each point of the cells i … j - 1 the cell that stands for its cluster, or NOWHERE."""
    n, first = 1, scene.blocks.first
    for cell in range(i, j):
        n = max(n, blocks_near(cell, scene.cells, scene.blocks))
    rivals = CandidateBlocks(np.empty(n, np.int64), np.empty(n), np.empty(n))
    for cell in range(i, j):
        begin, end = scene.cells.start[cell], scene.cells.start[cell + 1]
        if scene.verdict[cell] == ALWAYS:
            fill(owner, begin, end, root[cell])
            continue
        found, one = _clusters_near(cell, scene, root) if first[cell + 1] > first[cell] else (0, NOWHERE)
        if found == 0:
            fill(owner, begin, end, NOWHERE)
        else:
            _assign_cell(points, cell, one if found == 1 else NOWHERE, scene, rivals, root, owner)
