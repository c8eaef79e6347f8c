"""Towns whose first word is abbreviated: P. Alegre is Porto Alegre, S. Leopoldo São Leopoldo."""

import re
from functools import cache, lru_cache

from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.text.normalise import plain

_ABBREVIATED = re.compile(r"([^\W\d_]{1,3})\.\s?([^\W\d_]{3}.*)")
_TIMES = 10  # people of the largest of several such towns of a state, which is meant


def rows(text: str, economy: str) -> list[int]:
    """Return the places of an economy whose names go on as a text does behind its abbreviated first word."""
    shortened = _ABBREVIATED.fullmatch(text)
    if shortened is None or not economy:
        return []
    first = plain(shortened[1])
    return [row for row, word in _by_rest(economy).get(plain(shortened[2]), ()) if word.startswith(first)]


@cache
def _by_rest(economy: str) -> dict[str, list[tuple[int, str]]]:
    """Return row and first word of the places of an economy whose names have several words, by the others."""
    names: dict[str, list[tuple[int, str]]] = {}
    places = gazetteer.places()
    for row in gazetteer.rows_in(economy):
        if not places.name[row].isalpha():
            first, _, rest = plain(places.name[row]).partition(" ")
            names.setdefault(rest, []).append((row, first))
    return names


@lru_cache(4096)
def town_in_state(town: str, code: str) -> str:
    """Return the name in full of the town of a state of two letters that an abbreviated one means, or ""."""
    places, states = gazetteer.places(), regions.by_code().get(code, ())
    people: dict[str, int] = {}
    for economy in {state.economy for state in states}:
        for row in rows(town, economy):
            home = economy, places.admin1[row], *gazetteer.spot_of(row)
            if any(state.contains(*home) for state in states):
                name = places.name[row]
                people[name] = max(int(places.population[row]), people.get(name, 0))
    first, *others = sorted(people, key=lambda name: (-people[name], name)) or [""]
    return first if not others or people[first] >= _TIMES * people[others[0]] else ""
