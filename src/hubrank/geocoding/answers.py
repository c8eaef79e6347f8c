"""What a step answers: one row per address, as the schema of tables.py has it."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pyarrow as pa

from hubrank.core.tables import ANSWER_SCHEMA


class Answer(NamedTuple):
    """Where one address is, or as much of it as is known: the columns of ANSWER, in their order.

    Coordinates in 1e-7 degree.
    """

    lat_e7: int | None = None
    lon_e7: int | None = None
    precision: str | None = None
    geocoding_method: str | None = None
    geocoding_confidence_pct: int | None = None
    gazetteer_id: int | None = None
    economy: str | None = None


UNKNOWN = Answer()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking the million objects of the gazetteer while answers, no garbage, pile up.

    It halves the time of a look-up; answers are no cycles, so that nothing waits for the collector.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collected(found: Iterable[Answer]) -> pa.Table:
    """Return answers, found one by one, as a table of ANSWER_SCHEMA."""
    with _collector_at_rest():
        return table(list(found))


def table(answers: Sequence[Answer]) -> pa.Table:
    """Return answers as a table of ANSWER_SCHEMA, in their order."""
    if not answers:
        return ANSWER_SCHEMA.empty_table()
    columns = zip(*answers, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, ANSWER_SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=ANSWER_SCHEMA)
