"""Numbers for the clusters, heaviest first, handed back to the rows as they came."""

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.cells import Points
from hubrank.clustering.dbscan.density import Flags
from hubrank.clustering.dbscan.joining import Roots, Scene
from hubrank.core.compiled import kernel
from hubrank.core.sphere import Ints

NOISE = -1


@kernel
def _sum_up(points: Points, owner: Roots, core: Flags, number: Roots, total: Ints, lowest: Ints) -> None:
    """Add up the weight of each cluster and find the lowest key among its cores."""
    for p in range(len(owner)):
        if owner[p] >= 0:
            k = number[owner[p]]
            total[k] += points.weight[p]
            if core[p]:
                lowest[k] = min(lowest[k], points.key[p])


@kernel
def hand_back(
    points: Points,
    owner: Roots,
    core: Flags,
    label: Roots,
    first: int,
    last: int,
    out: Roots,
    is_core: NDArray[np.bool_],
) -> None:
    """Write the label and the core flag of each point to the row it came from."""
    for p in range(first, last):
        out[points.row[p]] = label[owner[p]] if owner[p] >= 0 else NOISE
        is_core[points.row[p]] = core[p] > 0


def numbers(points: Points, owner: Roots, scene: Scene, root: Roots) -> Roots:
    """Return the label of each cell that stands for a cluster: by total weight, ties by the lowest key of a core."""
    heads = np.flatnonzero((scene.held > 0) & (root == np.arange(len(root))))
    number, k = np.full(len(root), NOISE, np.int32), len(heads)
    number[heads] = np.arange(k, dtype=np.int32)
    total, lowest = np.zeros(k, np.int64), np.full(k, np.iinfo(np.int64).max)
    _sum_up(points, owner, scene.core, number, total, lowest)
    number[heads[np.lexsort((lowest, -total))]] = np.arange(k, dtype=np.int32)
    return number
