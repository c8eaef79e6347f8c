"""Which rows of two lists are the same cluster: by economy, then by the names of cities, then by where they lie."""

from collections.abc import Sequence

import numpy as np

from hubrank.analysis.concord.listed import ListedCluster
from hubrank.core.sphere import distance_km

NEAR_KM = 30  # cities of clusters that are the same lie so near: two radii


def same_clusters(ranking: Sequence[ListedCluster], published: Sequence[ListedCluster]) -> list[int | None]:
    """Return, per row of `published`, the row of `ranking` that is the same cluster, or None.

    A pair has an economy in common, if both state some, and cities within NEAR_KM; where the place of one is unknown, a
    city of one name. Of all pairs the one with the same name is taken first, then that with most names in common, the
    nearest, and the first rows.
    """
    candidates = []
    for listed, there in enumerate(published):
        for row, here in enumerate(ranking):
            if here.economies and there.economies and not here.economies & there.economies:
                continue
            common = len(here.keys & there.keys)
            apart = _apart_km(here, there)
            if apart <= NEAR_KM or (common and not (here.spots and there.spots)):
                candidates.append((here.keys != there.keys, -common, apart, listed, row))
    matched: list[int | None] = [None] * len(published)
    taken: set[int] = set()
    for *_, listed, row in sorted(candidates):
        if matched[listed] is None and row not in taken:
            matched[listed] = row
            taken.add(row)
    return matched


def _apart_km(one: ListedCluster, other: ListedCluster) -> float:
    """Return the distance of the nearest two cities; infinite where one is unknown."""
    if not one.spots or not other.spots:
        return float("inf")
    here, there = np.array(one.spots, np.int64), np.array(other.spots, np.int64)
    first, second = np.repeat(here, len(there), axis=0), np.tile(there, (len(here), 1))
    return float(distance_km(first[:, 0], first[:, 1], second[:, 0], second[:, 1]).min())
