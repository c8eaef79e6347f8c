"""The gazetteer as the naming stage sees it: which city a site is credited to (METHOD 7)."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from hubrank.clustering.naming import City
from hubrank.core import sphere
from hubrank.core.sphere import Ints
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.city_extent import reach_km, region_of
from hubrank.geocoding.gazetteer.gazetteer import Places

CREDIT_PEOPLE = 50_000
CREDIT_KM = 15
# A place is a part of a city whose built-up disc covers it, in the same region, if it is much smaller: Islington is
# London, but Cambridge (a sixth of Boston's people) is a city of its own.
CITY_PEOPLE_FROM = 500_000
PART_RATIO = 8


class GeoNamesAtlas:
    """Cities of the gazetteer; boroughs and districts count as their city."""

    def __init__(self, known: Places) -> None:
        self._known = known
        self._large = np.flatnonzero(known.population >= CREDIT_PEOPLE)
        self._tree = cKDTree(sphere.unit_vectors(known.lat_e7[self._large], known.lon_e7[self._large]))
        self._whole = _wholes(known)

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the GeoNames id that each site is credited to: the nearest large place, else the nearest place."""
        if not len(lat_e7):
            return np.empty(0, np.int64)
        chord, row = self._tree.query(sphere.unit_vectors(lat_e7, lon_e7))
        rows = self._large[row]
        far = chord**2 > sphere.chord2(CREDIT_KM)
        if far.any():
            rows[far] = gazetteer.nearest_places(lat_e7[far], lon_e7[far])[0]
        return np.asarray(self._whole[rows], np.int64)

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe cities; raise KeyError for an id that the gazetteer does not have."""
        return {place: self._city(place) for place in ids}

    def _city(self, place: int) -> City:
        known = self._known
        row = known.row(place)
        if row is None:
            raise KeyError(place)
        economy = known.economy[row]
        state = known.admin1[row] if economy == "US" else ""
        return City(place, known.name[row], economy, state, int(known.population[row]))


def _wholes(known: Places) -> Ints:
    """Return int64, shape (places,): the GeoNames id of the city that each place is a part of, or its own."""
    whole = np.where(known.part_of > 0, known.part_of, known.geonames_id)
    xyz = sphere.unit_vectors(known.lat_e7, known.lon_e7)
    tree = cKDTree(xyz)
    cities = np.flatnonzero((known.population >= CITY_PEOPLE_FROM) & (known.part_of == 0))
    for city in cities[np.argsort(known.population[cities], kind="stable")]:  # the largest has the last word
        within = np.sqrt(sphere.chord2(reach_km(int(known.population[city]))))
        around = np.array(tree.query_ball_point(xyz[city], within))
        part = around[known.population[around] * PART_RATIO <= known.population[city]]
        whole[[i for i in part if region_of(known, i) == region_of(known, city)]] = known.geonames_id[city]
    return whole


@cache
def atlas() -> GeoNamesAtlas:
    """Return the atlas over the compiled gazetteer."""
    return GeoNamesAtlas(gazetteer.places())
