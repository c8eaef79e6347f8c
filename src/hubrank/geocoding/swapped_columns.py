"""A street in the column of cities and its town in the column of addresses: Selb | Weißenbacher Straße 62."""

import re

from hubrank.core import countries
from hubrank.geocoding.column_values import towns_called
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.post_areas import is_code
from hubrank.geocoding.text.address_lines import economies_at_code
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import SIGNS
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.street_lines import is_street_line
from hubrank.geocoding.text.vocabulary import STREETS

_PART, _DIGIT = re.compile(r"[,;]"), re.compile(r"\d")
_NAME_AND_NUMBER = re.compile(r"\W*([^\W\d][^\d]*?)\W*\d{1,4}(?:\W?\w{1,3})?\W*")
_NO_TOWN = re.compile(r"[\d,;:/]")
_TOWN = 1_000  # inhabitants of a town that ends a street's line, or stands beside it where no country is stated
_TOWN_WORDS = 5


def exchanged(address: str, city: str, country: str) -> tuple[str, str]:
    """Return address and city, exchanged where the address is a town and the city a street or what names no place.

    The town lies in the stated country. Where the city has no number, it is a city of 100,000 or may have the post code
    behind it, which stays in the address; only a town that may have it stands beside what is no street by its words.
    """
    town = bare(address).strip(" ,")
    economy = countries.find_stated(country) if country else ""
    if economy is None or not town or len(town.split()) > _TOWN_WORDS or _NO_TOWN.search(town):
        return address, city
    people = [people for _, people in towns_called(town, economy)]
    if not people or gazetteer.economies_of(key(city)) or not SIGNS.isdisjoint(plain(town).split()):
        return address, city
    has_code = _has_code(town, address, economy)
    least = CITY_PEOPLE if not _DIGIT.search(city) else 0 if economy else _TOWN
    is_street = (has_code or max(people) >= least) and _is_street(city)
    if not (is_street or (has_code and _is_no_place(city, economy))) or _ends_in_town(city, economy):
        return address, city
    return f"{city}{address.removeprefix(town)}" if address.startswith(town) else city, town


def _has_code(town: str, address: str, economy: str) -> bool:
    """Say whether a town, in an economy or in any where none is stated, may have the post code of its address."""
    codes = codes_in(address)
    homes = economies_at_code(key(town), tuple(codes)) if codes else frozenset()
    return economy in homes if economy else bool(homes)


def _is_street(text: str) -> bool:
    """Say whether a part of a text has a word for a street, or a house's number behind what is no place's name."""
    for part in _PART.split(text):
        words = plain(part).split()
        if len(words) > 1 and (is_street_line(part) or not STREETS.isdisjoint(words)):
            return True
        named = _NAME_AND_NUMBER.fullmatch(part)
        if named and not gazetteer.economies_of(key(named[1])):
            return True
    return False


def _is_no_place(city: str, economy: str) -> bool:
    """Say whether a text of one part has no post code of an economy, or none at all where none is stated.

    Nor is it a city and the number of its district: Praha 5.
    """
    codes, named = codes_in(city), _NAME_AND_NUMBER.fullmatch(city)
    if named and gazetteer.economies_of(key(named[1])):
        return False
    return _PART.search(city) is None and not (any(is_code(code, economy) for code in codes) if economy else codes)


def _ends_in_town(city: str, economy: str) -> bool:
    """Say whether a text ends in a town of its own, behind a comma: 5 Rue Foo, Lyon."""
    *front, last = (bare(part).strip() for part in _PART.split(city))
    return bool(front) and any(people >= _TOWN for _, people in towns_called(last, economy))
