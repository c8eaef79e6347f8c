"""Private placements in the United States: the SEC's Form D data sets, quarterly zips of tables, as they come.

A record is an offering, known by its file number over the notice and its amendments, a listing the company that raises
the money, at its address. Of the six tables three are read; those with names of persons are never opened (METHOD 1).
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import ClassVar, Literal

import duckdb
import pyarrow as pa
from pydantic import Field

from hubrank.core.errors import DataError
from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.sources.formats.archives import Member, members_of
from hubrank.sources.formats.columns import TableSpec, tables
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import listings, reader_connection, usable, when_outside

METRIC = Metric("placements", unit="private placements", listing="company")
LICENCE = "public domain: published by the United States government"  # docs/sources/form_d.md
ORIGIN = Origin(
    name="Form D Data Sets",
    publisher="United States Securities and Exchange Commission",
    url="https://www.sec.gov/data-research/sec-markets-data/form-d-data-sets",
)
ROLES = ("filings",)
OPTIONAL_ROLES: tuple[str, ...] = ()
WHOLE_RECORDS = False
NOTE = (
    "Private placements: offerings of securities reported to the SEC on Form D. They include venture capital and other "
    "money raised without a public offering, in the United States."
)
# Groups of the form that hold money or land, not companies that make something.
FINANCIAL = (
    *("Pooled Investment Fund", "Commercial Banking", "Insurance", "Investing", "Investment Banking"),
    *("Other Banking and Financial Services", "Commercial", "Construction", "REITS and Finance", "Residential"),
    *("Other Real Estate", "Oil and Gas"),
)


class Options(ReaderOptions):
    """What counts.

    industries_out : groups of industry, as the form names them, whose offerings are out of scope.
    max_age : most years from the incorporation of the company to the filing; None takes companies of any age. Companies
        that do not state the year are then out of scope.
    year_of : which date decides the year: of the first sale of the offering (of filing, where none is stated), or of
        filing.
    """

    refused_metrics: ClassVar[tuple[str, ...]] = ("deals",)
    renames: ClassVar[tuple[str, ...]] = ()

    industries_out: tuple[str, ...] = FINANCIAL
    max_age: int | None = Field(default=None, ge=0)
    year_of: Literal["sale", "filing"] = "sale"

    @property
    def notes(self) -> tuple[str, ...]:
        """What every output of a source read with these options has to say."""
        return (NOTE,)


SPECS = {
    "FORMDSUBMISSION": {
        "accession": "ACCESSIONNUMBER",
        "file_number": "FILE_NUM",
        "filed": "FILING_DATE",
        "type": "SUBMISSIONTYPE",
        "live": "TESTORLIVE",
    },
    "ISSUERS": {
        "of": "ACCESSIONNUMBER",
        "is_primary": "IS_PRIMARYISSUER_FLAG",
        "sequence": "ISSUER_SEQ_KEY",
        "company": "ENTITYNAME",
        "city": "CITY",
        "state": "STATEORCOUNTRY",
        "state_name": "STATEORCOUNTRYDESCRIPTION",
        "age": "YEAROFINC_TIMESPAN_CHOICE",
        "incorporated": "YEAROFINC_VALUE_ENTERED",
    },
    "OFFERING": {
        "of": "ACCESSIONNUMBER",
        "industry": "INDUSTRYGROUPTYPE",
        "sale": "SALE_DATE",
        "pooled": "ISPOOLEDINVESTMENTFUNDTYPE",
        "equity": "ISEQUITYTYPE",
        "option": "ISOPTIONTOACQUIRETYPE",
        "acquired": "ISSECURITYTOBEACQUIREDTYPE",
        "combination": "ISBUSINESSCOMBINATIONTRANS",
    },
}

RELATIONS = {"FORMDSUBMISSION": "submissions", "ISSUERS": "issuers", "OFFERING": "offering"}

MACROS = r"""
CREATE TEMP MACRO day_of(t) AS CASE
    WHEN regexp_full_match(t, '\d{4}-\d{2}-\d{2}([ T].*)?') THEN TRY_CAST(left(t, 10) AS DATE)
    ELSE CAST(try_strptime(t, '%d-%b-%Y') AS DATE) END;
CREATE TEMP MACRO is_yes(t) AS lower(coalesce(t, '')) IN ('true', 'yes', '1');
"""

# One offering is one file number. It is counted at its first notice, in the year of its first sale, which an amendment
# may state. Of a filing that is there twice, in a quarter and its correction, the first counts.
JUDGED = """
WITH issuer AS (
    FROM issuers WHERE is_yes(is_primary)
    QUALIFY row_number() OVER (PARTITION BY of ORDER BY TRY_CAST(sequence AS BIGINT), company, city, state) = 1
), offer AS (
    FROM offering QUALIFY row_number() OVER (PARTITION BY of ORDER BY industry, sale, equity) = 1
), filing AS (
    SELECT s.*, i.* EXCLUDE (of), o.* EXCLUDE (of), coalesce(file_number, accession) AS record_key,
        day_of(filed) AS filed_day, day_of(sale) AS sale_day, i.of IS NULL AS no_issuer, o.of IS NULL AS no_offering,
        row_number() OVER (PARTITION BY accession ORDER BY source_file, source_row) AS copy,
        TRY_CAST(incorporated AS INTEGER) AS founded
    FROM submissions s LEFT JOIN issuer i ON i.of = accession LEFT JOIN offer o ON o.of = accession
), dated AS (
    SELECT *, year({stamp}) AS year,
        CASE WHEN accession IS NOT NULL AND copy > 1 THEN 'a filing that is there again'
            WHEN lower(coalesce(live, 'live')) <> 'live' THEN 'a test filing'
            WHEN type = 'D/A' THEN 'an amendment'
            WHEN coalesce(type, '') <> 'D' THEN coalesce('another type: ' || type, 'no type')
            WHEN no_issuer OR no_offering THEN NULL
            WHEN is_yes(pooled) THEN 'industry: Pooled Investment Fund'
            WHEN list_contains($industries_out, coalesce(industry, '')) THEN 'industry: ' || industry
            WHEN NOT (is_yes(equity) OR is_yes(option) OR is_yes(acquired)) THEN 'neither equity nor options'
            WHEN is_yes(combination) THEN 'a business combination'
            {age} END AS reason
    FROM filing WINDOW offering_of AS (PARTITION BY record_key)
), faults AS (
    SELECT *, CASE WHEN accession IS NULL
            THEN {{reason: 'no number of the filing', field: 'ACCESSIONNUMBER', value: NULL}}
        WHEN no_issuer THEN {{reason: 'no primary issuer', field: 'IS_PRIMARYISSUER_FLAG', value: NULL}}
        WHEN no_offering THEN {{reason: 'no row in the table of offerings', field: 'ACCESSIONNUMBER', value: NULL}}
        WHEN filed_day IS NULL THEN {{reason: 'not a date', field: 'FILING_DATE', value: filed}}
        WHEN sale IS NOT NULL AND sale_day IS NULL THEN {{reason: 'not a date', field: 'SALE_DATE', value: sale}}
        END AS worst
    FROM dated
)
SELECT record_key, 1 AS listing_no, CAST(filed_day AS VARCHAR) AS date, CAST(year AS INTEGER) AS year, city,
    CASE WHEN regexp_full_match(state, '[A-Z]{{2}}') THEN state WHEN suffix(state_name, ', CANADA')
        THEN left(state_name, length(state_name) - 8) END AS region,
    CASE WHEN regexp_full_match(state, '[A-Z]{{2}}') OR state = 'X1' THEN 'US'
        WHEN suffix(state_name, ', CANADA') THEN 'CA' ELSE state_name END AS country,
    CASE WHEN company IS NOT NULL THEN [company] END AS organisations, industry AS field, source_file, source_row,
    CASE WHEN reason IS NOT NULL THEN reason
        {when_outside}
        WHEN worst IS NULL AND row_number() OVER (
            PARTITION BY record_key, reason IS NULL AND worst IS NULL ORDER BY filed_day, accession) > 1
            THEN 'another notice of the same offering' END AS scope,
    worst.reason AS fault, worst.field AS fault_field, worst.value AS fault_value
FROM faults ORDER BY source_file, source_row
"""
FIRST_SALE = "coalesce(min(sale_day) OVER offering_of, min(filed_day) OVER offering_of)"
YOUNG = """WHEN founded IS NULL AND coalesce(age, '') <> 'Yet to be formed' THEN 'age of the company not stated'
            WHEN year(filed_day) - founded > {most} THEN 'a company older than {most} years'"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per offering in scope: the primary issuer at its address.

    Raises DataError where an archive lacks one of the three tables, or a table one of its columns.
    """
    with reader_connection() as connection:
        for table, columns in SPECS.items():
            names = ", ".join(f"{name} VARCHAR" for name in columns)
            rows = ", source_file VARCHAR, source_row BIGINT" if table == "FORMDSUBMISSION" else ""
            connection.execute(f"CREATE TEMP TABLE {RELATIONS[table]} ({names}{rows})")
        connection.execute(MACROS)
        _load(files, options, ledger, connection)
        judged = connection.sql(_sql(options), params={"industries_out": list(options.industries_out)})
        yield listings(usable(judged.to_arrow_table(), ledger))


def _sql(options: Options) -> str:
    age = "" if options.max_age is None else YOUNG.format(most=options.max_age)
    stamp = FIRST_SALE if options.year_of == "sale" else "filed_day"
    return JUDGED.format(stamp=stamp, age=age, when_outside=when_outside("year", options.window))


def _load(files: Files, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection) -> None:
    """Load the tables of every quarter; those that are not needed are not opened."""
    quarters: dict[str, set[str]] = {}
    for member in members_of(files.main, files):
        path = PurePosixPath(member.name)
        table = path.name.partition(".")[0].upper()
        there = quarters.setdefault(str(path.parent), set())
        if table in SPECS:
            there.add(table)
            _load_table(table, member, options, ledger, connection)
    for quarter, read_tables in quarters.items():
        if missing := sorted(SPECS.keys() - read_tables):
            raise DataError(
                f"{quarter} has no table {missing[0]}.tsv; it has: {', '.join(sorted(read_tables)) or 'none of them'}. "
                f"Is this a quarter of the Form D data sets? Name the zip files as they were downloaded."
            )


def _load_table(
    table: str, member: Member, options: Options, ledger: Ledger, connection: duckdb.DuckDBPyConnection
) -> None:
    spec = TableSpec(f"table {table} of Form D", SPECS[table], frozenset(SPECS[table]))
    is_main = table == "FORMDSUBMISSION"
    columns = ", ".join([*SPECS[table], *(("source_file", "source_row") if is_main else ())])
    for part in tables([member], lambda _: spec, ledger if is_main else None, options, quoted=False):
        connection.register("part", part)
        connection.execute(f"INSERT INTO {RELATIONS[table]} SELECT {columns} FROM part")
