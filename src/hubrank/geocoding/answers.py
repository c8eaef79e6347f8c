"""What the resolver answers: one row per address, as the schema of the core has it."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.tables import ADDRESS_TEXTS, ANSWER_SCHEMA
from hubrank.geocoding.misplaced_values import Columns, rearranged
from hubrank.geocoding.text.contacts import SIGNS_OF_CONTACTS, without_last_contacts
from hubrank.geocoding.text.former_places import SIGNS_OF_PARENTHESES, without_former_places, without_remark
from hubrank.geocoding.text.machine_text import SIGNS_OF_MACHINES, SIGNS_OF_WIDTH, decoded, of_usual_width
from hubrank.geocoding.text.marks import SIGNS_OF_MARKS, without_marks

_SIGNS = f"{SIGNS_OF_MACHINES}|{SIGNS_OF_MARKS}|{SIGNS_OF_WIDTH}"  # what stands in texts that programs wrote
_SIGNS_OF_NO_PLACE = f"{SIGNS_OF_CONTACTS}|{SIGNS_OF_PARENTHESES}"
Alternative = tuple[int, int, int | None, str | None, int]  # latitude, longitude, GeoNames id, economy, probability


class Answer(NamedTuple):
    """Where one address is, or as much of it as is certain: the columns of ANSWER.

    Coordinates in 1e-7 degree; probabilities per mille. `alternatives` are places that are less likely;
    `contradictions` what of the evidence disagrees, joined by "; "; `registered_organisation` the name, in the
    register, of the organisation that the address names; `correction_line` the line of the table of corrections that
    decided.
    """

    lat_e7: int | None = None
    lon_e7: int | None = None
    precision: str | None = None
    geocoding_evidence: str | None = None
    probability_pm: int | None = None
    gazetteer_id: int | None = None
    economy: str | None = None
    alternatives: tuple[Alternative, ...] | None = None
    contradictions: str | None = None
    registered_organisation: str | None = None
    correction_line: int | None = None


UNKNOWN = Answer()


def texts_of(addresses: pa.Table) -> Iterator[Columns]:
    """Yield the texts of each address, each in the column to which it belongs."""
    for texts in zip(*(address_texts(addresses, name) for name in ADDRESS_TEXTS), strict=True):
        yield rearranged(*texts)


def address_texts(addresses: pa.Table, name: str) -> list[str]:
    """Return a column of addresses without blanks around, "" for null, what programs wrote as persons would."""
    column = addresses[name]
    if column.null_count == len(column):
        return [""] * len(column)
    trimmed = pc.utf8_trim_whitespace(column.fill_null(""))
    written: list[str] = trimmed.to_pylist()
    for at in pc.indices_nonzero(pc.match_substring_regex(trimmed, _SIGNS)).to_pylist():
        written[at] = of_usual_width(without_marks(decoded(written[at])))
    for at in pc.indices_nonzero(pc.match_substring_regex(trimmed, _SIGNS_OF_NO_PLACE)).to_pylist():
        written[at] = without_last_contacts(without_remark(without_former_places(written[at])))
    return written


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
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


def collect(answers: Iterable[Answer]) -> pa.Table:
    """Return answers, found one by one, as a table of ANSWER_SCHEMA."""
    with _without_garbage_collection():
        return table(list(answers))


def table(answers: Sequence[Answer]) -> pa.Table:
    """Return answers as a table of ANSWER_SCHEMA, in their order."""
    if not answers:
        return ANSWER_SCHEMA.empty_table()
    columns = dict(zip(Answer._fields, zip(*answers, strict=True), strict=True))
    probability = decimals(columns.pop("probability_pm"))
    alternatives = _alternatives(columns.pop("alternatives"))
    arrays = {name: pa.array(column, ANSWER_SCHEMA.field(name).type) for name, column in columns.items()}
    arrays |= {"location_probability": probability, "alternatives": alternatives}
    return pa.Table.from_arrays([arrays[name] for name in ANSWER_SCHEMA.names], schema=ANSWER_SCHEMA)


def decimals(permille: Sequence[int | None] | pa.Array) -> pa.Array:
    """Return probabilities per mille as decimals of three digits after the point."""
    kind = ANSWER_SCHEMA.field("location_probability").type
    numbers = pa.array(permille, pa.int64())
    halves = np.zeros((len(numbers), 2), np.int64)  # a decimal is the number without its point, in 16 bytes
    halves[:, 0] = numbers.fill_null(0).to_numpy()
    return pa.Array.from_buffers(kind, len(numbers), [numbers.buffers()[0], pa.py_buffer(halves)])


def _alternatives(lists: Sequence[tuple[Alternative, ...] | None]) -> pa.Array:
    """Return the alternatives as lists of records; most answers have none, so only the others are walked."""
    kind = ANSWER_SCHEMA.field("alternatives").type
    names = [kind.value_type.field(at).name for at in range(kind.value_type.num_fields)]
    return pa.array([[_record(names, one) for one in places] if places else None for places in lists], kind)


def _record(names: list[str], alternative: Alternative) -> dict[str, object]:
    """Return an alternative by the names of its fields."""
    *place, permille = alternative
    return dict(zip(names, [*place, Decimal(permille).scaleb(-3)], strict=True))


def sorted_rows(addresses: pa.Table) -> NDArray[np.int64]:
    """Return the rows of addresses by country, region and city.

    What one address reads of the gazetteer is then still in the processor's cache for the next: a look-up takes a fifth
    less time.
    """
    by = [(name, "ascending") for name in reversed(ADDRESS_TEXTS)]
    return np.asarray(pc.sort_indices(addresses, sort_keys=by).to_numpy(), np.int64)


def are_coordinates(addresses: pa.Table) -> bool:
    """Return whether addresses have coordinates alone, which are answered sooner than looked up."""
    return all(addresses[name].null_count == len(addresses) for name in ADDRESS_TEXTS)
