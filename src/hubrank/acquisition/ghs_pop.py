"""GHS-POP: people per cell of about 1 km, for the world, as GeoTIFF in a zip; and as Parquet of lat, lon, people."""

from pathlib import Path

from hubrank.acquisition import conversion
from hubrank.acquisition.client import Client
from hubrank.acquisition.download import Meter
from hubrank.acquisition.files import get as get_files
from hubrank.acquisition.files import stated
from hubrank.acquisition.manifest import Manifest
from hubrank.acquisition.provider import Fetched, Plan, Provider, Request, expect_options

PROVIDER = Provider(
    name="ghs-pop",
    title="GHS-POP R2023A, people per cell in 2025, 30 arc-seconds",
    publisher="European Commission, Joint Research Centre",
    url="https://human-settlement.emergency.copernicus.eu/download.php?ds=pop",
    licence="CC-BY-4.0",
    size="0.5 GB",
    address="https://jeodpp.jrc.ec.europa.eu",
    hosts=("jeodpp.jrc.ec.europa.eu",),
    per_second=2,
)
_NAME = "GHS_POP_E2025_GLOBE_R2023A_4326_30ss"
FILES = (f"ftp/jrc-opendata/GHSL/GHS_POP_GLOBE_R2023A/{_NAME}/V1-0/{_NAME}_V1_0.zip",)


def plan(request: Request, client: Client) -> Plan:
    """Return the file of the world."""
    expect_options(PROVIDER, request)
    return stated(FILES, client)


def get(plan: Plan, folder: Path, client: Client, manifest: Manifest, meter: Meter) -> Fetched:
    """Fetch the zip and turn its raster into Parquet."""
    return conversion.converted(get_files(plan, folder, client, manifest, meter), manifest, conversion.people)
