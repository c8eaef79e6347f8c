"""Limits to the probability of a city behind a district in it that is not known: Foobar District, Chongqing."""

from math import log10

import numpy as np

from hubrank.core.sphere import ONE_PLACE_KM
from hubrank.core.sphere import distance_km as distances_km
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.seats_and_places import limit_with_seats
from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.evidence.unknown_towns import BEHIND_UNKNOWN, share_of_people
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.place_index import SETTLED
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import STATES_OF
from hubrank.geocoding.text.vocabulary import STREETS

_BEFORE = tuple(f"{words} " for words in vocabulary.words("unit", "before"))
_BEHIND = tuple(f" {words}" for words in vocabulary.words("unit", "behind"))
_OF_TOWN = {  # words for a part of a municipality, by economy
    home: tuple(f"{word.replace('+', ' ')} " for word in words.split())
    for home, words in vocabulary.section("unit_of_town").items()
}
_TOWNS = {  # words for a town that is in no city, by economy
    home: tuple(f" {word}" for word in words.split()) for home, words in vocabulary.section("area_town").items()
}
_AMID = 0.85  # the most behind a unit that is not known amid other parts: so often were cities near such ones
_TOWN, _SAME_KM = 10_000, 1.0  # inhabitants of a town, and how far an entry of it lies from another at most
_UNKNOWN = log10(SETTLED)  # of a place whose inhabitants are not known
_SMALL = 4.3  # log10 of inhabitants of a town whose districts are near it
_CITIES_BEFORE = tuple(f"{words} " for words in vocabulary.words("unit", "city_before"))
_CITIES_BEHIND = tuple(f" {words}" for words in vocabulary.words("unit", "city_behind"))


def limit_behind_unread_unit(
    reading: Reading, places: list[Candidate], seats: list[Candidate], names: PlaceNames
) -> None:
    """Limit places behind a district that is not known to the share of the people of its region who live near them.

    That region is the narrowest one stated behind the district, else the first-level one of the place; the town of a
    wider unit behind it (Kec. Foobar, Kab. Lahat) is as likely as that is narrow. Behind a unit amid other parts, or a
    town, county or city of China, they may have 85 %, as a small town after which no region is called. Where addresses
    end in states, counties are read with these. Seats there of organisations that are named only in part say no more.
    """
    unit = _unread_unit(reading, places, names)
    if unit < 0:
        return
    towns = _rows_of_unit(reading, unit + 1, names)
    opens = all(map(_is_street, reading.segments[:unit])) and _has_word(plain(reading.text_at(unit)))
    opens = opens and not _is_among(places, _rows_of_unit(reading, unit, names))  # nor known elsewhere
    for c in places:
        region = _region_around(reading, unit, c, names)
        if region and BEHIND_UNKNOWN not in c.features:
            is_wide = c.row in towns and c.people > _UNKNOWN
            share = _share_around(c) if is_wide else share_of_people(region, c.lat_e7, c.lon_e7)
            is_inside = not opens or (c.row not in towns and _is_small(c))
            limit_with_seats(c, seats, max(share, _AMID) if is_inside else share)


def _unread_unit(reading: Reading, places: list[Candidate], names: PlaceNames) -> int:
    """Return the number of the first unit in a text, if no place of it is known and the text goes on; else -1.

    Where no region is stated, one anywhere in the country of a place is enough: Hongshan District, Wuhan. What lies in
    a city by its word is near enough (Foobar District, Bandung City), but a city of China is an area.
    """
    home = reading.economies[0] if reading.economies else ""
    parts = enumerate(reading.segments[:-1])
    at = next((n for n, part in parts if _is_unit(reading, n) and not _is_street(part)), -1)
    if at < 0 or home in STATES_OF or any(number == at for number, _ in reading.regions):
        return -1
    if _is_city(reading.segments[at + 1].text) and _has_word(plain(reading.text_at(at))):
        return -1
    stated = [c for c in places if not c.outside_region]
    rows = _rows_of_unit(reading, at, names)
    homes = set() if reading.regions else {c.economy for c in stated}
    is_in_country = any(names.table.economy[row] in homes for row in rows)
    return -1 if is_in_country or _is_among(stated, rows) else at


def _is_small(c: Candidate) -> bool:
    """Say whether a place is a small town, after which no region is called, so that its districts are near it."""
    names = gazetteer.places().name
    is_region = c.row < len(names) and regions.named(key(names[c.row]), c.economy)
    return c.people < _SMALL and not is_region


def _is_among(places: list[Candidate], rows: set[int]) -> bool:
    return any(c.row in rows for c in places)


def _rows_of_unit(reading: Reading, at: int, names: PlaceNames) -> set[int]:
    """Return the places that are called like a segment that is a unit, with or without the word for it, else none."""
    if not _is_unit(reading, at):
        return set()
    home, text = next(iter(reading.economies), ""), reading.text_at(at)
    spellings = {reading.segments[at].key, key(_without_unit(plain(text))), *(name for name, _ in variants(text, home))}
    return {row for name in spellings for row, _ in names.rows(name)}


def _is_street(part: Segment) -> bool:
    """Say whether a segment has a number or a word for a street."""
    return any(map(str.isdigit, part.text)) or not STREETS.isdisjoint(part.words)


def _is_unit(reading: Reading, at: int) -> bool:
    """Say whether a segment has a word for a district before or behind its name, and none for an organisation.

    Nor one for a part of the municipality behind it.
    """
    name, home = plain(reading.text_at(at)), next(iter(reading.economies), "")
    is_town = name.endswith(_TOWNS.get(home, ()))
    is_unit = is_town or _has_word(name) or (" " in name and bool(reading.areas_in(at)))
    return is_unit and not (name.startswith(_OF_TOWN.get(home, ())) or reading.segments[at].organisation)


def _has_word(name: str) -> bool:
    """Say whether a plain name has a word for a district before or behind it."""
    return name.startswith(_BEFORE) or name.endswith(_BEHIND)


def _without_unit(name: str) -> str:
    """Return a plain name without the word for a district."""
    for words in (*_BEFORE, *_BEHIND):
        name = name.removeprefix(words).removesuffix(words)
    return name


def _is_city(text: str) -> bool:
    """Say whether a text has the word for a city before or behind its name."""
    return opens_as_city(text) or plain(text).endswith(_CITIES_BEHIND)


def opens_as_city(text: str) -> bool:
    """Say whether a text has the word for a city before its name, where no county is called so: Kota Bekasi."""
    return plain(text).startswith(_CITIES_BEFORE)


def _region_around(reading: Reading, unit: int, c: Candidate, names: PlaceNames) -> Region | None:
    """Return the narrowest region around a place that is stated behind a unit, else its first-level one."""
    if c.row < 0:
        return None
    counties = (area for number, area in reading.regions if number > unit and area.admin2)
    around = next((area for area in counties if names.inside(c.row, (area,))), None)
    table = names.table
    return around or next(iter(regions.of_codes(table.economy[c.row], table.admin1[c.row])), None)


def _share_around(town: Candidate) -> float:
    """Return the share of the villages around a town that may be within 15 km of it.

    The area is taken to reach half-way to the next town of half its people, so that the mean distance of its villages
    is a third of the way.
    """
    return ONE_PLACE_KM / (ONE_PLACE_KM + _gap_km(town) / 3)


def _gap_km(town: Candidate) -> float:
    """Return how far the next town is that has half the people of one, and at least 10,000."""
    places = gazetteer.places()
    towns = np.flatnonzero(places.population >= max(10**town.people / 2, _TOWN))
    spot = (np.full(len(towns), axis) for axis in (town.lat_e7, town.lon_e7))
    gaps = distances_km(places.lat_e7[towns], places.lon_e7[towns], *spot)
    return float(gaps[gaps > _SAME_KM].min())
