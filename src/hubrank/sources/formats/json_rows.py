"""JSON documents become the columns that a study names, as text."""

from collections.abc import Iterator
from pathlib import PurePath

import duckdb
import pyarrow as pa

from hubrank.core.errors import DataError, StudyError, nearest
from hubrank.core.tables import CODED, Ledger
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.columns import TableSpec, cells, column_of
from hubrank.sources.formats.json_lines import documents
from hubrank.sources.formats.json_nested import EACH, UP, keys_above, nested_rows

SUFFIXES = (".json", ".jsonl", ".ndjson")
PACKED = (".gz", ".zst", ".bz2")
ARRAY = "coalesce(TRY(json_type(line)) = 'ARRAY', FALSE)"
SEVERAL = "a JSON array; objects are read, one a line"
FINE = "coalesce(TRY(json_type(line)) = 'OBJECT', FALSE)"


def is_json(name: str) -> bool:
    """Return whether a file is JSON by its name, packed or not."""
    path = PurePath(name.lower())
    return (path.with_suffix("") if path.suffix in PACKED else path).suffix in SUFFIXES


def json_tables(
    member: Member,
    spec: TableSpec,
    ledger: Ledger,
    connection: duckdb.DuckDBPyConnection,
    rows_at: str | None = None,
) -> Iterator[pa.Table]:
    """Yield the wanted columns as text; a column is a key of the document, or a path such as `$.place.city`.

    rows_at : where rows are inside the documents, such as `results[*].hits[*]`; `../` before a column then leads to
        what the row is in, and rows are numbered through the file.

    What is not a JSON object is set aside. Keys may be missing from some documents; one that no document of the
    first block has raises DataError.
    """
    names = {name: column_of(where) for name, where in spec.columns.items() if column_of(where)}
    above = {name: column.count(UP) if rows_at else 0 for name, column in names.items()}
    paths = {
        f"path_{name}": _path(name, column.removeprefix(UP * above[name]), connection) for name, column in names.items()
    }
    picked = ", ".join(
        f"above_{name} AS {name}" if above[name] else f"json_extract_string(line, $path_{name}) AS {name}"
        for name in names
    )
    of_levels = {
        level: {name: paths.pop(f"path_{name}") for name in names if above[name] == level}
        for level in sorted(set(above.values()) - {0})
    }
    sql = f"SELECT {picked}, md5(line) AS row_key, source_row FROM documents WHERE {FINE} ORDER BY source_row"
    first = True
    nested = nested_rows(member, rows_at, of_levels, ledger, connection) if rows_at else None
    for part in nested or documents(member, ledger):
        connection.register("documents", part)
        for row, array in connection.sql(
            f"SELECT source_row, {ARRAY} FROM documents WHERE NOT {FINE} ORDER BY 1"
        ).fetchall():
            ledger.set_aside(member.name, row, SEVERAL if array else "not a JSON object", "(line)", None)
        values = connection.sql(sql, params=paths).to_arrow_table()
        if first and len(values):
            _require(values, spec, names, member.name, connection, rows_at)
            first = False
        yield _named(values, spec, member.name)


def _path(name: str, column: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the path of a column as DuckDB spells it. Raises StudyError where that is no path to one value."""
    if not column.startswith("$"):
        return "/" + column.replace("~", "~0").replace("/", "~1")
    try:
        if "*" not in column:
            connection.sql("SELECT json_extract_string('{}', $path)", params={"path": column}).fetchall()
            return column
    except duckdb.Error:
        pass
    raise StudyError(f"columns.{name}: {column!r} is not a path to one value; write a key, or $.place.city.")


def _require(
    values: pa.Table,
    spec: TableSpec,
    names: dict[str, str],
    file: str,
    connection: duckdb.DuckDBPyConnection,
    rows_at: str | None,
) -> None:
    for name in sorted(spec.need & set(names)):
        if values[name].null_count == len(values):
            column, above = names[name], names[name].count(UP) if rows_at else 0
            keys = _keys_by_level(rows_at, connection)
            there, key = keys[above], column.removeprefix(UP * above)
            other = next((f"{UP * level}{key}" for level, each in enumerate(keys) if key in each), None)
            where = f"what a row is in, {above} up ({UP * above}), has" if above else "it has"
            raise DataError(
                f"{file} has no key {column!r}; {where}: {', '.join(there[:40])}. Is this the {spec.what}?"
                + (f" Did you mean {other!r}?" if other else nearest(column, [f"{UP * above}{each}" for each in there]))
            )


def _keys_by_level(rows_at: str | None, connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """Return the keys of the rows that are read, of what they are in, and so on up to the document."""
    keys = connection.sql(f"SELECT DISTINCT unnest(json_keys(line)) FROM documents WHERE {FINE} ORDER BY 1").fetchall()
    above = [keys_above(rows_at, level, connection) for level in range(1, rows_at.count(EACH) + 1)] if rows_at else []
    return [[key for (key,) in keys], *above]


def _named(values: pa.Table, spec: TableSpec, file: str) -> pa.Table:
    rows = len(values)
    columns = {
        name: cells(values[name].to_pylist(), where) if name in values.column_names else pa.nulls(rows, pa.string())
        for name, where in spec.columns.items()
    }
    if spec.keyed:
        columns["row_key"] = values["row_key"]
    columns["source_file"] = pa.repeat(pa.scalar(file, CODED), rows)
    columns["source_row"] = values["source_row"]
    return pa.table(columns)
