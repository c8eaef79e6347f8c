"""From degrees to the plane of a drawing: the world by Equal Earth, a neighbourhood by an equal-area disc."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from pyproj import Proj
from shapely import segmentize, transform
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from hubrank.core.sphere import EARTH_RADIUS_KM, Floats

WORLD_WIDTH = 10_000  # units of the world map: 3.4 km each on the equator
HALF_WIDTH_KM = 17_243.96344447  # Equal Earth: x of 180° E on the equator, for R1 (Šavrič, Patterson & Jenny 2018)
HALF_HEIGHT_KM = 8_392.92973138  # and y of the pole
STEP_DEG = 1.0  # edges are bent at least this often, so that the antimeridian is drawn as the curve that it is

Plane = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Frame:
    """A plane and the part of it that is drawn, from (0, 0) to (width, height), y downwards.

    unit_km : kilometres per unit.
    """

    width: float
    height: float
    unit_km: float
    plane: Plane

    def shape(self, geometry: BaseGeometry) -> BaseGeometry:
        """Draw a geometry that is given in degrees."""
        return transform(segmentize(geometry, STEP_DEG), self.plane)

    def spots(self, lon: Iterable[float], lat: Iterable[float]) -> Floats:
        """Return float64, shape (n, 2): places given in degrees."""
        return self.plane(np.column_stack([np.fromiter(lon, np.float64), np.fromiter(lat, np.float64)]))


@cache
def world() -> Frame:
    """Return the whole world by Equal Earth, Greenwich in the middle."""
    return _frame("+proj=eqearth", WORLD_WIDTH, HALF_WIDTH_KM, HALF_HEIGHT_KM)


def local(lon: float, lat: float, half_km: float, width: float, height: float) -> Frame:
    """Return a neighbourhood by Lambert's equal-area projection about its middle; half_km from middle to side."""
    return _frame(f"+proj=laea +lat_0={lat:.6f} +lon_0={lon:.6f}", width, half_km, half_km * height / width)


def _frame(projection: str, width: float, half_width_km: float, half_height_km: float) -> Frame:
    project = Proj(
        f"{projection} +R={EARTH_RADIUS_KM * 1000} +units=km"
    )  # a sphere's: 30 times faster to make than a CRS
    unit_km = 2 * half_width_km / width

    def plane(degrees: Floats) -> Floats:
        x, y = project(degrees[:, 0], degrees[:, 1])
        return np.column_stack([(x + half_width_km) / unit_km, (half_height_km - y) / unit_km])

    return Frame(width, 2 * half_height_km / unit_km, unit_km, plane)


@cache
def globe() -> BaseGeometry:
    """Return the outline of the world in the units of its map."""
    return world().shape(box(-180, -90, 180, 90))


def path(geometry: BaseGeometry, decimals: int = 0) -> str:
    """Return polygons as the data of an SVG path: relative steps, so that a coast stays small."""
    return "".join(_ring(np.asarray(ring.coords), decimals) for ring in _rings(geometry))


def dots(spots: Floats, decimals: int = 0) -> str:
    """Return places as the data of an SVG path; strokes with round ends make dots of them."""
    return "".join(f"M{_number(x, decimals)} {_number(y, decimals)}h0" for x, y in spots.tolist())


def polyline(spots: Floats) -> str:
    """Return places as the data of one line of an SVG path."""
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in spots.tolist())


def _rings(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in getattr(geometry, "geoms", [geometry]):
        if isinstance(part, MultiPolygon):
            yield from _rings(part)
        elif isinstance(part, Polygon) and not part.is_empty:
            yield part.exterior
            yield from part.interiors


def _ring(points: Floats, decimals: int) -> str:
    scale = 10**decimals
    whole = np.rint(points * scale).astype(np.int64)
    steps = np.diff(whole, axis=0)
    steps = steps[np.any(steps != 0, axis=1)][:-1]
    start = " ".join(_number(v / scale, decimals) for v in whole[0].tolist())
    moves = "".join(_joined(v / scale, decimals) for v in steps.ravel().tolist()).lstrip()
    return f"M{start}l{moves}z" if len(steps) else ""


def _joined(value: float, decimals: int) -> str:
    """Return a number that follows another: a minus sign parts them as well as a blank."""
    text = _number(value, decimals)
    return text if text.startswith("-") else f" {text}"


def _number(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    return "0" if text == "-0" else text
