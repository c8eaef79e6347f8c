"""Which cluster continues which: matched by where their weight lies, never by name (METHOD 8)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hubrank.analysis.comparison.cluster_area import area_labels, same_sites
from hubrank.clustering.areas import AreaUnits
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.sphere import Ints
from hubrank.ranking.scores import ScoredClusters

Kind = Literal["kept", "joined", "split", "new", "re-entered", "gone", "absorbed"]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ListingOverlap:
    """How the listings of each cluster lie in the areas of the other edition's clusters.

    parts : listings of the first of a pair that lie in the area of the second; total : listings of each first.
    """

    parts: dict[Pair, int]
    total: list[int]


@dataclass(frozen=True, slots=True)
class ClusterMatches:
    """What became of the clusters of an earlier edition in a later one, by label.

    before : per later cluster, the earlier one that it continues, or None.
    after : per earlier cluster, the later one that continues it, or None.
    identity : per later cluster, the earlier one that it continues or is the largest part of, or None: what it was.
    kind, outcome : per later, and per earlier cluster: kept, joined, split or new; kept, absorbed, split or gone.
    related_before, related_after : per later, and per earlier cluster: all that share more than half of either.
    """

    before: list[int | None]
    after: list[int | None]
    identity: list[int | None]
    kind: list[Kind]
    outcome: list[Kind]
    related_before: list[list[int]]
    related_after: list[list[int]]


def listing_overlap(listings: Ints, label: Labels, area: Labels, count: int, other_count: int) -> ListingOverlap:
    """Sum listings by the cluster that they are in and by the other edition's cluster in whose area they lie.

    listings : int64, shape (n,); label, area : int32, shape (n,); count, other_count : how many clusters they number.
    """
    inside = label != NOISE
    both = inside & (area != NOISE)
    total = np.zeros(count, np.int64)
    np.add.at(total, label[inside], listings[inside])
    sums = np.zeros(count * other_count, np.int64)
    np.add.at(sums, label[both].astype(np.int64) * other_count + area[both], listings[both])
    pairs = np.flatnonzero(sums)
    parts = {divmod(pair, other_count): part for pair, part in zip(pairs.tolist(), sums[pairs].tolist(), strict=True)}
    return ListingOverlap(parts, total.tolist())


def match_overlaps(earlier: ListingOverlap, later: ListingOverlap) -> ClusterMatches:
    """Match clusters.

    earlier : earlier listings in later areas; later : later listings in earlier areas.
    Two clusters are related where more than half of the listings of one lie in the area of the other. A later cluster
    continues the related one with which it shares most listings, those of both together (ties: the lower label).
    Where several would continue one, it is split, unless one of them has two thirds of what they share with it.
    """
    shared = Counter(earlier.parts)
    shared.update({(a, b): part for (b, a), part in later.parts.items()})
    related = [
        (a, b)
        for a, b in sorted(shared)
        if 2 * earlier.parts.get((a, b), 0) > earlier.total[a] or 2 * later.parts.get((b, a), 0) > later.total[b]
    ]
    related_before = _grouped(((b, a) for a, b in related), len(later.total))
    related_after = _grouped(related, len(earlier.total))
    source = [
        max(candidates, key=lambda a: (shared[a, b], -a)) if candidates else None
        for b, candidates in enumerate(related_before)
    ]
    successors = _grouped(((a, b) for b, a in enumerate(source) if a is not None), len(earlier.total))
    largest = [_largest(a, parts, shared) for a, parts in enumerate(successors)]
    after = [_successor(a, parts, shared) for a, parts in enumerate(successors)]
    before = [a if a is not None and after[a] == b else None for b, a in enumerate(source)]
    identity = [a if a is not None and largest[a] == b else None for b, a in enumerate(source)]
    kind = [_kind(b, before[b], related_before[b], earlier) for b in range(len(before))]
    outcome = [_outcome(*of) for of in zip(after, successors, related_after, strict=True)]
    return ClusterMatches(before, after, identity, kind, outcome, related_before, related_after)


def _grouped(pairs: Iterable[Pair], count: int) -> list[list[int]]:
    """Return the second of each pair under its first."""
    groups: list[list[int]] = [[] for _ in range(count)]
    for first, second in pairs:
        groups[first].append(second)
    return groups


def _largest(a: int, parts: list[int], shared: Counter[Pair]) -> int | None:
    """Return the one of its parts that shares most with cluster a, None where it has none."""
    return max(parts, key=lambda b: (shared[a, b], -b), default=None)


def _successor(a: int, parts: list[int], shared: Counter[Pair]) -> int | None:
    """Return the one that continues cluster a, None where it is split or gone."""
    main = _largest(a, parts, shared)
    if main is None:
        return None
    return main if 3 * shared[a, main] >= 2 * sum(shared[a, b] for b in parts) else None


def _kind(b: int, before: int | None, related: list[int], earlier: ListingOverlap) -> Kind:
    if not related:
        return "new"
    if before is None:
        return "split"
    taken = [a for a in related if a != before and 2 * earlier.parts.get((a, b), 0) > earlier.total[a]]
    return "joined" if taken else "kept"


def _outcome(after: int | None, successors: list[int], related: list[int]) -> Kind:
    if after is not None:
        return "kept"
    if successors:
        return "split"
    return "absorbed" if related else "gone"


def match_clusters(
    earlier: ScoredClusters, earlier_km: float, later: ScoredClusters, later_km: float
) -> ClusterMatches:
    """Match the clusters of two editions, or variants, by where their listings lie; `…_km` : the radius of each.

    Each has its own records and its own rounding; a site without a counterpart counts by the area it lies in. Only
    sites, labels and cores are looked at. Areas that are given continue the one of the same code.
    """
    if earlier.areas is not None and later.areas is not None:
        return match_overlaps(_same_codes(earlier.areas, later.areas), _same_codes(later.areas, earlier.areas))
    same = same_sites(earlier.sites, later.sites)  # then each site's area is that of its cluster
    later_area = later.label if same else _area(earlier, later, later_km)
    earlier_area = earlier.label if same else _area(later, earlier, earlier_km)
    return match_overlaps(
        listing_overlap(earlier.sites.listings.sum(axis=0), earlier.label, later_area, earlier.count, later.count),
        listing_overlap(later.sites.listings.sum(axis=0), later.label, earlier_area, later.count, earlier.count),
    )


def _same_codes(one: AreaUnits, other: AreaUnits) -> ListingOverlap:
    """Return areas as if all of each lay in the other one of its code, and nothing of those that have none."""
    label = {code: number for number, code in enumerate(other.codes)}
    pairs = [(number, label[code]) for number, code in enumerate(one.codes) if code in label]
    return ListingOverlap(dict.fromkeys(pairs, 1), [1] * len(one.codes))


def _area(one: ScoredClusters, other: ScoredClusters, other_km: float) -> Labels:
    """Return the cluster of `other` in whose area each site in a cluster of `one` lies; NOISE for all other sites."""
    inside = one.label != NOISE
    area = np.full(len(one.label), NOISE, np.int32)
    area[inside] = area_labels(other, other_km, one.sites.lat_e7[inside], one.sites.lon_e7[inside])
    return area
