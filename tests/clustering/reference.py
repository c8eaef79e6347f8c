"""DBSCAN as its definition reads, over scipy's kd-tree: the oracle that the fast kernel is held against (METHOD 3)."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from hubrank.core.sphere import Floats, Ints

NOISE = -1
_SLACK = 1 + 1e-9  # the tree may look a little further than the rim; the rim itself is decided by the squared distance
_ROWS = 1_000  # rows asked at once, so that memory stays small


def _neighbours(xyz: Floats, radius2: float) -> tuple[Ints, Ints, Floats]:
    """Return rows, their neighbours (themselves included) and the squared distances, rows ascending."""
    tree = cKDTree(xyz)
    chunks = []
    for start in range(0, len(xyz), _ROWS):
        near = tree.query_ball_point(xyz[start : start + _ROWS], np.sqrt(radius2) * _SLACK)
        i = np.repeat(np.arange(start, start + len(near)), [len(row) for row in near])
        j = np.concatenate(near).astype(np.int64)
        d2 = ((xyz[i] - xyz[j]) ** 2).sum(axis=1)
        chunks.append((i[d2 <= radius2], j[d2 <= radius2], d2[d2 <= radius2]))
    i, j, d2 = (np.concatenate(part) for part in zip(*chunks, strict=True))
    return i, j, d2


def _components(core: NDArray[np.bool_], i: Ints, j: Ints) -> NDArray[np.int32]:
    """Return the component of each core row; NOISE elsewhere."""
    n = len(core)
    graph = coo_matrix((np.ones(len(i), np.int8), (i, j)), shape=(n, n))
    component = connected_components(graph, directed=False)[1].astype(np.int32)
    return np.where(core, component, np.int32(NOISE))


def cluster(
    xyz: Floats, weight: Ints, *, radius2: float, min_weight: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return the component of each row (NOISE where none) and whether it is core.

    xyz : float64, shape (n, d). Of equally near cores the one in the lower row wins: rows come in the order of ties.
    weight : int64, shape (n,).
    radius2 : squared Euclidean radius; the rim is inside.
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    i, j, d2 = _neighbours(xyz, radius2)
    total = np.zeros(len(xyz), np.int64)
    np.add.at(total, i, weight[j])
    core = total >= min_weight
    component = _components(core, i[core[i] & core[j]], j[core[i] & core[j]])
    border = ~core[i] & core[j]
    i, j, d2 = i[border], j[border], d2[border]
    order = np.lexsort((j, d2, i))
    rows, first = np.unique(i[order], return_index=True)
    component[rows] = component[j[order][first]]
    return component, core
