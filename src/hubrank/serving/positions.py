"""Where on Earth a click on the world map was, and positions as the explainer takes them."""

from functools import cache

import numpy as np
from pyproj import Transformer

from hubrank.analysis.explanation.spots import Spot
from hubrank.core.sphere import DATE_LINE_E7, E7, EARTH_RADIUS_KM, POLE_E7
from hubrank.publishing.site.projection import HALF_HEIGHT_KM, HALF_WIDTH_KM, WORLD_WIDTH

_UNIT_KM = 2 * HALF_WIDTH_KM / WORLD_WIDTH
WORLD_HEIGHT = round(2 * HALF_HEIGHT_KM / _UNIT_KM)
_TOLERANCE = 1e-3  # units of the map: by how much a position on the globe may differ after projecting it there and back


@cache
def _earth() -> Transformer:
    return Transformer.from_crs(
        f"+proj=eqearth +R={EARTH_RADIUS_KM * 1000} +units=km", "OGC:CRS84", always_xy=True, only_best=False
    )


def from_map(x: float, y: float) -> Spot | None:
    """Return a position on the world map, in its units, as a spot; None outside the globe."""
    projected = x * _UNIT_KM - HALF_WIDTH_KM, HALF_HEIGHT_KM - y * _UNIT_KM
    lon, lat = _earth().transform(*projected)
    if not (np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    back = _earth().transform(lon, lat, direction="INVERSE")
    error = max(abs(a - b) for a, b in zip(back, projected, strict=True))
    return None if error > _TOLERANCE * _UNIT_KM else from_degrees(float(lat), float(lon))


def from_degrees(lat: float, lon: float) -> Spot:
    """Return coordinates in degrees as a spot."""
    lat_e7 = min(POLE_E7, max(-POLE_E7, round(lat * E7)))
    lon_e7 = min(DATE_LINE_E7, max(-DATE_LINE_E7, round(lon * E7)))
    return Spot(f"{lat_e7 / E7:.4f}, {lon_e7 / E7:.4f}", lat_e7, lon_e7)
