"""Which place of the gazetteer lies nearest to a coordinate."""

from functools import cache
from math import radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import E7, EARTH_RADIUS_KM, Floats, Ints, unit_vectors
from hubrank.geocoding.gazetteer.gazetteer import places

_FEW = 8  # coordinates: the place nearest to them is known sooner than a tree of all places stands
_BAND_E7 = 5 * E7 // 10  # of latitude, to the south and the north
_BAND_CHORD = 2 * sin(radians(0.499) / 2)


@cache
def _tree() -> tuple[Any, NDArray[np.int64]]:
    """Return the tree of the places, of several at one spot the first, and their rows."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 (half a second, for those who ask for the nearest place only)

    lat, lon = places().lat_e7, places().lon_e7
    _, first = np.unique(lat.astype(np.int64) * 10_000_000_000 + lon, return_index=True)  # a number for each spot
    rows = np.sort(first)
    return cKDTree(unit_vectors(lat[rows], lon[rows])), rows


def nearest_places(lat_e7: Ints, lon_e7: Ints) -> tuple[NDArray[np.int64], Floats]:
    """Return for each coordinate (1e-7 degree) the row of the nearest place and its distance in km.

    Of places at one spot the one of lower GeoNames id is taken.
    """
    lat, lon = np.asarray(lat_e7), np.asarray(lon_e7)
    if len(lat) <= _FEW and None not in (near := [_nearest_in_band(*spot) for spot in zip(lat, lon, strict=True)]):
        row, chord = (np.array(each) for each in zip(*near, strict=True))
    else:
        tree, rows = _tree()
        chord, at = tree.query(unit_vectors(lat, lon))
        row = rows[at]
    return row, 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))


@cache
def _by_latitude() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the places by latitude, and their latitudes."""
    order = np.argsort(places().lat_e7, kind="stable")
    return order, places().lat_e7[order]


def _nearest_in_band(lat_e7: int, lon_e7: int) -> tuple[int, float] | None:
    """Return the row of the nearest place and its chord, as the tree does; None where it may lie outside the band."""
    order, latitudes = _by_latitude()
    first, last = np.searchsorted(latitudes, [lat_e7 - _BAND_E7, lat_e7 + _BAND_E7])
    rows = np.sort(order[first:last])
    if not len(rows):
        return None
    away = unit_vectors(places().lat_e7[rows], places().lon_e7[rows]) - unit_vectors(
        np.array([lat_e7]), np.array([lon_e7])
    )
    chord = np.sqrt((away * away).sum(axis=1))
    at = int(chord.argmin())
    return (int(rows[at]), float(chord[at])) if chord[at] < _BAND_CHORD else None
