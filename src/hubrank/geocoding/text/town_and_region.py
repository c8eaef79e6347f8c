"""Towns and what lies around them as one name: metropolitan areas, a town and its county without a comma."""

import re

from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text.normalise import key

# Providence-Warwick, RI-MA Metro Area: towns, states, and what such an area is named by the census.
_METROPOLITAN = re.compile(
    r"([^\W\d_][^,\d]{1,60}), ([A-Z]{2})((?:-[A-Z]{2})*)( (?:Metro|Micro)(?:politan)?(?: Statistical)? Area)?"
)
_TOWN_END = re.compile("-{1,2}|/")
_SHORTEST = 4  # letters of a region's name, which is no code
_WORDS = 5  # of a town and its region


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
    """Return a town and its region with a comma between them, if a text is nothing else: UXBRIDGE CAMBRIDGESHIRE."""
    words = text.split(maxsplit=_WORDS)
    is_short = 1 < len(words) <= _WORDS and all(word.replace("-", "").isalpha() for word in words)
    if not is_short or key(text) in gazetteer.names().number or regions.named_anywhere(key(text)):
        return text
    for first in range(1, len(words)):
        region = " ".join(words[first:])
        if len(region) >= _SHORTEST and regions_of_town(region, key(" ".join(words[:first]))):
            return f"{' '.join(words[:first])}, {region}"
    return text
