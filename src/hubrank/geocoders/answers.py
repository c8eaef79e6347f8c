"""What a step answers: one row per address, as the schema of tables.py has it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from hubrank.tables import ANSWER_SCHEMA


@dataclass(frozen=True, slots=True)
class Answer:
    """Where one address is, or as much of it as is known. Coordinates in 1e-7 degree; score in percent."""

    lat_e7: int | None = None
    lon_e7: int | None = None
    precision: str | None = None
    method: str | None = None
    score: int | None = None
    gazetteer_id: int | None = None
    economy: str | None = None


UNKNOWN = Answer()


def table(answers: Sequence[Answer]) -> pa.Table:
    """Return answers as a table of ANSWER_SCHEMA, in their order."""
    columns = [pa.array([getattr(answer, field.name) for answer in answers], field.type) for field in ANSWER_SCHEMA]
    return pa.Table.from_arrays(columns, schema=ANSWER_SCHEMA)
