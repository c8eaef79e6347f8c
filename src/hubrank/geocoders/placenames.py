"""Which place a name means, given what is said about its country and region.

A place weighs its inhabitants, less where the name is not its own. Of the places that a name may mean the heaviest is
taken; how much of all their weight it has says how sure that is.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hubrank import countries
from hubrank.geocoders import gazetteer, regions
from hubrank.geocoders.gazetteer import NEARBY, Names, Places
from hubrank.geocoders.regions import Region
from hubrank.geocoders.spelling import digraphs, key, plain

_RELATION = (1.0, 0.3, 1.0, 0.05)  # weight of a name that is the place's own, another one, a village's, one made of these
_SETTLED = 300  # inhabitants that every place is given, so that those without a figure count
_ABROAD = 0.2  # weight of a place in an economy that is only filed under the stated one
_NEAR2_E7 = 5_000_000**2  # squared half a degree: a place within it of a county's main town may lie in that county
_SHORTEST_PART = 4  # letters
_SMALLEST_SHARE = 0.35  # of the letters of a name that a part of it must have
_SAME2_E7 = 2_000_000**2  # squared fifth of a degree: two entries this near are one town


@dataclass(frozen=True, slots=True)
class Found:
    """A row of the gazetteer and how sure it is, in percent."""

    row: int
    score: int
    method: str


@dataclass(frozen=True, slots=True)
class Where:
    """What is said about the surroundings of a name: economies it may lie in (any, if none), and regions."""

    economies: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()


_CITY_WORDS = re.compile(
    r"^(?:greater|metro|metropolitan|city of|town of|village of|near|nr|downtown|central)\s+"
    r"|[\s-]+(?:area|metro|metro area|metropolitan area|city|town|village|twp|township|borough|shi|ku|gun|cho|machi|mura|"
    r"si|gu|gun|eup|myeon|ri|dong|hsien|shih|county|district|hsiang|chen|cedex|region|province|prefecture|metropolis)$"
)
_DIRECTIONS = {"n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "w": "west"}
_NUMBERED = re.compile(r"\S*\d\S*")


def variants(city: str, economy: str) -> Iterator[tuple[str, str, int]]:
    """Yield other readings of a city's name: key, what was done, and by how many percent that is less sure."""
    spoken = plain(_NUMBERED.sub(" ", city))
    yield key(spoken), "post code removed", 2
    bare = _CITY_WORDS.sub("", _CITY_WORDS.sub("", spoken))
    yield key(bare), "kind of place removed", 5
    first, _, rest = bare.partition(" ")
    if rest and first in _DIRECTIONS:
        yield key(f"{_DIRECTIONS[first]} {rest}"), "direction written out", 2
    for long, short in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        bare = bare.replace(long, short)
    yield key(bare), "umlaut", 5
    if economy == "JP":
        yield key(bare.replace("ou", "o").replace("oo", "o").replace("uu", "u").replace("oh", "o")), "long vowel", 5


class PlaceNames:
    """The names of the gazetteer, ready to be asked."""

    def __init__(self, places: Places | None = None, names: Names | None = None) -> None:
        self.places = places or gazetteer.places()
        self.names = names or gazetteer.names()
        self._lat = self.places.lat_e7.tolist()
        self._lon = self.places.lon_e7.tolist()
        self._people = self.places.population.tolist()

    def _weights(self, name: str, where: Where) -> list[tuple[float, int]]:
        """Return (weight, row) of the places called so in the economies, heaviest first, ties by GeoNames id."""
        rows = self.names.rows(name)
        if where.economies:
            economy, family = self.places.economy, where.economies
            rows = [pair for pair in rows if economy[pair[0]] in family]
        if len(rows) == 1:
            return [(1.0, rows[0][0])]
        return sorted(((self._weight(row, kind, where), row) for row, kind in rows), key=lambda pair: (-pair[0], pair[1]))

    def _weight(self, row: int, kind: int, where: Where) -> float:
        people = 0 if kind == NEARBY else self._people[row]
        at_home = not where.economies or self.places.economy[row] == where.economies[0]
        return (people + _SETTLED) * _RELATION[kind] * (1 if at_home else _ABROAD)

    def people(self, row: int) -> int:
        """Return how many live in a place."""
        return int(self._people[row])

    def inside(self, row: int, where: Where) -> bool:
        """Say whether a place lies in one of the stated regions."""
        return any(self._inside(row, region) for region in where.regions)

    def _inside(self, row: int, region: Region) -> bool:
        """Say whether a place lies in a region: by code, at the second level by nearness to its main town."""
        if self.places.economy[row] != region.economy or self.places.admin1[row] != region.admin1:
            return False
        return not region.admin2 or self._gap2(row, region.lat_e7, region.lon_e7) <= _NEAR2_E7

    def _gap2(self, row: int, lat_e7: int, lon_e7: int) -> int:
        """Return a squared gap in units of 1e-7 degree of latitude, coarse but ordered."""
        return int((self._lat[row] - lat_e7) ** 2 + ((self._lon[row] - lon_e7) // 2) ** 2)

    def exact(self, name: str, where: Where) -> Found | None:
        """Return the place that a key means, or None where no place is called so."""
        found = self._weights(name, where)
        if not found:
            return None
        doubt = 0
        if where.regions:
            inside = [pair for pair in found if self.inside(pair[1], where)]
            doubt = 0 if inside else 25
            found = inside or found
        weight, row = found[0]
        lat, lon = self._lat[row], self._lon[row]
        rest = sum(other for other, at in found[1:] if self._gap2(at, lat, lon) > _SAME2_E7)
        return Found(row, round(50 + 50 * weight / (weight + rest)) - doubt, "name")

    def city(self, text: str, where: Where) -> Found | None:
        """Return the place that a city's name as written means, read in one of its variants if need be."""
        found = self.exact(key(text), where)
        if found:
            return found
        tried = set()
        for name, done, doubt in variants(text, where.economies[0] if where.economies else ""):
            if name in tried or len(name) < 2:
                continue
            tried.add(name)
            found = self.exact(name, where)
            if found:
                return Found(found.row, found.score - doubt, done)
        return None


    def part(self, text: str, where: Where) -> Found | None:
        """Return the place that some of the words name: Freiburg Hochdorf, Moshav Olesh.

        A span of words counts for its share of the letters, for its inhabitants, and for standing first.
        """
        parts = plain(text).split()
        if len(parts) < 2 or not where.economies:
            return None
        letters = sum(map(len, parts))
        best: tuple[float, Found] | None = None
        for start, end in ((a, b) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1) if b - a < len(parts)):
            name = key(" ".join(parts[start:end]))
            share = len(name) / letters
            found = self.exact(name, where) if len(name) >= _SHORTEST_PART and share >= _SMALLEST_SHARE else None
            if found:
                worth = 2 * share + math.log10(self.people(found.row) + _SETTLED) / 2 + (start == 0) / 2
                if best is None or worth > best[0]:
                    best = worth, Found(found.row, round(found.score * (0.6 + 0.3 * share)), "part of name")
        return best[1] if best else None


def surroundings(region: str, country: str) -> Where:
    """Return what region and country as written say; a state may stand where the country should."""
    economy = countries.find(country) if country else None
    economies = countries.family(economy) if economy else ()
    known = tuple(found for code in economies for found in regions.find(region, code)) if region else ()
    return Where(economies, known)


__all__ = ["Found", "PlaceNames", "Where", "digraphs", "surroundings", "variants"]
