"""Why an address is where it is: what every step says of it, and which answer stands."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA, PRECISIONS, Geocoder
from hubrank.geocoding.answers import Answer
from hubrank.geocoding.gazetteer import gazetteer


@dataclass(frozen=True, slots=True)
class Said:
    """What one step says of an address. `place` is the gazetteer's name; `why` a sentence; `stands` for the answer."""

    step: str
    answer: Answer
    place: str
    stands: bool
    why: str


def _place(answer: Answer) -> str:
    """Return the gazetteer's name of an answer: `Cambridge, MA, US`."""
    row = gazetteer.places().row(answer.gazetteer_id) if answer.gazetteer_id else None
    if row is None:
        return ""
    known = gazetteer.places()
    state = known.admin1[row] if known.economy[row] == "US" else ""
    return ", ".join(part for part in (known.name[row], state, known.economy[row]) if part)


def _why(answer: Answer, min_precision: str, winner: str) -> str:
    """Say why an answer stands, or why it does not."""
    if answer.precision is None:
        return "knows nothing of it"
    found = (
        f"found by {answer.geocoding_method}, {answer.geocoding_confidence_pct} % sure, known to the {answer.precision}"
    )
    if answer.lat_e7 is None or PRECISIONS.index(answer.precision) > PRECISIONS.index(min_precision):
        return f"{found}: too coarse, the study asks for {min_precision} or finer"
    if winner:
        return f"{found}: not asked, {winner} comes first and answers"
    return f"{found}: the first step that answers finely enough"


def explain(address: dict[str, object], steps: Iterable[Geocoder], min_precision: str = "city") -> list[Said]:
    """Return what each step says of one address (keys of ADDRESS; others may be missing), in the order of the steps."""
    asked = pa.Table.from_pylist([{name: address.get(name) for name in ADDRESS_SCHEMA.names}], ADDRESS_SCHEMA)
    said: list[Said] = []
    winner = ""
    for step in steps:
        row = step.locate(asked).cast(ANSWER_SCHEMA).to_pylist()[0]
        answer = Answer(**row)
        why = _why(answer, min_precision, winner)
        stands = why.endswith("finely enough")
        said.append(Said(step.name, answer, _place(answer), stands, why))
        winner = step.name if stands else winner
    return said
