"""How near clusters come to each other (METHOD 4)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hubrank.core import sphere
from hubrank.core.sphere import Floats, Ints

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
