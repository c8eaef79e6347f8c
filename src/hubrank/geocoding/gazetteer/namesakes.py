"""In which second-level region a place lies that shares its name with another one of its country.

The packaged table (GeoNames, CC BY) has these places alone: of other names one place is there to be meant.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from hubrank.geocoding.gazetteer.regions import Region


@cache
def _codes() -> dict[int, str]:
    """Return GeoNames' code of the second-level region of each place by its GeoNames id: GB.ENG.M9."""
    packed = files("hubrank.geocoding.gazetteer").joinpath("data/namesakes.tsv.gz").read_bytes()
    lines = (line.split("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines()[1:])
    return {int(number): code for code, numbers in lines for number in numbers.split()}


def second_level(geonames_id: int) -> str:
    """Return GeoNames' code of the second-level region in which a place is listed, "" where it has no namesake."""
    return _codes().get(geonames_id, "")


def codes_of(areas: Iterable[Region]) -> frozenset[str]:
    """Return GeoNames' codes of those of some regions that are of the second level."""
    return frozenset(f"{area.economy}.{area.admin1}.{area.admin2}" for area in areas if area.admin2)
