"""Which sites form a cluster, by hand (METHOD 3)."""

import numpy as np

from hubrank.kernels.dbscan import NOISE, cluster_sites

KM = 89_932  # 1e-7 degrees of latitude in a kilometre (360e7 / (2 π 6371.0088)), rounded down


def _on_a_meridian(km, weight, **choices):
    lat = np.array([int(k * KM) for k in km], np.int64)
    return cluster_sites(lat, np.zeros_like(lat), np.array(weight, np.int64), **choices)


def test_two_towns_and_a_hamlet():
    found = _on_a_meridian([0, 1, 100, 101, 200], [3, 3, 4, 4, 5], radius_km=2, min_weight=6)
    assert found.label.tolist() == [1, 1, 0, 0, NOISE]
    assert found.is_core.tolist() == [True, True, True, True, False]


def test_a_border_site_joins_its_nearest_core():
    found = _on_a_meridian([0, 9, 20], [10, 0, 12], radius_km=11, min_weight=10)
    assert found.is_core.tolist() == [True, True, True]
    found = _on_a_meridian([0, 9, 19], [10, 0, 12], radius_km=9.5, min_weight=10)
    assert found.label.tolist() == [1, 1, 0]


def test_a_site_of_weight_zero_is_core_where_its_neighbourhood_is_dense_enough():
    found = _on_a_meridian([0, 5, 10], [5, 0, 5], radius_km=5.1, min_weight=10)
    assert found.is_core.tolist() == [False, True, False]
    assert found.label.tolist() == [0, 0, 0]
