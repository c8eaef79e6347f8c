"""Areas no wider than a city, whose name or code is enough to say where an address is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.post_areas import district
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.gazetteer.surroundings import Surroundings

NO_WIDER = "an area no wider than a city"
_NINE_OF_TEN = 0.9  # codes of a district lie within the distance that is known of it


def alone(names: NameEvidence, row: int) -> Candidate:
    """Return a place that an area is no wider than. Its size is no evidence, as it has no rival."""
    return replace(names.candidate(row, "whole", []), features=[NO_WIDER], people=0.0, organisations=0.0, size=0.0)


def at_post_code(
    names: NameEvidence, where: Surroundings, texts: Sequence[str], codes: Sequence[str], *, in_column: bool
) -> list[Candidate]:
    """Return the middle of the district of a post code with letters, with the place nearest to it: RG6 5HZ, UK.

    None where texts state no country, nor a column, as a room's number is formed like a code (Building N2 1AA), or
    where the district is outside of a region that is stated.

    where : what columns state.
    """
    readings = [read(text, where) for text in texts if text and codes]
    named = (reading.economies for reading in readings if reading.country_at >= 0 > reading.doubtful_at)
    homes = where.economies if in_column else next(named, ())
    around = district(codes, homes[0]) if homes else None
    if around is None:
        return []
    row = int(nearest_places(np.array([around.lat_e7]), np.array([around.lon_e7]))[0][0])
    middle = replace(alone(names, row), lat_e7=around.lat_e7, lon_e7=around.lon_e7, at_most=_NINE_OF_TEN)
    is_inside = _is_inside(middle, where.regions) and all(
        _is_inside(middle, tuple(region for other, region in reading.regions if other == at))
        for reading in readings
        for at, _ in reading.regions
    )
    return [middle] if is_inside and middle.economy in homes else []


def _is_inside(place: Candidate, regions: Sequence[Region]) -> bool:
    """Say whether a place lies in one of the regions of a name, or none is stated."""
    home, admin1 = gazetteer.home_of(place.row)
    return not regions or any(area.contains(home, admin1, place.lat_e7, place.lon_e7) for area in regions)
