"""OpenAlex: the snapshot of works and institutions in its public bucket, as the manifests there list it.

Parquet is fetched by columns: those that the reader `openalex` uses, without the names of authors.
"""

from urllib.parse import urlsplit

from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, most_requests
from hubrank.acquisition.provider import Plan, Provider, RemoteFile, Request, expect_options, selected
from hubrank.core.errors import DataError, StudyError

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = Provider(
    name="openalex",
    title="OpenAlex snapshot",
    publisher="OpenAlex",
    url="https://developers.openalex.org/download",
    licence="CC0-1.0",
    size="330 GB as JSON lines; the columns of a ranking in Parquet are a part of that",
    address="https://openalex.s3.amazonaws.com",
    hosts=("openalex.s3.amazonaws.com",),
    calls="some 10,000",
    per_second=20,
)
FORMATS = ("parquet", "jsonl")
_DELETED = "works/deleted_ids.csv"
_INSTITUTION = ("id", "ror", "display_name", "country_code", "type", "lineage")
COLUMNS = {
    "works": (
        *("id", "publication_year", "publication_date", "type", "language", "updated_date", "primary_topic"),
        *("is_paratext", "is_retracted", "is_xpac", "fwci", "citation_normalized_percentile"),
        *("primary_location.source.id", "primary_location.source.is_core", "primary_location.source.type"),
        *("authorships.author_position", "authorships.countries", "authorships.raw_affiliation_strings"),
        *(f"authorships.institutions.{name}" for name in _INSTITUTION),
    ),
    "institutions": (*_INSTITUTION, "geo", "updated_date"),
}


def plan(request: Request, client: Client) -> Plan:
    """Return the files of the current snapshot. Raises DataError where its manifests do not add up."""
    expect_options(PROVIDER, request, "only", "format")
    form = request.format or "parquet"
    if form not in FORMATS:
        raise StudyError(f"openalex has the formats {', '.join(FORMATS)}, not {form!r} (--format).")
    files: list[RemoteFile] = []
    dates = set()
    for entity in ("institutions", "works"):
        listed, date = _listed(entity, form, client)
        files += listed
        dates.add(date)
    deleted = f"data/{form}/{_DELETED}"
    if (size := client.size(deleted)) is not None:
        files.append(RemoteFile(deleted, deleted, size))
    wanted = selected(PROVIDER, files, request.only)
    version = "/".join(sorted(dates))
    remarks = (
        f"Snapshot of {version}.",
        *(("By columns: less than its size is fetched.",) if form == "parquet" else ()),
    )
    return Plan(wanted, most_requests(wanted), remarks=remarks, complete=request.only is None, version=version)


def _listed(entity: str, form: str, client: Client) -> tuple[list[RemoteFile], str]:
    """Return the files of an entity, and the date of its manifest."""
    path = f"data/{form}/{entity}/manifest.json"
    manifest = client.json(path)
    columns = COLUMNS[entity] if form == "parquet" else ()
    try:
        files = [
            RemoteFile(
                name := urlsplit(entry["url"]).path.removeprefix("/"),
                name,
                int(entry["meta"]["content_length"]),
                records=int(entry["meta"]["record_count"]),
                columns=columns,
            )
            for entry in manifest["files"]
        ]
        stated = (int(manifest["record_count"]), int(manifest["content_length"]))
        date = str(manifest["date"])
    except (KeyError, TypeError, AttributeError, ValueError):
        raise DataError(f"{client.named(path)} has another layout than that of 2026. See {PROVIDER.url}.") from None
    listed = (sum(file.records or 0 for file in files), sum(file.size or 0 for file in files))
    if listed != stated or any(not file.name.startswith(f"data/{form}/{entity}/") for file in files):
        raise DataError(
            f"{client.named(path)} disagrees with its own list: {stated[0]:,} records in {stated[1]:,} bytes, but the "
            f"files add up to {listed[0]:,} in {listed[1]:,}. It may be changing: try again later."
        )
    return files, date
