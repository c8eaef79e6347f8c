"""Areas no wider than a city, whose name or code is enough to say where an address is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.evidence.reading import Reading
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.post_areas import district
from hubrank.geocoding.gazetteer.post_points import last_point
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from hubrank.geocoding.text.post_codes import codes_in

NO_WIDER = "an area no wider than a city"
AT_POST_CODE = "the middle of a post code"
_NINE_OF_TEN = 0.9  # codes lie within the distance that is known of their district or point


def alone(names: NameEvidence, row: int) -> Candidate:
    """Return a place that an area is no wider than. Its size is no evidence, as it has no rival."""
    return replace(names.candidate(row, "whole", []), features=[NO_WIDER], people=0.0, organisations=0.0, size=0.0)


def at_post_code(
    names: NameEvidence, where: Surroundings, texts: Sequence[str], city: str, *, in_column: bool
) -> Candidate | None:
    """Return the middle of a post code, with the place nearest to it: RG6 5HZ, UK; 600 Mountain Avenue, NJ 07974.

    None where neither a text states a country nor a column, nor, of a code of digits, a region; as a room's number may
    be formed like a code (Building N2 1AA). None where it is outside of a region that is stated.

    where : what columns state; texts : an organisation and its address; city : as in its column.
    """
    readings = [read(text, where) for text in texts if text]
    codes = [*codes_in(city), *(code for reading in readings for code in reading.post_codes())]
    if not codes:
        return None
    named = (one.economies for one in readings if one.country_at >= 0 > one.doubtful_at)
    homes = where.economies if in_column else next(named, ())
    around = district(codes, homes[0]) if homes else None
    spot = (around.lat_e7, around.lon_e7) if around else last_point(codes, homes or _economies(where, readings))
    if spot is None:
        return None
    row = int(nearest_places(*(np.array([degrees]) for degrees in spot))[0][0])
    middle = replace(alone(names, row), lat_e7=spot[0], lon_e7=spot[1], at_most=_NINE_OF_TEN, features=[AT_POST_CODE])
    is_inside = _is_inside(middle, where.regions) and all(
        _is_inside(middle, tuple(region for other, region in reading.regions if other == at))
        for reading in readings
        for at, _ in reading.regions
    )
    return middle if is_inside and middle.economy in (homes or _economies(where, readings)) else None


def _economies(where: Surroundings, readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the economies that columns state, or else the country or region of a text."""
    regions = (region.economy for reading in readings for _, region in reading.regions)
    return where.economies or next((one.economies for one in readings if one.economies), tuple(regions))


def _is_inside(place: Candidate, regions: Sequence[Region]) -> bool:
    """Say whether a place lies in one of the regions of a name, or none is stated."""
    home, admin1 = gazetteer.home_of(place.row)
    return not regions or any(area.contains(home, admin1, place.lat_e7, place.lon_e7) for area in regions)
