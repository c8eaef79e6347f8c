"""Countries whose names are cut off at the length of a field, or have marks that part texts: Congo - Kinshasa."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection
from functools import cache

from hubrank.core import countries
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import regions_of_town
from hubrank.geocoding.text.misspelt_countries import economies_near
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import bare
from hubrank.geocoding.text.stated_countries import country

_MARK = re.compile(r"\s[-–—]\s|\(")
_LEAST, _LONGEST = 3, 40  # characters of such a name
_CITY = 50_000  # inhabitants of a place that is no country with an error
_LARGER = 10  # times the people of its namesake in another such country has the town that is meant


def with_plain_country(text: str) -> str:
    """Return a text with its country by a name without marks: Goma, Congo - Kinshasa; Foo, Папуа — Новая Гвинея.

    Goma, Congo, Democratic Republic of the is one, too, and so is one behind the form of its state. A country and
    another of its names, or its initials, are read as they are: Myanmar (Burma), Taiwan (R.O.C.).
    """
    front, _, last = text.rpartition(",")
    if front and (home := countries.find_by_official_name(last)):
        return f"{front}, {countries.name(home)}"
    before, _, name = front.rpartition(",")
    both = (f"{name},{last}".strip(), f"{last.strip(' .')} {name.strip()}")  # Congo, Democratic Republic
    economy = next(filter(None, (countries.find(one, codes=False) for one in both)), None) if before and name else None
    if economy and not country(last):
        return f"{before}, {countries.name(economy)}"
    mark = _MARK.search(last) if front else None
    economy = countries.find(last.strip(), codes=False) if mark else None
    if economy is None or mark is None:
        return text
    name, other = last[: mark.start()].strip(), last[mark.end() :].strip(" )")
    is_again = countries.find(name) == economy and ("." in other or countries.find(other) == economy)
    return text if is_again else f"{front}, {countries.name(economy)}"


def with_whole_country(text: str) -> str:
    """Return a text with its country in whole, if it ends in the beginning of a name of a country that has the town.

    What is also a region around the town is none (Granada, Colo is in Colorado), nor a place, unless the town is by far
    larger there than in the countries of that place. What stands behind a country is none, either: Korea, Rep.
    """
    front, _, last = text.rpartition(",")
    start = key(last) if front and _LEAST <= len(last.strip()) <= _LONGEST else ""
    economies = set() if len(start) < _LEAST or country(last.strip()) else _economies_beginning_with(start)
    if not economies:
        return text
    before = front.rpartition(",")[2]
    town = key(bare(before))
    home = _home(town, economies | gazetteer.economies_of(start))
    if home not in economies or country(before.strip()) or regions_of_town(last.strip(), town):
        return text
    return f"{front}, {countries.name(home)}"


def with_country_of_organisation(text: str, economies_of: Callable[[str], Collection[str]]) -> str:
    """Return a text with its country in whole, if it is cut off or has an error, and organisations named lie there.

    `Northern Hospital, Austral` is not in Austral. A city's own name is no error (Haifa is near a word for China).

    economies_of : returns the economies of the organisations that a text is the name of.
    """
    front, _, last = text.rpartition(",")
    last = last.strip(" .")
    is_word = _LEAST <= len(last) <= _LONGEST and last.replace(" ", "").isalpha()
    if not (front and is_word) or country(last) or gazetteer.most_people(key(last)) >= _CITY:
        return text
    named = {economy for part in front.split(",") for economy in economies_of(part)}
    homes = named & (_economies_beginning_with(key(last)) | economies_near(last)) if named else named
    return f"{front}, {countries.name(homes.pop())}" if len(homes) == 1 else text


def _home(town: str, economies: set[str]) -> str:
    """Return which of some economies has the town of a key, or the by far largest of several, or ""."""
    places = gazetteer.places()
    people: dict[str, int] = {}
    for row in gazetteer.rows_named(town):
        home = places.economy[row]
        if home in economies:
            people[home] = max(int(places.population[row]), people.get(home, 0))
    largest = sorted(people, key=lambda home: (-people[home], home))
    clear = largest and all(people[largest[0]] >= _LARGER * people[other] for other in largest[1:])
    return largest[0] if clear else ""


def _economies_beginning_with(start: str) -> set[str]:
    """Return the economies that have a longer name which begins with a key."""
    names, economies = _names()
    at, end = bisect_left(names, start), bisect_left(names, start + "{")
    return {economy for name, economy in zip(names[at:end], economies[at:end], strict=True) if name != start}


@cache
def _names() -> tuple[list[str], list[str]]:
    """Return the keys of all names of economies in order, and the economies of these."""
    pairs = {(key(name), entry.iso2) for entry in countries.table().values() for name in (entry.name, *entry.aliases)}
    ordered = sorted(pair for pair in pairs if len(pair[0]) > _LEAST)
    return [name for name, _ in ordered], [economy for _, economy in ordered]
