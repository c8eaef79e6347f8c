"""Works of every institution in the world by year, as OpenAlex's API counts them, with coordinates: a day's free use.

Whole counting: a work counts once at each institution of its authors.
"""

import math
import shutil
from pathlib import Path

from hubrank.acquisition.client import Client
from hubrank.acquisition.count_tables import group_rows, institution_rows, works, write_coverage, write_works
from hubrank.acquisition.download import Meter
from hubrank.acquisition.manifest import Manifest
from hubrank.acquisition.pages import Query, Rows, collect
from hubrank.acquisition.provider import Fetched, Plan, Provider, RemoteFile, Request, expect_options
from hubrank.core.errors import DataError

PROVIDER = Provider(
    name="openalex-counts",
    title="OpenAlex: works by institution and year",
    publisher="OpenAlex",
    url="https://developers.openalex.org/",
    licence="CC0-1.0",
    size="20 MB",
    address="https://api.openalex.org",
    hosts=("api.openalex.org",),
    login="free key of openalex.org (OPENALEX_API_KEY)",
    price="about $0.50 of the $1 a day that a key has free",
    note=(
        "Whole counting: a work counts once at each institution that its authors name, not in fractions, so that works "
        "of several institutions count several times. Records cannot be told apart, so clusters are joined by distance "
        "alone. Works that name no institution are missing; coverage-….csv next to the counts compares the works of "
        "each country with those counted at its institutions."
    ),
    key="OPENALEX_API_KEY",
    key_parameter="api_key",
    key_required=True,
    calls="3,000 to 7,000",
    per_second=50,
)
YEARS = (2019, 2023)  # of studies/world-publications.toml
PRICE = 0.0001  # dollars for a call
GROUPS, INSTITUTIONS = 200, 100  # rows of a page at most
_COUNTRIES = 260  # groups at most, with that of no country
_FILTER = (
    "type:article,is_retracted:false,is_paratext:false,primary_topic.domain.id:1|3|4"  # life, physical, health sciences
)
_CORE = "primary_location.source.is_core:true"
_FIELDS = "id,ror,display_name,country_code,type,geo"


def plan(request: Request, client: Client) -> Plan:
    """Return a table for each year; one call tells how many institutions there are, and with it the most calls.

    A year has no more groups than there are institutions.
    """
    expect_options(PROVIDER, request, "years", "core")
    first, last = request.years or YEARS
    answer = client.json("institutions", {"select": "id", "per_page": "1"})
    try:
        institutions = int(answer["meta"]["count"])
    except (KeyError, TypeError, ValueError):
        raise DataError(f"{client.named('institutions')} states no meta.count. Its layout has changed.") from None
    prefix = "core-works" if request.core else "works"
    years = range(first, last + 1)
    files = tuple(RemoteFile(f"{prefix}-{year}.parquet", "works", records=None) for year in years)
    calls = _pages(institutions, INSTITUTIONS)
    calls += len(years) * (_pages(institutions, GROUPS) + _pages(_COUNTRIES, GROUPS))
    most = calls + 20 + calls // 20
    remark = (
        f"{institutions:,} institutions: {_pages(institutions, INSTITUTIONS):,} calls for them, and at most "
        f"{_pages(institutions, GROUPS) + _pages(_COUNTRIES, GROUPS):,} for each year; up to {most - calls:,} after "
        f"failures."
    )
    return Plan(files, most, cost=f"at most ${most * PRICE:.2f} of your key's $1 a day", remarks=(remark,))


def _pages(rows: int, size: int) -> int:
    """Return the most pages of a list: the last may be followed by an empty one."""
    return math.ceil(rows / size) + 1


def get(plan: Plan, folder: Path, client: Client, manifest: Manifest, meter: Meter) -> Fetched:
    """Fetch the pages that are missing, several queries at a time; write a table and its coverage for each year.

    The pages stay in `.pages` until all tables are written, so that an interrupted command continues with the next.
    """
    missing = [file for file in plan.files if not manifest.has(file)]
    if missing:
        queries = [_institutions(), *(query for file in missing for query in _year_queries(file.name))]
        pages = collect(queries, folder / ".pages", client, meter, plan.requests)
        for file in missing:
            _write(file, folder, pages, manifest, client)
    shutil.rmtree(folder / ".pages", ignore_errors=True)
    return Fetched(folder, tuple(folder / file.name for file in plan.files), len(plan.files) - len(missing))


def _write(file: RemoteFile, folder: Path, pages: dict[str, Rows], manifest: Manifest, client: Client) -> None:
    year, table = _year(file.name), folder / file.name
    countries = folder / file.name.replace("works", "coverage").replace(".parquet", ".csv")
    rows = works(pages[file.name], pages["institutions"], year)
    unlocated = write_coverage(countries, rows, pages[f"countries of {file.name}"], year)
    write_works(table, rows)
    manifest.add(countries, RemoteFile(countries.name, "works"), client.named("works"))
    manifest.add(table, file, client.named("works"), filter=_filter(file.name), note=unlocated)


def _institutions() -> Query:
    parameters = {"select": _FIELDS, "per_page": str(INSTITUTIONS)}
    return Query("institutions", "institutions", parameters, institution_rows, counted=True)


def _year_queries(name: str) -> tuple[Query, Query]:
    """Return the works of a year by institution, and by country with those of none."""
    works_of_year = {"filter": _filter(name), "per_page": str(GROUPS)}
    by_institution = works_of_year | {"group_by": "authorships.institutions.id"}
    by_country = works_of_year | {"group_by": "authorships.countries:include_unknown"}
    return (
        Query(name, "works", by_institution, group_rows),
        Query(f"countries of {name}", "works", by_country, group_rows),
    )


def _filter(name: str) -> str:
    return ",".join([f"publication_year:{_year(name)}", _FILTER, *([_CORE] if name.startswith("core") else [])])


def _year(name: str) -> int:
    return int(name.removesuffix(".parquet").rpartition("-")[2])
