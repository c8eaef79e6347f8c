"""Several values in one row of a table: cells that are lists, and several columns, become rows of their own.

`split` and lists of columns make one row for each listing, `places` one row for each place of a listing.
"""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from hubrank.core.tables import Ledger
from hubrank.study.columns import Column, ColumnFrom

NUMBERED = "__"  # between the name of a column and its number, where a study names several
JSON_LIST = "[]"  # stands for a separator where cells are lists in JSON
UNEQUAL = "lists of different lengths in one row"

LISTED = """
CREATE OR REPLACE TEMP TABLE listed AS
SELECT *, least({lengths}) AS fewest, coalesce(greatest({lengths}), 1) AS most
FROM (SELECT * EXCLUDE (no_column{further}) REPLACE ({lists}) FROM (SELECT *, NULL AS no_column FROM rows))
"""
UNEQUAL_ROWS = "SELECT DISTINCT source_file, source_row FROM listed WHERE fewest <> most ORDER BY source_row"
PARTS = """
SELECT * REPLACE ({items}) FROM (SELECT * EXCLUDE (fewest, most), unnest(range(1, most + 1)) AS {number} FROM listed)
QUALIFY {filled} OR ({number} = 1 AND NOT bool_or({filled}) OVER (PARTITION BY {within}))
"""
# Two names of one place are one place of a listing.
PLACES = """
SELECT * EXCLUDE (place), COUNT(*) OVER (PARTITION BY source_row, part) AS share FROM (
    FROM ({parts}) QUALIFY row_number() OVER (PARTITION BY source_row, part, {columns} ORDER BY place) = 1
)
ORDER BY source_row, part, {columns}
"""
CELL = "CASE WHEN suffix({cell}, {by}) THEN left({cell}, length({cell}) - length({by})) ELSE {cell} END"
# A cell that is no list is its only element.
ELEMENTS = """CASE WHEN coalesce(TRY(json_type({cell})) = 'ARRAY', FALSE)
    THEN coalesce(nullif(from_json({cell}, '["VARCHAR"]'), []), [NULL]) ELSE [{cell}] END"""
SPLIT = "[CASE WHEN trim(one) NOT IN ({empty}) THEN trim(one) END FOR one IN {elements}]"


def base(name: str) -> str:
    """Return what a column holds, of several as of one: city of `city__2`."""
    return name.partition(NUMBERED)[0]


def of_listings(columns: Mapping[str, Column]) -> dict[str, str | None]:
    """Return the columns that hold several listings of a row, each with what separates them in a cell, if it is one."""
    several = dict.fromkeys(base(name) for name in columns if NUMBERED in name)
    return several | {
        name: where.split for name, where in columns.items() if isinstance(where, ColumnFrom) and where.split
    }


def of_places(columns: Mapping[str, Column]) -> dict[str, str | None]:
    """Return the columns that hold several places of a listing, each with what separates them."""
    return {name: where.places for name, where in columns.items() if isinstance(where, ColumnFrom) and where.places}


def expanded(
    rows: pa.Table,
    columns: Mapping[str, Column],
    missing: Sequence[str],
    ledger: Ledger,
    connection: duckdb.DuckDBPyConnection,
) -> pa.Table:
    """Return a row for each listing, numbered by `part`, and each of its places; `share` is how many places it has.

    rows : of one file, with unique source_row. A row whose lists have different lengths is set aside.
    missing : words that stand for no value.
    """
    listings, places = of_listings(columns), of_places(columns)
    further = [name for name in columns if NUMBERED in name]
    if listings:
        sql = _parts(rows, listings, "part", (further, missing), ledger, connection)
        rows = connection.sql(f"FROM ({sql}) ORDER BY source_row, part").to_arrow_table()
    else:
        rows = rows.append_column("part", _ones(rows))
    if not places:
        return rows.append_column("share", _ones(rows))
    sql = _parts(rows, places, "place", ([], missing), ledger, connection)
    return connection.sql(PLACES.format(parts=sql, columns=", ".join(places))).to_arrow_table()


def _parts(
    rows: pa.Table,
    lists: Mapping[str, str | None],
    number: str,
    cells: tuple[list[str], Sequence[str]],
    ledger: Ledger,
    connection: duckdb.DuckDBPyConnection,
) -> str:
    """Load the lists of some columns, set rows aside whose lists differ in length; return the SQL of their parts."""
    further, missing = cells
    connection.register("rows", rows)
    several = {name: [name, *(one for one in further if base(one) == name)] for name in lists}
    connection.execute(
        LISTED.format(
            lists=", ".join(f"{_list(several[name], by, missing)} AS {name}" for name, by in lists.items()),
            lengths=", ".join(f"len({name})" for name in lists),
            further="".join(f", {name}" for name in further),
        )
    )
    for file, row in connection.sql(UNEQUAL_ROWS).fetchall():
        ledger.set_aside(file, row, UNEQUAL, ", ".join(lists), None)
    connection.execute("DELETE FROM listed WHERE source_row IN (SELECT source_row FROM listed WHERE fewest <> most)")
    return PARTS.format(
        items=", ".join(f"{name}[{number}] AS {name}" for name in lists),
        number=number,
        filled=f"coalesce({', '.join(f'{name}[{number}]' for name in lists)}) IS NOT NULL",
        within="source_row" if number == "part" else "source_row, part",
    )


def _ones(rows: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(1, pa.int64()), len(rows))


def _list(columns: list[str], separator: str | None, missing: Sequence[str]) -> str:
    """Return the SQL of a list: the parts of a cell, or the cells of several columns."""
    texts = [f"CAST({name} AS VARCHAR)" for name in columns]
    if separator is None:
        return f"[{', '.join(texts)}]"
    by = _literal(separator)
    parts = f"string_split({CELL.format(cell=texts[0], by=by)}, {by})"
    elements = ELEMENTS.format(cell=texts[0]) if separator == JSON_LIST else parts
    return SPLIT.format(elements=elements, empty=", ".join(map(_literal, ("", *missing))))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
