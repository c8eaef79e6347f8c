"""PatentsView: United States patents as tables, from the Open Data Portal of the USPTO."""

from dataclasses import replace

from hubrank.acquisition import uspto
from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, most_requests
from hubrank.acquisition.provider import Plan, Request, expect_options, selected
from hubrank.core.errors import StudyError

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = replace(
    uspto.PROVIDER,
    name="patentsview",
    title="PatentsView",
    url="https://data.uspto.gov/bulkdata/datasets/pvgpatdis",
    licence="CC-BY-4.0",
    size="a few GB",
    calls="one a table",
)
PRODUCTS = {"granted": ("pvgpatdis", "g_"), "applications": ("pvpgpubdis", "pg_")}
# The tables that the reader `patentsview` uses.
TABLES = ("inventor_disambiguated", "location_disambiguated", "assignee_disambiguated", "wipo_technology")
_MORE = {"granted": ("patent", "application", "pct_data"), "applications": ("published_application", "pct_data")}


def plan(request: Request, client: Client) -> Plan:
    """Return the tables that the reader uses, or those that `only` names; granted unless `--format applications`."""
    expect_options(PROVIDER, request, "only", "format")
    format_name = request.format or "granted"
    if format_name not in PRODUCTS:
        raise StudyError(f"patentsview has the formats {', '.join(PRODUCTS)}, not {format_name!r} (--format).")
    product, prefix = PRODUCTS[format_name]
    files = uspto.product_files(product, client)
    if request.only is None:
        names = {f"{prefix}{table}.tsv.zip" for table in (*TABLES, *_MORE[format_name])}
        files = [file for file in files if file.name in names]
    tables = selected(PROVIDER, files, request.only)
    return Plan(tables, most_requests(tables))
