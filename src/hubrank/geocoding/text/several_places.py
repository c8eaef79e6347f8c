"""Several places in one cell, of which one is read: Bangalore / Palo Alto; Delhi & Cambridge."""

import re
from functools import lru_cache

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.spatial_relations import are_near
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.stated_countries import country

_JOINT = re.compile(r"[/&]|\s(?:and|und|et|y|e|or|oder|ou|o)\s")  # one blank: a search from each of many takes long
_WORDS = 4  # of a place's name
_CODE = 3  # letters of what is rather an airport or a region: Goa/Hyderabad
_AROUND_KM = 30.0  # around a town: another one that stands before it
_CITY, _TOWN, _LEAST = 100_000, 20_000, 1_000  # inhabitants of what is read, of the others, of a town at home


def may_be_several(text: str) -> bool:
    """Say whether a text has what joins places: a slash or a short word."""
    return "/" in text or "&" in text or _JOINT.search(text) is not None


@lru_cache(16384)
def one_place(text: str, economy: str) -> str:
    """Return the first place of a text that is nothing but several, with their country behind it if that follows.

    The first in the stated economy, or in the country that follows: Basel or Geneva, Switzerland.
    """
    front, _, last = text.rpartition(",")
    home = country(last.strip()) if front and "," not in front else ""
    if not home:
        return _first_place(text, economy)
    first = _first_place(front.strip(), home)
    return text if first == front.strip() else f"{first}, {last.strip()}"


def _first_place(text: str, economy: str) -> str:
    """Return the first place of a text that is nothing but several, or the first in the stated economy.

    That is where a city, or a town of that economy, opens it and other towns, regions or countries follow in which it
    does not lie, and that do not lie in it: Hakkâri/Şemdinli is one place. Where no economy is stated, a country before
    one of its towns is none of several. A town near the second one is that of its name: Oberwil/Zug is Oberwil b. Zug,
    and Fitchburg/Madison not the largest Fitchburg.
    """
    parts = [part.strip() for part in _JOINT.split(text)]
    if len(parts) < 2 or not all(0 < len(part.split()) <= _WORDS and _is_letters(part) for part in parts):
        return text
    first, *others = parts
    whole, names = key(text), gazetteer.names().number
    if not economy and "/" in text and any(_is_in_country(other, first) for other in others):
        return text
    if len(first) <= _CODE or whole in names or regions.named_anywhere(whole) or country(text):
        return text
    is_at_home = bool(economy) and _largest_home(first) == economy
    is_city = is_at_home or gazetteer.economies_of(key(first), _CITY)
    if not is_city or any(_is_by_another(first, other) or not _is_elsewhere(other, first) for other in others):
        return text
    at_home = (part for part in parts if economy in gazetteer.economies_of(key(part), _TOWN))
    by_another = (name for other in others if key(name := f"{first} b. {other}") in names)
    return next(by_another, first) if is_at_home else next(at_home, first)


def _is_by_another(name: str, other: str) -> bool:
    """Say whether of several towns of a name one that is not the largest lies near another town."""
    people = gazetteer.places().population
    towns, others = (gazetteer.rows_named(key(each), kinds=(PRIMARY,)) for each in (name, other))
    largest = max(towns, key=lambda row: int(people[row]), default=None)
    near = {row for row in towns for town in others if people[town] >= _TOWN and are_near(row, town, _AROUND_KM)}
    return bool(near) and largest not in near


def _largest_home(name: str) -> str:
    """Return the economy of the largest place of a name, its own, of 1,000 inhabitants at least, else ""."""
    people = gazetteer.places().population
    rows = gazetteer.rows_named(key(name), kinds=(PRIMARY,))
    largest = max(rows, key=lambda row: int(people[row]), default=None)
    return "" if largest is None or people[largest] < _LEAST else gazetteer.home_of(largest)[0]


def _is_in_country(town: str, name: str) -> bool:
    """Say whether a name, English, is a country's in which a town lies: Mexico/San Pedro Garza García."""
    home = country(name)
    is_home = home != "" and key(countries.name(home)) == key(name) and not country(town)
    return is_home and home in gazetteer.economies_of(key(town))


def _is_letters(text: str) -> bool:
    return not any(character.isdigit() or character in ",;:()" for character in text)


def _is_elsewhere(name: str, city: str) -> bool:
    """Say whether a name is a town's, region's or country's around which, and in which, a city does not lie.

    What is abbreviated belongs to the city: Frankfurt/O.
    """
    if name.endswith(".") or regions_of_town(name, key(city)) or regions_of_town(city, key(name)):
        return False
    if home := country(name):
        return home not in gazetteer.economies_of(key(city))
    is_code = name in regions.by_code()
    return bool(is_code or gazetteer.economies_of(key(name), _TOWN) or regions.named_anywhere(key(name)))
