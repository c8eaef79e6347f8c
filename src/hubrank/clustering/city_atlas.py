"""Where the cities are that name clusters: the gazetteer's places, with the city that each is a section of."""

from collections.abc import Iterable
from functools import cache
from typing import Protocol

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.main_cities import City
from hubrank.core import sphere
from hubrank.core.sphere import Ints
from hubrank.geocoding.gazetteer import city_names, gazetteer
from hubrank.geocoding.gazetteer.gazetteer import Places, reach_km, region_of
from hubrank.geocoding.gazetteer.place_index import middles

CREDIT_PEOPLE = 50_000
CREDIT_KM = 15
ADDRESSES_KM = 1  # a place rounded to a hundredth of a degree lies so near
# A place is a part of a city whose built-up disc covers it, in the same region, if it is much smaller: Islington is
# London, but Cambridge (a sixth of Boston's people) is a city by itself.
CITY_PEOPLE_FROM = 100_000
PART_RATIO = 8
SECTION_KM, SECTION_REACH = 3, 2  # how far from a city its sections lie, in km and dense discs


class Atlas(Protocol):
    """Where the cities are."""

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the GeoNames id of the place that each site is credited to, sections of cities included."""

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe places; raise KeyError for an id that is unknown."""


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
        """Return the GeoNames id that each site is credited to: the nearest large place, else the nearest place.

        A site where the addresses of a wide city stand is credited to that city.
        """
        if not len(lat_e7):
            return np.empty(0, np.int64)
        xyz = sphere.unit_vectors(lat_e7, lon_e7)
        chord, row = self._tree.query(xyz)
        rows = self._large[row]
        far = chord**2 > sphere.chord2(CREDIT_KM)
        if far.any():
            rows[far] = gazetteer.nearest_places(lat_e7[far], lon_e7[far])[0]
        chord, row = self._addresses_tree.query(xyz)
        addresses = chord**2 <= sphere.chord2(ADDRESSES_KM)
        rows[addresses] = self._wide[row[addresses]]
        return np.asarray(self._places.geonames_id[rows], np.int64)

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe places; raise KeyError for an id that the gazetteer does not have."""
        return {place: self._city(place) for place in ids}

    def _city(self, place: int) -> City:
        places = self._places
        row = places.row(place)
        if row is None:
            raise KeyError(place)
        whole = int(self._whole[row])
        return City(
            geonames_id=place,
            name=city_names.english_names().get(place, places.name[row]),
            economy=places.economy[row],
            state=places.admin1[row] if places.economy[row] == "US" else "",
            population=int(places.population[row]),
            part_of=0 if whole == place else whole,
            lat_e7=int(places.lat_e7[row]),
            lon_e7=int(places.lon_e7[row]),
            addresses_lat_e7=int(self._addresses[0][row]),
            addresses_lon_e7=int(self._addresses[1][row]),
            local_name=places.name[row],
        )


def _whole_cities(places: Places) -> Ints:
    """Return int64, shape (places,): the GeoNames id of the city that each place is a section of, or of itself."""
    whole = np.where(places.part_of > 0, places.part_of, places.geonames_id)
    xyz = sphere.unit_vectors(places.lat_e7, places.lon_e7)
    tree = cKDTree(xyz)
    # The register of research organisations writes addresses in cities: a section that it names is one (Funabashi).
    is_section = np.isin(places.geonames_id, sorted(city_names.sections() - city_names.english_names().keys()))
    cities = np.flatnonzero((places.population >= CITY_PEOPLE_FROM) & (places.part_of == 0) & ~is_section)
    for city in cities[np.argsort(places.population[cities], kind="stable")]:  # the largest last, so that it decides
        within = np.sqrt(sphere.chord2(reach_km(int(places.population[city]))))
        around = np.array(tree.query_ball_point(xyz[city], within))
        part = around[places.population[around] * PART_RATIO <= places.population[city]]
        whole[[i for i in part if region_of(places, i) == region_of(places, city)]] = places.geonames_id[city]
    return _with_sections(places, whole, np.flatnonzero(is_section))


def _with_sections(places: Places, whole: Ints, sections: Ints) -> Ints:
    """Return `whole` with the city of each section, the one that pulls most: people over squared distance.

    A section of no city of 50,000 people nearby stays a place of its own, and so does one with more people than any.
    That it has fewer proves nothing: some entries have the inhabitants of the city.
    """
    towns = np.setdiff1d(np.flatnonzero((places.population >= CREDIT_PEOPLE) & (places.part_of == 0)), sections)
    xyz = sphere.unit_vectors(places.lat_e7[towns], places.lon_e7[towns])
    reach = SECTION_KM + SECTION_REACH * np.array([reach_km(int(people)) for people in places.population[towns]])
    near = cKDTree(xyz).query_ball_point(
        sphere.unit_vectors(places.lat_e7[sections], places.lon_e7[sections]),
        np.sqrt(sphere.chord2(float(reach.max(initial=1.0)))),
    )
    for section, around in zip(sections.tolist(), near, strict=True):
        if whole[section] != places.geonames_id[section] or not around:
            continue
        rows = np.array(sorted(around))
        lat, lon = (np.full(len(rows), axis[section]) for axis in (places.lat_e7, places.lon_e7))
        apart = sphere.distance_km(lat, lon, places.lat_e7[towns[rows]], places.lon_e7[towns[rows]])
        pull = places.population[towns[rows]] / np.maximum(apart, 1.0) ** 2
        region = region_of(places, section)
        inside = (
            (apart <= reach[rows])
            & (places.population[towns[rows]] >= places.population[section])
            & np.array([region_of(places, town) == region for town in towns[rows]])
        )
        if inside.any():
            whole[section] = whole[towns[rows[np.argmax(np.where(inside, pull, 0.0))]]]
    return whole


@cache
def atlas() -> GeoNamesAtlas:
    """Return the atlas over the compiled gazetteer."""
    return GeoNamesAtlas(gazetteer.places())
