"""The places that a text names: of a city where nothing but its region and country follow, else those of its parts."""

import re
from dataclasses import replace

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.city_column import CityColumn
from hubrank.geocoding.evidence.free_text import TextEvidence
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.names import FAMOUS_PEOPLE, NAME_KINDS, VILLAGE, NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.segments import country_keys
from hubrank.geocoding.evidence.unknown_towns import limit_called_like_state
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.gazetteer import ALIAS
from hubrank.geocoding.gazetteer.packaged import metro_names
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.normalise import is_plain_word, key
from hubrank.geocoding.text.stated_countries import STATES_OF

_AROUND_KM = 100.0  # how far a place of a county may lie from the main town of it
_OTHER_NAME_SHARE = 0.5  # that a former name or nickname means the place, where nothing but its country is stated
_OTHER_NAMES = frozenset(f"called: {words}" for words, kind in NAME_KINDS.items() if kind == ALIAS)
FAR_GUESS = "a guess that a country alone does not support"
_PERCENT_ALIKE, _ONE_ERROR = re.compile(r"alike (\d+) %"), 94  # percent that a long word with one error is alike


class TextPlaces:
    """Finds the places of a text."""

    def __init__(self, names: NameEvidence, cities: CityColumn, institutions: InstitutionEvidence | None) -> None:
        self._names = names
        self._cities = cities
        self._institutions = institutions
        self._text = TextEvidence(names, institutions)

    def candidates(self, reading: Reading, *, named: bool) -> list[Candidate]:
        """Return the places that a text may name; a name with nothing but its region and country is a city's.

        In an organisation's column it is a city's only as written. One that an organisation is registered by is that of
        a city with this own name: Frankfurt am Main, but no Google in Kansas.
        """
        name = reading.lone_name(named=named) if reading.economies else ""
        if not name:
            return self._text.candidates(reading, named=named)
        regions = (region for number, region in reading.regions if number != 0 or 0 in reading.before)
        around = Surroundings(reading.economies, tuple(regions), reading.post_area(0))
        cities = self._as_city(name, around)
        is_region = any(number == 1 for number, _ in reading.regions)
        if is_region and (counties := reading.counties_at(1)):  # none is meant far outside of it: Dist. Yavatmal
            cities = [c for c in cities if self._names.names.inside(c.row, counties) or _is_around(c, counties)]
        limit_called_like_state(cities, reading.states_at(0))
        again = self._repeated_country(reading)
        if again and not any(map(_is_as_written, cities)):
            elsewhere = tuple(region for region in around.regions if region not in again)
            cities = self._cities.candidates(name, replace(around, regions=elsewhere))
            if any(map(_is_as_written, cities)):
                return cities
        if not cities and (len(reading.segments) == 1 or self._is_organisation(name)):
            return self._text.candidates(reading, named=named)
        cities = self._without_namesakes_of_organisation(cities, name, named=named)
        if named and not cities and not self._is_registered(name):
            return self._text.candidates(reading, named=named)
        if not around.regions and around.economies[0] in STATES_OF:
            self._limit_other_names(cities, name)
        if any(c.group == "column" and c.in_region for c in cities):
            return cities
        first = 0 if around.post_area else 1  # a street may stand before the town
        return cities + self._text.candidates(reading, first=first, named=named or any(map(_is_as_written, cities)))

    def _is_registered(self, name: str) -> bool:
        """Say whether an organisation is registered by a name."""
        return self._institutions is not None and self._institutions.is_name(name)

    def _without_namesakes_of_organisation(self, cities: list[Candidate], name: str, *, named: bool) -> list[Candidate]:
        """Return the places of a lone name without those that have it for another name, if an organisation has it.

        named : whether it stands in an organisation's column: any of its names counts there, elsewhere its first one.
        """
        own_name = self._names.matches_own_name
        if named:
            cities = [c for c in cities if c.group == "column"]
            return [c for c in cities if own_name(c, key(name))] if self._is_registered(name) else cities
        if self._institutions is not None and self._institutions.seats_named(name):
            return [c for c in cities if c.name_kind == VILLAGE or own_name(c, key(name))]
        return cities

    def _limit_other_names(self, cities: list[Candidate], name: str) -> None:
        """Limit places for which a word unlike their own name is another one where these are former names, nicknames.

        One that is written so beside its state is known there (Nonantum, MA), and large cities are in many languages.
        Several words are rather a part of the place: Toluca Lake.
        """
        if is_plain_word(name) and key(name) not in metro_names():
            for c in cities:
                is_famous = self._names.names.people(c.row) >= FAMOUS_PEOPLE
                if c.name_kind in _OTHER_NAMES and not (is_famous or self._names.matches_own_name(c, key(name))):
                    c.at_most = min(c.at_most, _OTHER_NAME_SHARE)

    def _as_city(self, name: str, around: Surroundings) -> list[Candidate]:
        """Return the places of a lone name; of an organisation's no misspelt one, and no part outside the region."""
        cities = self._cities.candidates(name, around)
        if any(map(_is_as_written, cities)):
            return cities
        if self._is_organisation(name):
            return [c for c in cities if c.group == "part" and c.in_region]
        if not (around.regions or around.post_area):
            for c in cities:
                if _is_far_guess(c, name):
                    c.features.append(FAR_GUESS)
        return cities

    def _is_organisation(self, name: str) -> bool:
        """Say whether a name is an organisation's by its words or the register."""
        return self._institutions is not None and self._institutions.is_organisation_name(name)

    @staticmethod
    def _repeated_country(reading: Reading) -> list[Region]:
        """Return the regions that may be the country written once more: Tampico, Mexico, Mexico."""
        segments, home = reading.segments, reading.economies[0]
        named = (pair for pair in reading.regions if 0 < pair[0] < reading.country_at)
        return [region for at, region in named if country_keys().get(segments[at].key) == home]


def _is_around(c: Candidate, areas: tuple[Region, ...]) -> bool:
    """Say whether a place is near the main town of one of some regions."""
    return any(near_e7(c.lat_e7, c.lon_e7, area.lat_e7, area.lon_e7, _AROUND_KM) for area in areas)


def _is_as_written(city: Candidate) -> bool:
    """Say whether a place has the name as written and does not lie outside of the stated region."""
    return city.group == "column" and not city.outside_region


def _is_far_guess(city: Candidate, name: str) -> bool:
    """Say whether a candidate is too weak without a region: a village by a part of a name, or a word with errors."""
    if city.group == "misspelt part":
        alike = _PERCENT_ALIKE.search(city.features[0])
        return alike is not None and int(alike[1]) < _ONE_ERROR
    village = city.name_kind == VILLAGE or city.row >= len(gazetteer.places().name)
    return village and (city.group == "part" or (city.group == "misspelt" and " " not in name))
