"""The ground of a cluster: its sites, and whatever lies within the radius of its nearest core (METHOD 8)."""

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core import sphere
from hubrank.core.sphere import Floats, Ints
from hubrank.counting.sites import site_keys
from hubrank.ranking.rank_clusters import ScoredClusters

_SLACK = 1 + 1e-9  # the tree may look a little further than the rim; the rim itself is decided by the squared chord


def on_ground(found: ScoredClusters, radius_km: float, lat_e7: Ints, lon_e7: Ints) -> Labels:
    """Return the cluster on whose ground each site lies; NOISE where on none.

    found : clusters whose ground it is; radius_km : the radius they were made with.
    lat_e7, lon_e7 : int64, shape (n,). Sites of any rounding. One that is a site of `found` keeps its cluster; another
        goes to the nearest core, the rim inside, ties to the core of lower (lat, lon): the rule for border sites.
    """
    here, there = site_keys(lat_e7, lon_e7), site_keys(found.sites.lat_e7, found.sites.lon_e7)
    row = np.minimum(np.searchsorted(there, here), max(len(there) - 1, 0))
    known = there[row] == here if len(there) else np.zeros(len(here), np.bool_)
    label = np.full(len(here), NOISE, np.int32)
    label[known] = found.label[row[known]]
    core = np.flatnonzero(found.dense.clustering.is_core)
    if len(core) and not known.all():
        cores = sphere.unit_vectors(found.sites.lat_e7[core], found.sites.lon_e7[core])
        asked = sphere.unit_vectors(lat_e7[~known], lon_e7[~known])
        nearest = nearest_within(cores, asked, sphere.chord2(radius_km))
        label[~known] = np.where(nearest >= 0, found.label[core[nearest]], np.int32(NOISE))
    return label


def nearest_within(cores: Floats, asked: Floats, reach2: float) -> Ints:
    """Return the row of the core nearest to each point, -1 where none has a squared chord of `reach2` or less.

    cores, asked : float64, shape (n, 3). Of equally near cores the one in the lower row wins.
    """
    tree = cKDTree(cores)
    limit = np.sqrt(reach2) * _SLACK
    apart, row = tree.query(asked, k=2, distance_upper_bound=limit)
    nearest = np.where(np.isfinite(apart[:, 0]), row[:, 0], 0).astype(np.int64)
    for tied in np.flatnonzero(np.isfinite(apart[:, 1]) & (apart[:, 1] <= apart[:, 0] * _SLACK)):
        rivals = np.sort(np.array(tree.query_ball_point(asked[tied], apart[tied, 0] * _SLACK)))
        nearest[tied] = rivals[np.argmin(_squared(cores[rivals], asked[tied]))]
    return np.where(_squared(cores[nearest], asked) <= reach2, nearest, -1)


def _squared(one: Floats, other: Floats) -> Floats:
    """Return squared chords, summed in the order that the clustering sums them in."""
    gap = one - other
    return np.asarray(gap[:, 0] ** 2 + gap[:, 1] ** 2 + gap[:, 2] ** 2)
