"""Which place a name means, from what is stated about its country and region.

A place weighs its inhabitants, less where the name is not its own. Of the places that a name may mean the heaviest is
taken; how much of all their weight it has says how sure that is.
"""

import math
import re
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.geocoding.cache import packed
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, DERIVED, NEARBY, PRIMARY, Names
from hubrank.geocoding.gazetteer.namesakes import of_stated_region
from hubrank.geocoding.gazetteer.place_index import PER_ORGANISATION, SETTLED, PlaceTable
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain

_WEIGHT_OF_KIND = {PRIMARY: 1.0, ALIAS: 0.3, NEARBY: 1.0, DERIVED: 0.05}
_FORMER = {"US": 0.1}  # weight factor of other names where a place has that name: they are former names
_OUTSIDE = 25  # percent less for a place outside the stated region
_CITY = 100_000  # inhabitants of a place whose namesakes among villages are not considered
_ABROAD = 0.2  # weight of a place in an economy that is only filed under the stated one
_SHORTEST_PART = 4  # letters
_SMALLEST_SHARE, _SMALLEST_FIRST = 0.35, 0.28  # of the letters of a name that a part, or its beginning, must have
_SAME2_E7 = 2_000_000**2  # squared fifth of a degree: two entries this near are one town
_SHARED = 3  # villages at one point: two may be one with two names
_NEIGHBOURS, _NEAR_KM, _KM_PER_E7 = 6, 15.0, 111.2 / 1e7
_AROUND_E7, _AT_MOST = 20_000_000, 400  # of latitude in which neighbours are looked for, and how many villages at most
_DIGIT = re.compile(r"\d")
LAND, OPENING = (frozenset(vocabulary.words("place", entry)) for entry in ("land", "opening"))


class PlaceMatch(NamedTuple):
    """A row of the gazetteer and how sure it is, in percent."""

    row: int
    score: int
    outside: bool = False  # of the stated region


class PartMatch(NamedTuple):
    """A place that some words of a name name: its row, and how sure it is (percent).

    before, behind : the words around them.
    """

    row: int
    score: int
    before: str
    behind: str


class PlaceNames:
    """The names of the gazetteer, and of the places that a register adds, with their look-ups."""

    def __init__(self, names: Names, table: PlaceTable) -> None:
        self.names = names
        self.table = table

    @cached_property
    def _longest(self) -> int:
        """The letters of the longest key; few runs need it."""
        return max(map(len, chain(self.names.number, self.table.more)), default=0)

    def is_name(self, name: str) -> bool:
        """Say whether any place has a key."""
        return name in self.names.number or name in self.table.more

    def rows(self, name: str) -> list[tuple[int, int]]:
        """Return row and relation of every place that a key names."""
        more = self.table.more.get(name)
        return self.names.rows(name) + more if more else self.names.rows(name)

    def _weights(self, rows: list[tuple[int, int]], where: Surroundings) -> list[tuple[float, int]]:
        """Return (weight, row) of places, heaviest first, ties by GeoNames id."""
        number, economy = self.table.geonames_id, self.table.economy
        named_so = any(kind == PRIMARY for _, kind in rows)
        weighed = []
        for row, kind in rows:
            weight = self._weight(row, kind, where)
            if named_so and kind == ALIAS:
                weight *= _FORMER.get(economy[row], 1)
            weighed.append((-weight, number[row], row))
        weighed.sort()
        return [(-weight, row) for weight, _, row in weighed]

    def _single_row(self, name: str, economies: tuple[str, ...]) -> int | None:
        """Return the row of the one place of a name in the economies, -1 where there is none, None where several are.

        Four of five names end here, so it makes no lists.
        """
        at = self.names.number.get(name)
        if name in self.table.more:
            return None
        if at is None:
            return -1
        place, economy, only = self.names.place, self.table.economy, -1
        for n in range(self.names.first[at], self.names.first[at + 1]):
            row = place[n]
            if economy[row] in economies:
                if only >= 0:
                    return None
                only = row
        return only

    def rows_named(self, name: str, where: Surroundings) -> list[tuple[int, int]]:
        """Return row and relation of the places that a key names in the economies."""
        rows = self._rows_in(name, where.economies)
        if len(rows) > 1 and where.regions:
            rows = of_stated_region(rows, self.table, where.regions)
        return self._in_county(rows, where) if len(rows) > 1 and len(where.regions) > 1 else rows

    def _rows_in(self, name: str, family: tuple[str, ...]) -> list[tuple[int, int]]:
        """Return row and relation of the places that a key names in some economies, in all where these are none."""
        at, more = self.names.number.get(name), self.table.more.get(name)
        if at is None or more or not family:
            rows = self.rows(name)
            return [pair for pair in rows if self.table.economy[pair[0]] in family] if family else rows
        names, economy = self.names, self.table.economy
        start, end = names.first[at], names.first[at + 1]
        if end - start == 1:  # true of two names in three
            row = names.place[start]
            return [(row, names.kind[start])] if economy[row] in family else []
        pairs = zip(names.place[start:end], names.kind[start:end], strict=True)
        return [pair for pair in pairs if economy[pair[0]] in family]

    def _in_county(self, rows: list[tuple[int, int]], where: Surroundings) -> list[tuple[int, int]]:
        """Return the places of one name that lie in the stated county of a stated state; all where none does.

        Of several the ones to which the fewest other main towns are nearer.
        """
        counties = where.counties()
        in_county = [pair for pair in rows if self.inside(pair[0], counties)]
        if any(self.people(row) >= _CITY and kind != NEARBY for row, kind in in_county):
            in_county = [pair for pair in in_county if pair[1] != NEARBY]
        nearer = [min(county.nearer_main_towns(*self.spot(row)) for county in counties) for row, _ in in_county]
        return [pair for pair, towns in zip(in_county, nearer, strict=True) if towns == min(nearer)] or rows

    def _weight(self, row: int, kind: int, where: Surroundings) -> float:
        people = 0 if kind == NEARBY else self.size(row)
        at_home = not where.economies or self.table.economy[row] == where.economies[0]
        return (people + SETTLED) * _WEIGHT_OF_KIND[kind] * (1 if at_home else _ABROAD)

    def people(self, row: int) -> int:
        """Return how many live in a place."""
        return self.table.people[row]

    def size(self, row: int) -> int:
        """Return the inhabitants of a place, with those that its registered organisations are worth."""
        return self.sizes[row]

    @cached_property
    def sizes(self) -> "array[int]":
        """The same of every place."""
        people, organisations = (np.array(column, np.int64) for column in (self.table.people, self.table.organisations))
        return packed("i", people + PER_ORGANISATION * organisations)

    def spot(self, row: int) -> tuple[int, int]:
        """Return latitude and longitude of a place in 1e-7 degree."""
        return self.table.lat_e7[row], self.table.lon_e7[row]

    def inside(self, row: int, areas: Iterable[Region]) -> bool:
        """Say whether a place lies in one of some regions."""
        table = self.table
        spot = table.economy[row], table.admin1[row], table.lat_e7[row], table.lon_e7[row], table.geonames_id[row]
        for area in areas:  # noqa: SIM110 (three times sooner than any(), for one or two of them)
            if area.contains(*spot):
                return True
        return False

    def _gap2(self, row: int, lat_e7: int, lon_e7: int) -> int:
        """Return a squared gap in units of 1e-7 degree of latitude, coarse but ordered."""
        return (self.table.lat_e7[row] - lat_e7) ** 2 + ((self.table.lon_e7[row] - lon_e7) // 2) ** 2

    def share_near(self, row: int) -> float:
        """Return the share of the places at a village's point that may be within 15 km of it.

        Several villages at one point are put at the middle of their post code. Each is taken to have as much land as a
        square that reaches to its neighbours, so that all of them are in a circle.
        """
        if not self.at_middle[row]:
            return 1.0
        spot = self.spot(row)
        if spot not in self._shares:
            lats, lons = self._village_spots
            first, end = np.searchsorted(lats, np.array((spot[0] - _AROUND_E7 + 1, spot[0] + _AROUND_E7), np.int32))
            lats, lons = lats[first:end], lons[first:end]
            east = (lons - float(spot[1])) * math.cos(math.radians(spot[0] / 1e7))
            gaps = np.hypot(lats - float(spot[0]), east) * _KM_PER_E7
            others = np.unique(np.sort(gaps[gaps > 0])[:_AT_MOST])[:_NEIGHBOURS]
            shared = np.count_nonzero(gaps == 0)
            radius_km = math.sqrt(shared / math.pi) * float(others.mean()) if len(others) else _NEAR_KM
            self._shares[spot] = min(1.0, (_NEAR_KM / radius_km) ** 2)
        return self._shares[spot]

    @cached_property
    def _shares(self) -> dict[tuple[int, int], float]:
        return {}

    @cached_property
    def _village_spots(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return where the villages are (1e-7 degree), by latitude."""
        lats, lons = self._villages
        order = np.argsort(lats, kind="stable")
        return lats[order], lons[order]

    @property
    def _villages(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        span = slice(len(gazetteer.places().name), len(gazetteer.places().name) + gazetteer.village_count())
        lats, lons = (np.array(axis[span], np.int32) for axis in (self.table.lat_e7, self.table.lon_e7))
        return lats, lons

    @cached_property
    def at_middle(self) -> bytearray:
        """For each row 1 where it is a village at one point with two others, else 0; no district of a city is."""
        lats, lons = self._villages
        _, of, counts = np.unique(lats.astype(np.int64) * 2**32 + lons, return_inverse=True, return_counts=True)
        first, rows = len(gazetteer.places().name), len(self.table.people)
        villages = gazetteer.first_municipality() - first
        return bytearray(first) + bytearray(counts[of][:villages] >= _SHARED) + bytearray(rows - first - villages)

    def exact(self, name: str, where: Surroundings) -> PlaceMatch | None:
        """Return the place that a key means, or None where no place has it for a name."""
        if not where.regions and where.economies and (only := self._single_row(name, where.economies)) is not None:
            return PlaceMatch(only, 100) if only >= 0 else None
        rows = self.rows_named(name, where)
        if not rows:
            return None
        weighed = self._weights(rows, where)
        inside = [pair for pair in weighed if self.inside(pair[1], where.regions)] if where.regions else weighed
        weight, row = (inside or weighed)[0]
        lat, lon = self.table.lat_e7[row], self.table.lon_e7[row]
        others = (inside or weighed)[1:]
        rest = sum(other for other, at in others if self._gap2(at, lat, lon) > _SAME2_E7)
        score = round(50 + 50 * weight / (weight + rest))
        return PlaceMatch(row, score) if inside else PlaceMatch(row, score - _OUTSIDE, outside=True)

    def part(self, text: str, where: Surroundings) -> PartMatch | None:
        """Return the place that some of the words name: Freiburg Hochdorf, Moshav Olesh.

        A span of words counts for its share of the letters, for its inhabitants, and for standing first.
        """
        parts = plain(text).split()
        letters = sum(map(len, parts))
        too_long = letters * min(_SMALLEST_FIRST, _SMALLEST_SHARE) > self._longest
        if len(parts) < 2 or too_long or not where.economies or not LAND.isdisjoint(parts):
            return None
        best: tuple[float, PartMatch] | None = None
        for start, end, name in self._spans(parts):
            share = len(name) / letters
            enough = share >= (_SMALLEST_FIRST if start == 0 else _SMALLEST_SHARE)
            telling = enough and len(name) >= _SHORTEST_PART and name not in OPENING and not _DIGIT.search(name)
            match = self.exact(name, where) if telling else None
            if match and not (where.regions and self._only_begins_name(name, match.row)):
                worth = 2 * share + math.log10(self.people(match.row) + SETTLED) / 2 + (start == 0) / 2
                if best is None or worth > best[0]:
                    score = round(match.score * (0.6 + 0.3 * share))
                    best = worth, PartMatch(match.row, score, " ".join(parts[:start]), " ".join(parts[end:]))
        return best[1] if best else None

    def _only_begins_name(self, name: str, row: int) -> bool:
        """Say whether a place's name only begins with a key: Saint-Marc-sur-Richelieu is not -des-Carrières."""
        return all(kind == DERIVED for at, kind in self.rows(name) if at == row)

    def _spans(self, parts: list[str]) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and key of each span of words but all of them, no longer than the longest name."""
        keys = [key(part) for part in parts]
        for start in range(len(parts)):
            name = ""
            for end in range(start + 1, len(parts) + (start > 0)):
                name += keys[end - 1]
                if len(name) > self._longest:
                    break
                yield start, end, name
