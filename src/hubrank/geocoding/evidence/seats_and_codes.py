"""Limits to seats and cities far from the post code that a text ends in: Ben Gurion Univ., IL-84990 Sede Boqer."""

from hubrank.core.sphere import near_e7
from hubrank.geocoding.evidence.candidate import REGION_BEHIND, Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.gazetteer.post_points import last_point

_AT_MOST = 0.5
_FAR_KM = 25.0  # the campus of a university is as far from its post code as that


def limit_far_from_last_code(reading: Reading, places: list[Candidate], seats: list[Candidate]) -> None:
    """Limit seats far from the last post code, or out of the area of the post code that opens the last part.

    So are places called like a region that stands behind other words, which rather is the region: Kamioka, Gifu 506.

    What stands behind that is the town; where it is known, the place itself is a candidate.
    """
    like_regions = [c for c in places if any(feature.startswith(REGION_BEHIND) for feature in c.features)]
    limited = [*seats, *like_regions]
    spot = last_point(reading.post_codes(), reading.economies or reading.codes) if limited else None
    for c in limited:
        if spot and not near_e7(c.lat_e7, c.lon_e7, *spot, _FAR_KM):
            c.at_most = min(c.at_most, _AT_MOST)
    at = len(reading.segments) - 1
    while at > 0 and (at == reading.country_at or (reading.regions_at(at) and at not in reading.before)):
        at -= 1
    if at < 1 or not reading.segments[at].behind_post_code:
        return
    for seat in seats:
        around = area(reading.segments[at].post_codes, seat.economy)
        if not (around and around.contains(seat.lat_e7, seat.lon_e7)):
            seat.at_most = min(seat.at_most, _AT_MOST)
