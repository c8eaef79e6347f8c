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
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from hubrank.geocoders.gazetteer import NEARBY
from hubrank.geocoders.placenames import Found, PlaceNames, Where
from hubrank.geocoders.sound import sound, without_kind

_PER_TENFOLD = 1.5  # percent that ten times the inhabitants are worth
_OUTSIDE = 8.0  # percent that lying outside the stated region costs
_STRETCH = 0.9  # 100 - 0.9 × (100 - alike): 86.7 reads 88
_SHORTEST = 4  # letters: shorter names are one error from too many others
_TAIL = 4
_CUT = 6  # letters that are enough of a name cut short
_SURE = 90.0  # percent that another romanisation, or a name cut short, is alike at least


Bucket = tuple[list[str], list[int]]  # keys, shortest first, and how long they are


def _errors(length: int) -> int:
    """Return how many typing errors a name of so many letters may hold."""
    return 1 if length < 5 else 2 if length < 9 else 3


class Misspellings:
    """The names of the gazetteer by country, ready to be compared."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names
        self._keys: dict[str, set[str]] = {}
        self._buckets: dict[str, dict[str, Bucket]] = {}
        self._sorted: dict[str, list[str]] = {}

    def _of(self, economy: str) -> dict[str, Bucket]:
        """Return the keys of an economy by what they share: a beginning ("^b") or an ending ("burg")."""
        if not self._keys:
            self._keys = self._by_economy()
        if economy not in self._buckets:
            found: dict[str, list[str]] = defaultdict(list)
            for key in sorted(self._keys.get(economy, ()), key=lambda name: (len(name), name)):
                found["^" + key[0]].append(key)
                found[key[-_TAIL:]].append(key)
                if heard := sound(key, economy):
                    found["~" + heard].append(key)
            self._buckets[economy] = {start: (keys, [len(key) for key in keys]) for start, keys in found.items()}
        return self._buckets[economy]

    def _by_economy(self) -> dict[str, set[str]]:
        """Return the keys of each economy that are long enough and no derivation of ours."""
        known, economy = self._names.names, self._names.ground.economy
        found: dict[str, set[str]] = defaultdict(set)
        for key, at in known.number.items():
            if len(key) >= _SHORTEST:
                for n in range(known.first[at], known.first[at + 1]):
                    if known.kind[n] <= NEARBY:
                        found[economy[known.place[n]]].add(key)
        for key, rows in self._names.ground.more.items():
            for row, _ in rows:
                found[economy[row]].add(key)
        return found

    def find(self, key: str, where: Where, min_score: int) -> Found | None:
        """Return the likeliest place that a key was meant to name, or None where none is alike enough."""
        if len(key) < _SHORTEST or not where.economies:
            return None
        economy = where.economies[0]
        bare = without_kind(key, economy)
        names = dict.fromkeys([*self._alike_sounding(bare, economy), *self._longer(key, where)], True)
        names |= {name: names.get(name, False) for name in self._near(key, economy)}
        scored = [
            found
            for name, sure in names.items()
            if (found := self._scored(bare if sure else key, name, where, sure=sure))
        ]
        best = max(scored, key=lambda found: (found.score, -found.row), default=None)
        return best if best and best.score >= min_score else None

    def _alike_sounding(self, key: str, economy: str) -> list[str]:
        """Return the names that are another romanisation of a key."""
        heard = sound(key, economy)
        return self._of(economy)["~" + heard][0] if heard and "~" + heard in self._of(economy) else []

    def _longer(self, key: str, where: Where) -> list[str]:
        """Return the names in the stated region that a cut one begins: Port Jefferson Stati, Longboat."""
        if not where.regions or len(key) < _CUT:
            return []
        if where.economies[0] not in self._sorted:
            self._of(where.economies[0])
            self._sorted[where.economies[0]] = sorted(self._keys.get(where.economies[0], ()))
        names = self._sorted[where.economies[0]]
        begun = names[bisect_left(names, key) : bisect_left(names, key + "{")]
        return [name for name in begun if (found := self._names.exact(name, where)) and not found.outside]

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

    def _scored(self, key: str, name: str, where: Where, *, sure: bool) -> Found | None:
        found = self._names.exact(name, where)
        if found is None:
            return None
        alike = 50 * JaroWinkler.normalized_similarity(key, name) + fuzz.ratio(key, name) / 2
        alike = max(alike, _SURE) if sure else alike
        alike += _PER_TENFOLD * (math.log10(self._names.people(found.row) + 300) - 4)
        alike -= _OUTSIDE * found.outside
        score = round(min(99.0, 100 - _STRETCH * (100 - alike)))
        return Found(found.row, score, "misspelt name", found.outside)
