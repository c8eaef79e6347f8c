"""points → clusters: where the neighbourhood is dense, across city and country borders (METHOD 3)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan.dbscan import NOISE, Clustering, cluster_sites
from hubrank.clustering.hdbscan import hdbscan_sites
from hubrank.core.sphere import Ints
from hubrank.counting.points import Sites, density
from hubrank.study.sections import Clusters

Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class DensityClusters:
    """The clusters before merging.

    clustering : a label per site, by weight; NOISE where none.
    weight : int64, shape (n,). What the density counted at each site.
    threshold : the least weight inside a circle of the radius.
    """

    clustering: Clustering
    weight: Ints
    threshold: int


def threshold(choice: Clusters, total: int) -> int:
    """Return the least number of listings inside the circle; a share is rounded up, and is at least 1.

    choice : a percentile of random points is a number of listings here (`Study.with_listings`).
    """
    if choice.min_listings is not None:
        return choice.min_listings
    if choice.min_share_ppm is None:
        raise ValueError("the percentile of random points is not resolved yet; see analysis/null_threshold.")
    return max(1, -(-choice.min_share_ppm * total // 1_000_000))


def clusters(sites: Sites, choice: Clusters, metrics: tuple[str, ...]) -> DensityClusters:
    """Group sites by density; sites of metrics that do not count in it join as borders, weight 0."""
    weight = density(sites, metrics, balanced=choice.balance == "equal")
    least = threshold(choice, int(weight.sum()))
    if choice.algorithm == "hdbscan":
        group = hdbscan_sites(sites.lat_e7, sites.lon_e7, weight, min_weight=least)
        label = by_weight(group, weight, np.arange(int(group.max(initial=NOISE)) + 1, dtype=np.int32))
        return DensityClusters(Clustering(label, label != NOISE), weight, least)
    clustering = cluster_sites(sites.lat_e7, sites.lon_e7, weight, radius_km=choice.radius_km, min_weight=least)
    return DensityClusters(clustering, weight, least)


def by_weight(label: Labels, weight: Ints, group: Labels) -> Labels:
    """Relabel sites by the group of their cluster: 0 is the heaviest, ties by the first site in (lat, lon).

    label : int32, shape (n,), clusters before; group : int32, shape (clusters,), what each became.
    """
    member = label != NOISE
    old = group[label[member]]
    names, first, group_no = np.unique(old, return_index=True, return_inverse=True)
    total = np.zeros(len(names), np.int64)
    np.add.at(total, group_no, weight[member])
    ranked = np.lexsort((first, -total))
    place = np.empty(len(names), np.int32)
    place[ranked] = np.arange(len(names), dtype=np.int32)
    out = np.full(len(label), NOISE, np.int32)
    out[member] = place[group_no]
    return out
