"""Rows of totals that name no place: by a word in another column, or as their count is the sum of the others'."""

from collections import defaultdict
from collections.abc import Collection

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.sources.formats.table_values import value_columns
from hubrank.sources.totals import ALONE, FEWEST_ADDED, ROUNDED, WITH_PLACE

PLACES = ("institution_id", "institution", "address", "city", "region", "country", "lat", "lon")
_NAMED = ("city", "region", "country")

READ = """
SELECT source_row, CAST(stamp AS VARCHAR) AS stamp, count_value AS count,
    coalesce({places}) IS NULL AS is_placeless,
    coalesce(regexp_full_match(coalesce(organisation, field, type, CAST(stamp AS VARCHAR)), '{alone}', 'i'), FALSE)
        AS is_called,
    coalesce({names}, FALSE) AS is_other, coalesce(organisation, field, type) IS NULL AS is_nameless
FROM (SELECT source_row, {columns} FROM rows) WHERE count_value > 0 ORDER BY source_row
"""


def may_be_placeless(rows: pa.Table, stated: Collection[str]) -> bool:
    """Return whether a row has none of the places that its table states.

    stated : the columns that a table has for each row by itself, unlike a country that the study says of all.
    """
    places = [rows[name] for name in PLACES if name in rows.column_names and name in stated]
    if "count" not in rows.column_names or not places:
        return False
    empty = None
    for column in places:
        text = pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))
        is_empty = pc.equal(text, "")
        empty = is_empty if empty is None else pc.and_(empty, is_empty)
    return bool(pc.any(empty).as_py())


def placeless_totals(
    connection: duckdb.DuckDBPyConnection,
    schema: pa.Schema,
    stated: Collection[str],
    thousands: str | None,
    decimals: str | None,
) -> list[int]:
    """Return the `source_row` of each row of `rows` that is a total and names no place.

    A word for a total stands in another column; or it is the only row of its year, or of all, that names nothing and
    whose count is the sum of those that name a place. Two counts are the sum of nothing by evidence, and rounded ones
    may miss it a little.
    """
    by_record = "id" in schema.names
    columns = value_columns(schema, by_record=by_record, thousands=thousands, decimals=decimals, plain_ids=False)
    names = " OR ".join(f"coalesce(regexp_full_match({name}, '{WITH_PLACE}', 'i'), FALSE)" for name in _NAMED)
    places = ", ".join(f"nullif(trim(CAST({name} AS VARCHAR)), '')" for name in PLACES if name in stated)
    sql = READ.format(places=places, alone=ALONE, names=names, columns=", ".join(columns))
    rows = connection.sql(sql).fetchall()
    counts: dict[str | None, list[int]] = defaultdict(list)
    for _, stamp, count, is_placeless, _, is_other, _ in rows:
        if not is_placeless and not is_other:
            for key in {stamp, None}:
                counts[key].append(count)
    by_word = [row for row, _, _, is_placeless, is_called, *_ in rows if is_placeless and is_called]
    sums: dict[str | None, list[int]] = defaultdict(list)
    for row, stamp, count, is_placeless, is_called, _, is_nameless in rows:
        if is_placeless and is_nameless and not is_called and _is_sum(count, counts.get(stamp) or counts[None]):
            sums[stamp].append(row)
    return sorted([*by_word, *(only[0] for only in sums.values() if len(only) == 1)])


def _is_sum(count: int, others: list[int]) -> bool:
    return len(others) >= FEWEST_ADDED and ROUNDED * abs(sum(others) - count) <= count
