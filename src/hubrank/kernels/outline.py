"""The ground of a cluster: its members' discs, joined, then drawn tight (METHOD 10)."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError, Voronoi
from shapely.geometry.base import BaseGeometry

from hubrank import sphere
from hubrank.kernels import rings
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


def _exposed(xy: Floats, reach: float) -> tuple[NDArray[np.bool_], Ints]:
    """Return which points shape the rim of the union of discs, and the triangles that fill its inside.

    The triangles are those of Delaunay whose circumradius is at most `reach`; a point touched by any other
    triangle, or by none, is exposed. Source: Edelsbrunner, Kirkpatrick & Seidel (1983), IEEE T-IT 29, 551-559.
    """
    exposed = np.zeros(len(xy), np.bool_)
    try:
        mesh = Delaunay(xy)
    except (QhullError, ValueError):
        return ~exposed, np.empty((0, 3), np.int64)
    a, b, c = (xy[mesh.simplices[:, i]] for i in range(3))
    sides = [np.hypot(*(p - q).T) for p, q in ((a, b), (b, c), (c, a))]
    twice_area = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])
    filled = sides[0] * sides[1] * sides[2] <= 2 * twice_area * reach * (1 - 1e-9)
    exposed[mesh.simplices[~filled]] = True
    exposed[mesh.convex_hull] = True
    exposed[mesh.coplanar[:, 0]] = True
    return exposed, mesh.simplices[filled]


def _discs(xy: Floats, reach: float) -> BaseGeometry:
    """Return the union of the discs of radius `reach` around points in km."""
    exposed, triangles = _exposed(xy, reach)
    discs = shapely.buffer(shapely.points(xy[exposed]), reach, quad_segs=_QUADRANT)
    corners = xy[triangles]
    inside = shapely.coverage_union_all(shapely.polygons(corners)) if len(corners) else shapely.Polygon()
    return shapely.union_all([*discs, inside])


def _patch(xyz: Floats, radius_km: float) -> _Patch:
    """Draw one cluster on a map of its own."""
    laea, reach = Laea.around(xyz), radius_km / 2
    shape = _discs(laea.forward(xyz), reach).buffer(MARGIN_KM - reach, quad_segs=_QUADRANT)
    return _Patch(laea, xyz, shape)


def _ground(xy: Floats, mine: NDArray[np.bool_], where: BaseGeometry) -> BaseGeometry:
    """Return the part of `where` that lies nearer to one of `mine` than to any other point."""
    west, south, east, north = where.bounds
    far = 10 * max(east - west, north - south, float(np.ptp(xy, axis=0).max()))
    middle = np.array([(west + east) / 2, (south + north) / 2])
    frame = middle + far * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    diagram = Voronoi(np.vstack([xy, frame]))
    cells = [shapely.Polygon(diagram.vertices[diagram.regions[diagram.point_region[i]]]) for i in np.flatnonzero(mine)]
    return shapely.union_all(cells) & where


def _shared(a: _Patch, b: _Patch, reach: float) -> tuple[BaseGeometry, BaseGeometry] | None:
    """Return the ground that b takes from a and a from b, each on the loser's map; None where they are apart."""
    both = a.shape & shapely.transform(b.shape, lambda xy: a.laea.forward(b.laea.inverse(xy)))
    if both.area <= 0:
        return None
    xy = np.vstack([a.laea.forward(a.xyz), a.laea.forward(b.xyz)])
    of_a = np.arange(len(xy)) < len(a.xyz)
    near = shapely.dwithin(shapely.points(xy), both, reach)
    lost_by_a = _ground(xy[near], ~of_a[near], both)
    return lost_by_a, shapely.transform(both - lost_by_a, lambda xy: b.laea.forward(a.laea.inverse(xy)))


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


def outlines(lat_e7: Ints, lon_e7: Ints, label: NDArray[np.int32], *, radius_km: float) -> Outlines:
    """Draw each cluster: discs of half the radius around its members, shrunk until 1 km is left around each.

    lat_e7, lon_e7 : int64, shape (n,). 1e-7 degree.
    label : int32, shape (n,). Labels 0 … k - 1, each with a member; negative where none.
    Where two outlines overlap the ground goes to the nearer member.
    """
    sites = np.unique(np.column_stack([label, *sphere.canonical(lat_e7, lon_e7)])[label >= 0], axis=0)
    xyz = sphere.unit_vectors(sites[:, 1], sites[:, 2])
    starts = np.flatnonzero(np.diff(sites[:, 0], prepend=-1))
    patches = [_patch(part, radius_km) for part in np.split(xyz, starts[1:])] if len(sites) else []
    shapes, areas = [], []
    for patch, lost in zip(patches, _losses(patches, radius_km / 2), strict=True):
        own = patch.shape - shapely.union_all(lost) if lost else patch.shape
        areas.append(own.area)
        shapes.append(rings.finished(rings.to_degrees(own, patch.laea)))
    return Outlines(tuple(shapes), np.array(areas, np.float64))
