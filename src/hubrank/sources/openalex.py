"""Publications: the works of an OpenAlex snapshot, as JSON lines or Parquet, in the layouts before and since 2026.

A record is a work, a listing one of its authors. Works carry no coordinates: those of the institutions table are
joined; without it institutions and affiliations are left to the geocoder (METHOD 4).
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
from pydantic import Field

from hubrank.sources import openalex_files
from hubrank.sources.options import ReaderOptions, outside
from hubrank.sources.sifting import listings, sift, workshop
from hubrank.tables import WEIGHT_ONE, Files, Ledger, Metric

METRIC = Metric("publications", unit="articles", listing="author")
ROLES = ("works",)
OPTIONAL_ROLES = ("institutions",)
WHOLE_RECORDS = True


class Options(ReaderOptions):
    """What counts.

    types : kinds of work that count; `article` since August 2023, `journal-article` before.
    fields : domains or fields that count, by OpenAlex's names; Social Sciences, which hold the humanities, are out.
    unclassified : whether works without a field count.
    """

    types: tuple[str, ...] = ("article", "journal-article")
    fields: tuple[str, ...] = Field(default=("Life Sciences", "Physical Sciences", "Health Sciences"), min_length=1)
    unclassified: bool = True


# Before 2024 a work has no topic but concepts: its best one of level 0 stands for the field.
CONCEPTS = {
    "Life Sciences": ("Biology",),
    "Health Sciences": ("Medicine",),
    "Physical Sciences": (
        *("Chemistry", "Computer science", "Engineering", "Environmental science", "Geography", "Geology"),
        *("Materials science", "Mathematics", "Physics"),
    ),
    "Social Sciences": (
        *("Art", "Business", "Economics", "History", "Philosophy", "Political science", "Psychology", "Sociology"),
    ),
}
DOMAIN_OF = {concept: domain for domain, concepts in CONCEPTS.items() for concept in concepts}

JUDGED = """
WITH named AS (
    SELECT w.*, source_row, fine, coalesce(w.primary_topic, w.topics[1]) AS topic,
        list_sort([{{less: -c.score, name: c.display_name}} FOR c IN w.concepts IF c.level = 0])[1].name AS best_concept,
        w.publication_year AS year
    FROM documents
), classified AS (
    SELECT named.*, coalesce(topic.field.display_name, best_concept) AS field,
        coalesce(topic.domain.display_name, domains.domain) AS domain
    FROM named LEFT JOIN domains ON concept = best_concept
)
SELECT id, source_row, authorships, year, updated_date AS date, field, $file AS source_file,
    CASE WHEN NOT list_contains($types, coalesce(type, '')) THEN 'another type: ' || coalesce(type, '(none)')
        WHEN is_retracted THEN 'retracted'
        WHEN is_paratext THEN 'paratext'
        WHEN {outside} THEN 'outside the window'
        WHEN coalesce(field, domain) IS NULL AND NOT $unclassified THEN 'no field'
        WHEN coalesce(field, domain) IS NOT NULL AND NOT coalesce(list_contains($fields, field), FALSE)
            AND NOT coalesce(list_contains($fields, domain), FALSE)
            THEN 'another field: ' || coalesce(domain, field)
        WHEN coalesce(len(authorships), 0) = 0 THEN 'names no author' END AS scope,
    CASE WHEN NOT fine THEN 'not a JSON object'
        WHEN id IS NULL THEN 'no id'
        WHEN year IS NULL AND {needed} THEN 'no usable year'
        WHEN year NOT BETWEEN 1700 AND 2100 THEN 'not a year' END AS fault,
    CASE WHEN NOT fine THEN '(line)' WHEN id IS NULL THEN 'id' ELSE 'publication_year' END AS fault_field,
    CAST(year AS VARCHAR) AS fault_value
FROM classified
ORDER BY source_row
"""

# An author with several institutions is at each of them in equal parts; one with none is where the affiliations say.
LISTED = f"""
WITH authors AS (
    SELECT * EXCLUDE authorships, unnest(authorships) AS author, generate_subscripts(authorships, 1) AS listing_no,
        list_sort(list_distinct(flatten([[i.display_name FOR i IN a.institutions] FOR a IN authorships])))
            AS organisations
    FROM works
), places AS (
    SELECT *, list_distinct([i FOR i IN author.institutions IF coalesce(i.id, i.display_name) IS NOT NULL]) AS known,
        list_distinct([line FOR line IN coalesce(author.raw_affiliation_strings, [author.raw_affiliation_string])
            IF trim(line) <> '']) AS written
    FROM authors
), each_place AS (
    SELECT *, unnest(CASE WHEN len(known) > 0 THEN [{{place: i, written: NULL}} FOR i IN known]
        WHEN len(written) > 0 THEN [{{place: NULL, written: line}} FOR line IN written]
        ELSE [{{place: NULL, written: NULL}}] END) AS spot, greatest(len(known), len(written) * (len(known) = 0)::INT, 1) AS places
    FROM places
)
SELECT e.id AS record_key, listing_no, source_row AS copy, date, year, {WEIGHT_ONE} // e.places AS weight,
    i.lat, i.lon, coalesce(spot.place.ror, spot.place.id) AS institution_id,
    coalesce(spot.place.display_name, spot.written) AS institution,
    coalesce(spot.place.country_code, CASE WHEN len(author.countries) = 1 THEN author.countries[1] END) AS country,
    organisations, field, source_file, source_row
FROM each_place e LEFT JOIN institutions i ON i.id = spot.place.id
ORDER BY source_row, listing_no, institution_id, institution
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one row per author and place of each work that is asked for; memory does not grow with the file.

    Raises DataError where a file cannot be unpacked or is no Parquet file of works.
    """
    sql = JUDGED.format(outside=outside("year", options.window), needed=options.window is not None)
    with workshop() as shop:
        shop.register("institutions", openalex_files.institutions(files))
        shop.register("domains", pa.table({"concept": list(DOMAIN_OF), "domain": list(DOMAIN_OF.values())}))
        for path in files.main:
            yield from _file(path, files.name(path), sql, options, ledger, shop)


def _file(
    path: Path, name: str, sql: str, options: Options, ledger: Ledger, shop: duckdb.DuckDBPyConnection
) -> Iterator[pa.Table]:
    told = {"types": list(options.types), "fields": list(options.fields)}
    told |= {"unclassified": options.unclassified}
    for documents, file in openalex_files.works(path, name, ledger, shop):
        shop.register("documents", documents)
        works = sift(shop.sql(sql, params=told | {"file": file}).to_arrow_table(), ledger)
        shop.register("works", works)
        yield listings(shop.sql(LISTED).to_arrow_table())
