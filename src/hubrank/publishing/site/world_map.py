"""The world map: land, clusters as marks sized and coloured by score, noise sites faint behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
import pyarrow as pa
from shapely import STRtree, points
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from hubrank.core import coastlines
from hubrank.core.sphere import E7, Floats
from hubrank.publishing.site.projection import dots, globe, path, polyline, world

COAST_TOLERANCE = 1.7  # units: about 6 km
SMALLEST_ISLAND = 20.0  # square units: about 240 km²; smaller ones are no larger than a dot
MOST_NOISE_SITES = 1_500  # the heaviest: more would be a grey veil
MARK_UNITS = 130.0  # radius of a mark of the best score
LEAST_MARK_UNITS = 14.0
SHADES = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """One cluster on the map. `shade` runs from 0 to SHADES − 1, the best scores last."""

    cluster_id: str
    label: str
    x: float
    y: float
    r: float
    shade: int


@cache
def coast() -> tuple[str, str, str]:
    """Return the data of three paths: the outline of the world, its land, its borders."""
    frame = world()
    parts = (frame.shape(part).simplify(COAST_TOLERANCE) for part in coastlines.land())
    land = "".join(path(part) for part in parts if part.area >= SMALLEST_ISLAND)
    lines = frame.shape(coastlines.borders()).simplify(COAST_TOLERANCE)
    return path(globe()), land, "".join(polyline(np.asarray(line.coords)) for line in lines.geoms)


def marks(ranking: list[dict[str, Any]], clusters: pa.Table) -> list[Mark]:
    """Return one mark per row of the ranking, the best last, so that it lies on top."""
    rows = list(reversed(ranking))
    spots = places([row["cluster_id"] for row in rows], clusters)
    best = max((float(row["score_pct"]) for row in rows), default=0.0)
    return [
        Mark(row["cluster_id"], f"{row['rank']} {row['cluster']}", float(x), float(y), *_size(row, best))
        for row, (x, y) in zip(rows, spots.tolist(), strict=True)
    ]


def places(ids: Sequence[str], clusters: pa.Table) -> Floats:
    """Return float64, shape (n, 2): where the heaviest sites of clusters lie on the map."""
    where = {row["cluster_id"]: (float(row["lon"]), float(row["lat"])) for row in clusters.to_pylist()}
    return world().spots(*([where[key][axis] for key in ids] for axis in (0, 1)))


def _size(row: Mapping[str, Any], best: float) -> tuple[float, int]:
    """Return radius and shade: the area of a mark goes with the score, and so does its colour."""
    part = sqrt(float(row["score_pct"]) / best) if best else 0.0
    return max(LEAST_MARK_UNITS, MARK_UNITS * part), min(SHADES - 1, int(part * SHADES))


def outlines(ids: Sequence[str], shapes: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """Return the outline of each cluster as the data of a path."""
    return {key: path(world().shape(from_geojson(shapes[key])).simplify(0.3), 1) for key in ids}


def noise(sites: pa.Table, shapes: Mapping[str, dict[str, Any]]) -> str:
    """Return the heaviest sites outside every cluster as the data of one path.

    sites : columns lat_e7, lon_e7, listings, in any order, several rows per site.
    """
    heaviest = sites.group_by(["lat_e7", "lon_e7"]).aggregate([("listings", "sum")])
    heaviest = heaviest.sort_by([("listings_sum", "descending"), ("lat_e7", "ascending"), ("lon_e7", "ascending")])
    lon, lat = (heaviest[name].to_numpy() / E7 for name in ("lon_e7", "lat_e7"))
    outside = ~_inside(points(lon, lat), [from_geojson(geometry) for geometry in shapes.values()])
    return dots(world().spots(lon[outside][:MOST_NOISE_SITES], lat[outside][:MOST_NOISE_SITES]))


def _inside(spots: Any, shapes: list[BaseGeometry]) -> np.ndarray[Any, np.dtype[np.bool_]]:  # noqa: ANN401 (geometries)
    inside = np.zeros(len(spots), bool)
    if shapes and len(spots):
        inside[STRtree(spots).query(shapes, predicate="intersects")[1]] = True
    return inside
