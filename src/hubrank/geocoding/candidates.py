"""Every candidate of an address, raised by all kinds of evidence and set against each other."""

import re
from dataclasses import replace

from hubrank.geocoding.evidence import coordinates
from hubrank.geocoding.evidence.candidate import Candidate, distance_km, near
from hubrank.geocoding.evidence.free_text import TextEvidence
from hubrank.geocoding.evidence.institutions import ANOTHERS, CITY_IN_NAME, InstitutionEvidence
from hubrank.geocoding.evidence.names import VILLAGE, NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.regions_of_seats import WHOLE_NAMES, without_namesakes
from hubrank.geocoding.evidence.segments import country_keys
from hubrank.geocoding.evidence.similar_names import LIKE
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Where, around_city, regions_of_town, without_echo
from hubrank.geocoding.text.affiliations import affiliations
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.post_codes import codes_in
from hubrank.geocoding.text.stated_countries import PAIR, country_or_state, economies_around

_PIECES = 3  # affiliations in one text that are read until one says something
_LARGE, _MIDDLING = 5.3, 4.3  # log10 of inhabitants
_NEAR_KM = 60
_CITY = 5.0  # log10 of inhabitants of a city whose name inside other words counts against an institution elsewhere
_ALIKE, _ONE_ERROR = re.compile(r"alike (\d+) %"), 94  # percent that a long word with one error is alike
FAR_GUESS = "a guess that a country alone does not support"
_AROUND = "a region around it is called so"
_STRONG = ("2 words", "3 words", "4 words")

Raised = tuple[Reading, list[Candidate], list[Candidate]]  # what a text says, the places and the seats that it names


class Raiser:
    """Raises the candidates of one address."""

    def __init__(self, names: NameEvidence | None, institutions: InstitutionEvidence | None) -> None:
        self.names = names
        self._text = TextEvidence(names, institutions) if names else None
        self.institutions = institutions

    def candidates(
        self,
        institution_id: str,
        institution: str,
        address: str,
        city: str,
        region: str,
        country: str,
        spot: Candidate | None = None,
    ) -> tuple[list[Candidate], Where]:
        """Return every candidate of an address with its features, and what is stated of its surroundings."""
        where = _of_town(region, city) if city and region and not country else None
        where = where or around_city(city, region, country)
        if city and not where.economies:
            where = _of_code(region, city) if region else where
            where = where if where.economies else _of_texts(where, (institution, address))
        candidates: list[Candidate] = []
        if city and self.names:
            candidates, where = self._of_city(self.names, city, (*codes_in(city), *codes_in(address)), where, country)
        seats: list[Candidate] = []
        if institution_id and self.institutions and (seat := self.institutions.by_id(institution_id)):
            seats.append(seat)
        for text in dict.fromkeys((institution, address)):
            if text:
                where = self._read(text, city, where, candidates, seats, named=text is institution)
        relate(candidates, seats)
        candidates += seats
        if self.names and where.economies:
            candidates += self._whole(self.names, where, candidates)
        if spot:
            coordinates.relate(spot, candidates, where.economies)
            candidates.append(spot)
        return candidates, where

    def _read(
        self, text: str, city: str, where: Where, candidates: list[Candidate], seats: list[Candidate], *, named: bool
    ) -> Where:
        """Add what a text names, of several affiliations the first that says something.

        named : whether it is an organisation's name, so that a word in it need not be a city.
        """
        reading = None
        text = self.institutions.general_words_mended(text) if self.institutions else text
        for piece in self._affiliations(text)[:_PIECES]:
            before, reading = reading, read(piece, where)
            if before and before.states_country():
                reading = reading if reading.economies else read(piece, Where(before.economies, where.regions))
                if reading.economies[:1] != before.economies[:1]:  # another's
                    reading = before
                    break
            reading, more, others = self._raised(reading, city, named=named)
            if reading.doubtful_at >= 0 and not (more or any(not seat.features[0].startswith(LIKE) for seat in others)):
                certain = self._without_country(reading, piece, where, city, named=named)
                reading, more, others = certain or (reading, more, others)
            front, _, last = piece.rpartition(",")
            if front and not (where.economies or more or others) and (home := country_or_state(last)):
                # Nothing in the state is named: Caucasus University, Georgia.
                reading, more, others = self._raised(read(front, Where((home,))), city, named=named)
            candidates += more
            seats += others
            if more or others:
                break
        return where if where.economies or reading is None else _surroundings(reading)

    def _of_city(
        self, names: NameEvidence, city: str, codes: tuple[str, ...], where: Where, country: str
    ) -> tuple[list[Candidate], Where]:
        """Return the places of a column of cities and what it and others state of their surroundings.

        codes : post codes in it and the address; country : as a column states it.
        """
        reading = None if where.economies else self._with_country(city, where)
        if reading and (places := self._places(reading, named=False)):
            return places, _surroundings(reading)
        stated = country_keys().get(key(city))
        if stated and stated in where.economies[1:]:
            where = Where((stated,), where.regions)
        around = area(codes, where.economies[0]) if codes and where.economies else None
        cities = names.city(city, replace(where, post_area=around) if around else where)
        if where.regions and not country and not any(c.features[2] == "region: inside" for c in cities):
            where = Where()  # a region of that name is elsewhere, too: Hasselt is not in the Dutch Limburg
            cities = names.city(city, where)
        return cities, where

    def _with_country(self, city: str, where: Where) -> Reading | None:
        """Return what a city's column says that states a country or region, too: London UK, Brazil, Campinas."""
        if self.names is None or self.names.names.is_name(key(city)):
            return None
        reading = read(city, where)
        states = bool(reading.economies or reading.codes)
        return reading if states and (len(reading.segments) > 1 or reading.before) else None

    def _affiliations(self, text: str) -> list[str]:
        """Return the affiliations of a text; a name without commas that is not registered belongs to what follows.

        Perelman Center for Advanced Medicine; University of Pennsylvania, Philadelphia, Pennsylvania, United States.
        """
        pieces = affiliations(text)
        first = next((at for at, piece in enumerate(pieces) if "," in piece), 0)
        fronts = pieces[:first]
        if self.institutions is None or any(self.institutions.is_name(front) for front in fronts):
            return pieces
        return [", ".join(pieces[: first + 1]), *pieces[first + 1 :]]

    def _without_country(self, doubtful: Reading, text: str, where: Where, city: str, *, named: bool) -> Raised | None:
        """Read a text without the country that may be none; None unless it is a part of a name, or a name follows."""
        part = doubtful.segments[doubtful.doubtful_at]
        if part.organisation and not (self.institutions and self.institutions.is_name(part.text)):
            return None
        again = self._raised(read(text, where, certain=True), city, named=named)
        return again if _named_in_whole(again[1], again[2]) else None

    def _raised(self, reading: Reading, city: str, *, named: bool) -> Raised:
        """Return a reading with the places and the seats that it names; a city in a column is the place."""
        places = self._places(reading, named=named) if not city else []
        around = {key(city)} if city else set()
        name = reading.lone_name(named=named or bool(city))
        in_part = not name or (named and not any(c.group == "column" for c in places))
        seats = self.institutions.candidates(reading, around, in_part=in_part) if self.institutions else []
        if self.names:
            places = without_namesakes(reading, places, seats, self.names.names)
        return reading, places, seats

    def _places(self, reading: Reading, *, named: bool) -> list[Candidate]:
        """Return the places that a text may name; a name with nothing but its region and country is a city's.

        In an organisation's name it is a city's only as it is written, and where an organisation is registered by it
        only that of a city that is called so itself: Frankfurt am Main, but no Google in Kansas.
        """
        if self._text is None or self.names is None:
            return []
        name = reading.lone_name(named=named) if reading.economies else ""
        if not name:
            return self._text.candidates(reading, named=named)
        regions = (region for number, region in reading.regions if number != 0 or 0 in reading.before)
        around = Where(reading.economies, tuple(regions), reading.post_area(0))
        cities = self._cities(self.names, name, around)
        again = self._country_again(reading)
        if again and not any(map(_is_written, cities)):
            elsewhere = tuple(region for region in around.regions if region not in again)
            cities = self.names.city(name, replace(around, regions=elsewhere))
            if any(map(_is_written, cities)):
                return cities
        if not cities and (len(reading.segments) == 1 or self._is_organisation(name)):
            return self._text.candidates(reading, named=named)
        if named:
            cities = [c for c in cities if c.group == "column"]
            if self.institutions is not None and self.institutions.is_name(name):
                cities = [c for c in cities if self.names.is_called_so(c, key(name))]
            elif not cities:
                return self._text.candidates(reading, named=named)
        sure = any(c.group == "column" and c.features[2] == "region: inside" for c in cities)
        first = 0 if around.post_area else 1  # a street may stand before the town
        return (
            cities
            if sure
            else cities + self._text.candidates(reading, first=first, named=named or any(map(_is_written, cities)))
        )

    def _cities(self, names: NameEvidence, name: str, around: Where) -> list[Candidate]:
        """Return the places of a name in a text, none that is mended or a part of it where it is an organisation's."""
        cities = names.city(name, around)
        if any(map(_is_written, cities)):
            return cities
        if self._is_organisation(name):
            return [c for c in cities if c.group == "part" and c.features[2] == "region: inside"]
        if not (around.regions or around.post_area):
            for c in cities:
                if _is_far_guess(c, name):
                    c.features.append(FAR_GUESS)
        return cities

    def _is_organisation(self, name: str) -> bool:
        """Say whether a name is an organisation's by its words or the register."""
        return self.institutions is not None and self.institutions.tells_organisation(name)

    @staticmethod
    def _country_again(reading: Reading) -> list[Region]:
        """Return the regions that may be the country written once more: Tampico, Mexico, Mexico."""
        segments, home = reading.segments, reading.economies[0]
        named = (pair for pair in reading.regions if 0 < pair[0] < reading.country_at)
        return [region for at, region in named if country_keys().get(segments[at].key) == home]

    @staticmethod
    def _whole(names: NameEvidence, where: Where, candidates: list[Candidate]) -> list[Candidate]:
        """Return the place of an economy or a region that is no wider than a city, so that its name says enough."""
        row = gazetteer.city_state(where.economies[0])
        if row is None and where.regions:
            number = regions.cities().get((where.regions[0].economy, where.regions[0].admin1))
            row = gazetteer.places().row(number) if number else None
        if row is None:
            return []
        # How large it is says nothing: there is no other.
        features = ["an economy no wider than a city"]
        sized = names.candidate(row, "whole", [])
        whole = replace(sized, features=features, people=0.0, organisations=0.0, size=0.0)
        return [] if any(near(whole, c) for c in candidates) else [whole]


def _is_written(city: Candidate) -> bool:
    """Say whether a place is called like a column says, and not outside of its region."""
    return city.group == "column" and city.features[2] != "region: outside"


def _is_far_guess(city: Candidate, name: str) -> bool:
    """Say whether a place is a village for a mended word or a part of a name, or for one word of it with errors."""
    if city.group == "misspelt part":
        alike = _ALIKE.search(city.features[0])
        return alike is not None and int(alike[1]) < _ONE_ERROR
    village = city.features[1] == VILLAGE or city.row >= len(gazetteer.places().name)
    return village and (city.group == "part" or (city.group == "misspelt" and " " not in name))


def _of_code(region: str, city: str) -> Where:
    """Return the states of two letters in which a city lies, where no country is stated."""
    homes = economies_around(region, key(city)) if len(region) == PAIR and region.isupper() else ()
    return Where(homes, tuple(state for home in homes for state in regions.find(region, home)))


def _of_town(region: str, city: str) -> Where | None:
    """Return the regions of a name or code in which a city lies, where no country is stated: Boston, Lincolnshire."""
    areas = regions_of_town(region, key(city)) if len(region) > PAIR else ()
    areas = without_echo(areas, region, city)
    return Where(tuple(sorted({area.economy for area in areas})), areas) if areas else None


def _of_texts(where: Where, texts: tuple[str, str]) -> Where:
    """Return the country that a text beside a city states for sure: CSIC, Spain."""
    readings = (read(text, where) for text in texts if text)
    sure = (reading.economies for reading in readings if reading.economies and reading.doubtful_at < 0)
    return Where(next(sure, ()), where.regions)


def _named_in_whole(places: list[Candidate], seats: list[Candidate]) -> bool:
    """Say whether a segment is in whole an organisation's name, or a place's in a region that is named too."""
    return any(seat.features[0] in WHOLE_NAMES for seat in seats) or any(
        place.group in ("text", "column") and place.features[2] == "region: inside" for place in places
    )


def _surroundings(reading: Reading) -> Where:
    """Return what a text says of the surroundings."""
    return Where(reading.economies, tuple(region for _, region in reading.regions))


def relate(places: list[Candidate], seats: list[Candidate]) -> None:
    """Note which seats lie at named places, and which do not."""
    if not seats:
        return
    stated = [c for c in places if c.group in ("text", "column") and c.features[2] != "region: outside"]
    for seat in seats:
        here = [c for c in places if near(c, seat)]
        if not here and CITY_IN_NAME in seat.features:
            seat.features.remove(CITY_IN_NAME)  # not raised as a place, as Ulm and Hong Kong: no doubt either
        seat.features += _seat_notes(seat, here, stated, places)
        kind = "strong" if seat.features[1].endswith(_STRONG) or seat.features[0] == "institution: id" else "weak"
        kind = "another's" if ANOTHERS in seat.features else kind
        for c in here:
            note = f"{c.group}: {kind} institution has its seat there"
            if note not in c.features:
                c.features.append(note)
    for c in stated:
        if any(_in_its_region(seat, c) for seat in seats):
            c.features.append(f"{c.group}: called like the region of an institution's seat")
    for c in places:
        if not any("its seat there" in f for f in c.features):
            c.features.append(f"{c.group}: institutions have their seats elsewhere")


def _seat_notes(seat: Candidate, here: list[Candidate], stated: list[Candidate], places: list[Candidate]) -> list[str]:
    """Return how a seat agrees with the places that a text names; `here` are those that it is at."""
    if any(c in stated for c in here):
        return ["institution: at a place the text names"]
    if stated and _in_its_region(seat, max(stated, key=lambda c: c.size)):
        return ["institution: in the region of the place named"]
    if here:
        return ["institution: at a place named inside words"]
    return _apart(seat, stated) if stated else _of_cities(seat, places)


def _of_cities(seat: Candidate, places: list[Candidate]) -> list[str]:
    """Return how a seat lies to the cities that have their names inside other words and none of which it is at."""
    cities = [c for c in places if c.group == "inside" and c.people > _CITY]
    if not cities:
        return ["institution: no place named"]
    where = "elsewhere" if any(c.economy == seat.economy for c in cities) else "in another country"
    name = "a whole name" if seat.features[0] in WHOLE_NAMES else "a name"
    return [f"institution: {name}, {where} than a city named inside words"]


def _in_its_region(seat: Candidate, place: Candidate) -> bool:
    """Say whether a seat lies in the region that is called like a place: Stony Brook University, New York."""
    places = gazetteer.places()
    row = places.row(seat.geonames_id) if seat.geonames_id else None
    if row is None or not any(note.startswith(_AROUND) for note in place.features) or place.row >= len(places.name):
        return False
    same = (places.economy[place.row], places.admin1[place.row]) == (places.economy[row], places.admin1[row])
    return same and not near(seat, place)


def _apart(seat: Candidate, stated: list[Candidate]) -> list[str]:
    """Return how a seat lies to places that are stated and none of which it is at."""
    nearest = min(distance_km(c, seat) for c in stated)
    most = max(c.people for c in stated)
    size = "large" if most > _LARGE else "middling" if most > _MIDDLING else "small"
    nowhere = any("text: no country" in c.features for c in stated)
    return [
        f"institution: {'15 to 60 km' if nearest < _NEAR_KM else 'far'} from the nearest place named",
        f"institution: elsewhere than the {size} place named{', no country stated' if nowhere else ''}",
    ]
