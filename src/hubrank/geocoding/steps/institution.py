"""The step `institution`: the id, or the name in an affiliation, of a registered organisation (ROR, OpenAlex)."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import OSA

from hubrank.geocoding import answers
from hubrank.geocoding.answers import UNKNOWN, Answer
from hubrank.geocoding.gazetteer.organisations import ACRONYM, GENERIC, LABEL, LONG_WORD, Organisations, words
from hubrank.geocoding.gazetteer.registers import bare_id
from hubrank.geocoding.text.affiliations import Affiliation, Reader
from hubrank.geocoding.text.normalise import key

_FILED = {"CN": ("HK", "MO"), "US": ("PR",), "GB": ("GG", "JE", "IM")}  # whose organisations sources put there
_TELLING = 3  # words of a name that is believed in spite of the country
_SHORTEST = 5  # letters of a word that stands for a university
_DOUBTED = 70  # percent
_LONGEST = 12  # words of a name that are looked for in a long affiliation
_SAME2_E7 = 1_500_000**2  # squared 0.15 degree: organisations this near are one place


def _windows(tokens: list[str], reach: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield spans of words that may be a name."""
    spans = []
    for start in range(len(tokens)):
        pair = " ".join(tokens[start : start + 2])
        longest = max(reach.get(pair, 0), 1 if tokens[start] in reach else 0)
        spans += [(start, start + size) for size in range(1, min(longest, _LONGEST, len(tokens) - start) + 1)]
    return iter(spans)


@lru_cache(65536)
def _mended(word: str, choices: tuple[str, ...]) -> str:
    at = bisect_left(choices, word)
    if at < len(choices) and choices[at] == word:
        return word
    limit = 1 if len(word) < 9 else 2
    errors = process.cdist([word], choices, scorer=OSA.distance, score_cutoff=limit, dtype=np.uint8)[0]
    best = errors.min(initial=limit + 1)
    near = np.flatnonzero(errors == best)
    return choices[near[0]] if best <= limit and len(near) == 1 else word


def _spans(parts: list[list[str]]) -> dict[tuple[int, int], int]:
    """Return which words make up each segment that has words, and its number."""
    found, start = {}, 0
    for number, part in enumerate(parts):
        if part:
            found[start, start + len(part)] = number
        start += len(part)
    return found


def _after(segments: dict[tuple[int, int], int], end: int) -> range:
    """Return the numbers of the segments that begin where some words end, or later."""
    numbers = [number for (start, _), number in segments.items() if start >= end]
    return range(min(numbers), max(numbers) + 1) if numbers else range(0)


class InstitutionStep:
    """Locates organisations by id, name, alias, or acronym and country."""

    name = "institution"

    def __init__(self, known: Organisations, reader: Reader) -> None:
        self._known = known
        self._reader = reader

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return where the organisations are; nulls where none is named or a name could mean several places."""
        columns = [addresses[c].to_pylist() for c in ("institution_id", "institution", "address", "city", "country")]
        return answers.collected(self._one(*row) for row in zip(*columns, strict=True))

    def _one(
        self, number: str | None, institution: str | None, address: str | None, city: str | None, country: str | None
    ) -> Answer:
        if number and (row := self._known.by_id.get(bare_id(number))) is not None:
            return self._answer(row, "institution id", 100)
        for text in (institution, address):
            if text and (found := self.find(text, country or "", city or "")):
                return found
        return UNKNOWN

    def _answer(self, row: int, method: str, score: int) -> Answer:
        known = self._known
        where = known.lat_e7[row], known.lon_e7[row]
        return Answer(*where, "institution", method, score, known.geonames_id[row] or None, known.economy[row] or None)

    def find(self, text: str, country: str = "", city: str = "") -> Answer | None:
        """Return the organisation named in an affiliation: the longest name of which the place is not in doubt."""
        said = self._reader.read(text, country)
        parts = [words(segment) for segment in said.segments]
        around = {key(segment) for segment in (*said.segments, city)} | {"".join(part[-1:]) for part in parts}
        found = self._spelt(parts, said, around)
        if found or not parts:
            return found
        mended = [[self._mended(word) for word in part] for part in parts]
        return (self._spelt(mended, said, around) if mended != parts else None) or self._abroad(parts, said, around)

    def _spelt(self, parts: list[list[str]], said: Affiliation, around: set[str]) -> Answer | None:
        """Return the organisation of the longest name, over a comma if need be: University of California, Davis.

        Of names as long as each other those that are a whole segment come first: Institute of Geodesy and
        Geoinformation, University of Bonn.
        """
        tokens = [word for part in parts for word in part]
        segments = _spans(parts)
        for start, end in sorted(
            {*_windows(tokens, self._known.reach), *segments},
            key=lambda span: (span[0] - span[1], span not in segments, span[0]),
        ):
            name, whole = tokens[start:end], (start, end) in segments
            if (len(name) > 1 or whole) and not GENERIC.issuperset(name):
                found = self._named(" ".join(name), said, around, whole=whole)
                if found and not self._contradicted(found, said, _after(segments, end)):
                    return found
        return self._company(parts, said, around) or self._university(parts, said, around)

    def _contradicted(self, found: Answer, said: Affiliation, following: range) -> bool:
        """Say whether a city named after an organisation lies elsewhere: a branch, or another one of its name."""
        where = [self._reader.city(said.segments[at], said) for at in following]
        return any(where) and not any(place and place.near(found) for place in where)

    def _mended(self, word: str) -> str:
        """Return the word of the registers that a misspelt one is one typing error away from, else the word."""
        return _mended(word, tuple(self._known.vocabulary.get(word[:1], ()))) if len(word) >= LONG_WORD else word

    def _abroad(self, parts: list[list[str]], said: Affiliation, around: set[str]) -> Answer | None:
        """Return the one organisation of a longer name, though the text puts it in another country."""
        nowhere = Affiliation(said.segments, "", ())
        for part in sorted(parts, key=len, reverse=True) if said.economy else ():
            if len(part) >= _TELLING:
                found = self._named(" ".join(part), nowhere, around, whole=True)
                if found and found.economy != said.economy:  # one at home was contradicted by a city
                    return found._replace(geocoding_confidence_pct=_DOUBTED)
        return None

    def _university(self, parts: list[list[str]], said: Affiliation, around: set[str]) -> Answer | None:
        """Return the university that opens a segment by its first word alone: `Harvard Visual Computing Group`."""
        for part in parts:
            if part and len(part[0]) >= _SHORTEST and part[0] not in GENERIC:
                found = self._named(f"{part[0]} university", said, around, whole=False)
                if found and found.geocoding_method:
                    return found._replace(geocoding_confidence_pct=_DOUBTED)
        return None

    def _named(self, name: str, said: Affiliation, around: set[str], *, whole: bool) -> Answer | None:
        known = self._known
        found = known.named(name) or known.named(known.by_set.get(" ".join(sorted(name.split())), ""))
        if not whole:
            found = [(row, kind) for row, kind in found if kind != ACRONYM]
        if said.economy:
            home = {said.economy, *_FILED.get(said.economy, ())}
            found = [(row, kind) for row, kind in found if known.economy[row] in home]
        elif len(name) < 4:
            return None
        best = [row for row, kind in found if kind == min(k for _, k in found)]
        nearby = [row for row, _ in found if key(known.city[row]) in around]
        rows = nearby or best
        if len(rows) > 1 and not self._one_place(rows):
            rows = [row for row in rows if known.head[row]] or rows
        if not rows or not self._one_place(rows):
            return None
        sure = 95 if said.economy or nearby else 85
        label = any(row == rows[0] and kind == LABEL for row, kind in found)
        return self._answer(rows[0], "institution name", sure if label else sure - 5)

    def _company(self, parts: list[list[str]], said: Affiliation, around: set[str]) -> Answer | None:
        """Return the company whose one-word name opens the text: `Google Brain`, `Bosch Research`."""
        if not parts or not parts[0] or parts[0][0] in GENERIC:
            return None
        found = [(row, kind) for row, kind in self._known.named(parts[0][0]) if self._known.company[row]]
        if not found:
            return None
        return self._named(parts[0][0], said, around, whole=False)

    def _one_place(self, rows: list[int]) -> bool:
        lat, lon = self._known.lat_e7, self._known.lon_e7
        first = rows[0]
        return all((lat[r] - lat[first]) ** 2 + (lon[r] - lon[first]) ** 2 <= _SAME2_E7 for r in rows)
