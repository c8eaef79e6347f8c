"""Urban centres (GHS-UCDB) and functional urban areas (GHS-FUA) of the world, as GeoPackage and as Parquet."""

from pathlib import Path

from hubrank.acquisition import conversion
from hubrank.acquisition.client import Client
from hubrank.acquisition.download import Meter
from hubrank.acquisition.files import get as get_files
from hubrank.acquisition.files import stated
from hubrank.acquisition.manifest import Manifest
from hubrank.acquisition.provider import Fetched, Plan, Provider, Request, expect_options

PROVIDER = Provider(
    name="urban-areas",
    title="GHS-UCDB R2024A urban centres, GHS-FUA R2019A functional urban areas",
    publisher="European Commission, Joint Research Centre",
    url="https://human-settlement.emergency.copernicus.eu/download.php",
    licence="CC-BY-4.0",
    size="0.5 GB",
    address="https://jeodpp.jrc.ec.europa.eu",
    hosts=("jeodpp.jrc.ec.europa.eu",),
    per_second=2,
)
_FOLDER = "ftp/jrc-opendata/GHSL/"
FILES = (
    _FOLDER + "GHS_UCDB_GLOBE_R2024A/GHS_UCDB_GLOBE_R2024A/V1-2/GHS_UCDB_GLOBE_R2024A_V1_2.zip",
    _FOLDER + "GHS_FUA_UCDB2015_GLOBE_R2019A/V1-0/GHS_FUA_UCDB2015_GLOBE_R2019A_54009_1K_V1_0.zip",
)


def plan(request: Request, client: Client) -> Plan:
    """Return the two files."""
    expect_options(PROVIDER, request)
    return stated(FILES, client)


def get(plan: Plan, folder: Path, client: Client, manifest: Manifest, meter: Meter) -> Fetched:
    """Fetch the zips and turn their areas into Parquet."""
    return conversion.converted(get_files(plan, folder, client, manifest, meter), manifest, conversion.areas)
