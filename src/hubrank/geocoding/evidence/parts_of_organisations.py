"""What is joined to the name of a registered organisation: Department of Physics of the University of Zurich."""

import re
from collections.abc import Callable

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import CONJUNCTIONS
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import STANDARD_WORD

_PARTS = frozenset((*vocabulary.words("organisation", "parts"), *vocabulary.words("organisation", "units")))
_LINKS = sorted(set(vocabulary.words("organisation", "links")) - CONJUNCTIONS)
_SEGMENT = re.compile(r"[^,;|()\n\r\t]+")
_LINK = re.compile(rf"\s(?:{'|'.join(_LINKS)})\s+(?:the\s+|la\s+|l['’])?|/", re.IGNORECASE)
_AT = re.compile(r"\s(?:at|within)\s+(?:the\s+)?")  # behind anything: currently at, a student at
# As journals of medicine begin an affiliation, and numbers of footnotes.
_NO_NAME = re.compile(r"^\s*(?:from\s+(?:the\s+)?|\d{1,2}\.?\s+)|(?<=[^\W\d_])\d{1,2}\s*$", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"(?<=\w)-(?=\w)|['’]s\s+")  # a city, or a department: University of Graz's
_ACRONYM = re.compile(r"\s*[A-Z]{3,}\s*")

IsName = Callable[[str], bool]


def separate_parts(text: str, is_name: IsName) -> str:
    """Return a text with a comma between a department, or anything before "at", and a registered name of several words.

    So has the hyphen between such a name and a place, and the "'s" behind it. "From the" before a name is left out, and
    the number of a footnote around it.

    is_name : whether a text is in whole a registered name.
    """
    return _SEGMENT.sub(lambda segment: _separated(segment[0], is_name), text)


def _separated(segment: str, is_name: IsName) -> str:
    bare = _NO_NAME.sub("", segment)
    if bare != segment and " " in bare.strip() and is_name(bare):
        return bare
    opening = next((word for word in plain(segment).split() if word != "the"), "")
    is_part = STANDARD_WORD.get(opening, opening) in _PARTS
    links, behind = ([*mark.finditer(segment)] for mark in (_LINK if is_part else _AT, _BEHIND_NAME))
    if not (links or behind) or is_name(segment):
        return segment
    for mark in behind:
        name, rest = segment[: mark.start()], segment[mark.end() :]
        if " " in name.strip() and is_name(name) and (mark[0] != "-" or key(rest) in gazetteer.names().number):
            return f"{name}, {rest}"
    for number, link in enumerate(links):
        name = segment[link.end() :]
        is_subject = number == 0 and link[0].strip() not in ("at", "/")  # Department of ICT
        may_be_name = " " in name.strip() or (_ACRONYM.fullmatch(name) and not is_subject)
        if may_be_name and is_name(name):
            return f"{segment[: link.start()]}, {name}"
    return segment
