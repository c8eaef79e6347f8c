"""The country of the letters in which an address is written, where it states none: עפולה is in Israel."""

import unicodedata

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.normalise import has_kind_before, key

_ECONOMIES = {script: tuple(homes.split()) for script, homes in vocabulary.section("script").items()}
_LETTERS = 3  # of a name at least
_SEVERAL = "CYRILLIC"  # written in more countries: a word for the kind of place must be there


def economy_of_script(name: str, text: str) -> str:
    """Return the one economy where the letters of a name are written and a place has it, or "".

    Not where a city elsewhere is as large, which has a name in all letters.

    text : the whole address.
    """
    letter = next(filter(str.isalpha, name), "")
    script = unicodedata.name(letter, "").partition(" ")[0] if letter > "\u024f" else ""
    if (
        script not in _ECONOMIES
        or sum(map(str.isalpha, name)) < _LETTERS
        or (script == _SEVERAL and not has_kind_before(text))
    ):
        return ""
    places = gazetteer.places()
    people: dict[str, int] = {}
    for row in gazetteer.rows_named(key(name)):
        home = places.economy[row]
        people[home] = max(people.get(home, 0), int(places.population[row]))
    homes = [home for home in _ECONOMIES[script] if home in people]
    if len(homes) != 1:
        return ""
    elsewhere = max((size for home, size in people.items() if home != homes[0]), default=0)
    return "" if elsewhere >= max(CITY_PEOPLE, people[homes[0]]) else homes[0]
