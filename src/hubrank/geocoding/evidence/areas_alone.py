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
Spot = tuple[int, int]
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
    named = (one.economies or one.codes for one in readings if one.country_at >= 0 > one.doubtful_at)
    homes = where.economies if in_column else next(named, ())
    around = district(codes, homes[0]) if homes else None
    spot = (around.lat_e7, around.lon_e7) if around else last_point(codes, homes or _economies(where, readings))
    if spot is None:
        return None
    place = alone(names, _nearest(spot))
    middle = replace(place, lat_e7=spot[0], lon_e7=spot[1], at_most=_NINE_OF_TEN, features=[AT_POST_CODE])
    is_inside = _is_inside(spot, where.regions) and all(is_in_regions(spot, reading) for reading in readings)
    return middle if is_inside and middle.economy in (homes or _economies(where, readings)) else None


def _economies(where: Surroundings, readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the economies that columns state, or else the country or region of a text."""
    regions = (region.economy for reading in readings for _, region in reading.regions)
    return where.economies or next((one.economies for one in readings if one.economies), tuple(regions))


def is_in_regions(spot: Spot, reading: Reading) -> bool:
    """Say whether coordinates (1e-7 degree) are in the regions that a text states: of each name in one."""
    of_names: dict[int, list[Region]] = {}
    for at, region in reading.regions:
        of_names.setdefault(at, []).append(region)
    return all(_is_inside(spot, of_name) for of_name in of_names.values())


def _is_inside(spot: Spot, regions: Sequence[Region]) -> bool:
    """Say whether coordinates are in one of the regions of a name, or none is stated."""
    home, admin1 = gazetteer.home_of(_nearest(spot)) if regions else ("", "")
    return not regions or any(area.contains(home, admin1, *spot) for area in regions)


def _nearest(spot: Spot) -> int:
    """Return the row of the place that is nearest to coordinates."""
    return int(nearest_places(*(np.array([degrees]) for degrees in spot))[0][0])
