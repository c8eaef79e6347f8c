"""The Earth as a sphere: integer coordinates, rounding, unit vectors, distances.

Coordinates are integers of 1e-7 degree (`lat_e7`, `lon_e7`, WGS 84) everywhere between reader and map, so that
rounding and comparing are exact (METHOD 2).
"""

import math

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius R1 (Moritz 2000)
E7 = 10_000_000  # units of a degree
POLE_E7 = 90 * E7
DATE_LINE_E7 = 180 * E7
KM_PER_E7 = math.radians(EARTH_RADIUS_KM) / E7
ONE_PLACE_KM = 15.0  # two coordinates this near are of one place


def to_e7(degrees: Floats) -> Ints:
    """Turn degrees into int64 of 1e-7 degree, elementwise, half towards +∞. Degrees must be finite."""
    return np.floor(np.asarray(degrees, np.float64) * E7 + 0.5).astype(np.int64)


def canonical(lat_e7: Ints, lon_e7: Ints) -> tuple[Ints, Ints]:
    """Give each place, in 1e-7 degree, one spelling: longitude in [-180, 180), and 0 at a pole; elementwise."""
    lon = (lon_e7 + DATE_LINE_E7) % (2 * DATE_LINE_E7) - DATE_LINE_E7
    return lat_e7, np.where(np.abs(lat_e7) == POLE_E7, 0, lon)


def round_to(lat_e7: Ints, lon_e7: Ints, step_e7: int) -> tuple[Ints, Ints]:
    """Round to multiples of `step_e7`, all in 1e-7 degree, elementwise, half towards +∞; the result is canonical.

    Raises ValueError where the step does not divide 90 degrees: a pole would be rounded over itself.
    """
    if step_e7 < 1 or POLE_E7 % step_e7:
        raise ValueError(f"a step of {step_e7}e-7 degree does not divide 90 degrees; 0.01 or 0.1 do")
    lat, lon = ((2 * v + step_e7) // (2 * step_e7) * step_e7 for v in (lat_e7, lon_e7))
    return canonical(lat, lon)


def unit_vectors(lat_e7: Ints, lon_e7: Ints) -> Floats:
    """Return float64, shape (n, 3): points on the unit sphere; the last bit depends on the processor."""
    return _vectors(np.radians(lat_e7 / E7), np.radians(lon_e7 / E7))


def exact_unit_vectors(lat_e7: Ints, lon_e7: Ints) -> Floats:
    """Return float64, shape (n, 3): points on the unit sphere, in ten times the time the same on each processor.

    Sines of 64-bit numbers are not: their last bits follow the instructions that a processor offers. Those of extended
    precision (x86-64 with glibc) are computed in one way, and rounding leaves the nearest number of 64 bits.
    """
    lat, lon = (np.radians(values.astype(np.longdouble) / E7) for values in (lat_e7, lon_e7))
    return np.asarray(_vectors(lat, lon), np.float64)


def _vectors(lat: Floats, lon: Floats) -> Floats:
    level = np.cos(lat)
    return np.column_stack([level * np.cos(lon), level * np.sin(lon), np.sin(lat)])


def dot(xyz: Floats, axis: Floats) -> Floats:
    """Return float64, shape (n,): the products of vectors, shape (n, 3), with one; by BLAS the processor would show."""
    x, y, z = xyz.T
    return np.asarray(x * axis[0] + y * axis[1] + z * axis[2])


def chord2(km: float) -> float:
    """Return the squared chord on the unit sphere that spans `km` along the surface."""
    half = min(km / EARTH_RADIUS_KM, np.pi) / 2
    return float(4 * np.sin(half) ** 2)


def distance_km(lat_a: Ints, lon_a: Ints, lat_b: Ints, lon_b: Ints) -> Floats:
    """Return great-circle distances in km, elementwise, from coordinates in 1e-7 degree."""
    gap = unit_vectors(lat_a, lon_a) - unit_vectors(lat_b, lon_b)
    half_chord = np.sqrt((gap * gap).sum(axis=1)) / 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(half_chord, 0, 1)))


def plane_km(lat: int, lon: int, other_lat: int, other_lon: int) -> float:
    """Return the distance of two coordinates (1e-7 degree) as on a plane: right to a percent below some hundred km."""
    north = abs(lat - other_lat) * KM_PER_E7
    gap = abs(lon - other_lon)
    east = min(gap, 2 * DATE_LINE_E7 - gap) * KM_PER_E7 * math.cos(math.radians((lat + other_lat) / (2 * E7)))
    return math.hypot(north, east)


def near_e7(lat: int, lon: int, other_lat: int, other_lon: int, km: float = ONE_PLACE_KM) -> bool:
    """Say whether two coordinates (1e-7 degree) are of one place, or as near as stated."""
    # Most pairs are far apart, and their latitudes alone say so.
    return abs(lat - other_lat) * KM_PER_E7 <= km and plane_km(lat, lon, other_lat, other_lon) <= km
