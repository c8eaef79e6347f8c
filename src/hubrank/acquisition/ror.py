"""ROR: the register of research organisations, from the newest record of its community at Zenodo."""

from typing import Any

from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, most_requests
from hubrank.acquisition.provider import Plan, Provider, RemoteFile, Request, expect_options
from hubrank.core.errors import DataError

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = Provider(
    name="ror",
    title="Research Organization Registry",
    publisher="ROR",
    url="https://zenodo.org/communities/ror-data",
    licence="CC0-1.0",
    size="0.1 GB",
    address="https://zenodo.org",
    hosts=("zenodo.org", "*.zenodo.org"),
    per_second=2,
)
_NEWEST = {"communities": "ror-data", "sort": "newest", "size": "1"}


def plan(request: Request, client: Client) -> Plan:
    """Return the zip of the newest version. Raises DataError where the answer of Zenodo names none."""
    expect_options(PROVIDER, request)
    try:
        record = client.json("api/records", _NEWEST)["hits"]["hits"][0]
        file = next(each for each in record["files"] if "ror-data" in each["key"])
        planned = _planned(file, str(record.get("metadata", {}).get("version", "")))
    except (KeyError, IndexError, StopIteration, TypeError, AttributeError):
        raise DataError(
            f"{client.named('api/records')} names no ROR dump. Download one from {PROVIDER.url} and put it into "
            f"raw/ror/ as it is."
        ) from None
    return Plan((planned,), most_requests((planned,)), version=planned.version)


def _planned(file: dict[str, Any], version: str) -> RemoteFile:
    checksum = str(file.get("checksum", ""))
    md5 = checksum.removeprefix("md5:") if checksum.startswith("md5:") else None
    size = file.get("size")
    name = str(file["key"]).rpartition("/")[2]
    return RemoteFile(name, str(file["links"]["self"]), size if isinstance(size, int) else None, md5, version=version)
