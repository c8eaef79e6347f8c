"""Limits to seats far from the post code that a text ends in: Ben Gurion Univ., IL-84990 Sede Boqer."""

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer.post_areas import area

_AT_MOST = 0.5


def limit_far_from_last_code(reading: Reading, seats: list[Candidate]) -> None:
    """Limit the probability of seats out of the area of the post code that opens the last part.

    What stands behind it is the town; where that is known, the place itself is a candidate.
    """
    at = len(reading.segments) - 1
    while at > 0 and (at == reading.country_at or (reading.regions_at(at) and at not in reading.before)):
        at -= 1
    if at < 1 or not reading.segments[at].behind_post_code:
        return
    for seat in seats:
        around = area(reading.segments[at].post_codes, seat.economy)
        if not (around and around.contains(seat.lat_e7, seat.lon_e7)):
            seat.at_most = min(seat.at_most, _AT_MOST)
