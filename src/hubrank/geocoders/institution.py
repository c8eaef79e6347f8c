"""The step `institution`: the id, or the name in an affiliation, of a registered organisation (ROR, OpenAlex)."""

from collections.abc import Iterator

import pyarrow as pa

from hubrank import countries
from hubrank.geocoders import answers
from hubrank.geocoders.affiliations import Affiliation, Reader
from hubrank.geocoders.answers import UNKNOWN, Answer
from hubrank.geocoders.organisations import ACRONYM, GENERIC, LABEL, Organisations, words
from hubrank.geocoders.registers import bare_id
from hubrank.geocoders.spelling import key

_LONGEST = 12  # words of a name that are looked for in a long affiliation
_SAME2_E7 = 1_500_000**2  # squared 0.15 degree: organisations this near are one place


def _windows(tokens: list[str], reach: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield spans of words that may be a name, longest first, then from the left."""
    spans = []
    for start in range(len(tokens)):
        pair = " ".join(tokens[start : start + 2])
        longest = max(reach.get(pair, 0), 1 if tokens[start] in reach else 0)
        spans += [(start, start + size) for size in range(1, min(longest, _LONGEST, len(tokens) - start) + 1)]
    return iter(sorted(spans, key=lambda span: (span[0] - span[1], span[0])))


class InstitutionStep:
    """Locates organisations by id, name, alias, or acronym and country."""

    name = "institution"

    def __init__(self, known: Organisations, reader: Reader) -> None:
        self._known = known
        self._reader = reader

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return where the organisations are; nulls where none is named or a name could mean several places."""
        columns = [addresses[c].to_pylist() for c in ("institution_id", "institution", "address", "city", "country")]
        return answers.table([self._one(*row) for row in zip(*columns, strict=True)])

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
        for part in self._whole(parts):
            found = self._named(" ".join(part), said, around, whole=True)
            if found:
                return found
        tokens = [word for part in parts for word in part]
        for start, end in _windows(tokens, self._known.reach):
            name = tokens[start:end]
            if len(name) > 1 and not GENERIC.issuperset(name):
                found = self._named(" ".join(name), said, around, whole=False)
                if found:
                    return found
        return self._company(parts, said, around)

    @staticmethod
    def _whole(parts: list[list[str]]) -> list[list[str]]:
        """Return the segments that may be a name in whole, the longest first."""
        able = [part for part in parts if part and not GENERIC.issuperset(part)]
        return sorted(able, key=len, reverse=True)

    def _named(self, name: str, said: Affiliation, around: set[str], *, whole: bool) -> Answer | None:
        known = self._known
        found = known.named(name) or known.named(known.by_set.get(" ".join(sorted(name.split())), ""))
        if not whole:
            found = [(row, kind) for row, kind in found if kind != ACRONYM]
        if said.economy:
            family = countries.family(said.economy)
            found = [(row, kind) for row, kind in found if known.economy[row] in family]
        elif len(name) < 4:
            return None
        best = [row for row, kind in found if kind == min(k for _, k in found)]
        nearby = [row for row, _ in found if key(known.city[row]) in around]
        rows = nearby or best
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
