"""Any table: CSV, TSV, JSON lines or Parquet, each column named in the study; counts may be summed up already.

The study says under `columns` where each thing stands. A row is one listing of a record; or, with `count`, so many
records of one listing each (METHOD 1).
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.errors import DataError
from hubrank.core.remote import InputFile
from hubrank.core.tables import Files, Ledger, Metric
from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.sources.formats.archives import expect_no_sheets, members
from hubrank.sources.formats.columns import TableSpec, cells, column_of, tables
from hubrank.sources.formats.day_numbers import with_days
from hubrank.sources.formats.east_asian import read_as
from hubrank.sources.formats.json_rows import is_json, json_tables
from hubrank.sources.formats.parquet_rows import BATCH, is_parquet, parquet_tables
from hubrank.sources.formats.placeless_totals import may_be_placeless, placeless_totals
from hubrank.sources.formats.post_code_column import POSTCODE, with_post_codes
from hubrank.sources.formats.table_parts import expanded, of_listings
from hubrank.sources.formats.table_statement import are_plain, last_counted, statement
from hubrank.sources.formats.table_values import DATE_CELL
from hubrank.sources.kinds import is_stated
from hubrank.sources.row_checks import account, good, keyed, listings, reader_connection, usable
from hubrank.sources.table_options import PLACE_COLUMNS, Options
from hubrank.study.columns import FILE, Column, ColumnFrom

__all__ = ["LICENCE", "METRIC", "OPTIONAL_ROLES", "ROLES", "WHOLE_RECORDS", "Options", "read"]

METRIC = Metric("records", unit="records", listing="row")
LICENCE = "unknown"  # the study says it
ROLES = ("table",)
OPTIONAL_ROLES: tuple[str, ...] = ()
WHOLE_RECORDS = False
DATED = {"date", "year"}
PIECE = 61_440  # rows

KINDS = """
SELECT trim(CAST(type AS VARCHAR)) AS kind, COUNT(DISTINCT source_row) FROM rows WHERE trim(CAST(type AS VARCHAR)) <> ''
GROUP BY ALL
"""
NUMBERED = """
SELECT * REPLACE (CAST(
    dense_rank() OVER (PARTITION BY record_key ORDER BY {order}) AS INTEGER) AS listing_no)
FROM listings ORDER BY source_file, source_row
"""
# Each row counts, so that a file that is saved again, in whatever order, form or encoding, would count twice. Rows that
# are set aside are compared, too: files that differ in these are not one.
READ = "CREATE TEMP TABLE read (source_file VARCHAR, rows BIGINT, content HUGEINT)"
ADD_READ = "INSERT INTO read SELECT source_file, count(*), sum(hash(row_key)) FROM rows GROUP BY source_file"
EQUAL_FILES = """
SELECT min(source_file), max(source_file)
FROM (SELECT source_file, sum(rows) AS rows, sum(content) AS content FROM read
      WHERE source_file IN (SELECT CAST(source_file AS VARCHAR) FROM listings) GROUP BY source_file)
GROUP BY rows, content HAVING count(*) > 1 ORDER BY ALL
"""

# The verdict on a row is that on the first of its parts with a fault.
OF_ROWS = """
SELECT * EXCLUDE (part, share, fault, fault_field, fault_value, worst) REPLACE ({replaced}){weight},
    worst.fault AS fault, worst.field AS fault_field, worst.value AS fault_value
FROM (SELECT *, row_number() OVER (PARTITION BY source_row ORDER BY part) = 1 AS is_first,
    min({{nth: part, fault: fault, field: fault_field, value: fault_value}}) FILTER (fault IS NOT NULL)
        OVER (PARTITION BY source_row) AS worst
    FROM judged)
ORDER BY source_row, listing_no
"""

# A count of 2.5 is two records and one that weighs half: so the rest of the count needs no other arithmetic.
IN_UNITS = f"""
SELECT * REPLACE (count // {UNIT} AS count), {UNIT} AS record_units FROM counts WHERE count >= {UNIT}
UNION ALL
SELECT * REPLACE (1 AS count, record_key || '-rest' AS record_key), count % {UNIT} AS record_units
FROM counts WHERE count % {UNIT} > 0
ORDER BY source_row, record_units DESC
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per row; rows that name no record are one each.

    Raises DataError naming a column of the study that a file does not have.
    """
    with reader_connection() as connection:
        if options.counts_each_row:
            connection.execute(READ)
        parts: Iterator[pa.Table] = (
            _usable(rows, options, ledger, connection)
            for path in files.main
            for rows in raw_rows(path, files, options, ledger, connection)
        )
        if _unnumbered(options):
            parts = _numbered(parts, connection, each=options.counts_each_row, equal=options.equal_files)
        yield from map(listings, parts)


def _unnumbered(options: Options) -> bool:
    """Return whether the listings of a record have no number in the file, so that they are numbered here."""
    return "record" in options.columns and "listing" not in options.columns


def _usable(rows: pa.Table, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    # The database gives each of its threads a piece at a time; what comes out is in order all the same.
    if options.has_parts:
        rows = expanded(rows, options.columns, options.missing, ledger, connection)
    if POSTCODE in rows.column_names:
        rows = with_post_codes(rows)
    connection.register("rows", pa.Table.from_batches(rows.to_batches(PIECE), rows.schema))
    if options.counts_each_row:
        connection.execute(ADD_READ)
    for kind, number in connection.sql(KINDS).fetchall() if is_stated(options) else ():
        ledger.of_kind(kind, number)
    by_record = "record" in options.columns
    is_plain = by_record and are_plain(rows["id"])
    unchanged = {name: rows[name] for name in ("source_file", "source_row")}
    if is_plain or not by_record:
        unchanged["record_key"] = rows["id" if by_record else "record_key"]
    sql = statement(
        rows.schema,
        options,
        numbered=_unnumbered(options),
        by_record=by_record,
        plain_ids=is_plain,
        separated=options.separator is not None,
        types=options.types is not None,
        counted="count" in options.columns and not _is_optional(options.columns["count"]),
        last_counted=last_counted(rows),
        totals=totals_without_place(rows, options, connection),
        thousands=options.thousands,
        decimals=options.decimals if "count" in options.columns else None,
    )
    parameters: dict[str, object] = {"types": list(options.types)} if options.types is not None else {}
    parameters |= {"separator": options.separator} if options.separator else {}
    judged = connection.sql(sql, params=parameters).to_arrow_table()
    for name, column in unchanged.items():  # to hand them to the database and back takes a third of its time
        judged = judged.append_column(name, column)
    if options.has_parts:
        return _of_rows(judged, options, ledger, connection)
    rows = usable(judged, ledger)
    if options.decimals is None or options.weight_by:
        return rows
    connection.register("counts", rows)
    return connection.sql(IN_UNITS).to_arrow_table()


def totals_without_place(rows: pa.Table, options: Options, connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the `source_row` of the rows of totals that name no place, of rows that the connection has as `rows`."""
    if options.has_parts:
        return []
    stated = {name for name, where in options.columns.items() if _is_column(where)}
    if not may_be_placeless(rows, stated):
        return []
    decimals = options.decimals if "count" in options.columns else None
    return placeless_totals(connection, rows.schema, stated, options.thousands, decimals)


def _of_rows(judged: pa.Table, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Account for each row once, whatever its parts; number the listings in it and give each place its part."""
    replaced = ["listing_no AS listing_no"]
    if of_listings(options.columns):
        replaced = ["CAST(part AS INTEGER) AS listing_no"]
        replaced += ["printf('%s-%08d', row_key, part) AS row_key"] if "row_key" in judged.column_names else []
    weighed = "weight" in judged.column_names
    places = ", ".join(name for name in PLACE_COLUMNS if name in judged.column_names)
    rest = f"row_number() OVER (PARTITION BY source_row, part ORDER BY {places})"
    whole = "weight" if weighed else WEIGHT_ONE
    weight = f"{whole} // share + CASE WHEN {rest} <= {whole} % share THEN 1 ELSE 0 END AS weight"
    replaced += [weight] if weighed else []
    connection.register("judged", judged)
    sql = OF_ROWS.format(replaced=", ".join(replaced), weight="" if weighed else f", {weight}")
    parts = connection.sql(sql).to_arrow_table()
    account(parts.filter(parts["is_first"]), ledger)
    return good(parts)


def raw_rows(
    path: InputFile, files: Files, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection
) -> Iterator[pa.Table]:
    """Yield the rows of one file with the columns that the study names, as they are, whatever its format."""
    name = files.name(path)
    wanted = {key: where for key, where in options.columns.items() if _is_column(where)}
    columns = {_reader_name(key): where for key, where in wanted.items()}
    dated = columns.get("year", columns.get("date", ""))
    with_cells = columns | ({DATE_CELL: column_of(dated)} if _has_pattern(dated) else {})
    need = {key for key, where in columns.items() if not _is_optional(where)}
    keyed_by_row = not {"record", "listing"} <= set(options.columns)
    spec = TableSpec("table that the study describes", with_cells, frozenset(need), keyed=keyed_by_row)
    identified = keyed if "record" not in options.columns else iter
    if is_parquet(path):
        expect_no_sheets(name, options.sheets)
        yield from identified(_completed(parquet_tables(path, name, spec, ledger, connection), options))
        return
    for member in members(path, name, options.sheets):
        if is_json(member.name):
            parts = json_tables(member, spec, ledger, connection, options.rows_at)
        else:
            parts = tables([member], lambda _: spec, ledger, options)
        yield from identified(_completed(parts, options))


def _is_column(where: Column) -> bool:
    return isinstance(where, str) or where.is_column


def _has_pattern(where: Column) -> bool:
    return isinstance(where, ColumnFrom) and where.pattern is not None


def _is_optional(where: Column) -> bool:
    return isinstance(where, ColumnFrom) and where.optional


def _reader_name(key: str) -> str:
    return "id" if key == "record" else key


def _completed(parts: Iterator[pa.Table], options: Options) -> Iterator[pa.Table]:
    """Add constants and what the file's name says, which are part of what a row is; words for a missing value go.

    Numbers and dates are in plain form afterwards.
    """
    stated = {key: where for key, where in options.columns.items() if not _is_column(where)}
    columns = {DATE_CELL, *map(_reader_name, options.columns)}
    for part in parts:
        rows, texts = part, []
        for key, where in stated.items():
            assert isinstance(where, ColumnFrom)  # noqa: S101 (a text is a column)
            file = where.from_ == FILE and len(part)
            text = cells([part["source_file"][0].as_py()], where)[0].as_py() if file else where.value
            texts.append(text or "")
            rows = rows.append_column(_reader_name(key), pa.repeat(pa.scalar(text, pa.string()), len(part)))
        for key in columns & set(rows.column_names) if options.missing else ():
            rows = rows.set_column(rows.column_names.index(key), key, _without(rows[key], options.missing))
        for key in DATED & set(rows.column_names) if options.day_numbers else ():
            rows = rows.set_column(rows.column_names.index(key), key, with_days(rows[key]))
        for at, key in enumerate(rows.column_names):
            rows = rows.set_column(at, key, read_as(key, rows[key], options.decimals))
        if texts and "row_key" in rows.column_names:
            keys = pc.binary_join_element_wise(rows["row_key"], *texts, "-")
            rows = rows.set_column(rows.column_names.index("row_key"), "row_key", keys)
        yield rows


def _without(column: pa.ChunkedArray, missing: tuple[str, ...]) -> pa.ChunkedArray:
    """Return a column without the words that stand for no value."""
    is_word = pc.is_in(pc.utf8_trim_whitespace(column.cast(pa.string())), value_set=pa.array(missing, pa.string()))
    return pc.if_else(is_word, pa.scalar(None, column.type), column)


def _numbered(
    parts: Iterator[pa.Table], connection: duckdb.DuckDBPyConnection, *, each: bool, equal: bool
) -> Iterator[pa.Table]:
    """Give the listings of each record numbers by their text, once all rows are in the database.

    The order of rows and files has no meaning. Equal rows are one listing; with `each`, as many as they are, and
    DataError is raised where two files have the same ones, unless files may be equal.
    """
    first = next(parts, None)
    if first is not None:
        connection.register("part", first)
        connection.execute("CREATE TEMP TABLE listings AS FROM part")
        for part in parts:
            connection.register("part", part)
            connection.execute("INSERT INTO listings BY NAME FROM part")
        for one, other in connection.sql(EQUAL_FILES).fetchall() if each and not equal else ():
            raise DataError(
                f"{one} and {other} have the same rows, so that each of these would count twice: remove one of "
                f"the files, or name only the other under files; if each counts write equal_files = true under options."
            )
        sql = NUMBERED.format(order="row_key, source_file, source_row" if each else "row_key")
        yield from (pa.Table.from_batches([batch]) for batch in connection.sql(sql).to_arrow_reader(BATCH))
