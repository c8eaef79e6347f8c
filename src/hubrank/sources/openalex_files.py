"""The files of an OpenAlex snapshot: works and institutions, as far as they are needed here."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.core.errors import DataError
from hubrank.core.files import file_states
from hubrank.core.remote import InputFile
from hubrank.core.sphere import Ints
from hubrank.core.tables import Files, Ledger
from hubrank.sources.formats.archives import Member, members
from hubrank.sources.formats.columns import TableSpec, tables
from hubrank.sources.formats.json_lines import documents
from hubrank.sources.formats.json_nested import nested_rows
from hubrank.sources.formats.lines import UTF8_MARK
from hubrank.sources.formats.parquet_rows import batches, is_parquet, opened
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import reader_connection

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
DELETED = TableSpec("list of deleted works", {"id": "work_id"}, frozenset({"id"}))
LIST_PARTS = {"list", "element", "item", "array", "bag", "array_element"}
PAGES = "results[*]"  # where the answers of the API have what they list
_IS_PAGE = re.compile(rb'\s*\[?\s*\{\s*"(meta|results|group_by|groups)"\s*:').match
_BEGINNING = 100  # bytes that show whether it is one
ROWS = 4_000  # works at a time: some have thousands of authors
ROWS_OF_PARQUET = 8_000  # planning the statement that judges them took a third of the time for half as many


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


# Of several versions of an institution the latest counts.
INSTITUTIONS = """
SELECT id, degrees(lat) AS lat, degrees(lon) AS lon
FROM (SELECT w.id AS id, w.updated_date AS updated, w.geo.latitude AS lat, w.geo.longitude AS lon FROM parsed)
WHERE id IS NOT NULL AND lat IS NOT NULL AND lon IS NOT NULL AND where_fault(lat, lon) IS NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY updated DESC NULLS LAST, lat, lon) = 1
ORDER BY id
"""


def institutions(files: Files) -> pa.Table:
    """Return columns id, lat, lon (degrees) of a study's institutions; cached for the next file of works."""
    paths = files.roles.get("institutions", ())
    return _institutions(tuple((path, files.name(path), file_states(path)) for path in paths))


@lru_cache(maxsize=2)
def _institutions(paths: tuple[tuple[InputFile, str, object], ...]) -> pa.Table:
    with reader_connection() as connection:
        connection.execute(f"CREATE TEMP TABLE parsed (w {_sql_type(INSTITUTION)})")
        for path, name, _ in paths:
            for part in parts(path, name, INSTITUTION, None, connection):
                connection.execute(f"INSERT INTO parsed SELECT w FROM ({part.sql}) WHERE fine")
        return connection.sql(INSTITUTIONS).to_arrow_table()


def deleted(files: Files, options: ReaderOptions) -> pa.Table:
    """Return column id: the works that OpenAlex deleted after the copy was made, as `deleted_ids.csv` lists them."""
    paths = tuple((path, files.name(path), file_states(path)) for path in files.roles.get("deleted", ()))
    return _deleted(paths, options.encoding, options.delimiter)


@lru_cache(maxsize=2)
def _deleted(paths: tuple[tuple[InputFile, str, object], ...], encoding: str | None, delimiter: str | None) -> pa.Table:
    lists = (member for path, name, _ in paths for member in members(path, name))
    tables_of = tables(lists, lambda _: DELETED, None, ReaderOptions(encoding=encoding, delimiter=delimiter))
    ids = [number for part in tables_of for number in pc.extract_regex(part["id"], r"(?P<id>W\d+)$").to_pylist()]
    return pa.table({"id": pa.array([f"https://openalex.org/{one['id']}" for one in ids if one], pa.string())})


def parts(
    path: InputFile,
    name: str,
    shape: Mapping[str, object],
    ledger: Ledger | None,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[Part]:
    """Load a file into the database part by part.

    The columns of a part are source_row, w (a `shape`, null where the line could not be parsed), fine (whether it is an
    object) and concept: the best concept of level 0, of works without a topic; they were written before 2024.
    """
    if is_parquet(path):
        yield from _parquet(path, name, shape, ledger, connection)
        return
    for member in members(path, name):
        parsed = _parsed(_documents(member, ledger, connection), shape, connection)
        for rows in _of_size(parsed, ROWS):
            flat, authorships = _apart(rows) if "authorships" in shape else (rows, None)
            connection.register("rows", flat)
            yield Part("FROM rows", member.name, authorships, rows["source_row"].to_numpy())


def _parsed(
    documents: Iterator[pa.Table], shape: Mapping[str, object], connection: duckdb.DuckDBPyConnection
) -> Iterator[pa.Table]:
    """Parse lines of JSON by their shape. Nothing else is in the statement: planning it takes as long as running it."""
    sql = f"""
    SELECT source_row, w, w IS NOT NULL AND CASE WHEN starts_with(line, '{{') THEN TRUE
        ELSE starts_with(ltrim(line), '{{') END AS fine, {_concept_in_json(shape)} AS concept
    FROM (SELECT source_row, line, TRY(json_transform(line, '{json.dumps(shape)}')) AS w FROM lines)"""
    for lines in documents:
        connection.register("lines", lines)
        yield connection.sql(sql).to_arrow_table()


def _of_size(tables: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Join tables until they have so many rows at least; the last has what is left."""
    joined: list[pa.Table] = []
    for table in tables:
        joined.append(table)
        if sum(map(len, joined)) >= rows:
            yield pa.concat_tables(joined).combine_chunks()
            joined = []
    if joined:
        yield pa.concat_tables(joined).combine_chunks()


def _apart(rows: pa.Table) -> tuple[pa.Table, pa.ListArray]:
    """Return parsed rows with lists of nothing in place of authorships, and these."""
    works = rows["w"].combine_chunks()
    fields = {field.name: pc.struct_field(works, field.name) for field in works.type}
    authorships = fields["authorships"]
    fields["authorships"] = _as_long_as(authorships)
    flat = pa.StructArray.from_arrays([*fields.values()], [*fields], mask=pc.is_null(works))
    return rows.set_column(rows.column_names.index("w"), "w", flat), authorships


def _documents(member: Member, ledger: Ledger | None, connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Return the documents of a file, or those that pages of the API list, one page or one a line."""
    first = b""
    for piece in member.pieces:
        first += piece
        if len(first) >= _BEGINNING:
            break
    whole = Member(member.name, chain([first], member.pieces))
    if _IS_PAGE(first.removeprefix(UTF8_MARK)):
        return nested_rows(whole, PAGES, 0, ledger or RowLedger(), connection, may_be_empty=True)
    return documents(whole, ledger)


def _concept_in_json(shape: Mapping[str, object]) -> str:
    """Return the SQL of the best concept. It is a second look at the line, so only where there is no topic."""
    if "authorships" not in shape:
        return "NULL"
    concepts = f"TRY(json_transform(json_extract(line, '$.concepts'), '{json.dumps(CONCEPTS)}'))"
    return f"CASE WHEN w IS NOT NULL AND w.primary_topic IS NULL THEN {BEST.format(concepts=concepts)} END"


def _parquet(
    path: InputFile,
    name: str,
    shape: Mapping[str, object],
    ledger: Ledger | None,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[Part]:
    """Read the same columns out of Parquet; a nested column that is written as JSON text is parsed."""
    file = opened(path, name)
    there = {field.name: field.type for field in file.schema_arrow}
    for needed in ("id", "authorships" if "authorships" in shape else "geo"):
        if needed not in there:
            raise DataError(
                f"{name} has no column {needed!r}; it has: {', '.join(there)}. Is this a table of OpenAlex?"
            )
    for column, of in {**shape, "concepts": CONCEPTS}.items():
        if column in there and not _fits(there[column], of):
            raise DataError(
                f"{name}: column {column!r} is {there[column]}, which cannot be read as {_sql_type(of)}. "
                f"Is this a table of OpenAlex?"
            )
    picked = {column: _taken(column, of, there) for column, of in shape.items()}
    apart = "authorships" in shape and _is_text(there["authorships"], shape["authorships"])
    if apart:
        picked["authorships"] = "authorships"
    struct = ", ".join(f"{column}: {value}" for column, value in picked.items())
    concept = BEST.format(concepts=_taken("concepts", CONCEPTS, there)) if "authorships" in shape else "NULL"
    first = 1
    for batch in batches(file, name, ROWS_OF_PARQUET, _leaves(file, {**shape, "concepts": CONCEPTS})):
        if ledger is not None:
            ledger.read(len(batch))
        authorships = batch["authorships"].combine_chunks() if apart else None
        rows = batch.append_column("source_row", pa.array(np.arange(first, first + len(batch))))
        if authorships is not None:
            rows = rows.set_column(rows.column_names.index("authorships"), "authorships", _as_long_as(authorships))
        connection.register("rows", rows)
        sql = f"SELECT source_row, {{{struct}}} AS w, TRUE AS fine, {concept} AS concept FROM rows"
        yield Part(sql, name, authorships, rows["source_row"].to_numpy())
        first += len(batch)


def _as_long_as(lists: pa.ListArray) -> pa.ListArray:
    """Return lists of nothing of the same lengths."""
    nothing = pa.nulls(lists.offsets[-1].as_py(), pa.bool_())
    return pa.ListArray.from_arrays(lists.offsets, nothing, mask=pc.is_null(lists))


def _leaves(file: pq.ParquetFile, shape: Mapping[str, object]) -> list[str]:
    """Return the paths of the columns that are needed, within nested ones too: the others are not read from disk."""
    paths = [file.schema.column(number).path for number in range(file.metadata.num_columns)]
    wanted = list(_paths(shape))
    return [path for path in paths if any(_leads(_names(path), one) for one in wanted)]


def _leads(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether a path leads to another, or the other to it: text may hold JSON of the whole shape."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _names(path: str) -> tuple[str, ...]:
    """Return the names in the path of a column, without those that Parquet gives to the items of lists."""
    return tuple(name for name in path.split(".") if name not in LIST_PARTS)


def _paths(shape: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each value of a shape, however deep."""
    if isinstance(shape, list):
        yield from _paths(shape[0], above)
    elif isinstance(shape, Mapping):
        for name, inner in shape.items():
            yield from _paths(inner, (*above, name))
    else:
        yield above


def _taken(column: str, shape: object, there: dict[str, pa.DataType]) -> str:
    if column not in there:
        return f"CAST(NULL AS {_sql_type(shape)})"
    if not isinstance(shape, str) and (pa.types.is_string(there[column]) or pa.types.is_large_string(there[column])):
        return f"TRY(json_transform({column}, '{json.dumps(shape)}'))"
    return f"TRY_CAST({column} AS {_sql_type(shape)})"


def _fits(kind: pa.DataType, shape: object) -> bool:
    """Return whether a type of Arrow has the shape, or is text that may be JSON of that shape."""
    if pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return True
    if isinstance(shape, dict):
        shared = [kind.field(name) for name in shape if pa.types.is_struct(kind) and kind.get_field_index(name) >= 0]
        return bool(shared) and all(_fits_within(field.type, shape[field.name]) for field in shared)
    if isinstance(shape, list):
        listed = pa.types.is_list(kind) or pa.types.is_large_list(kind)
        return listed and _fits_within(kind.value_type, shape[0])
    return not pa.types.is_nested(kind)


def _fits_within(kind: pa.DataType, shape: object) -> bool:
    """Return the same for a part: text is no JSON there."""
    return _fits(kind, shape) and (isinstance(shape, str) or pa.types.is_nested(kind) or pa.types.is_null(kind))


def _is_text(kind: pa.DataType, shape: object) -> bool:
    """Return whether what is there of a shape is text in lists and structures, which nothing has to convert."""
    if isinstance(shape, dict):
        there = (name for name in shape if pa.types.is_struct(kind) and kind.get_field_index(name) >= 0)
        return pa.types.is_struct(kind) and all(_is_text(kind.field(name).type, shape[name]) for name in there)
    if isinstance(shape, list):
        listed = pa.types.is_list(kind) and not pa.types.is_null(kind.value_type)
        return listed and _is_text(kind.value_type, shape[0])
    return bool(pa.types.is_string(kind) or pa.types.is_null(kind))


def _sql_type(shape: object) -> str:
    """Write a shape as DuckDB's type."""
    if isinstance(shape, dict):
        return "STRUCT(" + ", ".join(f"{name} {_sql_type(inner)}" for name, inner in shape.items()) + ")"
    if isinstance(shape, list):
        return _sql_type(shape[0]) + "[]"
    return str(shape)
