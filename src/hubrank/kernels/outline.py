"""The ground of a cluster: its members' discs, joined, then drawn tight (METHOD 10)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError, Voronoi
from shapely.geometry.base import BaseGeometry

from hubrank import sphere
from hubrank.kernels import rings
from hubrank.kernels.compiling import cores
from hubrank.kernels.laea import Laea
from hubrank.sphere import Floats, Ints

MARGIN_KM = 1.0  # what stays around each member when the discs are drawn tight (rules 10)
_QUADRANT = 16  # edges that stand for a quarter of a circle: 9 m off at 7.5 km


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """The outline of each cluster 0 … k - 1.

    shape : Polygon or MultiPolygon in degrees (WGS 84, longitude first), outer rings counter-clockwise, valid,
        cut at the antimeridian; coordinates are multiples of 1e-6.
    area_km2 : float64, shape (k,).
    """

    shape: tuple[BaseGeometry, ...]
    area_km2: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """One cluster on its local map."""

    laea: Laea
    xyz: Floats
    shape: BaseGeometry


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Return twice the area of triangles, above 0 where they run counter-clockwise."""
    return (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]


def _inside(mesh: Delaunay, filled: NDArray[np.bool_]) -> list[BaseGeometry]:
    """Return the areas that filled triangles make up: those faces between their outer edges that lie on their side."""
    row, corner = np.nonzero(filled[:, None] & ((mesh.neighbors < 0) | ~filled[mesh.neighbors]))
    at = [mesh.points[mesh.simplices[row, (corner + step) % 3]] for step in range(3)]
    leftward = _turn(at[1], at[2], at[0]) > 0  # the triangle lies to the left of its edge
    edges = np.where(leftward[:, None], np.hstack([at[1], at[2]]), np.hstack([at[2], at[1]]))
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(edges.reshape(-1, 2, 2))))
    with_triangles = set(map(tuple, edges.tolist()))
    starts = [shapely.get_coordinates(face.exterior)[:2].ravel() for face in shapely.orient_polygons(faces)]
    return [face for face, start in zip(faces, starts, strict=True) if tuple(start.tolist()) in with_triangles]


def _union(xy: Floats, reach: float) -> list[BaseGeometry]:
    """Return shapes in km that make up the union of the discs of radius `reach` around points.

    Delaunay triangles whose circumradius is at most `reach` lie in the union, and its rim consists of arcs around the
    corners of all others. Source: Edelsbrunner, Kirkpatrick & Seidel (1983), IEEE T-IT 29, 551-559.
    """
    exposed, inside = np.zeros(len(xy), np.bool_), []
    try:
        mesh = Delaunay(xy)
    except (QhullError, ValueError):  # fewer than three points, or all on one line
        exposed[:] = True
    else:
        a, b, c = (xy[mesh.simplices[:, i]] for i in range(3))
        sides = np.prod([np.hypot(*(p - q).T) for p, q in ((a, b), (b, c), (c, a))], axis=0)
        filled = sides <= 2 * np.abs(_turn(a, b, c)) * reach * (1 - 1e-9)
        exposed[mesh.simplices[~filled]] = True
        exposed[mesh.convex_hull] = True
        exposed[mesh.coplanar[:, 0]] = True
        inside = _inside(mesh, filled)
    return [*shapely.buffer(shapely.points(xy[exposed]), reach, quad_segs=_QUADRANT), *inside]


def _patch(xyz: Floats, radius_km: float) -> _Patch:
    """Draw one cluster on a map of its own."""
    laea, reach = Laea.around(xyz), radius_km / 2
    shape = shapely.union_all(_union(laea.forward(xyz), reach)).buffer(MARGIN_KM - reach, quad_segs=_QUADRANT)
    return _Patch(laea, xyz, shape)


def _solid(shape: BaseGeometry) -> BaseGeometry:
    """Return the areas of a shape, valid; moving it to another map can make edges touch that nearly did."""
    parts = shapely.get_parts(shape if shape.is_valid else shapely.make_valid(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _moved(shape: BaseGeometry, start: Laea, end: Laea) -> BaseGeometry:
    """Bring a shape from one local map to another."""
    return _solid(shapely.transform(shape, lambda xy: end.forward(start.inverse(xy))))


def _ground(xy: Floats, mine: NDArray[np.bool_], where: BaseGeometry) -> BaseGeometry:
    """Return the part of `where` that lies nearer to one of `mine` than to any other point."""
    west, south, east, north = where.bounds
    far = 10 * max(east - west, north - south, float(np.ptp(xy, axis=0).max()))
    middle = np.array([(west + east) / 2, (south + north) / 2])
    frame = middle + far * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    diagram = Voronoi(np.vstack([xy, frame]))
    cells = [shapely.Polygon(diagram.vertices[diagram.regions[diagram.point_region[i]]]) for i in np.flatnonzero(mine)]
    return _solid(shapely.union_all(cells) & where)


def _shared(a: _Patch, b: _Patch, reach: float) -> tuple[BaseGeometry, BaseGeometry] | None:
    """Return the ground that b takes from a and a from b, each on the loser's map; None where they are apart."""
    both = _solid(a.shape & _moved(b.shape, b.laea, a.laea))
    if both.is_empty:
        return None
    xy = np.vstack([a.laea.forward(a.xyz), a.laea.forward(b.xyz)])
    of_a = np.arange(len(xy)) < len(a.xyz)
    near = shapely.dwithin(shapely.points(xy), both, reach)
    lost_by_a = _ground(xy[near], ~of_a[near], both)
    return lost_by_a, _moved(both - lost_by_a, a.laea, b.laea)


def _losses(patches: list[_Patch], reach: float) -> list[list[BaseGeometry]]:
    """Return, for each cluster, the pieces of ground that lie nearer to another one."""
    lost: list[list[BaseGeometry]] = [[] for _ in patches]
    centre = np.array([p.laea.centre for p in patches])
    extent = np.array([sphere.chord2(_reach_km(p)) ** 0.5 for p in patches])
    for a in range(len(patches)):
        apart = np.sqrt(((centre[a + 1 :] - centre[a]) ** 2).sum(axis=1))
        for b in a + 1 + np.flatnonzero(apart <= extent[a] + extent[a + 1 :]):
            if pieces := _shared(patches[a], patches[b], reach):
                lost[a].append(pieces[0])
                lost[b].append(pieces[1])
    return lost


def _reach_km(patch: _Patch) -> float:
    """Return how far a shape extends from the centre of its map, rounded up."""
    xy = shapely.get_coordinates(patch.shape)
    flat = min(float(np.hypot(*xy.T).max()) / (2 * sphere.EARTH_RADIUS_KM), 1.0)
    return 2 * sphere.EARTH_RADIUS_KM * float(np.arcsin(flat)) + MARGIN_KM


def _finished(patch: _Patch, lost: list[BaseGeometry]) -> tuple[BaseGeometry, float]:
    """Return the outline of a cluster in degrees and its area, less what others take from it."""
    own = patch.shape - shapely.union_all(lost) if lost else patch.shape
    return rings.finished(rings.to_degrees(own, patch.laea)), own.area


def _distinct(lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32]) -> tuple[Floats, Ints]:
    """Return the unit vectors of the distinct members, cluster by cluster, and where each cluster starts."""
    lat, lon = sphere.canonical(lat_e7, lon_e7)
    order = np.lexsort((lon, lat, label))[int((label < 0).sum()) :]
    lat, lon, label = lat[order], lon[order], label[order]
    new = (np.diff(label, prepend=-1) != 0) | (np.diff(lat, prepend=0) != 0) | (np.diff(lon, prepend=0) != 0)
    return sphere.unit_vectors(lat[new], lon[new]), np.flatnonzero(np.diff(label[new], prepend=-1))


def outlines(
    lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], *, radius_km: float, threads: int | None = None
) -> Outlines:
    """Draw each cluster: discs of half the radius around its members, shrunk until 1 km is left around each.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree.
    label : int32, shape (n,). Labels 0 … k - 1, each with a member; negative where none.
    threads : how many; by default one per processor. The result never depends on it.
    Where two outlines overlap the ground goes to the nearer member.
    """
    xyz, starts = _distinct(lat_e7, lon_e7, label)
    if not len(starts):
        return Outlines((), np.empty(0))
    members = np.split(xyz, starts[1:])
    with ThreadPoolExecutor(threads or cores()) as pool:
        patches = list(pool.map(lambda part: _patch(part, radius_km), members))
        found = list(pool.map(_finished, patches, _losses(patches, radius_km / 2)))
    shapes, areas = zip(*found, strict=True)
    return Outlines(shapes, np.array(areas, np.float64))
