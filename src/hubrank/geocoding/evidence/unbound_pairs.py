"""Limits to the probability of a place in a pair of words that may be a person's name: Simon, David; CASTRO, Thomas."""

import re

from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.names import OWN_NAME
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.seats_and_places import limit_with_seats
from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.given_names import is_given_name
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.organisation_words import GENERIC, LEGAL_FORMS
from hubrank.geocoding.text.stated_countries import PAIR

_WORDS = 2  # of a person's last or first names at most
_TOWN, _CITY, _FAMOUS = 3.7, 5.0, 5.5  # log10 of 5,000, 100,000 and 300,000 inhabitants
_LONG_NAME = 5  # letters of a famous city's other name: Praga, but no Hang
_AT_MOST = 0.5
_CITY_OR_SURNAME = 0.8  # the most that a city has before a word that names nothing: Washington, Ingrid
_INITIAL = re.compile(r"[^\W\d_]\.?")
_END_OF_LATIN = "\u0250"
_FORMS = LEGAL_FORMS - {"sa"}  # DE SÁ, João


def limit_in_pair(reading: Reading, places: list[Candidate], seats: list[Candidate], *, named: bool) -> None:
    """Limit the probability of places in two segments that nothing but one of them says to be an address.

    Neither country, region nor post code is stated there, and no organisation. A place is meant all the same where the
    other segment names it or an organisation there, as are a city and, behind or before an abbreviation (Stevenage,
    Herts.), a town with the name for its own, unless a given name stands there. Beside a country that a column states,
    an organisation's name is looked at only: its first segment, and behind one in capitals the second, where a city is
    meant. Seats at the place, of organisations called like it, say no more.

    named : whether the text is an organisation's name.
    """
    if not places or (reading.economies and not named) or not _may_be_person(reading):
        return
    is_upper, behind_is_upper = (part.text.isupper() for part in reading.segments)
    if behind_is_upper and not is_upper:
        return
    split = len(reading.segments[0].words)
    first, later = ([c for c in places if f" {which} segment" in c.features[0]] for which in ("first", "later"))
    for c in places:
        is_first = any(c is town for town in first)
        if reading.economies and not (is_first or is_upper):
            continue
        others = [s for s in seats if s.word_at >= 0 and (s.word_at >= split) == is_first]
        if any(near(c, o) for o in (*others, *(later if is_first else first))):
            continue
        if not _is_meant(c, reading, is_first=is_first):
            at_most = _AT_MOST
        elif is_first and not reading.abbreviated:
            at_most = _CITY_OR_SURNAME
        else:
            continue
        for limited in (c, *(seat for seat in seats if near(seat, c))):
            limited.at_most = min(limited.at_most, at_most)


def is_sure_in_pair(c: Candidate, reading: Reading) -> bool:
    """Say whether a place that opens a text is not limited there as a word of a pair that may be a person's name."""
    return bool(reading.economies) or not _may_be_person(reading) or _is_meant(c, reading, is_first=True)


def limit_opening_part(reading: Reading, places: list[Candidate], seats: list[Candidate]) -> None:
    """Limit the probability of a place that opens a name of several words before nothing but its country's code.

    CARMICHAEL KATHLEEN M. [US] is a person, as are all with an initial there; a company's town ends its name (Spark
    Lasers Talence [FR]). In an organisation's name cities are left, after which companies are called. Seats there of
    organisations that are named only in part say no more.
    """
    parts = [c for c in places if c.group == "part" or (c.group == "inside" and c.people < _CITY)]
    if not parts or len(reading.segments) != 2 or reading.country_at != 1 or not _is_name(reading.segments[0]):
        return
    if len(reading.segments[1].text) != PAIR:
        return
    words = reading.segments[0].text.split()
    ends = {row for at in range(1, len(words)) for row in gazetteer.rows_named(key(" ".join(words[at:])))}
    for c in parts:
        if _has_initial(reading.segments[0]) or c.row not in ends:
            limit_with_seats(c, seats, _AT_MOST)


def _is_meant(c: Candidate, reading: Reading, *, is_first: bool) -> bool:
    """Say whether a place is so large that its name is enough."""
    if reading.economies:
        least = _CITY if is_given_name("".join(reading.segments[1].words[:1])) else _TOWN
        return not is_first and c.name_kind == OWN_NAME and c.people > least
    if _has_initial(reading.segments[1]):
        return is_first and c.people > _FAMOUS
    if is_first and is_given_name("".join(reading.segments[1].words[:1])):
        return False
    if c.name_kind == OWN_NAME:
        least = _CITY if is_first and not reading.abbreviated else _TOWN
        return c.people > (_FAMOUS if not is_first and _may_be_full_name(reading) else least)
    return c.people > _FAMOUS and len(reading.segments[0 if is_first else 1].key) >= _LONG_NAME


def _may_be_full_name(reading: Reading) -> bool:
    """Say whether two segments are a word and a given name: Schweikert, David."""
    return all(len(part.words) == 1 for part in reading.segments) and is_given_name(" ".join(reading.segments[1].words))


def _may_be_person(reading: Reading) -> bool:
    """Say whether a text is two short segments of Latin letters and nothing else, the second no part of the first."""
    if len(reading.segments) != 2 or reading.parted or reading.codes or reading.country_at >= 0:
        return False
    if any(number != 0 or reading.how != "stated" for number, _ in reading.regions):
        return False
    if set(reading.segments[1].words) <= set(reading.segments[0].words):
        return False
    return all(_is_name(part) and len(part.text.split()) <= _WORDS for part in reading.segments)


def _has_initial(part: Segment) -> bool:
    """Say whether one of the words behind the first is a letter: Thomas M."""
    return any(_INITIAL.fullmatch(word) for word in part.text.split()[1:])


def _is_name(part: Segment) -> bool:
    """Say whether a segment is of Latin letters, without a post code, a word for organisations or a legal form."""
    words = part.words
    is_other = part.organisation or part.post_codes or not (GENERIC.isdisjoint(words) and _FORMS.isdisjoint(words[1:]))
    return bool(part.text) and not is_other and max(part.text) < _END_OF_LATIN
