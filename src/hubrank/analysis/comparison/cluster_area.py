"""The area of a cluster: its sites, and every place within the radius of its nearest core (METHOD 8)."""

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core import sphere
from hubrank.core.sphere import Floats, Ints
from hubrank.counting.points import Sites, site_keys
from hubrank.ranking.scores import ScoredClusters

_SLACK = 1 + 1e-9  # the tree may look a little further than the rim; the rim itself is decided by the squared chord


def area_labels(clusters: ScoredClusters, radius_km: float, lat_e7: Ints, lon_e7: Ints) -> Labels:
    """Return the cluster in whose area each site lies; NOISE where in none.

    clusters : whose areas they are; radius_km : the radius that they were clustered with.
    lat_e7, lon_e7 : int64, shape (n,). Sites of any rounding. One that is a site of `clusters` keeps its cluster;
        another goes to the nearest core, inclusive, ties to the core of lower (lat, lon): the rule for border sites.
        Areas that are given hold what lies in their shape.
    """
    if clusters.areas is not None:
        return clusters.areas.labels(lat_e7, lon_e7)
    key, site_key = site_keys(lat_e7, lon_e7), site_keys(clusters.sites.lat_e7, clusters.sites.lon_e7)
    row = np.minimum(np.searchsorted(site_key, key), max(len(site_key) - 1, 0))
    is_site = site_key[row] == key if len(site_key) else np.zeros(len(key), np.bool_)
    label = np.full(len(key), NOISE, np.int32)
    label[is_site] = clusters.label[row[is_site]]
    core = np.flatnonzero(clusters.dense.clustering.is_core)
    if len(core) and not is_site.all():
        cores = sphere.unit_vectors(clusters.sites.lat_e7[core], clusters.sites.lon_e7[core])
        points = sphere.unit_vectors(lat_e7[~is_site], lon_e7[~is_site])
        nearest = nearest_within(cores, points, sphere.chord2(radius_km))
        label[~is_site] = np.where(nearest >= 0, clusters.label[core[nearest]], np.int32(NOISE))
    return label


def labels_on(sites: Sites, clusters: ScoredClusters, radius_km: float) -> Labels:
    """Return the cluster in whose area each site lies, as `area_labels` does; its own where the sites are the same."""
    if same_sites(sites, clusters.sites):
        return clusters.label
    return area_labels(clusters, radius_km, sites.lat_e7, sites.lon_e7)


def same_sites(one: Sites, other: Sites) -> bool:
    """Return whether two tables have the same sites in the same order."""
    return np.array_equal(one.lat_e7, other.lat_e7) and np.array_equal(one.lon_e7, other.lon_e7)


def nearest_within(cores: Floats, points: Floats, reach2: float) -> Ints:
    """Return the row of the core nearest to each point, -1 where none has a squared chord of `reach2` or less.

    cores, points : float64, shape (n, 3). Of equally near cores the one in the lower row wins.
    """
    tree = cKDTree(cores)
    limit = np.sqrt(reach2) * _SLACK
    apart, row = tree.query(points, k=2, distance_upper_bound=limit)
    nearest = np.where(np.isfinite(apart[:, 0]), row[:, 0], 0).astype(np.int64)
    for tied in np.flatnonzero(np.isfinite(apart[:, 1]) & (apart[:, 1] <= apart[:, 0] * _SLACK)):
        rivals = np.sort(np.array(tree.query_ball_point(points[tied], apart[tied, 0] * _SLACK)))
        nearest[tied] = rivals[np.argmin(_squared(cores[rivals], points[tied]))]
    return np.where(_squared(cores[nearest], points) <= reach2, nearest, -1)


def _squared(one: Floats, other: Floats) -> Floats:
    """Return squared chords, summed in the order that the clustering sums them in."""
    gap = one - other
    return np.asarray(gap[:, 0] ** 2 + gap[:, 1] ** 2 + gap[:, 2] ** 2)
