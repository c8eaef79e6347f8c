"""How the seats of organisations and the places that a text names agree."""

from collections.abc import Sequence
from math import log10

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import BY_ID, CODED, TOWN_BEFORE, Candidate, distance_km, near
from hubrank.geocoding.evidence.institutions import ANOTHERS, CITY_IN_NAME
from hubrank.geocoding.evidence.names import OWN_NAME
from hubrank.geocoding.evidence.organisation_names import COMPANY
from hubrank.geocoding.evidence.regions_of_seats import WHOLE_NAMES
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.place_index import SETTLED
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.gazetteer.surroundings import Surroundings

_LARGE, _MIDDLING = 5.3, 4.3  # log10 of inhabitants
_UNKNOWN = log10(SETTLED)  # of a place whose inhabitants are not known
_NEAR_KM = 60
_CITY = 5.0  # log10 of inhabitants of a city whose name inside other words counts against an institution elsewhere
_AROUND = "a region around it is called so"
_FAR_KM = 100.0  # from the main town of a region
_OUT_KM = 65.0  # from the circle of nine of ten codes: 50 from the area, which reaches 15 beyond it
_FAR_SEAT = 0.5  # the most that a seat has that is so far away
_ENDS = ("text: whole of the later segment", "text: later segment, post code removed")
_WHOLE = (*_ENDS, "text: whole of the first segment", "text: first segment, post code removed", "column: as written")
_LAST, _BEFORE_LAST = "text: 0 places named to the right", "text: 1 places named to the right"
_OF_ONE_PLACE = "institution: of one place"
_STRONG = ("2 words", "3 words", "4 words")


def relate(places: list[Candidate], seats: list[Candidate]) -> None:
    """Note which seats lie at named places, and which do not."""
    stated = [c for c in places if c.group in ("text", "column") and not c.outside_region]
    for seat in seats:
        near_seat = [c for c in places if near(c, seat)]
        if not near_seat and CITY_IN_NAME in seat.features:
            seat.features.remove(CITY_IN_NAME)  # the city is no candidate itself, as Ulm and Hong Kong: no evidence
        seat.features += _seat_notes(seat, near_seat, stated, places)
        kind = "strong" if seat.features[1].endswith(_STRONG) or seat.features[0] == BY_ID else "weak"
        kind = "another's" if ANOTHERS in seat.features else kind
        for c in near_seat:
            note = f"{c.group}: {kind} institution has its seat there"
            if note not in c.features:
                c.features.append(note)
    for c in stated:
        if any(_is_in_named_region(seat, c) for seat in seats):
            c.features.append(f"{c.group}: called like the region of an institution's seat")
    for c in places:
        if not any("its seat there" in f for f in c.features):
            c.features.append(f"{c.group}: institutions have their seats elsewhere")


def without_namesakes_of_towns(places: list[Candidate], seats: list[Candidate]) -> list[Candidate]:
    """Return places without namesakes of the town in which an organisation is that is named in whole.

    Its name has the town in it (University of Missouri–Columbia), or it is of two words or more, no other has it, and
    the town is a part of the text as well (Kansas State University, Manhattan).
    """
    whole = [seat for seat in seats if seat.features[0] in WHOLE_NAMES]
    with_town = [seat for seat in whole if CITY_IN_NAME in seat.features]
    sure = [seat for seat in whole if _OF_ONE_PLACE in seat.features and seat.features[1].endswith(_STRONG)]
    namesakes = [*_namesakes(places, "inside", with_town), *_namesakes(places, "text", sure)]
    return [c for c in places if not any(c is other for other in namesakes)]


def _namesakes(places: list[Candidate], group: str, seats: list[Candidate]) -> list[Candidate]:
    """Return the places of a group with the own name of one of it at a seat, at none of these themselves.

    Not of one outside of the stated region, as another one is rather meant then.
    """
    of_group = [c for c in places if c.group == group] if seats else []
    at_seat = [any(near(c, seat) for seat in seats) for c in of_group]
    towns = (c for c, there in zip(of_group, at_seat, strict=True) if there and c.people > _UNKNOWN)
    names = {gazetteer.own_key(c.row) for c in towns if not c.outside_region} - {""}
    return [c for c, there in zip(of_group, at_seat, strict=True) if not there and gazetteer.own_key(c.row) in names]


def stated_towns(places: list[Candidate], economies: Sequence[str]) -> list[Candidate]:
    """Return the places that a column of cities or addresses of some economies states by their own name."""
    whole = [c for c in places if c.features[0] in _WHOLE and c.name_kind == OWN_NAME and not c.outside_region]
    return [c for c in whole if c.economy in economies and c.people > _UNKNOWN]


def seats_at_stated(seats: list[Candidate], places: list[Candidate], where: Surroundings) -> list[Candidate]:
    """Return seats but for those elsewhere than the town that ends an address before its country, which are no answer.

    Beside any other place of the country that is stated, but for those of companies by their first word alone:
    Medtronic Trading, Tolochenaz, Switzerland is not where Medtronic (Switzerland) has its office.
    """
    stated = [c for c in places if c.group in ("text", "column") and not c.outside_region]
    stated = [c for c in stated if c.economy in where.economies[:1] or CODED in c.features]
    if regions := [c for c in stated if TOWN_BEFORE in c.features]:  # Rio Claro, São Paulo, Brazil
        stated = [c for c in stated if not any(near(c, region) for region in regions)]
    last = _BEFORE_LAST if regions else _LAST
    if not any(c.binds for c in places):
        for town in _last_towns(stated, last):
            town.binds = True
    binds = any(c.binds for c in places)
    bound = [seat for seat in seats if stated and (binds or seat.features[0].endswith(COMPANY))]
    for seat in bound:
        if not any(near(seat, c) for c in stated):
            seat.at_most = 0.0
    return [seat for seat in seats if seat.at_most]


def _last_towns(stated: list[Candidate], last: str) -> list[Candidate]:
    """Return the towns that end an address, or those near them in the stated region right before: Moriguchi, Osaka."""
    towns = [c for c in stated if _ends_address(c, last)]
    before = [c for c in stated if c.features[0] in _WHOLE and c.name_kind == OWN_NAME and c.in_region]
    before = [c for c in before if c.people > _UNKNOWN and _BEFORE_LAST in c.features]
    return [c for c in before if any(near(c, town) for town in towns)] or towns


def _ends_address(c: Candidate, last: str) -> bool:
    """Say whether a place is a whole part of a text by its own name, behind others, and the last one.

    last : the feature of how many are named behind it.
    """
    is_last = c.features[0] in _ENDS and last in c.features
    return is_last and c.name_kind == OWN_NAME and c.people > _UNKNOWN


def limit_far_seats(seats: list[Candidate], places: list[Candidate], where: Surroundings, codes: Sequence[str]) -> None:
    """Limit seats far from what is stated beside them where no place is known: of a chain, of a namesake.

    That is 100 km from the main town of the second-level region in a column, or 50 km out of the area of the post code.

    codes : those in the city and the address.
    """
    towns = [(region.lat_e7, region.lon_e7) for region in where.regions if region.admin2]
    if not (codes or (towns and len(towns) == len(where.regions))):
        return
    if any(c.group in ("text", "column") and not c.outside_region for c in places):
        return
    for seat in seats:
        around = area(codes, seat.economy) if seat.economy in where.economies else None
        if around is None:
            far = bool(towns) and not any(near_e7(seat.lat_e7, seat.lon_e7, *town, _FAR_KM) for town in towns)
        else:
            far = not near_e7(seat.lat_e7, seat.lon_e7, around.lat_e7, around.lon_e7, around.km + _OUT_KM)
        if far and not any(near(c, seat) for c in places):
            seat.at_most = min(seat.at_most, _FAR_SEAT)


def limit_with_seats(place: Candidate, seats: list[Candidate], at_most: float) -> None:
    """Limit the probability of a place, and of the seats there of organisations that are named only in part."""
    in_part = (seat for seat in seats if seat.features[0] not in WHOLE_NAMES and near(seat, place))
    for limited in (place, *in_part):
        limited.at_most = min(limited.at_most, at_most)


def _seat_notes(
    seat: Candidate, near_seat: list[Candidate], stated: list[Candidate], places: list[Candidate]
) -> list[str]:
    """Return how a seat agrees with the places that a text names; `near_seat` are those that it is at."""
    if any(c in stated for c in near_seat):
        return ["institution: at a place the text names"]
    if stated and _is_in_named_region(seat, max(stated, key=lambda c: c.size)):
        return ["institution: in the region of the place named"]
    if near_seat:
        return ["institution: at a place named inside words"]
    return _distance_notes(seat, stated) if stated else _inner_city_notes(seat, places)


def _inner_city_notes(seat: Candidate, places: list[Candidate]) -> list[str]:
    """Return how a seat lies to cities named inside other words, none of which it is at."""
    cities = [c for c in places if c.group == "inside" and c.people > _CITY]
    if not cities:
        return ["institution: no place named"]
    where = "elsewhere" if any(c.economy == seat.economy for c in cities) else "in another country"
    name = "a whole name" if seat.features[0] in WHOLE_NAMES else "a name"
    return [f"institution: {name}, {where} than a city named inside words"]


def _is_in_named_region(seat: Candidate, place: Candidate) -> bool:
    """Say whether a seat lies in the region that a place shares its name with: Stony Brook University, New York."""
    places = gazetteer.places()
    row = places.row(seat.geonames_id) if seat.geonames_id else None
    if row is None or not any(note.startswith(_AROUND) for note in place.features) or place.row >= len(places.name):
        return False
    same = (places.economy[place.row], places.admin1[place.row]) == (places.economy[row], places.admin1[row])
    return same and not near(seat, place)


def _distance_notes(seat: Candidate, stated: list[Candidate]) -> list[str]:
    """Return how far a seat is from the stated places, none of which it is at."""
    nearest = min(distance_km(c, seat) for c in stated)
    most = max(c.people for c in stated)
    size = "large" if most > _LARGE else "middling" if most > _MIDDLING else "small"
    nowhere = any("text: no country" in c.features for c in stated)
    return [
        f"institution: {'15 to 60 km' if nearest < _NEAR_KM else 'far'} from the nearest place named",
        f"institution: elsewhere than the {size} place named{', no country stated' if nowhere else ''}",
    ]
