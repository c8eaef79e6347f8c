"""What of an address may be shown: organisations and places, no street, number, post code or person (METHOD 2)."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from hubrank.core import countries
from hubrank.geocoding.evidence.reading import LONGEST as LONGEST_NAME
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.segments import INITIALS
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.named_persons import is_surname_and_initials, without_person
from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.normalise import key, plain, repair_encoding, without_kind
from hubrank.geocoding.text.organisation_words import SIGNS
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import country
from hubrank.geocoding.text.vocabulary import STREETS

LONGEST = 200  # characters
_REGION_AND_COUNTRY = 2  # segments that an address ends in
# A place whose name is formed like a street's is not shown either.
_SUFFIX = re.compile(r"(?:strasse|\wstr|straat|gatan|vagen|gasse|platz|allee)$")
# In Chinese characters and Hangul: a house number, a lane, a room; or what ends as a street.
_HOUSE = re.compile(
    r"[0-9０-９〇一二三四五六七八九十百]+\s*(?:号|號|弄|巷|室|楼|樓|番地|丁目)|[路街巷弄]$|[가-힣](?:로|길)\s*[0-9]"
)
# Towns and their wards, written together: 川崎市幸区.
_UNIT = re.compile(r"[^\W\d_a-zA-Z]{1,6}?[市区區町村郡縣县旗镇鎮乡鄉]")
_AUTHOR = re.compile(r"([^\W\d_][^\d,.]*?),? ((?:-?[^\W\d_]{1,2}\.[ -]?)+), (?=.)")
_NUMBER = re.compile(r"^\d{1,5}[a-h]?$", re.IGNORECASE)
_WORD, _SHORTEST = re.compile(r"[^\W\d_]+"), 3  # letters of a place's name amid other words
_NUMBER_OF_NAME = re.compile(r"\d{1,2}")  # Université Lyon 1


def joined(parts: Iterable[str]) -> str | None:
    """Return texts as one, each once; None where there are none."""
    return ", ".join(dict.fromkeys(parts))[:LONGEST] or None


@lru_cache(65536)
def column(text: str) -> str | None:
    """Return the city, region or country of a column."""
    if text.isascii() and text.replace(" ", "").isalpha() and len(text) <= LONGEST:  # as most are: only words
        words = text.lower().split()
        return None if not STREETS.isdisjoint(words) or any(map(_SUFFIX.search, words)) else text
    return organisation(text)


@lru_cache(65536)
def organisation(text: str) -> str | None:
    """Return what names an organisation, or its place, in a column for organisations."""
    segments = split(_without_authors(repair_encoding(text))) if text else []
    return joined(filter(None, map(without_person, map(_without_street, segments))))


def _without_authors(text: str) -> str:
    """Return a text without authors at its beginning, who have initials: `Ito H., RIKEN` and `Ito, H., RIKEN`."""
    while (author := _AUTHOR.match(text)) and is_surname_and_initials(author[1], author[2]):
        text = text[author.end() :]
    return text


@lru_cache(65536)
def _without_street(segment: str) -> str:
    """Return a segment without post code and numbers; "" where it is a street, opens with a number, or is a contact."""
    words = bare(segment).split()
    if not words or _is_number(words[0]) or "@" in segment or "://" in segment:
        return ""
    if not segment.isascii() and _HOUSE.search(segment):
        return ""
    plain_words = plain(segment).split()
    streets = [at for at, word in enumerate(plain_words) if word in STREETS or _SUFFIX.search(word)]
    signs = [at for at, word in enumerate(plain_words) if word in SIGNS]
    if streets and not _is_in_name(streets, signs, plain_words):
        return ""
    of_name = words.pop() if signs and not streets and _NUMBER_OF_NAME.fullmatch(words[-1]) else ""
    return " ".join([*(word for word in words if not _is_number(word)), *filter(None, [of_name])])


def _is_in_name(streets: list[int], signs: list[int], words: list[str]) -> bool:
    """Say whether a word for a street is amid the name of an organisation: Université de Perpignan Via Domitia.

    streets, signs : where words for streets and for organisations are.
    """
    amid = bool(signs) and signs[0] < streets[0] and streets[-1] < len(words) - 1
    return amid and not any(map(_is_number, words))


def _is_number(word: str) -> bool:
    """Say whether a word is a number of a house or a room: 12, 7b, 9E-01, but not 3M."""
    digits, letters = (sum(map(test, word)) for test in (str.isdigit, str.isalpha))
    return bool(_NUMBER.match(word)) or (len(word) > 2 and digits > letters)


def free_text(text: str, answer: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the organisations, and the places of the answer, that a free text names."""
    pieces = split(repair_encoding(text))
    segments = [part for piece in pieces if (part := _without_street(piece))]
    behind = segments[-_REGION_AND_COUNTRY:]
    segments = [part for part in segments if part in behind or not INITIALS.fullmatch(part)]  # of an author
    segments = [*map(without_person, segments)]
    organisations = [part for part in segments if _is_organisation(part)]
    places = [part for part in segments if part not in organisations and _is_place(part, answer, bool(organisations))]
    if not organisations and len(places) < len(segments):
        places = _town_and_areas(text, segments, places)
    place = answer["gazetteer_id"]
    if place and not any(_name_within(part, place) for part in (*organisations, *places)):
        places = [*filter(None, [_first_name(pieces, place)]), *places]
    return joined(iter(organisations)), joined(iter(places))


def _first_name(pieces: list[str], geonames_id: int) -> str:
    """Return the name of a place that stands in the first part with one, without the other words there, or ""."""
    return next(filter(None, (_name_within(piece, geonames_id) for piece in pieces)), "")


@lru_cache(65536)
def _name_within(text: str, geonames_id: int) -> str:
    """Return the words of a text that are a name of a place, the most that are, as they stand there; "" if none are."""
    row = gazetteer.places().row(geonames_id)
    words = [] if row is None else [word.span() for word in _WORD.finditer(text)]
    for size in range(min(LONGEST_NAME, len(words)), 0, -1):
        for first in range(len(words) - size + 1):
            name = text[words[first][0] : words[first + size - 1][1]]
            if len(name) >= _SHORTEST and any(at == row for at, _ in gazetteer.names().rows(key(name))):
                return name
    return ""


def _town_and_areas(text: str, segments: list[str], places: list[str]) -> list[str]:
    """Return all of a text that is a town and its regions and country, wherever it was put, else its places.

    What no place there is called may be a person: Jane Doe, Missouri, USA.
    """
    reading = read(text, Surroundings())
    name = key(reading.lone_name())
    if not name or len(segments) != len(reading.segments):
        return places
    homes = {gazetteer.home_of(row) for row, _ in gazetteer.names().rows(name)}
    states = {region.first_level for _, region in reading.regions if not region.admin2}
    is_town = not homes.isdisjoint(states) if states else any(home in reading.economies[:1] for home, _ in homes)
    return segments if is_town or segments[0] in places else segments[1:]


@lru_cache(65536)
def _is_organisation(segment: str) -> bool:
    return not SIGNS.isdisjoint(plain(segment).split())


def _is_place(segment: str, answer: Mapping[str, Any], affiliation: bool) -> bool:
    """Say whether a segment names the country, the region or the place of the answer.

    affiliation : whether the text names an organisation; then places of the alternatives are shown as well.
    """
    others = (answer["alternatives"] or []) if affiliation else []
    economies = {one["economy"] for one in (answer, *others) if one["economy"]}
    named = country(segment)
    if named and (not economies or named in {state for economy in economies for state in _economy_and_states(economy)}):
        return True
    ids = {one["gazetteer_id"] for one in (answer, *others) if one["gazetteer_id"]}
    return any(_is_name_of(segment, number) for number in ids)


def _economy_and_states(economy: str) -> tuple[str, ...]:
    return (economy, *(state for state, many in countries.BELONGING.items() if economy in many))


@lru_cache(65536)
def _is_name_of(segment: str, geonames_id: int) -> bool:
    """Say whether a segment is a name of a place, or of the region that it lies in."""
    places = gazetteer.places()
    row = places.row(geonames_id)
    if row is None:
        return False
    units = _UNIT.findall(segment)
    written = (segment, *units) if "".join(units) == segment.replace(" ", "") else (segment,)
    names = {key(name) for one in written for name in (one, without_kind(one))}
    if any(at == row for name in names for at, _ in gazetteer.names().rows(name)):
        return True
    areas = regions.find(segment, places.economy[row])
    return any(area.admin1 == places.admin1[row] for area in areas)
