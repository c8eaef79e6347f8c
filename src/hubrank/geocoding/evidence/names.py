"""Names as evidence: the places that a city's name may mean, given what is stated of its region and country."""

import math
from array import array
from dataclasses import replace
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz

from hubrank.core.countries import HAN, family
from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import INSIDE, OUTSIDE, Candidate
from hubrank.geocoding.evidence.segments import may_be_code
from hubrank.geocoding.evidence.sizes import size_features
from hubrank.geocoding.gazetteer import city_names, gazetteer, regions
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, DERIVED, NEARBY, PRIMARY
from hubrank.geocoding.gazetteer.place_index import PER_ORGANISATION, SETTLED
from hubrank.geocoding.gazetteer.place_lookup import PlaceNames
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.misspelling import Misspellings
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.slips import is_slip

_ALIKE_PCT = 50  # of the letters of two names that are one place's: Roma and Rome, Firenze and Florence
_TIMES = 5  # a region with so many times the inhabitants of a place of its name is meant instead of that place
_HAMLETS = 500  # a place with so many times the inhabitants of a hamlet is meant by its own name, not the hamlet
MOST = 6  # candidates of one name
FAMOUS_PEOPLE = 300_000
_WITHOUT_COUNTRY = 0.85  # the most that a misspelt city has without a country: it may be a village of any
# Kinds of names in the words of features, with those of the gazetteer.
NAME_KINDS = {
    "own name": PRIMARY,
    "another of its names": ALIAS,
    "village or suburb": NEARBY,
    "short for it": DERIVED,
    "former name": ALIAS,
    "another of its names, and one is called so": ALIAS,
}
AT_CODE = "at its post code"  # a feature of a misspelt place of a text, which is no guess then
OWN_NAME, VILLAGE, SHORT_NAME = "called: own name", "called: village or suburb", "called: short for it"
BELIEVED = frozenset(f"called: {words}" for words, kind in NAME_KINDS.items() if kind in (PRIMARY, ALIAS))
_KINDS = tuple(NAME_KINDS)[: DERIVED + 1]
_FURTHER = {PRIMARY: 0, ALIAS: 1, NEARBY: 0, DERIVED: 2}  # orders of magnitude that a name of this kind costs
NamedPlace = tuple[int, int]  # row of a place and the kind of its name


def has_name_in_region(c: Candidate) -> bool:
    """Say whether a place has the name itself and lies in the stated region."""
    return c.name_kind in BELIEVED and c.in_region


class NameEvidence:
    """Finds the places that names may mean."""

    def __init__(self, names: PlaceNames, misspellings: Misspellings) -> None:
        self.names = names
        self._misspellings = misspellings

    def candidate(self, row: int, group: str, features: list[str], kind: int = PRIMARY) -> Candidate:
        """Return a place as a candidate; a village or suburb counts without the people of its town."""
        table = self.names.table
        people, organisations = (0, 0) if kind == NEARBY else (table.people[row], table.organisations[row])
        features += size_features(group, people, organisations)
        c = Candidate(
            table.lat_e7[row],
            table.lon_e7[row],
            row,
            "names",
            "city",
            table.economy[row],
            table.geonames_id[row],
            group,
            features,
            math.log10(people + SETTLED),
            math.log10(1 + organisations),
            math.log10(people + SETTLED + PER_ORGANISATION * organisations),
        )
        if not people:
            c.at_most = self.names.share_near(row)
        return c

    @staticmethod
    def matches_own_name(c: Candidate, name: str) -> bool:
        """Say whether the own name of a place is a key, begins with it or is like it: Frankfurt am Main, Roma."""
        return c.name_kind == OWN_NAME or NameEvidence._is_like_own_name(c.row, name)

    @staticmethod
    def _is_like_own_name(row: int, name: str) -> bool:
        own_name = gazetteer.own_key(row)
        return own_name != "" and (own_name.startswith(name) or fuzz.ratio(own_name, name) >= _ALIKE_PCT)

    def named(self, name: str, where: Surroundings, group: str, how: str) -> list[Candidate]:
        """Return the places of a key, those inside the stated region first, then the larger, six at most."""
        rows = self.names.rows_named(name, where)
        if rows and not where.regions and not may_be_code(name):
            anywhere = group == "column" and not where.economies
            rows = [pair for pair in rows if not self.is_region(name, *pair, anywhere=anywhere)]
        if len(rows) > 1 and where.post_area:
            spots = ((pair, self.names.spot(pair[0])) for pair in rows)
            at_code = [pair for pair, spot in spots if where.post_area.contains(*spot) and not self._is_section(*pair)]
            inside = [pair for pair in rows if self.names.inside(pair[0], where.regions)] if where.regions else []
            if not (where.regions and at_code) or any(pair in inside for pair in at_code):  # a region outweighs a code
                rows = at_code or inside or rows
        if not rows:
            return []
        rows = self.without_hamlets(rows, where) if len(rows) > 1 else rows
        if len(rows) > 1 and not where.regions:
            rows = self._without_sections(rows, where.economies[0]) if where.economies[1:] else rows
        if len(rows) > MOST:
            rows = self.likeliest(rows, where)
        primary = {self.names.table.economy[row] for row, kind in rows if kind == PRIMARY} if len(rows) > 1 else ()
        first = [f"{group}: {how}"]
        return [
            self.candidate(
                row,
                group,
                [
                    *first,
                    *self.relation_features(row, kind, primary, where),
                    *self._other_features(name, row, where),
                ],
                kind,
            )
            for row, kind in rows
        ]

    def without_hamlets(self, rows: list[NamedPlace], where: Surroundings) -> list[NamedPlace]:
        """Return places without those that have the name for another one, and a five-hundredth of its owner's people.

        Waiern in Carinthia has Linz among its names. Where a region is stated, the owner lies in it as well: post codes
        of Houston, Texas, that lie far out are villages of the name.
        """
        if {kind for _, kind in rows} == {PRIMARY}:
            return rows
        sizes, inside = self.names.sizes, self.names.inside
        largest = max([sizes[row] for row, kind in rows if kind == PRIMARY], default=0)
        if largest < _HAMLETS * SETTLED:
            return rows
        if not where.regions:
            return [(row, kind) for row, kind in rows if kind == PRIMARY or _HAMLETS * (sizes[row] + SETTLED) > largest]
        here = [pair for pair in rows if inside(pair[0], where.regions)]
        largest = max([sizes[row] for row, kind in here if kind == PRIMARY], default=0)
        hamlets = [pair for pair in here if pair[1] != PRIMARY and _HAMLETS * (sizes[pair[0]] + SETTLED) <= largest]
        return [pair for pair in rows if pair not in hamlets] if hamlets else rows

    def _without_sections(self, rows: list[NamedPlace], home: str) -> list[NamedPlace]:
        """Return places without sections of cities, if a larger place of the name is in a territory of the country.

        Dakhla, Morocco is in Western Sahara and no neighbourhood of Agadir.
        """
        people, table = self.names.people, self.names.table
        largest = max([people(row) for row, kind in rows if kind == PRIMARY and table.economy[row] != home], default=0)
        sections = city_names.sections() if largest else ()
        return [(row, kind) for row, kind in rows if people(row) >= largest or table.geonames_id[row] not in sections]

    def _is_section(self, row: int, kind: int) -> bool:
        """Say whether a place that has a name for another of its own is a section of a city: Neustadt/Süd."""
        return kind == ALIAS and self.names.table.geonames_id[row] in city_names.sections()

    def is_region(self, name: str, row: int, kind: int, *, anywhere: bool = False) -> bool:
        """Say whether a region of the name is meant instead of a place: one that is many times larger.

        It lies elsewhere, or around a village or suburb: Kanagawa is one of Yokohama.
        anywhere : whether a column of cities states no country, so that it may lie in any: Arizona is in Honduras, too.
        """
        table = self.names.table
        home = table.economy[row]
        named = regions.named_anywhere(name) if anywhere else regions.named(name, home)[:1]
        areas = [area for area in named if not area.admin2]
        if not areas:
            return False
        people = SETTLED if kind == NEARBY else max(table.people[row], SETTLED)
        if any(area.first_level == (home, table.admin1[row]) for area in areas):
            return kind == NEARBY and any(area.population >= _TIMES * people for area in areas)
        if anywhere and kind != PRIMARY and not self._is_like_own_name(row, name):
            return True
        if table.admin1[row] == "":
            return False
        return people < FAMOUS_PEOPLE and any(area.population >= _TIMES * people for area in areas)

    def likeliest(self, rows: list[NamedPlace], where: Surroundings) -> list[NamedPlace]:
        """Return the places worth weighing: those inside the stated region first, then the larger."""
        small, inside = self._minus_log_size, self.names.inside
        ranked = sorted([(small[row] + _FURTHER[kind], row, kind) for row, kind in rows])
        if where.regions:
            ranked.sort(key=lambda one: not inside(one[1], where.regions))
        return [(row, kind) for _, row, kind in ranked[:MOST]]

    @cached_property
    def _minus_log_size(self) -> "array[float]":
        """Minus the log10 of the inhabitants of each place and what its registered organisations are worth."""
        return array("d", (-np.log10(np.array(self.names.sizes, np.float64) + SETTLED)).tobytes())

    def relation_features(
        self, row: int, kind: int, primary: "set[str] | tuple[()]", where: Surroundings
    ) -> tuple[str, str]:
        """Return how a name is a place's, and whether the place lies in the stated region.

        primary : the economies in which a place has the name for its own.
        """
        economy = self.names.table.economy[row]
        words = _KINDS[kind]
        if kind == ALIAS and economy in primary:
            words = "former name" if economy == "US" else "another of its names, and one is called so"
        return f"called: {words}", self._region(row, where)

    def _region(self, row: int, where: Surroundings) -> str:
        """Return whether a place lies in the stated region: by its post code also in a county of former times."""
        if not where.regions:
            return "region: not stated"
        if self.names.inside(row, where.regions):
            return INSIDE
        home, area = (self.names.table.economy[row], self.names.table.admin1[row]), where.post_area
        former = area is not None and all(region.admin2 and region.first_level == home for region in where.regions)
        return INSIDE if former and area is not None and area.contains(*self.names.spot(row)) else OUTSIDE

    def _other_features(self, name: str, row: int, where: Surroundings) -> list[str]:
        """Return what else a name may be: a region, a country, a code.

        Of several countries that a region or code may mean none is filed under another.
        """
        economy = self.names.table.economy[row]
        features = []
        if not where.economies:
            features.append("country: not stated")
        elif economy != (home := where.economies[0]) and economy in family(home):
            features.append("country: filed under the stated one")
        if may_be_code(name):
            features.append("three letters or fewer")
        if not where.regions:
            features += self.namesake_features(name, row)
        return features

    def namesake_features(self, name: str, row: int) -> list[str]:
        """Return where a region lies that has a place's name and not from that place, and how large it is."""
        table = self.names.table
        areas = regions.named(name, table.economy[row])
        if not areas or may_be_code(name):
            return []
        region = areas[0]
        size = max(table.people[row], SETTLED)
        ratio = (
            "larger" if region.population < 20 * size else "much larger" if region.population < 200 * size else "huge"
        )
        around = table.admin1[row] in ("", region.admin1)
        if region.admin2:
            spot = table.lat_e7[row], table.lon_e7[row]
            if table.people[row] >= CITY_PEOPLE and any(near_e7(r.lat_e7, r.lon_e7, *spot) for r in areas):
                return []  # the county is named after this city, its most populous place
            around = self.names.inside(row, areas)
            return [f"a county {'around it' if around else 'elsewhere'} is called so"]
        return [f"a region {'around it' if around else 'elsewhere'} is called so: {ratio}"]

    def misspelt(self, name: str, where: Surroundings, group: str) -> list[Candidate]:
        """Return the places that a name may be a misspelling of, three at most."""
        if not name.isascii() and HAN.search(name):  # one character more or less is another town
            return []
        if counties := where.counties():
            where = replace(where, regions=counties)
        matches = []
        for alike, row, kind, sure, at_most in self._misspellings.likeliest(name, where):
            if self.contradicts_post_code(row, where):
                continue
            letters = "short" if len(name) < 6 else "middling" if len(name) < 9 else "long"
            how = "sounds alike" if sure else f"alike {2 * int(alike // 2)} %"
            features = [f"{group}: {letters}, {how}", *self.relation_features(row, kind, (), where)]
            if where.regions or self.names.people(row) >= 100_000:
                features.append(f"{group}: region stated or a city")
            matches.append(self.candidate(row, group, features, kind))
            matches[-1].at_most = at_most
        return matches

    def is_slip(self, name: str, row: int) -> bool:
        """Say whether a key is a slip of typing a place's own name."""
        places = gazetteer.places()
        return row < len(places.name) and is_slip(name, key(places.name[row]))

    def names_beginning_with(self, start: str, economy: str) -> list[str]:
        """Return the keys of an economy's names that begin with a key."""
        return self._misspellings.beginning_with(start, economy)

    def misspelt_city(self, name: str) -> list[Candidate]:
        """Return the large city that a name is a misspelling of where no country is stated, if it can be no other."""
        row = self._misspellings.cities.row(name)
        if row < 0:
            return []
        economy = Surroundings((self.names.table.economy[row],))
        matches = [c for c in self.misspelt(name, economy, "misspelt") if c.row == row]
        for c in matches:
            c.at_most = _WITHOUT_COUNTRY
        return matches

    def contradicts_post_code(self, row: int, where: Surroundings) -> bool:
        """Say whether a place by another spelling cannot have the post code: Hilton Beach, P0R is not Hamilton."""
        return where.post_area is not None and not where.post_area.contains(*self.names.spot(row))
