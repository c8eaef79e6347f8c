"""Rows with a verdict become listings: good ones go on, the others are accounted for (METHOD 1)."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core import sphere
from hubrank.core.locks import sweep, temporary_folder
from hubrank.core.tables import LISTING_SCHEMA, Files, Ledger
from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.engines.duckdb import UTC, without_bar
from hubrank.sources import OUTSIDE
from hubrank.sources.formats.columns import Names, role_tables
from hubrank.sources.options import ReaderOptions
from hubrank.study.values import Window

VERDICT = ("scope", "fault", "fault_field", "fault_value")
MEMORY = "2GB"  # of all readers; blocks of text come on top
NEARLY = 0.85  # how alike a misspelt name and the one that was meant are (difflib)
DEFAULTS = {"record_version": 0, "weight": WEIGHT_ONE, "count": 1, "record_units": UNIT}

_REASONS = {
    "no_weight": "states nothing to weigh by",
    "bad_weight": "a value to weigh by that is not a number of 0 or more",
}

# Names of months, short or in full, by how they begin in English, German, French, Spanish, Portuguese and Italian.
MONTHS = (
    r"(?i:jan|ene|gen|f[eé]v|feb|m[aä]r|apr|abr|avr|ma[iyg]|ju[inl]|giu|lug|a[gou][oug]|aoû|sep|set|o[ckut]t|dec|d[eé]c|dez"
    r"|dic|nov)"
)

# Dates begin with their year: 41275, 1/2/2013 and 2o13 could mean several things or none. Of 1/2/2013 only the year is
# certain (last_year): it is read where a column is one of years, as is that of Jan-23 and 16-Feb-23, where two digits
# are years from 1970 to 2069 (as POSIX has them). A financial year (2022-23) is the one in which it begins. A comma in
# a coordinate can only be that of its decimals.
MACROS = r"""
CREATE MACRO iso_date(t) AS CASE
    WHEN regexp_full_match(t, '\d{4}(-(0[1-9]|1[0-2])(-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?'
        '( ?(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?))?)?)?)?') THEN left(t, 10)
    WHEN regexp_full_match(t, '\d{4}\.0') THEN left(t, 4)
    WHEN regexp_full_match(t, '\d{8}') THEN concat_ws('-', t[1:4], t[5:6], t[7:8])
    WHEN regexp_full_match(t, '\d{4}(/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}|-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日)'
        '( \d{1,2}:\d{2}(:\d{2})?)?')
        THEN concat_ws('-', left(t, 4), lpad(regexp_extract(t, '^\d{4}\D(\d+)', 1), 2, '0'),
            lpad(regexp_extract(t, '^\d{4}\D\d+\D(\d+)', 1), 2, '0'))
END;
CREATE MACRO year_of(t) AS CASE WHEN iso_date(t) IS NOT NULL
    AND (length(iso_date(t)) < 10 OR TRY_CAST(iso_date(t) AS DATE) IS NOT NULL)
    AND CAST(left(t, 4) AS INTEGER) BETWEEN 1700 AND 2100 THEN CAST(left(t, 4) AS INTEGER) END;
CREATE MACRO nth_number(t, before) AS TRY_CAST(regexp_extract(t, '^' || before || '(\d+)', 1) AS INTEGER);
CREATE MACRO first_year(t) AS TRY_CAST(regexp_extract(t, '\d{4}') AS INTEGER);
CREATE MACRO last_year(t) AS CASE WHEN regexp_full_match(t,
        '(\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}-\d{1,2}-\d{4})( \d{1,2}:\d{2}(:\d{2})?)?')
    AND least(nth_number(t, ''), nth_number(t, '\d+\D')) BETWEEN 1 AND 12
    AND greatest(nth_number(t, ''), nth_number(t, '\d+\D')) <= 31
    AND nth_number(t, '\d+\D\d+\D') BETWEEN 1700 AND 2100 THEN nth_number(t, '\d+\D\d+\D')
    WHEN regexp_full_match(t, '(\d{1,2}[-/. ]{1,2})?{months}\p{L}{0,7}\.?[-/. ''’]{1,2}\d{2}')
    THEN CAST(right(t, 2) AS INTEGER) + CASE WHEN right(t, 2) < '70' THEN 2000 ELSE 1900 END
    WHEN regexp_full_match(t, '(?i:F\.?Y\.?[- ]?)?(1[7-9]|20)\d{2} ?[-–/] ?((1[7-9]|20)\d{2}|\d{2})')
    AND CAST(right(t, 2) AS INTEGER) = (first_year(t) + 1) % 100
    AND coalesce(TRY_CAST(regexp_extract(t, '\d{4}$') AS INTEGER), first_year(t) + 1) = first_year(t) + 1
    THEN first_year(t) END;
CREATE MACRO date_fault(t, needed) AS CASE
    WHEN t IS NULL AND needed THEN 'no date'
    WHEN t IS NOT NULL AND year_of(t) IS NULL THEN 'not a date (YYYY-MM-DD) or year'
END;
CREATE MACRO whole_number(t) AS
    CASE WHEN regexp_full_match(t, '\d{1,18}(\.0)?') THEN CAST(regexp_extract(t, '^\d+') AS BIGINT) END;
CREATE MACRO sequence_number(t) AS CASE WHEN whole_number(t) < 2147483648 THEN CAST(whole_number(t) AS INTEGER) END;
CREATE MACRO degrees(t) AS CASE WHEN NOT contains(CAST(t AS VARCHAR), '_') THEN coalesce(TRY_CAST(t AS DOUBLE),
    CASE WHEN regexp_full_match(CAST(t AS VARCHAR), '[+-]?\d{1,3},\d+')
        THEN TRY_CAST(replace(CAST(t AS VARCHAR), ',', '.') AS DOUBLE) END) END;
CREATE MACRO point_fault(no_lat, no_lon, lat, lon) AS CASE
    WHEN abs(lat) <= 90 AND abs(lon) <= 180 THEN NULL
    WHEN no_lat AND no_lon THEN NULL
    WHEN no_lat OR no_lon THEN 'half a coordinate'
    WHEN lat IS NULL OR lon IS NULL OR NOT isfinite(lat) OR NOT isfinite(lon) THEN 'a coordinate that is not a number'
    WHEN abs(lat) > 90 AND abs(lat) <= 180 AND abs(lon) <= 90
        THEN 'a latitude beyond 90 degrees; latitude and longitude look swapped'
    WHEN abs(lat) > 90 THEN 'a latitude beyond 90 degrees'
    WHEN abs(lon) > 180 THEN 'a longitude beyond 180 degrees'
END;
CREATE MACRO weight_units(t, cap_e9) AS CASE WHEN regexp_full_match(t, '\d+(\.\d*)?([eE][+-]?\d{1,2})?|\.\d+')
    THEN CAST((2 * least(CAST(TRY_CAST(t AS DECIMAL(28, 9)) * 1000000000 AS HUGEINT), cap_e9) * 1000000000 + cap_e9)
        // (2 * cap_e9) AS BIGINT) END;
CREATE MACRO where_fault(lat, lon) AS point_fault(lat IS NULL, lon IS NULL, degrees(lat), degrees(lon));
""".replace("{months}", MONTHS)
# How the folder of the database of a process begins: as those of engines do, which remove abandoned ones when they
# start.
_SPILL = "hubrank-spill-read-"


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return the one database of this process for reading: one for each file took a twentieth of the time."""
    process = ExitStack()
    atexit.register(process.close)
    spill = process.enter_context(temporary_folder(Path(tempfile.gettempdir()), _SPILL))
    settings = {"enable_external_access": "false", "temp_directory": str(spill), "memory_limit": MEMORY}
    connection = duckdb.connect(config=settings)
    connection.execute(UTC)
    connection.execute(MACROS)
    return connection


def remove_abandoned_spills() -> None:
    """Remove what processes that were ended have left of the folders of their databases."""
    sweep(Path(tempfile.gettempdir()), _SPILL)


@contextmanager
def reader_connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a connection without tables to the database whose macros read dates and coordinates.

    It opens no files. Its tables are temporary and seen by this connection only. What does not fit into MEMORY (the
    tables that a source joins) is spilled.
    """
    with _database().cursor() as connection:
        without_bar(connection)
        yield connection


def load_table(
    role: str,
    names: Names,
    need: set[str],
    files: Files,
    options: ReaderOptions,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Load a table that the rows of the main files are joined to; an empty one where the study names none.

    role : of the files, and the name of the table; names, need : as `role_tables` takes them.
    """
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    connection.execute(f"CREATE TEMP TABLE {role} ({columns})")
    for part in role_tables(role, names, need, files, options, None):
        connection.register("part", part)
        connection.execute(f"INSERT INTO {role} SELECT {', '.join(names)} FROM part")


def when_outside(year: str, window: Window | None) -> str:
    """Return the branch of an SQL CASE that puts years outside the window out of scope; years that are null stay."""
    condition = "FALSE" if window is None else f"{year} NOT BETWEEN {window[0]} AND {window[1]}"
    return f"WHEN {condition} THEN '{OUTSIDE}'"


def weighed(
    text: str, options: ReaderOptions, *, cap_e9: int | None = None, number: str | None = None
) -> dict[str, str]:
    """Return SQL by name: `units` of a record, whether it states `none`, and whether what it states is `bad`.

    With them the reasons for rows of the latter two, `no_weight` and `bad_weight`.

    text : SQL of the value to weigh by, as text; without weight_by it is not used, and each record weighs UNIT.
    cap_e9 : in place of the cap of the options, in billionths.
    number : SQL of the same value with a point before its decimals and nothing else, where it may be written otherwise.
    """
    if options.weight_by is None:
        return {**_REASONS, "units": f"CAST({UNIT} AS BIGINT)", "none": "FALSE", "bad": "FALSE"}
    cap = options.weight_cap_e9 if cap_e9 is None else cap_e9
    units = f"weight_units({number or text}, CAST('{cap}' AS HUGEINT))"
    none = f"({text} IS NULL OR lower({text}) = 'nan')"
    return {**_REASONS, "units": units, "none": none, "bad": f"(NOT {none} AND {units} IS NULL)"}


def usable(rows: pa.Table, ledger: Ledger) -> pa.Table:
    """Return the good rows with all their columns; enter the others in the ledger.

    rows : one row per row of the main file, with columns of LISTING_SCHEMA (`lat` and `lon` in degrees instead of
        integers; those that are missing get their default or null) and the verdict that `account` takes.
    """
    account(rows, ledger)
    return good(rows)


def good(rows: pa.Table) -> pa.Table:
    """Return the rows that are in scope and without a fault."""
    if rows["scope"].null_count == rows["fault"].null_count == len(rows):
        return rows
    return rows.filter(pc.and_(pc.is_null(rows["scope"]), pc.is_null(rows["fault"])))


def account(rows: pa.Table, ledger: Ledger) -> None:
    """Enter rows that are out of scope or cannot be used in the ledger.

    rows : source_file, source_row, and the verdict: `fault`, `fault_field`, `fault_value`, and `scope`, each null
        for a good row. A fault of a row that is out of scope anyway is no fault.
    """
    scope = rows["scope"]
    for reason in pc.value_counts(scope.drop_null()).to_pylist():
        ledger.out_of_scope(reason["values"], reason["counts"])
    faulty = rows.filter(pc.and_(pc.is_null(scope), pc.is_valid(rows["fault"])))
    for row in faulty.select(["source_file", "source_row", *VERDICT[1:]]).to_pylist():
        ledger.set_aside(row["source_file"], row["source_row"], row["fault"], row["fault_field"], row["fault_value"])


def listings(rows: pa.Table) -> pa.Table:
    """Return rows with the columns and types of LISTING_SCHEMA; degrees become integers of 1e-7 degree here, once.

    Exactly 0° N 0° E is no place: files write it for "unknown" (98 offices of one sample), so it is left out.
    Other columns are dropped. Raises ValueError for one that is called nearly as a column that is missing.
    """
    missing = [name for name in LISTING_SCHEMA.names if name not in rows.column_names]
    for name in rows.column_names:
        if name not in LISTING_SCHEMA.names and (similar := get_close_matches(name, missing, 1, NEARLY)):
            raise ValueError(f"a listing has no column {name!r}; did you mean {similar[0]!r}")
    columns = {name: rows[name] for name in rows.column_names}
    if "lat" in columns:
        columns["lat_e7"], columns["lon_e7"] = _e7(columns["lat"], columns["lon"])
    return pa.table([_column(columns, field, len(rows)) for field in LISTING_SCHEMA], schema=LISTING_SCHEMA)


def _column(columns: dict[str, pa.ChunkedArray], field: pa.Field, rows: int) -> pa.Array | pa.ChunkedArray:
    if field.name in columns:
        return columns[field.name].cast(field.type)
    if field.name in DEFAULTS:
        return pa.repeat(pa.scalar(DEFAULTS[field.name], field.type), rows)
    return pa.nulls(rows, field.type)


def _e7(lat: pa.ChunkedArray, lon: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    stated = np.asarray(pc.and_(pc.is_valid(lat), pc.is_valid(lon)), bool)
    degrees = [np.asarray(side.cast(pa.float64()).fill_null(0.0)) for side in (lat, lon)]
    nowhere = ~stated | ((degrees[0] == 0) & (degrees[1] == 0))
    lat_e7, lon_e7 = sphere.canonical(sphere.to_e7(degrees[0]), sphere.to_e7(degrees[1]))
    return pa.array(lat_e7, mask=nowhere), pa.array(lon_e7, mask=nowhere)


def keyed(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Add `record_key`: the source's `id`, else the hash of the row and how often it was seen before in the file."""
    seen: dict[str, int] = {}
    for batch in batches:
        ids = batch["id"].to_pylist() if "id" in batch.column_names else [None] * len(batch)
        hashes = batch["row_key"].to_pylist()
        for at, (name, key) in enumerate(zip(ids, hashes, strict=True)):
            if name is None:
                seen[key] = seen.get(key, 0) + 1
                ids[at] = f"{key}-{seen[key]}"
        yield batch.append_column("record_key", pa.array(ids, pa.string()))
