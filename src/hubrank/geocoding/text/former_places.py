"""Parentheses that say where somebody was, or the kind of an address, and no place of it: (formerly Bombay, India)."""

import re
from itertools import pairwise

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import country, economies_around, split_country

SIGNS_OF_PARENTHESES = r"[(\[]"
_WORDS = frozenset(vocabulary.words("former", "opening"))
_KINDS = frozenset(vocabulary.words("address_kind", "names"))
_ENCLOSED = re.compile(r"[\s,;]{0,3}[(\[]([^()\[\]]{4,90})[)\]]")
_REMARK = re.compile(r"(?<=[,\s])([A-Z]{2,3}|[^\W\d_]{4,20})\s?[(\[]([^()\[\]\d]{2,40})[)\]]\s*$")
_PART = re.compile(r"[,;()\[\]]")


def without_former_places(text: str) -> str:
    """Return a text without parentheses that open with a word for former times and end in a country.

    Other text must be before them. Without a country they may be the former name of the organisation. The country
    stays where it is the only one in the text and a place before or behind them lies there: Hyderabad (Pakistan).
    """
    return _ENCLOSED.sub(_without_country, text).strip() if "(" in text or "[" in text else text


def _without_country(enclosed: re.Match[str]) -> str:
    """Return nothing for parentheses about former times with a country, or that alone if it is the address's."""
    if not (enclosed.start() and _WORDS.issuperset(plain(enclosed[1]).split()[:1])):
        return enclosed[0]
    named = enclosed[1].rpartition(",")[2].strip(" .")
    front, economy = ("", whole) if (whole := country(named)) else split_country(named)
    rest = f"{enclosed.string[: enclosed.start()]},{enclosed.string[enclosed.end() :]}"
    parts = [name for part in _PART.split(rest) if (name := bare(part.strip(" .")))]
    if economy and _is_home(economy, parts) and not _states_another(economy, parts):
        return f" ({' '.join(named.split()[len(front.split()) :])})"
    return "" if economy else enclosed[0]


def _states_another(economy: str, parts: list[str]) -> bool:
    """Say whether a part of an address is or ends in a country, or is a region abroad with the town before it."""
    named = any(country(part) or split_country(part)[1] for part in parts)
    areas = (area for town, region in pairwise(parts) for area in regions_of_town(region, key(town)))
    return named or any(area.economy != economy for area in areas)


def _is_home(economy: str, parts: list[str]) -> bool:
    """Say whether a part of an address, or its last word, is a place in an economy."""
    names = {name for part in parts for name in (part, part.rpartition(" ")[2])}
    return any(economy in gazetteer.economies_of(key(name)) for name in names)


def without_remark(text: str) -> str:
    """Return a text without the kind of an address in parentheses behind the country that ends it: Köln, DE (HQ).

    Two letters are no country behind a town in the state of that code: Salem, IN (HQ).
    """
    remark = _REMARK.search(text) if text[-1:] in (")", "]") else None
    if remark is None or plain(remark[2]) not in _KINDS or not (economy := countries.find(remark[1])):
        return text
    front = text[: remark.start()].rstrip()
    names = [name for part in front.split(",") if (name := bare(part))]
    is_state = names and set(economies_around(remark[1], key(names[-1]))) - {economy}
    return text if is_state or not front.endswith(",") else text[: remark.end(1)]
