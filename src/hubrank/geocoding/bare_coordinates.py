"""The short way for an address that is coordinates and nothing else: millions of them are answered at once."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.sphere import canonical
from hubrank.core.tables import ANSWER_SCHEMA
from hubrank.geocoding.answers import decimals
from hubrank.geocoding.contradictions import OFFSHORE
from hubrank.geocoding.evidence.candidate import Candidate
from hubrank.geocoding.evidence.coordinates import OFFSHORE_KM, distance_note, relate, usable
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.model import Model, judge, permille

_TEXTS = ("institution_id", "institution", "address", "city", "region", "country")


def mask(addresses: pa.Table) -> NDArray[np.bool_]:
    """Say which addresses are coordinates that mean a place, and nothing else."""
    there = pc.and_(pc.is_valid(addresses["lat_e7"]), pc.is_valid(addresses["lon_e7"]))
    for name in _TEXTS:
        there = pc.and_(there, pc.is_null(addresses[name]))
    alone = np.asarray(there.to_numpy(), bool)
    if alone.any():
        lat, lon = (addresses[name].fill_null(0).to_numpy() for name in ("lat_e7", "lon_e7"))
        alone &= usable(lat, lon)
    return alone


def answers(addresses: pa.Table, model: Model) -> pa.Table:
    """Return ANSWER for addresses that are coordinates alone, precision `site`."""
    lat, lon = canonical(*(addresses[name].to_numpy() for name in ("lat_e7", "lon_e7")))
    places = gazetteer.places()
    row, gap = gazetteer.nearest_places(lat, lon)
    near, far = (_probability(note, model) for note in (distance_note(0.0), distance_note(2 * OFFSHORE_KM)))
    columns = {
        "lat_e7": lat,
        "lon_e7": lon,
        "precision": pa.repeat("site", len(lat)),
        "geocoding_evidence": pa.repeat("coordinates", len(lat)),
        "location_probability": decimals(np.where(gap <= OFFSHORE_KM, near, far)),
        "gazetteer_id": places.geonames_id[row],
        "economy": [places.economy[place] for place in row.tolist()],
        "alternatives": pa.nulls(len(lat), ANSWER_SCHEMA.field("alternatives").type),
        "contradictions": [None if km <= OFFSHORE_KM else OFFSHORE for km in gap.tolist()],
    }
    return pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in ANSWER_SCHEMA], schema=ANSWER_SCHEMA)


def _probability(note: str, model: Model) -> int:
    """Return what the judge says of coordinates that stand alone, per mille."""
    spot = Candidate(0, 0, -1, "coordinates", "site", "", 0, "coordinates", [note])
    relate(spot, [], ())
    return permille(judge([spot], model)[0].probability)
