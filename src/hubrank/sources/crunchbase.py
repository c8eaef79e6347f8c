"""Venture-capital deals: funding rounds as Crunchbase exports them, in four layouts.

A deal is placed at the company that receives the money; each row is a whole record with one listing (METHOD 1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.sources.formats.archives import members_of
from hubrank.sources.formats.columns import TableSpec, plain, tables
from hubrank.sources.kinds import is_stated
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import keyed, listings, reader_connection, usable, weighed, when_outside

METRIC = Metric("deals", unit="deals", listing="company")
LICENCE = "the terms of Crunchbase: results may be published, rows may not; CC-BY-4.0 until 2015"
ORIGIN = Origin(
    name="Crunchbase",
    publisher="Crunchbase",
    url="https://www.crunchbase.com",
)
ROLES = ("rounds",)
OPTIONAL_ROLES = ("organizations",)
WHOLE_RECORDS = True
VENTURE = ("pre_seed", "seed", "angel", "series", "venture")


@dataclass(frozen=True, slots=True)
class Layout:
    """One of the exports: where each column stands, by the reader's name. amount : raised, in US dollars."""

    columns: dict[str, str]
    need: frozenset[str] = frozenset({"type", "date", "country"})
    amount: str = "raised_amount_usd"


_COMPANY = {
    "type": "funding_round_type",
    "date": "funded_at",
    "city": "company_city",
    "metro": "company_region",
    "region": "company_state_code",
    "country": "company_country_code",
    "company": "company_name",
    "permalink": "company_permalink",
}
LAYOUTS = (
    Layout(_COMPANY | {"category": "company_category_code"}),  # monthly export, to 2014
    Layout(_COMPANY | {"category": "company_category_list", "id": "funding_round_permalink"}),  # export of 2015
    Layout(  # bulk export, since 2016
        {
            "id": "uuid",
            "type": "investment_type",
            "date": "announced_on",
            "city": "city",
            "region": "state_code",
            "province": "region",
            "country": "country_code",
            "company": "org_name",
            "permalink": "org_uuid",
            "updated": "updated_at",
        }
    ),
    Layout(  # what the search page exports
        {
            "id": "Transaction Name URL",
            "type": "Funding Type",
            "date": "Announced Date",
            "location": "Organization Location",
            "company": "Organization Name",
            "category": "Organization Industries",
        },
        frozenset({"type", "date", "location"}),
        "Money Raised Currency (in USD)",
    ),
)
NAMES = tuple(dict.fromkeys(name for layout in LAYOUTS for name in layout.columns))


class Options(ReaderOptions):
    """What counts as a deal.

    types : kinds of round that count as venture capital, in lower case with _ for anything else; `series` stands
        for all its stages. Left out by default: debt, convertible notes, grants, crowdfunding, private equity,
        corporate, secondary and post-IPO rounds, and rounds whose kind is `other` or `undisclosed`.
    """

    weighs_by: ClassVar[dict[str, bool]] = {"amount": True}  # in US dollars
    renames: ClassVar[tuple[str, ...]] = (*NAMES, "amount")
    kinds_begin: ClassVar[bool] = True

    types: tuple[str, ...] = VENTURE


ORGANIZATIONS = TableSpec(
    "organization table, which an export of 2013 does not need",
    {
        "org": "uuid",
        "org_city": "city",
        "org_region": "state_code",
        "org_province": "region",
        "org_country": "country_code",
        "org_category": "category_list",
    },
    frozenset({"org"}),
)

# The page of a search writes $1,000,000.
PLAIN_AMOUNT = r"""CASE WHEN regexp_full_match(amount, '\$?\d{1,3}(,\d{3})*')
    THEN regexp_replace(amount, '[$,]', '', 'g') ELSE amount END"""

KIND = "regexp_replace(lower(type), '[^a-z0-9+]+', '_', 'g')"
KINDS = f"SELECT {KIND}, COUNT(*) FROM rounds WHERE type IS NOT NULL GROUP BY ALL"
SQL = """
WITH named AS (
    SELECT *, {kind} AS kind,
        string_split(location, ', ') AS place,
        year_of(date) AS year,
    FROM rounds LEFT JOIN organizations ON permalink = org
)
SELECT record_key, 1 AS listing_no, source_row AS record_version, updated AS date, year, {units} AS record_units,
    coalesce(city, org_city, CASE WHEN len(place) > 2 THEN place[1] END,
        CASE WHEN NOT regexp_matches(metro, '(?i) - other|^tbd$|^unknown$|^other$') THEN metro END) AS city,
    coalesce(region, org_region, province, org_province,
        CASE WHEN len(place) > 3 THEN place[-3] END) AS region,
    coalesce(country, org_country, CASE WHEN len(place) > 1 THEN place[-2] END) AS country,
    CASE WHEN len(place) < 3 THEN location END AS address,
    [coalesce(CASE WHEN NOT regexp_full_match(company, '#[A-Z/0]+[?!]?') THEN company END,
        regexp_extract(permalink, '[^/]+$'))] AS organisations,
    nullif(trim(regexp_extract(coalesce(category, org_category), '[^|,]+')), '') AS field,
    source_file, source_row,
    CASE WHEN NOT list_bool_or([kind = t OR starts_with(kind, t || '_') FOR t IN $types])
        THEN 'not venture capital: ' || kind
        {when_outside}
        WHEN {none} THEN '{no_weight}' END AS scope,
    CASE WHEN type IS NULL THEN 'no kind of round'
        ELSE coalesce(date_fault(date, {needed}), CASE WHEN {bad} THEN '{bad_weight}' END) END AS fault,
    CASE WHEN type IS NULL THEN 'type' WHEN {bad} THEN 'amount' ELSE 'date' END AS fault_field,
    CASE WHEN type IS NULL THEN NULL WHEN {bad} THEN {text} ELSE date END AS fault_value
FROM named
ORDER BY source_row
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per funding round that is venture capital and in the window.

    Raises DataError where a file has none of the four layouts.
    """
    text = PLAIN_AMOUNT if options.weight_by else "NULL"
    sql = SQL.format(
        kind=KIND,
        when_outside=when_outside("year", options.window),
        needed=options.window is not None,
        text=text,
        **weighed(text, options),
    )
    with reader_connection() as connection:
        connection.register("organizations", _organizations(files, options))
        for member in members_of(files.main, files, options.sheets):  # equal rows are numbered within their file
            for rounds in keyed(tables([member], lambda header: _layout(header, options), ledger, options)):
                connection.register("rounds", rounds)
                for kind, number in connection.sql(KINDS).fetchall() if is_stated(options) else ():
                    ledger.of_kind(kind, number)
                judged = connection.sql(sql, params={"types": list(options.types)}).to_arrow_table()
                yield listings(usable(judged, ledger))


def _layout(header: tuple[str, ...], options: Options) -> TableSpec:
    """Choose the layout that shares most columns with the header."""
    there = {plain(name) for name in header}
    layout = max(LAYOUTS, key=lambda one: sum(plain(column) in there for column in one.columns.values()))
    amount = {"amount": layout.amount} if options.weight_by else {}
    columns = {**dict.fromkeys(NAMES, ""), **layout.columns, **amount, **options.columns}
    return TableSpec("table of funding rounds", columns, layout.need.union(amount, options.columns), keyed=True)


def _organizations(files: Files, options: Options) -> pa.Table:
    """Return the organisations that rounds refer to; an empty table where the study names none."""
    files_of = members_of(files.roles.get("organizations", ()), files)
    names = list(ORGANIZATIONS.columns)
    empty = pa.table({name: pa.array([], pa.string()) for name in names})
    parts = tables(files_of, lambda _: ORGANIZATIONS, None, options)
    return pa.concat_tables([empty, *(part.select(names) for part in parts)])
