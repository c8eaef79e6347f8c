"""An atlas that is asked of the same sites again and again: it looks them up once."""

from collections.abc import Iterable

import numpy as np

from hubrank.clustering.naming import Atlas, City
from hubrank.core.sphere import Ints


class Remembering:
    """Another atlas, and what it answered: of all sites the last time, of each city."""

    def __init__(self, asked: Atlas) -> None:
        self._asked = asked
        self._sites: tuple[Ints, Ints, Ints] | None = None
        self._cities: dict[int, City] = {}

    def credit(self, lat_e7: Ints, lon_e7: Ints) -> Ints:
        """Return the place that each site is credited to."""
        known = self._sites
        if known is None or not (np.array_equal(known[0], lat_e7) and np.array_equal(known[1], lon_e7)):
            known = self._sites = (lat_e7, lon_e7, self._asked.credit(lat_e7, lon_e7))
        return known[2]

    def cities(self, ids: Iterable[int]) -> dict[int, City]:
        """Describe cities; raise KeyError for an id that the atlas does not have."""
        wanted = list(ids)
        self._cities |= self._asked.cities(place for place in wanted if place not in self._cities)
        return {place: self._cities[place] for place in wanted}
