"""United States patents as PatentsView's tables: granted (`g_*`) or published applications (`pg_*`).

A record is a patent, a listing one of its inventors: a row of the inventor table, joined to the patent's date and
to the inventor's location. Whatever came through the PCT entered the United States afterwards: these tables hold the
national phase of one country, never all PCT applications (METHOD 1).
"""

from collections.abc import Iterator
from typing import ClassVar

import pyarrow as pa

from hubrank.core.errors import StudyError
from hubrank.core.tables import Files, Ledger, Metric, Origin
from hubrank.sources.applicants import INDIVIDUAL
from hubrank.sources.formats.columns import role_tables
from hubrank.sources.patents import UnitedStatesOptions
from hubrank.sources.row_checks import listings, load_table, reader_connection, usable, when_outside

METRIC = Metric("patents", unit="patents", listing="inventor")
LICENCE = "CC-BY-4.0"  # docs/sources/patentsview.md
ORIGIN = Origin(
    name="PatentsView",
    publisher="United States Patent and Trademark Office",
    url="https://data.uspto.gov/bulkdata/datasets/pvgpatdis",
)
ROLES = ("inventors", "patents", "locations")
OPTIONAL_ROLES = ("applications", "assignees", "technology", "pct")
WHOLE_RECORDS = False


ID = ("patent_id", "pgpub_id")
TABLES: dict[
    str, dict[str, tuple[str, ...]]
] = {  # per role, the reader's names for columns and theirs: granted, published, not disambiguated
    "inventors": {"patent": ID, "sequence": ("inventor_sequence",), "place": ("location_id", "rawlocation_id")},
    "patents": {
        "id": ID,
        "published": ("patent_date", "published_date"),
        "type": ("patent_type",),
        "withdrawn": ("withdrawn",),
        "filed": ("filing_date",),
    },
    "locations": {
        "place_id": ("rawlocation_id", "location_id"),
        "city": ("disambig_city", "raw_city"),
        "region": ("disambig_state", "raw_state"),
        "country": ("disambig_country", "raw_country"),
        "lat": ("latitude",),
        "lon": ("longitude",),
    },
    "applications": {"of": ID, "filing": ("filing_date",)},
    "assignees": {
        "of": ID,
        "organisation": ("disambig_assignee_organization", "raw_assignee_organization"),
    },
    "technology": {"of": ID, "place": ("wipo_field_sequence",), "title": ("wipo_field_title",)},
    "pct": {"of": ID},
}


class Options(UnitedStatesOptions):
    """What counts.

    year_of : which date decides the year: of publication (grant, for granted patents), or of filing, which for
        granted patents stands in the table of applications.
    pct_only : leave out patents that the pct table does not name.
    """

    renames: ClassVar[tuple[str, ...]] = tuple(TABLES["inventors"])


NEED = {
    "inventors": {"patent", "sequence", "place"},
    "patents": {"id", "published", "type"},
    "locations": {"place_id", "city", "country"},
    "applications": {"of", "filing"},
    "assignees": {"of", "organisation"},
    "technology": {"of", "title"},
    "pct": {"of"},
}

# One row per patent and per location, whatever the tables repeat.
JOINED = f"""
CREATE TEMP TABLE patent AS
SELECT id, min(published) AS published, min(type) AS type, min(withdrawn) AS withdrawn,
    coalesce(min(filed), min(filing)) AS filed, bool_or(pct.of IS NOT NULL) AS pct,
    min(organisations) AS organisations, min(fields.title) AS field
FROM patents
LEFT JOIN (SELECT of, min(filing) AS filing FROM applications GROUP BY of) applied ON applied.of = id
LEFT JOIN (SELECT DISTINCT of FROM pct) pct ON pct.of = id
LEFT JOIN (SELECT of, list_sort(list_distinct(list(coalesce(organisation, '{INDIVIDUAL}')))) AS organisations
    FROM assignees GROUP BY of) assigned ON assigned.of = id
LEFT JOIN (SELECT of, min_by(title, (coalesce(TRY_CAST(place AS INTEGER), 0), title)) AS title
    FROM technology GROUP BY of) fields ON fields.of = id
WHERE id IS NOT NULL GROUP BY id;
CREATE TEMP TABLE location AS
SELECT place_id, min(city) AS city, min(region) AS region, min(country) AS country, min(lat) AS lat, min(lon) AS lon
FROM locations WHERE place_id IS NOT NULL GROUP BY place_id;
"""

SQL = """
WITH named AS (
    SELECT *, sequence_number(sequence) AS number, {stamp} AS stamp, year_of({stamp}) AS year,
        where_fault(lat, lon) AS misplaced
    FROM inventors LEFT JOIN patent ON id = patent LEFT JOIN location ON place_id = place
)
SELECT patent AS record_key, number AS listing_no, iso_date(published) AS date, year,
    degrees(lat) AS lat, degrees(lon) AS lon, city, region, country, organisations, field, source_file, source_row,
    CASE WHEN id IS NULL THEN NULL
        WHEN NOT list_contains($types, coalesce(type, '')) THEN 'another kind: ' || coalesce(type, '(none)')
        WHEN withdrawn = '1' THEN 'withdrawn'
        WHEN {pct_only} AND NOT pct THEN 'not through the PCT'
        {when_outside} END AS scope,
    CASE WHEN id IS NULL THEN 'a patent that the table of patents does not hold'
        WHEN number IS NULL THEN 'a sequence number that is not one'
        WHEN date_fault(stamp, {needed}) IS NOT NULL THEN date_fault(stamp, {needed})
        ELSE misplaced END AS fault,
    CASE WHEN id IS NULL THEN 'patent_id' WHEN number IS NULL THEN 'inventor_sequence'
        WHEN misplaced IS NULL THEN 'date of {year_of}' ELSE 'latitude, longitude' END AS fault_field,
    CASE WHEN id IS NULL THEN patent WHEN number IS NULL THEN sequence
        WHEN misplaced IS NULL THEN stamp ELSE concat_ws(', ', lat, lon) END AS fault_value
FROM named
ORDER BY source_file, source_row
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one listing per row of the inventor table whose patent is in scope.

    Raises DataError naming a column that a table does not have; StudyError where an option needs a table that the
    study does not name.
    """
    _require_roles(files, options)
    with reader_connection() as connection:
        for role in TABLES.keys() - {"inventors"}:
            load_table(role, TABLES[role], NEED[role], files, options, connection)
        connection.execute(JOINED)
        main = role_tables("inventors", TABLES["inventors"], NEED["inventors"], files, options, ledger)
        for inventors in main:
            connection.register("inventors", inventors)
            judged = connection.sql(_sql(options), params={"types": list(options.types)}).to_arrow_table()
            yield listings(usable(judged, ledger))


def _sql(options: Options) -> str:
    return SQL.format(
        stamp="published" if options.year_of == "publication" else "filed",
        when_outside=when_outside("year", options.window),
        needed=options.window is not None,
        pct_only=options.pct_only,
        year_of=options.year_of,
    )


def _require_roles(files: Files, options: Options) -> None:
    if options.pct_only and "pct" not in files.roles:
        raise StudyError('patentsview: pct_only needs the table g_pct_data. Name it: files = { pct = "…", … }.')
