"""An atlas that looks up the same sites and cities only once."""

from collections.abc import Iterable

import numpy as np

from hubrank.clustering.cities import Atlas, City
from hubrank.core.sphere import Ints


class CachedAtlas:
    """Another atlas, with its last answer for all sites and its answer for each city in memory."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._credited: tuple[Ints, Ints, Ints] | None = None
        self._cities: dict[int, City] = {}

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the place that each site is credited to."""
        last = self._credited
        if last is None or not (np.array_equal(last[0], lat_e7) and np.array_equal(last[1], lon_e7)):
            last = self._credited = (lat_e7, lon_e7, self._atlas.credit(lat_e7, lon_e7))
        return last[2]

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe cities; raise KeyError for an id that the atlas does not have."""
        places = list(ids)
        self._cities |= self._atlas.cities(place for place in places if place not in self._cities)
        return {place: self._cities[place] for place in places}

    def nearest(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the nearest place of any size to each site."""
        return self._atlas.nearest(lat_e7, lon_e7)
