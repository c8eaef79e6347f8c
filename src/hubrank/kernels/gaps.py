"""How near clusters come to each other (METHOD 4)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hubrank import sphere
from hubrank.sphere import Floats, Ints

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


def _balls(members: list[Floats]) -> tuple[Floats, Floats]:
    """Return a centre for each cluster and the distance of its farthest member."""
    centre = np.array([m.mean(axis=0) for m in members])
    reach = np.array([np.sqrt(((m - c) ** 2).sum(axis=1).max()) for m, c in zip(members, centre, strict=True)])
    return centre, reach


def _nearest2(a: Floats, b: Floats, limit: float) -> float:
    """Return the least squared distance between two sets, infinity where it is beyond the limit."""
    few, many = (a, b) if len(a) <= len(b) else (b, a)
    distance, row = cKDTree(many).query(few, distance_upper_bound=limit)
    found = np.isfinite(distance)
    return float(((few[found] - many[row[found]]) ** 2).sum(axis=1).min(initial=np.inf))


def gaps(lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], *, gap_km: float) -> Gaps:
    """Return each pair of clusters whose nearest members are at most `gap_km` apart.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree.
    label : int32, shape (n,). Labels 0 … k - 1; negative where none.
    gap_km : along the surface; the rim counts as inside.
    """
    xyz, limit2 = sphere.unit_vectors(lat_e7, lon_e7), sphere.chord2(gap_km)
    k = int(label.max(initial=-1)) + 1
    members = [xyz[label == c] for c in range(k)]
    if k < 2:
        return Gaps(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    centre, reach = _balls(members)
    limit = np.sqrt(limit2) * _SLACK + 1e-12
    found: list[tuple[int, int, float]] = []
    for a in range(k):
        apart = np.sqrt(((centre[a + 1 :] - centre[a]) ** 2).sum(axis=1)) - reach[a + 1 :] - reach[a]
        others = a + 1 + np.flatnonzero(apart <= limit)
        found += [(a, int(b), _nearest2(members[a], members[b], limit)) for b in others]
    table = np.array([row for row in found if row[2] <= limit2]).reshape(-1, 3)
    km = 2 * sphere.EARTH_RADIUS_KM * np.arcsin(np.sqrt(table[:, 2]) / 2)
    return Gaps(table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), km)
