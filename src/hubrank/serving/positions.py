"""Positions as the explainer takes them."""

from hubrank.analysis.explanation.spots import Spot
from hubrank.core.sphere import DATE_LINE_E7, E7, POLE_E7


def from_degrees(lat: float, lon: float) -> Spot:
    """Return coordinates in degrees as a spot."""
    lat_e7 = min(POLE_E7, max(-POLE_E7, round(lat * E7)))
    lon_e7 = min(DATE_LINE_E7, max(-DATE_LINE_E7, round(lon * E7)))
    return Spot(f"{lat_e7 / E7:.4f}, {lon_e7 / E7:.4f}", lat_e7, lon_e7)
