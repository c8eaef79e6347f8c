"""Texts that are a street with its house number, a room or a floor: 601 W Holly St; Rua de Lisboa, 100; Rm 545."""

import re
from collections.abc import Sequence

from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.vocabulary import STREETS

# What else ends the names of streets in English (Publication 28 of the United States Postal Service), or stands in
# front of the number of a part of a house.
_STREETS = STREETS | {"st", "dr", "drive", "ct", "court", "cir", "circle", "pl", "place", "sq", "square", "way"}
_STREETS |= {"trail", "trl", "pike", "tpke", "turnpike", "fwy", "freeway", "broadway", "close", "grove", "mews", "walk"}
_UNITS = frozenset(["apt", "apartment", "bldg", "building", "fl", "floor", "no", "nr", "rm", "room", "ste"]) | {
    "suite",
    "unit",
}
_DIRECTIONS = frozenset(["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"])
_JOINED = re.compile("(?:strasse|str|weg|gasse|platz|allee|straat|laan|gracht|plein|gatan|vagen|vej|gade)$")
_HOUSE = re.compile(r"\d{1,6}[a-z]?")
# A house's number or that of a part of it: 168; 20/A; 34 - sala 17; bât. B.
_NUMBER = re.compile(
    r"\W*(?:(?:no|nr|n|sala|piso|of|apto|apt|bl|b[aâ]t|int|esc)\W+)?(?:\d{1,5}(?:\W?(?:[a-zA-Z]|\d{1,4}))?|[A-Z])\W*",
    re.IGNORECASE,
)
_CALLE = re.compile("^[Cc]/ ?")
_OPENING = frozenset(vocabulary.words("place", "street"))  # words that stand before a street's name
_ENDS = frozenset(vocabulary.words("place", "street_end"))
_LINKS = frozenset(["de", "du", "des", "do", "da", "dos", "das", "del", "della", "di", "la", "le", "les", "l", "d"])
_DIGIT = re.compile(r"\d")
# What ends at the mark of a number and that: PROGRESO # 204 ZIMATLAN.
_MARKED_NUMBER = re.compile(r"(?<=[^\W\d_])(\.? # ?\d{1,5}(?:-\d{1,4})?[A-Z]?) +(?=[^\W\d_]{2})")
_LONGEST = 60  # characters
_WORDS_BEFORE_NUMBER = 3


def separate_marked_number(text: str) -> str:
    """Return a text with a comma behind a number with its mark, which ends a street: PROGRESO # 204 ZIMATLAN."""
    return _MARKED_NUMBER.sub(r"\1, ", text) if "#" in text else text


def is_street_alone(parts: list[str]) -> bool:
    """Say whether the parts of a text are nothing but streets with house numbers: Rua de Lisboa, 100."""
    names = [part for part in parts if not _NUMBER.fullmatch(part)]
    if len(names) < len(parts) and names:
        names = [name if _DIGIT.search(name) else f"{name} 1" for name in names]
    return all(map(is_street_line, names or parts)) if parts else False


def is_named_after(words: Sequence[str], start: int, end: int) -> bool:
    """Say whether words from `start` to `end` are all of the name of a street whose word stands before it: Via Roma 5.

    words : in lower-case ASCII.
    """
    before = [word for word in words[:start] if word not in _LINKS and not word.isdigit()]
    is_street = len(before) == 1 and before[0] in _OPENING
    return is_street and all(_HOUSE.fullmatch(word) or word in _UNITS for word in words[end:])


def ends_as_street(words: Sequence[str], end: int, *, anywhere: bool) -> bool:
    """Say whether the word behind a name makes it a street's: 12 Northampton Street.

    words : in lower-case ASCII. anywhere : in any country, where only some words stand behind names alone, and a number
        behind them is a street's that has no other name: Phnom Penh Street 271.
    """
    if not anywhere:
        return not STREETS.isdisjoint(words[end : end + 1])
    return not _ENDS.isdisjoint(words[end : end + 1]) and not (words[end + 1 : end + 2] or [""])[0].isdigit()


def is_street_line(text: str) -> bool:
    """Say whether a part of a text is a street with a house number, or the number of a part of a house."""
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return False
    words = plain(_CALLE.sub("Calle ", text)).split()
    if _opens_with_street(words):
        return True
    if words and words[0] in _UNITS:
        return is_part_of_house(text)
    front = [*words]
    while front and (_HOUSE.fullmatch(front[-1]) or front[-1] in _UNITS):  # Hofer Str. 20; 22/23; Cad. No: 5
        front.pop()
    if front and len(front) < len(words) and (_JOINED.search(front[-1]) or (len(front) > 1 and front[-1] in STREETS)):
        return len(front) <= _WORDS_BEFORE_NUMBER
    return len(words) > 1 and _HOUSE.fullmatch(words[0]) is not None and _ends_in_street(words[1:])


def is_part_of_house(text: str) -> bool:
    """Say whether a text is the number of a part of a house: Building 5."""
    words = plain(text).split()
    return len(words) == 2 and words[0] in _UNITS and _DIGIT.search(words[1]) is not None


def _opens_with_street(words: list[str]) -> bool:
    """Say whether words are one for a street, its name and number; behind a number a name of one word: 5 rue de Lyon.

    A town may stand behind a longer one: 5 rue de la Paix Paris.
    """
    if words and words[0].isdigit():
        name = [word for word in words[2:] if word not in _LINKS]
        return words[1:2] != [] and words[1] in _OPENING and len(name) == 1
    last = len(words) - 1
    return 1 < last <= _WORDS_BEFORE_NUMBER + 1 and words[0] in _OPENING and _HOUSE.fullmatch(words[last]) is not None


def _ends_in_street(words: list[str]) -> bool:
    """Say whether words end in one for a street, but for a direction and the number of a part of the house."""
    at = next((at for at, word in enumerate(words) if at and word in _UNITS), len(words))
    name = words[:at] if at >= len(words) - 2 else words
    name = name[:-1] if name[-1].isdigit() else name
    name = name[:-1] if len(name) > 1 and name[-1] in _DIRECTIONS else name
    return bool(name) and name[-1] in _STREETS
