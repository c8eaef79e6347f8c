"""Limits to seats and cities far from the post code that a text ends in: Ben Gurion Univ., IL-84990 Sede Boqer."""

from collections.abc import Sequence

from hubrank.core.sphere import ONE_PLACE_KM, near_e7
from hubrank.geocoding.evidence.areas_alone import is_in_regions
from hubrank.geocoding.evidence.candidate import REGION_BEHIND, Candidate
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.gazetteer.name_variants import KIND_REMOVED
from hubrank.geocoding.gazetteer.post_areas import area, district
from hubrank.geocoding.gazetteer.post_points import last_point

_AT_MOST = 0.5
_FAR_KM = 25.0  # the campus of a university is as far from its post code as that, where no town there is named
_TOWN_KM = 10.0  # from a town to its post code


def limit_far_from_last_code(reading: Reading, places: list[Candidate], seats: list[Candidate]) -> None:
    """Limit seats far from the last post code, or out of the area of the post code that opens the last part.

    So are places called like a region that stands behind other words, which rather is the region (Kamioka, Gifu 506),
    or like a quarter (2-1 Takamatsu-cho), and all where a town at the code is named.

    What stands behind that is the town; where it is known, the place itself is a candidate.
    """
    if reading.post_codes() and (spot := _spot_of_code(reading)) and (seats or places):
        towns = [c for c in places if c.group == "text" and near_e7(c.lat_e7, c.lon_e7, *spot, _TOWN_KM)]
        is_named = any(not c.outside_region for c in towns)
        inside = [*seats, *(c for c in places if c.group == "inside")]
        others = (c for c in places if c.group == "text" and (is_named or _is_like_region(c) or _is_quarter(c)))
        least = ONE_PLACE_KM if is_named else _FAR_KM
        far = [c for c in inside if not near_e7(c.lat_e7, c.lon_e7, *spot, least)]
        far += [c for c in others if not near_e7(c.lat_e7, c.lon_e7, *spot, _FAR_KM)]
        for c in far if far and is_in_regions(spot, reading) else ():
            c.at_most = min(c.at_most, _AT_MOST)
    at = len(reading.segments) - 1
    while at > 0 and (at == reading.country_at or (reading.regions_at(at) and at not in reading.before)):
        at -= 1
    if at < 1 or not reading.segments[at].behind_post_code:
        return
    for seat in seats:
        if not _may_have_code(seat, reading.segments[at].post_codes):
            seat.at_most = min(seat.at_most, _AT_MOST)


def _may_have_code(seat: Candidate, codes: Sequence[str]) -> bool:
    """Say whether a seat is near the last of some post codes, or where that is not known in the area of one."""
    if spot := last_point(codes, (seat.economy,)):
        return near_e7(seat.lat_e7, seat.lon_e7, *spot, _FAR_KM)
    around = area(codes, seat.economy)
    return around is not None and around.contains(seat.lat_e7, seat.lon_e7)


def _is_like_region(c: Candidate) -> bool:
    """Say whether a place is called like a region that stands behind other words."""
    return any(feature.startswith(REGION_BEHIND) for feature in c.features)


def _is_quarter(c: Candidate) -> bool:
    """Say whether a place is found by what stands before the word for a kind of place, as quarters have it, too."""
    return c.features[0].endswith(KIND_REMOVED)


def _spot_of_code(reading: Reading) -> tuple[int, int] | None:
    """Return where the last post code of a text is to within a town (1e-7 degree), None where that is not known."""
    codes, homes = reading.post_codes(), reading.economies or reading.codes
    around = district(codes[::-1], homes[0]) if homes else None
    return (around.lat_e7, around.lon_e7) if around else last_point(codes, homes)
