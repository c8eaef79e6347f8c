"""Columns of regions whose values are none that is known, such as codes of NUTS: they say nothing of a place."""

from collections import Counter

import pyarrow as pa

from hubrank.geocoding.gazetteer.surroundings import regions_of_town, surroundings_of_columns
from hubrank.geocoding.text.normalise import key

_LEAST_PCT = 5  # of the listings with a region: fewer are misspelt
_SHOWN = 3


def remark(listings: pa.Table) -> str:
    """Return a sentence on values of a column of regions that are no known region, "" where they are few.

    listings : with city, region and country.
    """
    columns = (listings[name].to_pylist() for name in ("city", "region", "country"))
    rows = Counter(
        (city or "", region, country or "") for city, region, country in zip(*columns, strict=True) if region
    )
    unknown: Counter[str] = Counter()
    for (city, region, country), count in rows.items():
        if not surroundings_of_columns(region, country).regions and (country or not regions_of_town(region, key(city))):
            unknown[region] += count
    listed = sum(unknown.values())
    if 100 * listed < _LEAST_PCT * max(rows.total(), 1) or not listed:
        return ""
    names = ", ".join(repr(name) for name, _ in sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN])
    one = f"the value {names} is no region that is known; it was"
    many = f"{len(unknown):,} values such as {names} are no regions that are known; they were"
    return (
        f"region: {one if len(unknown) == 1 else many} not used ({listed:,} of {rows.total():,} listings sampled). "
        f"Names and codes of ISO 3166-2 are read, codes of NUTS are not"
    )
