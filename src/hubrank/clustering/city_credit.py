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
# London, but Cambridge (a sixth of Boston's people) is a city by itself.
CITY_PEOPLE_FROM = 500_000
PART_RATIO = 8


class GeoNamesAtlas:
    """Cities of the gazetteer; boroughs and districts count as their city."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._large = np.flatnonzero(places.population >= CREDIT_PEOPLE)
        self._tree = cKDTree(sphere.unit_vectors(places.lat_e7[self._large], places.lon_e7[self._large]))
        self._whole = _whole_cities(places)

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
        places = self._places
        row = places.row(place)
        if row is None:
            raise KeyError(place)
        economy = places.economy[row]
        state = places.admin1[row] if economy == "US" else ""
        return City(place, places.name[row], economy, state, int(places.population[row]))


def _whole_cities(places: Places) -> Ints:
    """Return int64, shape (places,): the GeoNames id of the city that each place is a part of, or of itself."""
    whole = np.where(places.part_of > 0, places.part_of, places.geonames_id)
    xyz = sphere.unit_vectors(places.lat_e7, places.lon_e7)
    tree = cKDTree(xyz)
    cities = np.flatnonzero((places.population >= CITY_PEOPLE_FROM) & (places.part_of == 0))
    for city in cities[np.argsort(places.population[cities], kind="stable")]:  # the largest last, so that it decides
        within = np.sqrt(sphere.chord2(reach_km(int(places.population[city]))))
        around = np.array(tree.query_ball_point(xyz[city], within))
        part = around[places.population[around] * PART_RATIO <= places.population[city]]
        whole[[i for i in part if region_of(places, i) == region_of(places, city)]] = places.geonames_id[city]
    return whole


@cache
def atlas() -> GeoNamesAtlas:
    """Return the atlas over the compiled gazetteer."""
    return GeoNamesAtlas(gazetteer.places())
