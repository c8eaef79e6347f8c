"""The large city that a misspelt name means where no country is stated: no other place has a name so near."""

from collections import defaultdict
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from hubrank.geocoding.gazetteer.gazetteer import ALIAS
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.fuzzy_candidates import Bucket
from hubrank.geocoding.text.slips import is_slip

_LETTERS = 6  # of a name at least
_TOWN = 5_000  # inhabitants of a place that may be meant instead
_TIMES = 10  # the inhabitants of each other place that a like error leads to has the city that is meant
_SURE = 85  # percent that the name means this one of its places


class LargeCities:
    """The names of towns and cities of the world, to be compared with a misspelt one."""

    def __init__(self, names: PlaceNames) -> None:
        self._names = names

    def row(self, key: str) -> int:
        """Return the row of the city of which a name is one error away, -1 where it is none or not the only one."""
        if len(key) < _LETTERS or not (key.isascii() and key.isalpha()):
            return -1
        choices = self._buckets[key[0]].choices(key, 1) if key[0] in self._buckets else []
        near = [name for name in choices if OSA.distance(key, name, score_cutoff=1) <= 1]
        matches = {name: place for name in near if (place := self._names.exact(name, Surroundings()))}
        people = {name: self._names.people(place.row) for name, place in matches.items()}
        slips = [name for name in matches if is_slip(key, name)]
        best = max(slips or matches, key=lambda name: (people[name], name), default="")
        if not best or people[best] < CITY_PEOPLE or matches[best].score < _SURE:
            return -1
        city = matches[best].row
        others = [name for name in matches if matches[name].row != city]
        times = {name: _TIMES if name in slips or not slips else 1 for name in others}
        return city if all(times[name] * people[name] <= people[best] for name in others) else -1

    @cached_property
    def _buckets(self) -> dict[str, Bucket]:
        """The names of towns by their first letter."""
        by_letter: dict[str, list[str]] = defaultdict(list)
        for name in map(self._names.names.number.restore_key, np.flatnonzero(self._of_towns).tolist()):
            if name.isascii() and name:
                by_letter[name[0]].append(name)
        return {letter: Bucket(many) for letter, many in by_letter.items()}

    @cached_property
    def _of_towns(self) -> NDArray[np.bool_]:
        """Say of each name of the gazetteer whether a town or city has it for its own or another of its names."""
        names = self._names.names
        rows, kind = np.asarray(names.place, np.int64), np.asarray(names.kind)
        people = np.where(kind <= ALIAS, np.asarray(self._names.table.people, np.int64)[rows], 0)
        return np.asarray(np.maximum.reduceat(people, np.asarray(names.first)[:-1]) >= _TOWN)
