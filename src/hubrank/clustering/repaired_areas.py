"""Shapes that are not valid polygons, such as one whose border crosses itself: repaired, and how much that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import shapely
from numpy.typing import NDArray

from hubrank.clustering.outlines.rings import areas_km2
from hubrank.core.units import half_even

Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Repaired:
    """One area whose shape was repaired.

    reason : as GEOS says it, with a place: "Self-intersection[-3.5 40.5]".
    drawn_km2, km2 : of the rings as they run in the file, of which parts that run clockwise count negative, and as
        repaired.
    """

    code: str
    name: str
    reason: str
    drawn_km2: Decimal
    km2: Decimal


def repair(codes: Sequence[str], names: Sequence[str], shapes: Shapes) -> tuple[Shapes, tuple[Repaired, ...]]:
    """Return valid Polygons or MultiPolygons, and the shapes of which that changed the area, most change first.

    shapes : object, shape (n,), Polygons or MultiPolygons in degrees. One that encloses nothing becomes empty.
    """
    valid = shapes.copy()
    faulty = np.flatnonzero(~shapely.is_valid(shapes))
    valid[faulty] = [_polygons(shape) for shape in shapely.make_valid(shapes[faulty])]
    before, after = (list(map(_shown, areas_km2(each[faulty]).tolist())) for each in (shapes, valid))
    reasons = shapely.is_valid_reason(shapes[faulty]).tolist()
    every = [
        Repaired(codes[row], names[row], reason, drawn_km2, km2)
        for row, reason, drawn_km2, km2 in zip(faulty.tolist(), reasons, before, after, strict=True)
        if drawn_km2 != km2
    ]
    return valid, tuple(sorted(every, key=lambda each: (-abs(each.km2 - each.drawn_km2), each.code)))


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Return what has an area of a repaired shape, without the lines and points that repairs leave."""
    parts = shapely.get_parts(shapely.get_parts(shape))  # twice: beside lines several polygons are one part
    polygons = [part for part in parts if isinstance(part, shapely.Polygon)]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _shown(km2: float) -> Decimal:
    return half_even(round(km2 * 1000), 1000, 1)
