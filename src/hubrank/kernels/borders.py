"""Which cluster a border point belongs to: that of its nearest core (METHOD 3)."""

import math
from typing import NamedTuple

import numpy as np

from hubrank.kernels.cells import SLACK, Points, distance2, distances2, fill
from hubrank.kernels.compiling import array_kernel, part
from hubrank.kernels.density import ALWAYS, outside
from hubrank.kernels.joining import Roots, Scene
from hubrank.sphere import Floats, Ints

NOWHERE = -1


class Rivals(NamedTuple):
    """Blocks that may hold the nearest core of some point of one block, and the least distance to each. Shapes (n,)."""

    block: Ints
    cell: Ints
    least: Floats
    apart2: Floats


@part
def _call(q: int, other: int, scene: Scene, rivals: Rivals, n: int, bound: float) -> tuple[int, float]:
    """Append the blocks of one cell whose cores may be the nearest to a point of block q.

    `bound` is how far the nearest core of any point of q can be at most, as known so far; returns the new n and bound.
    """
    blocks, start = scene.blocks, scene.cells.start[other]
    last, radius = start + blocks.number[other], blocks.radius[q]
    distances2(blocks.centre, start, last - start, blocks.centre, q, rivals.apart2)
    for b in range(start, last):
        if scene.cores[b]:
            apart, radii = math.sqrt(rivals.apart2[b - start]), radius + blocks.radius[b]
            bound = min(bound, (apart + radii) * (1 + SLACK))
            least = apart * (1 - SLACK) - radii * (1 + SLACK)
            if least <= bound:
                rivals.block[n], rivals.cell[n], rivals.least[n] = b, other, least
                n += 1
    return n, bound


@part
def _call_all(q: int, cell: int, single: bool, scene: Scene, rivals: Rivals) -> tuple[int, float]:
    """Return how many blocks may hold the nearest core of some point of block q, and how far it can be at most.

    Stops where a core within reach of all points of q is found and that settles it, as there is a single cluster near.
    """
    cells, blocks, reach = scene.cells, scene.blocks, scene.rule.reach
    bound, n = reach * (1 + SLACK), 0
    if scene.held[cell]:
        n, bound = _call(q, cell, scene, rivals, n, bound)
    for k in range(cells.near_start[cell], cells.near_start[cell + 1]):
        other = cells.near[k]
        if single and bound < reach * (1 - SLACK):
            break
        if scene.held[other]:
            apart = math.sqrt(distance2(blocks.centre, q, blocks.cell_centre, other))
            if not outside(apart, blocks.radius[q] + blocks.cell_radius[other], bound):
                n, bound = _call(q, other, scene, rivals, n, bound)
    return n, bound


@part
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


@part
def _cluster_of(points: Points, p: int, n: int, bound: float, scene: Scene, rivals: Rivals, root: Roots) -> int:
    """Return the cell that stands for the cluster of the nearest core within reach of point p, or NOWHERE."""
    best, best2, owner = NOWHERE, scene.rule.reach2, NOWHERE
    for i in range(n):
        b = rivals.block[i]
        if rivals.least[i] <= bound:
            apart = math.sqrt(distance2(points.xyz, p, scene.blocks.centre, b))
            if not outside(apart, scene.blocks.radius[b], math.sqrt(best2)):
                before = best
                best, best2 = _nearer(points, p, b, scene, best, best2)
                owner = root[rivals.cell[i]] if best != before else owner
    return owner


@part
def _assign_cell(
    points: Points, cell: int, single: int, scene: Scene, rivals: Rivals, root: Roots, owner: Roots
) -> None:
    """Find the clusters of those points of a cell that are not core; coinciding points are asked once.

    single : the cell that stands for the only cluster near, or NOWHERE if there are several.
    """
    blocks, start = scene.blocks, scene.cells.start[cell]
    for q in range(start, start + blocks.number[cell]):
        begin, end = blocks.begin[q], blocks.end[q]
        fill(owner, begin, end, root[cell])
        if scene.cores[q] == end - begin:
            continue
        n, bound = _call_all(q, cell, single != NOWHERE, scene, rivals)
        settled = single != NOWHERE and bound < scene.rule.reach * (1 - SLACK)
        for p in range(begin, end):
            if not scene.core[p]:
                if settled:
                    owner[p] = single
                elif blocks.radius[q] == 0 and p > begin:
                    owner[p] = owner[begin]
                else:
                    owner[p] = _cluster_of(points, p, n, bound, scene, rivals, root)


@part
def _clusters_near(cell: int, scene: Scene, root: Roots) -> tuple[int, int, int]:
    """Return how many clusters have cores in a cell or near it (2 for several), one of them, and the blocks there."""
    cells, found, one, many = scene.cells, 0, NOWHERE, 0
    if scene.held[cell]:
        found, one, many = 1, root[cell], scene.blocks.number[cell]
    for k in range(cells.near_start[cell], cells.near_start[cell + 1]):
        other = cells.near[k]
        if scene.held[other]:
            many += scene.blocks.number[other]
            if root[other] != one:
                found, one = min(found + 1, 2), root[other]
    return found, one, many


@array_kernel
def assign(points: Points, scene: Scene, root: Roots, first: int, last: int, owner: Roots) -> None:
    """Write for each point of some cells the cell that stands for its cluster, or NOWHERE."""
    n = 1
    for cell in range(first, last):
        n = max(n, _clusters_near(cell, scene, root)[2])
    whole, real = np.empty((2, n), np.int64), np.empty((2, n))
    rivals = Rivals(whole[0], whole[1], real[0], real[1])
    for cell in range(first, last):
        begin, end = scene.cells.start[cell], scene.cells.start[cell + 1]
        found, one, _ = _clusters_near(cell, scene, root)
        if found == 0 or scene.blocks.number[cell] == 0:
            fill(owner, begin, end, NOWHERE)
        elif scene.verdict[cell] == ALWAYS:
            fill(owner, begin, end, root[cell])
        else:
            _assign_cell(points, cell, one if found == 1 else NOWHERE, scene, rivals, root, owner)
