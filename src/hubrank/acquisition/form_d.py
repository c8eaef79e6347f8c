"""Form D: quarterly data sets of private placements, at the addresses that the index page of the SEC links to."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from hubrank.acquisition.client import Client
from hubrank.acquisition.files import get, most_requests
from hubrank.acquisition.provider import Plan, Provider, RemoteFile, Request, expect_options, selected
from hubrank.core.errors import DataError, StudyError

__all__ = ["PROVIDER", "get", "plan"]

PROVIDER = Provider(
    name="form-d",
    title="Form D Data Sets",
    publisher="United States Securities and Exchange Commission",
    url="https://www.sec.gov/data-research/sec-markets-data/form-d-data-sets",
    licence="public domain (United States government)",
    size="some MB a quarter, from 2014",
    address="https://www.sec.gov",
    hosts=("www.sec.gov",),
    login="none; a contact (HUBRANK_CONTACT)",
    contact_required=True,
    calls="one a quarter",
    per_second=5,
)
_INDEX = "data-research/sec-markets-data/form-d-data-sets"
_QUARTER = re.compile(r"(\d{4})[qQ]([1-4])_d(?:_\d+)?\.zip$")


class _Links(HTMLParser):
    """Collects what a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link."""
        if tag == "a":
            self.targets += [value for name, value in attrs if name == "href" and value]


def plan(request: Request, client: Client) -> Plan:
    """Return the zip of each quarter of the years. Raises DataError where the index page links to none."""
    expect_options(PROVIDER, request, "years", "only")
    links = _Links()
    links.feed(client.text(_INDEX))
    quarters = {}
    for target in links.targets:
        address = urljoin(f"{PROVIDER.root}/{_INDEX}", target)
        if match := _QUARTER.search(urlsplit(address).path):
            quarters[int(match[1]), int(match[2])] = address
    if not quarters:
        raise DataError(
            f"{client.named(_INDEX)} links to no data set (…/2025q1_d.zip). Its layout has changed: download the "
            f"quarters from {PROVIDER.url} and put the zips into raw/form-d/ as they are."
        )
    first, last = request.years or (min(quarters)[0], max(quarters)[0])
    files = [
        RemoteFile(f"{year}q{quarter}_d.zip", address, version=address.rpartition("/")[2])
        for (year, quarter), address in sorted(quarters.items())
        if first <= year <= last
    ]
    if not files:
        raise StudyError(
            f"{PROVIDER.name} has {min(quarters)[0]} to {max(quarters)[0]}, nothing of {first} to {last} (--years)."
        )
    zips = selected(PROVIDER, files, request.only)
    missing = [f"{y}q{q}" for y in range(first, last + 1) for q in range(1, 5) if (y, q) not in quarters]
    remarks = (f"The page has no data set of {', '.join(missing)}.",) if missing else ()
    return Plan(zips, most_requests(zips), remarks=remarks)
