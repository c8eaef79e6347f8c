"""The names of the gazetteer by country and state, and those among them that are near a misspelt one."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.geocoding.gazetteer.gazetteer import NEARBY
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.text.romanisation import sound

SHORTEST = 4  # letters: shorter names are one error from too many others
_TAIL = 4

_FEW = 40  # names that are compared faster than sifted by their letters
_LETTERS, _OTHERS = 26, 12  # bits of a mask: each letter, each letter again, what is no letter
_ALL_LETTERS = (1 << _LETTERS) - 1
_BIT = {chr(n): 1 << (n - 97 if 97 <= n < 123 else 2 * _LETTERS + n % _OTHERS) for n in range(128)}

Masks = NDArray[np.uint64]
Bucket = tuple[list[str], list[int], Masks]  # keys, shortest first, how long they are, and their letters


def errors_in(length: int) -> int:
    """Return how many typing errors a name of so many letters may hold."""
    return 1 if length < 5 else 2 if length < 9 else 3


def _size(name: str) -> tuple[int, str]:
    return len(name), name


def _grouped(names: list[str], of: Callable[[str], str]) -> dict[str, list[str]]:
    """Return the names that have something in common, by that; those that have "" are left out."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if common := of(name):
            groups[common].append(name)
    return groups


def letters(name: str) -> int:
    """Return which letters a name has, and which more than once, one bit each; other characters share twelve bits.

    An error takes at most one bit away and adds at most one, so that the bits show which names are too far apart.
    """
    once = again = 0
    for character in name:
        bit = _BIT[character]
        again |= once & bit
        once |= bit
    return once | (again & _ALL_LETTERS) << _LETTERS


def _within(masks: Masks, of: np.uint64, limit: int) -> NDArray[np.int64]:
    """Return the numbers of the masks that so many errors may turn into another."""
    differing = masks ^ of
    missing, extra = np.bitwise_count(differing & of), np.bitwise_count(differing & masks)
    return np.flatnonzero(np.maximum(missing, extra) <= limit)


class Area:
    """The keys of an economy, or of one of its states."""

    def __init__(self, keys: set[str], economy: str) -> None:
        self._names = sorted(keys)
        self._economy = economy
        self._buckets: dict[str, Bucket] = {}

    def alike_sounding(self, key: str) -> list[str]:
        """Return the names that are another romanisation of a key."""
        heard = sound(key, self._economy)
        return self._by_sound.get(heard, []) if heard else []

    def longer(self, key: str) -> list[str]:
        """Return the names that a cut one begins: Port Jefferson Stati, Longboat."""
        return self._names[bisect_left(self._names, key) : bisect_left(self._names, key + "{")]

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        return _grouped(sorted(self._names, key=_size), lambda name: sound(name, self._economy))

    @cached_property
    def _by_end(self) -> dict[str, list[str]]:
        return _grouped(self._names, lambda name: name[-_TAIL:])

    def _bucket(self, start: str) -> Bucket:
        """Return the names that begin with "^" and a letter, or end in four; made when first asked for."""
        if start not in self._buckets:
            many = self.longer(start[1:]) if start[0] == "^" else self._by_end.get(start, [])
            many = sorted(many, key=_size)
            self._buckets[start] = many, [len(name) for name in many], np.array([*map(letters, many)], np.uint64)
        return self._buckets[start]

    def _choices(self, start: str, key: str, limit: int) -> list[str]:
        """Return the names of a bucket that may be so many errors away: by their lengths, and by their letters."""
        keys, lengths, masks = self._bucket(start)
        first, end = bisect_left(lengths, len(key) - limit), bisect_right(lengths, len(key) + limit)
        if end - first <= _FEW:
            return keys[first:end]
        return [keys[first + at] for at in _within(masks[first:end], np.uint64(letters(key)), limit).tolist()]

    def near(self, key: str) -> list[str]:
        """Return the names with the fewest typing errors, and those with one more.

        They begin with the same letter; where none of these is one error away, those that end in the same four too.
        """
        limit = errors_in(len(key))
        errors: dict[str, int] = {}
        for start in ("^" + key[0], key[-_TAIL:]):
            if 1 in errors.values():
                break
            choices = self._choices(start, key, limit)
            if choices:
                near = process.extract(key, choices, scorer=OSA.distance, score_cutoff=limit, limit=None)
                errors |= {name: int(count) for name, count, _ in near}
        fewest = min(errors.values(), default=0)
        return sorted(name for name, count in errors.items() if count <= fewest + 1)


class Lexicon:
    """The areas, made when they are first asked for."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._by_state: dict[str, dict[str, set[str]]] = {}
        self._areas: dict[tuple[str, str], Area] = {}

    def area(self, economy: str, admin1: str = "") -> Area:
        """Return an economy, or one of its states by GeoNames code."""
        where = economy, admin1
        if where not in self._areas:
            keys = self._states(economy).get(admin1, set()) if admin1 else self._keys(economy)
            self._areas[where] = Area(keys, economy)
        return self._areas[where]

    def _keys(self, economy: str) -> set[str]:
        """Return the keys of an economy that are long enough and no derivation of ours."""
        keys, number, economies = self._rows
        return {keys[n] for n in np.unique(number[economies == economy]).tolist()} | self._more.get(economy, set())

    @cached_property
    def _rows(self) -> tuple[list[str], NDArray[np.int64], NDArray[np.str_]]:
        """Return all keys; and, per place of one that is long enough, the number of its key, and its economy."""
        names = self._names.names
        keys = list(names.number)
        number = np.repeat(np.arange(len(keys)), np.diff(np.asarray(names.first)))
        long = np.fromiter(map(len, keys), np.int64, len(keys)) >= SHORTEST
        eligible = long[number] & (np.asarray(names.kind) <= NEARBY)
        return keys, number[eligible], np.array(self._names.ground.economy)[np.asarray(names.place)[eligible]]

    @cached_property
    def _more(self) -> dict[str, set[str]]:
        """Return the keys that a register adds to an economy."""
        by_economy: dict[str, set[str]] = defaultdict(set)
        for key, rows in self._names.ground.more.items():
            if len(key) >= SHORTEST:
                for row, _ in rows:
                    by_economy[self._names.ground.economy[row]].add(key)
        return by_economy

    def _states(self, economy: str) -> dict[str, set[str]]:
        if economy not in self._by_state:
            ground, by_state = self._names.ground, defaultdict(set)
            for key in self._keys(economy):
                for row, kind in self._names.rows(key):
                    if kind <= NEARBY and ground.economy[row] == economy:
                        by_state[ground.admin1[row]].add(key)
            self._by_state[economy] = by_state
        return self._by_state[economy]
