"""Publications: the works of an OpenAlex snapshot, as JSON lines or Parquet, in the layouts before and since 2026.

A record is a work, a listing one of its authors. Works carry no coordinates: those of the institutions table are
joined; without it institutions and affiliations are left to the geocoder (METHOD 1).
"""

from collections.abc import Iterator
from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from hubrank.core.tables import Files, Ledger, Metric
from hubrank.core.units import WEIGHT_ONE
from hubrank.sources import openalex_files
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import account, listings, reader_connection, weighed, when_outside

METRIC = Metric("publications", unit="articles", listing="author")
LICENCE = "CC0-1.0"  # docs/sources/openalex.md
ROLES = ("works",)
OPTIONAL_ROLES = ("institutions", "deleted")
WHOLE_RECORDS = True
NO_WORKS = ("manifest", "deleted_ids")


CORE_NOTE = "Only works in core sources count (OpenAlex's is_core, after CWTS): ranks differ from those of all works."
XPAC_NOTE = "Works of OpenAlex's expansion pack (repositories, data sets; incomplete metadata) are counted."


# A percentile from 0 to 1 among works of the same field, year and type; or two from 0 to 100, of the same year.
PERCENTILES = {
    "citation_percentile": "citation_normalized_percentile.value",
    "citation_percentile_year": "CAST(cited_by_percentile_year.min + cited_by_percentile_year.max AS VARCHAR)",
}
CAPS_E9 = {"citation_percentile": 10**9, "citation_percentile_year": 200 * 10**9}


class Options(ReaderOptions):
    """What counts.

    types : kinds of work that count; `article` since August 2023, `journal-article` before.
    fields : domains or fields that count, by OpenAlex's names; Social Sciences, which hold the humanities, are out.
    unclassified : whether works without a field count.
    core : whether only works in core sources count, as CWTS marks them for the Leiden Ranking.
    xpac : whether works of the expansion pack count: repositories and data sets, left out by OpenAlex's own pages.
    """

    weighs_by: ClassVar[dict[str, bool]] = dict.fromkeys(PERCENTILES, False)

    types: tuple[str, ...] = ("article", "journal-article")
    fields: tuple[str, ...] = Field(default=("Life Sciences", "Physical Sciences", "Health Sciences"), min_length=1)
    unclassified: bool = True
    core: bool = False
    xpac: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What every output of a source read with these options has to say."""
        return (CORE_NOTE,) * self.core + (XPAC_NOTE,) * self.xpac


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
CREATE OR REPLACE TEMP TABLE judged AS
WITH parsed AS MATERIALIZED ({documents}), named AS (
    SELECT w.*, source_row, fine, concept AS best_concept, w.primary_topic AS topic, w.publication_year AS year
    FROM parsed
), classified AS (
    SELECT named.*, coalesce(topic.field.display_name, best_concept) AS field,
        coalesce(topic.domain.display_name, domains.domain) AS domain
    FROM named LEFT JOIN domains ON concept = best_concept
)
SELECT id, source_row, authorships, {units} AS record_units,
    year, replace(updated_date, ' ', 'T') AS date, field, $file AS source_file,
    CASE WHEN NOT fine THEN NULL
        WHEN NOT list_contains($types, coalesce(type, '')) THEN coalesce('another type: ' || type, 'no type')
        WHEN is_retracted THEN 'retracted'
        WHEN is_paratext THEN 'paratext'
        WHEN is_xpac AND NOT $xpac THEN 'expansion pack'
        WHEN {not_core} THEN 'not in a core source'
        WHEN id IN (FROM deleted) THEN 'deleted by OpenAlex since'
        {when_outside}
        WHEN coalesce(field, domain) IS NULL AND NOT $unclassified THEN 'no field'
        WHEN coalesce(field, domain) IS NOT NULL AND NOT coalesce(list_contains($fields, field), FALSE)
            AND NOT coalesce(list_contains($fields, domain), FALSE)
            THEN 'another field: ' || coalesce(domain, field)
        WHEN coalesce(len(authorships), 0) = 0 THEN 'names no author'
        WHEN {none} THEN '{no_weight}' END AS scope,
    CASE WHEN NOT fine THEN 'not a JSON object'
        WHEN id IS NULL THEN 'no id'
        WHEN year IS NULL AND {needed} THEN 'no usable year'
        WHEN year NOT BETWEEN 1700 AND 2100 THEN 'not a year'
        WHEN {bad} THEN '{bad_weight}' END AS fault,
    CASE WHEN NOT fine THEN '(line)' WHEN id IS NULL THEN 'id' WHEN {bad} THEN 'weight_by' ELSE 'publication_year'
        END AS fault_field,
    CASE WHEN {bad} THEN {text} ELSE CAST(year AS VARCHAR) END AS fault_value
FROM classified
"""
REFUSED = """
SELECT source_file, source_row, scope, fault, fault_field, fault_value
FROM judged WHERE scope IS NOT NULL OR fault IS NOT NULL ORDER BY source_row
"""

# An author with several institutions is at each of them in equal parts; one with none is where the affiliations say.
# Where they do not divide WEIGHT_ONE, the first of them in order have one more; two always do, so they are not sorted.
LISTED = f"""
WITH authors AS (
    SELECT source_row AS work, unnest(authorships) AS a, generate_subscripts(authorships, 1) AS listing_no
    FROM judged WHERE scope IS NULL AND fault IS NULL
), spots AS MATERIALIZED (
    SELECT work, listing_no, CASE WHEN len(a.countries) = 1 THEN a.countries[1] END AS country,
        CASE WHEN len(a.institutions) = 2 AND a.institutions[1].id <> a.institutions[2].id THEN a.institutions
            WHEN len(a.institutions) > 1
            THEN list_sort(list_distinct([i FOR i IN a.institutions IF coalesce(i.id, i.display_name) IS NOT NULL]))
            WHEN coalesce(a.institutions[1].id, a.institutions[1].display_name) IS NOT NULL THEN a.institutions
            ELSE [] END AS institutions,
        CASE WHEN len(a.raw_affiliation_strings) > 1
            THEN list_sort(list_distinct([line FOR line IN a.raw_affiliation_strings IF trim(line) <> '']))
            ELSE [coalesce(a.raw_affiliation_strings[1], a.raw_affiliation_string)] END AS written
    FROM authors
), placed AS (
    SELECT work, listing_no, country, len(institutions) AS places, unnest(institutions) AS place, NULL AS line,
        generate_subscripts(institutions, 1) AS nth
    FROM spots WHERE len(institutions) > 0
    UNION ALL
    SELECT work, listing_no, country, len(lines), NULL, unnest(lines), generate_subscripts(lines, 1)
    FROM (SELECT *, coalesce(nullif(written, []), [NULL]) AS lines FROM spots WHERE len(institutions) = 0)
)
SELECT w.id AS record_key, listing_no, source_row AS record_version, date, year,
    {WEIGHT_ONE} // places + CASE WHEN nth <= {WEIGHT_ONE} % places THEN 1 ELSE 0 END AS weight, record_units,
    i.lat, i.lon,
    coalesce(place.ror, place.id) AS institution_id,
    coalesce(place.display_name, nullif(trim(line), '')) AS institution,
    coalesce(place.country_code, country) AS country,
    CASE WHEN place.display_name IS NOT NULL THEN [place.display_name] END AS organisations,
    field, source_file, source_row
FROM placed p JOIN judged w ON w.source_row = p.work LEFT JOIN institutions i ON i.id = place.id
ORDER BY source_row, listing_no, institution_id, institution
"""


def read(files: Files, options: Options, ledger: Ledger) -> Iterator[pa.Table]:
    """Yield one row per author and place of each work in scope; memory does not grow with the file.

    The manifests and the list of deleted works in the folder of the works are passed over.

    Raises DataError where a file cannot be unpacked or is no Parquet file of works.
    """
    parameters = {
        "types": list(options.types),
        "fields": list(options.fields),
        "unclassified": options.unclassified,
        "xpac": options.xpac,
    }
    with reader_connection() as connection:
        connection.register("institutions", openalex_files.institutions(files))
        connection.register("deleted", openalex_files.deleted(files, options))
        connection.register("domains", pa.table({"concept": list(DOMAIN_OF), "domain": list(DOMAIN_OF.values())}))
        for path in (path for path in files.main if not path.name.startswith(NO_WORKS)):
            shape = openalex_files.work_shape(core=options.core, weighed=options.weight_by is not None)
            for documents, file in openalex_files.parts(path, files.name(path), shape, ledger, connection):
                connection.execute(_judged(documents, options), parameters | {"file": file})
                account(connection.sql(REFUSED).to_arrow_table(), ledger)
                yield listings(connection.sql(LISTED).to_arrow_table())


def _judged(documents: str, options: Options) -> str:
    text = PERCENTILES.get(options.weight_by or "", "NULL")
    return JUDGED.format(
        documents=documents,
        text=text,
        **weighed(text, options, cap_e9=CAPS_E9.get(options.weight_by or "")),
        when_outside=when_outside("year", options.window),
        needed=options.window is not None,
        not_core="NOT coalesce(primary_location.source.is_core, FALSE)" if options.core else "FALSE",
    )
