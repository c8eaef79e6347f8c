"""What is read of the works and institutions of OpenAlex, and how parts of a file are passed on."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.sphere import Ints

_PLACE = {"id": "VARCHAR", "display_name": "VARCHAR", "ror": "VARCHAR", "country_code": "VARCHAR"}
_TOPIC = {"field": {"display_name": "VARCHAR"}, "domain": {"display_name": "VARCHAR"}}
WORK = {
    "id": "VARCHAR",
    "publication_year": "INTEGER",
    "updated_date": "VARCHAR",
    "type": "VARCHAR",
    "is_retracted": "BOOLEAN",
    "is_paratext": "BOOLEAN",
    "is_xpac": "BOOLEAN",
    "primary_topic": _TOPIC,
    "authorships": [
        {
            "institutions": [_PLACE],
            "countries": ["VARCHAR"],
            "raw_affiliation_strings": ["VARCHAR"],
            "raw_affiliation_string": "VARCHAR",
        }
    ],
}
_CORE = {"primary_location": {"source": {"is_core": "BOOLEAN"}}}  # these are parsed only where they are needed
_CITED = {
    "citation_normalized_percentile": {"value": "VARCHAR"},
    "cited_by_percentile_year": {"min": "INTEGER", "max": "INTEGER"},
}
INSTITUTION = {"id": "VARCHAR", "updated_date": "VARCHAR", "geo": {"latitude": "VARCHAR", "longitude": "VARCHAR"}}
CONCEPTS = [{"display_name": "VARCHAR", "level": "INTEGER", "score": "DOUBLE"}]  # before topics there were these
BEST = "list_sort([{{less: -c.score, name: c.display_name}} FOR c IN {concepts} IF c.level = 0])[1].name"


class Part(NamedTuple):
    """A part of a file, as rows of the database.

    sql : reads them. file : the name of the file that they are in.
    authorships : of each row, in the shape of WORK, where the database has only lists as long as they are, as it takes
        three times as long to hand on what is nested; None where it has them. source_row : of each row, ascending.
    """

    sql: str
    file: str
    authorships: pa.ListArray | None
    source_row: Ints

    def with_authorships(self, rows: pa.Table) -> pa.Table:
        """Return rows of the database with their authorships. rows : Table[source_row, authorships, …]."""
        if self.authorships is None:
            return rows
        there = self.authorships
        if len(rows) < len(there):
            there = there.take(pa.array(np.searchsorted(self.source_row, rows["source_row"].to_numpy())))
        return rows.set_column(rows.column_names.index("authorships"), "authorships", there)


def work_shape(*, core: bool, weighed: bool) -> dict[str, object]:
    """Return what is read of a work. core : the flag of its source too; weighed : its percentiles of citations too."""
    return {**WORK, **(_CORE if core else {}), **(_CITED if weighed else {})}


def as_long_as(lists: pa.ListArray) -> pa.ListArray:
    """Return lists of nothing of the same lengths."""
    nothing = pa.nulls(lists.offsets[-1].as_py(), pa.bool_())
    return pa.ListArray.from_arrays(lists.offsets, nothing, mask=pc.is_null(lists))


def sql_type(shape: object) -> str:
    """Write a shape as DuckDB's type."""
    if isinstance(shape, dict):
        return "STRUCT(" + ", ".join(f"{name} {sql_type(inner)}" for name, inner in shape.items()) + ")"
    if isinstance(shape, list):
        return sql_type(shape[0]) + "[]"
    return str(shape)
