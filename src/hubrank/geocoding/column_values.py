"""What the value of a column may be: a town, a region, a town in the region that another value is."""

import re
from functools import lru_cache

from hubrank.core import countries
from hubrank.core.sphere import near_e7
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, PRIMARY
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.spatial_relations import are_near, lies_in
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.normalise import key, plain

SEPARATOR = re.compile("[-–/]")  # between the states of a metropolitan area
_LEAST = 1_000  # inhabitants of a town that a value may mean
_TOWN = 20_000  # inhabitants of a town in an address whose city is called like its region
_QUARTER_KM = 20.0  # from a city: as far may a quarter of it be
_CITY = " city"  # what no region has that is no city


def is_in_region(city: str, region: str) -> bool:
    """Say whether a place of a name, its own, lies in a region of any economy that another value is."""
    areas = regions_of_town(region, key(city))
    return any(lies_in(row, area) for row in gazetteer.rows_named(key(city), kinds=(PRIMARY,)) for area in areas)


@lru_cache(16384)
def is_town_in(town: str, region: str, country: str) -> bool:
    """Say whether a value is a town in the region that another value is, and is no region elsewhere."""
    economy = countries.find_stated(country)
    areas = regions.find(region, economy) if economy else ()
    if not economy or not areas or key(town) == key(region):
        return False
    cities = towns_called(region, economy)
    people = max((people for _, people in cities), default=0)
    is_city = people >= (_LEAST if areas[0].admin2 else CITY_PEOPLE)
    named = regions.find(town, economy)
    is_around = any(lies_in(row, area) for row, _ in cities for area in named)
    if is_city and (areas[0].admin2 or is_around):
        return False
    if any(not area.admin2 and area not in areas for area in named):
        return False
    rows = [row for row, _ in towns_called(town, economy, (PRIMARY,) if named else (PRIMARY, ALIAS))]
    return any(lies_in(row, area) for row in rows for area in areas)


@lru_cache(16384)
def is_region_around(city: str, address: str, country: str) -> bool:
    """Say whether a value in a column of cities is a region: no town is called so, or the town of the address is in it.

    That is the last part of the address without a number. Beside a city of the region's name it has 20,000 inhabitants
    or a name that no other place of the country has, and none of its name is near that city, as a quarter or suburb:
    Atlixco | Puebla, but Arlington | Washington.
    """
    economy = countries.find_stated(country) or ""
    areas = regions.find(city, economy) if economy else ()
    if not areas:
        return False
    cities = towns_called(city, economy)
    if not cities:
        return True
    town = address.rpartition(",")[2].strip()
    largest, people = max(cities, key=lambda each: each[1])
    if areas[0].admin2 or any(map(str.isdigit, town)) or key(town) == key(city):
        return False
    named = towns_called(town, economy, (PRIMARY,))
    least = _TOWN if people >= CITY_PEOPLE and len(named) > 1 else _LEAST
    is_quarter = any(are_near(row, largest, _QUARTER_KM) for row, _ in named)
    return not is_quarter and any(size >= least and lies_in(row, area) for row, size in named for area in areas)


@lru_cache(16384)
def is_town(text: str, country: str) -> bool:
    """Say whether a value in a column of regions is no region but a town, or a district no wider than its main town."""
    economy = countries.find_stated(country) or ""
    areas = regions.find(text, economy) if economy else regions.named_anywhere(key(text))
    if country and not economy:
        return False
    if plain(text).endswith(_CITY):
        named = towns_called(text, economy) or towns_called(text[: -len(_CITY)], economy)
        return any(people >= _LEAST for _, people in named)
    if areas and not areas[0].admin2:
        return False
    towns = towns_called(text, economy, (PRIMARY,))
    if areas:
        return any(_fills(row, people, area) for row, people in towns for area in areas)
    least = _LEAST if economy else CITY_PEOPLE
    return any(people >= least for _, people in towns) or any(p >= CITY_PEOPLE for _, p in towns_called(text, economy))


def _fills(row: int, people: int, area: Region) -> bool:
    """Say whether a second-level region is hardly more than its main town: by its people, or as others lie so near."""
    spot = (area.lat_e7, area.lon_e7)
    if gazetteer.spot_of(row)[:2] != spot:
        return False
    others = (other for other in regions.main_towns(*area.first_level) if other != spot)
    return 2 * people >= area.population or any(near_e7(*spot, *other) for other in others)


@lru_cache(16384)
def is_city(text: str, country: str) -> bool:
    """Say whether a value before a country is no first-level region, or one with a city of its name."""
    economy = countries.find_stated(country) or ""
    areas = [area for area in regions.find(text, economy) if not area.admin2]
    rows = [row for row, people in towns_called(text, economy) if people >= CITY_PEOPLE] if areas else []
    return not (areas or is_county(text)) or any(lies_in(row, area) for row in rows for area in areas)


def is_county(text: str) -> bool:
    """Say whether a value is a region by its word, as no town is called: Albany County, but not Iowa City."""
    first = SEPARATOR.split(text)[0]
    is_kind = regions.has_kind_word(first) and not plain(first).endswith(_CITY)
    return is_kind and not towns_called(first, "", (PRIMARY,))


def is_region(text: str, economy: str) -> bool:
    """Say whether a value is a first-level region."""
    return any(not area.admin2 for area in regions.find(text, economy))


def towns_called(text: str, economy: str, kinds: tuple[int, ...] = (PRIMARY, ALIAS)) -> list[tuple[int, int]]:
    """Return row and inhabitants of the towns of an economy, or of any where none is stated, that a value names."""
    places = gazetteer.places()
    others = () if regions.has_kind_word(text) else (name for name, _ in variants(text, economy))
    for name in (key(text), *others):
        towns = [(row, int(places.population[row])) for row in gazetteer.rows_named(name, economy, kinds)]
        if towns:
            return towns
    return []
