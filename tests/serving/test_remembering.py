"""What is remembered of an atlas is what it would answer."""

import numpy as np
import pytest

from fixtures_editions import Squares
from hubrank.serving.remembering import Remembering


class CountedRecords(Squares):
    def __init__(self):
        self.asked = []

    def credit(self, lat_e7, lon_e7):
        self.asked.append("credit")
        return super().credit(lat_e7, lon_e7)

    def cities(self, ids):
        known = list(ids)
        self.asked += known
        if 0 in known:
            raise KeyError(0)
        return super().cities(known)


def test_sites_and_cities_are_looked_up_once_and_others_anew():
    atlas = CountedRecords()
    known = Remembering(atlas)
    lat, lon = np.arange(4) * 10**7, np.arange(4) * 2 * 10**7
    for _ in range(3):
        assert (known.credit(lat.copy(), lon) == Squares().credit(lat, lon)).all()
        assert known.cities(iter([3, 1])) == Squares().cities([3, 1])
    assert atlas.asked == ["credit", 3, 1]
    assert (known.credit(lat + 10**7, lon) == Squares().credit(lat + 10**7, lon)).all()
    assert (known.credit(lat + 10**7, lon[:4] + 10**7) == Squares().credit(lat + 10**7, lon + 10**7)).all()
    assert list(known.cities([2, 3])) == [2, 3]
    assert atlas.asked == ["credit", 3, 1, "credit", "credit", 2]


def test_an_unknown_city_stays_unknown():
    with pytest.raises(KeyError):
        Remembering(CountedRecords()).cities([0])
