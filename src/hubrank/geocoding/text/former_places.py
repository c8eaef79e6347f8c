"""Parentheses that say where somebody was, or the kind of an address, and no place of it: (formerly Bombay, India)."""

import re

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ANY_KIND, PRIMARY
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import country, split_country

SIGNS_OF_PARENTHESES = r"[(\[]"
_WORDS = frozenset(vocabulary.words("former", "opening"))
_ENCLOSED = re.compile(r"[\s,;]{0,3}[(\[]([^()\[\]]{4,90})[)\]]")
_REMARK = re.compile(r"(?<=[,\s])([A-Z]{2,3}|[^\W\d_]{4,20})\s?[(\[]([^()\[\]\d]{2,40})[)\]]\s*$")
_CODE = 3  # letters of a code of a country or region


def without_former_places(text: str) -> str:
    """Return a text without parentheses that open with a word for former times and end in a country.

    Other text must be before them. Without a country they may be the former name of the organisation.
    """
    return _ENCLOSED.sub(_without_country, text).strip() if "(" in text or "[" in text else text


def _without_country(enclosed: re.Match[str]) -> str:
    """Return nothing for parentheses about former times with a country, behind other text."""
    if not (enclosed.start() and _WORDS.issuperset(plain(enclosed[1]).split()[:1])):
        return enclosed[0]
    named = enclosed[1].rpartition(",")[2].strip(" .")
    return "" if country(named) or split_country(named)[1] else enclosed[0]


def without_remark(text: str) -> str:
    """Return a text without the parentheses behind the country that ends it, if no place is in them: Köln, DE (HQ)."""
    remark = _REMARK.search(text) if text[-1:] in (")", "]") else None
    if remark is None or not countries.find(remark[1]) or not text[: remark.start()].rstrip().endswith(","):
        return text
    parts = [key(bare(part)) for part in remark[2].split(",")]
    kinds = (PRIMARY,) if len(remark[2]) <= _CODE else ANY_KIND  # short other names are codes and abbreviations
    is_place = any(gazetteer.rows_named(part, kinds=kinds) or regions.named_anywhere(part) for part in parts)
    return text if is_place or countries.find(remark[2]) else text[: remark.end(1)]
