"""A cached atlas answers what the atlas behind it would."""

import numpy as np
import pytest

from fixtures_editions import Squares
from hubrank.serving.cached_atlas import CachedAtlas


class RecordingAtlas(Squares):
    def __init__(self):
        self.calls = []

    def credit(self, lat_e7, lon_e7):
        self.calls.append("credit")
        return super().credit(lat_e7, lon_e7)

    def cities(self, ids):
        places = list(ids)
        self.calls += places
        if 0 in places:
            raise KeyError(0)
        return super().cities(places)


def test_sites_and_cities_are_looked_up_once_and_others_again():
    atlas = RecordingAtlas()
    cached = CachedAtlas(atlas)
    lat, lon = np.arange(4) * 10**7, np.arange(4) * 2 * 10**7
    for _ in range(3):
        assert (cached.credit(lat.copy(), lon) == Squares().credit(lat, lon)).all()
        assert cached.cities(iter([3, 1])) == Squares().cities([3, 1])
    assert atlas.calls == ["credit", 3, 1]
    assert (cached.credit(lat + 10**7, lon) == Squares().credit(lat + 10**7, lon)).all()
    assert (cached.credit(lat + 10**7, lon[:4] + 10**7) == Squares().credit(lat + 10**7, lon + 10**7)).all()
    assert list(cached.cities([2, 3])) == [2, 3]
    assert atlas.calls == ["credit", 3, 1, "credit", "credit", 2]


def test_an_unknown_city_stays_unknown():
    with pytest.raises(KeyError):
        CachedAtlas(RecordingAtlas()).cities([0])
