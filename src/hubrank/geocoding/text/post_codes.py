"""Post codes as they stand in addresses."""

import re
from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.text import vocabulary

_STATES_OF_AUSTRALIA = ("NSW", "VIC", "QLD", "WA", "SA", "TAS", "ACT", "NT")
_OTHER_CODES = "|".join((*countries.table(), *_STATES_OF_AUSTRALIA))
# Dutch ones end in two letters; at the end of a segment these may be a country's or a state's code: Sydney 2006 AU.
_DUTCH = rf"\b(?:NL[- ]){{0,2}}\d{{4}}\s?[A-Z]{{2}}(?=\s+'?[^\W\d_])|\b\d{{4}}\s?(?!{_OTHER_CODES})[A-Z]{{2}}$"
POST_CODE = re.compile(
    rf"(?-i:{_DUTCH})"
    r"|(?:\b(?:CEP|PIN|PLZ|ZIP)[:. -]{1,2})?\b(?:[A-Z]{1,3}-){0,2}(?:\d\d-\d{3}|\d{3} \d\d|\d\d\.\d{3}-\d{3}"
    r"|\d{3,}(?:[- ]?\d{3,4})?)\b"
    r"|\b(?:GB-)?[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b(?:CA-)?[A-Z]\d[A-Z][\s-]?\d[A-Z]\d\b|\b[A-Z]\d{4}[A-Z]{3}\b|\bcedex\b(?:\s\d+)?",
    re.IGNORECASE,
)
_COUNTRY, _PARTS = re.compile(r"^(?:[A-Z]+(?=\d{4})|GB(?=[A-Z])|CA(?=[A-Z]\d[A-Z]))"), re.compile(r"[\s:.-]")
_DIGIT = re.compile(r"\d")
# Apdo 22085, P.O. Box 17975, Room 02139: the number of a box or a room.
_NUMBERED = "|".join(word.replace(" ", r"\W{1,2}") for word in vocabulary.words("place", "numbered"))
_OF_BOX_OR_ROOM = re.compile(rf"\b(?:{_NUMBERED})\b\W{{0,2}}(?:\b(?:no|nr|n)\b\W{{0,2}})?$", re.IGNORECASE)
_LONGEST_BEFORE = 30  # characters of such a word
_SHORTEST_CODE = 4  # digits of a number that may be a town's post code


# Before the code stands the country: its ISO code, or what its cars bear.
_WITH_COUNTRY = (
    r"(?<![^\s,;(])([A-Z]{1,3})-(?:[A-Z]{1,3}-)?(?:\d{4,7}(?: ?[A-Z]{2})?|\d{3} \d\d|\d\d-\d{3}|\d{3,5}-\d{3,4}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
)
_BEFORE_CODE, _ALONE = re.compile(rf"{_WITH_COUNTRY}\s{{1,3}}[^\W\d_]"), re.compile(_WITH_COUNTRY)


_BRITISH = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_CANADIAN = re.compile(r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b")
_JAPANESE = re.compile("〒|丁目|番地|番[0-9０-９]+号")  # the mark of its post codes, its words for blocks and houses


def economy_of(text: str) -> str:
    """Return the economy that stands before a post code (F-62300 Lens) or that alone has codes so formed, or "".

    CEDEX, behind the town, is written in France alone.
    """
    if not text.isascii() and _JAPANESE.search(text):
        return "JP"
    if match := _BEFORE_CODE.search(text):
        return _economy_before(match)
    if "cedex" in text.casefold():
        return "FR"
    return "GB" if _BRITISH.search(text) else "CA" if _CANADIAN.search(text) else ""


def opening_economy(text: str) -> str:
    """Return the economy before the post code that opens a text, or "": KR-150-606 Seoul."""
    match = _BEFORE_CODE.match(text.lstrip())
    return _economy_before(match) if match else ""


def economy_of_code_alone(text: str) -> str:
    """Return the economy before the post code that a text is in whole, or "": ES-30016."""
    match = _ALONE.fullmatch(text.strip())
    return _economy_before(match) if match else ""


def _economy_before(code: re.Match[str]) -> str:
    """Return the economy that stands before a post code, or ""."""
    return countries.OF_CARS.get(code[1]) or countries.find(code[1]) or ""


def codes_in(text: str) -> list[str]:
    """Return the post codes of a text without blanks, hyphens and the country before them."""
    if not _may_have_one(text):
        return []
    codes = [match for match in POST_CODE.finditer(text) if not is_of_box_or_room(match)]
    return [_COUNTRY.sub("", _PARTS.sub("", code[0].upper())) for code in codes]


def is_of_box_or_room(number: re.Match[str]) -> bool:
    """Say whether a number in a text stands behind the word for a box or a room, and so is no post code."""
    if len(number[0].strip()) < _SHORTEST_CODE:
        return False
    before = number.string[max(0, number.start() - _LONGEST_BEFORE) : number.start()]
    return _OF_BOX_OR_ROOM.search(before) is not None


def _of_box_or_room(number: re.Match[str]) -> str:
    """Return a number that is a box's or a room's, and a blank for a post code."""
    return number[0] if is_of_box_or_room(number) else " "


def _may_have_one(text: str) -> bool:
    """Say whether a text has what every post code has: a digit, or the word that is one by itself."""
    return _DIGIT.search(text) is not None or "cedex" in text.lower()


@lru_cache(4096)  # a city is asked for three times, a segment six times, and many are in the next address too
def bare(segment: str) -> str:
    """Return a segment without post codes."""
    return (POST_CODE.sub(_of_box_or_room, segment) if _may_have_one(segment) else segment).strip(" .-")
