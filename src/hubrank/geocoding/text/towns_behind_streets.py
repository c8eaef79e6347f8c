"""Towns that stand right behind a street, before the province of another city: 106 Sokak Alanya, Antalya."""

from functools import lru_cache

from hubrank.core.sphere import ONE_PLACE_KM
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.spatial_relations import are_near, lies_in
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain
from hubrank.geocoding.text.stated_countries import country

# Economies whose addresses end in district and province. Elsewhere the words behind a number are as often a street or a
# quarter that is called like a town: Reforma 10 San Rafael | Mexico.
PROVINCES_AS_CITIES = ("TR",)
_BEHIND = frozenset(vocabulary.words("place", "street_before_town"))
_WORDS = 3  # of a town
_TOWN = 5_000  # inhabitants of a town behind a street, which may be a quarter


def town_behind_street(text: str, province: str, economy: str) -> tuple[str, str]:
    """Split a town of a province off the end of a text, right behind a house's number or a street; "" without one.

    It is a town by its whole own name, and not near the city that the province is called after.
    """
    words = text.split() if economy in PROVINCES_AS_CITIES else []
    for first in range(max(1, len(words) - _WORDS), len(words)):
        before, town = words[first - 1], " ".join(words[first:])
        ends_street = any(map(str.isdigit, before)) or _BEHIND.issuperset(plain(before).split()[-1:])
        if ends_street and not any(map(str.isdigit, town)) and _is_apart(town, province, economy):
            return " ".join(words[:first]), town
    return text, ""


def separate_town_of_province(text: str) -> str:
    """Return a text with a comma before the town that stands behind a street and before its province."""
    if "," not in text or not any(map(str.isdigit, text)):
        return text
    parts = text.split(",")
    for at, province in enumerate(parts[1:], 1):
        behind = "".join(parts[at + 1 : at + 2]).strip(" .")
        for economy in PROVINCES_AS_CITIES if not behind or country(behind) in PROVINCES_AS_CITIES else ():
            front, town = town_behind_street(parts[at - 1].strip(), province.strip(" ."), economy)
            if town:
                return ",".join((*parts[: at - 1], f" {front}, {town}", *parts[at:])).strip()
    return text


@lru_cache(16384)
def _is_apart(town: str, province: str, economy: str) -> bool:
    """Say whether a name is a town's of a province, apart from the city of the province's name."""
    areas = regions.find(province, economy)
    if not areas:
        return False
    places, name = gazetteer.places(), key(town)
    towns = [row for row in gazetteer.rows_named(name, economy, (PRIMARY,)) if places.population[row] >= _TOWN]
    named = [row for row in towns if key(places.name[row]) == name and any(lies_in(row, area) for area in areas)]
    cities = gazetteer.rows_named(key(province), economy)
    return bool(named) and not any(are_near(row, city, ONE_PLACE_KM) for row in named for city in cities)
