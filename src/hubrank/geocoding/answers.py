"""What the resolver answers: one row per address, as the schema of the core has it."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pyarrow as pa

from hubrank.core.tables import ANSWER_SCHEMA

Alternative = tuple[int, int, int | None, str | None, int]  # latitude, longitude, GeoNames id, economy, probability


class Answer(NamedTuple):
    """Where one address is, or as much of it as is certain: the columns of ANSWER, in their order.

    Coordinates in 1e-7 degree; probabilities per mille. `alternatives` are places that are less likely.
    """

    lat_e7: int | None = None
    lon_e7: int | None = None
    precision: str | None = None
    evidence: str | None = None
    probability_pm: int | None = None
    gazetteer_id: int | None = None
    economy: str | None = None
    alternatives: tuple[Alternative, ...] | None = None


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
    *columns, alternatives = zip(*answers, strict=True)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, ANSWER_SCHEMA, strict=False)]
    return pa.Table.from_arrays([*arrays, _alternatives(alternatives)], schema=ANSWER_SCHEMA)


def _alternatives(lists: Sequence[tuple[Alternative, ...] | None]) -> pa.Array:
    """Return the alternatives as lists of records; most answers have none, so only the others are walked."""
    kind = ANSWER_SCHEMA.field("alternatives").type
    names = [kind.value_type.field(n).name for n in range(kind.value_type.num_fields)]
    return pa.array([[dict(zip(names, one, strict=True)) for one in many] if many else many for many in lists], kind)
