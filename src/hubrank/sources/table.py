"""Any table: CSV, TSV, JSON lines or Parquet, each column named in the study; counts may be summed up already.

The study says under `columns` where each thing stands. A row is one listing of a record; or, with `count`, so many
records of one listing each (METHOD 1).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa
from pydantic import model_validator

from hubrank.core.errors import nearest
from hubrank.core.tables import Files, Ledger, Metric
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.columns import TableSpec, tables
from hubrank.sources.formats.json_rows import is_json, json_tables
from hubrank.sources.formats.parquet_rows import BATCH, is_parquet, parquet_tables
from hubrank.sources.formats.table_statement import statement
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import keyed, listings, reader_connection, usable

METRIC = Metric("records", unit="records", listing="row")
LICENCE = "unknown"  # the study says it
ROLES = ("table",)
OPTIONAL_ROLES: tuple[str, ...] = ()
WHOLE_RECORDS = False
PIECE = 61_440  # rows
PLACE_COLUMNS = ("lat", "lon", "institution_id", "institution", "address", "city", "region", "country")
COLUMNS = ("record", "listing", "date", "year", "count", "weight", *PLACE_COLUMNS, "organisation", "field", "type")


class Options(ReaderOptions):
    """What the columns hold.

    columns : where each of `record, listing, date, year, count, weight, lat, lon, institution_id, institution,
        address, city, region, country, organisation, field, type` is in the file; at least one of a place.
    types : kinds (of the column `type`) that count; None takes all.
    separator : between several organisations in one cell; None takes a cell as one.
    whole_records : whether all rows of a record are in one file, so that each file is read by itself; a record in two
        files is then there twice, and the later version counts.
    """

    types: tuple[str, ...] | None = None
    separator: str | None = None
    whole_records: bool = False

    @property
    def read_file_by_file(self) -> bool:
        """Whether the study promises that all rows of a record are in one file."""
        return self.whole_records

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for name in self.columns:
            if name not in COLUMNS:
                raise ValueError(
                    f"columns: unknown key {name!r}; the keys are: {', '.join(COLUMNS)}.{nearest(name, list(COLUMNS))}"
                )
        if not set(PLACE_COLUMNS) & set(self.columns):
            raise ValueError(f"columns names no location; name at least one of: {', '.join(PLACE_COLUMNS)}.")
        if self.types is not None and "type" not in self.columns:
            raise ValueError("types requires columns.type: name the column with the type of record.")
        if {"lat", "lon"} & set(self.columns) in ({"lat"}, {"lon"}):
            raise ValueError("columns names only one of lat and lon; both are required.")
        return self


NUMBERED = """
SELECT * REPLACE (CAST(
    dense_rank() OVER (PARTITION BY record_key ORDER BY row_key) AS INTEGER) AS listing_no)
FROM listings ORDER BY source_file, source_row
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per row; rows that name no record are one each.

    Raises DataError naming a column of the study that a file does not have.
    """
    with reader_connection() as connection:
        parts: Iterator[pa.Table] = (
            _usable(rows, options, ledger, connection)
            for path in files.main
            for rows in _rows(path, files, options, ledger, connection)
        )
        if _unnumbered(options):
            parts = _numbered(parts, connection)
        yield from map(listings, parts)


def _unnumbered(options: Options) -> bool:
    """Return whether the listings of a record have no number in the file, so that they are numbered here."""
    return "record" in options.columns and "listing" not in options.columns


def _usable(rows: pa.Table, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    # The database gives each of its threads a piece at a time; what comes out is in order all the same.
    connection.register("rows", pa.Table.from_batches(rows.to_batches(PIECE), rows.schema))
    sql = statement(
        rows.schema,
        window=options.window,
        numbered=_unnumbered(options),
        by_record="record" in options.columns,
        separated=options.separator is not None,
        types=options.types is not None,
    )
    parameters: dict[str, object] = {"types": list(options.types)} if options.types is not None else {}
    parameters |= {"separator": options.separator} if options.separator else {}
    return usable(connection.sql(sql, params=parameters).to_arrow_table(), ledger)


def _rows(
    path: Path, files: Files, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection
) -> Iterator[pa.Table]:
    """Yield the rows of one file with the columns that the study names, whatever its format."""
    name = files.name(path)
    columns = {("id" if column == "record" else column): where for column, where in options.columns.items()}
    keyed_by_row = not {"record", "listing"} <= set(options.columns)
    spec = TableSpec("table that the study describes", columns, frozenset(columns), keyed=keyed_by_row)
    identified = keyed if "record" not in options.columns else iter
    if is_parquet(path):
        yield from identified(parquet_tables(path, name, spec, ledger, connection))
        return
    for member in members(path, name):
        if is_json(member.name):
            yield from identified(json_tables(member, spec, ledger, connection))
        else:
            yield from identified(tables([member], lambda _: spec, ledger, options))


def _numbered(parts: Iterator[pa.Table], connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """Give the listings of each record numbers by their text, once all rows are in the database.

    The order of rows and files has no meaning, and equal rows are one listing.
    """
    first = next(parts, None)
    if first is not None:
        connection.register("part", first)
        connection.execute("CREATE TEMP TABLE listings AS FROM part")
        for part in parts:
            connection.register("part", part)
            connection.execute("INSERT INTO listings FROM part")
        yield from (pa.Table.from_batches([batch]) for batch in connection.sql(NUMBERED).to_arrow_reader(BATCH))
