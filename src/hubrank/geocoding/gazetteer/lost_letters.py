"""Names of which an encoding has lost letters (G?teborg, G�teborg, Gteborg), or a scan has taken some for digits."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.text.machine_text import LOST
from hubrank.geocoding.text.normalise import key

_LEAST = 3  # letters that are left
_LEAST_WITHOUT_MARK = 4  # letters that are left where nothing stands for the others
_SETTLED = 1_000  # inhabitants of a place that is meant without a mark
_LARGER = 10  # times the people of the others has the place that is meant
# B0ca Raton, He1mstedt: digits behind letters of a word, by the letters that a scan takes for them.
_SCANNED, _LEAST_SCANNED = re.compile(r"(?<=[^\W\d_])[01](?![\d_])"), 3  # letters of such a word
_ZERO, _ONE = (re.compile(rf"(?<=[^\W\d_]){digit}(?![\d_])") for digit in "01")
_MARKS, _NOT_ASCII = re.compile(f"{LOST}+"), re.compile(r"[^\x00-\x7f]")


def restored(name: str, economies: Iterable[str]) -> str:
    """Return the name of a place in one of some economies that is written so but for lost letters, else the name.

    Of several the one with ten times the people of the others is meant. A name that a place there has is whole.
    """
    if ("0" in name or "1" in name) and _SCANNED.search(name):
        return _without_digits(name, economies)
    marked = LOST in name
    may_lack_letters = marked or (name.isascii() and not name.isupper())  # capitals may be an acronym: TIFR
    if not may_lack_letters or (marked and _letters(name) < _LEAST):
        return name
    for economy in economies:
        people = _marked(name.lower(), economy) if marked else _without_letters().get((economy, name.lower()))
        if people and (marked or (_letters(name) >= _LEAST_WITHOUT_MARK and not _is_name(name, economy))):
            largest = max(people, key=lambda other: (people[other], other))
            clear = all(people[largest] >= _LARGER * people[other] for other in people if other != largest)
            return largest if clear else name
    return name


def _without_digits(name: str, economies: Iterable[str]) -> str:
    """Return the name of a place of one of some economies of which a scan has taken letters for digits, else the name.

    Every word with a digit has three letters at least: no post code (P0R 1B2).
    """
    words = [word for word in name.split() if any(map(str.isdigit, word))]
    if any(sum(map(str.isalpha, word)) < _LEAST_SCANNED for word in words):
        return name
    spellings = (_ZERO.sub("o", _ONE.sub(letter, name)) for letter in "li")
    owned = (other for other in spellings for home in economies if gazetteer.rows_named(key(other), home, (PRIMARY,)))
    return next(owned, name)


def _letters(name: str) -> int:
    """Return how many letters a name has."""
    return sum(map(str.isalpha, name))


@lru_cache(16384)
def _marked(name: str, economy: str) -> dict[str, int]:
    """Return names and people of the places of an economy of which a name has all but the marked letters.

    Where there are such, only those that have letters with marks there: M?nster is no Monster.
    """
    lost = [f"{{1,{len(run)}}}" for run in _MARKS.findall(name)] + ["{0}"]
    for letter in (r"[^\W\d_\x00-\x7f]", r"[^\W\d_]"):
        parts = zip(_MARKS.split(name), lost, strict=True)
        pattern = re.compile("".join(f"{re.escape(part)}{letter}{many}" for part, many in parts))
        if people := {other: size for other, size in _own_names(economy).items() if pattern.fullmatch(other.lower())}:
            return people
    return {}


@cache
def _own_names(economy: str) -> dict[str, int]:
    """Return the own names of the places of an economy, each with the most people that one of its places has."""
    places, names = gazetteer.places(), dict[str, int]()
    for row in gazetteer.rows_in(economy):
        name = places.name[row]
        names[name] = max(int(places.population[row]), names.get(name, 0))
    return names


def _is_name(name: str, economy: str) -> bool:
    """Say whether a place of an economy has a name."""
    return any(gazetteer.home_of(row)[0] == economy for row, _ in gazetteer.names().rows(key(name)))


@cache
def _without_letters() -> dict[tuple[str, str], dict[str, int]]:
    """Return names and people of the places of 1,000 by economy and by their names without all that is not ASCII."""
    places, names = gazetteer.places(), defaultdict[tuple[str, str], dict[str, int]](dict)
    for row in np.flatnonzero(places.population >= _SETTLED).tolist():
        name, people = places.name[row], int(places.population[row])
        left = "" if name.isascii() else _NOT_ASCII.sub("", name).lower()
        if len(left) >= _LEAST_WITHOUT_MARK:
            same = names[places.economy[row], left]
            same[name] = max(people, same.get(name, 0))
    return dict(names)
