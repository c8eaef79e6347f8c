"""The countries that a part of an address states: by name, by a code that may be a state's, at its end."""

from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import NEARBY, PRIMARY
from hubrank.geocoding.text.post_codes import bare

PAIR = 2  # letters of a country's or state's code
STATES_OF = ("US", "CA", "AU")  # whose states' codes are read without a town of theirs before them
_CITY, _TIMES = 100_000, 100  # inhabitants of a city, and times those of a town that it is meant instead of: London, CA
_RIVAL = 10  # times the people of a town that may be meant as well
_LEAST = 1_000  # inhabitants of a town that decides which country a state's code belongs to
_ALSO_STATES = {"Georgia": ("US", "GA"), "GEORGIA": ("US", "GA")}  # economy and GeoNames' code of the state
_SURE_CODES = frozenset(
    {"UK", "US", "HK", "TW", "SG", "CH", "NL", "JP", "KR", "CN", "GB", "FR", "BR", "RU", "AT", "BE", "CZ"}
)


@lru_cache(65536)
def country(segment: str) -> str:
    """Return the economy that a segment names in whole, or ""; two letters only where no state has them."""
    text = bare(segment)
    if len(text) < 2 or (len(text) == 2 and text.isascii() and text not in _SURE_CODES) or text in _ALSO_STATES:
        return ""
    # "and" is no Andorra, "can" no Canada; МО is the region of Moscow and not Macao, though both are transcribed alike.
    is_word = not text.isascii() or (len(text) == 3 and not text.isupper())
    return countries.find(text, codes=not is_word) or ""


def country_or_state(segment: str) -> str:
    """Return the economy that a whole segment names and that shares its name with a state of another: Georgia."""
    text = bare(segment)
    return countries.find(text) or "" if text in _ALSO_STATES else ""


def country_of(segment: str, town: str) -> str:
    """Return the economy that a segment behind a town's key names in whole, or "": Tbilisi, Georgia is in no state."""
    text = bare(segment)
    if text not in _ALSO_STATES or not (economy := countries.find(text)):
        return country(segment)
    homes = {gazetteer.home_of(row) for row, _ in gazetteer.names().rows(town)}
    return economy if _ALSO_STATES[text] not in homes and any(home == economy for home, _ in homes) else ""


@lru_cache(16384)
def economies_around(code: str, town: str) -> tuple[str, ...]:
    """Return the economies that have a code, or a state of that code, in which a town of a key lies.

    Florestal, MG is in Minas Gerais, not in Madagascar. A town counts by another of its names where none has it first,
    a village in countries where addresses always end in states; those stand first. No village is in a province.
    """
    economy, states, places = countries.find(code), regions.by_code().get(code, ()), gazetteer.places()
    usual = {state.economy for state in states if state.economy in STATES_OF}
    towns: dict[bool, set[str]] = {True: set(), False: set()}
    villages: set[str] = set()
    for row, kind in gazetteer.names().rows(town):
        home, admin1 = gazetteer.home_of(row)
        is_place = row < len(places.name)
        spot = gazetteer.spot_of(row)
        counts = home in usual or (is_place and kind != NEARBY and places.population[row] >= _LEAST)
        if home == economy or any(state.contains(home, admin1, *spot) for state in states):
            (towns[kind in (PRIMARY, NEARBY)] if counts else villages).add(home)
    around = towns[True] or towns[False] or villages
    return (*(home for home in STATES_OF if home in around & usual), *sorted(around - usual))


def economies_of_code(code: str, town: str, *, has_post_code: bool = False) -> tuple[str, ...]:
    """Return the economies that two capital letters behind a town's key may mean: where it lies, or all usual ones.

    has_post_code : whether a post code says whether it is a state, where the country has a far larger town.
    """
    usual = (home for home in STATES_OF if any(not region.admin2 for region in regions.find(code, home)))
    economy = countries.find(code)
    around = economies_around(code, town)
    if not has_post_code and len(around) > 1 and economy in around and _is_famous(town, economy, code):
        return (economy,)
    return around or tuple(dict.fromkeys((*usual, *([economy] if economy else []))))


def _is_famous(town: str, economy: str, code: str) -> bool:
    """Say whether a country has a city of a key that is a hundred times larger than all in states with its code."""
    at_home, in_state = (max(map(_people, rows), default=0) for rows in _in_country_and_state(town, economy, code))
    return at_home >= max(_CITY, _TIMES * in_state)


def is_state_or_country(name: str, town: str, code: str) -> bool:
    """Say whether two letters behind a town are a country's as likely as those of a state of another: Vitoria, ES.

    The country's town has a tenth of the people of the state's, and a name with marks is not that of the state's alone.
    """
    here, there = _in_country_and_state(town, countries.find(code) or "", code)
    if not name.isascii() and any(gazetteer.is_called(row, name) for row in there):
        return any(gazetteer.is_called(row, name) for row in here)
    return _RIVAL * max(map(_people, here), default=0) >= max(map(_people, there), default=0)


def _in_country_and_state(town: str, economy: str, code: str) -> tuple[list[int], list[int]]:
    """Return the places of which a key is the own name in a country, and those in states elsewhere with a code."""
    rows, states = gazetteer.rows_named(town, kinds=(PRIMARY,)), regions.by_code().get(code, ())
    abroad = [row for row in rows if gazetteer.home_of(row)[0] != economy]
    in_state = [row for row in abroad if any(state.first_level == gazetteer.home_of(row) for state in states)]
    return [row for row in rows if row not in abroad], in_state


def _people(row: int) -> int:
    return int(gazetteer.places().population[row])


def is_state_code(text: str) -> bool:
    """Say whether a text is the two letters of a state that are read without a town of it before them."""
    return len(text) == PAIR and text.isupper() and any(regions.find(text, home) for home in STATES_OF)


def state_before_code(address: str) -> str:
    """Return the letters of the state that stand before the post code at the end of an address, or "": AL 35611."""
    last = address.rpartition(",")[2]
    state = bare(last) if last[-1:].isdigit() else ""
    return state if is_state_code(state) else ""


def split_country(segment: str) -> tuple[str, str]:
    """Split a country off the end of a segment: `Beijing 100084 P.R. China`."""
    parts = segment.split()
    for size in (5, 4, 3, 2, 1):
        if len(parts) > size and (economy := country(" ".join(parts[-size:]))):
            return " ".join(parts[:-size]), economy
    return segment, ""
