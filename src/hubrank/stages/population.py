"""outlines → population: how many people live on the ground of each cluster (METHOD 9).

A gazetteer lists cities, their boroughs and the quarters of these side by side: adding them up counts people two or
three times. A place is taken as a part of a much larger one that reaches over it, as many of the nearest parts as the
larger one has people for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hubrank.sphere import E7, Floats, Ints, chord2, unit_vectors

PEOPLE_PER_KM2 = 5_000  # of a dense city: New York reaches 24 km far, London 24, Paris 12
PART_RATIO = 3  # New York has 3.2 times the people of Brooklyn, Shanghai 3.7 times those of Puxi
CITY_ECONOMIES = frozenset({"HK", "MO", "SG", "MC", "VA"})  # one city each, whatever their districts


class Settlements(Protocol):
    """The places of a gazetteer, one per row.

    geonames_id, lat_e7, lon_e7, population, part_of : int64, shape (n,). part_of is the id of the city that a place is
    a part of, 0 where none is known. economy, admin1 : lists of n codes.
    """

    @property
    def geonames_id(self) -> Ints:
        """GeoNames ids."""

    @property
    def lat_e7(self) -> Ints:
        """Latitudes in 1e-7 degree."""

    @property
    def lon_e7(self) -> Ints:
        """Longitudes in 1e-7 degree."""

    @property
    def population(self) -> Ints:
        """Inhabitants."""

    @property
    def part_of(self) -> Ints:
        """GeoNames ids of cities."""

    @property
    def economy(self) -> list[str]:
        """ISO 3166-1 alpha-2 codes."""

    @property
    def admin1(self) -> list[str]:
        """Codes of regions within the economy."""


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """The inhabited places of one outline, ascending by people."""

    number: Ints
    people: Ints
    xyz: Floats
    region: list[tuple[str, str]]
    part_of: Ints


def gazetteer_population(shapes: Sequence[BaseGeometry], cities: Sequence[Sequence[int]], known: Settlements) -> Ints:
    """Return int64, shape (clusters,): the people of the places inside each outline.

    shapes : Polygon or MultiPolygon in degrees, longitude first, which do not overlap.
    cities : per cluster, GeoNames ids that name it: they count even where the outline just misses their centre, unless
        that lies in another outline.
    """
    inside = _inside(shapes, known)
    for cluster, ids in enumerate(cities):
        rows = np.searchsorted(known.geonames_id, np.asarray(ids, np.int64))
        for row in rows[rows < len(inside)].tolist():
            if known.geonames_id[row] in ids and inside[row] < 0:
                inside[row] = cluster
    found = np.flatnonzero((inside >= 0) & (known.population > 0))
    found = found[np.argsort(inside[found], kind="stable")]
    starts = np.searchsorted(inside[found], np.arange(len(shapes) + 1))
    parts = (found[start:end] for start, end in pairwise(starts))
    return np.array([people(rows, known) for rows in parts], np.int64)


def _inside(shapes: Sequence[BaseGeometry], known: Settlements) -> Ints:
    """Return int64, shape (places,): which outline holds each place, -1 where none; on a shared rim the first."""
    inside = np.full(len(known.geonames_id), -1, np.int64)
    lon, lat = known.lon_e7 / E7, known.lat_e7 / E7
    near = _boxed(shapes, lon, lat)
    points = shapely.points(lon[near], lat[near])
    place, shape = shapely.STRtree(points).query(np.array(shapes, object), predicate="intersects")[::-1]
    last_first = np.lexsort((-shape, place))
    inside[near[place[last_first]]] = shape[last_first]
    return inside


def _boxed(shapes: Sequence[BaseGeometry], lon: Floats, lat: Floats) -> Ints:
    """Return the places in the bounding box of any outline: geometries of the world's places take longer to make."""
    northward = np.argsort(lat)
    west, south, east, north = shapely.bounds(np.array(shapes, object)).reshape(-1, 4).T
    start, end = np.searchsorted(lat[northward], south), np.searchsorted(lat[northward], north, "right")
    found = np.zeros(len(lat), np.bool_)
    for number in range(len(shapes)):
        rows = northward[start[number] : end[number]]
        found[rows[(lon[rows] >= west[number]) & (lon[rows] <= east[number])]] = True
    return np.flatnonzero(found)


def people(rows: Ints, known: Settlements) -> int:
    """Return how many people live in places, none counted twice. rows : int64, shape (m,), rows of `known`."""
    if not len(rows):
        return 0
    places = _places(rows, known)
    tree = cKDTree(places.xyz)
    free = np.ones(len(rows), np.bool_)
    for place in range(len(rows)):
        if free[place]:
            free[_parts(place, places, free, tree)] = False
    return int(places.people[free].sum())


def reach_km(people: int) -> float:
    """Return how far a dense city of so many people reaches: the radius of its disc."""
    return float(np.sqrt(people / (np.pi * PEOPLE_PER_KM2)))


def region_of(known: Settlements, row: int) -> tuple[str, str]:
    """Return economy and region of a place; an economy that is one city has one region."""
    economy = known.economy[row]
    return economy, "" if economy in CITY_ECONOMIES else known.admin1[row]


def _places(rows: Ints, known: Settlements) -> _Places:
    """Put places in order: quarters come before their borough, boroughs before their city."""
    rows = rows[np.lexsort((known.geonames_id[rows], known.population[rows]))]
    region = [region_of(known, row) for row in rows]
    xyz = unit_vectors(known.lat_e7[rows], known.lon_e7[rows])
    return _Places(known.geonames_id[rows], known.population[rows], xyz, region, known.part_of[rows])


def _parts(place: int, places: _Places, free: NDArray[np.bool_], tree: cKDTree) -> Ints:
    """Return the parts of a place that are no part of a part: those named so, then the nearest there is room for."""
    smaller = free & (np.arange(len(free)) < place)
    named = smaller & (places.part_of == places.number[place])
    spare = places.people[place] - places.people[named].sum()
    near = _reached(place, places, tree)
    near = near[smaller[near] & ~named[near]]
    enough = near[np.cumsum(places.people[near]) <= spare]
    return np.concatenate([np.flatnonzero(named), enough])


def _reached(place: int, places: _Places, tree: cKDTree) -> Ints:
    """Return the much smaller places of the same region that a place reaches over, the nearest first."""
    within = np.sqrt(chord2(reach_km(int(places.people[place]))))
    near = np.array(tree.query_ball_point(places.xyz[place], within), np.int64)
    near = near[places.people[near] * PART_RATIO <= places.people[place]]
    near = np.array([other for other in near.tolist() if places.region[other] == places.region[place]], np.int64)
    apart2 = ((places.xyz[near] - places.xyz[place]) ** 2).sum(axis=1)
    ordered: Ints = near[np.lexsort((places.number[near], apart2))]
    return ordered
