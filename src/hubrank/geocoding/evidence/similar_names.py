"""Names of organisations that share words with a text which has none of them in whole: Ruhr University, TIIAME.

A word weighs as much as it is rare in the registers (Spärck Jones, 1972): `university` next to nothing, `Teerthanker`
much. Of a name the words of its organisation's city may be missing: `Ruhr University` is Bochum's.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache, reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.sphere import Floats
from hubrank.geocoding.cache import packed
from hubrank.geocoding.evidence.likeness import LIKE, Similar
from hubrank.geocoding.evidence.longer_names import LongerNames
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.organisations import ACRONYM, SAME2_E7, Organisations
from hubrank.geocoding.text.organisation_words import GENERIC, words

_RAREST, _MORE, _LONGEST_RUN = 4, 4, 600  # words that are looked up, and that are counted too; names that have a word
_LOOKED_AT, _MOST = 24, 6  # names that are compared in whole; names that are returned
_MANY = 10  # names: their shares can be believed
NO_ORGANISATION = "no organisation is called so"
_LEAST = 0.4  # of the weight of a text and of a name that they must share
_OF_ONE_COUNTRY, _FEWEST = 0.8, 10  # share of the names with a word that one country has; names that have it
_ALMOST = 1 - 1e-9  # sums of the same weights in another order differ by less

Token = int | str  # the number of a word of the register, another word as it is


class SimilarNames:
    """Looks names up by some of their words."""

    def __init__(self, register: Organisations) -> None:
        self._register = register
        self._keys = list(register.by_words)
        self.longer = LongerNames(register, self._keys)
        parts = pc.split_pattern(pa.array(self._keys, pa.string()), " ")
        encoded = parts.flatten().dictionary_encode()
        number = encoded.indices.to_numpy()
        order = np.argsort(number, kind="stable")
        self._words, self._ends = packed("i", number), packed("i", parts.offsets.to_numpy())  # of the names, in order
        self._names = pc.list_parent_indices(parts).to_numpy()[order].astype(np.int32)
        first = np.searchsorted(number[order], np.arange(len(encoded.dictionary) + 1))
        self._first = array("i", first.astype(np.int32).tobytes())
        self._number = {word: at for at, word in enumerate(encoded.dictionary.to_pylist())}
        self._general = frozenset(map(self._token, GENERIC))
        runs = np.diff(first)
        self._unseen = float(np.log(len(self._keys) + 1))
        weight = self._unseen - np.log(runs)
        self._weight = array("d", weight.tobytes())
        self._total = np.bincount(self._names, np.repeat(weight, runs), len(self._keys))
        self._seats_by_words = lru_cache(4096)(self._seats_of_names)
        self.share_at_place = lru_cache(16384)(self._share_at_place)
        self.most_similar = lru_cache(4096)(self._most_similar)

    def words(self) -> Iterable[str]:
        """Return all words of names."""
        return self._number

    def count(self, word: str) -> int:
        """Return in how many names a word stands."""
        at = self._number.get(word)
        return 0 if at is None else self._first[at + 1] - self._first[at]

    def count_both(self, word: str, other: str) -> int:
        """Return in how many names two words stand."""
        first, second = self._number.get(word), self._number.get(other)
        if first is None or second is None:
            return 0
        return len(np.intersect1d(self._names_with(first), self._names_with(second)))

    def rows(self, tokens: tuple[str, ...], may_be_meant: Callable[[int], bool]) -> list[tuple[int, list[str]]]:
        """Return the organisations, one a place, whose names are most similar to some words, with their features."""
        register = self._register
        places: list[tuple[int, Similar]] = []
        for match in self.most_similar(tokens):
            for row, kind in register.named(match.key):
                if (
                    kind != ACRONYM
                    and may_be_meant(row)
                    and not any(self._register.is_same_place(row, other) for other, _ in places)
                ):
                    places.append((row, match))
        rows = [row for row, _ in places]
        likeness = [match.likeness for _, match in places[:2]]
        return [(row, self._features(row, match, tokens, match.margin(likeness), rows)) for row, match in places]

    def _features(self, row: int, match: Similar, tokens: tuple[str, ...], margin: str, rows: list[int]) -> list[str]:
        notes = [*match.notes(margin), self.names_among(row, rows)]
        if not set(tokens).isdisjoint(_city_words(self._register.city[row])):
            notes.append("its city in the text")
        return [f"{LIKE}, {note}" for note in notes]

    @cached_property
    def _name_count(self) -> Counter[int]:
        """How many names each organisation has: the better known has more."""
        return Counter(self._register.row)

    @cached_property
    def country_of_word(self) -> dict[str, str]:
        """The country that has most names with a word, where it has four fifths of ten and more: Indian, CNRS."""
        register = self._register
        firsts = np.asarray(register.row)[np.asarray(register.first)[:-1]]
        codes, economy = np.unique(np.asarray(register.economy)[firsts], return_inverse=True)
        of_name = np.repeat(economy, np.diff(self._ends))
        pairs, counts = np.unique(np.asarray(self._words, np.int64) * len(codes) + of_name, return_counts=True)
        word, code = np.divmod(pairs, len(codes))
        total = np.bincount(word, counts)[word]
        telling = (total >= _FEWEST) & (counts >= _OF_ONE_COUNTRY * total)
        country_of = dict(zip(word[telling].tolist(), codes[code[telling]].tolist(), strict=True))
        return {word: country for word, at in self._number.items() if (country := country_of.get(at))}

    def names_among(self, row: int, rows: list[int]) -> str:
        """Return how many names an organisation has among others that a text may mean."""
        most = max((self._name_count[other] for other in rows if other != row), default=0)
        count = self._name_count[row]
        steps = (
            (most == 0, "no other"),
            (count >= 2 * most, "twice as many names"),
            (count > most, "most names"),
            (count == most, "as many names"),
            (2 * count > most, "fewer names"),
        )
        return next((note for holds, note in steps if holds), "half as many names")

    @cached_property
    def _seats(self) -> NDArray[np.int64]:
        """Return latitude and longitude (1e-7 degree) of the first organisation of each name."""
        rows = np.asarray(self._register.row)[np.asarray(self._register.first)[:-1]]
        return np.array([self._register.lat_e7, self._register.lon_e7], np.int64)[:, rows]

    def _share_at_place(self, phrase: str, lat_e7: int, lon_e7: int) -> str:
        """Return which share of the names that have some words is of organisations at a place."""
        seats = self._seats_by_words(phrase)
        if seats is None:
            return NO_ORGANISATION
        lat, lon = seats[0] - lat_e7, seats[1] - lon_e7
        share = np.count_nonzero(lat * lat + lon * lon <= SAME2_E7) / len(lat)
        count = "many" if len(lat) >= _MANY else "few"
        part = "most" if share >= 0.6 else "half" if share >= 0.3 else "some" if share >= 0.1 else "hardly any"
        return f"of {count} organisations called so {part} are there"

    def _seats_of_names(self, phrase: str) -> NDArray[np.int64] | None:
        """Return the seats of the names that have all of some words, None where none has."""
        numbers = [self._number.get(word) for word in words(phrase)]
        if not numbers or None in numbers:
            return None
        names = reduce(np.intersect1d, [self._names_with(at) for at in numbers if at is not None])
        return self._seats[:, names] if len(names) else None

    def _token(self, word: str) -> Token:
        return self._number.get(word, word)

    def _weight_of(self, many: Iterable[Token]) -> float:
        """Return the sum of the weights of some words."""
        weight, unseen = self._weight, self._unseen
        return sum([unseen if isinstance(at, str) else weight[at] for at in many])

    def _most_similar(self, words_of_text: tuple[str, ...]) -> list[Similar]:
        """Return the names most similar to some words, at most six, the most similar first."""
        text = dict.fromkeys(map(self._token, words_of_text))
        first, total = self._first, self._weight_of(text)
        runs = sorted([(first[at + 1] - first[at], at) for at in text if not isinstance(at, str)])
        names, shared = self._names_sharing(runs, _ALMOST * _LEAST * total)
        order = np.lexsort((names, self._total[names], -shared))
        likest = [match for n in names[order[:_LOOKED_AT]].tolist() if (match := self._shares(n, text, total))]
        likest.sort()
        return [self._similar_name(n, name, text, shares, rest) for _, name, n, shares, rest in likest[:_MOST]]

    def _names_sharing(self, runs: list[tuple[int, int]], least: float) -> tuple[NDArray[np.int32], Floats]:
        """Return the names that have some of the rarest words, and the weight of those that they have.

        runs : how many names have each word, and the word, the rarest first; least : the weight that they must share.
        """
        rare = [at for run, at in runs if run <= _LONGEST_RUN][:_RAREST] or [at for _, at in runs[:2]]
        if not rare:
            return np.empty(0, np.int32), np.empty(0)
        spans = [self._names_with(at) for at in rare]
        weights = np.repeat([self._weight[at] for at in rare], [len(span) for span in spans])
        names, inverse, count = np.unique(np.concatenate(spans), return_inverse=True, return_counts=True)
        shared: Floats = np.bincount(inverse, weights).astype(np.float64, copy=False)
        others = [at for _, at in runs[len(rare) :]]
        may_be = shared >= least - sum(self._weight[at] for at in others)
        if runs[0][0] > _LONGEST_RUN:  # words that many names have: names that have both
            may_be &= count == len(rare)
        names, shared = names[may_be], shared[may_be]
        for at in others[:_MORE]:
            shared[self._contain_word(names, at)] += self._weight[at]
        return names, shared

    def _names_with(self, word: int) -> NDArray[np.int32]:
        """Return the names that have a word, in order."""
        return np.asarray(self._names[self._first[word] : self._first[word + 1]])

    def _contain_word(self, names: NDArray[np.int32], word: int) -> NDArray[np.bool_]:
        """Say which of some names have a word."""
        run = self._names_with(word)
        return np.asarray(run[np.minimum(np.searchsorted(run, names), len(run) - 1)] == names)

    def _words_in(self, name: int) -> dict[int, None]:
        """Return the words of a name, each once."""
        return dict.fromkeys(self._words[self._ends[name] : self._ends[name + 1]])

    def _shares(
        self, number: int, text: dict[Token, None], total: float
    ) -> tuple[float, str, int, tuple[float, float], list[int]] | None:
        """Return minus the likeness of a name, it and its number, both shares, and its words that the text lacks."""
        name_words = self._words_in(number)
        both = [word for word in name_words if word in text]
        weight = self._weight_of(both)
        if weight < _LEAST * total:
            return None
        name = self._keys[number]
        rest = [word for word in name_words if word not in text]
        if rest:
            in_cities = self._city_tokens(name, rest)
            if not in_cities.isdisjoint(rest) and in_cities.union(self._general).issuperset(both):
                return None  # Bahir Dar University shares a part of Dar es Salaam's name, and nothing else
            rest = [word for word in rest if word not in in_cities]
        of_text, of_name = weight / total, weight / (weight + self._weight_of(rest))
        return None if of_name < _LEAST else (-of_text * of_name, name, number, (of_text, of_name), rest)

    def _city_tokens(self, name: str, rest: list[int]) -> set[Token]:
        """Return the words of the cities of the organisations of a name, and those of `rest` that are names of these.

        The city of Indian Institute of Science Bangalore is Bengaluru.
        """
        register = self._register
        rows = [row for row, _ in register.named(name)]
        tokens = {self._token(word) for row in rows for word in _city_words(register.city[row])}
        ids, number_of = {register.geonames_id[row] for row in rows}, gazetteer.places().geonames_id
        others = [(word, at) for word in name.split() if (at := self._number[word]) in rest and at not in self._general]
        of_city = (at for word, at in others if any(number_of[row] in ids for row in gazetteer.rows_named(word)))
        return tokens.union(of_city)

    def _similar_name(
        self, number: int, name: str, text: dict[Token, None], shares: tuple[float, float], rest: list[int]
    ) -> Similar:
        name_words = self._words_in(number)
        both, left = [word for word in name_words if word in text], [word for word in text if word not in name_words]
        in_order = both == [word for word in text if word in name_words]
        opens = list(text) == [*name_words][: len(text)]
        rarest = self._rarest(both), self._rarest(left), self._rarest(rest)
        return Similar(name, *shares, len(both), in_order, *rarest, opens)

    def _rarest(self, many: Iterable[Token]) -> int:
        """Return how many names have the rarest of some words, 1 for an unseen one; 0 where all are general."""
        first, telling = self._first, [at for at in many if at not in self._general]
        return min([1 if isinstance(at, str) else first[at + 1] - first[at] for at in telling], default=0)


@lru_cache(8192)
def _city_words(city: str) -> frozenset[str]:
    return frozenset(words(city))
