"""USPTO full text: weekly XML of grants and of published applications, from the Open Data Portal."""

import re
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, most_requests
from hubrank.acquisition.provider import Plan, Provider, RemoteFile, Request, expect_options, selected
from hubrank.core.errors import DataError, StudyError

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = Provider(
    name="uspto",
    title="Patent Grant and Application Full Text Data (XML)",
    publisher="United States Patent and Trademark Office",
    url="https://data.uspto.gov/bulkdata",
    licence="public domain (United States government)",
    size="0.1 GB a week",
    address="https://api.uspto.gov",
    hosts=("api.uspto.gov", "data.uspto.gov"),
    login="key of data.uspto.gov (USPTO_API_KEY); identity proof by ID.me",
    key="USPTO_API_KEY",
    key_header="x-api-key",
    key_required=True,
    calls="one a week of files",
    per_second=1,
    downloads_a_year=20,
)
PRODUCTS = "api/v1/datasets/products/"
FORMATS = {"grants": "ptgrxml", "applications": "appxml"}
_WEEK = re.compile(r"(\d\d)(\d\d)(\d\d)")


def plan(request: Request, client: Client) -> Plan:
    """Return the weekly zips of the years, of grants unless `--format applications`."""
    expect_options(PROVIDER, request, "years", "only", "format")
    if request.years is None:
        raise StudyError("uspto has a file a week since 2002: name the years, such as --years 2020-2024.")
    format_name = request.format or "grants"
    if format_name not in FORMATS:
        raise StudyError(f"uspto has the formats {', '.join(FORMATS)}, not {format_name!r} (--format).")
    first, last = request.years
    files = [file for file in product_files(FORMATS[format_name], client) if first <= _year(file.name) <= last]
    zips = selected(PROVIDER, files, request.only)
    return Plan(zips, most_requests(zips))


def product_files(product: str, client: Client) -> list[RemoteFile]:
    """Return the files of a product, the latest version of each name. Raises DataError where the answer has none."""
    answer = client.json(PRODUCTS + product)
    try:
        files = [_planned(file) for file in _listed(answer)]
    except (KeyError, TypeError, AttributeError):
        files = []
    if not files:
        raise DataError(
            f"{client.named(PRODUCTS + product)} names no files. Its layout has changed: {client.provider.url} lists "
            f"them."
        )
    latest = {file.name: file for file in sorted(files, key=attrgetter("version"))}
    return sorted(latest.values(), key=attrgetter("name"))


def _listed(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    bags: Sequence[dict[str, Any]] = answer["bulkDataProductBag"]
    for bag in bags:
        yield from bag["productFileBag"]["fileDataBag"]


def _planned(file: dict[str, Any]) -> RemoteFile:
    size = file.get("fileSize")
    name = str(file["fileName"]).rpartition("/")[2]
    version = str(file.get("fileLastModifiedDateTime") or file.get("fileReleaseDate") or "")
    return RemoteFile(name, str(file["fileDownloadURI"]), size if isinstance(size, int) else None, version=version)


def _year(name: str) -> int:
    """Return the year in the name of a weekly file, such as ipg250107.zip; 0 where it has none."""
    match = _WEEK.search(name)
    return 2000 + int(match[1]) if match else 0
