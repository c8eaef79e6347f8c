"""Names of persons before an address: authors before their affiliation, inventors before where they live."""

import re

import numpy as np

from hubrank.core import countries
from hubrank.core.sphere import distance_km
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text.address_lines import economies_at_code
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import GENERIC, LEGAL_FORMS, SIGNS
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.stated_countries import PAIR, country, economies_around, split_country

# Names of authors before their affiliation: [Doe, Jane; Roe, R.] Univ Bonn, Bonn, Germany. [Doe, Jane] Univ Foo, ...
_IN_BRACKETS = re.compile(r"(?:^|(?<=[.;\n]))\s{0,3}\[[^\[\],;]*[,;][^\[\]]*\]\s{0,3}(?=[^\W\d_])")
# The same without brackets: Doe, J.; Roe, R.-K., Univ Bonn, Bonn, Germany.
_AUTHOR = re.compile(r"\s*([^\W\d_][\w'’-]*(?: [\w'’-]+){0,2}), ?((?:[A-Z]\.[ -]?){1,4})(?:,|$)")
# Doe, J (corresponding author), Univ Bonn, Bonn, Germany.
_LABELLED = re.compile(r"(?:[^,;()]{1,60},[^,;()]{1,40};){0,20}[^,;()]{1,60},[^,;()]{1,40}\((?:[a-z]+ )?author\),?\s*")
# Patent offices put inventors before where they live: Kim; Min-Soo (Naju-si, KR), Tanaka; Hiroshi (Woburn, MA).
_INVENTOR = re.compile(r"\s?([^\W\d_][^\d,;()]{0,40};\s?[^\W\d_][^\d,;()]{0,40}) \(([^()]{2,80}, ?[A-Z]{2})\)(?:,|;|$)")
# Others do so as well: DOE, Jane, 53111 Bonn, DE; Doe, Jane; Am Markt 3, DE-53111 Bonn (DE).
_PERSON = re.compile(
    r"\s*([^\W\d_][^\d,;()\[\]\n/&]{0,40}), ?([^\W\d_][^\d,;()\[\]\n/&]{0,40}?)"
    r"(?:, ?([^\W\d_][^\d\s,;()]{0,15}\.))?\s*([,;\n])\s*(?=\S)"  # Doe, Jane, Dr.-Ing.; ...
)
# Medical journals put the initials of authors behind their affiliation: Foo Hospital, Boston (J.A.M., M.-K.L.).
_OF_AUTHOR = r"[A-Z]\.(?:[ -]?[A-Z]\.){1,3}"
_OF_AUTHORS = re.compile(rf"\s?\({_OF_AUTHOR}((?:,|,? and) {_OF_AUTHOR})*\)(, and\b)?")
_INITIALS = re.compile(r"(?:[A-Z]\.[ -]?){1,4}")
_PART = re.compile(r"[,;()\n]+")
_WORDS = 3  # of a surname or of first names at most
_NAMES = 2  # of a person: the last and the first ones
_NEAR_KM = 50.0  # a quarter of a town, or its neighbour
_TOWN = 5_000  # inhabitants of a town that is rather meant than a first name


def without_named_persons(text: str) -> str:
    """Return a text without the persons that open it; names in brackets part an affiliation from the one before.

    Initials in parentheses are those of persons where some of them are several: one may be a country or state (D.C.).
    Behind a comma "and" they part affiliations, too.
    """
    if "(" in text and any(initials[1] for initials in _OF_AUTHORS.finditer(text)):
        text = _OF_AUTHORS.sub(lambda initials: ";" if initials[2] else "", text)
    inventor = _INVENTOR.match(text) if ";" in text and "(" in text else None
    if inventor and SIGNS.isdisjoint(plain(inventor[1]).split()):
        return inventor[2]
    text = _IN_BRACKETS.sub("; ", text).lstrip("; ") if "[" in text else text
    if "author)" in text and (labelled := _LABELLED.match(text)):
        return text[labelled.end() :]
    while person := _PERSON.match(text):
        is_company = not LEGAL_FORMS.isdisjoint(map(key, filter(None, person.group(2, 3))))
        if is_company or not _is_person(person[1], person[2], person[4], text[person.end() :]):
            break
        text = text[person.end() :]
    return text


def without_authors(pieces: list[str]) -> list[str]:
    """Return pieces without authors' names with initials that stand before the first affiliation, at its start, too.

    The initials of a state behind a town of it are none: Washington, D.C.
    """
    for at, piece in enumerate(pieces):
        author = _AUTHOR.match(piece) if "." in piece else None
        if author is None or economies_around(key(author[2]).upper(), key(author[1])):
            return pieces[at:]
        if author.end() < len(piece):
            return [piece[author.end() :], *pieces[at + 1 :]] if at else pieces
    return pieces


def may_be_person(fronts: list[str]) -> bool:
    """Say whether the pieces before an address are the last and first names of a person: Rosen, Jr.; David A."""
    parts = [bare(front) for front in fronts]
    words = [plain(part).split() for part in parts]
    is_short = len(parts) == _NAMES and sum(map(len, words)) <= _NAMES * _NAMES
    return is_short and not any(map(str.isupper, parts)) and all(map(SIGNS.isdisjoint, words))


def _is_person(last: str, first: str, mark: str, address: str) -> bool:
    """Say whether what opens a text is a person's last and first names, as an address with its town follows them.

    Before a comma the surname is in capitals, and neither the first name nor all of the address, or the first name is
    initials. A town and its quarter or region are no person, nor is an organisation and its town.
    """
    words = {*plain(last).split(), *plain(first).split()}
    capital = last.rpartition(" ")[2][:1].isupper() and first[:1].isupper()
    if not capital or len(last.split()) > _WORDS or len(first.split()) > _WORDS:
        return False
    is_upper = last.isupper() and not first.isupper() and any(map(str.islower, address))
    if mark == "," and not is_upper and not _INITIALS.fullmatch(first):
        return False
    if not SIGNS.isdisjoint(words) or not GENERIC.isdisjoint(words) or country(first) or country(last):
        return False
    home, before_town = _end_of_address(address)
    may_be_town = mark == "," or before_town or not is_upper
    return bool(home) and not _is_address(last, first, home, may_be_town=may_be_town, may_be_towns=not is_upper)


def _is_address(last: str, first: str, home: str, *, may_be_town: bool, may_be_towns: bool) -> bool:
    """Say whether two parts are a town and its region or quarter, or, as may be, two towns, or the second is one."""
    around, inside = gazetteer.rows_named(key(last), home), gazetteer.rows_named(key(first), home)
    code = key(first).upper()
    if regions_of_town(first, key(last)) or (len(code) == PAIR and economies_around(code, key(last))):
        return True
    population = gazetteer.places().population
    if around and inside:
        town = np.array([gazetteer.spot_of(max(around, key=lambda row: population[row]))[:2]] * len(inside))
        parts = np.array([gazetteer.spot_of(row)[:2] for row in inside])
        if distance_km(*town.T, *parts.T).min() <= _NEAR_KM:
            return True
        may_be_town = may_be_towns
    towns = gazetteer.rows_named(key(first), home, (PRIMARY,)) if may_be_town else []
    return any(population[row] >= _TOWN for row in towns)


def _end_of_address(text: str) -> tuple[str, bool]:
    """Return the economy of the town that ends an address, "" without one, and whether words are before the town."""
    parts = [part.strip(" .") for part in _PART.split(text)]
    *front, last = [part for part in parts if part] or [""]
    home = country(last) or (countries.find(last) or "" if len(last) == PAIR and last.isupper() else "")
    if not home:
        rest, home = split_country(last)
        front = [*front, rest] if home else front
    if not home:
        homes = economies_at_code(key(bare(last)), tuple(codes_in(last))) if codes_in(last) else frozenset()
        return min(homes, default=""), any(not _has_number(part) for part in front)
    if front[1:] and regions.find(bare(front[-1]), home) and _is_town(front[-2], home):
        front.pop()
    is_town = front and _is_town(front[-1], home)
    return home if is_town else "", any(not _has_number(part) for part in front[:-1])


def _is_town(part: str, home: str) -> bool:
    """Say whether a part is a town of an economy, or a name with a post code."""
    name = bare(part)
    return bool(name) and (home in gazetteer.economies_of(key(name)) or bool(codes_in(part)))


def _has_number(part: str) -> bool:
    return any(map(str.isdigit, part))
