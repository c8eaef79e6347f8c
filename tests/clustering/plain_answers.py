"""What the kernels answer on small cases, as JSON: with machine code, or without where NUMBA_DISABLE_JIT is set.

Small enough for plain Python, and such that every branch is taken: poles, the antimeridian, heaps of coincident sites,
cells of more points than a block holds, borders between clusters, radii from metres to half of the Earth.
"""

import json
import sys
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from clustering.sites import towns
from hubrank.clustering.dbscan.dbscan import cluster_sites, dbscan
from hubrank.core import sphere
from hubrank.ranking.rank_sets.rank_sets import rank_sets

RADII_KM = (0.05, 2, 15, 60, 300, 2_500, 9_000, 20_100)


def clusterings():
    """Yield labels and cores of towns on the sphere, of the same towns in space, and in the plane of their degrees."""
    for seed, radius_km in enumerate(RADII_KM * 2):
        lat, lon, weight = towns(seed, min(radius_km, 900), most=120)
        clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=20, threads=1 + seed % 2)
        yield clustering.label.tolist(), clustering.is_core.tolist()
        xyz = sphere.unit_vectors(*sphere.canonical(lat, lon))
        plane = np.column_stack([lat, lon]) / sphere.E7
        for points, radius in ((xyz, sphere.chord2(radius_km) ** 0.5), (plane, radius_km / 111)):
            clustering = dbscan(points, weight, radius=radius, min_weight=20)
            yield clustering.label.tolist(), clustering.is_core.tolist()


def two_heaps():
    """Yield cores of two heaps, each pair of whose sites is near the rim of the other's."""
    lat, lon = np.zeros(60, np.int64), np.arange(60, dtype=np.int64) % 3
    lat[30:] = 1_348_980
    for radius_km in (14.9999, 15.0001):
        yield cluster_sites(lat, lon, np.ones_like(lat), radius_km=radius_km, min_weight=40).is_core.tolist()


def sets():
    """Yield rank sets of a few scores with common parts, some of them equal."""
    rng = np.random.default_rng(1)
    score = np.array([9.0, 5, 5, 4.9, 3, 1, 1, 0])
    load = rng.normal(size=(8, 3)) * 0.2
    for covariance in (load @ load.T + np.eye(8) * 0.04, np.full(8, 0.04), np.zeros(8)):
        for together in (False, True):
            clustering = rank_sets(score, covariance, simultaneous=together, draws=200)
            yield clustering.low.tolist(), clustering.high.tolist()


def answers():
    """Return all answers."""
    return [list(clusterings()), list(two_heaps()), list(sets())]


if __name__ == "__main__":
    json.dump(answers(), sys.stdout)
