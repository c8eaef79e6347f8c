"""Publications: the works of an OpenAlex snapshot, as JSON lines or Parquet, in the layouts before and since 2026.

A record is a work, a listing one of its authors. Works carry no coordinates: those of the institutions table are
joined; without it institutions and affiliations are left to the geocoder (METHOD 1).
"""

from collections.abc import Iterator
from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from hubrank.core.tables import CODED, Files, Ledger, Metric, Origin
from hubrank.sources import openalex_files
from hubrank.sources.openalex_authors import Coordinates, author_listings
from hubrank.sources.openalex_shapes import work_shape
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import listings, reader_connection, usable, weighed, when_outside

METRIC = Metric("publications", unit="articles", listing="author")
LICENCE = "CC0-1.0"  # docs/sources/openalex.md
ORIGIN = Origin(
    name="OpenAlex",
    publisher="OpenAlex",
    url="https://openalex.org",
)
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
    renames: ClassVar[tuple[str, ...]] = ()

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

_OF_CONCEPT = " ".join(f"WHEN '{concept}' THEN '{domain}'" for concept, domain in DOMAIN_OF.items())

JUDGED = """
WITH parsed AS MATERIALIZED ({documents}), classified AS (
    SELECT w.*, source_row, fine, w.publication_year AS year,
        coalesce(w.primary_topic.field.display_name, concept) AS field,
        coalesce(w.primary_topic.domain.display_name, CASE concept {of_concept} END) AS domain
    FROM parsed
)
SELECT id, source_row, authorships, {units} AS record_units,
    year, replace(updated_date, ' ', 'T') AS date, field,
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
FROM classified ORDER BY source_row
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
    coordinates = Coordinates(openalex_files.institutions(files))
    shape = work_shape(core=options.core, weighed=options.weight_by is not None)
    with reader_connection() as connection:
        connection.register("deleted", openalex_files.deleted(files, options))
        for path in (path for path in files.main if not path.name.startswith(NO_WORKS)):
            for part in openalex_files.parts(path, files.name(path), shape, ledger, connection):
                judged = connection.sql(_judged(part.sql, options), params=parameters).to_arrow_table()
                file = pa.repeat(pa.scalar(part.file, CODED), len(judged))
                works = part.with_authorships(usable(judged.append_column("source_file", file), ledger))
                yield listings(author_listings(works, coordinates))


def _judged(documents: str, options: Options) -> str:
    text = PERCENTILES.get(options.weight_by or "", "NULL")
    return JUDGED.format(
        documents=documents,
        of_concept=_OF_CONCEPT,
        text=text,
        **weighed(text, options, cap_e9=CAPS_E9.get(options.weight_by or "")),
        when_outside=when_outside("year", options.window),
        needed=options.window is not None,
        not_core="NOT coalesce(primary_location.source.is_core, FALSE)" if options.core else "FALSE",
    )
