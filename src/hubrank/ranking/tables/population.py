"""grounds → people of cities: how many people the cities on the ground of each cluster have (METHOD 9).

A gazetteer lists cities, their boroughs and the quarters of these side by side: adding them up counts people two or
three times. A place is taken as a part of a much larger one that reaches over it, as many of the nearest parts as the
larger one has people for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hubrank.core.sphere import E7, Floats, Ints, chord2, unit_vectors
from hubrank.geocoding.gazetteer.gazetteer import Places, reach_km, region_of

PART_RATIO = 3  # New York has 3.2 times the people of Brooklyn, Shanghai 3.7 times those of Puxi


@dataclass(frozen=True, slots=True, eq=False)
class _Inhabited:
    """The inhabited places of one outline, ascending by people."""

    number: Ints
    people: Ints
    xyz: Floats
    region: list[tuple[str, str]]
    part_of: Ints


def gazetteer_population(shapes: Sequence[BaseGeometry], cities: Sequence[Sequence[int]], places: Places) -> Ints:
    """Return int64, shape (clusters,): the people of the places inside each outline.

    shapes : Polygon or MultiPolygon in degrees, longitude first, which do not overlap.
    cities : per cluster, GeoNames ids that name it: they count even where the outline just misses their centre, unless
        that lies in another outline.
    """
    inside = _inside(shapes, places)
    for cluster, ids in enumerate(cities):
        rows = np.searchsorted(places.geonames_id, np.asarray(ids, np.int64))
        for row in rows[rows < len(inside)].tolist():
            if places.geonames_id[row] in ids and inside[row] < 0:
                inside[row] = cluster
    rows = np.flatnonzero((inside >= 0) & (places.population > 0))
    rows = rows[np.argsort(inside[rows], kind="stable")]
    starts = np.searchsorted(inside[rows], np.arange(len(shapes) + 1))
    parts = (rows[start:end] for start, end in pairwise(starts))
    return np.array([people(part, places) for part in parts], np.int64)


def _inside(shapes: Sequence[BaseGeometry], places: Places) -> Ints:
    """Return int64, shape (places,): which outline holds each place, -1 where none; on a shared rim the first."""
    inside = np.full(len(places.geonames_id), -1, np.int64)
    lon, lat = places.lon_e7 / E7, places.lat_e7 / E7
    northward = np.argsort(lat, kind="stable")
    ordered = lat[northward]
    for number in reversed(range(len(shapes))):
        west, south, east, north = shapes[number].bounds
        near = northward[np.searchsorted(ordered, south) : np.searchsorted(ordered, north, side="right")]
        near = near[(lon[near] >= west) & (lon[near] <= east)]
        inside[near[shapely.intersects_xy(shapes[number], lon[near], lat[near])]] = number
    return inside


def people(rows: Ints, places: Places) -> int:
    """Return how many people live in places, none counted twice. rows : int64, shape (m,), rows of `places`."""
    if not len(rows):
        return 0
    inhabited = _inhabited(rows, places)
    tree = cKDTree(inhabited.xyz)
    free = np.ones(len(rows), np.bool_)
    for place in range(len(rows)):
        if free[place]:
            free[_parts(place, inhabited, free, tree)] = False
    return int(inhabited.people[free].sum())


def _inhabited(rows: Ints, places: Places) -> _Inhabited:
    """Put places in order: quarters come before their borough, boroughs before their city."""
    rows = rows[np.lexsort((places.geonames_id[rows], places.population[rows]))]
    region = [region_of(places, row) for row in rows]
    xyz = unit_vectors(places.lat_e7[rows], places.lon_e7[rows])
    return _Inhabited(places.geonames_id[rows], places.population[rows], xyz, region, places.part_of[rows])


def _parts(place: int, places: _Inhabited, free: NDArray[np.bool_], tree: cKDTree) -> Ints:
    """Return the parts of a place that are no part of a part: those named so, then the nearest there is room for."""
    smaller = free & (np.arange(len(free)) < place)
    named = smaller & (places.part_of == places.number[place])
    spare = places.people[place] - places.people[named].sum()
    near = _reached(place, places, tree)
    near = near[smaller[near] & ~named[near]]
    enough = near[np.cumsum(places.people[near]) <= spare]
    return np.concatenate([np.flatnonzero(named), enough])


def _reached(place: int, places: _Inhabited, tree: cKDTree) -> Ints:
    """Return the much smaller places of the same region that a place reaches over, the nearest first."""
    within = np.sqrt(chord2(reach_km(int(places.people[place]))))
    near = np.array(tree.query_ball_point(places.xyz[place], within), np.int64)
    near = near[places.people[near] * PART_RATIO <= places.people[place]]
    near = np.array([other for other in near.tolist() if places.region[other] == places.region[place]], np.int64)
    apart2 = ((places.xyz[near] - places.xyz[place]) ** 2).sum(axis=1)
    ordered: Ints = near[np.lexsort((places.number[near], apart2))]
    return ordered
