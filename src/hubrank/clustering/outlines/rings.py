"""From a flat local map back to longitude and latitude: poles, antimeridian, ring order (RFC 7946, 3.1.6, 3.1.9)."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hubrank.clustering.outlines.laea import Laea, lon_lat
from hubrank.core.sphere import EARTH_RADIUS_KM, Floats

GRID_DEG = 1e-6  # what coordinates are rounded to
_WORLD = shapely.box(-180, -90, 180, 90)
_SPHERE_KM2 = 4 * np.pi * EARTH_RADIUS_KM**2
_LON_STEP = 0.5  # a straight edge on the map may span this many degrees before it is drawn in pieces
_PIECES = 64


def _unwrapped(line: Floats) -> Floats:
    """Return a closed ring in degrees whose longitude runs on past ±180 without a jump: each edge the short way."""
    step = np.diff(line[:, 0])
    step -= 360 * np.round(step / 360)
    return np.column_stack([np.append(line[0, 0], line[0, 0] + np.cumsum(step)), line[:, 1]])


def _unwound(xy: Floats, laea: Laea) -> Floats:
    """Return longitudes and latitudes of a closed ring of the map, unwrapped."""
    return _unwrapped(lon_lat(laea.inverse(xy)))


def _dense(xy: Floats, laea: Laea) -> Floats:
    """Add vertices to the edges that swing far in longitude, as they do near a pole."""
    swing = np.abs(np.diff(_unwound(xy, laea)[:, 0])) > _LON_STEP
    if not swing.any():
        return xy
    share = np.linspace(0, 1, _PIECES, endpoint=False)[:, None]
    edges = zip(xy[:-1], xy[1:], swing, strict=True)
    return np.vstack([*(a + share * (b - a) if far else a[None] for a, b, far in edges), xy[-1:]])


def _cut(region: BaseGeometry) -> BaseGeometry:
    """Bring a region into -180 … 180, in several parts where it crosses the antimeridian."""
    west, _, east, _ = region.bounds
    parts = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.ceil((east + 180) / 360))):
        moved = shapely.transform(region, lambda c, turn=turn: c - [360 * turn, 0])
        parts.append(moved if west - 360 * turn >= -180 and east - 360 * turn <= 180 else moved & _WORLD)
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _enclosed_km2(line: Floats) -> float:
    """Return the area to the left of a ring, computed in degrees; less the whole sphere where both poles are in it."""
    lon, height = np.radians(line[:, 0]), np.sin(np.radians(line[:, 1]))
    return -float((np.diff(lon) * (height[1:] + height[:-1])).sum()) / 2 * EARTH_RADIUS_KM**2


def area_km2(shape: BaseGeometry) -> float:
    """Return the area of a shape in degrees, its edges straight in Lambert's cylindrical projection."""
    return float(areas_km2(np.array([shape], object))[0])


def areas_km2(shapes: NDArray[np.object_]) -> Floats:
    """Return float64, shape (n,): the area of each shape, as `area_km2` does."""
    flat = shapely.transform(shapes, lambda c: np.column_stack([np.radians(c[:, 0]), np.sin(np.radians(c[:, 1]))]))
    return np.asarray(shapely.area(flat) * EARTH_RADIUS_KM**2)


def _over_pole(line: Floats, winding: int) -> BaseGeometry:
    """Return what a ring around a pole encloses; it starts where it is nearest the pole, so that nothing is crossed."""
    pole = 90.0 * np.sign(winding)
    first = int(np.argmax(line[:-1, 1] * np.sign(winding)))
    turned = np.vstack([line[first:-1], line[: first + 1] + np.array([360 * winding, 0])])
    return shapely.Polygon([*turned, (turned[-1, 0], pole), (turned[0, 0], pole)])


def _region(ring: BaseGeometry, laea: Laea) -> BaseGeometry:
    """Return what a ring of the map encloses, in degrees: to the left of it when it runs counter-clockwise."""
    xy = shapely.get_coordinates(ring if ring.is_ccw else ring.reverse())
    line = _unwound(_dense(xy, laea), laea)
    inside = _enclosed(line)
    both_poles = not _winding(line) and _enclosed_km2(line) < shapely.Polygon(xy).area - _SPHERE_KM2 / 2
    return _WORLD - inside if both_poles else inside


def _winding(line: Floats) -> int:
    """Return how often an unwrapped ring goes eastward around the axis of the Earth."""
    return round(float(line[-1, 0] - line[0, 0]) / 360)


def _enclosed(line: Floats) -> BaseGeometry:
    """Return what an unwrapped ring encloses, the pole with it where it goes around one."""
    winding = _winding(line)
    return _cut(_valid(_over_pole(line, winding) if winding else shapely.Polygon(line)))


def cut_at_antimeridian(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape in degrees of which each edge goes the short way around; exteriors run counter-clockwise."""
    parts = []
    for polygon in shapely.get_parts(shape):
        part = _enclosed(_unwrapped(shapely.get_coordinates(polygon.exterior)))
        for hole in polygon.interiors:
            part = part - _enclosed(_unwrapped(shapely.get_coordinates(hole)[::-1]))
        parts.append(part)
    return shapely.union_all(parts)


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    return geometry if geometry.is_valid else shapely.make_valid(geometry)


def to_degrees(shape: BaseGeometry, laea: Laea) -> BaseGeometry:
    """Return a Polygon or MultiPolygon of the map in degrees: cut at the antimeridian, closed over the poles."""
    parts = []
    for polygon in shapely.get_parts(shape):
        part = _region(polygon.exterior, laea)
        for hole in polygon.interiors:
            part = part - _region(hole, laea)
        parts.append(part)
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def finished(shape: BaseGeometry) -> BaseGeometry:
    """Round to 1e-6 degree and put rings in GeoJSON's order, the same bytes for the same shape.

    What is made of it later is not rounded to that grid: a shape that another process returns has none either.
    """
    rounded = shapely.set_precision(shapely.set_precision(_valid(shape), GRID_DEG), 0)
    parts = shapely.get_parts(shapely.get_parts(rounded))  # twice: beside lines several areas are one part
    areas = [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
    shape = areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)
    if not shape.is_valid:  # parts that rounding pushed into each other
        shape = shapely.set_precision(shapely.union_all(areas, grid_size=GRID_DEG), 0)
    return shapely.orient_polygons(shapely.normalize(shape))
