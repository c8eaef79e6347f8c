"""Density clusters of weighted sites on the Earth, or of points in any dimension, exactly (METHOD 3)."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hubrank.clustering.dbscan import clusters, cores, layout, towers
from hubrank.clustering.dbscan.distances import Rule
from hubrank.core import sphere
from hubrank.core.compiled import in_threads, kernel, ready
from hubrank.core.processes import cores as processors
from hubrank.core.progress import Progress
from hubrank.core.sphere import DATE_LINE_E7, POLE_E7, Floats, Ints

NOISE = clusters.NOISE
_POINTS_PER_THREAD = 50_000  # below that, waking a thread costs more than it saves
_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Clustering:
    """Which cluster each point belongs to.

    label : int32, shape (n,). 0 = the heaviest cluster; NOISE where none.
    is_core : bool, shape (n,). True where the neighbourhood reaches the minimum.
    """

    label: NDArray[np.int32]
    is_core: NDArray[np.bool_]


def compiled() -> bool:
    """Say whether the kernel is machine code already; if not, the first `cluster_sites` takes some seconds more."""
    return ready(__name__, *(module.__name__ for module in (towers, layout, cores, clusters)))


def dbscan(points: Floats, weight: Ints, *, radius: float, min_weight: int, threads: int | None = None) -> Clustering:
    """Group points whose neighbourhoods weigh at least `min_weight`.

    points : float64, shape (n, d), finite, in any order, repeated or not.
    weight : int64, shape (n,). Not negative.
    radius : Euclidean; squared distances are compared in float64 and the rim counts as inside.
    threads : how many; by default one per processor. The result never depends on it.
    A border point joins its nearest core point; ties go to the core that comes first by coordinates.
    Labels are numbered by weight; ties go to the cluster whose first core comes first by coordinates.
    Memory is linear in the points for up to three dimensions.
    Raises ValueError naming the first row that cannot be used.
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    _check_choices(radius, min_weight, "radius")
    points, weight = np.asarray(points, np.float64) + 0.0, _whole(weight, "weight")
    _check_finite(points)
    _check_lengths(points=points, weight=weight)
    _check_weights(weight)
    xyz = np.zeros((max(points.shape[1], 3), len(points)))
    xyz[: points.shape[1]] = points.T
    rule = Rule(float(radius), float(radius) ** 2, int(min_weight))
    return _clustering(xyz, weight, _rank(points), rule, _threads(threads, len(points)))


def cluster_sites(
    lat_e7: Ints, lon_e7: Ints, weight: Ints, *, radius_km: float, min_weight: int, threads: int | None = None
) -> Clustering:
    """Group sites whose surroundings weigh at least `min_weight`.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree, in any order, repeated or not; none gives no clusters.
    weight : int64, shape (n,). Listings at each site, not negative.
    radius_km : along the surface; squared chords are compared in float64 and the rim counts as inside.
    threads : how many; by default one per processor. The result never depends on it.
    A border site joins its nearest core site; ties go to the core of lower (lat, lon).
    Labels are numbered by weight; ties go to the cluster that holds the core of lowest (lat, lon).
    Memory is linear in the sites.
    Raises ValueError naming the first row that cannot be used.
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    _check_choices(radius_km, min_weight, "radius_km")
    lat, lon, weight = map(_whole, (lat_e7, lon_e7, weight), ("lat_e7", "lon_e7", "weight"))
    _check_lengths(lat_e7=lat, lon_e7=lon, weight=weight)
    _check_weights(weight)
    _check_degrees(lat, "lat_e7", POLE_E7)
    _check_degrees(lon, "lon_e7", DATE_LINE_E7)
    n = len(weight)
    xyz, key, team = np.empty((3, n)), np.empty(n, np.int64), _threads(threads, n)
    in_threads(team, partial(_place, lat, lon, xyz, key), n)
    rule = Rule(math.sqrt(sphere.chord2(radius_km)), sphere.chord2(radius_km), int(min_weight))
    return _clustering(xyz, weight, key, rule, team)


def prepare(progress: Progress) -> None:
    """Compile the kernel where it is not compiled yet, and say so; a later run loads the machine code."""
    if not compiled():
        progress("compiling the clustering kernel, this once (about 6 s)", 0, 1)
        some = np.arange(4, dtype=np.int64)
        cluster_sites(some, some, some, radius_km=15, min_weight=2)


@kernel
def _place(lat_e7: Ints, lon_e7: Ints, xyz: Floats, key: Ints, first: int, last: int) -> None:
    """Write unit vectors, as `sphere.unit_vectors` computes them, and keys that order sites by (lat, lon)."""
    for i in range(first, last):
        lat, lon = lat_e7[i], -DATE_LINE_E7 if lon_e7[i] == DATE_LINE_E7 else lon_e7[i]
        lon = 0 if abs(lat) == POLE_E7 else lon
        key[i] = (lat + POLE_E7) << 32 | (lon + DATE_LINE_E7)
        north, east = math.radians(lat / sphere.E7), math.radians(lon / sphere.E7)
        xyz[0, i] = math.cos(north) * math.cos(east)
        xyz[1, i] = math.cos(north) * math.sin(east)
        xyz[2, i] = math.sin(north)


def _rank(points: Floats) -> Ints:
    """Return the rank of each row by its coordinates; equal rows have one."""
    by_axis = np.lexsort((*points.T[::-1], np.zeros(len(points))))
    differs = (np.diff(points[by_axis], axis=0, prepend=points[by_axis[:1]]) != 0).any(axis=1)
    rank = np.empty(len(points), np.int64)
    rank[by_axis] = np.cumsum(differs)
    return rank


def _clustering(xyz: Floats, weight: Ints, key: Ints, rule: Rule, threads: int) -> Clustering:
    if not len(weight):
        return Clustering(np.empty(0, np.int32), np.empty(0, np.bool_))
    return Clustering(*clusters.cluster(xyz, weight.copy(), key, rule, threads))


def _threads(threads: int | None, n: int) -> int:
    """Return how many threads n points are worth; or `threads` itself where it is a number."""
    if threads is not None and threads < 1:
        raise ValueError(f"threads is {threads}; expected 1 or more, or None: one per processor.")
    return threads or min(processors(), 1 + n // _POINTS_PER_THREAD)


def _whole(values: ArrayLike, name: str) -> Ints:
    """Return one column of whole numbers as int64; raise ValueError where it is none."""
    column = np.asarray(values)
    if column.ndim != 1:
        raise ValueError(f"{name} has the shape {column.shape}; expected one column.")
    if column.dtype.kind not in "iu":
        raise ValueError(f"{name} holds {column.dtype}; expected whole numbers (int64).")
    if column.dtype.kind == "u" and column.max(initial=0) > _MOST:
        row = int(np.argmax(column > _MOST))
        raise ValueError(f"row {row}: {name} is {column[row]}; it does not fit 64 bits.")
    return np.ascontiguousarray(column, np.int64)


def _check_degrees(column: Ints, name: str, limit: int) -> None:
    """Raise ValueError naming the first row that is beyond a limit."""
    if column.min(initial=0) < -limit or column.max(initial=0) > limit:
        row = int(np.argmax((column < -limit) | (column > limit)))
        raise ValueError(f"row {row}: {name} is {column[row]}; expected -{limit} … {limit} (1e-7 degree).")


def _check_lengths(**columns: Ints | Floats) -> None:
    """Raise ValueError where one column is shorter than another, naming the first row that it lacks."""
    lengths = {name: len(column) for name, column in columns.items()}
    short, long = min(lengths, key=lambda name: lengths[name]), max(lengths, key=lambda name: lengths[name])
    if lengths[short] < lengths[long]:
        raise ValueError(f"row {lengths[short]}: {short} ends before it; {long} has {lengths[long]} rows.")


def _check_weights(weight: Ints) -> None:
    """Raise ValueError naming the first weight below 0, or where the sum does not fit 64 bits."""
    if weight.min(initial=0) < 0:
        row = int(np.argmax(weight < 0))
        raise ValueError(f"row {row}: weight is {weight[row]}; expected 0 or more.")
    if weight.sum(dtype=np.float64) > _MOST * (1 - 1e-6):
        raise ValueError(f"the weights add up to {sum(map(int, weight))}; expected less than 2**63.")


def _check_finite(points: Floats) -> None:
    """Raise ValueError naming the first row that is not finite."""
    if points.ndim != 2:
        raise ValueError(f"points have the shape {points.shape}; expected (rows, axes).")
    bad = ~np.isfinite(points).all(axis=1)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"row {row}: {points[row].tolist()} is not finite; expected numbers.")


def _check_choices(radius: float, min_weight: int, name: str) -> None:
    """Raise ValueError where the radius is not a positive number or the minimum is not a whole one from 1 up."""
    if isinstance(radius, bool | str) or not 0 < radius < math.inf:
        raise ValueError(f"{name} is {radius!r}; expected a number above 0.")
    if isinstance(min_weight, bool | str) or min_weight != int(min_weight) or not 1 <= min_weight <= _MOST:
        raise ValueError(f"min_weight is {min_weight!r}; expected a whole number from 1 to 2**63 - 1.")
