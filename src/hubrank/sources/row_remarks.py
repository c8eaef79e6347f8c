"""What a check says of the rows of a table: merged cells, copies, totals, regions with their parts."""

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.units import counted
from hubrank.sources import table
from hubrank.sources.table_options import Options
from hubrank.sources.totals import is_called_total, rows_of_regions, total_row

TOTALLED = ("institution", "address", "city", "region", "country")  # what names a row of counts
MOST_COPIES = 0.05  # of the rows: more are equal because they say little
_NAMES_SHOWN = 3
LIST_SHARE = 0.2  # of the cells with a value: a stray semicolon is no list


def row_remarks(
    parts: list[pa.Table], rows: int, options: Options, connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    """Yield sentences on copies of rows, rows of totals, and merged cells, from the first parts of a table."""
    ids = [bool(text) for part in parts for chunk in column_texts(part, "id") for text in chunk.to_pylist()]
    if are_merged(ids):
        yield merged_cells("columns.record", len(ids) - sum(ids), rows) + "."
    if not {"record", "count"} & options.columns.keys():
        copied = sum(not key.endswith("-1") for part in parts for key in part["record_key"].to_pylist())
        if is_few(copied, rows):
            yield equal_rows(copied, rows)
    counted = _counted(parts, options, connection) if "count" in options.columns else []
    if (name := total_row(counted)) is not None:
        row = repr(name) if name else "without a place"
        yield f"the count of the row {row} is the sum of all others: remove rows of totals from the file."
    if named := rows_of_regions(counted):
        yield f"{regions_and_parts(named)}."


def are_merged(filled: Sequence[bool]) -> bool:
    """Return whether cells may be merged ones: the first has a value, and many after it have none.

    filled : whether each cell of a column has a value.
    """
    return bool(filled) and filled[0] and len(filled) - sum(filled) >= LIST_SHARE * len(filled)


def merged_cells(what: str, empty: int, rows: int) -> str:
    """Return a sentence on columns, `what`, that may have merged cells."""
    return (
        f"{what}: empty in {empty:,} of the first {rows:,} rows, below rows with a value; if these were merged cells, "
        f"unmerge them in the spreadsheet, fill each empty one with the value above it, and save the table again"
    )


def is_few(copied: int, rows: int) -> bool:
    """Return whether rows that are equal to others are so few that they may be copies."""
    return 0 < copied <= MOST_COPIES * rows


def equal_rows(copied: int, rows: int) -> str:
    """Return a sentence on rows that are equal to others."""
    return (
        f"rows that are equal to another in every column count each: {copied:,} of the first {rows:,}; if they are "
        f"copies remove them, or name the column of ids as record under [sources.columns]."
    )


def regions_and_parts(named: Sequence[str]) -> str:
    """Return a sentence on rows of regions whose parts have rows, too."""
    shown = ", ".join(map(repr, named[:_NAMES_SHOWN]))
    return (
        f"the counts of {counted(len(named), 'row')} such as {shown} are the sums of rows beside them: regions and "
        f"their parts are both in the table, and each record counts twice. Leave the rows of one of them in the file"
    )


def _counted(
    parts: list[pa.Table], options: Options, connection: duckdb.DuckDBPyConnection
) -> list[tuple[str, str, str]]:
    """Return name, year and count of each row that is not left out as a total; no name where it states no place."""
    columns = {name for part in parts for name in part.column_names}
    stamp = "year" if "year" in columns else "date"
    rows = [row for part in parts for row in _without_totals(part, options, connection).to_pylist()]
    cells = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    placed = [", ".join(row.get(name, "").strip() for name in TOTALLED if _is_of_rows(name, options)) for row in cells]
    named = [", ".join(filter(None, (row.get(name) for name in TOTALLED))) for row in cells]
    named = [name if place.strip(", ") else "" for name, place in zip(named, placed, strict=True)]
    return [
        (name, f"{row['source_file']} {row.get(stamp, '')}", row.get("count", ""))
        for name, row in zip(named, cells, strict=True)
        if not any(is_called_total(row.get(column, "")) for column in TOTALLED)
    ]


def _without_totals(part: pa.Table, options: Options, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the rows of a part without those of totals that name no place, which do not count."""
    connection.register("rows", part)
    totals = pa.array(table.totals_without_place(part, options, connection), part["source_row"].type)
    return part.filter(pc.invert(pc.is_in(part["source_row"], totals)))


def _is_of_rows(name: str, options: Options) -> bool:
    """Tell whether each row states this, and not the study for all."""
    where = options.columns.get(name)
    return where is not None and (isinstance(where, str) or where.is_column)


def column_texts(part: pa.Table, key: str) -> list[pa.Array]:
    """Return the values of a column as text, null where they are blank; nothing where a table has no such column."""
    column = part[key].cast(pa.string()) if key in part.column_names else pa.chunked_array([], pa.string())
    return list(pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column).chunks)
