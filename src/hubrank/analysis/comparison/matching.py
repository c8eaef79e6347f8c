"""Which cluster continues which: matched by where their weight lies, never by name (METHOD 8)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hubrank.analysis.comparison.cluster_area import on_ground
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.sphere import Ints
from hubrank.ranking.rank_clusters import RankedClusters

Kind = Literal["kept", "joined", "split", "new", "re-entered", "gone", "absorbed"]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ListingOverlap:
    """How the listings of each cluster are spread over the clusters of the other edition.

    parts : listings of the first of a pair that lie on the ground of the second; total : listings of each first.
    """

    parts: dict[Pair, int]
    total: list[int]


@dataclass(frozen=True, slots=True)
class ClusterMatches:
    """What became of the clusters of an earlier edition in a later one, by label.

    before : per later cluster, the earlier one that it continues, or None.
    after : per earlier cluster, the later one that continues it, or None.
    kind, fate : per later, and per earlier cluster: kept, joined, split or new; kept, absorbed, split or gone.
    kin_before, kin_after : per later, and per earlier cluster: all that it shares more than half of either with.
    """

    before: list[int | None]
    after: list[int | None]
    kind: list[Kind]
    fate: list[Kind]
    kin_before: list[list[int]]
    kin_after: list[list[int]]


def flow(listings: Ints, label: Labels, ground: Labels, count: int) -> ListingOverlap:
    """Sum listings by their own cluster and by the other edition's cluster on whose ground they lie.

    listings : int64, shape (n,); label, ground : int32, shape (n,); count : how many clusters `label` has.
    """
    total = np.zeros(count, np.int64)
    inside = label != NOISE
    np.add.at(total, label[inside], listings[inside])
    both = inside & (ground != NOISE)
    pairs, row = np.unique(np.column_stack([label[both], ground[both]]), axis=0, return_inverse=True)
    parts = np.zeros(len(pairs), np.int64)
    np.add.at(parts, row.ravel(), listings[both])
    return ListingOverlap(
        {(a, b): part for (a, b), part in zip(pairs.tolist(), parts.tolist(), strict=True)}, total.tolist()
    )


def kinship(forth: ListingOverlap, back: ListingOverlap) -> ClusterMatches:
    """Match clusters.

    forth : earlier listings on later ground; back : later listings on earlier ground.
    Two clusters are kin where more than half of the listings of one lie on the ground of the other. A later cluster
    continues the kin with which it shares most listings, its own and the other's together (ties: the lower label).
    Where several would continue one, it is split, unless one of them has two thirds of what they share with it.
    """
    shared = Counter(forth.parts)
    shared.update({(a, b): part for (b, a), part in back.parts.items()})
    kin = [
        (a, b)
        for a, b in sorted(shared)
        if 2 * forth.parts.get((a, b), 0) > forth.total[a] or 2 * back.parts.get((b, a), 0) > back.total[b]
    ]
    kin_before = _grouped(((b, a) for a, b in kin), len(back.total))
    kin_after = _grouped(kin, len(forth.total))
    source = [max(kin_a, key=lambda a: (shared[a, b], -a)) if kin_a else None for b, kin_a in enumerate(kin_before)]
    heirs = _grouped(((a, b) for b, a in enumerate(source) if a is not None), len(forth.total))
    after = [_heir(a, parts, shared) for a, parts in enumerate(heirs)]
    before = [a if a is not None and after[a] == b else None for b, a in enumerate(source)]
    kind = [_kind(b, before[b], kin_before[b], forth) for b in range(len(before))]
    fate = [_fate(*of) for of in zip(after, heirs, kin_after, strict=True)]
    return ClusterMatches(before, after, kind, fate, kin_before, kin_after)


def _grouped(pairs: Iterable[Pair], count: int) -> list[list[int]]:
    """Return the second of each pair under its first."""
    groups: list[list[int]] = [[] for _ in range(count)]
    for first, second in pairs:
        groups[first].append(second)
    return groups


def _heir(a: int, parts: list[int], shared: Counter[Pair]) -> int | None:
    """Return the one that continues cluster a, None where it is split or gone."""
    if not parts:
        return None
    main = max(parts, key=lambda b: (shared[a, b], -b))
    return main if 3 * shared[a, main] >= 2 * sum(shared[a, b] for b in parts) else None


def _kind(b: int, before: int | None, kin: list[int], forth: ListingOverlap) -> Kind:
    if not kin:
        return "new"
    if before is None:
        return "split"
    taken = [a for a in kin if a != before and 2 * forth.parts.get((a, b), 0) > forth.total[a]]
    return "joined" if taken else "kept"


def _fate(after: int | None, heirs: list[int], kin: list[int]) -> Kind:
    if after is not None:
        return "kept"
    if heirs:
        return "split"
    return "absorbed" if kin else "gone"


def kinship_of(earlier: RankedClusters, earlier_km: float, later: RankedClusters, later_km: float) -> ClusterMatches:
    """Match the clusters of two reckonings by where their listings lie; `…_km` : the radius of each.

    Each has its own records and its own rounding; a site without a counterpart counts by the ground it lies on.
    """
    forth_ground = on_ground(later, later_km, earlier.sites.lat_e7, earlier.sites.lon_e7)
    back_ground = on_ground(earlier, earlier_km, later.sites.lat_e7, later.sites.lon_e7)
    return kinship(
        flow(earlier.sites.listings.sum(axis=0), earlier.label, forth_ground, earlier.count),
        flow(later.sites.listings.sum(axis=0), later.label, back_ground, later.count),
    )
