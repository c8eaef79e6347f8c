"""What the corrections of a study decided: who put which address where, and why; and which rows decided nothing."""

from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa

from hubrank.core.tables import ADDRESS_SCHEMA, Engine, Relation, schema
from hubrank.geocoding import answers, corrections
from hubrank.geocoding.corrected import answer_of
from hubrank.geocoding.corrections import Corrections, Decision
from hubrank.geocoding.shown_address import address_rows
from hubrank.sources.inputs import Inputs

SCHEMA = schema("""
    correction_line int32, text text?, institution_id text?, place text?, lat_e7 int?, lon_e7 int?, gazetteer_id int?,
    economy text?, who text, why text, source_rows int, listings int
""")
KEY = ("correction_line",)
_CORRECTED = """
SELECT correction_line, CAST(SUM(source_rows) AS BIGINT) AS source_rows, CAST(SUM(listings) AS BIGINT) AS listings
FROM addresses WHERE correction_line IS NOT NULL GROUP BY correction_line
"""


def used(inputs: Inputs, addresses: Relation, engine: Engine) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what edition.json says of the corrections, and their table with its key; nothing where there are none.

    addresses : Relation[ADDRESS_ROW, source_rows, listings].
    """
    if inputs.corrections is None:
        return {}, {}
    counted = {row["correction_line"]: row for row in engine.rows(_CORRECTED, addresses=addresses).to_pylist()}
    decided = corrections.of(inputs.corrections)
    account = used_lines(inputs.corrections.name, decided, counted)
    return {"corrections": account}, {"corrections": (_table(decided.decisions, counted), KEY)}


def used_lines(name: str, decided: Corrections, lines: Collection[int]) -> dict[str, Any]:
    """Return what an edition or a check says of a file of corrections, with the lines that put no address anywhere.

    name : of the file; lines : those that decided on an address.
    """
    decisions = decided.decisions
    in_use = [one for line, one in decisions.items() if line in lines]
    counts = corrections.counts(
        [one.target for one in in_use if one.text], [one.target for one in in_use if not one.text]
    )
    unused = [line for line in decisions if line not in lines]
    account = {"file": name, **decided.summary(), "used": counts}
    return account | ({"unused_lines": unused} if unused else {})


def _table(decisions: Mapping[int, Decision], counted: Mapping[int, Mapping[str, Any]]) -> pa.Table:
    """Return a row for each decision. counted : by line, what it decided on.

    A text is there as it may be shown: without streets, numbers and persons.
    """
    each = [*decisions.values()]
    texts = pa.Table.from_pylist([{"address": one.text or None} for one in each], ADDRESS_SCHEMA)
    rows = address_rows(texts, answers.table([answer_of(one.target) for one in each])).to_pylist()
    shown = [
        {
            **row,
            "text": ", ".join(filter(None, (row["organisation"], row["address"]))) or None,
            "institution_id": one.institution_id or None,
            "who": one.who,
            "why": one.why,
            **counted.get(row["correction_line"], {"source_rows": 0, "listings": 0}),
        }
        for row, one in zip(rows, each, strict=True)
    ]
    return pa.Table.from_pylist([{name: row[name] for name in SCHEMA.names} for row in shown], SCHEMA)
