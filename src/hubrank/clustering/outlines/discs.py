"""One cluster on its local map: the discs around its sites joined, and drawn tight for an outline (METHOD 10)."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError
from shapely.geometry.base import BaseGeometry

from hubrank.clustering.outlines.laea import Laea
from hubrank.core.sphere import EARTH_RADIUS_KM, Floats

MARGIN_KM = 1.0  # what stays around each member when the discs are drawn tight
_OFF_KM = 0.002  # how far an edge may stray from its circle: what a disc misses, drawing tight makes a hole
_PLAIN_KM = 0.02  # how far the ground may be simplified: less than a hundredth of any disc of 2 km


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """One cluster on its local map: its members as unit vectors, shape (n, 3), and its outline in km."""

    laea: Laea
    xyz: Floats
    shape: BaseGeometry


def _quadrant(radius_km: float) -> int:
    """Return how many edges stand for a quarter of a circle."""
    return int(np.ceil(np.pi / 4 / np.arccos(1 - min(_OFF_KM / radius_km, 1))))


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


def _triangles(xy: Floats) -> Delaunay | None:
    """Return the Delaunay triangles of points; None of fewer than three, or where all lie on one line."""
    try:
        mesh = Delaunay(xy)
    except (QhullError, ValueError):
        return None
    # Of points on a line but for rounding Qhull leaves some out, or uses the one at infinity, which it numbers last.
    used = np.union1d(mesh.simplices, mesh.coplanar[:, 0])
    return mesh if np.array_equal(used, np.arange(len(xy))) else None


def _union(xy: Floats, reach: float) -> list[BaseGeometry]:
    """Return shapes in km that make up the union of the discs of radius `reach` around points.

    Delaunay triangles whose circumradius is at most `reach` lie in the union, and its rim consists of arcs around the
    corners of all others. Source: Edelsbrunner, Kirkpatrick & Seidel (1983), IEEE T-IT 29, 551-559.
    """
    exposed, inside = np.zeros(len(xy), np.bool_), []
    if (mesh := _triangles(xy)) is None:
        exposed[:] = True
    else:
        a, b, c = (xy[mesh.simplices[:, i]] for i in range(3))
        sides = np.prod([np.hypot(*(p - q).T) for p, q in ((a, b), (b, c), (c, a))], axis=0)
        filled = sides <= 2 * np.abs(_turn(a, b, c)) * reach * (1 - 1e-9)
        exposed[mesh.simplices[~filled]] = True
        exposed[mesh.convex_hull] = True
        exposed[mesh.coplanar[:, 0]] = True
        inside = _inside(mesh, filled)
    return [*shapely.buffer(shapely.points(xy[exposed]), reach, quad_segs=_quadrant(reach)), *inside]


def draw_tight(xyz: Floats, radius_km: float) -> Patch:
    """Draw members, given as unit vectors, on a map of their own; the outline strays up to 4 m from its definition."""
    laea, reach = Laea.around(xyz), radius_km / 2
    discs = shapely.union_all(_union(laea.forward(xyz), reach))
    shape = discs.buffer(MARGIN_KM - reach, quad_segs=_quadrant(abs(MARGIN_KM - reach) + _OFF_KM))
    return Patch(laea, xyz, _rounded(shape).simplify(_OFF_KM))


def draw_ground(xyz: Floats, radius_km: float) -> Patch:
    """Draw the discs of half the radius around dense sites, joined; the rim strays up to 22 m from its definition."""
    laea = Laea.around(xyz)
    discs = shapely.union_all(_union(laea.forward(xyz), radius_km / 2))
    return Patch(laea, xyz, _rounded(discs).simplify(_PLAIN_KM))


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    """Round to millimetres: of two points equally far from a line rounding errors would choose which one stays."""
    return solid(shapely.transform(shape, lambda xy: np.round(xy, 6)))


def solid(shape: BaseGeometry) -> BaseGeometry:
    """Return the areas of a shape, valid: what is rounded, moved or cut can touch itself and leave lines."""
    if shape.is_valid and isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))  # of a collection several areas are one
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def extent_km(patch: Patch) -> float:
    """Return how far a shape extends from the centre of its map, rounded up."""
    xy = shapely.get_coordinates(patch.shape)
    flat = min(float(np.hypot(*xy.T).max()) / (2 * EARTH_RADIUS_KM), 1.0)
    return 2 * EARTH_RADIUS_KM * float(np.arcsin(flat)) + MARGIN_KM
