"""Towns and what lies around them as one name: metropolitan areas, a town and its region without a comma."""

import re

from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.surroundings import Surroundings, regions_of_town, without_repeated_city
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import PAIR, STATES_OF, economies_around

# Providence-Warwick, RI-MA Metro Area: towns, states, and what such an area is named by the census.
_METROPOLITAN = re.compile(
    r"([^\W\d_][^,\d]{1,60}), ([A-Z]{2})((?:-[A-Z]{2})*)( (?:Metro|Micro)(?:politan)?(?: Statistical)? Area)?"
)
_STREET_ALONE = re.compile(r"\d+[A-Za-z]? [^,]*(?:, [\d-]+)?")
_TOWN_END = re.compile("-{1,2}|/")
_SHORTEST = 4  # letters of a region's name, which is no code
_WORDS = 5  # of a town and its region
_LONGEST, _TOWN_WORDS, _STATE_WORDS = 12, 3, 2  # of a text, of a town in it and its state
_TOWN, _CITY = 1_000, 100_000  # inhabitants of a town behind other words, and of a city
_KIND = re.compile(r" (?:city|town|township)$", re.IGNORECASE)
_WITHIN_WORD = str.maketrans(dict.fromkeys("-'’."))
_BETWEEN_WORDS = frozenset("-&")


def first_town(text: str) -> str:
    """Return the town that a metropolitan area of the United States is named after first, with its state."""
    area = _METROPOLITAN.fullmatch(text.strip()) if text.count(",") == 1 else None
    if area is None or not (area[3] or area[4] or _TOWN_END.search(area[1])):
        return text
    ends = [*(mark.start() for mark in _TOWN_END.finditer(area[1])), len(area[1])]
    states = {state.first_level for state in regions.find(area[2], "US") if state.iso == area[2]}
    for end in reversed(ends):
        rows = gazetteer.names().rows(key(area[1][:end]))
        if any(kind == PRIMARY and gazetteer.home_of(row) in states for row, kind in rows):
            return f"{area[1][:end]}, {area[2]}"
    return text


def separate_region(text: str) -> str:
    """Return a text with commas between a town and the region that it ends in: UXBRIDGE CAMBRIDGESHIRE; lane il.

    Behind a comma the region is no city as well (Mount Sinai New York); a house's number may open the last part.
    """
    front, comma, part = text.rpartition(",")
    words = part.split(maxsplit=_LONGEST)
    if not 1 < len(words) <= _LONGEST:
        return text
    if words[0][:1].isdigit() and _is_word(words[-1]):
        parted = _separate_town(words)
    elif all(map(_is_word, words)):
        parted = _separate_words(part.strip(), words, alone=not comma)
    else:
        parted = ""
    return f"{front}{comma} {parted}".strip() if parted else text


def with_state(text: str, state: str) -> str:
    """Return a text with the letters of a state behind it, before its post code; as it is where it ends in them."""
    front, comma, last = text.rpartition(", ")
    if re.search(rf"\b{state}(?:[ ,]+[\d-]+)?$", text):
        return text
    if comma and not bare(last):
        return f"{front}, {state} {last}"
    return f"{text}, {state}" if text and bare(text) else text


def is_street_alone(text: str) -> bool:
    """Say whether a text is a street with its number before it, and no town: 521 East Avenue, 14094."""
    return _STREET_ALONE.fullmatch(text) is not None


def states_around(city: str, region: str) -> Surroundings:
    """Return the states with a two-letter code in which a city lies, where no country is stated: Florestal, MG.

    Its county may stand behind it (Santa Cruz - Santa Cruz County, CA), or the word for a city: Newport City, VT.
    """
    towns = (city, city.partition(" - ")[0], _KIND.sub("", city)) if len(region) == PAIR and region.isupper() else ()
    homes = next(filter(None, (economies_around(region, key(town)) for town in towns)), ())
    return Surroundings(homes, tuple(state for home in homes for state in regions.find(region, home)))


def regions_around(city: str, region: str) -> Surroundings | None:
    """Return the regions with a name or code in which a city lies, where no country is stated: Boston, Lincolnshire."""
    areas = regions_of_town(region, key(city)) if len(region) > PAIR else ()
    areas = without_repeated_city(areas, region, city)
    return Surroundings(tuple(sorted({area.economy for area in areas})), areas) if areas else None


def _separate_words(text: str, words: list[str], *, alone: bool) -> str:
    """Return the words of a text with commas around its town, "" without one.

    alone : whether nothing else is stated.
    """
    if key(text) in gazetteer.names().number or regions.named_anywhere(key(text)):
        return ""
    for first in range(1, len(words)) if len(words) <= _WORDS else ():
        region = " ".join(words[first:])
        is_region = len(region) >= _SHORTEST and regions_of_town(region, key(" ".join(words[:first])))
        if is_region and (alone or not gazetteer.economies_of(key(region), _CITY)):
            return f"{' '.join(words[:first])}, {region}"
    *front, last = words
    if len(last) == PAIR and text.islower():
        code, town = last.upper(), " ".join(front)
        return f"{town}, {code}" if set(STATES_OF).intersection(economies_around(code, key(town))) else ""
    return _separate_town(words)


def _separate_town(words: list[str]) -> str:
    """Return words with the town before the state in full that they end in parted from those before, "" without one."""
    population = gazetteer.places().population
    for first in range(max(2, len(words) - _STATE_WORDS), len(words)):
        region = " ".join(words[first:])
        named = regions.named_anywhere(key(region)) if len(region) >= _SHORTEST else ()
        states = {state.first_level for state in named if state.economy in STATES_OF and not state.admin2}
        for start in range(max(1, first - _TOWN_WORDS), first) if states else ():
            rows = gazetteer.rows_named(key(" ".join(words[start:first])))
            is_town = any(population[row] >= _TOWN and gazetteer.home_of(row) in states for row in rows)
            if is_town and not words[start - 1].islower():  # University of South Carolina; at Mount Sinai New York
                return ", ".join((" ".join(words[:start]), " ".join(words[start:first]), region))
        if states:
            break
    return ""


def _is_word(word: str) -> bool:
    """Say whether a word may be one of a name without commas."""
    return word.translate(_WITHIN_WORD).isalpha() or word in _BETWEEN_WORDS
