"""GeoNames: dumps of places."""

from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, stated
from hubrank.acquisition.provider import Plan, Provider, Request, expect_options

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = Provider(
    name="geonames",
    title="GeoNames places, administrative divisions and countries",
    publisher="GeoNames",
    url="https://download.geonames.org/export/dump/",
    licence="CC-BY-4.0",
    size="15 MB; --only allCountries.zip: 0.4 GB",
    address="https://download.geonames.org",
    hosts=("download.geonames.org",),
    per_second=1,
)
FILES = ("cities500.zip", "admin1CodesASCII.txt", "admin2Codes.txt", "countryInfo.txt")


def plan(request: Request, client: Client) -> Plan:
    """Return the dumps, or the one that `only` names."""
    expect_options(PROVIDER, request, "only")
    names = FILES if request.only is None else (request.only,)
    return stated([f"export/dump/{name}" for name in names], client)
