"""Which rows of two lists are the same cluster: by economy, then by the names of cities, then by where they lie."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from hubrank.analysis.concord.listed import ListedCluster
from hubrank.core import sphere
from hubrank.core.sphere import Ints, distance_km

NEAR_KM = 30  # cities of clusters that are the same lie so near: two radii
Pair = tuple[int, int]  # rows of `published` and of `ranking`


def same_clusters(ranking: Sequence[ListedCluster], published: Sequence[ListedCluster]) -> list[int | None]:
    """Return, per row of `published`, the row of `ranking` that is the same cluster, or None.

    A pair has an economy in common, if both state some, and cities within NEAR_KM; where the place of one is unknown, a
    city of one name. Of all pairs the one with the same name is taken first, then that with most names in common, the
    nearest, and the first rows.
    """
    candidates = []
    for (listed, row), apart in (_near(ranking, published) | _of_one_name(ranking, published)).items():
        here, there = ranking[row], published[listed]
        if not here.economies or not there.economies or here.economies & there.economies:
            candidates.append((here.keys != there.keys, -len(here.keys & there.keys), apart, listed, row))
    matched: list[int | None] = [None] * len(published)
    taken: set[int] = set()
    for *_, listed, row in sorted(candidates):
        if matched[listed] is None and row not in taken:
            matched[listed] = row
            taken.add(row)
    return matched


def _near(ranking: Sequence[ListedCluster], published: Sequence[ListedCluster]) -> dict[Pair, float]:
    """Return the pairs with cities within NEAR_KM, and the distance of the nearest two."""
    row, here = _spots(ranking)
    listed, there = _spots(published)
    if not len(row) or not len(listed):
        return {}
    within = np.sqrt(sphere.chord2(NEAR_KM * (1 + 1e-9)))
    one, other = (cKDTree(sphere.unit_vectors(spots[:, 0], spots[:, 1])) for spots in (there, here))
    first, second = one.sparse_distance_matrix(other, within, output_type="coo_matrix").coords
    apart = distance_km(there[first, 0], there[first, 1], here[second, 0], here[second, 1])
    near: dict[Pair, float] = {}
    for at in np.flatnonzero(apart <= NEAR_KM).tolist():
        pair = (int(listed[first[at]]), int(row[second[at]]))
        near[pair] = min(near.get(pair, np.inf), float(apart[at]))
    return near


def _spots(clusters: Sequence[ListedCluster]) -> tuple[Ints, Ints]:
    """Return the places of all cities, int64, shape (spots, 2), each with the row of its cluster."""
    rows = [row for row, each in enumerate(clusters) for _ in each.spots]
    spots = [spot for each in clusters for spot in each.spots]
    return np.array(rows, np.int64), np.array(spots, np.int64).reshape(-1, 2)


def _of_one_name(ranking: Sequence[ListedCluster], published: Sequence[ListedCluster]) -> dict[Pair, float]:
    """Return the pairs with a city of one name of which the place of one is unknown; how far apart is infinite."""
    by_key = defaultdict(list)
    for row, here in enumerate(ranking):
        for each in here.keys:
            by_key[each].append(row)
    return {
        (listed, row): float("inf")
        for listed, there in enumerate(published)
        for each in there.keys
        for row in by_key[each]
        if not (ranking[row].spots and there.spots)
    }
