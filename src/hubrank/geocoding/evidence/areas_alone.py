"""Areas no wider than a city, whose name or code is enough to say where an address is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hubrank.geocoding.evidence.candidate import Candidate, near
from hubrank.geocoding.evidence.names import NameEvidence
from hubrank.geocoding.gazetteer.nearest import nearest_places
from hubrank.geocoding.gazetteer.post_areas import district
from hubrank.geocoding.gazetteer.surroundings import Surroundings

NO_WIDER = "an area no wider than a city"
_NINE_OF_TEN = 0.9  # codes of a district lie within the distance that is known of it


def alone(names: NameEvidence, row: int) -> Candidate:
    """Return a place that an area is no wider than. Its size is no evidence, as it has no rival."""
    return replace(names.candidate(row, "whole", []), features=[NO_WIDER], people=0.0, organisations=0.0, size=0.0)


def at_post_code(
    names: NameEvidence, where: Surroundings, codes: Sequence[str], candidates: list[Candidate]
) -> list[Candidate]:
    """Return the middle of the district of a post code with letters, with the place nearest to it: RG6 5HZ.

    None where a candidate is near it.
    """
    around = district(codes, where.economies[0]) if codes else None
    if around is None:
        return []
    row = int(nearest_places(np.array([around.lat_e7]), np.array([around.lon_e7]))[0][0])
    middle = replace(alone(names, row), lat_e7=around.lat_e7, lon_e7=around.lon_e7, at_most=_NINE_OF_TEN)
    return [] if any(near(middle, c) for c in candidates) else [middle]
