"""Which cores belong together: chains of cores within reach of each other (METHOD 3)."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.kernels.cells import Blocks, Cells, Points, distance2
from hubrank.kernels.compiling import kernel, part
from hubrank.kernels.density import Flags, Rule, inside, outside
from hubrank.sphere import Ints

Roots = NDArray[np.int32]


class Scene(NamedTuple):
    """What is known once the cores are.

    core : uint8, shape (n,), by point. verdict, held : uint8, shape (m,), by cell: `density.judge`; holds any core.
    cores : int32, shape (n,), by block: how many of its points are core.
    """

    cells: Cells
    blocks: Blocks
    rule: Rule
    core: Flags
    verdict: Flags
    cores: Ints
    held: Flags


@part
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
        for b in range(scene.cells.start[c], scene.cells.start[c] + scene.blocks.number[c]):
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
    cells, blocks = scene.cells, scene.blocks
    for a in range(cells.start[c], cells.start[c] + blocks.number[c]):
        apart, radii = (
            math.sqrt(distance2(blocks.centre, a, blocks.cell_centre, d)),
            blocks.radius[a] + blocks.cell_radius[d],
        )
        if scene.cores[a] and not outside(apart, radii, scene.rule.reach):
            for b in range(cells.start[d], cells.start[d] + blocks.number[d]):
                if scene.cores[b] and _blocks_touch(points, a, b, scene):
                    return True
    return False


@kernel
def join(points: Points, scene: Scene, root: Roots) -> None:
    """Join cells whose cores touch; in the end root[c] is the first cell of the cluster of c."""
    cells = scene.cells
    for c in range(len(root)):
        for k in range(cells.near_start[c], cells.near_start[c + 1] if scene.held[c] else 0):
            d = cells.near[k]
            if d < c and scene.held[d] and find(root, c) != find(root, d) and _touch(points, c, d, scene):
                a, b = find(root, c), find(root, d)
                root[max(a, b)] = min(a, b)
    for c in range(len(root)):
        root[c] = find(root, c)
