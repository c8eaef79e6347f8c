"""A city in a column of its own as evidence: as written, a variant of it, misspelt, translated, or a part of it."""

import re
from dataclasses import replace

from hubrank.core import countries
from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.additions import limit_at_airport, places_without_addition
from hubrank.geocoding.evidence.candidate import INSIDE, Candidate
from hubrank.geocoding.evidence.city_segments import CitySegments
from hubrank.geocoding.evidence.name_parts import NameParts
from hubrank.geocoding.evidence.names import FAMOUS_PEOPLE, OWN_NAME, NamedPlace, NameEvidence
from hubrank.geocoding.evidence.other_spellings import (
    counties_by_sound,
    places_before_region,
    places_by_abbreviation,
    places_by_consonants,
)
from hubrank.geocoding.evidence.reading import QUARTERS
from hubrank.geocoding.evidence.segments import country_keys
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.abbreviated_names import with_saints
from hubrank.geocoding.gazetteer.gazetteer import ALIAS, PRIMARY
from hubrank.geocoding.gazetteer.name_variants import variants
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings, is_county
from hubrank.geocoding.text import vocabulary
from hubrank.geocoding.text.affiliations import CITY_PEOPLE
from hubrank.geocoding.text.normalise import is_plain_word, key
from hubrank.geocoding.text.post_codes import bare

WARD = ("区", "區")  # ends the name of a ward
_NAMESAKE_SHARE = 0.5  # the most that a place outside the stated region has, where several are called so
_TOWN_PEOPLE = 10_000
_WORDS, _LEAST = 6, 1_000  # of a town behind its region, and its inhabitants
_QUARTER_SHARE = 0.8  # that what is not known beside a city in the column of regions is in that city
# How often a city is written with a wrong region, for one time that a place of as many inhabitants is misspelt as it.
_WRONG_REGIONS = 0.05
_UNKNOWN_PEOPLE = 1_000  # inhabitants of a place of which they are not known
_AROUND_KM = 100.0  # from a region's largest city, which a column of metropolitan areas means
_CAPITAL_PEOPLE = 50_000  # of a city that is called like its country: Luxembourg, Kuwait
UNKNOWN = frozenset(key(words) for entry in ("city", "part") for words in vocabulary.words("unknown", entry))
_OF_ABBREVIATED = re.compile(r"([BCDFGHJ-NP-TV-Z]{2,3})-[^\W\d_]{3}")
_ONLY_ONE = "the only place called so lies outside the stated region"
_SURELY_ALIKE = re.compile("alike 9[2-9]|sounds alike")


def _limit_namesakes(cities: list[Candidate], ward: str) -> None:
    """Limit the probability of each city with a ward of a name, as nothing tells which is meant: 青葉区."""
    homes = [gazetteer.home_of(row)[0] for row, kind in gazetteer.names().rows(key(ward)) if kind == PRIMARY]
    for c in cities:
        c.at_most = min(c.at_most, 1 / max(1, homes.count(c.economy)))


class CityColumn:
    """Finds the places that a column of cities may mean."""

    def __init__(self, names: NameEvidence) -> None:
        self._evidence = names
        self._names = names.names
        self._segments = CitySegments(names)
        self._parts = NameParts(names)

    def candidates(self, text: str, where: Surroundings) -> list[Candidate]:
        """Return the candidates for a city's name: as written, a variant of it, misspelt, or a part of it."""
        is_region = where.economies and is_county(text, where.economies[0])
        if is_region:
            return []
        if key(text) in UNKNOWN:
            return self._of_no_city(text, where)
        if " " in text and (behind := self._behind_region(text, where)):
            town, areas = behind
            return self.candidates(town, replace(where, regions=areas))
        matches = self._candidates(text, where)
        matches += self._around(matches, where)
        if text.endswith(WARD) and not (where.regions or where.post_area):
            _limit_namesakes(matches, text)
        areas = regions.find(text, where.economies[0]) if where.economies and _is_by_word(text) else ()
        states = [area for area in areas if not area.admin2]
        return [c for c in matches if self._names.inside(c.row, states)] if states else matches

    def _behind_region(self, text: str, where: Surroundings) -> tuple[str, tuple[Region, ...]] | None:
        """Return the town and its first-level region, where that stands before it: Guangdong Shenzhen."""
        words = text.split()
        if len(words) > _WORDS or not where.economies or where.regions or self._names.is_name(key(text)):
            return None
        people = self._names.table.people
        for first in range(len(words) - 1, 0, -1):
            areas = tuple(a for a in regions.find(" ".join(words[:first]), where.economies[0]) if not a.admin2)
            town = " ".join(words[first:])
            rows = self._names.rows(key(town)) if areas else []
            if any(kind == PRIMARY and people[row] >= _LEAST and self._names.inside(row, areas) for row, kind in rows):
                return town, areas
        return None

    def _of_no_city(self, text: str, where: Surroundings) -> list[Candidate]:
        """Return the places of which a word that says that no city is known is the own name: None in Piedmont."""
        named = self._evidence.named(key(text), where, "column", "as written")
        return [c for c in named if c.name_kind == OWN_NAME and "/" not in text]

    def _candidates(self, text: str, where: Surroundings) -> list[Candidate]:
        name, home = key(text), "" if where.economies else countries.find(text, codes=False)
        matches = self._as_written(text, name, where)
        if home:
            return [c for c in matches if c.economy == home and self._is_large(c)]  # Angola is no town of Indiana
        if not all(c.outside_region for c in matches):
            return matches
        if not matches and self._is_region(text, where):
            return []
        if not (matches or where.economies or where.regions):
            return [] if regions.named_anywhere(name) else self._evidence.misspelt_city(key(bare(text)))
        in_its_state = self._in_its_state(matches, where)
        more = [] if in_its_state else self._misspelt(text, where)
        if matches:
            if len(matches) == 1 and matches[0].name_kind == OWN_NAME and not in_its_state:
                matches[0].features.append(_ONLY_ONE)
            people = self._names.table.people
            written = max(people[c.row] for c in matches)
            city = max((people[c.row] for c in matches if gazetteer.own_key(c.row).startswith(name)), default=0)
            size = "famous" if written >= FAMOUS_PEOPLE else "large" if written >= CITY_PEOPLE else "small"
            for c in more:
                c.features.append(f"misspelt: a {size} place elsewhere is written so")
                if city >= CITY_PEOPLE:
                    of_town = max(people[c.row], _UNKNOWN_PEOPLE)
                    c.at_most = min(c.at_most, of_town / (of_town + _WRONG_REGIONS * city))
            self._limit_namesakes(matches + more, where)
            return matches + more
        sure = any(_SURELY_ALIKE.search(c.features[0]) for c in more)
        guesses = more if sure else more + self._abroad(name, where) + self._parts.candidates(text, where)
        _limit_quarters(text, where, guesses)
        return guesses

    def _around(self, matches: list[Candidate], where: Surroundings) -> list[Candidate]:
        """Return the city that the column of regions names, if no place of the name is there: Andheri East, Mumbai.

        It is rather a quarter of that than a village elsewhere.
        """
        if not where.regions or any(c.in_region or self._names.table.people[c.row] >= _TOWN_PEOPLE for c in matches):
            return []
        region = where.regions[0]
        number = regions.cities().get(region.first_level) or (region.geonames_id if region.admin2 == region.name else 0)
        row = gazetteer.places().row(number) if number else None
        if row is None or self._names.table.people[row] < CITY_PEOPLE:
            return []
        city = self._evidence.candidate(row, "column", ["column: as written", OWN_NAME, INSIDE])
        city.at_most = _QUARTER_SHARE
        return [city]

    def _misspelt(self, text: str, where: Surroundings) -> list[Candidate]:
        """Return the places that a name may be a misspelling of, with a saint in full: S. João del Rey."""
        home, begins = where.economies[:1], self._evidence.names_beginning_with
        saints = [name for name in with_saints(text) if home and begins(key(" ".join(name.split()[:2])), home[0])]
        spellings = (self._evidence.misspelt(key(bare(name)), where, "misspelt") for name in saints or [text])
        return next(filter(None, spellings), [])

    def _limit_namesakes(self, matches: list[Candidate], where: Surroundings) -> None:
        """Limit the probability of places outside the stated first-level region where several have the name.

        The region is there to tell them apart, so that none of them is meant: Campo Grande, RJ is a part of Rio. A
        place that only has the name is more often there under a wrong or former region (Hyderabad, Andhra Pradesh), and
        around the region's largest city under that of a metropolitan area (Ashburn, Washington, D.C.).
        """
        admin1 = self._names.table.admin1
        homes = {admin1[c.row] for c in matches if c.group == "column" and c.name_kind == OWN_NAME}
        if len(homes) > 1 and where.regions and not any(region.admin2 for region in where.regions):
            for c in matches:
                spots = ((region.lat_e7, region.lon_e7) for region in where.regions)
                if c.outside_region and not any(near_e7(c.lat_e7, c.lon_e7, *spot, _AROUND_KM) for spot in spots):
                    c.at_most = min(c.at_most, _NAMESAKE_SHARE)

    def _in_its_state(self, matches: list[Candidate], where: Surroundings) -> bool:
        """Say whether the stated county's state has a place of the name, so that it is no error: Bromley, Kent."""
        states = {region.first_level for region in where.regions if region.admin2}
        table = self._names.table
        return any((table.economy[c.row], table.admin1[c.row]) in states for c in matches)

    def _as_written(self, text: str, name: str, where: Surroundings) -> list[Candidate]:
        """Return the places that have the name for one of theirs, or a variant, an abbreviation or a segment of it."""
        matches = self._evidence.named(name, where, "column", "as written")
        if not (where.economies or text.isascii()):
            matches = [c for c in matches if gazetteer.is_called(c.row, text)] or matches
        if not all(c.outside_region for c in matches):
            return matches
        tried = {name}
        for other, done in variants(text, where.economies[0] if where.economies else ""):
            if other in tried or len(other) < 2:
                continue
            tried.add(other)
            more = self._evidence.named(other, where, "column", done)
            limit_at_airport(text, more, where)
            matches += more
            if not all(c.outside_region for c in more):
                return matches
        if is_plain_word(text):
            return matches
        return (
            counties_by_sound(self._evidence, text, where, "column", "as written")
            or matches
            or places_by_abbreviation(self._evidence, text, where, "column", "direction written out")
            or places_by_consonants(self._evidence, text, where, "column", "direction written out")
            or places_without_addition(self._evidence, text, where, "column", "a part between commas")
            or self._segments.candidates(text, where)
            or places_before_region(self._evidence, text, where, "column", "before its region")
        )

    def _is_large(self, c: Candidate) -> bool:
        """Say whether a place may be called by the name of its country alone: Luxembourg, Monaco, but no village."""
        return self._names.table.people[c.row] >= _CAPITAL_PEOPLE or c.economy in gazetteer.city_states()

    def _is_region(self, text: str, where: Surroundings) -> bool:
        """Say whether a text that names no place names a region or country."""
        areas = regions.find(text, where.economies[0]) if where.economies else ()
        return bool(areas and not (areas[0].admin2 and where.regions)) or key(text) in country_keys()

    def _abroad(self, name: str, where: Surroundings) -> list[Candidate]:
        """Return the places of the country that the name translates to, else two famous ones of the name abroad."""
        if not where.economies:
            return []
        table, all_rows = self._names.table, self._names.rows(name)
        rows = [(row, kind) for row, kind in all_rows if table.people[row] >= FAMOUS_PEOPLE]
        if where.regions or where.post_area:  # two statements against it: only a name that no other country has
            homes = {table.economy[row] for row, _ in all_rows}
            rows = [(row, kind) for row, kind in rows if kind == PRIMARY and homes == {table.economy[row]}]
        elif translated := self._translated(rows, where):
            return translated
        return [
            self._evidence.candidate(
                row,
                "elsewhere",
                ["column: in another country", *self._evidence.relation_features(row, kind, (), Surroundings())],
                kind,
            )
            for row, kind in self._evidence.likeliest(rows, Surroundings())[:2]
        ]

    def _translated(self, rows: list[NamedPlace], where: Surroundings) -> list[Candidate]:
        """Return the places of the country that share the own name of a famous place which the name translates.

        Londres, Canada is London in Ontario.
        """
        places = gazetteer.places()
        translated = [row for row, kind in rows if kind == ALIAS and row < len(places.name)]
        own_names = dict.fromkeys(key(places.name[row]) for row in translated)
        named = (self._evidence.named(name, where, "column", "translated") for name in own_names)
        return [c for many in named for c in many if c.name_kind == OWN_NAME]


def _is_by_word(text: str) -> bool:
    """Say whether a text is a region by a word that no town has, so that none outside of it is meant: Moscow Region."""
    return " " in text and regions.is_wide(text, first_level=False)


def _limit_quarters(text: str, where: Surroundings, guesses: list[Candidate]) -> None:
    """Limit places behind letters that stand for a city of which they may be a quarter: HN-Böckingen.

    Letters of a region, of the country or a direction say where the place is.
    """
    opening = _OF_ABBREVIATED.match(text) if "-" in text else None
    if opening is None or opening[1].lower() in QUARTERS or not where.economies:
        return
    if not regions.find(opening[1], where.economies[0]) and countries.find(opening[1]) != where.economies[0]:
        for c in guesses:
            c.at_most = min(c.at_most, _NAMESAKE_SHARE)
