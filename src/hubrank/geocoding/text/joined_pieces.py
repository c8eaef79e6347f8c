"""Pieces between semicolons that are one address: a street behind an organisation, what ends in a post code alone."""

import re

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.organisation_words import SIGNS
from hubrank.geocoding.text.post_codes import bare, codes_in
from hubrank.geocoding.text.stated_countries import PAIR, country, split_country
from hubrank.geocoding.text.street_lines import is_part_of_house, is_street_line

_HOUSE = re.compile(r"[^\W\d_][^,\d]{2,40} \d{1,4}(?:/\d{1,4})?[a-zA-Z]?")
_LEGAL_FORM = re.compile(r"(?:[^\W\d_]\. ?){2,5}")  # p. o.; s. r. o.
_CITY = 100_000  # inhabitants of a city
_CITY_LETTERS = 4  # of another name of a city: shorter ones are codes of airports, and abbreviations


def with_street(pieces: list[str]) -> list[str]:
    """Return pieces with the first two joined where the second opens with a street or a number, as no affiliation does.

    The first ends in no town, country or state: Foo, a. s.; Olomoucká 470/86, 746 01 Opava, Czechia.
    """
    last = pieces[0].rpartition(",")[2].strip()
    if not _openswith_street(pieces[1].strip(), plain(pieces[0]).split()):
        return pieces
    name = bare(last)
    ends = country(last.strip(" .")) or split_country(last.strip(" ."))[1] or gazetteer.economies_of(key(name))
    is_form = _LEGAL_FORM.fullmatch(last) is not None
    if (ends or name != last or (name.isupper() and len(name) == PAIR)) and not is_form:
        return pieces
    return [f"{pieces[0].rstrip()}, {pieces[1].lstrip()}", *pieces[2:]]


def with_post_code(pieces: list[str]) -> list[str]:
    """Return pieces with those up to a post code alone, and the country behind it, joined, as they are one address.

    Bridge Brewing; 1211 Lonsdale Ave; North Vancouver; V7J 1H2; CA.
    """
    at = next((n for n in range(1, len(pieces)) if codes_in(pieces[n]) and not bare(pieces[n])), 0)
    if not at or any("," in piece for piece in pieces[:at]):  # an address of its own
        return pieces
    behind = "".join(pieces[at + 1 : at + 2]).strip(" .")
    end = at + 2 if country(behind) or (len(behind) == PAIR and behind.isupper()) else at + 1
    return [", ".join(piece.strip() for piece in pieces[:end]), *pieces[end:]]


def _openswith_street(piece: str, words_before: list[str]) -> bool:
    """Say whether a piece opens with a street and house number, by a word for a street or the post code behind it.

    Without a word for a street it may be an organisation or a laboratory (CNRS UMR 5554; Univ Lyon 1), so that it has
    no word for one, none in capitals and no city (Paris Diderot 7), which the name before it has not, either.
    """
    street, comma, behind = piece.partition(",")
    if not comma or is_part_of_house(street):
        return False
    if is_street_line(street):
        return True
    words = plain(street).split()
    return (
        _HOUSE.fullmatch(street) is not None
        and behind.lstrip()[:1].isdigit()
        and codes_in(behind.partition(",")[0]) != []
        and not any(name.isupper() for name in street.split()[:-1])
        and SIGNS.isdisjoint(words)
        and not any(_is_city(word) for word in (*words_before, *words))
    )


def _is_city(name: str) -> bool:
    """Say whether a word is the name of a city, and not as short as abbreviations are."""
    return len(name) >= _CITY_LETTERS and bool(gazetteer.economies_of(name, _CITY))
