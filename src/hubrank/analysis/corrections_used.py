"""Which rows of a table of corrections put no address anywhere: a text that no file has in this form."""

from collections.abc import Collection
from typing import Any

from hubrank.core.provenance import Input
from hubrank.core.tables import Engine, Relation
from hubrank.geocoding import corrections
from hubrank.geocoding.corrected import EVIDENCE
from hubrank.sources.inputs import Inputs

_CORRECTED = f"SELECT DISTINCT lat_e7, lon_e7 FROM addresses WHERE geocoding_evidence = '{EVIDENCE}'"


def account(inputs: Inputs, addresses: Relation, engine: Engine) -> dict[str, Any]:
    """Return what edition.json says of the corrections, {} where the study has none.

    addresses : Relation[ADDRESS_ROW].
    """
    if inputs.corrections is None:
        return {}
    corrected = engine.rows(_CORRECTED, addresses=addresses).to_pylist()
    return {"corrections": used_at(inputs.corrections, {(row["lat_e7"], row["lon_e7"]) for row in corrected})}


def used_at(file: Input, places: Collection[tuple[int | None, int | None]]) -> dict[str, Any]:
    """Return what an edition or a check says of a file of corrections, with the lines that put no address anywhere.

    places : where addresses were put by corrections. A row counts as used where some corrected address is at its place:
        of two rows for one place, of which one is used, none is named.
    """
    lines = corrections.read(file.path, file.name).lines.items()
    unused = [line for line, target in lines if (target.lat_e7, target.lon_e7) not in places]
    return corrections.of(file) | ({"unused_lines": unused} if unused else {})
