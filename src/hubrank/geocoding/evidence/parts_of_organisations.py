"""What is joined to the name of a registered organisation: Department of Physics of the University of Zurich."""

import re
from collections.abc import Callable, Iterator

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
_AND = re.compile(rf"\s(?:{'|'.join(sorted(CONJUNCTIONS))})\s+(?:the\s+)?")
_ACRONYM = re.compile(r"\s*[A-Z]{3,}\s*")
_INNER_ACRONYM = re.compile(r"([^,;|()\n\r\t]+)\([A-Z]{2,8}\)\s*([^,;|()\n\r\t]+)")
_JOINT = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])|(?<=[A-Z]{2})(?=[A-Z][a-z]{3})")  # IntelligenceBeijing; KULeuven

IsName = Callable[[str], bool]


def separate_parts(text: str, is_name: IsName) -> str:
    """Return a text with a comma between a department, or anything before "at", and a registered name of several words.

    So has the hyphen between such a name and a place, and the "'s" behind it. "From the" before a name is left out, the
    number of a footnote around it, and such a name that ends the text behind another one and an "and".

    An acronym amid such a name is left out, and a name parted from a word that it is glued to.

    is_name : whether a text is in whole a registered name.
    """
    if "(" in text:
        text = _INNER_ACRONYM.sub(lambda name: _without_acronym(name, is_name), text)
    return _SEGMENT.sub(lambda part: _separated(part[0], is_name, is_last=part.end() == len(text)), text)


def _without_acronym(name: re.Match[str], is_name: IsName) -> str:
    """Return a name without the acronym amid it, if that is registered: Institute of Technology (IIT) Dharwad."""
    whole = f"{name[1]}{name[2]}"
    return whole if is_name(whole) else name[0]


def _separated(segment: str, is_name: IsName, *, is_last: bool) -> str:
    forms = [*_glued_forms(segment), *_forms(segment, is_last=is_last)]
    if not forms or is_name(segment):
        return segment
    return next((text for names, text in forms if all(map(is_name, names))), segment)


def _glued_forms(segment: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield a name whose words are written as one, or that is glued to a word before it, and the segment parted."""
    for joint in _JOINT.finditer(segment):
        front, name = segment[: joint.start()], segment[joint.start() :]
        if front[-1].isupper():
            yield (f"{front} {name}",), f"{front} {name}"
        if " " in name:
            yield (name,), f"{front}, {name}"


def _forms(segment: str, *, is_last: bool) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what may be names in a segment, and the segment with a comma beside them if they are; the first of two."""
    bare = _NO_NAME.sub("", segment)
    if bare != segment and " " in bare.strip():
        yield (bare,), bare
    for mark in _AND.finditer(segment) if is_last else ():  # else the place behind both may be the second one's
        names = segment[: mark.start()], segment[mark.end() :]
        if all(" " in name.strip() for name in names):
            yield names, names[0]
    for mark in _BEHIND_NAME.finditer(segment):
        name, rest = segment[: mark.start()], segment[mark.end() :]
        if " " in name.strip() and (mark[0] != "-" or key(rest) in gazetteer.names().number):
            yield (name,), f"{name}, {rest}"
    links = [*_LINK.finditer(segment)]
    if links:
        opening = next((word for word in plain(segment).split() if word != "the"), "")
        links = links if STANDARD_WORD.get(opening, opening) in _PARTS else [*_AT.finditer(segment)]
    for number, link in enumerate(links):
        name = segment[link.end() :]
        is_subject = number == 0 and link[0].strip() not in ("at", "/")  # Department of ICT
        if " " in name.strip() or (_ACRONYM.fullmatch(name) and not is_subject):
            yield (name,), f"{segment[: link.start()]}, {name}"
