"""What is joined to the name of a registered organisation: Department of Physics of the University of Zurich."""

import re
from collections.abc import Callable

from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import CONJUNCTIONS
from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.organisation_words import STANDARD_WORD

_PARTS = frozenset((*vocabulary.words("organisation", "parts"), *vocabulary.words("organisation", "units")))
_LINKS = sorted(set(vocabulary.words("organisation", "links")) - CONJUNCTIONS)
_SEGMENT = re.compile(r"[^,;|()\n\r\t]+")
_LINK = re.compile(rf"\s(?:{'|'.join(_LINKS)})\s+(?:the\s+|la\s+|l['’])?|/", re.IGNORECASE)
_AT = re.compile(r"\sat\s+(?:the\s+)?")  # behind anything: currently at, a student at

IsName = Callable[[str], bool]


def separate_parts(text: str, is_name: IsName) -> str:
    """Return a text with a comma between a department, or anything before "at", and a registered name of several words.

    is_name : whether a text is in whole a registered name.
    """
    return _SEGMENT.sub(lambda segment: _separated(segment[0], is_name), text)


def _separated(segment: str, is_name: IsName) -> str:
    opening = plain(segment).partition(" ")[0]
    is_part = STANDARD_WORD.get(opening, opening) in _PARTS
    links = [*(_LINK if is_part else _AT).finditer(segment)]
    if not links or is_name(segment):
        return segment
    for link in links:
        name = segment[link.end() :]
        if " " in name.strip() and is_name(name):
            return f"{segment[: link.start()]}, {name}"
    return segment
