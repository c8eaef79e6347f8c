"""Lines of an address that are a street and a house number, a room or a floor: 601 W Holly St; Bldg. 94, Rm 545."""

import re

from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.vocabulary import STREETS

# What else ends the names of streets in English (Publication 28 of the United States Postal Service), or stands in
# front of the number of a part of a house.
_STREETS = STREETS | {"st", "dr", "drive", "ct", "court", "cir", "circle", "pl", "place", "sq", "square", "way"}
_STREETS |= {"trail", "trl", "pike", "tpke", "turnpike", "fwy", "freeway", "broadway"}
_UNITS = frozenset(["apt", "apartment", "bldg", "building", "fl", "floor", "no", "nr", "rm", "room", "ste"]) | {
    "suite",
    "unit",
}
_DIRECTIONS = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"])
_JOINED = re.compile("(?:strasse|str|weg|gasse|platz|allee|straat|laan|gracht|plein|gatan|vagen|vej|gade)$")
_HOUSE = re.compile(r"\d{1,6}[a-z]?")
_DIGIT = re.compile(r"\d")
_LONGEST = 60  # characters
_WORDS_BEFORE_NUMBER = 3


def is_street_line(text: str) -> bool:
    """Say whether a part of a text is a street with a house number, or the number of a part of a house."""
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return False
    words = plain(text).split()
    if words and words[0] in _UNITS:
        return len(words) == 2 and _DIGIT.search(words[1]) is not None
    front = [*words]
    while front and _HOUSE.fullmatch(front[-1]):  # Hofer Str. 20; 22/23
        front.pop()
    if front and len(front) < len(words) and _JOINED.search(front[-1]):
        return len(front) <= _WORDS_BEFORE_NUMBER
    return len(words) > 1 and _HOUSE.fullmatch(words[0]) is not None and _ends_in_street(words[1:])


def _ends_in_street(words: list[str]) -> bool:
    """Say whether words end in one for a street, but for a direction and the number of a part of the house."""
    at = next((at for at, word in enumerate(words) if at and word in _UNITS), len(words))
    name = words[:at] if at >= len(words) - 2 else words
    name = name[:-1] if name[-1].isdigit() else name
    name = name[:-1] if len(name) > 1 and name[-1] in _DIRECTIONS else name
    return bool(name) and name[-1] in _STREETS
