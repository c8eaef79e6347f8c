"""The files of an OpenAlex snapshot: works and institutions, as far as they are needed here."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.files import file_states
from hubrank.core.remote import InputFile
from hubrank.core.tables import Files, Ledger
from hubrank.sources.formats.archives import Member, members
from hubrank.sources.formats.columns import TableSpec, tables
from hubrank.sources.formats.json_lines import documents
from hubrank.sources.formats.json_nested import nested_rows
from hubrank.sources.formats.lines import UTF8_MARK
from hubrank.sources.formats.parquet_rows import is_parquet
from hubrank.sources.ledger import RowLedger
from hubrank.sources.openalex_parquet import parquet_parts
from hubrank.sources.openalex_shapes import BEST, CONCEPTS, INSTITUTION, Part, as_long_as, sql_type
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import reader_connection

DELETED = TableSpec("list of deleted works", {"id": "work_id"}, frozenset({"id"}))
PAGES = "results[*]"  # where the answers of the API have what they list
_IS_PAGE = re.compile(rb'\s*\[?\s*\{\s*"(meta|results|group_by|groups)"\s*:').match
_BEGINNING = 100  # bytes that show whether it is one
ROWS = 4_000  # works at a time: some have thousands of authors

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
        connection.execute(f"CREATE TEMP TABLE parsed (w {sql_type(INSTITUTION)})")
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
        yield from parquet_parts(path, name, shape, ledger, connection)
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
    fields["authorships"] = as_long_as(authorships)
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
        return nested_rows(whole, PAGES, {}, ledger or RowLedger(), connection, may_be_empty=True)
    return documents(whole, ledger)


def _concept_in_json(shape: Mapping[str, object]) -> str:
    """Return the SQL of the best concept. It is a second look at the line, so only where there is no topic."""
    if "authorships" not in shape:
        return "NULL"
    concepts = f"TRY(json_transform(json_extract(line, '$.concepts'), '{json.dumps(CONCEPTS)}'))"
    return f"CASE WHEN w IS NOT NULL AND w.primary_topic IS NULL THEN {BEST.format(concepts=concepts)} END"
