"""Where a click on the map lies on Earth, and a place's explanation as JSON."""

from functools import cache

import numpy as np
from pyproj import Transformer

from hubrank.analysis.explanation import Explanation, sentences
from hubrank.analysis.explanation.spots import Spot
from hubrank.core.sphere import DATE_LINE_E7, E7, EARTH_RADIUS_KM, POLE_E7
from hubrank.publishing.site.projection import HALF_HEIGHT_KM, HALF_WIDTH_KM, WORLD_WIDTH
from hubrank.serving import documents

UNIT_KM = 2 * HALF_WIDTH_KM / WORLD_WIDTH
HEIGHT = 2 * HALF_HEIGHT_KM / UNIT_KM
_NEAR = 1e-3  # units of the map: what there and back may differ by on the globe


@cache
def _earth() -> Transformer:
    return Transformer.from_crs(
        f"+proj=eqearth +R={EARTH_RADIUS_KM * 1000} +units=km", "OGC:CRS84", always_xy=True, only_best=False
    )


def on_map(x: float, y: float) -> tuple[float, float] | None:
    """Return latitude and longitude of a spot of the world map, in its units; None beside the globe."""
    there = x * UNIT_KM - HALF_WIDTH_KM, HALF_HEIGHT_KM - y * UNIT_KM
    lon, lat = _earth().transform(*there)
    if not (np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    back = _earth().transform(lon, lat, direction="INVERSE")
    beside = max(abs(a - b) for a, b in zip(back, there, strict=True))
    return None if beside > _NEAR * UNIT_KM else (float(lat), float(lon))


def spot(lat: float, lon: float) -> Spot:
    """Return a spot by its degrees."""
    lat_e7 = min(POLE_E7, max(-POLE_E7, round(lat * E7)))
    lon_e7 = min(DATE_LINE_E7, max(-DATE_LINE_E7, round(lon * E7)))
    return Spot(f"{lat_e7 / E7:.4f}, {lon_e7 / E7:.4f}", lat_e7, lon_e7)


def written(told: Explanation) -> bytes:
    """Return an explanation as JSON, its sentences with it."""
    return documents.written({**told.as_dict(), "sentences": list(sentences(told))})
