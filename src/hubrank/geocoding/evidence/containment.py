"""Places inside each other: which places of a segment are meant, by what the segments beside it name."""

import math
import re

from hubrank.core.countries import HAN
from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import Candidate, distance_km, near
from hubrank.geocoding.evidence.institutions import InstitutionEvidence
from hubrank.geocoding.evidence.misspelt_in_regions import misspelt_in_region
from hubrank.geocoding.evidence.names import BELIEVED, OWN_NAME, SHORT_NAME, VILLAGE, NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.towns_in_cities import is_around, is_suburb, without_namesakes_of_quarters
from hubrank.geocoding.evidence.unbound_pairs import is_sure_in_pair
from hubrank.geocoding.evidence.unknown_towns import limit_cities_of_region
from hubrank.geocoding.evidence.unread_units import opens_as_city
from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.gazetteer.name_variants import KIND_REMOVED
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text.stated_countries import STATES_OF

_TOWN = 3.7  # log10 of 5,000 inhabitants
_VILLAGE = 0.0  # log10 of what lies in an area by its word: Hörnefors, Umeå kommun
_SMALL_TOWN = 3.1  # log10 of 1,000 inhabitants
_AROUND_KM = 60  # how far a region reaches from the city that it is named after
_METROPOLITAN_KM = 150  # the same for one that a database of companies names a town's region after
_WARD = re.compile("[区區町村镇鎮乡鄉]$")


class Containment:
    """Selects among places of one name those that lie in what the segments beside it name."""

    def __init__(self, names: NameEvidence, institutions: InstitutionEvidence | None) -> None:
        self._evidence, self._names = names, names.names
        self._institutions = institutions

    def in_county_or_code(self, cities: list[Candidate], reading: Reading, at: int) -> list[Candidate]:
        """Return places without namesakes of a state that are not in the stated county or outside of its post code.

        Where addresses end in states: Mineral, Lewis County, Washington; New York 12604.
        """
        states = [state for state in reading.states_at(at) if state.economy in STATES_OF]
        if at == 0 or not states or reading.states_at(at + 1):  # Bremen, KY 42325
            return cities
        homes = {state.first_level for state in states}
        named = (area for number in range(at) for area in reading.counties_at(number))
        counties = [area for area in named if area.first_level in homes]
        area = reading.post_area(at)
        if area is not None:
            cities = [c for c in cities if c.group != "text" or area.contains(c.lat_e7, c.lon_e7)]
        if counties:
            cities = [c for c in cities if c.group != "text" or self._names.inside(c.row, counties)]
        return cities

    def meant_and_around(
        self,
        towns: list[Candidate],
        reading: Reading,
        at: int,
        behind: tuple[list[Candidate], list[Candidate]],
        *,
        named: bool,
    ) -> tuple[list[Candidate], set[int]]:
        """Return the places of a segment, and those places behind it that are only called like the region around them.

        A town that opens an address before a city of its state is meant, unless an organisation of its name has its
        seat in that city.

        behind : the places of the next segment and of the one behind it.
        """
        cities, further = behind
        towns, finer = self._inner_places(towns, reading, at, cities)
        if not (at or named) and self._opens_before_city(towns, reading, cities):
            seats = self._institutions.seats_named(reading.segments[0].text, first=False) if self._institutions else []
            finer = not any(near_e7(c.lat_e7, c.lon_e7, *seat) for seat in seats for c in cities)
        if not finer and (inner := self._in_region_further(towns, reading, at, cities)):
            return inner, self._only_around(further, inner)
        is_name = finer or named or (self._institutions and self._institutions.is_name(reading.text_at(at)))
        if not is_name and (mended := misspelt_in_region(self._evidence, towns, reading, at, cities)):
            return mended, self._only_around(cities, mended)
        is_other = finer and reading.segments[at].key != reading.segments[at + 1].key
        return towns, self._only_around(cities, towns) if is_other else set()

    def _only_around(self, behind: list[Candidate], towns: list[Candidate]) -> set[int]:
        """Return the places of a name behind towns that lie in the region of the name, as these are meant.

        One near them may be meant as well (Azuqueca de Henares, Guadalajara); a village at the middle of its post code
        tells no such thing.
        """
        exact = [town for town in _without_suburbs(towns) if not self._names.at_middle[town.row]]
        near_them = {c.row for c in _without_suburbs(behind) if any(near(c, town) for town in exact)}
        rows = {town.row for town in towns}  # Dublin, Ballsbridge, which is a name of Dublin, too
        return {c.row for c in behind} - near_them - rows if exact else set()

    def _inner_places(
        self, towns: list[Candidate], reading: Reading, at: int, behind: list[Candidate]
    ) -> tuple[list[Candidate], bool]:
        """Return the places of a segment, and whether they are meant and not the city behind them.

        None is meant outside of a region with the word for it (Dist. Yavatmal).

        An area within a second-level region is not the main town of that, not even where it is not known, unless that
        is a city by the word before it (Kec. Foobar, Kota Bekasi); another name
        of the main town is none of an area: Wenzhou was called Yongjia, which is the county around it today.
        """
        if inner := _before_city_and_country(towns, reading, at, behind):
            return inner, True
        if counties := reading.counties_at(at + 1):
            towns = [c for c in towns if c.group != "text" or self._names.inside(c.row, counties)]
        inner = self._in_county(towns, reading, at, at + 1)
        if around := _regions_behind(reading, at):
            inner = inner or [c for c in towns if c.group == "text" and self._names.inside(c.row, around)]
            inner = [c for c in inner if c.name_kind == OWN_NAME or not any(near(c, city) for city in behind)]
            if not (inner or opens_as_city(reading.segments[at + 1].text)):
                cities = [c for c in behind if not c.in_region or self._names.inside(c.row, around[:1])]
                limit_cities_of_region(cities, around[0], None, root=False)
            return inner, bool(inner)
        if inner:
            return [c for c in towns if c.group != "text" or any(c is town for town in inner)], True
        is_area = at + 1 < len(reading.segments) and bool(reading.areas_in(at + 1))
        is_inside = self._is_in_region_behind(towns, behind, _VILLAGE if is_area else _TOWN)
        if is_inside or self._is_at_post_code(towns, reading, at + 1):
            return towns, True
        areas = reading.regions_at(at + 1)
        in_area = bool(areas) and any(self._names.inside(c.row, areas) for c in towns)
        is_town = at == 0 and self._opens_before_city(towns, reading, behind)  # however far: Rockford, Chicago, IL
        inner = towns if in_area or is_town else without_namesakes_of_quarters(towns, behind)
        return inner, not reading.segments[at].organisation and self._has_suburb(inner, reading, behind)

    def _in_county(self, towns: list[Candidate], reading: Reading, at: int, around: int) -> list[Candidate]:
        """Return the places in the second-level region that another segment is: Aspe, Alicante is not the city.

        With the word for their kind also in one of the first level: Fengxian District, Shanghai. Of several those to
        which the fewest other main towns are nearer: Tangxia, Dongguan is not that of Jiangmen.
        """
        areas = [region for number, region in reading.regions if number == around]
        by_kind = any(map(_is_by_kind, towns)) and not reading.states_at(at)
        counties = tuple(region for region in areas if region.admin2 or by_kind)
        if not counties or len({region.economy for region in areas}) > 1:  # León (León) is in Spain or Nicaragua
            return []
        kinds = BELIEVED | {VILLAGE} if reading.counties_at(around) else BELIEVED
        in_counties = [town for town in towns if town.group == "text" and self._names.inside(town.row, counties)]
        inside = [town for town in in_counties if town.name_kind in kinds] or [
            town for town in in_counties if town.name_kind == SHORT_NAME and town.people > _TOWN
        ]
        if len({county.name for county in counties}) > 1:
            return inside  # Yorkshire, which is several
        nearer = [min(county.nearer_main_towns(c.lat_e7, c.lon_e7) for county in counties) for c in inside]
        return [c for c, others in zip(inside, nearer, strict=True) if others == min(nearer)]

    def _in_region_further(
        self, towns: list[Candidate], reading: Reading, at: int, behind: list[Candidate]
    ) -> list[Candidate]:
        """Return the places of a segment with the word for their kind in the region behind the next segment.

        None where that names a place of the region: Lili Town, Wujiang, Suzhou.
        """
        if not any(map(_is_by_kind, towns)) or any(not c.outside_region for c in behind) or reading.regions_at(at + 1):
            return []
        return self._in_county(towns, reading, at, at + 2)

    def in_place_behind(
        self, towns: list[Candidate], reading: Reading, at: int, behind: list[Candidate], city: list[Candidate]
    ) -> list[Candidate]:
        """Return those places of a segment that lie in the place named behind it.

        中央区 is in 神戸市, if that is behind it, and not in Tokyo; Kasuga in Kashiwazaki-shi.

        city : receives the places of a segment that is a city by its last syllable.
        """
        if city:
            return [c for c in towns if any(near(c, around) for around in city)]
        if reading.city_kind(at):
            city += [c for c in towns if c.group == "text"]
        name = "".join(part.text for part in reading.segments[at + 1 : at + 2])
        is_ward = behind and name.endswith("市") and _WARD.search(reading.segments[at].text)
        return self._in_their_regions(towns, behind) if is_ward else towns

    def _in_their_regions(self, towns: list[Candidate], behind: list[Candidate]) -> list[Candidate]:
        """Return places without those in other first-level regions than places that are named behind them."""
        region = self._names.table.admin1
        homes = {(c.economy, region[c.row]) for c in behind if c.group == "text"}
        return [c for c in towns if c.group != "text" or (c.economy, region[c.row]) in homes]

    def _is_in_region_behind(self, towns: list[Candidate], behind: list[Candidate], least: float) -> bool:
        """Say whether a town lies around a place behind it that may be its region: Southport, Merseyside.

        Where second-level regions are listed, a city is no region, unless the name is only another of its names.
        least : log10 of its inhabitants.
        """
        listed = regions.with_second_level()
        wide = [c for c in behind if c.group == "text" and not (c.name_kind == OWN_NAME and c.economy in listed)]
        return any(self._is_around(town, c, least) for town in towns for c in wide)

    @staticmethod
    def _has_suburb(towns: list[Candidate], reading: Reading, behind: list[Candidate]) -> bool:
        """Say whether a town lies in the surroundings of a city behind it: 5 Foo Road, Waltham Abbey, London.

        A pair of words that may be a person's name leaves a small town unsure, so that the city stays.
        """
        cities = [c for c in behind if c.group == "text" and c.name_kind == OWN_NAME and not c.outside_region]
        whole = [c for c in towns if c.group == "text" and c.name_kind == OWN_NAME and c.people > _SMALL_TOWN]
        sure = [c for c in whole if is_sure_in_pair(c, reading)]
        return any(is_suburb(town, city) for town in sure for city in cities)

    @staticmethod
    def _opens_before_city(towns: list[Candidate], reading: Reading, behind: list[Candidate]) -> bool:
        """Say whether a text is a town of a state, a city of it, and nothing but that behind: Acton, Boston, MA.

        Where addresses end in states such a city is the metropolitan area.
        """
        ends = range(2, len(reading.segments))
        states = [n for n in ends if any(region.economy in STATES_OF for region in reading.states_at(n))]
        if not states or any(n not in states and n != reading.country_at for n in ends):
            return False
        whole = [c for c in towns if c.features[0].startswith("text: whole")]  # not Folsom and 7th
        return any(map(_is_in_state, whole)) and any(map(_is_in_state, behind))

    def opens_with_region(self, reading: Reading, at: int, behind: list[Candidate]) -> bool:
        """Say whether a segment is a first-level region and the next a town of it: Piura, Sechura, Peru."""
        states = reading.states_at(at)
        if not states or reading.states_at(at + 1):
            return False
        towns = (c for c in behind if c.group == "text" and c.name_kind in BELIEVED and c.people > _TOWN)
        return any(self._names.inside(town.row, states) for town in towns)

    @staticmethod
    def _is_at_post_code(towns: list[Candidate], reading: Reading, at: int) -> bool:
        """Say whether a town lies in the region that a segment is, and where its post code is."""
        area = reading.post_area(at) if reading.states_at(at) else None
        stated = (town for town in towns if town.group == "text" and town.in_region)
        return area is not None and any(area.contains(town.lat_e7, town.lon_e7) for town in stated)

    def _is_around(self, town: Candidate, city: Candidate, least: float) -> bool:
        table = self._names.table
        is_town = town.group == "text" and town.name_kind == OWN_NAME and town.people > least
        same = (town.economy, table.admin1[town.row]) == (city.economy, table.admin1[city.row])
        return is_town and same and distance_km(town, city) < _AROUND_KM and is_around(town, city)


def _before_city_and_country(
    towns: list[Candidate], reading: Reading, at: int, behind: list[Candidate]
) -> list[Candidate]:
    """Return the town that opens a text of town, city and country between dashes: Chippenham - London - GBR."""
    if at or not reading.before_city_and_country():
        return []
    cities = [c for c in behind if c.group == "text" and not c.outside_region]
    whole = [c for c in towns if c.group == "text" and c.people >= _SMALL_TOWN and c.name_kind in BELIEVED]
    gaps = [min((distance_km(c, city) for city in cities), default=math.inf) for c in whole]
    return [c for c, gap in zip(whole, gaps, strict=True) if gap == min(gaps) and gap <= _METROPOLITAN_KM]


def _is_by_kind(c: Candidate) -> bool:
    """Say whether a place has its name without the word for a kind of place behind or before it: Lili Town."""
    return c.features[0].endswith(KIND_REMOVED)


def _is_in_state(c: Candidate) -> bool:
    """Say whether a place has the name for its own, 1,000 inhabitants, and lies in the stated region."""
    is_town = c.group == "text" and c.name_kind == OWN_NAME and c.people > _SMALL_TOWN
    return is_town and c.in_region


def _regions_behind(reading: Reading, at: int) -> tuple[Region, ...]:
    """Return the second-level regions behind a segment that is an area in them."""
    homes = () if reading.segments[at].organisation or at + 1 == len(reading.segments) else reading.areas_in(at)
    if not homes:
        return ()
    behind = reading.segments[at + 1].text
    named = reading.regions_at(at + 1) or (regions.find(behind, homes[0]) if HAN.search(behind) else ())
    return tuple(region for region in named if region.admin2 and region.economy in homes)


def _without_suburbs(places: list[Candidate]) -> list[Candidate]:
    """Return places without suburbs of a name and those outside the stated region: Plano is near another Dallas."""
    return [c for c in places if c.name_kind != VILLAGE and not c.outside_region]
