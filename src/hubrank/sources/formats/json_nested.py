"""Rows inside JSON documents: the items of lists in lists become documents of their own, numbered through the file."""

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from hubrank.core.errors import DataError, StudyError
from hubrank.core.tables import Ledger
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.json_lines import documents
from hubrank.sources.ledger import RowLedger

UP = "../"  # before the name of a column: one level up, in what the row is in
EACH = "[*]"
ITEMS = """
SELECT * EXCLUDE (items, nth, place), items[nth] AS line, list_append(place, nth) AS place
FROM (SELECT *, unnest(range(1, len(items) + 1)) AS nth FROM (
    SELECT * EXCLUDE (line){outer}, json_extract(line, '{path}') AS items FROM ({within})))
"""
ROWS = """
SELECT * EXCLUDE (place) REPLACE (row_number() OVER (ORDER BY source_row, place) + {before} AS source_row)
FROM ({rows}) ORDER BY source_row
"""
START = "SELECT line, source_row, CAST([] AS BIGINT[]) AS place FROM nest WHERE coalesce(TRY(json_valid(line)), FALSE)"


def nested_rows(
    member: Member,
    rows_at: str,
    above: Mapping[int, Mapping[str, str]],
    ledger: Ledger,
    connection: duckdb.DuckDBPyConnection,
    *,
    may_be_empty: bool = False,
) -> Iterator[pa.Table]:
    """Yield columns line (the text of a row), source_row, and above_NAME: what the row is in has there, as text.

    above : by how many levels up they lead, the paths of columns by name. They are taken where they are: a copy of the
        whole document beside each of its rows would not fit into memory.
    Raises StudyError where `rows_at` is no such path or has fewer levels, DataError where a file has no rows there and
    must have some.
    """
    steps = _steps(rows_at, max(above, default=0), connection)
    paths = {name: path for columns in above.values() for name, path in columns.items()}
    rows_before, of_documents = 0, RowLedger()
    for part in documents(member, of_documents, over_lines=True):
        connection.register("nest", part)
        broken = connection.sql("SELECT source_row FROM nest WHERE NOT coalesce(TRY(json_valid(line)), FALSE)")
        for (row,) in broken.fetchall():
            ledger.read()
            ledger.set_aside(member.name, row, "not a JSON document", "(line)", None)
        sql = ROWS.format(rows=_nested(steps, above), before=rows_before)
        rows = connection.sql(sql, params=paths).to_arrow_table()
        ledger.read(len(rows))
        rows_before += len(rows)
        yield rows
    ledger.read(len(of_documents.aside))
    for fault in of_documents.aside:
        ledger.set_aside(*fault)
    if not rows_before and not may_be_empty:
        raise DataError(
            f"{member.name} has no rows at {rows_at!r}. Name in options.rows the lists that lead to them, such as "
            f"results[*].hits[*]."
        )


def _nested(steps: Sequence[str], above: Mapping[int, Mapping[str, str]]) -> str:
    """Return the SQL of the items at the end of some steps into `nest`."""
    sql = START
    for number, path in enumerate(steps):
        columns = above.get(len(steps) - number, {})
        outer = "".join(f", json_extract_string(line, ${name}) AS above_{name}" for name in columns)
        sql = ITEMS.format(path=path, outer=outer, within=sql)
    return sql


def keys_above(rows_at: str, level: int, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the keys of what rows are in, so many levels up, in the documents that are read."""
    steps = _steps(rows_at, level, connection)
    within = _nested(steps[: len(steps) - level], {})
    keys = connection.sql(f"SELECT DISTINCT unnest(json_keys(line)) FROM ({within}) ORDER BY 1").fetchall()
    return [key for (key,) in keys]


def _steps(rows_at: str, levels: int, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the path of each list within the one before. Raises StudyError where there is no such path."""
    *pieces, rest = rows_at.removeprefix("$").split(EACH)
    paths = ["$" + ("." + piece.strip(".") if piece.strip(".") else "") + EACH for piece in pieces]
    try:
        for path in paths:
            connection.sql("SELECT json_extract('{}', $path)", params={"path": path}).fetchall()
    except duckdb.Error:
        paths = []
    if rest or not paths or "'" in rows_at:
        raise StudyError(f"options.rows: {rows_at!r} is not a path to rows; write listings, or results[*].hits[*].")
    if levels > len(paths):
        raise StudyError(f"options.rows: {rows_at!r} has {len(paths)} levels, but a column leads {levels} up ({UP}).")
    return paths
