"""What is stated about where a place lies: economies, regions and a post code."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, PRIMARY
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.post_areas import PostArea
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.spatial_relations import lies_in
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain

_DISTRICTS = frozenset(vocabulary.words("region", "districts"))
_NUMBERED = "FR"  # where addresses have the numbers of regions
_MAIN_TOWN = 15_000  # inhabitants of a town that a district may be named after
_JOINED = re.compile(r"\s[-–]\s|\s?/\s?")  # Akron - Canton


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is stated about the surroundings of a name: economies it may lie in (any, if none), regions, a post code."""

    economies: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    post_area: PostArea | None = None

    def counties(self) -> tuple[Region, ...]:
        """Return the second-level regions whose first-level ones are stated, too: Wayne County, NY."""
        states = {region.first_level for region in self.regions if not region.admin2}
        return tuple(r for r in self.regions if r.admin2 and r.first_level in states)


@lru_cache(4096)
def home_of_seat(geonames_id: int, lat_e7: int, lon_e7: int) -> tuple[str, str]:
    """Return the economy and first-level region of a seat: of its place, or of the nearest one in the gazetteer."""
    places = gazetteer.places()
    row = places.row(geonames_id) if geonames_id else None
    if row is None:
        row = int(nearest_places(np.array([lat_e7]), np.array([lon_e7]))[0][0])
    return places.economy[row], places.admin1[row]


@lru_cache(16384)
def is_county(text: str, economy: str) -> bool:
    """Say whether a text is a listed county with the word for it, and no place has that for its own name.

    Irvine, which GeoNames also calls Orange County, is not meant by it.
    """
    if plain(text).rpartition(" ")[2] != regions.COUNTY:
        return False
    name = key(text)
    named = any(area.admin2 and key(area.name) == name for area in regions.find(text, economy))
    return named and not gazetteer.rows_named(name, economy, (PRIMARY,))


@lru_cache(16384)
def regions_of_town(region: str, town: str) -> tuple[Region, ...]:
    """Return the regions of a name, of any economy and either level, in which a town of a key lies."""
    areas: dict[Region, None] = {}
    for row, _ in gazetteer.names().rows(town):
        home, admin1 = gazetteer.home_of(row)
        spot = gazetteer.spot_of(row)
        is_known = spot[0] or spot[1]  # the county of a village is not
        listed = (area for area in _regions(region, home) if is_known or not area.admin2)
        areas |= {area: None for area in listed if area.contains(home, admin1, *spot)}
    return tuple(areas)


@lru_cache(65536)
def surroundings_of_columns(region: str, country: str) -> Surroundings:
    """Return the economies and regions that two columns state; without a country those of the region."""
    coded = None if country else regions.with_country(region)
    economy = countries.find_stated(country) if country else coded.economy if coded else None
    economies = countries.family(economy) if economy else ()
    if region and not economy and not country:
        stated = regions.named_anywhere(key(region)) or _second_level_of_one_country(region)
        return Surroundings(tuple(dict.fromkeys(match.economy for match in stated)), stated)
    stated = tuple(match for code in economies for match in _regions(region, code)) if region else ()
    return Surroundings(economies, stated or region_around_town(region, economies))


def _second_level_of_one_country(region: str) -> tuple[Region, ...]:
    """Return the second-level regions of a name that one economy alone has: Álava."""
    if len(region) <= regions.LONGEST_CODE:
        return ()
    named = {home: areas for home in sorted(regions.with_second_level()) if (areas := regions.find(region, home))}
    return next(iter(named.values())) if len(named) == 1 else ()


def _regions(text: str, economy: str) -> tuple[Region, ...]:
    """Return the regions that a text names, or a county and the state behind it: Wayne County, NY."""
    front, _, last = text.rpartition(",")
    if named := regions.find(text, economy):
        return named
    if not front:
        code, dash, _ = text.partition(" - ")  # MN - Other
        coded = regions.find(code, economy) if dash and len(code) < regions.LONGEST_CODE and code.isupper() else ()
        return tuple(region for region in coded if not region.admin2)
    states = tuple(region for region in regions.find(last.strip(), economy) if not region.admin2)
    homes = {state.admin1 for state in states}
    return (*(area for area in regions.find(front, economy) if area.admin2 and area.admin1 in homes), *states)


def around_city(city: str, region: str, country: str) -> Surroundings:
    """Return the economies and regions stated beside a city, without a region that only repeats the city.

    Houston, Houston is in no Houston County; but a region named after its main town stays. A region that is a territory
    with a place of the city's name is the country: San Lorenzo, PR. A number is a region where the city is in it.
    """
    where = surroundings_of_columns(region, country)
    if region.isdigit() and _is_other_number(where, city):
        return Surroundings(where.economies)
    if region and where.economies[1:] and (territory := territory_of_town(region, key(city), where.economies)):
        return Surroundings((territory,))
    areas = without_repeated_city(where.regions, region, city)
    if where.economies and region and not any(area.admin1 and not area.admin2 for area in areas):
        areas = _regions_named_after_town(city, region, country) or areas
    return where if areas is where.regions else Surroundings(where.economies, areas)


def _is_other_number(where: Surroundings, city: str) -> bool:
    """Say whether a number is no region's code beside a city, as no place of the city's name lies in that region.

    Tables number regions in many ways; in addresses stand those of the departments of France alone.
    """
    if not where.regions or where.economies[:1] == (_NUMBERED,):
        return False
    rows = gazetteer.names().rows(key(city))
    return bool(rows) and not any(_contains_any(area, rows) for area in where.regions)


def territory_of_town(text: str, town: str, economies: tuple[str, ...]) -> str:
    """Return the economy that a text is where it is filed under the first of some, and has the town of a key, or ""."""
    if regions.find(text, economies[0]):  # MO is Missouri
        return ""
    economy = countries.find(text) or ""
    return economy if economy in economies[1:] and economy in gazetteer.economies_of(town) else ""


@lru_cache(16384)
def _regions_named_after_town(city: str, region: str, country: str) -> tuple[Region, ...]:
    """Return the district of the town that a region is named after, or its state, if a city lies there, else ().

    Metropolitan areas are named so: Chagrin Falls, Cleveland is in no Cleveland County. Where a place of the city's
    name lies in a listed region of that name, that region is meant.
    """
    where, rows = surroundings_of_columns(region, country), gazetteer.names().rows(key(city))
    is_kind = where.regions and regions.has_kind_word(region)
    if not rows or is_kind or key(region) == key(city) or any(_contains_any(area, rows) for area in where.regions):
        return ()
    towns = [
        area
        for name in (region, *_JOINED.split(region))
        for area in region_around_town(name, where.economies, (PRIMARY, ALIAS))
    ]
    states = (state for town in towns for state in regions.of_codes(town.economy, town.admin1))
    return next(((area,) for area in (*towns, *states) if _contains_any(area, rows)), ())


def _contains_any(area: Region, rows: list[tuple[int, int]]) -> bool:
    """Say whether any of the places lies in a region; villages do not count."""
    places = (row for row, _ in rows if row < len(gazetteer.places().name))
    return any(lies_in(row, area) for row in places)


def without_repeated_city(areas: tuple[Region, ...], region: str, city: str) -> tuple[Region, ...]:
    """Return the regions; where their name repeats the city's, only those that are named after that city.

    A second-level region may be named after any name of its main town (Milano), but after another than its own only
    where no other place of the economy has that for its own: Raleigh, Raleigh is not Beckley.
    """
    if not areas or key(region) != key(city):
        return areas
    rows = [(row, kind, gazetteer.home_of(row)[0]) for row, kind in gazetteer.names().rows(key(city))]
    economies_of_own_name = {home for _, kind, home in rows if kind == PRIMARY}
    spots = {
        gazetteer.spot_of(row)[:2]
        for row, kind, home in rows
        if kind == PRIMARY or (kind == ALIAS and home not in economies_of_own_name)
    }
    listed = {area for area in areas if area in regions.find(city, area.economy)}
    return tuple(
        area
        for area in areas
        if not area.admin2 or (area in listed and ((area.lat_e7, area.lon_e7) in spots or _has_city(area, city)))
    )


def _has_city(area: Region, city: str) -> bool:
    """Say whether a city whose own name an area has lies in it, half as large as its main town at least: Toledo."""
    people = gazetteer.places().population
    main = int(nearest_places(np.array([area.lat_e7]), np.array([area.lon_e7]))[0][0])
    return any(
        2 * people[row] >= people[main] and lies_in(row, area)
        for row in gazetteer.rows_named(key(city), area.economy, (PRIMARY,))
        if row < len(people)
    )


@lru_cache(16384)
def district_by_word(text: str, economies: tuple[str, ...]) -> tuple[Region, ...]:
    """Return the district of a town with the word for one before or behind its name, () without: Dist. Ahmedabad."""
    words = plain(text).split()
    name = [word for word in words if word not in _DISTRICTS]
    is_district = len(name) == len(words) - 1 and (words[0] in _DISTRICTS or words[-1] in _DISTRICTS)
    return region_around_town(" ".join(name), economies, (PRIMARY, ALIAS)) if name and is_district else ()


def region_around_town(
    name: str, economies: tuple[str, ...], kinds: tuple[int, ...] = (PRIMARY,)
) -> tuple[Region, ...]:
    """Return the district of the largest town of a name, as unlisted districts are named after their main town.

    kinds : which kinds of name may be the town's.
    """
    places = gazetteer.places()
    rows = gazetteer.names().rows(key(name)) if len(name) > regions.LONGEST_CODE else ()
    towns = [
        (kind == PRIMARY, places.population[row], row)
        for row, kind in rows
        if kind in kinds and row < len(places.name) and places.economy[row] in economies
    ]
    _, people, row = max(towns, default=(False, 0, 0))
    if people < _MAIN_TOWN:
        return ()
    number, lat, lon = (int(axis[row]) for axis in (places.geonames_id, places.lat_e7, places.lon_e7))
    return (Region(places.economy[row], places.admin1[row], name, number, lat, lon, int(people), name, ""),)
