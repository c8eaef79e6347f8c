"""Points to clusters: cores within reach of each other joined, border points to their nearest core (METHOD 3)."""

import math

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.cores import Flags, find_cores
from hubrank.clustering.dbscan.distances import SLACK, Rule, distance2, inside, outside
from hubrank.clustering.dbscan.layout import Int32s, Layout, lay_out
from hubrank.core.compiled import in_threads, inlined, kernel, part
from hubrank.core.sphere import Floats, Ints

NOISE = -1


@inlined
def _root_of(root: Int32s, b: int) -> int:
    """Return the block that stands for the cluster of block b; shortens the way on the way."""
    while root[b] != b:
        root[b] = root[root[b]]
        b = root[b]
    return b


@part
def _touch(layout: Layout, a: int, b: int, rule: Rule, core: Flags) -> bool:
    """Say whether any core of block a is within reach of any core of block b; coinciding points are compared once."""
    start, radius = layout.start, layout.radius
    apart2, radii = distance2(layout.centre, a, layout.centre, b), radius[a] + radius[b]
    if outside(apart2, radii, rule) or inside(apart2, radii, rule):
        return inside(apart2, radii, rule)
    for i in range(start[a], start[a + 1] if radius[a] > 0 else start[a] + 1):
        for j in range(start[b], start[b + 1] if radius[b] > 0 else start[b] + 1):
            if core[i] and core[j] and distance2(layout.xyz, i, layout.xyz, j) <= rule.reach2:
                return True
    return False


@kernel
def _join(layout: Layout, rule: Rule, core: Flags, cores: Ints, root: Int32s) -> None:
    """Write how many cores each block holds, and the first block of its cluster, or NOISE where it holds none."""
    for b in range(len(root)):
        cores[b], root[b] = 0, b
        for i in range(layout.start[b], layout.start[b + 1]):
            cores[b] += core[i]
    for a in range(len(root)):
        for c in range(layout.cell[a, 0], a if cores[a] else 0):
            if cores[c]:
                root[_root_of(root, a)] = _root_of(root, c)
                break
        t, head = layout.tower[a], _root_of(root, a)
        for k in range(layout.near[t, 0], layout.near[t, 1] if cores[a] else 0):
            for b in range(layout.runs[k, 0], min(layout.runs[k, 1], a)):
                other = _root_of(root, b) if cores[b] else head
                if other != head and _touch(layout, a, b, rule, core):
                    root[max(head, other)] = head = min(head, other)
    for b in range(len(root)):
        root[b] = _root_of(root, b) if cores[b] else NOISE


@inlined
def _candidates(
    layout: Layout, q: int, rule: Rule, root: Int32s, blocks: Ints, least: Floats
) -> tuple[int, float, bool]:
    """Write the blocks that may hold the nearest core of some point of block q, and the least distance to each.

    Returns how many, how far the nearest core is at most from any point, and whether all are of one cluster.
    """
    bound, n, single, t = rule.reach * (1 + SLACK), 0, True, layout.tower[q]
    for k in range(layout.near[t, 0], layout.near[t, 1]):
        for b in range(layout.runs[k, 0], layout.runs[k, 1]):
            if root[b] != NOISE:
                apart = math.sqrt(distance2(layout.centre, q, layout.centre, b))
                radii = layout.radius[q] + layout.radius[b]
                blocks[n], least[n] = b, apart * (1 - SLACK) - radii * (1 + SLACK)
                if least[n] <= bound:
                    bound = min(bound, (apart + radii) * (1 + SLACK))
                    single &= root[b] == root[blocks[0]]
                    n += 1
    return n, bound, single


@inlined
def _cluster_of(
    layout: Layout, p: int, rule: Rule, core: Flags, root: Int32s, blocks: Ints, least: Floats, n: int, bound: float
) -> int:
    """Return the block that stands for the cluster of the nearest core within reach of point p, or NOISE."""
    best, best2, cluster = NOISE, rule.reach2, NOISE
    for k in range(n):
        b = blocks[k]
        outer = math.sqrt(best2) * (1 + SLACK) + layout.radius[b]
        if least[k] <= bound and distance2(layout.xyz, p, layout.centre, b) <= outer * outer:
            for j in range(layout.start[b], layout.start[b + 1]):
                apart2 = distance2(layout.xyz, p, layout.xyz, j)
                tie = apart2 == best2 and (best == NOISE or layout.key[j] < layout.key[best])
                if core[j] and (apart2 < best2 or tie):
                    best, best2, cluster = j, apart2, root[b]
                if core[j] and layout.radius[b] == 0:
                    break
    return cluster


@kernel
def _assign(
    layout: Layout,
    rule: Rule,
    core: Flags,
    cores: Ints,
    root: Int32s,
    blocks: Ints,
    least: Floats,
    first: int,
    last: int,
    cluster: Int32s,
) -> None:
    """Write for each point of some blocks the block that stands for its cluster, or NOISE."""
    for q in range(first, last):
        begin, end, n, bound, single = layout.start[q], layout.start[q + 1], 0, math.inf, False
        if cores[q] < end - begin:
            n, bound, single = _candidates(layout, q, rule, root, blocks, least)
        for p in range(begin, end):
            if core[p]:
                cluster[p] = root[q]
            elif n == 0:
                cluster[p] = NOISE
            elif single and bound < rule.reach * (1 - SLACK):
                cluster[p] = root[blocks[0]]
            elif p > begin and layout.radius[q] == 0:
                cluster[p] = cluster[begin]
            else:
                cluster[p] = _cluster_of(layout, p, rule, core, root, blocks, least, n, bound)


@kernel
def _sum_up(layout: Layout, core: Flags, cluster: Int32s, number: Int32s, total: Ints, lowest: Ints) -> None:
    """Add up the weight of each cluster and find the lowest key of its cores."""
    for p in range(len(cluster)):
        if cluster[p] != NOISE:
            k = number[cluster[p]]
            total[k] += layout.weight[p]
            if core[p]:
                lowest[k] = min(lowest[k], layout.key[p])


def _labels(layout: Layout, core: Flags, root: Int32s, cluster: Int32s) -> Int32s:
    """Return labels, by the block that stands for a cluster: heaviest first, ties by lowest key; NOISE at the end."""
    heads = np.flatnonzero(root == np.arange(len(root)))
    number, k = np.full(len(root) + 1, NOISE, np.int32), len(heads)
    number[heads] = np.arange(k)
    total, lowest = np.zeros(k, np.int64), np.full(k, np.iinfo(np.int64).max)
    _sum_up(layout, core, cluster, number, total, lowest)
    number[heads[np.lexsort((lowest, -total))]] = np.arange(k)
    return number


def cluster(xyz: Floats, weight: Ints, key: Ints, rule: Rule, threads: int) -> tuple[Int32s, NDArray[np.bool_]]:
    """Return the label of each point, 0 the heaviest cluster, NOISE where none, and whether it is core.

    xyz : float64, shape (d, n), three axes or more, one point or more. weight, key : int64, shape (n,).
    The three arrays are sorted in place. Memory is linear in the points for up to three dimensions.
    """
    layout, order = lay_out(xyz, weight, key, rule.reach, threads)
    n, many = len(weight), len(layout.radius)
    core, cores, root = np.zeros(n, np.uint8), np.empty(many, np.int64), np.empty(many, np.int32)
    clusters, label, is_core = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.bool_)

    def assign(first: int, last: int) -> None:
        blocks, least = np.empty(many, np.int64), np.empty(many)
        _assign(layout, rule, core, cores, root, blocks, least, first, last, clusters)

    in_threads(threads, lambda i, j: find_cores(layout, rule, core, np.empty(many, np.int64), i, j), many)
    _join(layout, rule, core, cores, root)
    in_threads(threads, assign, many)
    label[order] = _labels(layout, core, root, clusters)[clusters]
    is_core[order] = core
    return label, is_core
