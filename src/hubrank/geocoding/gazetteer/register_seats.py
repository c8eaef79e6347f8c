"""The seats that a register records, put into towns: it may have the middle of a region, or a namesake of the town."""

from array import array
from collections.abc import Iterable
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
_AROUND_KM = 45.0  # from the middle of a municipality to the town that it is named after
_TOWN = 20_000  # inhabitants of a town that a municipality is named after, or that has a namesake
_TIMES = 20  # times the inhabitants of a namesake that a register took for a town
_UNKNOWN = 1_000  # inhabitants of a place that has fewer or no figure


def put_in_towns(columns: dict[str, Any]) -> frozenset[int]:
    """Put seats where the gazetteer has their towns; return the rows of those that are in no known town.

    columns : geonames_id, lat_e7, lon_e7 (arrays, changed in place), economy and city of organisations, by row.

    A seat far from the place of its number is put there (ROR has Shinagawa in Ehime), one in a place that GeoNames has
    twice into the one that the gazetteer keeps. One of a region's number is in the middle of that: it is put into the
    town that the region is called after, and is none where there is no such town and the most populous place is far.
    """
    areas = {region.geonames_id: region for region, _ in regions.table() if region.geonames_id}
    without_town = set[int]()
    for at, (number, row) in enumerate(zip(columns["geonames_id"], _rows_of(columns["geonames_id"]), strict=True)):
        spot, city = (columns["lat_e7"][at], columns["lon_e7"][at]), columns["city"][at]
        town: int | None = None
        if row >= 0:
            town = _larger_namesake(row)
        elif region := areas.get(number):
            town = _town_of_region(region, city)
            if town is None and not near_e7(region.lat_e7, region.lon_e7, *spot):
                columns["geonames_id"][at] = 0
                without_town.add(at)
        elif number:
            town = _town_of_municipality(city, columns["economy"][at], spot)
        if town is None:
            continue
        lat, lon, columns["geonames_id"][at] = gazetteer.spot_of(town)
        if columns["geonames_id"][at] != number or max(abs(lat - spot[0]), abs(lon - spot[1])) > _FAR_E7:
            columns["lat_e7"][at], columns["lon_e7"][at] = lat, lon
    return frozenset(without_town)


def _rows_of(numbers: "array[int]") -> list[int]:
    """Return the rows of places by their GeoNames ids, -1 where the gazetteer has none."""
    places, twice = gazetteer.places(), duplicate_places()
    number = np.array([twice.get(each, each) for each in numbers], np.int64)
    row = np.minimum(np.searchsorted(places.geonames_id, number), len(places.geonames_id) - 1)
    return np.where(places.geonames_id[row] == number, row, -1).tolist()  # type: ignore[no-any-return]


def _most_populous(rows: Iterable[int]) -> int | None:
    return max(rows, key=lambda row: gazetteer.places().population[row], default=None)


def _town_of_region(region: Region, city: str) -> int | None:
    """Return the row of the place in a region that it is called after; of the first level it is its most populous one.

    Else it need not be the seat's: Québec of one in Montréal, a village Hidalgo. city : how the register calls it.
    """
    for kinds in ((PRIMARY,), gazetteer.ANY_KIND):
        for name in (key(city), *sorted(regions.spellings(city) | regions.spellings(region.name))):
            rows = gazetteer.rows_named(name, region.economy, kinds)
            town = _most_populous(r for r in rows if region.contains(*gazetteer.home_of(r), *gazetteer.spot_of(r)))
            if town is not None:
                is_main = near_e7(region.lat_e7, region.lon_e7, *gazetteer.spot_of(town)[:2])
                return town if region.admin2 or is_main else None
    return None


def _town_of_municipality(city: str, economy: str, middle: tuple[int, int]) -> int | None:
    """Return the row of the town that a municipality is called after, if it is not at its middle (1e-7 degree)."""
    people = gazetteer.places().population
    rows = (row for row in gazetteer.rows_named(key(city), economy, kinds=(PRIMARY,)) if people[row] >= _TOWN)
    town = _most_populous(row for row in rows if near_e7(*gazetteer.spot_of(row)[:2], *middle, _AROUND_KM))
    return None if town is None or near_e7(*gazetteer.spot_of(town)[:2], *middle) else town


@cache
def _larger_namesake(row: int) -> int:
    """Return the row of the town that a register means by a far smaller place of the same name, else the place itself.

    Not where addresses state the state, so that it has been looked up with it: Oakland, MD.
    """
    places = gazetteer.places()
    economy, least = places.economy[row], max(_TOWN, _TIMES * max(int(places.population[row]), _UNKNOWN))
    if economy in STATES_OF:
        return row
    rows = gazetteer.rows_named(gazetteer.own_key(row), economy, kinds=(PRIMARY,))
    town = _most_populous(other for other in rows if places.population[other] >= least)
    is_elsewhere = town is not None and not near_e7(*gazetteer.spot_of(row)[:2], *gazetteer.spot_of(town)[:2])
    return town if town is not None and is_elsewhere else row
