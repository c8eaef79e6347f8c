"""Which places before a city are its suburbs, and which are only called like a quarter of it: Model Town, Kamoke."""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import KM_PER_E7
from hubrank.core.sphere import distance_km as distances_km
from hubrank.geocoding.evidence.candidate import Candidate, distance_km
from hubrank.geocoding.evidence.names import BELIEVED
from hubrank.geocoding.gazetteer import city_names, gazetteer
from hubrank.geocoding.gazetteer.place_index import SETTLED

_NEAR_KM = 15.0  # a quarter is within its town, however small that is
_DENSE_RADII, _SUBURB_KM = 5, 50.0  # how far suburbs of a city lie, as clusters are named (METHOD 7)
_SUBURB_PEOPLE = 2.5  # times those of a suburb are the city's
_NEARER = 2  # times nearer is the larger place in whose surroundings a place is rather
_WIDE_KM = 100.0  # how far a district reaches from the city that it is named after
_SMALL_TOWN = 3.7  # log10 of 5,000 inhabitants


def is_around(town: Candidate, city: Candidate) -> bool:
    """Say whether a place may be in the surroundings of a city: no larger place is half as far.

    Model Town in Lahore is 56 km from Kamoke, and not what lies around it.
    """
    if town.economy != city.economy:
        return False
    gap, people = distance_km(town, city), _people(city)
    is_known = people and gap > _NEAR_KM  # how many live in a village or suburb is not
    people = max(people, _people(town))
    return not (is_known and _has_larger_nearer(town.economy, town.lat_e7, town.lon_e7, people, gap / _NEARER))


def is_suburb(town: Candidate, city: Candidate) -> bool:
    """Say whether a place is a suburb of a city and not a quarter near its middle: Waltham Abbey, London."""
    people = _people(city)
    reach = min(_SUBURB_KM, _DENSE_RADII * gazetteer.reach_km(people))
    small = _SUBURB_PEOPLE * _people(town) <= people
    return small and _NEAR_KM < distance_km(town, city) <= reach and is_around(town, city)


def without_namesakes_of_quarters(towns: list[Candidate], behind: list[Candidate]) -> list[Candidate]:
    """Return places of a name without those that are too far to be a quarter of the town behind it.

    Model Town, Kamoke, Pakistan. One that may lie in the district of the town's name stays, and so does one that is
    larger than the town and no section of a city.
    """
    cities = [c for c in behind if c.group == "text" and c.name_kind in BELIEVED and c.people > _SMALL_TOWN]
    if not cities or any(c.outside_region for c in cities):
        return towns
    largest = max(c.people for c in cities)
    return [
        town
        for town in towns
        if town.group != "text"
        or (town.people > largest and town.geonames_id not in city_names.sections())
        or any(distance_km(town, city) <= _WIDE_KM and is_around(town, city) for city in cities)
    ]


def _people(c: Candidate) -> int:
    return round(10**c.people) - SETTLED


@lru_cache(4096)
def _has_larger_nearer(economy: str, lat_e7: int, lon_e7: int, people: int, km: float) -> bool:
    """Say whether an economy has a place of more people nearer to a coordinate than some km; sections are none."""
    population, lat, lon = _largest_first(economy)
    count = int(np.searchsorted(-population, -people))
    rows = np.flatnonzero(np.abs(lat[:count] - lat_e7) * KM_PER_E7 < km)
    spot = (np.full(len(rows), axis, np.int64) for axis in (lat_e7, lon_e7))
    return bool((distances_km(lat[rows], lon[rows], *spot) < km).any())


@cache
def _largest_first(economy: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return inhabitants, latitude and longitude of the towns of an economy, the largest first."""
    places, sections = gazetteer.places(), city_names.sections()
    towns = (row for row in gazetteer.rows_in(economy) if int(places.geonames_id[row]) not in sections)
    rows = np.fromiter(towns, np.int64)
    rows = rows[places.part_of[rows] == 0]
    rows = rows[np.argsort(-places.population[rows], kind="stable")]
    return places.population[rows], places.lat_e7[rows], places.lon_e7[rows]
