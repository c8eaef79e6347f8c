"""What of the evidence of an address disagrees with the place that it was put in, or with itself (METHOD 2)."""

from collections.abc import Iterator, Sequence

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import BY_ID, INSIDE, OUTSIDE, Candidate, near
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import Surroundings

OFFSHORE = "coordinates are far from every place"
OUTSIDE_COUNTRY = "place lies outside the stated country"
OUTSIDE_REGION = "place lies outside the stated region"
SEAT_ELSEWHERE = "institution has its seat elsewhere"
FAR_COORDINATES = "coordinates are far from the place named"
# What features of coordinates mean for a reader.
OF_COORDINATES = {
    "coordinates: far from every place": OFFSHORE,
    "coordinates: far from the nearest place named": FAR_COORDINATES,
    "coordinates: in another country than stated": "coordinates lie in another country than stated",
}
SEAT_FAR = "institution: far from the nearest place named"
ONE_PLACE, LONG = "institution: of one place", ("institution: 2 words", "institution: 3 words", "institution: 4 words")
_FAR_KM = 60.0  # from the place of an address to coordinates or a seat that are elsewhere


def contradictions(
    best: Candidate,
    candidates: list[Candidate],
    where: Surroundings,
    seats: Sequence[tuple[int, int]] = (),
) -> str | None:
    """Return what disagrees, joined by "; "; None where nothing does.

    best : the answer; candidates : all of the address; where : what is stated of its surroundings.
    seats : latitude and longitude (1e-7 degree) of the organisations of the stated name.
    """
    conflicts = {*_conflicts(best, candidates, where)}
    if seats and not any(near_e7(best.lat_e7, best.lon_e7, *seat, _FAR_KM) for seat in seats):
        conflicts.add(SEAT_ELSEWHERE)
    return "; ".join(sorted(conflicts)) or None


def _conflicts(best: Candidate, candidates: list[Candidate], where: Surroundings) -> Iterator[str]:
    for one in candidates:
        if one.source == "coordinates":
            yield from (OF_COORDINATES[note] for note in one.features if note in OF_COORDINATES)
            if not near_e7(one.lat_e7, one.lon_e7, best.lat_e7, best.lon_e7, _FAR_KM):
                yield FAR_COORDINATES  # a namesake may be near them
        elif SEAT_FAR in one.features and _is_sure(one) and not near(one, best):
            yield SEAT_ELSEWHERE
    if where.economies and best.economy not in where.economies:
        yield OUTSIDE_COUNTRY
    # Inside a city a region says nothing more.
    if where.regions and INSIDE not in best.features and gazetteer.city_state(best.economy) is None:
        notes_at_place = {note for one in candidates if near(one, best) for note in one.features}
        if OUTSIDE in notes_at_place and INSIDE not in notes_at_place:
            yield OUTSIDE_REGION


def _is_sure(seat: Candidate) -> bool:
    """Say whether an institution is named by its id, or by several words that no institution elsewhere has."""
    return seat.features[0] == BY_ID or (ONE_PLACE in seat.features and not set(LONG).isdisjoint(seat.features))
