"""All candidates of an address: what each kind of evidence finds, with notes on how they agree."""

from dataclasses import replace

from hubrank.core import countries
from hubrank.geocoding.evidence import coordinates
from hubrank.geocoding.evidence.areas_alone import alone, at_post_code
from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.city_column import UNKNOWN, CityColumn
from hubrank.geocoding.evidence.institutions import ABROAD, InstitutionEvidence
from hubrank.geocoding.evidence.names import OWN_NAME, VILLAGE, NameEvidence
from hubrank.geocoding.evidence.names_of_sites import limit_at_trial_sites
from hubrank.geocoding.evidence.phrases import limit_company, limit_in_phrase
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.regions_of_seats import WHOLE_NAMES, without_namesakes, without_organisations
from hubrank.geocoding.evidence.seats_and_codes import limit_far_from_last_code
from hubrank.geocoding.evidence.seats_and_places import (
    limit_far_seats,
    relate,
    seats_at_stated,
    stated_towns,
    without_namesakes_of_towns,
)
from hubrank.geocoding.evidence.segments import country_keys, segment
from hubrank.geocoding.evidence.text_places import TextPlaces
from hubrank.geocoding.evidence.towns_behind_names import limit_joined_towns, read_with_names
from hubrank.geocoding.evidence.unbound_pairs import limit_in_pair, limit_opening_part
from hubrank.geocoding.evidence.units import at_units
from hubrank.geocoding.evidence.unread_units import limit_behind_unread_unit
from hubrank.geocoding.evidence.whole_affiliations import whole_affiliations
from hubrank.geocoding.evidence.words_of_countries import note_country_of_words
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.lost_letters import restored
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.gazetteer.surroundings import Surroundings, is_county
from hubrank.geocoding.misplaced_values import Columns
from hubrank.geocoding.stated_columns import city_and_country, country_of_address, post_codes, stated
from hubrank.geocoding.text.native_addresses import joined_to_city, widest_level
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import codes_in
from hubrank.geocoding.text.several_places import may_be_several, one_place
from hubrank.geocoding.text.stated_countries import PAIR, country_or_state, is_state_code
from hubrank.geocoding.text.town_and_region import is_street_alone, with_state

_TELLING = 5  # characters of a post code that is no house's number
_NOT_IN_REGION = 0.5  # that a place is meant which lies in no region of the name beside it
_PIECES = 3  # affiliations in one text that are read until one says something

# What a text says, the places and the seats that it names.
TextCandidates = tuple[Reading, list[Candidate], list[Candidate]]


class CandidateFinder:
    """Finds the candidates of one address."""

    def __init__(self, names: NameEvidence | None, institutions: InstitutionEvidence | None) -> None:
        self.names = names
        self.institutions = institutions
        self._cities = CityColumn(names) if names else None
        self._texts = TextPlaces(names, self._cities, institutions) if names and self._cities else None

    def candidates(
        self,
        institution_id: str,
        institution: str,
        address: str,
        city: str,
        region: str,
        country: str,
        spot: Candidate | None = None,
    ) -> tuple[list[Candidate], Surroundings]:
        """Return every candidate of an address with its features, and what is stated of its surroundings."""
        if may_be_several(places := city or address):
            city, address = _with_one_place(city, address, one_place(places, countries.find_stated(country) or ""))
        institution, city = self._without_organisation_as_city(institution, city)
        city, country = city_and_country(city, country)
        where = stated(city, region, country, (institution, address))
        if not (city or country or where.economies) and is_state_code(region):  # as in one text
            institution = with_state(institution, region)
            address = address if is_street_alone(address) else with_state(address, region)
        city = restored(city, where.economies[:1])
        candidates: list[Candidate] = []
        in_city = self._joined_to_city(address, city, region, where)
        if city and self._cities and not in_city:
            candidates, where = self._places_of_column(self._cities, city, post_codes(city, address), where, country)
        of_columns, seats = where, list[Candidate]()
        if institution_id and self.institutions and (seat := self.institutions.by_id(institution_id)):
            seats.append(seat)
        candidates, where = self._with_texts((institution, address, city), in_city, where, candidates, seats)
        if open_seats := seats_at_stated(seats, candidates, where):
            candidates = without_namesakes_of_towns(candidates, open_seats)
            relate(candidates, open_seats)
            written = [code for code in (*codes_in(city), *codes_in(address)) if len(code) >= _TELLING]
            limit_far_seats(open_seats, candidates, replace(where, regions=of_columns.regions), written)
        candidates += seats
        if self.names and where.economies:
            candidates += self._only_city(self.names, where, candidates)
        if spot:
            coordinates.relate(spot, candidates, where.economies)
            candidates.append(spot)
        return candidates, where

    def at_post_code(self, texts: Columns) -> Candidate | None:
        """Return the middle of the post code of an address, None where it has none of which that is known."""
        _, institution, address, city, region, country = texts
        if self.names is None:
            return None
        city, country = city_and_country(city, country)
        where = stated(city, region, country, (institution, address))
        return at_post_code(self.names, where, (institution, address), city, in_column=bool(country))

    def _with_texts(
        self,
        stated_as: tuple[str, str, str],
        in_city: str,
        where: Surroundings,
        places: list[Candidate],
        seats: list[Candidate],
    ) -> tuple[list[Candidate], Surroundings]:
        """Return places with those of an organisation and its address, and what is stated then; a stated town binds.

        stated_as : organisation, address and city; in_city : the address and its city as one text, or "".

        Beside an address that states its country an organisation is read last, in that country, and what its name has
        counts at a stated town alone. The seats of organisations are added to `seats`.
        """
        institution, address, city = stated_as
        level = "" if city else widest_level(address)
        home = (where.economies or country_of_address(address)) if institution and address and not city else ()
        towns = stated_towns(places, where.economies[:1])
        for text in dict.fromkeys((address, institution) if home else (institution, in_city or address)):
            is_name = text == institution != address
            of_name = level if is_name else ""  # the place in the name is no address
            if text and (of_name or where.economies or key(text) not in UNKNOWN):
                around = replace(where, economies=home) if is_name and home else where
                more = list[Candidate]()
                of_column = of_name or ("" if text == in_city else city)
                behind = self._read(text, of_column, around, more, seats, named=text == institution)
                where = where if of_name or (is_name and home) else behind
                places = [*places, *(c for c in more if not towns or any(near(c, town) for town in towns))]
                towns = towns if is_name or city else stated_towns(more, home)
        for town in towns:
            town.binds = True
        return places, where

    def _joined_to_city(self, address: str, city: str, region: str, where: Surroundings) -> str:
        """Return an address that a county opens with its city as one text, "" where that names no place."""
        text = joined_to_city(address, city, region)
        return text if text and self._texts and self._texts.candidates(read(text, where), named=False) else ""

    def _without_organisation_as_city(self, institution: str, city: str) -> tuple[str, str]:
        """Return organisation and city, exchanged where the city is an organisation's name, with a word for one."""
        if institution or self.institutions is None or not (" " in city and segment(city).organisation):
            return institution, city
        is_place = self.names is not None and self.names.names.is_name(key(city))
        return ("", city) if is_place or not self.institutions.is_name(city) else (city, "")

    def _read(
        self,
        text: str,
        city: str,
        where: Surroundings,
        candidates: list[Candidate],
        seats: list[Candidate],
        *,
        named: bool,
    ) -> Surroundings:
        """Add the places and seats that a text names: those of its first affiliation that names any.

        named : whether it is an organisation's name, so that a word in it need not be a city.
        """
        reading = None
        if register := self.institutions:
            text = register.separate_names(text)
        for piece in whole_affiliations(text, self.institutions)[:_PIECES]:
            before, reading = reading, read_with_names(piece, where, self.institutions)
            if before and before.states_country():
                reading = reading if reading.economies else read(piece, Surroundings(before.economies, where.regions))
                if reading.economies[:1] != before.economies[:1]:  # another's
                    reading = before
                    break
            reading, more, others = self._places_and_seats(reading, city, named=named)
            if reading.doubtful_at >= 0 and not more and all(seat.is_similar for seat in others):
                certain = self._without_country(reading, piece, where, city, named=named)
                reading, more, others = certain or (reading, more, others)
            front, _, last = piece.rpartition(",")
            if front and not (where.economies or more or others) and (home := country_or_state(last)):
                # Nothing in the state is named: Caucasus University, Georgia.
                reading, more, others = self._places_and_seats(read(front, Surroundings((home,))), city, named=named)
            if len(reading.codes) > 1 and not (where.economies or any(c.in_region for c in more)):
                abroad = self._in_country_of_code((reading, more, others), piece, city, named=named)
                reading, more, others = abroad or (reading, more, others)
            if others and "(" in piece and self.institutions and self.institutions.economies_named(piece):
                more = []  # Cobham (United Kingdom) is registered so, and no village
            candidates += more
            seats += others
            if more or not all(seat.is_similar for seat in others):  # Dept of Physics; University of Zurich
                break
        return where if where.economies or reading is None else reading.surroundings()

    def _places_of_column(
        self, column: CityColumn, city: str, codes: tuple[str, ...], where: Surroundings, country: str
    ) -> tuple[list[Candidate], Surroundings]:
        """Return the places of a column of cities and what it and others state of their surroundings.

        codes : post codes in it and the address; country : as a column states it.
        """
        reading = None if where.economies else self._with_country(city, where)
        if (reading and self._is_region_alone(reading)) or _is_county(city, reading or where):
            return [], reading.surroundings() if reading else where
        if reading and self._texts and (places := self._texts.candidates(reading, named=False)):
            return places, reading.surroundings()
        stated = country_keys().get(key(city))
        if stated and stated in where.economies[1:]:
            where = Surroundings((stated,), where.regions)
        around = area(codes, where.economies[0]) if codes and where.economies else None
        cities = column.candidates(city, replace(where, post_area=around) if around else where)
        if where.regions and not country and not any(c.in_region for c in cities):
            where = Surroundings()  # a region of that name is elsewhere, too: Hasselt is not in the Dutch Limburg
            cities = column.candidates(city, where)
            for c in cities:  # the region rather has a place of the name that is not known
                c.at_most = min(c.at_most, _NOT_IN_REGION)
        is_other = any(c.name_kind not in (OWN_NAME, VILLAGE) for c in cities)  # Google, once Topeka
        if is_other and self.names and self.institutions and self.institutions.seats_named(city):
            cities = [c for c in cities if c.name_kind == VILLAGE or self.names.matches_own_name(c, key(city))]
        return cities, where

    def _with_country(self, city: str, where: Surroundings) -> Reading | None:
        """Return a city's column taken apart, where it states a country or region too: London UK; Brazil, Campinas."""
        if self.names is None or self.names.names.is_name(key(city)):
            return None
        reading = read(city, where)
        return reading if (reading.economies or reading.codes) and (reading.segments[1:] or reading.before) else None

    def _without_country(
        self, doubtful: Reading, text: str, where: Surroundings, city: str, *, named: bool
    ) -> TextCandidates | None:
        """Return what a text names if its doubtful country is none; None where that is no name or place in whole."""
        part, register = doubtful.segments[doubtful.doubtful_at], self.institutions
        if part.organisation and not (register and register.is_name(part.text)):
            return None
        again = self._places_and_seats(read(text, where, certain=True), city, named=named)
        return again if _named_in_whole(again[1], again[2]) else None

    def _in_country_of_code(
        self, in_state: TextCandidates, text: str, city: str, *, named: bool
    ) -> TextCandidates | None:
        """Return what a text names if the state's code that it ends in is a country's: Tel Aviv University (IL).

        None where that is no organisation's name in whole, or the state's country has one of that name.
        """
        code = in_state[0].segments[-1].text if in_state[0].segments else ""
        front, behind, _ = text.rpartition(code) if len(code) == PAIR else ("", "", "")
        home = countries.find(code) if behind else None
        agreeing = (seat for seat in in_state[2] if ABROAD not in seat.features and seat.features[0] in WHOLE_NAMES)
        if home is None or any(seat.economy != home for seat in agreeing):
            return None
        abroad = self._places_and_seats(read(front.rstrip(" ,("), Surroundings((home,))), city, named=named)
        return abroad if _named_in_whole([], abroad[2]) else None

    def _places_and_seats(self, reading: Reading, city: str, *, named: bool) -> TextCandidates:
        """Return a reading with the places and seats that it names; no places where a column has the city."""
        if not city and ((reading.street_alone and not named) or self._is_region_alone(reading)):
            return reading, [], []
        places = self._texts.candidates(reading, named=named) if self._texts and not city else []
        around = {key(city)} if city else set()
        name = reading.lone_name(named=named or bool(city))
        in_part = not name or (named and not any(c.group == "column" for c in places))
        seats = self.institutions.candidates(reading, around, in_part=in_part) if self.institutions else []
        if self.names and self.institutions:
            places = without_organisations(reading, places, self.institutions, self.names.names)
            places = without_namesakes(reading, places, seats, self.names.names)
            places, seats = at_units(reading, places, seats, self.names.names.table, self.institutions)
        if self.names:
            limit_behind_unread_unit(reading, places, seats, self.names.names)
            limit_joined_towns(reading, places, seats)
        limit_at_trial_sites(reading, seats)
        limit_company(reading, places, seats)
        if not (self.institutions and places and self.institutions.is_named_first(reading.segments[0].text)):
            limit_in_pair(reading, places, seats, named=named)
            limit_opening_part(reading, places, seats)
            limit_in_phrase(reading, places, seats, self.institutions)
        limit_far_from_last_code(reading, places, seats)
        if self.institutions:
            note_country_of_words(reading, [*places, *seats], self.institutions.similar)
        return reading, places, seats

    def _is_region_alone(self, reading: Reading) -> bool:
        """Say whether a text is a region by its word and its country, and no place has that for its own name."""
        if not (self.names and reading.economies and len(reading.segments) == 1 + (reading.country_at > 0)):
            return False
        name = reading.lone_name() or (reading.text_at(0) if reading.regions_at(0) else "")  # La Guajira Department
        if not name or name != reading.text_at(0) or not regions.is_wide(name, first_level=bool(reading.states_at(0))):
            return False
        places = self.names.named(key(name), Surroundings(reading.economies), "text", "")
        return not any(c.name_kind == OWN_NAME for c in places)

    @staticmethod
    def _only_city(names: NameEvidence, where: Surroundings, candidates: list[Candidate]) -> list[Candidate]:
        """Return the place of a stated economy or region that is no wider than a city, so that its name is enough."""
        row = gazetteer.city_state(where.economies[0])
        if row is None and where.regions:
            number = regions.cities().get(where.regions[0].first_level)
            row = gazetteer.places().row(number) if number else None
        whole = [] if row is None else [alone(names, row)]
        return [place for place in whole if not any(place.row == c.row for c in candidates)]


def _with_one_place(city: str, address: str, place: str) -> tuple[str, str]:
    """Return city and address with one place instead of several, as a city also where the address is nothing else."""
    return (place, address) if city else (place, "") if place != address else ("", address)


def _is_county(city: str, where: Reading | Surroundings) -> bool:
    """Say whether a column of cities is a county and its state: Orange County, California."""
    county, _, state = city.partition(",")
    home = where.economies[0] if state and where.economies else ""
    return home != "" and is_county(county.strip(), home) and bool(regions.find(state.strip(), home))


def _named_in_whole(places: list[Candidate], seats: list[Candidate]) -> bool:
    """Say whether a segment is in whole an organisation's name, or a place's in a region that is named too."""
    return any(seat.features[0] in WHOLE_NAMES for seat in seats) or any(
        place.group in ("text", "column") and place.in_region for place in places
    )
