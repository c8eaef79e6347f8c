"""Density clusters of weighted points, exactly (METHOD 3)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hubrank.clustering.dbscan import (
    bands,
    blocks,
    borders,
    density,
    inputs,
    joining,
    labels,
    neighbour_cells,
    split_cells,
)
from hubrank.clustering.dbscan.blocks import make_blocks
from hubrank.clustering.dbscan.cells import Cells, Points
from hubrank.clustering.dbscan.density import Rule
from hubrank.clustering.dbscan.joining import Scene
from hubrank.core import sphere
from hubrank.core.compiled import ThreadTeam, even, ready
from hubrank.core.processes import cores
from hubrank.core.progress import Progress
from hubrank.core.sphere import Floats, Ints

NOISE = labels.NOISE
_SMALLEST_KM = 0.1  # below that a grid over the Earth has more bands than most studies have sites
_POINTS_PER_THREAD = 50_000  # below that, waking a thread costs more than it saves
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
    return ready(
        *(module.__name__ for module in (inputs, bands, neighbour_cells, blocks, density, joining, borders, labels))
    )


def _crew(threads: int | None, n: int) -> ThreadTeam:
    """Return the threads that n points are worth; as many as were asked for where they were."""
    if threads is not None and threads < 1:
        raise ValueError(f"threads is {threads}; expected 1 or more, or None: one per processor.")
    return ThreadTeam(threads or min(cores(), 1 + n // _POINTS_PER_THREAD))


def _scene(points: Points, cells: Cells, rule: Rule, locate: Locate, crew: ThreadTeam) -> Scene:
    """Find the cores."""
    n, m = len(points.row), len(cells.start) - 1
    verdict, relevant = np.empty(m, np.uint8), np.zeros(m, np.uint8)
    crew.run(lambda i, j: density.judge(cells, rule, i, j, verdict), np.diff(cells.run_start))
    crew.run(lambda i, j: density.mark(cells, verdict, i, j, relevant), np.diff(cells.run_start))
    which, sizes, core = np.flatnonzero(relevant), np.diff(cells.start), np.zeros(n, np.uint8)
    crew.run(lambda i, j: locate(which, i, j), sizes[which])
    blocks = make_blocks(points, cells.start, which, crew)
    find = partial(density.find_cores, points, cells, blocks, rule, verdict, which)
    crew.run(lambda i, j: find(i, j, core), sizes[which])
    scene = Scene(cells, blocks, rule, core, verdict, np.empty(len(blocks.cell), np.int64), np.zeros(m, np.uint8))
    crew.run(lambda i, j: joining.count_cores(scene, i, j), sizes)
    return scene


def _cluster(points: Points, cells: Cells, rule: Rule, locate: Locate, crew: ThreadTeam) -> Clustering:
    """Find cores, join them, give border points to the nearest, number the clusters."""
    n, m = len(points.row), len(cells.start) - 1
    scene = _scene(points, cells, rule, locate, crew)
    root, owner = np.arange(m, dtype=np.int32), np.empty(n, np.int32)
    joining.join(points, scene, root)
    crew.run(lambda i, j: borders.assign(points, scene, root, i, j, owner), np.diff(cells.start))
    number = labels.numbers(points, owner, scene, root)
    found = Clustering(np.empty(n, np.int32), np.empty(n, np.bool_))
    hand_back = partial(labels.hand_back, points, owner, scene.core, number)
    crew.run_parts(lambda i, j: hand_back(i, j, found.label, found.is_core), even(n, crew.threads))
    return found


def _nothing() -> Clustering:
    return Clustering(np.empty(0, np.int32), np.empty(0, np.bool_))


def _any_dimension(xyz: Floats, weight: Ints, key: Ints, rule: Rule, crew: ThreadTeam) -> Clustering:
    """Cluster points whose ties are decided by `key`."""
    points, cells = split_cells.lay_out(xyz, weight, key, rule.reach)
    return _cluster(points, cells, rule, lambda *_: None, crew)


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
    inputs.check_choices(radius, min_weight, "radius")
    points, weight = np.asarray(points, np.float64) + 0.0, inputs.whole(weight, "weight")
    inputs.check_finite(points)
    inputs.same_length(points=points, weight=weight)
    inputs.check_weights(weight)
    if not len(points):
        return _nothing()
    rule = Rule(float(radius), float(radius) ** 2, int(min_weight))
    with _crew(threads, len(points)) as crew:
        return _any_dimension(points, weight, split_cells.order(points), rule, crew)


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
    inputs.check_choices(radius_km, min_weight, "radius_km")
    sites = bands.Sites(*map(inputs.whole, (lat_e7, lon_e7, weight), ("lat_e7", "lon_e7", "weight")))
    rule = Rule(math.sqrt(sphere.chord2(radius_km)), sphere.chord2(radius_km), int(min_weight))
    with _crew(threads, len(sites.weight)) as crew:
        inputs.check_sites(*sites, crew)
        if not len(sites.weight):
            return _nothing()
        return _on_grid(sites, rule, crew) if radius_km >= _SMALLEST_KM else _off_grid(sites, rule, crew)


def _on_grid(sites: bands.Sites, rule: Rule, crew: ThreadTeam) -> Clustering:
    grid = bands.make_grid(rule.reach)
    points, layout = bands.lay_out(sites, grid, crew)
    cells = neighbour_cells.find_near(points, layout, grid, rule.reach, crew)
    return _cluster(points, cells, rule, partial(bands.locate, points, cells.start), crew)


def _off_grid(sites: bands.Sites, rule: Rule, crew: ThreadTeam) -> Clustering:
    lat, lon = sphere.canonical(sites.lat_e7, sites.lon_e7)
    key = (lat + sphere.POLE_E7) << 32 | (lon + sphere.DATE_LINE_E7)
    return _any_dimension(sphere.unit_vectors(lat, lon), sites.weight, key, rule, crew)


def prepare(progress: Progress) -> None:
    """Compile the kernel where it is not compiled yet, and say so; a later run loads the machine code."""
    if not compiled():
        progress("compiling the clustering kernel, this once (about 10 s)", 0, 1)
        some = np.arange(4, dtype=np.int64)
        cluster_sites(some, some, some, radius_km=15, min_weight=2)
