"""What a place is called in tables, messages and pages: with its economy, and its region where that says which."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.core.sphere import E7, Ints, distance_km
from hubrank.geocoding.gazetteer import city_names, regions
from hubrank.geocoding.gazetteer.gazetteer import Places, places
from hubrank.geocoding.gazetteer.nearest import nearest_places

_NEAR_KM = 15  # places of one name that are so near are not told apart; what has no name is named after one so near
_SPOT = re.compile(r"-?\d+\.\d+, -?\d+\.\d+")
_TIMES_A_NAMESAKE = 10  # people of a place that is told from a namesake without its region
_LETTERS_OF = ("AU", "BR", "CA")  # economies whose states are letters behind a town, beside the United States


@lru_cache(65536)  # the files of a source name the same places again and again
def place_name(geonames_id: int | None, economy_name: Callable[[str], str] = str, language: str | None = None) -> str:
    """Return a place with its economy and, where that has another place of the name, its region: "São Carlos, SC, BR".

    The state is there for every place in the United States, coordinates where the region has two places of the name.
    economy_name : what to call the economy of a code. language : of the names of a study; None for the gazetteer's own.
    Empty where the gazetteer has no such place, or only as a village
    without a name.
    """
    all_places = places()
    row = None if geonames_id is None else all_places.row(geonames_id)
    if row is None:
        return ""
    economy, admin1 = all_places.economy[row], all_places.admin1[row]
    namesakes = _namesakes(row)
    region = _region_name(economy, admin1) if namesakes or economy == "US" else ""
    town = all_places.name[row]
    if language is not None and geonames_id is not None:
        town = city_names.name_in(geonames_id, town, language)
    name = ", ".join(filter(None, (town, region, economy_name(economy))))
    if all(all_places.admin1[other] != admin1 for other in namesakes):
        return name
    return f"{name} ({all_places.lat_e7[row] / E7:.2f}, {all_places.lon_e7[row] / E7:.2f})"


@lru_cache(65536)
def with_nearest(place: str | None) -> str | None:
    """Return coordinates that stand for a place without a name with the nearest one that has one, if it is near them.

    place : "48.82, 2.13", which becomes "48.82, 2.13 (near Le Chesnay, FR)"; any other text stays.
    """
    if place is None or not _SPOT.fullmatch(place):
        return place
    lat_e7, lon_e7 = (np.array([round(float(degrees) * E7)]) for degrees in place.split(", "))
    (row,), (gap,) = nearest_places(lat_e7, lon_e7)
    return f"{place} (near {place_name(int(places().geonames_id[row]))})" if gap <= _NEAR_KM else place


def _namesakes(row: int) -> list[int]:
    """Return the other places of a place's name and economy that have a tenth of its people, unless they are near."""
    all_places = places()
    if _numbered_names(all_places).is_alone[row]:
        return []
    rows = rows_of_name(row)
    at, others = [row] * len(rows), rows
    gap = distance_km(
        all_places.lat_e7[at], all_places.lon_e7[at], all_places.lat_e7[others], all_places.lon_e7[others]
    )
    large = all_places.population[others] >= all_places.population[row] / _TIMES_A_NAMESAKE
    return [int(other) for other in others[large & (gap > _NEAR_KM)]]


def _region_name(economy: str, admin1: str) -> str:
    """Return what a first-level region is called behind a town: its letters where addresses have those, else its name.

    Empty where no region is listed.
    """
    if economy == "US":
        return admin1
    return next((r.iso if economy in _LETTERS_OF else r.name for r in regions.of_codes(economy, admin1)), "")


def place_names(ids: pa.ChunkedArray, language: str | None = None) -> pa.Array:
    """Return the names of places by their GeoNames ids, as `place_name`; null where the gazetteer has none."""
    coded = ids.combine_chunks().dictionary_encode()
    names = [place_name(number, language=language) or None for number in coded.dictionary.to_pylist()]
    return pa.array(names, pa.string()).take(coded.indices)


def rows_of_name(row: int) -> Ints:
    """Return the rows of all places with the name and the economy of one, which is among them."""
    number, order, _ = _numbered_names(places())
    first, end = (np.searchsorted(number, number[row], side, sorter=order) for side in ("left", "right"))
    return order[first:end]


class _NumberedNames(NamedTuple):
    """A number for each place, equal where name and economy are; the rows in its order; which places have it alone."""

    number: Ints
    order: Ints
    is_alone: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _numbered_names(places: Places) -> _NumberedNames:
    """Return the names of places by number.

    The names that texts are looked up by would say the same, but take a second to read, also where no text is located.
    """
    name, economy = (
        pa.array(texts, pa.string()).dictionary_encode().indices.to_numpy().astype(np.int64)
        for texts in (places.name, places.economy)
    )
    number = name * (economy.max(initial=0) + 1) + economy
    order = np.argsort(number, kind="stable")
    in_order, is_alone = number[order], np.empty(len(order), bool)
    is_alone[order] = np.diff(in_order, prepend=-1).astype(bool) & np.diff(in_order, append=-1).astype(bool)
    return _NumberedNames(number, order, is_alone)
