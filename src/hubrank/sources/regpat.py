"""PCT and European patent applications as the OECD's REGPAT tables: every inventor with an address and region.

A record is an application, a listing one of its inventors. An inventor whose address fits several regions has a
row for each: a row weighs inv_share × reg_share (METHOD 1).
"""

import csv
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files as resources
from typing import ClassVar, Literal

import duckdb
import pyarrow as pa

from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.core.units import WEIGHT_ONE
from hubrank.sources.applicants import applicant_name
from hubrank.sources.formats.columns import role_tables
from hubrank.sources.formats.parquet_rows import BATCH
from hubrank.sources.ipc_fields import technology_field
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import listings, load_table, reader_connection, usable, when_outside

METRIC = Metric("patents", unit="applications", listing="inventor")
LICENCE = "the terms of the OECD: free for research on request"  # docs/sources/regpat.md
ORIGIN = Origin(
    name="REGPAT",
    publisher="OECD",
    url="https://www.oecd.org",
)
ROLES = ("inventors", "ipc")
OPTIONAL_ROLES = ("applicants", "regions")
WHOLE_RECORDS = False
SLACK = 0.02  # shares are rounded to a few digits; thirty inventors of 0.0333 make 0.999


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


class Options(ReaderOptions):
    """What counts.

    year_of : which year decides: of filing, or of the first filing anywhere (priority). REGPAT has no date of
        publication; an application is published about 18 months after its priority.
    """

    renames: ClassVar[tuple[str, ...]] = tuple(TABLES["inventors"])

    year_of: Literal["filing", "priority"] = "filing"


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
    FROM ipc LEFT JOIN technology_fields USING (symbol) WHERE application IS NOT NULL GROUP BY application, field)
GROUP BY application;
CREATE TEMP TABLE applied AS SELECT application AS applicant_of, list_sort(list_distinct(list(name))) AS organisations
FROM applicants JOIN applicant_names USING (organisation) WHERE application IS NOT NULL GROUP BY application;
CREATE TEMP TABLE region AS SELECT code AS region_code, min(label) AS label FROM regions GROUP BY code;
"""

# Names tell the inventors of an application apart and go no further.
INVENTORS = """
SELECT application, md5(concat_ws('|', coalesce(person, name), address, city)) AS who, address, city, post_code, code,
    CASE upper(country) WHEN 'EL' THEN 'GR' WHEN 'UK' THEN 'GB' WHEN 'ZZ' THEN NULL WHEN 'ZZZ' THEN NULL
        ELSE country END AS country,
    reg_share, inv_share, source_file, source_row
FROM part
"""

# The state of a region's code is stated of every row; the region itself only where the address leaves several open.
SQL = """
WITH named AS (
    SELECT *, TRY_CAST(replace(inv_share, ',', '.') AS DOUBLE) AS inventor_part,
        TRY_CAST(replace(reg_share, ',', '.') AS DOUBLE) AS region_part, {year_of} AS stamp, year_of({year_of}) AS year
    FROM inventors LEFT JOIN dated ON id = application LEFT JOIN applied ON applicant_of = application
    LEFT JOIN region ON region_code = code LEFT JOIN states USING (code)
), judged AS (
    SELECT *,
        coalesce(inventor_part > 0 AND inventor_part <= 1 AND region_part > 0 AND region_part <= 1, FALSE) AS sound,
        dense_rank() OVER (PARTITION BY application ORDER BY who) AS number,
        sum(inventor_part * region_part) OVER (PARTITION BY application, source_file) AS whole,
    FROM named
)
SELECT application AS record_key, number AS listing_no, year, address, city,
    CASE WHEN region_part < 1 AND nullif(label, state) IS NOT NULL THEN concat_ws(', ', label, state)
        WHEN state IS NOT NULL THEN state WHEN region_part < 1 THEN code END AS region, country, organisations, field,
    source_file, source_row,
    greatest(1, TRY_CAST(floor(inventor_part * region_part * {one} + 0.5) AS BIGINT)) AS weight,
    CASE {when_outside} END AS scope,
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

FEWER = """
SELECT count(*) FROM (
    SELECT sum(TRY_CAST(replace(inv_share, ',', '.') AS DOUBLE) * TRY_CAST(replace(reg_share, ',', '.') AS DOUBLE)) AS s
    FROM inventors JOIN dated ON id = application
    WHERE {inside} GROUP BY application, source_file HAVING s < 1 - {slack})
"""


WITHOUT_STATE = """
SELECT count(*) FROM inventors JOIN dated ON id = application LEFT JOIN states USING (code)
WHERE code IS NOT NULL AND state IS NULL AND {inside}
"""
NO_STATE = "rows have the code of a region that says no state; these are located by the address"
NO_STATE += " alone, or by the region's name where an inventor has several"


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one row per inventor and candidate region; shares are checked once all rows are seen.

    Raises DataError naming a column that a table does not have.
    """
    with reader_connection() as connection:
        for role in ("ipc", "applicants", "regions"):
            load_table(role, TABLES[role], NEED[role], files, options, connection)
        _load_lookup("technology_fields", "ipc", "symbol", "field", technology_field, connection)
        _load_lookup("applicant_names", "applicants", "organisation", "name", applicant_name, connection)
        connection.execute(JOINED)
        _load_inventors(files, options, ledger, connection)
        _load_lookup("states", "inventors", "code", "state", state_of, connection)
        sql = SQL.format(
            year_of=options.year_of,
            one=WEIGHT_ONE,
            slack=SLACK,
            when_outside=when_outside("year", options.window),
            needed=options.window is not None,
        )
        years = "year_of({}) BETWEEN {} AND {}"
        inside = years.format(options.year_of, *options.window) if options.window else "TRUE"
        ((fewer,),) = connection.execute(FEWER.format(slack=SLACK, inside=inside)).fetchall()
        ledger.remark("applications whose shares add up to less than 1; their inventors share all of it", fewer)
        ((unused,),) = connection.execute(WITHOUT_STATE.format(inside=inside)).fetchall()
        ledger.remark(NO_STATE, unused)
        for batch in connection.sql(sql).to_arrow_reader(BATCH):
            yield listings(usable(pa.Table.from_batches([batch]), ledger))


@cache
def _states() -> dict[tuple[str, int], str]:
    text = resources(__package__).joinpath("regpat_regions.csv").read_text("utf-8")
    return {(row["code"], int(row["length"])): row["region"] for row in csv.DictReader(text.splitlines())}


def state_of(code: str) -> str | None:
    """Return the state, province, canton or region of the first level that the code of a TL3 region opens with.

    US13215, a county of the United States, lies in Georgia. The length counts: US013 is an economic area.
    """
    states, code = _states(), code.upper()
    return next((states[code[:n], len(code)] for n in (5, 4, 3) if (code[:n], len(code)) in states), None)


def _load_inventors(files: Files, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection) -> None:
    """Load the main table, with the number of each row in its file."""
    columns = [*((name, pa.string()) for name in (*TABLES["inventors"], "source_file")), ("source_row", pa.int64())]
    connection.register("part", pa.schema(columns).empty_table())
    connection.execute(f"CREATE TEMP TABLE inventors AS {INVENTORS}")
    for part in role_tables("inventors", TABLES["inventors"], NEED["inventors"], files, options, ledger):
        connection.register("part", part)
        connection.execute(f"INSERT INTO inventors {INVENTORS}")


def _load_lookup(
    name: str,
    table: str,
    column: str,
    meaning: str,
    look_up: Callable[[str], str | None],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Load what each text of a column means; each is looked up once."""
    sql = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1"
    texts = [text for (text,) in connection.sql(sql).fetchall()]
    meanings = pa.array([look_up(text) for text in texts], pa.string())
    connection.register(name, pa.table({column: pa.array(texts, pa.string()), meaning: meanings}))
