"""The seats that a register records, put into towns: it may have the middle of a region, or a namesake of the city."""

from array import array
from functools import cache
from typing import Any

import numpy as np

from hubrank.core.sphere import near_e7
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.city_names import duplicate_places
from hubrank.geocoding.gazetteer.gazetteer import PRIMARY
from hubrank.geocoding.gazetteer.regions import Region
from hubrank.geocoding.text.normalise import key
from hubrank.geocoding.text.stated_countries import STATES_OF

_FAR_E7 = 5_000_000  # half a degree: more than any city is wide
_IN_TOWN_KM = 15.0  # as far as a place is right
_AROUND_KM = 45.0  # from the middle of a municipality to the town that it is named after
_TOWN = 20_000  # inhabitants of a town that a municipality is named after, or that has a namesake
_TIMES = 20  # times the inhabitants of a namesake that a register took for a town
_UNKNOWN = 1_000  # inhabitants of a place that has fewer or no figure


def put_in_towns(columns: dict[str, Any]) -> list[int]:
    """Put seats where the gazetteer has their towns; return the rows of those in a region without a known town.

    columns : geonames_id, lat_e7, lon_e7 (arrays, changed in place), economy and city of organisations, by row.

    A seat far from the place of its number is put there (ROR has Shinagawa in Ehime), one in a place that GeoNames has
    twice into the one that the gazetteer keeps. One of a region's number is in the middle of that: it is put into the
    town that the region is called after, and is none where there is no such town and the most populous place is far.
    """
    places, without = gazetteer.places(), []
    for at, stated in enumerate(_rows_of(columns["geonames_id"])):
        number, spot = columns["geonames_id"][at], (columns["lat_e7"][at], columns["lon_e7"][at])
        region = _regions_by_id().get(number) if stated < 0 else None
        if stated >= 0:
            town = _larger_namesake(stated)
        else:
            town = _town(columns["city"][at], columns["economy"][at], region, spot) if number else None
        if town is None and region and not near_e7(region.lat_e7, region.lon_e7, *spot, _IN_TOWN_KM):
            columns["geonames_id"][at] = 0
            without.append(at)
        row = stated if town is None else town
        if row >= 0 and (places.geonames_id[row] != number or _is_far(row, spot)):
            columns["geonames_id"][at] = int(places.geonames_id[row])
            columns["lat_e7"][at], columns["lon_e7"][at] = _spot(row)
    return without


def _rows_of(numbers: "array[int]") -> list[int]:
    """Return the rows of places by their GeoNames ids, -1 where the gazetteer has none."""
    places, twice = gazetteer.places(), duplicate_places()
    number = np.array([twice.get(each, each) for each in numbers], np.int64)
    row = np.minimum(np.searchsorted(places.geonames_id, number), len(places.geonames_id) - 1)
    return np.where(places.geonames_id[row] == number, row, -1).tolist()  # type: ignore[no-any-return]


def _is_far(row: int, spot: tuple[int, int]) -> bool:
    return max(abs(mine - other) for mine, other in zip(_spot(row), spot, strict=True)) > _FAR_E7


@cache
def _regions_by_id() -> dict[int, Region]:
    return {region.geonames_id: region for region, _ in regions.table() if region.geonames_id}


def _town(city: str, economy: str, region: Region | None, spot: tuple[int, int]) -> int | None:
    """Return the row of the most populous place that a region, or a municipality that is not listed, is called after.

    spot : the middle of it (1e-7 degree), near which the town of a municipality lies.
    """
    places = gazetteer.places()
    if region is None:
        rows = gazetteer.rows_named(key(city), economy, kinds=(PRIMARY,))
        rows = [row for row in rows if places.population[row] >= _TOWN]
        rows = [row for row in rows if near_e7(*_spot(row), *spot, _AROUND_KM)]
        town = max(rows, key=lambda row: places.population[row], default=None)
        return None if town is None or near_e7(*_spot(town), *spot, _IN_TOWN_KM) else town
    for kinds in ((PRIMARY,), gazetteer.ANY_KIND):
        for name in (key(city), *sorted(regions.spellings(city) | regions.spellings(region.name))):
            rows = [row for row in gazetteer.rows_named(name, economy, kinds) if _is_inside(row, region)]
            if rows := [row for row in rows if region.admin2 or places.population[row] >= _TOWN]:  # no village Hidalgo
                return max(rows, key=lambda row: places.population[row])
    return None


def _is_inside(row: int, region: Region) -> bool:
    places = gazetteer.places()
    return region.contains(places.economy[row], places.admin1[row], *_spot(row), int(places.geonames_id[row]))


@cache
def _larger_namesake(row: int) -> int | None:
    """Return the row of a town that a register means by a far smaller place of the same name elsewhere.

    Of 20 such seats in one half of ROR 16 are in the town (Xinxiang University is not in Chongqing) and two in neither.
    Not where addresses state the state, so that it has been looked up with it (Oakland, MD).
    """
    places = gazetteer.places()
    economy, people = places.economy[row], places.population
    if economy in STATES_OF or _TIMES * people[row] >= people.max():
        return None
    rows = gazetteer.rows_named(gazetteer.own_key(row), economy, kinds=(PRIMARY,))
    city = max(rows, key=lambda other: people[other], default=row)
    is_larger = people[city] >= _TOWN and people[city] >= _TIMES * max(people[row], _UNKNOWN)
    return city if is_larger and not near_e7(*_spot(row), *_spot(city), _IN_TOWN_KM) else None


def _spot(row: int) -> tuple[int, int]:
    places = gazetteer.places()
    return int(places.lat_e7[row]), int(places.lon_e7[row])
