"""PCT and European patent applications as the OECD's REGPAT tables: every inventor with an address and region.

A record is an application, a listing one of its inventors. An inventor whose address fits several regions has a
row for each: a row weighs inv_share × reg_share (METHOD 1).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from hubrank.core.tables import Files, Ledger, Metric
from hubrank.core.units import WEIGHT_ONE
from hubrank.sources.applicants import holder
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.columns import TableSpec, plain, tables
from hubrank.sources.formats.parquet_rows import BATCH
from hubrank.sources.ipc_fields import technology
from hubrank.sources.options import ReaderOptions, outside
from hubrank.sources.row_checks import listings, reader_connection, sift

METRIC = Metric("patents", unit="applications", listing="inventor")
LICENCE = "the terms of the OECD: free for research on request"  # docs/sources/regpat.md
ROLES = ("inventors", "ipc")
OPTIONAL_ROLES = ("applicants", "regions")
WHOLE_RECORDS = False
SLACK = 0.02  # shares are rounded to a few digits; thirty inventors of 0.0333 make 0.999


class Options(ReaderOptions):
    """What counts.

    year_of : which year decides: of filing, or of the first filing anywhere (priority). REGPAT has no date of
        publication; an application is published about 18 months after its priority.
    """

    year_of: Literal["filing", "priority"] = "filing"


ID = ("PCT_Nbr", "App_nbr", "Appln_id")  # applications under the PCT, and those at the European Patent Office
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "inventors": {
        "application": ID,
        "person": ("Person_id",),
        "name": ("Inv_name",),
        "address": ("Address",),
        "city": ("City",),
        "post_code": ("Postal_code",),
        "code": ("Reg_code",),
        "country": ("Ctry_code",),
        "reg_share": ("Reg_share",),
        "inv_share": ("Inv_share",),
    },
    "ipc": {"application": ID, "priority": ("Prio_Year",), "filing": ("App_year",), "symbol": ("IPC",)},
    "applicants": {"application": ID, "organisation": ("App_name",)},
    "regions": {"code": ("Reg_code",), "label": ("Reg_label", "Reg_name")},
}
NEED = {
    "inventors": {"application", "name", "address", "country", "reg_share", "inv_share"},
    "ipc": {"application", "filing", "symbol"},
    "applicants": {"application", "organisation"},
    "regions": {"code", "label"},
}

JOINED = """
CREATE TEMP TABLE dated AS SELECT application AS id, min(priority) AS priority, min(filing) AS filing,
    min_by(field, (-uses, field)) AS field
FROM (SELECT application, field, count(field) AS uses, min(priority) AS priority, min(filing) AS filing
    FROM ipc LEFT JOIN technologies USING (symbol) WHERE application IS NOT NULL GROUP BY application, field)
GROUP BY application;
CREATE TEMP TABLE applied AS SELECT application AS applicant_of, list_sort(list_distinct(list(holder))) AS organisations
FROM applicants JOIN holders USING (organisation) WHERE application IS NOT NULL GROUP BY application;
CREATE TEMP TABLE region AS SELECT code AS region_code, min(label) AS label FROM regions GROUP BY code;
"""

# Names decide who is who within an application and go no further.
KEEP = """
SELECT application, md5(concat_ws('|', coalesce(person, name), address, city)) AS who, address, city, post_code, code,
    CASE upper(country) WHEN 'EL' THEN 'GR' WHEN 'UK' THEN 'GB' WHEN 'ZZ' THEN NULL WHEN 'ZZZ' THEN NULL
        ELSE country END AS country,
    reg_share, inv_share, source_file, source_row
FROM part
"""

# A region is told only where the address leaves several open: elsewhere the address says more.
SQL = """
WITH named AS (
    SELECT *, TRY_CAST(replace(inv_share, ',', '.') AS DOUBLE) AS inventor_part,
        TRY_CAST(replace(reg_share, ',', '.') AS DOUBLE) AS region_part, {year_of} AS stamp, year_of({year_of}) AS year
    FROM inventors LEFT JOIN dated ON id = application LEFT JOIN applied ON applicant_of = application
    LEFT JOIN region ON region_code = code
), judged AS (
    SELECT *,
        coalesce(inventor_part > 0 AND inventor_part <= 1 AND region_part > 0 AND region_part <= 1, FALSE) AS sound,
        dense_rank() OVER (PARTITION BY application ORDER BY who) AS number,
        sum(inventor_part * region_part) OVER (PARTITION BY application, source_file) AS whole,
    FROM named
)
SELECT application AS record_key, number AS listing_no, year, address, city,
    CASE WHEN region_part < 1 THEN coalesce(label, code) END AS region, country, organisations, field,
    source_file, source_row,
    greatest(1, TRY_CAST(floor(inventor_part * region_part * {one} + 0.5) AS BIGINT)) AS weight,
    CASE WHEN {outside} THEN 'outside the window' END AS scope,
    CASE WHEN application IS NULL THEN 'no number of the application'
        WHEN id IS NULL THEN 'an application that the table of classes and years does not hold'
        WHEN date_fault(stamp, {needed}) IS NOT NULL THEN date_fault(stamp, {needed})
        WHEN NOT sound THEN 'a share that is not above 0 and at most 1'
        WHEN whole > 1 + {slack} THEN 'shares of an application that add up to more than 1' END AS fault,
    CASE WHEN application IS NULL OR id IS NULL THEN 'application'
        WHEN date_fault(stamp, {needed}) IS NOT NULL THEN 'year of {year_of}'
        ELSE 'inv_share, reg_share' END AS fault_field,
    CASE WHEN application IS NULL OR id IS NULL THEN application
        WHEN date_fault(stamp, {needed}) IS NOT NULL THEN stamp
        ELSE concat_ws(', ', inv_share, reg_share) END AS fault_value
FROM judged
ORDER BY source_file, source_row
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one row per inventor and candidate region; shares are checked once all rows are seen.

    Raises DataError naming a column that a table does not have.
    """
    with reader_connection() as connection:
        for role in ("ipc", "applicants", "regions"):
            _load(role, _all(files.roles.get(role, ()), role, files, options, None), connection)
        _load_meanings(connection)
        connection.execute(JOINED)
        _load("inventors", _all(files.main, "inventors", files, options, ledger), connection, keep=KEEP)
        sql = SQL.format(
            year_of=options.year_of,
            one=WEIGHT_ONE,
            slack=SLACK,
            outside=outside("year", options.window),
            needed=options.window is not None,
        )
        for batch in connection.sql(sql).to_arrow_reader(BATCH):
            yield listings(sift(pa.Table.from_batches([batch]), ledger))


def _load(role: str, parts: Iterator[pa.Table], connection: duckdb.DuckDBPyConnection, keep: str = "FROM part") -> None:
    columns = [*TABLES[role], "source_file", "source_row"]
    connection.register("part", pa.table({name: pa.array([], pa.string()) for name in columns}))
    connection.execute(f"CREATE TEMP TABLE {role} AS {keep}")
    connection.execute(f"ALTER TABLE {role} ALTER source_row TYPE BIGINT")
    for part in parts:
        connection.register("part", part)
        connection.execute(f"INSERT INTO {role} {keep}")


def _load_meanings(connection: duckdb.DuckDBPyConnection) -> None:
    """Look up each class and each applicant once: the field of technology, and whether it is a person."""
    for table, column, name, meaning in (
        ("ipc", "symbol", "technologies", technology),
        ("applicants", "organisation", "holders", holder),
    ):
        found = connection.sql(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"
        ).fetchall()
        words = [word for (word,) in found]
        meant = "field" if name == "technologies" else "holder"
        meanings = pa.array([meaning(word) for word in words], pa.string())
        connection.register(name, pa.table({column: pa.array(words, pa.string()), meant: meanings}))


def _all(
    paths: tuple[Path, ...], role: str, files: Files, options: Options, ledger: Ledger | None
) -> Iterator[pa.Table]:
    for path in paths:
        for member in members(path, files.name(path)):
            yield from tables(member, lambda header: _wanted(role, header, options), ledger, options)


def _wanted(role: str, header: tuple[str, ...], options: Options) -> TableSpec:
    """Choose, for each column, the name that this table uses; the case of the header varies by year."""
    there = {plain(name) for name in header}
    columns = {
        name: next((one for one in theirs if plain(one) in there), theirs[0]) for name, theirs in TABLES[role].items()
    }
    named = options.columns if role == "inventors" else {}
    return TableSpec(f"table of {role}", columns | named, frozenset(NEED[role]))
