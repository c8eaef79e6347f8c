"""What says nothing about the place: initials of authors, continents, a direction in a country."""

import csv
import re
from functools import cache
from importlib.resources import files

from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import country, country_or_state, economies_around, split_country

_DIRECTION = re.compile("(?:(?:north|south|mid)[ -]?)?(?:north|south|east|west)(?:ern)?|central")
_ACRONYM, _LONGEST = 4, 40  # letters of one, characters of a direction and a country
# A.B; R.P.D.-G; S.O-D
_AUTHOR = re.compile(r"[^\W\d_](?:[.-]{1,2} ?[^\W\d_])+\.?")


@cache
def continents() -> frozenset[str]:
    """Return the keys of the continents, their parts and the European Union in all languages (CLDR)."""
    rows = csv.reader(files("hubrank.geocoding.text").joinpath("continents.csv").read_text("utf-8").splitlines()[1:])
    return frozenset(key(name) for _, name in rows)


def without_remarks(segments: list[str]) -> list[str]:
    """Return segments without continents behind the country, and without initials of two authors: Japan (A.N., S.N.).

    Those of one may be a region: Mexico, D.F. Continents alone are no place.
    """
    if _is_wide(segments):
        return []
    last = len(segments)
    while last > 1 and _is_remark(segments[last - 1]):
        last -= 1
    initials = sum(_AUTHOR.fullmatch(part) is not None for part in segments[last:])
    if last == len(segments) or initials == 1:
        return segments
    final = segments[last - 1]
    is_address = country(final) or country_or_state(final) or split_country(final)[1]
    is_state = initials and economies_around(key(segments[last]).upper(), key(final))
    return segments[:last] if is_address or (initials and not is_state) else segments


def is_part_of_country(text: str) -> bool:
    """Say whether a text is a direction in a country and nothing else: Northeast US."""
    front, economy = split_country(text) if len(text) <= _LONGEST else ("", "")
    return economy != "" and _DIRECTION.fullmatch(plain(front)) is not None


def _is_wide(segments: list[str]) -> bool:
    """Say whether segments are nothing but continents, with their acronyms: European Union (EU)."""
    named = [part for part in segments if not (part.isupper() and len(part) <= _ACRONYM)]
    return bool(named) and all(key(part) in continents() for part in named)


def _is_remark(segment: str) -> bool:
    """Say whether a segment is initials, and no country (U.S.A.), or a continent."""
    if segment[:1].isupper() and segment[1:2] in ("-", ".") and _AUTHOR.fullmatch(segment):
        return segment.isupper() and not country(segment)
    return key(segment) in continents()
