"""Density clusters of weighted points, exactly (METHOD 3)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank import sphere
from hubrank.kernels import reference
from hubrank.sphere import Floats, Ints

NOISE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Clustering:
    """Which cluster each point belongs to.

    label : int32, shape (n,). 0 = the heaviest cluster; NOISE where none.
    is_core : bool, shape (n,). True where the neighbourhood reaches the minimum.
    """

    label: NDArray[np.int32]
    is_core: NDArray[np.bool_]


def _numbered(component: NDArray[np.int32], core: NDArray[np.bool_], weight: Ints) -> NDArray[np.int32]:
    """Return labels by total weight, heaviest first; ties: the component whose first core row comes first."""
    known, first_core = np.unique(component[core], return_index=True)
    label = np.full(len(component), NOISE, np.int32)
    if not len(known):
        return label
    at = np.searchsorted(known, component)
    member = component != NOISE
    total = np.zeros(len(known), np.int64)
    np.add.at(total, at[member], weight[member])
    rank = np.empty(len(known), np.int32)
    rank[np.lexsort((first_core, -total))] = np.arange(len(known), dtype=np.int32)
    label[member] = rank[at[member]]
    return label


def _cluster(xyz: Floats, weight: Ints, order: Ints, radius2: float, min_weight: int) -> Clustering:
    """Cluster rows, ties decided by `order`, and hand the labels back to the rows as they came."""
    label, core = np.full(len(xyz), NOISE, np.int32), np.zeros(len(xyz), np.bool_)
    if len(xyz):
        component, is_core = reference.cluster(xyz[order], weight[order], radius2=radius2, min_weight=min_weight)
        label[order], core[order] = _numbered(component, is_core, weight[order]), is_core
    return Clustering(label, core)


def dbscan(points: Floats, weight: Ints, *, radius: float, min_weight: int) -> Clustering:
    """Group points whose neighbourhoods weigh at least `min_weight`.

    points : float64, shape (n, d), in any order.
    weight : int64, shape (n,). Not negative.
    radius : Euclidean; squared distances are compared in float64 and the rim counts as inside.
    A border point joins its nearest core point; ties go to the core that comes first by coordinates.
    Labels are numbered by weight; ties go to the cluster whose first core comes first by coordinates.
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    return _cluster(points, weight, np.lexsort(points.T[::-1]), radius * radius, min_weight)


def cluster_sites(lat_e7: Ints, lon_e7: Ints, weight: Ints, *, radius_km: float, min_weight: int) -> Clustering:
    """Group sites whose surroundings weigh at least `min_weight`.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree, in any order, repeated or not.
    weight : int64, shape (n,). Listings at each site, not negative.
    radius_km : along the surface; squared chords are compared in float64 and the rim counts as inside.
    A border site joins its nearest core site; ties go to the core of lower (lat, lon).
    Labels are numbered by weight; ties go to the cluster that holds the core of lowest (lat, lon).
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    lat, lon = sphere.canonical(lat_e7, lon_e7)
    order = np.lexsort((lon, lat))
    return _cluster(sphere.unit_vectors(lat, lon), weight, order, sphere.chord2(radius_km), min_weight)
