"""A threshold with a meaning: more listings within the radius than at a percentile of random points (METHOD 3).

Source: Ahlfeldt, Albers & Behrens (2024), "Prime locations", AER: Insights 6, 363-379.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np
import shapely

from hubrank.clustering.dbscan.surroundings import weight_around
from hubrank.clustering.people_table import Cells
from hubrank.core.coastlines import land
from hubrank.core.sphere import E7, Floats, Ints, canonical, chord2, to_e7, unit_vectors

_SPAN = 1 << 32  # more than 360 degrees in 1e-7: makes one sortable number of a cell
_AT_ONCE = 1 << 19  # points drawn on the whole Earth, of which three in ten are on land


def on_cells(pieces: Iterable[Cells], size_deg: tuple[float, float], points: int, seed: int) -> tuple[Ints, Ints]:
    """Draw points evenly by area from inhabited cells.

    pieces : all cells, in any order. size_deg : height and width of a cell.
    Returns lat_e7 and lon_e7, each int64, shape (points,): the same for any order of the cells. Without a cell: none.
    """
    keys = [(to_e7(piece.lat) * _SPAN + to_e7(piece.lon) + _SPAN // 2)[piece.people > 0] for piece in pieces]
    key = np.unique(np.concatenate(keys)) if keys else np.empty(0, np.int64)
    if not len(key):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    row_lat, first, count = np.unique(key // _SPAN, return_index=True, return_counts=True)
    low, high = (_sine(row_lat / E7 + half) for half in (-size_deg[0] / 2, size_deg[0] / 2))
    weight = np.cumsum(count * (high - low))  # cells of a row are equally large
    random = np.random.default_rng(seed)
    row = np.searchsorted(weight, random.random(points) * weight[-1], side="right").clip(max=len(row_lat) - 1)
    cell = first[row] + (random.random(points) * count[row]).astype(np.int64)
    middle = (key[cell] % _SPAN - _SPAN // 2) / E7
    lon = middle + (random.random(points) - 0.5) * size_deg[1]
    return _spots(low[row] + random.random(points) * (high[row] - low[row]), lon)


def on_land(points: int, seed: int) -> tuple[Ints, Ints]:
    """Draw points evenly by area from all land; returns lat_e7 and lon_e7, each int64, shape (points,)."""
    random, spots, total = np.random.default_rng(seed), [], 0
    while total < points:
        sine, turn = 2 * random.random(_AT_ONCE) - 1, random.random(_AT_ONCE)
        lat, lon = np.degrees(np.arcsin(sine)), 360 * turn - 180
        tree = shapely.STRtree(shapely.points(lon, lat))
        dry = np.unique(tree.query(land(), predicate="intersects")[1])
        spots.append(np.column_stack(_spots(sine[dry], lon[dry])))
        total += len(dry)
    lat_e7, lon_e7 = np.concatenate(spots)[:points].T
    return np.ascontiguousarray(lat_e7), np.ascontiguousarray(lon_e7)


def listings_around(
    points: tuple[Ints, Ints], sites: tuple[Ints, Ints], weight: Ints, *, radius_km: float, threads: int | None = None
) -> Ints:
    """Return int64, shape (points,): the listings within the radius of each point, on the sphere, rim included.

    points, sites : lat_e7 and lon_e7 of each. weight : int64, shape (sites,), the listings that make density.
    """
    return weight_around(unit_vectors(*points), unit_vectors(*sites), weight, chord2(radius_km), threads=threads)


def threshold(around: Ints, percentile: Decimal) -> int:
    """Return the least number of listings that exceeds the percentile, which is one of the numbers themselves.

    around : int64, shape (points,), one or more: at most 100 - percentile per cent of them reach the result.
    """
    ordered = np.sort(around)
    position = ceil(Fraction(percentile) * len(ordered) / 100)
    return int(ordered[position - 1]) + 1


def _sine(lat: Floats) -> Floats:
    return np.asarray(np.sin(np.radians(np.clip(lat, -90, 90))))


def _spots(sine: Floats, lon: Floats) -> tuple[Ints, Ints]:
    """Return lat_e7 and lon_e7 of sines of latitudes and of longitudes in degrees."""
    return canonical(to_e7(np.degrees(np.arcsin(np.clip(sine, -1, 1)))), to_e7(lon))
