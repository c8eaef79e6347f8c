"""Limits to the probability of a place in a text that may be no address: Treaty of Versailles; Hitachi, Ltd."""

import re
from itertools import combinations

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.city_column import UNKNOWN
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.seats_and_places import limit_with_seats
from hubrank.geocoding.evidence.segments import Segment
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.affiliations import is_legal_form
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import GENERIC, LEGAL_FORMS

_WORDS = range(2, 6)  # of a phrase
_AT_MOST = 0.5
_MANY = 100  # registered names with a word: Council, Museum, Power, but no John
_LONG = 4  # letters of such a word: no Dr or San
_JOINING = ("and", "or")
_AUTHOR = re.compile(r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)? (?:[A-Z]\.?-?){1,3}")
_ACRONYM = re.compile("[A-Z]{2}")  # also where it is joined to a word
_NUMERAL = re.compile("[IVX]+")  # Basel III
_DIGIT = re.compile(r"\d")
_END_OF_LATIN = "\u0250"


def limit_in_phrase(
    reading: Reading, places: list[Candidate], seats: list[Candidate], institutions: InstitutionEvidence | None
) -> None:
    """Limit the probability of places that some words of a text of few words name, where nothing else is an address.

    Neither country, region, post code nor number is stated there, no word for an organisation, no acronym, and what
    stands beside the place is no registered name (Siemens Munich) and has no word that many of them have (Bonn City
    Council). Seats of organisations that are named only in part say no more, but for universities.
    """
    if _are_authors(reading):
        for c in (*places, *seats):
            limit_with_seats(c, [], _AT_MOST)
    inside = [c for c in places if c.group in ("inside", "part")]
    if not inside or not _may_be_phrase(reading) or _is_university(reading.segments[0].text, institutions):
        return
    words, others = reading.segments[0].text.split(), [c for c in places if c.group not in ("inside", "part")]
    for c in inside:
        if not any(near(c, place) for place in others) and not _is_beside_name(c, words, institutions):
            limit_with_seats(c, seats, _AT_MOST)


def limit_company(reading: Reading, places: list[Candidate], seats: list[Candidate]) -> None:
    """Limit the probability of places whose whole name is a company's that nothing else locates: Hitachi, Ltd., Japan.

    Of 22 companies of the register whose name is a place's of their country and a legal form one is there.
    """
    parts = [part.text for at, part in enumerate(reading.segments) if at != reading.country_at]
    front, _, form = parts[0].rpartition(" ") if len(parts) == 1 else ("", "", "")
    if front and is_legal_form(form) and not (reading.codes or reading.regions):
        rows = set(gazetteer.rows_named(key(front)))
        for c in places:
            if c.row in rows:
                limit_with_seats(c, seats, _AT_MOST)


def _is_university(text: str, institutions: InstitutionEvidence | None) -> bool:
    """Say whether a text is a registered university without that word: Shanghai Jiao Tong."""
    return institutions is not None and institutions.is_name(f"{text} University")


def _are_authors(reading: Reading) -> bool:
    """Say whether a text is names of persons with initials behind them: Lyon A., Nowak C."""
    is_alone = not (reading.codes or reading.economies or reading.regions)
    return is_alone and len(reading.segments) > 1 and all(_AUTHOR.fullmatch(part.text) for part in reading.segments)


def _may_be_phrase(reading: Reading) -> bool:
    """Say whether a text is a few Latin words that state nothing."""
    if len(reading.segments) != 1 or reading.parted or reading.codes or reading.economies or reading.regions:
        return False
    part = reading.segments[0]
    return len(part.text.split()) in _WORDS and _is_of_words(part)


def _is_of_words(part: Segment) -> bool:
    """Say whether a segment has no number, acronym, or word for organisations."""
    if part.organisation or part.post_codes or not (GENERIC | LEGAL_FORMS).isdisjoint(part.words):
        return False
    acronyms = (word for word in part.text.split() if _ACRONYM.search(word) and not _NUMERAL.fullmatch(word))
    is_named_so = not part.text.isupper() and any(acronyms)
    return not is_named_so and _DIGIT.search(part.text) is None and max(part.text) < _END_OF_LATIN


def _is_beside_name(c: Candidate, words: list[str], institutions: InstitutionEvidence | None) -> bool:
    """Say whether what stands beside a place's name is nothing, a part of the place, or of an organisation's name."""
    for start, end in combinations(range(len(words) + 1), 2):
        if c.row in gazetteer.rows_named(key(" ".join(words[start:end]))):
            others = words[:start] + words[end:]
            return _is_nothing(others) or _is_part(" ".join(others), c) or _is_organisation(others, institutions)
    return False


def _is_nothing(words: list[str]) -> bool:
    """Say whether words say that a place is not the only one: Zurich or remote."""
    return all(word in _JOINING or word in UNKNOWN for word in map(plain, words))


def _is_part(name: str, c: Candidate) -> bool:
    """Say whether a name is that of a place at another one: Warszawa Włochy."""
    places = gazetteer.places()
    rows = gazetteer.rows_named(key(name))
    return any(near_e7(c.lat_e7, c.lon_e7, places.lat_e7[row], places.lon_e7[row]) for row in rows)


def _is_organisation(words: list[str], institutions: InstitutionEvidence | None) -> bool:
    """Say whether words are a registered name, or one of them stands in many: Siemens; Water Board."""
    if institutions is None or all(map(_NUMERAL.fullmatch, words)):
        return False
    many = (institutions.similar.count(word) for word in map(plain, words) if len(word) >= _LONG)
    return institutions.is_name(" ".join(words)) or max(many, default=0) >= _MANY
