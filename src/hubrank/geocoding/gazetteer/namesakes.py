"""In which second-level region a place lies that shares its name with another one of its country.

The packaged table (GeoNames, CC BY) has these places alone: of other names one place is there to be meant.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from hubrank.geocoding.gazetteer.gazetteer import NEARBY
from hubrank.geocoding.gazetteer.place_index import SETTLED, PlaceTable
from hubrank.geocoding.gazetteer.regions import Region

_FAR_LARGER = 100  # times the people of a place in the stated region, which is meant nevertheless


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


def of_stated_region(rows: list[tuple[int, int]], table: PlaceTable, areas: Iterable[Region]) -> list[tuple[int, int]]:
    """Return the places of one name without those of other second-level regions, where one is in a stated one.

    Far larger ones stay, and towns of which it is not known. Where none is listed in a stated region all stay:
    `Region.contains` says which may be there.

    rows : places of a table and the kind of their name.
    """
    stated = codes_of(areas)
    codes = {row: second_level(table.geonames_id[row]) for row, _ in rows} if stated else {}
    inside = [row for row, code in codes.items() if code in stated]
    if not inside:
        return rows
    least = _FAR_LARGER * (max(table.people[row] for row in inside) + SETTLED)
    return [
        (row, kind)
        for row, kind in rows
        if codes[row] in stated or table.people[row] >= least or not (codes[row] or kind == NEARBY)
    ]
