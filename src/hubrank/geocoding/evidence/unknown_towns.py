"""Limits to the probability of a city that shares a region's name, behind an unknown town: Foobarville, New York."""

import math
from functools import cache, lru_cache

import numpy as np

from hubrank.core.countries import HAN
from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.names import OWN_NAME
from hubrank.geocoding.evidence.reading import LONGEST, Reading
from hubrank.geocoding.evidence.segments import country_keys
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.post_areas import PostArea
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS
from hubrank.geocoding.text.stated_countries import STATES_OF
from hubrank.geocoding.text.vocabulary import STREETS

_NAMED = frozenset(("text", "inside"))  # groups of places that a part names, in whole or with the word for a region
_LEAST = 2  # segments: a town and its region
_CITY_NOT_REGION = 0.8  # that behind an unknown name the city is meant and not the region called like it
_MOST_OF_PEOPLE = 0.5  # of a state
_CITY = (("city",), ("shi",))  # an area within a region that is no more than its town
BEHIND_UNKNOWN = "text: a region's name behind a town that is not known"


def region_behind(reading: Reading) -> Region | None:
    """Return the region that the second segment is, if the first may be a town in it, else None.

    It is none where the region is named once more (New York, NY), a city itself (Busan), nor a county where
    addresses end in states, nor where the segment is a city's name and no region's (New York City).
    """
    if len(reading.segments) < _LEAST or reading.parted or reading.country_at in (0, 1) or not _may_be_town(reading):
        return None
    named = [] if _is_city_in_full(reading) else reading.regions_at(1)
    again = any(region in named for number, region in reading.regions if number != 1)
    if not named or again:
        return None
    region = named[0]
    is_city = region.economy in STATES_OF and not reading.counties_at(1)  # Orange, but no Orange County
    is_other = is_city if region.admin2 else region.first_level in regions.cities()
    return None if is_other else region


def _is_city_in_full(reading: Reading) -> bool:
    """Say whether the second segment is a city's name and a region's only without its last word: Quebec City.

    Where addresses end in states, as elsewhere a region may be called a city.
    """
    part = reading.segments[1]
    if part.words[-1:] not in _CITY:
        return False
    homes = {region.economy for region in reading.regions_at(1)} & {*STATES_OF}
    return any(gazetteer.rows_named(part.key, home) and not regions.named(part.key, home) for home in homes)


def _may_be_town(reading: Reading) -> bool:
    """Say whether the first segment is as long as a town's name, and no organisation, street, country or region.

    In Chinese characters what follows a city stands before it here: 苏州市工业园区.
    """
    town = reading.segments[0]
    words = 0 < len(town.words) <= LONGEST and STREETS.isdisjoint(town.words) and not HAN.search(town.text)
    numbers = any(map(str.isdigit, town.text)) or (town.post_codes and not town.behind_post_code)
    return words and not (numbers or town.organisation or town.key in country_keys() or reading.regions_at(0))


def limit_behind_unknown_town(
    reading: Reading, opening: list[Candidate], behind: list[Candidate], matches: list[Candidate]
) -> None:
    """Limit the probability of places behind the first segment, where that may be an unknown town.

    opening, behind : the places of the first segment and of the second; matches : those of all behind the first.
    """
    named = [c for c in opening if c.group == "text"]
    region = region_behind(reading)
    if region and all(c.outside_region for c in named):
        area = reading.post_area(1)
        main = [] if _is_place(reading, region) else _main_cities(behind, region, area)
        others = [c for c in behind if not any(c is city for city in main)]
        limit_cities_of_region(others, region, area, root=not _is_by_word(reading.text_at(1)))
    if all(c.outside_region for c in named) and _may_be_town(reading):
        _limit_regions_by_word(reading, [c for c in matches if not any(near(c, town) for town in behind)])


def limit_in_parentheses(reading: Reading, at: int, opening: list[Candidate], behind: list[Candidate]) -> None:
    """Limit the probability of the places of a part in parentheses that is a region, too, behind an unknown town.

    Vich (Barcelona) may be anywhere in the province. Where addresses end in states, no town has its region so.

    at : the segment before it; opening, behind : the places of that and of the part.
    """
    if not (behind and reading.in_parentheses) or reading.segments[at + 1].key != reading.in_parentheses:
        return
    homes = reading.economies[:1] or sorted({c.economy for c in behind})
    named = [region for home in homes for region in regions.find(reading.segments[at + 1].text, home)]
    towns = [(c, gazetteer.home_of(c.row)) for c in opening if c.group == "text" and c.row < _place_count()]
    is_town = any(r.contains(*home, c.lat_e7, c.lon_e7, c.geonames_id) for r in named for c, home in towns)
    if is_town or not named or not set(STATES_OF).isdisjoint(homes) or not may_be_name(reading, at):
        return
    area = reading.post_area(at)
    for c in behind:
        share = max(_share_near(region, c.lat_e7, c.lon_e7, area) for region in named)
        c.at_most = min(c.at_most, math.sqrt(share))
        c.features.append(BEHIND_UNKNOWN)


def limit_in_region_by_word(reading: Reading, at: int, opening: list[Candidate], behind: list[Candidate]) -> None:
    """Limit the probability of the places of a part that is a region by its word, behind one that is no place in it.

    That is an organisation or a street somewhere in the region, or behind others a town that is not known: Foo Park,
    Foobar, Pune District.

    at : the segment before it; opening, behind : the places of that and of the part.
    """
    areas = reading.regions_at(at + 1) if behind and _is_by_word(reading.text_at(at + 1)) else []
    if not areas or any(c.group == "text" and not c.outside_region for c in opening):
        return
    if areas[0].first_level not in regions.cities() and reading.segments[at + 1].words[-1:] not in _CITY:
        for c in behind:
            c.at_most = min(c.at_most, _CITY_NOT_REGION)


def _place_count() -> int:
    return len(gazetteer.places().name) + gazetteer.village_count()


def may_be_name(reading: Reading, at: int) -> bool:
    """Say whether a segment is as long as a town's name, and no organisation, street, number, country or region."""
    town = reading.segments[at]
    is_short = 0 < len(town.words) <= LONGEST and STREETS.isdisjoint(town.words)
    is_name = town.organisation or key(town.text.rpartition(" ")[2]) in LEGAL_FORMS
    is_other = is_name or any(map(str.isdigit, town.text)) or town.key in country_keys()
    return is_short and not (is_other or reading.regions_at(at))


def _limit_regions_by_word(reading: Reading, cities: list[Candidate]) -> None:
    """Limit the probability of main towns of regions that the third segment or a later one is by its word."""
    for number, region in reading.regions:
        if number > 1 and _is_by_word(reading.text_at(number)):
            main = [c for c in cities if near_e7(c.lat_e7, c.lon_e7, region.lat_e7, region.lon_e7)]
            limit_cities_of_region(main, region, None, root=False)


def _is_by_word(text: str) -> bool:
    """Say whether a text is a name with a word for a region, rather than a code that is spelt like one (TO)."""
    return " " in text and regions.has_kind_word(text)


def _is_place(reading: Reading, region: Region) -> bool:
    """Say whether the first segment is a city elsewhere, or an area by its last word, rather than an organisation.

    So is what stands before a region with the word for it: Foo, Albany County.
    """
    (part, behind), people = reading.segments[:2], gazetteer.places().population
    is_wide = regions.has_kind_word(behind.text) and behind.words[-1:] not in _CITY
    if is_wide or reading.areas_in(0) or regions.has_kind_word(part.text):
        return True
    return any(people[row] >= CITY_PEOPLE for row in gazetteer.rows_named(part.key, region.economy))


def _main_cities(behind: list[Candidate], region: Region, area: PostArea | None) -> list[Candidate]:
    """Return the cities that a region's name means rather than the region, behind what may be an organisation.

    Such a city is the main place of the region, or larger than that, at the second level any of 100,000. Where
    addresses end in states it is as likely as people of the state live near it, elsewhere addresses state cities. A
    city that is not in the region, but in another one that the text names, is meant for sure: Washington, DC.
    """
    main = []
    for c in behind:
        if c.group != "text" or (area is not None and not area.contains(c.lat_e7, c.lon_e7)):
            continue
        share = _share_near(region, c.lat_e7, c.lon_e7, area)
        if c.in_region and not share:
            main.append(c)
            continue
        is_main = near_e7(c.lat_e7, c.lon_e7, region.lat_e7, region.lon_e7)
        is_main |= 10**c.people > (CITY_PEOPLE if region.admin2 else _most_people(region))
        at_most = share_of_people(region, c.lat_e7, c.lon_e7) if region.economy in STATES_OF else _CITY_NOT_REGION
        if is_main and at_most > math.sqrt(share):
            c.at_most = min(c.at_most, at_most)
            main.append(c)
    return main


def limit_called_like_state(cities: list[Candidate], states: tuple[Region, ...]) -> None:
    """Limit the probability of cities that have the name of a state for another one, as the state is meant: Oklahoma.

    Where addresses end in states, and unless half of its people live there: New York, USA.
    """
    for state in states if any(state.economy in STATES_OF for state in states) else ():
        for c in cities:
            share = 1.0 if c.name_kind == OWN_NAME else share_of_people(state, c.lat_e7, c.lon_e7)
            c.at_most = min(c.at_most, share if share < _MOST_OF_PEOPLE else 1.0)


@lru_cache(4096)
def share_of_people(region: Region, lat_e7: int, lon_e7: int) -> float:
    """Return the share of the people of a region's places who live within 15 km of a spot."""
    places, rows = gazetteer.places(), _rows_in(region)
    all_people = sum(int(places.population[row]) for row in rows)
    near_spot = (row for row in rows if near_e7(int(places.lat_e7[row]), int(places.lon_e7[row]), lat_e7, lon_e7))
    return sum(int(places.population[row]) for row in near_spot) / max(1, all_people)


@cache
def _most_people(region: Region) -> int:
    """Return the inhabitants of the largest place of a region."""
    return max((int(gazetteer.places().population[row]) for row in _rows_in(region)), default=0)


def limit_cities_of_region(
    cities: list[Candidate], region: Region, area: PostArea | None, *, root: bool = True
) -> None:
    """Limit the probability of cities with a region's name, as the town before it may be anywhere in the region.

    The limit is the root of the share of its places, or of those that may have the post code, that are near the city:
    so often were such towns near it.

    root : not where an area in the region is stated that is not known, or the region by its word, as what lies there is
        seldom its main town: then the share is that of the other places.
    """
    for c in cities:
        if c.group in _NAMED:
            share = _share_near(region, c.lat_e7, c.lon_e7, area, others=not root)
            c.at_most = min(c.at_most, math.sqrt(share) if root else share)
            c.features.append(BEHIND_UNKNOWN)


@lru_cache(4096)
def _share_near(
    region: Region, lat_e7: int, lon_e7: int, area: PostArea | None = None, *, others: bool = False
) -> float:
    """Return the share of the places of a region, and of an area, that are within 15 km of a spot.

    others : whether the place at the spot, which is one of them, does not count.

    Behind a state a post code says it alone: New York 10027 is the city, New York 12604 is not.
    """
    if area is not None and not region.admin2:
        return float(area.contains(lat_e7, lon_e7))
    places = gazetteer.places()
    spots = [(int(places.lat_e7[row]), int(places.lon_e7[row])) for row in _rows_in(region)]
    if area is not None:
        spots = [spot for spot in spots if area.contains(*spot)]
    return max(0, sum(near_e7(*spot, lat_e7, lon_e7) for spot in spots) - others) / max(1, len(spots) - others)


@cache
def _rows_in(region: Region) -> list[int]:
    """Return the places of a region, at the second level those that its main town is the nearest one of."""
    rows = gazetteer.rows_in(*region.first_level)
    if not region.admin2 or not rows:
        return rows
    places, seat = gazetteer.places(), (region.lat_e7, region.lon_e7)
    towns = regions.main_towns(region.economy, region.admin1)
    towns = towns if seat in towns else [*towns, seat]  # a district that is not listed is around its town
    wide = math.cos(math.radians(region.lat_e7 / 1e7))
    north = places.lat_e7[rows][:, None] - np.array([lat for lat, _ in towns])
    east = (places.lon_e7[rows][:, None] - np.array([lon for _, lon in towns])) * wide
    nearest = np.hypot(north, east).argmin(axis=1).tolist()
    return [row for row, at in zip(rows, nearest, strict=True) if towns[at] == seat]
