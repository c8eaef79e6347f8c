"""clusters → merged clusters: neighbours that are each other's strongest partner become one (METHOD 4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels, by_weight
from hubrank.clustering.record_clusters import RecordOverlap
from hubrank.core import sphere
from hubrank.core.sphere import Floats, Ints
from hubrank.counting.points import Sites
from hubrank.study.sections import Merging


def merging(sites: Sites, label: Labels, weight: Ints, choice: Merging, overlap: RecordOverlap) -> Labels:
    """Merge clusters and number them anew by weight.

    label : int32, shape (n,). Clusters before merging.
    overlap : used only where a pair is near enough and the study wants the strongest link.
    """
    count = int(label.max(initial=NOISE)) + 1
    near = gaps(sites.lat_e7, sites.lon_e7, label, gap_km=choice.gap_km)
    pairs = list(zip(near.a.tolist(), near.b.tolist(), strict=True))
    if pairs and choice.strongest_link:
        group = merge_strongest(count, pairs, _strengths(*overlap.for_labels(sites, label)))
    else:
        group = merge_near(count, pairs)
    return by_weight(label, weight, np.asarray(group, np.int32))


def _strengths(links: pa.Table, world: dict[str, int]) -> list[tuple[int, int, Fraction]]:
    """Return link strengths: shared records over the records of the world, per metric; the parts add up later."""
    rows = zip(*(links[name].to_pylist() for name in ("metric", "a", "b", "records")), strict=True)
    return [(a, b, Fraction(records, world[metric])) for metric, a, b, records in rows]


_SLACK = 1 + 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Pairs of clusters that come near each other, ordered by (a, b).

    a, b : int32, shape (m,). Labels, a < b.
    km : float64, shape (m,). Great-circle distance of their nearest members.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    km: Floats


def _balls(xyz: Floats, starts: Ints) -> tuple[Floats, Floats]:
    """Return a centre for each cluster and the distance of its farthest member; members come cluster by cluster."""
    size = np.diff(starts, append=len(xyz))
    centre = np.add.reduceat(xyz, starts, axis=0) / size[:, None]
    far2 = ((xyz - np.repeat(centre, size, axis=0)) ** 2).sum(axis=1)
    return centre, np.sqrt(np.maximum.reduceat(far2, starts))


def _within(xyz: Floats, centre: Floats, reach: float) -> Floats:
    """Return those members that lie within a ball."""
    near: Floats = xyz[((xyz - centre) ** 2).sum(axis=1) <= reach * reach]
    return near


def _nearest2(a: Floats, b: Floats, limit: float) -> float:
    """Return the least squared distance between two sets, infinity where it is beyond the limit."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    if not len(few):
        return np.inf
    distance, row = cKDTree(many).query(few, distance_upper_bound=limit)
    near = np.isfinite(distance)
    return float(((few[near] - many[row[near]]) ** 2).sum(axis=1).min(initial=np.inf))


def gaps(lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], *, gap_km: float) -> Gaps:
    """Return each pair of clusters whose nearest members are at most `gap_km` apart.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree.
    label : int32, shape (n,). Labels 0 … k - 1, each with a member; negative where none.
    gap_km : along the surface; the rim counts as inside.
    """
    order = np.argsort(label, kind="stable")[int((label < 0).sum()) :]
    pairs: list[tuple[int, int, float]] = []
    if len(order):
        xyz, limit2 = sphere.unit_vectors(lat_e7[order], lon_e7[order]), sphere.chord2(gap_km)
        starts = np.flatnonzero(np.diff(label[order], prepend=-1))
        pairs = [pair for pair in _pairs(xyz, starts, np.sqrt(limit2) * _SLACK + 1e-12) if pair[2] <= limit2]
    table = np.array(pairs).reshape(-1, 3)
    km = 2 * sphere.EARTH_RADIUS_KM * np.arcsin(np.sqrt(table[:, 2]) / 2)
    return Gaps(table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), km)


def _pairs(xyz: Floats, starts: Ints, limit: float) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of clusters with the squared distance of their nearest members, those first that come first."""
    members = np.split(xyz, starts[1:])
    centre, reach = _balls(xyz, starts)
    for a in range(len(starts)):
        apart = np.sqrt(((centre[a + 1 :] - centre[a]) ** 2).sum(axis=1)) - reach[a + 1 :] - reach[a]
        for b in (a + 1 + np.flatnonzero(apart <= limit)).tolist():
            of_a = _within(members[a], centre[b], reach[b] + limit)
            yield a, b, _nearest2(of_a, _within(members[b], centre[a], reach[a] + limit), limit)


Pair = tuple[int, int]
Link = tuple[int, int, int | Fraction | tuple[int, int]]


def _checked(pair: Pair, n_clusters: int, name: str, row: int) -> Pair:
    """Return a pair of labels, lower first; raise ValueError where it is none."""
    low, high = sorted((int(pair[0]), int(pair[1])))
    if not 0 <= low < high < n_clusters:
        expected = f"expected two of the labels 0 … {n_clusters - 1}"
        raise ValueError(f"{name} {row} joins {pair[0]} and {pair[1]}; {expected}.")
    return low, high


def merge_near(n_clusters: int, near: Iterable[Pair]) -> NDArray[np.int32]:
    """Join clusters that a chain of near pairs connects.

    near : pairs of labels, in any order.
    Returns int32, shape (n_clusters,): the group of each cluster, numbered by its lowest label.
    Raises ValueError naming the first pair that is not two of the labels.
    """
    root = list(range(n_clusters))

    def find(label: int) -> int:
        """Return the root of a label; the way there is halved for the next search."""
        while root[label] != label:
            root[label] = root[root[label]]
            label = root[label]
        return label

    for row, pair in enumerate(near):
        low, high = sorted(map(find, _checked(pair, n_clusters, "pair", row)))
        root[high] = low
    number = {label: i for i, label in enumerate(sorted({find(label) for label in range(n_clusters)}))}
    return np.array([number[find(label)] for label in range(n_clusters)], np.int32)


def _exact(strength: object, row: int) -> Fraction:
    """Return a strength as a fraction; floats are refused, they cannot be compared exactly."""
    if isinstance(strength, tuple):
        return Fraction(*map(int, strength))
    if isinstance(strength, (int, np.integer, Fraction)):
        return Fraction(strength if isinstance(strength, Fraction) else int(strength))
    raise ValueError(f"link {row} has strength {strength!r}; expected a whole number or (numerator, denominator).")


def _partners(n_clusters: int, links: Iterable[Link]) -> dict[int, int]:
    """Return the strongest partner of each cluster that has any; ties: the lower label."""
    strength: dict[Pair, Fraction] = {}
    for row, (a, b, value) in enumerate(links):
        pair = _checked((a, b), n_clusters, "link", row)
        strength[pair] = strength.get(pair, Fraction(0)) + _exact(value, row)
    best: dict[int, tuple[Fraction, int]] = {}
    for (a, b), value in strength.items():
        for one, other in ((a, b), (b, a)):
            if value > 0:
                best[one] = max(best.get(one, (Fraction(0), 0)), (value, -other))
    return {one: -other for one, (_, other) in best.items()}


def merge_strongest(n_clusters: int, near: Iterable[Pair], links: Iterable[Link]) -> NDArray[np.int32]:
    """Join near pairs of which each is the other's strongest partner: all at once, in one round.

    near : pairs of labels within the gap, in any order.
    links : (a, b, strength) between any two clusters, near or not; strengths are whole numbers, fractions or
        (numerator, denominator); those of one pair add up. A partner is sought among all clusters; ties: lower label.
        Where no link has a strength above 0, distance alone decides, as in `merge_near`.
    Returns int32, shape (n_clusters,): the group of each cluster, numbered by its lowest label.
    Raises ValueError naming the first pair or link that is not two of the labels, or whose strength is a float.
    """
    partner = _partners(n_clusters, links)
    if not partner:
        return merge_near(n_clusters, near)
    return merge_near(n_clusters, ((a, b) for a, b in near if partner.get(int(a)) == b and partner.get(int(b)) == a))
