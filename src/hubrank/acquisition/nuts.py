"""NUTS: the regions of Europe, level 3, as GeoJSON."""

from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, stated
from hubrank.acquisition.provider import Plan, Provider, Request, expect_options

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = Provider(
    name="nuts",
    title="NUTS regions 2024, level 3, 1:20 million",
    publisher="Eurostat GISCO",
    url="https://ec.europa.eu/eurostat/web/gisco/geodata/statistical-units/territorial-units-statistics",
    licence="© EuroGeographics for the administrative boundaries; not for commercial use without its permission",
    size="some MB",
    address="https://gisco-services.ec.europa.eu",
    hosts=("gisco-services.ec.europa.eu",),
    per_second=2,
)
FILES = ("distribution/v2/nuts/geojson/NUTS_RG_20M_2024_4326_LEVL_3.geojson",)


def plan(request: Request, client: Client) -> Plan:
    """Return the file of regions."""
    expect_options(PROVIDER, request)
    return stated(FILES, client)
