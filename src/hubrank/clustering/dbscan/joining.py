"""Which cores belong together: chains of cores within reach of each other (METHOD 3)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.blocks import Blocks
from hubrank.clustering.dbscan.cells import Cells, Points, distance2
from hubrank.clustering.dbscan.density import Flags, Rule, inside, outside
from hubrank.core.compiled import inlined, kernel, part
from hubrank.core.sphere import Ints

Roots = NDArray[np.int32]


class Scene(NamedTuple):
    """What is known once the cores are.

    core : uint8, shape (n,), by point. verdict, held : uint8, shape (m,), by cell: `density.judge`; holds any core.
    cores : int64, by block: how many of its points are core.
    """

    cells: Cells
    blocks: Blocks
    rule: Rule
    core: Flags
    verdict: Flags
    cores: Ints
    held: Flags


@inlined
def find(root: Roots, c: int) -> int:
    """Return the cell that stands for the cluster of cell c; shortens the way on the way."""
    while root[c] != c:
        root[c] = root[root[c]]
        c = root[c]
    return c


@kernel
def count_cores(scene: Scene, first: int, last: int) -> None:
    """Write how many cores each block of some cells holds, and whether a cell holds any."""
    for c in range(first, last):
        for b in range(scene.blocks.first[c], scene.blocks.first[c + 1]):
            scene.cores[b] = 0
            for i in range(scene.blocks.begin[b], scene.blocks.end[b]):
                scene.cores[b] += scene.core[i]
            scene.held[c] |= scene.cores[b] > 0


@part
def _point_touches(points: Points, i: int, b: int, scene: Scene) -> bool:
    """Say whether point i is within reach of any core of block b; coinciding points are asked once."""
    for j in range(scene.blocks.begin[b], scene.blocks.end[b]):
        if scene.core[j]:
            if distance2(points.xyz, i, points.xyz, j) <= scene.rule.reach2:
                return True
            if scene.blocks.radius[b] == 0:
                return False
    return False


@part
def _blocks_touch(points: Points, a: int, b: int, scene: Scene) -> bool:
    """Say whether any core of block a is within reach of any core of block b."""
    blocks = scene.blocks
    apart, radii = math.sqrt(distance2(blocks.centre, a, blocks.centre, b)), blocks.radius[a] + blocks.radius[b]
    if outside(apart, radii, scene.rule.reach):
        return False
    if inside(apart, radii, scene.rule.reach):
        return True
    for i in range(blocks.begin[a], blocks.end[a]):
        if scene.core[i]:
            if _point_touches(points, i, b, scene):
                return True
            if blocks.radius[a] == 0:
                return False
    return False


@part
def _touch(points: Points, c: int, d: int, scene: Scene) -> bool:
    """Say whether any core of cell c is within reach of any core of cell d."""
    for a in range(scene.blocks.first[c], scene.blocks.first[c + 1]):
        for b in range(scene.blocks.first[d], scene.blocks.first[d + 1] if scene.cores[a] else 0):
            if scene.cores[b] and _blocks_touch(points, a, b, scene):
                return True
    return False


@part
def _join_cell(points: Points, c: int, scene: Scene, root: Roots) -> None:
    """Join a cell to those before it whose cores touch its own."""
    cells = scene.cells
    for k in range(cells.run_start[c], cells.run_start[c + 1]):
        for d in range(cells.run_first[k], min(cells.run_last[k], c)):
            if scene.held[d] and find(root, c) != find(root, d) and _touch(points, c, d, scene):
                a, b = find(root, c), find(root, d)
                root[max(a, b)] = min(a, b)


@kernel
def join(points: Points, scene: Scene, root: Roots) -> None:
    """Join cells whose cores touch; in the end root[c] is the first cell of the cluster of c."""
    for c in range(len(root)):
        if scene.held[c]:
            _join_cell(points, c, scene, root)
    for c in range(len(root)):
        root[c] = find(root, c)
