"""The map of one cluster: its outline, its sites and its neighbours in a local equal-area projection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry import box
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from hubrank.core.coastlines import land_near
from hubrank.core.sphere import E7, Floats
from hubrank.publishing.site.projection import Frame, dots, local, path

WIDTH, HEIGHT = 640, 480
MOST_SITES = 400
KM_PER_DEGREE = 111.2  # of latitude, on the sphere
LEAST_HALF_KM = 25.0
AIR = 1.3


@dataclass(frozen=True, slots=True)
class Place:
    """The drawing: data of SVG paths, and a scale of scale_km that is `scale` units long."""

    width: int
    height: int
    land: str
    outline: str
    others: str
    sites: str
    scale: float
    scale_km: int


class Neighbourhoods:
    """All outlines and sites, in degrees, to draw one neighbourhood after the other.

    Sites that several metrics share are one; the heaviest come first.
    """

    def __init__(self, shapes: Mapping[str, dict[str, Any]], points: pa.Table) -> None:
        self._shapes = {cluster: from_geojson(geometry) for cluster, geometry in shapes.items()}
        self._ids = list(self._shapes)
        self._tree = shapely.STRtree(list(self._shapes.values()))
        sites = points.group_by(["lat_e7", "lon_e7"]).aggregate([("listings", "sum")])
        sites = sites.sort_by([("listings_sum", "descending"), ("lat_e7", "ascending"), ("lon_e7", "ascending")])
        self._lonlat = np.column_stack([sites[name].to_numpy() / E7 for name in ("lon_e7", "lat_e7")])

    def draw(self, cluster_id: str) -> Place:
        """Draw a cluster and what lies around it."""
        west, south, east, north = _bounds(self._shapes[cluster_id])
        middle, lat = (west + east) / 2, (south + north) / 2
        cos = np.cos(np.radians(lat))
        tall, wide = (north - south) * KM_PER_DEGREE / 2 * WIDTH / HEIGHT, (east - west) * KM_PER_DEGREE * cos / 2
        half = max(LEAST_HALF_KM, AIR * max(tall, wide))
        frame = local(middle, lat, half, WIDTH, HEIGHT)
        reach = 1.5 * half / KM_PER_DEGREE
        window = box(
            middle - reach / max(cos, 0.05),
            max(-90, lat - reach),
            middle + reach / max(cos, 0.05),
            min(90, lat + reach),
        )
        return self._place(cluster_id, frame, window)

    def _place(self, cluster_id: str, frame: Frame, window: BaseGeometry) -> Place:
        nearby = (self._ids[at] for at in sorted(self._tree.query(window, predicate="intersects").tolist()))
        near = [self._shapes[other] for other in nearby if other != cluster_id]
        kilometres = _round_length(frame.width * frame.unit_km / 5)
        return Place(
            WIDTH,
            HEIGHT,
            _path(frame, land_near(window)),
            _path(frame, self._shapes[cluster_id]),
            "".join(_path(frame, shape) for shape in near),
            dots(self._sites(frame, window.bounds)),
            round(kilometres / frame.unit_km, 1),
            kilometres,
        )

    def _sites(self, frame: Frame, bounds: Sequence[float]) -> Floats:
        west, south, east, north = bounds
        lon, lat = self._lonlat.T
        inside = self._lonlat[(lon > west) & (lon < east) & (lat > south) & (lat < north)][:MOST_SITES]
        return frame.plane(inside)


def _bounds(shape: BaseGeometry) -> tuple[float, float, float, float]:
    """Return west, south, east, north; of what the antimeridian cuts, the heavier side."""
    west, south, east, north = shape.bounds
    if east - west < 180:
        return west, south, east, north
    return max(shapely.get_parts(shape).tolist(), key=lambda part: part.area).bounds  # type: ignore[no-any-return]


def _path(frame: Frame, shape: BaseGeometry) -> str:
    return path(frame.shape(shape).simplify(0.5)) if not shape.is_empty else ""


def _round_length(most: float) -> int:
    """Return the largest of 1, 2, 5, 10 … kilometres that is no longer than `most`."""
    steps: list[int] = [base * 10**power for power in range(5) for base in (1, 2, 5)]
    return max(step for step in steps if step <= max(most, 1))
