"""Which rows of a table of corrections put no address anywhere: a text that no file has in this form."""

from typing import Any

from hubrank.core.tables import Engine, Relation
from hubrank.geocoding import corrections
from hubrank.geocoding.corrected import EVIDENCE
from hubrank.sources.inputs import Inputs

_CORRECTED = f"SELECT DISTINCT lat_e7, lon_e7 FROM addresses WHERE geocoding_evidence = '{EVIDENCE}'"


def account(inputs: Inputs, addresses: Relation, engine: Engine) -> dict[str, Any]:
    """Return what edition.json says of the corrections, {} where the study has none.

    addresses : Relation[ADDRESS_ROW]. A row counts as used where some corrected address is at its place: of two rows
        for one place, of which one is used, none is named.
    """
    file = inputs.corrections
    if file is None:
        return {}
    decided = corrections.read(file.path, file.name)
    places = {(row["lat_e7"], row["lon_e7"]) for row in engine.rows(_CORRECTED, addresses=addresses).to_pylist()}
    unused = [line for line, target in decided.lines.items() if (target.lat_e7, target.lon_e7) not in places]
    summary = corrections.of(file) | ({"unused_lines": unused} if unused else {})
    return {"corrections": summary}
