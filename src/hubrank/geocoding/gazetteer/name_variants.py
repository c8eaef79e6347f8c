"""Other readings of a city's name: without its kind of place, a post code or a direction, with other vowels."""

import re
from collections.abc import Iterator

from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.spatial_relations import are_near
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import is_plain_word, key, plain, without_kind, without_kind_before
from hubrank.geocoding.text.post_codes import bare

KIND_REMOVED = "kind of place removed"
_DIRECTIONS = {"n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "w": "west"}
_KANA, _SMALL_KANA = re.compile("[\u3041-\u30fe]"), re.compile("([bghkmnpr])iy(?=[aou])")  # キョ is kiyo
_DIGIT = re.compile(r"\d")
_CEDEX = "cedex"  # a word that is no name, but a post code
_CITY, _FROM_CITY_KM = 100_000, 120  # inhabitants of a city, and how far its airport is at most


def _alternation(*entries: str) -> str:
    """Return a pattern of words, the longest first: "campus de" before "campus"."""
    many = {word for entry in entries for word in vocabulary.words("place", entry)}
    return "|".join(sorted(many, key=lambda word: (-len(word), word)))


_AIRPORTS_BEFORE = tuple(f"{word} " for word in vocabulary.words("place", "airport_before"))
_AIRPORTS = tuple(f" {word}" for word in vocabulary.words("place", "airport"))
BRANCH = frozenset(vocabulary.words("place", "branch"))
BRANCHES = _alternation("branch")  # a pattern of these words
_BRANCH = re.compile(rf"^(?:{BRANCHES})\s+|\s+(?:{BRANCHES})$")
_KIND = re.compile(
    rf"^(?:{_alternation('before', 'airport_before', 'branch')})\s+"
    rf"|[\s-]+(?:{_alternation('after', 'airport', 'branch')})$"
)
# Economies whose names are romanised, so that "ue" is no umlaut: Buean is no Buan.
_ROMANISED = frozenset(home for rules in vocabulary.section("sound").values() for home in rules["of"].split())
_KIND_IN = {
    economy: re.compile(rf"^(?:{'|'.join(kinds.split()).replace('+', ' ')})\s+")
    for economy, kinds in vocabulary.section("before").items()
}


def is_airport_of_town(plain_text: str) -> bool:
    """Say whether a plain text is the name of an airport by a word beside another name: Mason City Airport."""
    return plain_text.endswith(_AIRPORTS) or plain_text.startswith(_AIRPORTS_BEFORE)


def branch_town(text: str) -> str:
    """Return the town that a branch of an organisation is named after (Campus de Ribeirão Preto), else the text."""
    return _BRANCH.sub("", plain(text)) or text


def variants(city: str, economy: str) -> Iterator[tuple[str, str]]:
    """Yield other readings of a city's name: key, and what was done to the name."""
    if not city.isascii() and HAN.search(city):  # many towns of China sound alike
        name = _DIGIT.sub("", city).strip()
        if not _shares_prefecture_name(name):
            yield key(without_kind(name)), KIND_REMOVED
        return
    is_airport = False
    if is_plain_word(city) and city.lower() != _CEDEX:  # half of the cities: nothing can be removed
        name = proper = city.lower()
    else:
        name, proper, is_airport = _without_code_and_kind(city, economy)
    yield key(name), "post code removed"
    yield key(proper), KIND_REMOVED
    if is_airport and (town := _town_of_airport(proper, economy)):
        yield key(town), KIND_REMOVED
    first, _, rest = proper.partition(" ")
    if rest and first in _DIRECTIONS:
        yield key(f"{_DIRECTIONS[first]} {rest}"), "direction written out"
    if economy not in _ROMANISED:
        for long, short in (("ae", "a"), ("oe", "o"), ("ue", "u")):
            proper = proper.replace(long, short)
        yield key(proper), "umlaut"
    if economy == "JP":
        proper = _SMALL_KANA.sub(r"\1y", proper) if _KANA.search(city) else proper
        yield key(proper.replace("ou", "o").replace("oo", "o").replace("uu", "u").replace("oh", "o")), "long vowel"


def _town_of_airport(name: str, economy: str) -> str:
    """Return the town that an airport is at which is also called after a city near it, else "": London Luton."""
    words = re.split("[ -]", name)
    people = gazetteer.places().population
    for first in range(1, len(words)):
        cities = gazetteer.rows_named(key(" ".join(words[:first])), economy, (PRIMARY,))
        towns = gazetteer.rows_named(key(words[-1]), economy, (PRIMARY,))
        pairs = ((row, town) for row in cities if people[row] >= _CITY for town in towns if town != row)
        if any(are_near(*pair, _FROM_CITY_KM) for pair in pairs):
            return words[-1]
    return ""


def _without_code_and_kind(city: str, economy: str) -> tuple[str, str, bool]:
    """Return a city's name in plain letters without its post code, that without its kind, and if it is an airport."""
    words = bare(without_kind_before(city)).split()
    name = " ".join([word for word in words if not _DIGIT.search(word)] if _DIGIT.search(city) else words)
    proper, is_airport = plain(without_kind(name)), False
    if " " in proper:
        proper = _KIND_IN[economy].sub("", proper) if economy in _KIND_IN else proper
        is_airport = is_airport_of_town(proper)  # Mason City Airport, Barrow County Airport
        proper = _KIND.sub("", proper)
        proper = proper if is_airport else _KIND.sub("", proper)
    return plain(name), proper, is_airport


def _shares_prefecture_name(county: str) -> bool:
    """Say whether a county has the name of a prefecture, and is another place than its city: 邵阳县 and 邵阳市."""
    return county[-1] in "县縣" and any(area.admin2 for area in regions.find(f"{without_kind(county)}市", "CN"))
