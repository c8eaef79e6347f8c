"""Limits to seats and cities far from the post code that a text ends in: Ben Gurion Univ., IL-84990 Sede Boqer."""

from hubrank.core.sphere import ONE_PLACE_KM, near_e7
from hubrank.geocoding.evidence.areas_alone import is_in_regions
from hubrank.geocoding.evidence.candidate import REGION_BEHIND, Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.gazetteer.post_points import last_point

_AT_MOST = 0.5
_FAR_KM = 25.0  # the campus of a university is as far from its post code as that, where no town there is named
_TOWN_KM = 10.0  # from a town to its post code


def limit_far_from_last_code(reading: Reading, places: list[Candidate], seats: list[Candidate]) -> None:
    """Limit seats far from the last post code, or out of the area of the post code that opens the last part.

    So are places called like a region that stands behind other words, which rather is the region: Kamioka, Gifu 506.

    What stands behind that is the town; where it is known, the place itself is a candidate.
    """
    doubtful = [*seats, *(c for c in places if c.group == "inside" or _is_like_region(c))]
    spot = last_point(reading.post_codes(), reading.economies or reading.codes) if doubtful else None
    if spot:
        is_named = any(c.group == "text" and near_e7(c.lat_e7, c.lon_e7, *spot, _TOWN_KM) for c in places)
        far = [c for c in doubtful if not near_e7(c.lat_e7, c.lon_e7, *spot, ONE_PLACE_KM if is_named else _FAR_KM)]
        for c in far if far and is_in_regions(spot, reading) else ():
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


def _is_like_region(c: Candidate) -> bool:
    """Say whether a place is called like a region that stands behind other words."""
    return any(feature.startswith(REGION_BEHIND) for feature in c.features)
