"""Lines without any marks that end in town, region and country: 12 FOO STREET BASSANO ROMANO LAZIO ITALY."""

import re
from itertools import pairwise

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.address_lines import TOWN_WORDS, Span, is_inside, rows_of, town_spans
from hubrank.geocoding.text.normalise import plain
from hubrank.geocoding.text.organisation_words import LEGAL_FORMS, SIGNS, STANDARD_WORD
from hubrank.geocoding.text.stated_countries import split_country
from hubrank.geocoding.text.vocabulary import SAINTS, STREETS

_MARKS, _DIGIT = re.compile(r"[,;:()/|]| - "), re.compile(r"\d")
_STREET_ENDS = frozenset(vocabulary.words("place", "street_end"))
# Amid an organisation's name.
_LINKS = frozenset(vocabulary.words("organisation", "links"))
_TOWNS_SAINTS = ("st", "saint", "sainte")  # before towns rather than patrons behind a word for an organisation
_TOWN_AND_REGION = 2  # words
_SHORTEST_REGION = 4  # letters of what is no code
_TOWN, _TOWN_OF_A_WORD = 1_000, 5_000  # inhabitants of a town, and of one that a word amid a name may be


def separate_before_region(text: str) -> str:
    """Return a line without any marks that ends in a country with commas around its town and region.

    The town lies in the region (12 FOO STREET BASSANO ROMANO LAZIO ITALY), and is no part of a name before it
    (University of Richmond Virginia USA). Without a region it stands right behind the word for a street, and so may
    another town of the region before it (Nanmen Road Zhangjiagang Suzhou).
    """
    front, economy = ("", "") if _MARKS.search(text) else split_country(text)
    words = front.split()
    is_line = economy and len(words) > _TOWN_AND_REGION and not _DIGIT.search(text[len(front) :])
    named = [span for span in town_spans(words, economy) if span.first] if is_line else []
    inside = (span for span in named if any(_is_town_inside(row, words, span) for row in rows_of(words, span, economy)))
    span = next(inside, None) or next((span for span in named if _is_behind_street(words, span, economy)), None)
    if span is None or _is_in_name(words, span) or _is_code(" ".join(words[span.end :])):
        return text
    finer = (Span(first, span.first, span.regions) for first in range(max(1, span.first - TOWN_WORDS), span.first))
    town = next((f for f in finer if f.regions and _is_behind_street(words, f, economy)), Span(span.first, span.first))
    parts = (words[start:end] for start, end in pairwise((0, town.first, span.first, span.end, len(words))))
    return ", ".join((*(" ".join(part) for part in parts if part), countries.name(economy)))


def _is_town_inside(row: int, words: list[str], span: Span) -> bool:
    """Say whether a place lies in the region behind a span and is a town.

    It has 5,000 inhabitants if its name is one word and stands behind no legal form.
    """
    is_sure = span.end - span.first > 1 or plain(words[span.first - 1]) in LEGAL_FORMS
    least = _TOWN if is_sure else _TOWN_OF_A_WORD
    return is_inside(row, span) and int(gazetteer.places().population[row]) >= least


def _is_in_name(words: list[str], span: Span) -> bool:
    """Say whether a span belongs to a name before it: behind a link, as words of organisations, a hospital's patron."""
    last, town = words[span.first - 1], plain(" ".join(words[span.first : span.end])).split()
    before = plain(last)
    is_hospital = STANDARD_WORD.get(before, before) == "hospital"
    is_name = before in SIGNS or (last.isupper() and not "".join(words[span.first : span.end]).isupper())
    is_patron = town[0] in SAINTS and (is_hospital or (is_name and town[0] not in _TOWNS_SAINTS))
    return before in _LINKS or is_patron or SIGNS.issuperset(town) or STREETS.issuperset(town)


def _is_code(region: str) -> bool:
    """Say whether what stands behind a town is a region's code, or has a post code: OH 45402."""
    return 0 < len(region) < _SHORTEST_REGION or _DIGIT.search(region) is not None


def _is_behind_street(words: list[str], span: Span, economy: str) -> bool:
    """Say whether a span is a town of 1,000 right behind the word for a street, in its regions if it has any."""
    people = gazetteer.places().population
    return plain(words[span.first - 1]) in _STREET_ENDS and any(
        people[row] >= _TOWN and (is_inside(row, span) or not span.regions) for row in rows_of(words, span, economy)
    )
