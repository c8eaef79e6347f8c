"""Whether a text is the name of a person: by initials, or by a given name, as places are called after saints of it."""

import re
from functools import lru_cache

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.given_names import is_given_name
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import GENERIC, LEGAL_FORMS, SIGNS

_NAME = r"[^\W\d_][\w'’-]+"
_TITLES = r"(?:(?!St\.)[A-Z][a-z]{1,4}\.[ -]?)*"  # Dr., Prof., Dipl.-Ing.
_INITIALS = r"(?:-?[^\W\d_a-z]\.[ -]?){1,4}"
_INITIALS_FIRST = re.compile(rf"{_TITLES}({_INITIALS})({_NAME})")  # J. Smith
_SURNAME_FIRST = re.compile(rf"({_NAME}(?: {_NAME})?),? ({_INITIALS})")  # Smith, J.
_TITLED = re.compile(rf"^{_TITLES}(?=[^\W\d_])")
# J. Smith University of Oxford
_BEFORE_ORGANISATION = re.compile(rf"{_TITLES}{_INITIALS}{_NAME} (?=({_NAME}) of ([^\d,]+)$)")
_MOST = 3  # words of a given name, a second one or an initial, and a surname


@lru_cache(65536)
def is_person(text: str) -> bool:
    """Say whether a text, in which an organisation is expected, is a person: J. Smith; Smith, John; Dr. John Q. Smith.

    A name without initials is one where it has a given name; the gazetteer knows those that saints have. A word for an
    organisation or its legal form, or a place of the name, makes it none.
    """
    if first := _INITIALS_FIRST.fullmatch(text):
        return is_surname_and_initials(first[2], first[1])
    if last := _SURNAME_FIRST.fullmatch(text):
        return is_surname_and_initials(last[1], last[2])
    name = _TITLED.sub("", text)
    surname, comma, behind = name.partition(", ")
    words = (f"{behind} {surname}" if comma else name).split()
    return 1 < len(words) <= _MOST and _is_full_name(words)


def without_person(segment: str) -> str:
    """Return a segment without initials and a surname right before an organisation of a place: University of Oxford.

    Where something else follows they are its name: J. Craig Venter Institute, G. B. Pant University of Agriculture.
    """
    person = _BEFORE_ORGANISATION.match(segment)
    if person is None or plain(person[1]) not in SIGNS or not any(gazetteer.names().rows(key(person[2]))):
        return segment
    return segment[person.end() :]


def is_surname_and_initials(surname: str, initials: str) -> bool:
    """Say whether a name and letters are no company with its legal form and no place: Nestlé S.A., Washington D.C."""
    letters = re.sub(r"[.-]", "", initials).lower().split()
    is_company = not LEGAL_FORMS.isdisjoint([*letters, "".join(letters)])
    is_place = any(gazetteer.names().rows(key(f"{surname} {initials}")))
    return not (is_company or is_place or _is_organisation(surname))


def _is_full_name(words: list[str]) -> bool:
    """Say whether words are a given name, perhaps a second one or an initial, and a surname, each with a capital."""
    first, *middle, last = words
    if not all(word[0].isupper() and word.replace("-", "").replace("'", "").rstrip(".").isalpha() for word in words):
        return False
    if _is_organisation(" ".join(words)) or last.endswith(".") or any(gazetteer.names().rows(key(" ".join(words)))):
        return False
    return is_given_name(plain(first)) and all(
        len(word.rstrip(".")) == 1 or is_given_name(plain(word)) for word in middle
    )


def _is_organisation(text: str) -> bool:
    words = plain(text).split()
    return not (SIGNS.isdisjoint(words) and GENERIC.isdisjoint(words))
