"""Density clusters of weighted points, exactly (METHOD 3)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hubrank import sphere
from hubrank.kernels import bands, borders, cells, density, halving, joining, labels, vicinity
from hubrank.kernels.cells import Cells, Points, empty_blocks, make_blocks
from hubrank.kernels.compiling import cores as available
from hubrank.kernels.compiling import pieces, ready, run
from hubrank.kernels.density import Rule
from hubrank.kernels.joining import Scene
from hubrank.sphere import Floats, Ints

NOISE = labels.NOISE
Locate = Callable[[Ints, int, int], None]


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
    return ready(*(module.__name__ for module in (bands, vicinity, density, cells, joining, borders, labels)))


def _scene(points: Points, cells: Cells, rule: Rule, locate: Locate, threads: int) -> Scene:
    """Find the cores."""
    (d, n), m = points.xyz.shape, len(cells.weight)
    verdict, relevant = np.empty(m, np.uint8), np.zeros(m, np.uint8)
    parts = pieces(np.diff(cells.near_start), threads)
    run(lambda i, j: density.judge(cells, rule, i, j, verdict), parts, threads)
    run(lambda i, j: density.mark(cells, verdict, i, j, relevant), parts, threads)
    which, blocks, core = np.flatnonzero(relevant), empty_blocks(n, m, d), np.zeros(n, np.uint8)
    parts = pieces(np.diff(cells.start)[which], threads)
    run(lambda i, j: locate(which, i, j), parts, threads)
    run(lambda i, j: make_blocks(points, cells.start, which, i, j, blocks), parts, threads)
    job = partial(density.find_cores, points, cells, blocks, rule, verdict, which)
    run(lambda i, j: job(i, j, core), parts, threads)
    scene = Scene(cells, blocks, rule, core, verdict, np.empty(n, np.int64), np.zeros(m, np.uint8))
    run(lambda i, j: joining.count_cores(scene, i, j), pieces(np.diff(cells.start), threads), threads)
    return scene


def _cluster(points: Points, cells: Cells, rule: Rule, locate: Locate, threads: int) -> Clustering:
    """Find cores, join them, give border points to the nearest, number the clusters."""
    n, m = len(points.row), len(cells.weight)
    scene = _scene(points, cells, rule, locate, threads)
    root, owner = np.arange(m, dtype=np.int32), np.empty(n, np.int32)
    joining.join(points, scene, root)
    parts = pieces(np.diff(cells.start), threads)
    run(lambda i, j: borders.assign(points, scene, root, i, j, owner), parts, threads)
    number = labels.numbers(points, owner, scene, root)
    found = Clustering(np.empty(n, np.int32), np.empty(n, np.bool_))
    parts = pieces(np.zeros(n, np.int64), threads)
    run(
        lambda i, j: labels.hand_back(points, owner, scene.core, number, i, j, found.label, found.is_core),
        parts,
        threads,
    )
    return found


def dbscan(points: Floats, weight: Ints, *, radius: float, min_weight: int, threads: int | None = None) -> Clustering:
    """Group points whose neighbourhoods weigh at least `min_weight`.

    points : float64, shape (n, d), finite, in any order.
    weight : int64, shape (n,). Not negative.
    radius : Euclidean; squared distances are compared in float64 and the rim counts as inside.
    A border point joins its nearest core point; ties go to the core that comes first by coordinates.
    Labels are numbered by weight; ties go to the cluster whose first core comes first by coordinates.
    Raises ValueError naming the first row that cannot be used.
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    ordered, cells = halving.lay_out(points, weight, radius)
    return _cluster(ordered, cells, Rule(radius, radius * radius, min_weight), lambda *_: None, threads or available())


def cluster_sites(
    lat_e7: Ints, lon_e7: Ints, weight: Ints, *, radius_km: float, min_weight: int, threads: int | None = None
) -> Clustering:
    """Group sites whose surroundings weigh at least `min_weight`.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree, in any order, repeated or not.
    weight : int64, shape (n,). Listings at each site, not negative.
    radius_km : along the surface; squared chords are compared in float64 and the rim counts as inside.
    A border site joins its nearest core site; ties go to the core of lower (lat, lon).
    Labels are numbered by weight; ties go to the cluster that holds the core of lowest (lat, lon).
    Raises ValueError naming the first row that cannot be used.
    Source: Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231.
    """
    reach2, threads = sphere.chord2(radius_km), threads or available()
    chord = float(np.sqrt(reach2))
    grid = bands.make_grid(chord)
    points, layout = bands.lay_out(bands.Sites(lat_e7, lon_e7, weight), grid, threads)
    cells = vicinity.find_near(points, layout, grid, chord, threads)
    locate = partial(bands.locate, points, cells.start)
    return _cluster(points, cells, Rule(chord, reach2, min_weight), locate, threads)
