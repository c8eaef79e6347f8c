"""Where the cities are that name clusters, and which of them people mean by one (METHOD 7).

A place of the gazetteer counts as the city that it is a section of, and a suburb of a cluster as its city.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from hubrank.core import sphere
from hubrank.core.sphere import Ints
from hubrank.geocoding.gazetteer import city_names, gazetteer
from hubrank.geocoding.gazetteer.gazetteer import Places, reach_km, region_of
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.place_index import middles

CREDIT_PEOPLE = 50_000
CREDIT_KM = 15
ADDRESSES_KM = 1  # a place rounded to a hundredth of a degree lies so near
# A place is a part of a city whose built-up disc covers it, in the same region, if it is much smaller: Islington is
# London, but Cambridge (a sixth of Boston's people) is a city by itself.
CITY_PEOPLE_FROM = 100_000
PART_RATIO = 8
SECTION_KM, SECTION_REACH = 3, 2  # how far from a city its sections lie, in km and dense discs
CENTRE_KM = 3  # coordinates are rounded to a kilometre: no centre is smaller


@dataclass(frozen=True, slots=True)
class City:
    """A place that may name a cluster; `state` is the postal code of a US state, else empty.

    name : in English; local_name : as the gazetteer has it, or at home where that is English; "" where unknown.
    region : the code of its first-level region in GeoNames.
    part_of : the GeoNames id of the city that it is a section of; 0 where of none.
    addresses_lat_e7, addresses_lon_e7 : where an address stands that names no more than the city (METHOD 2).
    """

    geonames_id: int
    name: str
    economy: str
    state: str
    population: int
    part_of: int = 0
    lat_e7: int = 0
    lon_e7: int = 0
    addresses_lat_e7: int = 0
    addresses_lon_e7: int = 0
    local_name: str = ""
    region: str = ""

    @property
    def centre_km(self) -> float:
        """How far its dense part reaches."""
        return max(reach_km(self.population), CENTRE_KM)


class Atlas(Protocol):
    """Where the cities are."""

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return int64, shape (sites,): the GeoNames id of the place that has the credit, sections included."""

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe places; raise KeyError for an id that is unknown."""

    def nearest(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return int64, shape (sites,): the GeoNames id of the nearest place of any size to each."""


class GeoNamesAtlas:
    """Cities of the gazetteer."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._addresses = middles(places)
        self._large = np.flatnonzero(places.population >= CREDIT_PEOPLE)
        lat, lon = self._addresses
        self._wide = self._large[((lat != places.lat_e7) | (lon != places.lon_e7))[self._large]]
        self._tree = cKDTree(sphere.unit_vectors(places.lat_e7[self._large], places.lon_e7[self._large]))
        self._addresses_tree = cKDTree(sphere.unit_vectors(lat[self._wide], lon[self._wide]))
        self._whole = _whole_cities(places)

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return int64, shape (sites,): the GeoNames id of the nearest large place to each, else of the nearest place.

        A site where the addresses of a wide city stand is credited to that city.
        """
        if not len(lat_e7):
            return np.empty(0, np.int64)
        xyz = sphere.unit_vectors(lat_e7, lon_e7)
        chord, row = self._tree.query(xyz)
        rows = self._large[row]
        far = chord**2 > sphere.chord2(CREDIT_KM)
        if far.any():
            rows[far] = nearest_places(lat_e7[far], lon_e7[far])[0]
        chord, row = self._addresses_tree.query(xyz)
        addresses = chord**2 <= sphere.chord2(ADDRESSES_KM)
        rows[addresses] = self._wide[row[addresses]]
        return np.asarray(self._places.geonames_id[rows], np.int64)

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe places; raise KeyError for an id that the gazetteer does not have."""
        return {place: self._city(place) for place in ids}

    def nearest(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return int64, shape (sites,): the GeoNames id of the nearest place of any size to each."""
        if not len(lat_e7):
            return np.empty(0, np.int64)
        rows, _ = nearest_places(lat_e7, lon_e7)
        return np.asarray(self._places.geonames_id[rows], np.int64)

    def _city(self, place: int) -> City:
        places = self._places
        row = places.row(place)
        if row is None:
            raise KeyError(place)
        whole = int(self._whole[row])
        return City(
            geonames_id=place,
            name=city_names.name_in(place, places.name[row], "en"),
            economy=places.economy[row],
            state=places.admin1[row] if places.economy[row] == "US" else "",
            population=int(places.population[row]),
            part_of=0 if whole == place else whole,
            lat_e7=int(places.lat_e7[row]),
            lon_e7=int(places.lon_e7[row]),
            addresses_lat_e7=int(self._addresses[0][row]),
            addresses_lon_e7=int(self._addresses[1][row]),
            local_name=city_names.name_in(place, places.name[row], "gazetteer"),
            region=places.admin1[row],
        )


def _whole_cities(places: Places) -> Ints:
    """Return int64, shape (places,): the GeoNames id of the city that each place is a section of, or of itself."""
    whole = np.where(places.part_of > 0, places.part_of, places.geonames_id)
    xyz = sphere.unit_vectors(places.lat_e7, places.lon_e7)
    tree = cKDTree(xyz)
    is_section = np.isin(places.geonames_id, sorted(city_names.sections_of_cities()))
    cities = np.flatnonzero((places.population >= CITY_PEOPLE_FROM) & (places.part_of == 0) & ~is_section)
    cities = cities[np.argsort(places.population[cities], kind="stable")]  # the largest last, so that it decides
    within = [np.sqrt(sphere.chord2(reach_km(people))) for people in places.population[cities].tolist()]
    around = tree.query_ball_point(xyz[cities], within)
    city, part = cities.repeat([len(rows) for rows in around]), np.concatenate([np.empty(0), *around]).astype(np.int64)
    small = places.population[part] * PART_RATIO <= places.population[city]
    city, part = city[small], part[small]
    same = _same_region(places, city, part)
    whole[part[same]] = places.geonames_id[city[same]]
    return _with_sections(places, whole, np.flatnonzero(is_section))


def _with_sections(places: Places, whole: Ints, sections: Ints) -> Ints:
    """Return `whole` with the city of each section, the one that pulls most: people over squared distance.

    A section of no city of 50,000 people nearby stays a place of its own, and so does one with more people than any.
    That it has fewer proves nothing: some entries have the inhabitants of the city.
    """
    towns = np.setdiff1d(np.flatnonzero((places.population >= CREDIT_PEOPLE) & (places.part_of == 0)), sections)
    spots = sphere.unit_vectors(places.lat_e7, places.lon_e7)
    reach = SECTION_KM + SECTION_REACH * np.array([reach_km(int(people)) for people in places.population[towns]])
    within = np.sqrt(sphere.chord2(float(reach.max(initial=1.0))))
    near = cKDTree(spots[towns]).query_ball_point(spots[sections], within, return_sorted=True)
    position = np.concatenate([np.empty(0, np.int64), *near]).astype(np.int64)  # in `towns`, section by section
    section, town = sections.repeat([len(around) for around in near]), towns[position]
    ends = [(axis[section], axis[town]) for axis in (places.lat_e7, places.lon_e7)]
    apart = sphere.distance_km(ends[0][0], ends[1][0], ends[0][1], ends[1][1])
    people = places.population
    inside = _same_region(places, section, town) & (apart <= reach[position]) & (people[town] >= people[section])
    inside &= whole[section] == places.geonames_id[section]  # not yet a part of another city
    pull = people[town] / np.maximum(apart, 1.0) ** 2
    section, town, pull = section[inside], town[inside], pull[inside]
    strongest = np.lexsort((town, -pull, section))
    decided, first = np.unique(section[strongest], return_index=True)
    whole[decided] = whole[town[strongest[first]]]
    return whole


def _same_region(places: Places, one: Ints, other: Ints) -> NDArray[np.bool_]:
    """Return for each pair of rows whether both places lie in one region of one economy."""
    rows, place = np.unique([one, other], return_inverse=True)
    number: dict[tuple[str, str], int] = {}
    regions = np.array([number.setdefault(region_of(places, row), len(number)) for row in rows.tolist()], np.int64)
    first, second = regions[place.reshape(2, -1)]
    return np.asarray(first == second)


@cache
def atlas() -> GeoNamesAtlas:
    """Return the atlas over the compiled gazetteer."""
    return GeoNamesAtlas(gazetteer.places())
