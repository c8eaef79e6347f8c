"""Which place a name means, from what is stated about its country and region.

A place weighs its inhabitants, less where the name is not its own. Of the places that a name may mean the heaviest is
taken; how much of all their weight it has says how sure that is.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from hubrank.core import countries
from hubrank.core.countries import HAN
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, DERIVED, NEARBY, PRIMARY, Names
from hubrank.geocoding.gazetteer.place_index import PlaceTable
from hubrank.geocoding.gazetteer.post_areas import PostArea
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.normalise import key, plain, without_kind, without_kind_before
from hubrank.geocoding.text.post_codes import bare

_RELATION = (
    1.0,
    0.3,
    1.0,
    0.05,
)  # weight of a name that is the place's own, another one, a village's, one made of these
_FORMER = {"US": 0.1}  # weight factor of other names where a place has that name: they are former names
_PER_ORGANISATION = 30_000  # inhabitants that one registered organisation is worth between places of one name
_OUTSIDE = 25  # percent that lying outside the stated region costs
_SETTLED = 300  # inhabitants added to every place, so that those without a figure count
_CITY = 100_000  # inhabitants of a place that is meant and not a village of its name
_MAIN_TOWN = 15_000  # inhabitants of a town that a district may be called after
_ABROAD = 0.2  # weight of a place in an economy that is only filed under the stated one
_SHORTEST_PART = 4  # letters
_SMALLEST_SHARE, _SMALLEST_FIRST = 0.35, 0.28  # of the letters of a name that a part, or its beginning, must have
_SAME2_E7 = 2_000_000**2  # squared fifth of a degree: two entries this near are one town


class PlaceMatch(NamedTuple):
    """A row of the gazetteer and how sure it is, in percent."""

    row: int
    score: int
    method: str
    outside: bool = False  # of the stated region


@dataclass(frozen=True, slots=True)
class Where:
    """What is stated about the surroundings of a name: economies it may lie in (any, if none), regions, a post code."""

    economies: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    post_area: PostArea | None = None

    def counties(self) -> tuple[Region, ...]:
        """Return the second-level regions whose first-level ones are stated, too: Wayne County, NY."""
        states = {(region.economy, region.admin1) for region in self.regions if not region.admin2}
        return tuple(r for r in self.regions if r.admin2 and (r.economy, r.admin1) in states)


_LAND, OPENING = (frozenset(vocabulary.words("place", entry)) for entry in ("land", "opening"))


def _any_of(*entries: str) -> str:
    """Return a pattern of words, the longest first: "campus de" before "campus"."""
    many = {word for entry in entries for word in vocabulary.words("place", entry)}
    return "|".join(sorted(many, key=lambda word: (-len(word), word)))


BRANCH = frozenset(vocabulary.words("place", "branch"))
_BRANCH = re.compile(rf"^(?:{_any_of('branch')})\s+|\s+(?:{_any_of('branch')})$")
_KIND = re.compile(rf"^(?:{_any_of('before', 'branch')})\s+|[\s-]+(?:{_any_of('after', 'branch')})$")
_KIND_IN = {
    economy: re.compile(rf"^(?:{'|'.join(kinds.split())})\s+")
    for economy, kinds in vocabulary.section("before").items()
}
_DIRECTIONS = {"n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "w": "west"}
_DIGIT = re.compile(r"\d")
_JOINED = re.compile(r"\s[-–]\s|\s?/\s?")  # Akron - Canton


def branch_town(text: str) -> str:
    """Return the town that a branch of an organisation is named after (Campus de Ribeirão Preto), else the text."""
    return _BRANCH.sub("", plain(text)) or text


def variants(city: str, economy: str) -> Iterator[tuple[str, str, int]]:
    """Yield other readings of a city's name: key, what was done, and by how many percent that is less sure."""
    if HAN.search(city):  # what it sounds like is many towns
        name = _DIGIT.sub("", city).strip()
        if not _called_like_its_prefecture(name):
            yield key(without_kind(name)), "kind of place removed", 5
        return
    name = " ".join(word for word in bare(without_kind_before(city)).split() if not _DIGIT.search(word))
    yield key(plain(name)), "post code removed", 2
    plain_name = plain(without_kind(name))
    proper = _KIND.sub("", _KIND.sub("", _KIND_IN[economy].sub("", plain_name) if economy in _KIND_IN else plain_name))
    yield key(proper), "kind of place removed", 5
    first, _, rest = proper.partition(" ")
    if rest and first in _DIRECTIONS:
        yield key(f"{_DIRECTIONS[first]} {rest}"), "direction written out", 2
    for long, short in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        proper = proper.replace(long, short)
    yield key(proper), "umlaut", 5
    if economy == "JP":
        yield key(proper.replace("ou", "o").replace("oo", "o").replace("uu", "u").replace("oh", "o")), "long vowel", 5


def _called_like_its_prefecture(county: str) -> bool:
    """Say whether a county is another place than the city of its name: 邵阳县 is in the prefecture 邵阳市."""
    return county[-1] in "县縣" and any(area.admin2 for area in regions.find(f"{without_kind(county)}市", "CN"))


class PlaceNames:
    """The names of the gazetteer, and of the places that a register adds, with their look-ups."""

    def __init__(self, names: Names, ground: PlaceTable) -> None:
        self.names = names
        self.ground = ground

    @cached_property
    def _longest(self) -> int:
        """The letters of the longest key; few runs need it."""
        return max(map(len, (*self.names.number, *self.ground.more)), default=0)

    def is_name(self, name: str) -> bool:
        """Say whether any place has a key."""
        return name in self.names.number or name in self.ground.more

    def rows(self, name: str) -> list[tuple[int, int]]:
        """Return row and relation of every place that a key names."""
        more = self.ground.more.get(name)
        return self.names.rows(name) + more if more else self.names.rows(name)

    def _weights(self, rows: list[tuple[int, int]], where: Where) -> list[tuple[float, int]]:
        """Return (weight, row) of places, heaviest first, ties by GeoNames id."""
        number, economy = self.ground.geonames_id, self.ground.economy
        named_so = any(kind == PRIMARY for _, kind in rows)
        weighed = []
        for row, kind in rows:
            weight = self._weight(row, kind, where)
            if named_so and kind == ALIAS:
                weight *= _FORMER.get(economy[row], 1)
            weighed.append((-weight, number[row], row))
        weighed.sort()
        return [(-weight, row) for weight, _, row in weighed]

    def _only(self, name: str, economies: tuple[str, ...]) -> int | None:
        """Return the row of the one place of a name in the economies, -1 where there is none, None where several are.

        Four of five names end here, so it makes no lists.
        """
        at = self.names.number.get(name)
        if name in self.ground.more:
            return None
        if at is None:
            return -1
        place, economy, only = self.names.place, self.ground.economy, -1
        for n in range(self.names.first[at], self.names.first[at + 1]):
            row = place[n]
            if economy[row] in economies:
                if only >= 0:
                    return None
                only = row
        return only

    def rows_named(self, name: str, where: Where) -> list[tuple[int, int]]:
        """Return row and relation of the places that a key names in the economies."""
        at, more, family = self.names.number.get(name), self.ground.more.get(name), where.economies
        if at is None or more or not family:
            rows = self.rows(name)
            rows = [pair for pair in rows if self.ground.economy[pair[0]] in family] if family else rows
            return self._in_county(rows, where) if len(rows) > 1 and len(where.regions) > 1 else rows
        names, economy = self.names, self.ground.economy
        start, end = names.first[at], names.first[at + 1]
        if end - start == 1:  # two of three names: no list is walked
            row = names.place[start]
            return [(row, names.kind[start])] if economy[row] in family else []
        pairs = zip(names.place[start:end], names.kind[start:end], strict=True)
        rows = [pair for pair in pairs if economy[pair[0]] in family]
        return self._in_county(rows, where) if len(rows) > 1 and len(where.regions) > 1 else rows

    def _in_county(self, rows: list[tuple[int, int]], where: Where) -> list[tuple[int, int]]:
        """Return of places of one name those in a county, where that and its state are stated and one is in it.

        Of several those to which the fewest other main towns are nearer.
        """
        counties = where.counties()
        narrow = Where((), counties)
        there = [pair for pair in rows if self.inside(pair[0], narrow)]
        if any(self.people(row) >= _CITY and kind != NEARBY for row, kind in there):
            there = [pair for pair in there if pair[1] != NEARBY]
        nearer = [min(county.nearer(*self.spot(row)) for county in counties) for row, _ in there]
        return [pair for pair, towns in zip(there, nearer, strict=True) if towns == min(nearer)] or rows

    def _weight(self, row: int, kind: int, where: Where) -> float:
        people = 0 if kind == NEARBY else self.size(row)
        at_home = not where.economies or self.ground.economy[row] == where.economies[0]
        return (people + _SETTLED) * _RELATION[kind] * (1 if at_home else _ABROAD)

    def people(self, row: int) -> int:
        """Return how many live in a place."""
        return self.ground.people[row]

    def size(self, row: int) -> int:
        """Return how many live in a place, or as many as its registered organisations are worth."""
        return self.ground.people[row] + _PER_ORGANISATION * self.ground.organisations[row]

    def spot(self, row: int) -> tuple[int, int]:
        """Return latitude and longitude of a place in 1e-7 degree."""
        return self.ground.lat_e7[row], self.ground.lon_e7[row]

    def inside(self, row: int, where: Where) -> bool:
        """Say whether a place lies in one of the stated regions."""
        ground = self.ground
        spot = ground.economy[row], ground.admin1[row], ground.lat_e7[row], ground.lon_e7[row], ground.geonames_id[row]
        return any(region.contains(*spot) for region in where.regions)

    def _gap2(self, row: int, lat_e7: int, lon_e7: int) -> int:
        """Return a squared gap in units of 1e-7 degree of latitude, coarse but ordered."""
        return (self.ground.lat_e7[row] - lat_e7) ** 2 + ((self.ground.lon_e7[row] - lon_e7) // 2) ** 2

    def exact(self, name: str, where: Where) -> PlaceMatch | None:
        """Return the place that a key means, or None where no place is called so."""
        if not where.regions and where.economies and (only := self._only(name, where.economies)) is not None:
            return PlaceMatch(only, 100, "name") if only >= 0 else None
        rows = self.rows_named(name, where)
        if not rows:
            return None
        weighed = self._weights(rows, where)
        inside = [pair for pair in weighed if self.inside(pair[1], where)] if where.regions else weighed
        weight, row = (inside or weighed)[0]
        lat, lon = self.ground.lat_e7[row], self.ground.lon_e7[row]
        others = (inside or weighed)[1:]
        rest = sum(other for other, at in others if self._gap2(at, lat, lon) > _SAME2_E7)
        score = round(50 + 50 * weight / (weight + rest))
        return PlaceMatch(row, score, "name") if inside else PlaceMatch(row, score - _OUTSIDE, "name", outside=True)

    def city(self, text: str, where: Where) -> PlaceMatch | None:
        """Return the place that a city's name as written means, read in one of its variants if need be."""
        spelt = key(text)
        best = self.exact(spelt, where)
        if best and not best.outside:
            return best
        tried = {spelt}
        for name, done, doubt in variants(text, where.economies[0] if where.economies else ""):
            if name in tried or len(name) < 2:
                continue
            tried.add(name)
            match = self.exact(name, where)
            if match and not (best and match.outside):
                best = match._replace(score=match.score - doubt, method=done)
                if not best.outside:
                    return best
        return best

    def part(self, text: str, where: Where) -> PlaceMatch | None:
        """Return the place that some of the words name: Freiburg Hochdorf, Moshav Olesh.

        A span of words counts for its share of the letters, for its inhabitants, and for standing first.
        """
        parts = plain(text).split()
        letters = sum(map(len, parts))
        too_long = letters * min(_SMALLEST_FIRST, _SMALLEST_SHARE) > self._longest
        if len(parts) < 2 or too_long or not where.economies or not _LAND.isdisjoint(parts):
            return None
        best: tuple[float, PlaceMatch] | None = None
        for start, name in self._spans(parts):
            share = len(name) / letters
            enough = share >= (_SMALLEST_FIRST if start == 0 else _SMALLEST_SHARE)
            telling = enough and len(name) >= _SHORTEST_PART and name not in OPENING and not _DIGIT.search(name)
            match = self.exact(name, where) if telling else None
            if match and not (where.regions and self._begins_it_only(name, match.row)):
                worth = 2 * share + math.log10(self.people(match.row) + _SETTLED) / 2 + (start == 0) / 2
                if best is None or worth > best[0]:
                    best = worth, PlaceMatch(match.row, round(match.score * (0.6 + 0.3 * share)), "part of name")
        return best[1] if best else None

    def _begins_it_only(self, name: str, row: int) -> bool:
        """Say whether a place's name only begins with a key: Saint-Marc-sur-Richelieu is not -des-Carrières."""
        return all(kind == DERIVED for at, kind in self.rows(name) if at == row)

    def _spans(self, parts: list[str]) -> Iterator[tuple[int, str]]:
        """Yield where each span of words starts and its key, but for all of them and what is longer than any name."""
        keys = [key(part) for part in parts]
        for start in range(len(parts)):
            name = ""
            for end in range(start + 1, len(parts) + (start > 0)):
                name += keys[end - 1]
                if len(name) > self._longest:
                    break
                yield start, name


@lru_cache(16384)
def regions_of_town(region: str, town: str) -> tuple[Region, ...]:
    """Return the regions of any economy, of both levels, that are called so and in which a town of a key lies."""
    areas: dict[Region, None] = {}
    places = gazetteer.places()
    for row, _ in gazetteer.names().rows(town):
        home, admin1 = gazetteer.home_of(row)
        is_place = row < len(places.name)  # the county of a village is not known
        listed = (area for area in _regions(region, home) if is_place or not area.admin2)
        areas |= {area: None for area in listed if area.contains(home, admin1, *gazetteer.spot_of(row))}
    return tuple(areas)


@lru_cache(65536)
def surroundings(region: str, country: str) -> Where:
    """Return what region and country as written say; where there is no country, a region says it."""
    coded = None if country else regions.with_country(region)
    economy = countries.find_stated(country) if country else coded.economy if coded else None
    economies = countries.family(economy) if economy else ()
    if region and not economy and not country:
        stated = regions.anywhere(key(region))
        return Where(tuple(dict.fromkeys(match.economy for match in stated)), stated)
    stated = tuple(match for code in economies for match in _regions(region, code)) if region else ()
    return Where(economies, stated or _around_town(region, economies))


def _regions(text: str, economy: str) -> tuple[Region, ...]:
    """Return the regions that a text names, or a county and the state behind it: Wayne County, NY."""
    front, _, last = text.rpartition(",")
    if named := regions.find(text, economy):
        return named
    if not front:
        code, dash, _ = text.partition(" - ")  # MN - Other
        coded = regions.find(code, economy) if dash and len(code) < regions.LONGEST_CODE and code.isupper() else ()
        return tuple(region for region in coded if not region.admin2)
    states = tuple(region for region in regions.find(last.strip(), economy) if not region.admin2)
    homes = {state.admin1 for state in states}
    return (*(area for area in regions.find(front, economy) if area.admin2 and area.admin1 in homes), *states)


def around_city(city: str, region: str, country: str) -> Where:
    """Return what region and country beside a city say, without a region that is only the city once more.

    Houston, Houston is in no Houston County; but a region called after its main town stays.
    """
    where = surroundings(region, country)
    areas = without_echo(where.regions, region, city)
    if where.economies and region and not any(area.admin1 and not area.admin2 for area in areas):
        areas = _around_its_town(city, region, country) or areas
    return where if areas is where.regions else Where(where.economies, areas)


@lru_cache(16384)
def _around_its_town(city: str, region: str, country: str) -> tuple[Region, ...]:
    """Return what lies around a town that a region is called after, or its state, if a city lies there, else ().

    A metropolitan area is called so: Chagrin Falls, Cleveland is in no Cleveland County. Where a place of the city's
    name lies in a region of that name, that is meant.
    """
    where, rows = surroundings(region, country), gazetteer.names().rows(key(city))
    is_kind = where.regions and regions.says_kind(region)
    if not rows or is_kind or key(region) == key(city) or any(_has_one(area, rows) for area in where.regions):
        return ()
    towns = [
        area
        for name in (region, *_JOINED.split(region))
        for area in _around_town(name, where.economies, (PRIMARY, ALIAS))
    ]
    states = (state for town in towns for state in regions.of_code(town.economy, town.admin1))
    return next(((area,) for area in (*towns, *states) if _has_one(area, rows)), ())


def _has_one(area: Region, rows: list[tuple[int, int]]) -> bool:
    """Say whether one of some places, villages left out, lies in a region."""
    places = (row for row, _ in rows if row < len(gazetteer.places().name))
    return any(area.contains(*gazetteer.home_of(row), *gazetteer.spot_of(row)) for row in places)


def without_echo(areas: tuple[Region, ...], region: str, city: str) -> tuple[Region, ...]:
    """Return what a region says; where it is the city once more, without regions that only share the name.

    Those of the second level stay that are called after their main town, by any of its names: Milano; by another than
    its own only where that is no other place's, so that Raleigh, Raleigh is not Beckley.
    """
    if not areas or key(region) != key(city):
        return areas
    rows = [(row, kind, gazetteer.home_of(row)[0]) for row, kind in gazetteer.names().rows(key(city))]
    called_so = {home for _, kind, home in rows if kind == PRIMARY}
    spots = {
        gazetteer.spot_of(row)[:2]
        for row, kind, home in rows
        if kind == PRIMARY or (kind == ALIAS and home not in called_so)
    }
    listed = {area for area in areas if area in regions.find(city, area.economy)}
    return tuple(area for area in areas if not area.admin2 or (area in listed and (area.lat_e7, area.lon_e7) in spots))


def _around_town(name: str, economies: tuple[str, ...], kinds: tuple[int, ...] = (PRIMARY,)) -> tuple[Region, ...]:
    """Return what lies around the largest town of a name: districts that are not listed are called after theirs.

    kinds : how the town may be called so.
    """
    places = gazetteer.places()
    rows = gazetteer.names().rows(key(name)) if len(name) > regions.LONGEST_CODE else ()
    towns = [
        (kind == PRIMARY, places.population[row], row)
        for row, kind in rows
        if kind in kinds and row < len(places.name) and places.economy[row] in economies
    ]
    _, people, row = max(towns, default=(False, 0, 0))
    if people < _MAIN_TOWN:
        return ()
    number, lat, lon = (int(of[row]) for of in (places.geonames_id, places.lat_e7, places.lon_e7))
    return (Region(places.economy[row], places.admin1[row], name, number, lat, lon, int(people), name, ""),)
