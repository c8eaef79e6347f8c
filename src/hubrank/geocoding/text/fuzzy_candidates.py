"""The names of the gazetteer by country and state, and those among them that are near a misspelt one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.geocoding.gazetteer.gazetteer import NEARBY
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.text.romanisation import phonetic_key

SHORTEST = 4  # letters: shorter names are one error from too many others
_TAIL = 4
_KINDS = ("district", "county", "banner")  # names with these words are alike by them: Baota District, Yanta District

_FEW = 40  # names: comparing so few takes less time than filtering them by their letters first
_LETTERS, _OTHERS = 26, 12  # bits of a mask: each letter, each letter again, what is no letter
_ALL_LETTERS = (1 << _LETTERS) - 1
_BIT = {chr(n): 1 << (n - 97 if 97 <= n < 123 else 2 * _LETTERS + n % _OTHERS) for n in range(128)}
_BITS = np.array([*_BIT.values()], np.uint64)

Masks = NDArray[np.uint64]


def errors_in(length: int) -> int:
    """Return how many typing errors a name of so many letters may hold."""
    return 1 if length < 5 else 2 if length < 9 else 3


def _size(name: str) -> tuple[int, str]:
    return len(name), name


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


def letters_of(names: list[str]) -> Masks:
    """Return the letters of many names at once."""
    lengths = np.fromiter(map(len, names), np.int64, len(names))
    codes = np.frombuffer("".join(names).encode("ascii"), np.uint8)
    once = np.bitwise_or.reduceat(_BITS[codes], np.cumsum(lengths) - lengths)
    pairs = np.sort((np.arange(len(names)) << 7).repeat(lengths) + codes)
    twice = pairs[1:][pairs[1:] == pairs[:-1]]
    again = np.zeros(len(names), np.uint64)
    np.bitwise_or.at(again, twice >> 7, _BITS[twice & 127] & np.uint64(_ALL_LETTERS))
    return np.asarray(once | again << np.uint64(_LETTERS))


def _is_comparable(name: str) -> bool:
    return len(name) >= SHORTEST and name.isascii()


class Bucket:
    """Names with something in common, to compare a misspelt one with; put in order at the first comparison."""

    def __init__(self, names: list[str]) -> None:
        self._unsorted = names

    @cached_property
    def _names(self) -> NDArray[np.object_]:
        """The names by length: an array, of which a mask takes some sooner than a loop."""
        return np.array(sorted(self._unsorted, key=len), object)

    @cached_property
    def _first(self) -> list[int]:
        """The number of the first name with so many letters or more, for each length up to one past the longest."""
        lengths = [len(name) for name in self._names.tolist()]
        return np.searchsorted(lengths, np.arange(max(lengths, default=0) + 2)).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _masks(self) -> Masks:
        return letters_of(self._names.tolist())

    def choices(self, key: str, limit: int) -> list[str]:
        """Return the names that may be so many errors away: by their lengths, and by their letters."""
        past, length = len(self._first) - 1, len(key)
        first, end = self._first[min(max(length - limit, 0), past)], self._first[min(length + limit + 1, past)]
        names = self._names[first:end]
        if end - first > _FEW:  # an error changes two bits of a mask at most
            names = names[np.bitwise_count(self._masks[first:end] ^ np.uint64(letters(key))) <= 2 * limit]
        return names.tolist()  # type: ignore[no-any-return]


class Area:
    """The keys of an economy, or of one of its states."""

    def __init__(self, keys: Iterable[str], economy: str) -> None:
        self._names = sorted(set(keys))
        self._economy = economy
        self._buckets: dict[str, Bucket] = {}

    def same_sound(self, key: str) -> list[str]:
        """Return the names that are another romanisation of a key."""
        phonetic = phonetic_key(key, self._economy)
        return self._by_sound.get(phonetic, []) if phonetic else []

    def longer_names(self, key: str) -> list[str]:
        """Return the names that a cut one begins: Port Jefferson Stati, Longboat."""
        return self._names[bisect_left(self._names, key) : bisect_left(self._names, key + "{")]

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._names, key=_size):
            if phonetic := phonetic_key(name, self._economy):
                groups[phonetic].append(name)
        return groups

    @cached_property
    def _ends(self) -> tuple[NDArray[np.bytes_], NDArray[np.int32]]:
        """Return the last four letters of the names in order, and the numbers of these names.

        Arrays, as lists by ending take ten times the memory: 40 MB for the countries of 20,000 texts.
        """
        ends = np.array([name[-_TAIL:] for name in self._names], np.bytes_)
        order = np.argsort(ends, kind="stable")
        return ends[order], order.astype(np.int32)

    def _ending_in(self, end: str) -> list[str]:
        ends, numbers = self._ends
        letters = end.encode("ascii", "replace")
        first, last = (int(np.searchsorted(ends, letters, side)) for side in ("left", "right"))
        return [self._names[number] for number in numbers[first:last].tolist()]

    def _bucket(self, start: str) -> Bucket:
        """Return the names that begin with "^" and a letter, or end in four; made when first asked for."""
        bucket = self._buckets.get(start)
        if bucket is None:
            bucket = Bucket(self.longer_names(start[1:]) if start[0] == "^" else self._ending_in(start))
            self._buckets[start] = bucket
        return bucket

    def near(self, key: str) -> list[str]:
        """Return the names with the fewest typing errors, and those with one more.

        They begin with the same letter; where none of these is one error away, those that end in the same four too.
        """
        limit = errors_in(len(key))
        errors: dict[str, int] = {}
        for start in ("^" + key[0], key[-_TAIL:]):
            if 1 in errors.values():
                break
            choices = self._bucket(start).choices(key, limit)
            if choices:
                near = process.extract(key, choices, scorer=OSA.distance, score_cutoff=limit, limit=None)
                errors |= {name: int(count) for name, count, _ in near}
        fewest = min(errors.values(), default=0)
        return sorted(name for name, count in errors.items() if count <= fewest + 1)


class Lexicon:
    """The areas of the world, each made at its first use."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._states: dict[str, dict[str, list[str]]] = {}  # a set of texts takes six times the memory
        self._areas: dict[tuple[str, str], Area] = {}

    def area(self, economy: str, admin1: str = "") -> Area:
        """Return an economy, or one of its states by GeoNames code."""
        where = economy, admin1
        if where not in self._areas:
            if economy not in self._states:
                self._states[economy] = self._by_state(economy)
            states = self._states[economy]
            keys = states.get(admin1, ()) if admin1 else chain.from_iterable(states.values())
            self._areas[where] = Area(keys, economy)
        return self._areas[where]

    def _by_state(self, economy: str) -> dict[str, list[str]]:
        """Return the keys of each state of an economy that are long enough and no derivation of ours."""
        table, by_state = self._names.table, defaultdict(list)
        numbers, rows = self._rows
        first, end = self._spans.get(economy, (0, 0))
        for number, row in zip(numbers[first:end].tolist(), rows[first:end].tolist(), strict=True):
            key = self._names.names.number.restore_key(number)
            if _is_comparable(key) and not key.endswith(_KINDS):
                by_state[table.admin1[row]].append(key)
        for key, row in self._register_keys.get(economy, ()):
            by_state[table.admin1[row]].append(key)
        return by_state

    @cached_property
    def _rows(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the number of each key and the rows of its places, by economy."""
        names, economy = self._names.names, np.array(self._names.table.economy)
        number = np.repeat(np.arange(len(names.number), dtype=np.int32), np.diff(np.asarray(names.first)))
        is_no_derivation = np.asarray(names.kind) <= NEARBY
        number, row = number[is_no_derivation], np.asarray(names.place, np.int32)[is_no_derivation]
        order = np.argsort(economy[row], kind="stable")
        return number[order], row[order]

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """Return the first row of each economy, and one past its last."""
        economies, first = np.unique(np.array(self._names.table.economy)[self._rows[1]], return_index=True)
        ends = [*first[1:].tolist(), len(self._rows[1])]
        return dict(zip(economies.tolist(), zip(first.tolist(), ends, strict=True), strict=True))

    @cached_property
    def _register_keys(self) -> dict[str, list[tuple[str, int]]]:
        """Return the keys that a register adds to an economy, each with its places."""
        by_economy: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for key, rows in self._names.table.more.items():
            if _is_comparable(key):
                for row, _ in rows:
                    by_economy[self._names.table.economy[row]].append((key, row))
        return by_economy
