"""The country that a misspelt name in a column of countries means: Dominican Reeublic, Phlippines."""

from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text.normalise import key

_LETTERS, _SURE_LETTERS = 4, 6  # of a name at least, and of one that needs no town to be sure


def misspelt_country(text: str, town: str) -> str:
    """Return the economy of which a text that is no country's name is one typing error away, or "".

    It is the only one that has the town, or where none of them has it, the only one of all, by a name that no place or
    region has.
    """
    economies = economies_near(text)
    there = economies & gazetteer.economies_of(key(town)) if economies and town else frozenset()
    if economies and not there and _is_no_place(text):
        there = economies
    return next(iter(there)) if len(there) == 1 else ""


@lru_cache(4096)
def economies_near(text: str) -> frozenset[str]:
    """Return the economies with a name that is one typing error away from a text of four letters and more."""
    name = countries.key(text)
    if len(name) < _LETTERS or not name.isalpha() or countries.find_stated(text):
        return frozenset()
    matches = process.extract(name, _names(), scorer=OSA.distance, score_cutoff=1, limit=None)
    return frozenset(filter(None, (countries.find(match) for match, _, _ in matches)))


def _is_no_place(text: str) -> bool:
    """Say whether a text is long and names no place or region."""
    name = countries.key(text)
    return len(name) >= _SURE_LETTERS and not (gazetteer.economies_of(name) or regions.named_anywhere(name))


@cache
def _names() -> list[str]:
    """Return the keys of the names of all countries in Latin letters."""
    named = {name for name in countries.in_other_languages(latin=True) if len(name) >= _LETTERS - 1}
    named |= {countries.key(name) for entry in countries.table().values() for name in (entry.name, *entry.aliases)}
    return sorted(name for name in named if len(name) >= _LETTERS - 1 and name.isascii() and countries.find(name))
