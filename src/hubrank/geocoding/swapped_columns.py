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
_WORD = re.compile(r"[^\W\d_]+")
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
    is_street = (has_code or max(people) >= least) and _is_street(city, economy)
    if not (is_street or (has_code and _is_no_place(city, economy))) or _ends_in_town(city, economy):
        return address, city
    return f"{city}{address.removeprefix(town)}" if address.startswith(town) else city, town


def _has_code(town: str, address: str, economy: str) -> bool:
    """Say whether a town, in an economy or in any where none is stated, may have the post code of its address."""
    codes = codes_in(address)
    homes = economies_at_code(key(town), tuple(codes)) if codes else frozenset()
    return economy in homes if economy else bool(homes)


def _is_street(text: str, economy: str) -> bool:
    """Say whether a part of a text has a word for a street, or a house's number behind what is no place's name."""
    parts = _PART.split(text)
    for part in parts:
        words = plain(part).split()
        if len(words) > 1 and (is_street_line(part) or not STREETS.isdisjoint(words)):
            return True
    numbered = [named for part in parts if (named := _NAME_AND_NUMBER.fullmatch(part))]
    return bool(numbered) and not any(_opens_with_town(part, economy) for part in parts)


def _opens_with_town(name: str, economy: str) -> bool:
    """Say whether the first words of a text are a town: London WC, Bern CH, New York NY."""
    words = _WORD.findall(name) if not name.lstrip()[:1].isdigit() else []
    fronts = (" ".join(words[:size]) for size in range(1, len(words) + 1))
    return any(people >= _TOWN for front in fronts for _, people in towns_called(front, economy))


def _is_no_place(city: str, economy: str) -> bool:
    """Say whether a text of one part has no post code of an economy, or none at all where none is stated.

    Nor is it a city and the number of its district: Praha 5.
    """
    codes, named = codes_in(city), _NAME_AND_NUMBER.fullmatch(city)
    if named and _opens_with_town(named[1], economy):
        return False
    return _PART.search(city) is None and not (any(is_code(code, economy) for code in codes) if economy else codes)


def _ends_in_town(city: str, economy: str) -> bool:
    """Say whether a text ends in a town of its own, behind a comma: 5 Rue Foo, Lyon."""
    *front, last = (bare(part).strip() for part in _PART.split(city))
    return bool(front) and any(people >= _TOWN for _, people in towns_called(last, economy))
