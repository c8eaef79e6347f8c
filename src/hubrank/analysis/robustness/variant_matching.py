"""Clusters of the study in its variants, followed by where their weight lies (METHOD 8, 13)."""

import numpy as np

from hubrank.analysis.comparison.cluster_area import on_ground
from hubrank.analysis.comparison.matching import ListingOverlap, kinship
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.sphere import Ints
from hubrank.counting.sites import Sites
from hubrank.ranking.rank_clusters import ScoredClusters


def flow(listings: Ints, label: Labels, ground: Labels) -> ListingOverlap:
    """Sum listings by own cluster and by the other's on whose ground they lie: comparison.kinship.flow, in one pass."""
    count, other = int(label.max(initial=NOISE)) + 1, int(ground.max(initial=NOISE)) + 1
    inside = label != NOISE
    total, both = np.zeros(count, np.int64), inside & (ground != NOISE)
    np.add.at(total, label[inside], listings[inside])
    sums = np.zeros(count * other, np.int64)
    np.add.at(sums, label[both].astype(np.int64) * other + ground[both], listings[both])
    met = np.flatnonzero(sums)
    pairs = ((int(cell) // other, int(cell) % other) for cell in met)
    return ListingOverlap(dict(zip(pairs, sums[met].tolist(), strict=True)), total.tolist())


def continued(own: ScoredClusters, own_km: float, variant: ScoredClusters, variant_km: float) -> list[int | None]:
    """Return, per cluster of the study, the cluster of the variant that continues it; None where none does.

    Only sites, labels and cores of the two are looked at. Where both have the same sites, ground is membership.
    """
    same = _same(own.sites, variant.sites)
    forth = variant.label if same else _ground(own, variant, variant_km)
    back = own.label if same else _ground(variant, own, own_km)
    there = flow(own.sites.listings.sum(axis=0), own.label, forth)
    here = flow(variant.sites.listings.sum(axis=0), variant.label, back)
    return kinship(there, here).after


def _ground(one: ScoredClusters, other: ScoredClusters, other_km: float) -> Labels:
    """Return the cluster of `other` on whose ground each site in a cluster of `one` lies; NOISE for all other sites."""
    inside = one.label != NOISE
    ground = np.full(len(one.label), NOISE, np.int32)
    ground[inside] = on_ground(other, other_km, one.sites.lat_e7[inside], one.sites.lon_e7[inside])
    return ground


def _same(one: Sites, other: Sites) -> bool:
    return np.array_equal(one.lat_e7, other.lat_e7) and np.array_equal(one.lon_e7, other.lon_e7)
