"""The place that a misspelt name most likely means: within one country, and only where it is alike enough.

Candidates begin with the same letter or end in the same four, and are at most three typing errors away (optimal string
alignment). Alike in percent is the mean of Jaro-Winkler and indel similarity, raised for large places and lowered for
those outside the stated region; then stretched so that 88 is where nine of ten answers were right on half of a list of
real misspellings (bench/README.md).
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from hubrank.geocoders.gazetteer import NEARBY
from hubrank.geocoders.placenames import Found, PlaceNames, Where

_PER_TENFOLD = 1.5  # percent that ten times the inhabitants are worth
_OUTSIDE = 8.0  # percent that lying outside the stated region costs
_STRETCH = 0.6  # 100 - 0.6 × (100 - alike): 80 reads 88
_SHORTEST = 4  # letters: shorter names are one error from too many others
_TAIL = 4


Bucket = tuple[list[str], list[int]]  # keys, shortest first, and how long they are


def _errors(length: int) -> int:
    """Return how many typing errors a name of so many letters may hold."""
    return 1 if length < 5 else 2 if length < 9 else 3


class Misspellings:
    """The names of the gazetteer by country, ready to be compared."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._keys: dict[str, NDArray[np.object_]] = {}
        self._buckets: dict[str, dict[str, Bucket]] = {}

    def _of(self, economy: str) -> dict[str, Bucket]:
        """Return the keys of an economy by what they share: a beginning ("^b") or an ending ("burg")."""
        if not self._keys:
            self._keys = self._by_economy()
        if economy not in self._buckets:
            found: dict[str, list[str]] = defaultdict(list)
            for key in sorted(self._keys.get(economy, ()), key=len):
                found["^" + key[0]].append(key)
                found[key[-_TAIL:]].append(key)
            self._buckets[economy] = {start: (keys, [len(key) for key in keys]) for start, keys in found.items()}
        return self._buckets[economy]

    def _by_economy(self) -> dict[str, NDArray[np.object_]]:
        known = self._names.names
        kind = np.frombuffer(known.kind, np.int8)
        names, economy = np.unique(np.array(self._names.places.economy), return_inverse=True)
        keys = np.array(list(known.number), object)
        key = np.repeat(np.arange(len(keys)), np.diff(np.frombuffer(known.first, np.int64)))
        good = kind <= NEARBY
        pairs = np.unique(economy[np.frombuffer(known.place, np.int32)[good]].astype(np.int64) * len(keys) + key[good])
        cuts = np.searchsorted(pairs, np.arange(len(names) + 1) * len(keys))
        spans = zip(names, cuts[:-1], cuts[1:], strict=True)
        return {str(name): self._long(keys[pairs[a:b] % len(keys)]) for name, a, b in spans}

    @staticmethod
    def _long(keys: NDArray[np.object_]) -> NDArray[np.object_]:
        return keys[[len(key) >= _SHORTEST for key in keys]]

    def find(self, key: str, where: Where, min_score: int) -> Found | None:
        """Return the likeliest place that a key was meant to name, or None where none is alike enough."""
        if len(key) < _SHORTEST or not where.economies:
            return None
        scored = [found for name in self._near(key, where.economies[0]) if (found := self._scored(key, name, where))]
        best = max(scored, key=lambda found: (found.score, -found.row), default=None)
        return best if best and best.score >= min_score else None

    def _near(self, key: str, economy: str) -> list[str]:
        """Return the names with the fewest typing errors, and those with one more."""
        buckets, limit = self._of(economy), _errors(len(key))
        errors: dict[str, int] = {}
        for start in ("^" + key[0], key[-_TAIL:]):
            keys, lengths = buckets.get(start, ((), ()))
            choices = keys[bisect_left(lengths, len(key) - limit) : bisect_right(lengths, len(key) + limit)]
            if choices:
                row = process.cdist([key], choices, scorer=OSA.distance, score_cutoff=limit, dtype=np.uint8)[0]
                errors |= {choices[at]: int(row[at]) for at in np.flatnonzero(row <= limit)}
        fewest = min(errors.values(), default=0)
        return sorted(name for name, count in errors.items() if count <= fewest + 1)

    def _scored(self, key: str, name: str, where: Where) -> Found | None:
        found = self._names.exact(name, where)
        if found is None:
            return None
        alike = 50 * JaroWinkler.normalized_similarity(key, name) + fuzz.ratio(key, name) / 2
        alike += _PER_TENFOLD * (math.log10(self._names.people(found.row) + 300) - 4)
        if where.regions and not self._names.inside(found.row, where):
            alike -= _OUTSIDE
        return Found(found.row, round(min(99.0, 100 - _STRETCH * (100 - alike))), "misspelt name")
