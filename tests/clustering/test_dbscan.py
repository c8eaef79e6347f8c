"""Which sites form a cluster: by hand, by law, and for any order of the rows (METHOD 3)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.sites import towns
from hubrank.clustering.dbscan.dbscan import NOISE, cluster_sites, dbscan
from hubrank.core import sphere

KM = 89_932  # 1e-7 degrees of latitude in a kilometre (360e7 / (2 π 6371.0088)), rounded down


def _on_a_meridian(km, weight, **choices):
    lat = np.array([int(k * KM) for k in km], np.int64)
    return cluster_sites(lat, np.zeros_like(lat), np.array(weight, np.int64), **choices)


def test_two_towns_and_a_hamlet():
    clustering = _on_a_meridian([0, 1, 100, 101, 200], [3, 3, 4, 4, 5], radius_km=2, min_weight=6)
    assert clustering.label.tolist() == [1, 1, 0, 0, NOISE]
    assert clustering.is_core.tolist() == [True, True, True, True, False]


def _between_two_towns(km):
    """Place a hamlet between a town at -11 and -10 km and a heavier one at 10 and 11 km, on the meridian."""
    return _on_a_meridian([-11, -10, km, 10, 11], [15, 5, 1, 5, 25], radius_km=10.4, min_weight=20)


def test_a_border_site_joins_its_nearest_core():
    for km, label in ((-0.3, 1), (0.3, 0)):
        clustering = _between_two_towns(km)
        assert clustering.is_core.tolist() == [True, True, False, True, True]
        assert clustering.label.tolist() == [1, 1, label, 0, 0]


def test_a_border_site_equally_near_to_two_clusters_joins_the_southern_one():
    assert _between_two_towns(0).label.tolist() == [1, 1, 1, 0, 0]


def test_the_rim_counts_as_inside():
    points, weight = np.array([[0.0, 0.0], [3.0, 4.0]]), np.ones(2, np.int64)
    assert dbscan(points, weight, radius=5.0, min_weight=2).label.tolist() == [0, 0]
    assert dbscan(points, weight, radius=4.999999999, min_weight=2).label.tolist() == [NOISE, NOISE]


def test_equal_clusters_are_numbered_from_the_south():
    clustering = _on_a_meridian([50, 51, -50, -51], [5, 5, 5, 5], radius_km=2, min_weight=10)
    assert clustering.label.tolist() == [1, 1, 0, 0]


def test_a_site_of_weight_zero_is_core_where_its_neighbourhood_is_dense_enough():
    clustering = _on_a_meridian([0, 5, 10], [5, 0, 5], radius_km=5.1, min_weight=10)
    assert clustering.is_core.tolist() == [False, True, False]
    assert clustering.label.tolist() == [0, 0, 0]


def test_towns_join_across_the_antimeridian_and_over_the_pole():
    lat = np.array([0, 0, 899_500_000, 899_500_000], np.int64)
    lon = np.array([1_799_900_000, -1_799_900_000, 0, -1_800_000_000], np.int64)
    clustering = cluster_sites(lat, lon, np.array([5, 5, 4, 4]), radius_km=12, min_weight=8)
    assert clustering.label.tolist() == [0, 0, 1, 1]


def test_longitude_180_is_minus_180_and_at_a_pole_there_is_no_longitude():
    lat = np.array([0, 0, 900_000_000, 900_000_000], np.int64)
    lon = np.array([1_800_000_000, -1_800_000_000, 0, 1_234_567_890], np.int64)
    clustering = cluster_sites(lat, lon, np.array([5, 5, 4, 4]), radius_km=0.5, min_weight=8)
    assert clustering.label.tolist() == [0, 0, 1, 1]


def test_integer_weights_are_exact_where_floats_are_not():
    heavy = 2**53
    lat, weight = np.zeros(3, np.int64), np.array([heavy, 1, 1])
    assert cluster_sites(lat, lat, weight, radius_km=1, min_weight=heavy + 2).is_core.all()
    assert not cluster_sites(lat, lat, weight, radius_km=1, min_weight=heavy + 3).is_core.any()


def test_no_sites_give_no_clusters():
    none = np.empty(0, np.int64)
    assert len(cluster_sites(none, none, none, radius_km=15, min_weight=1).label) == 0
    assert len(dbscan(np.empty((0, 3)), none, radius=1.0, min_weight=1).label) == 0


@given(st.integers(0, 10**6), st.sampled_from([0.5, 15, 300]), st.integers(1, 5))
def test_row_order_and_threads_never_matter(seed, radius_km, threads):
    lat, lon, weight = towns(seed, radius_km)
    choices = {"radius_km": radius_km, "min_weight": 30}
    as_they_came = cluster_sites(lat, lon, weight, threads=1, **choices)
    shuffled = np.random.default_rng(seed).permutation(len(lat))
    clustering = cluster_sites(lat[shuffled], lon[shuffled], weight[shuffled], threads=threads, **choices)
    assert clustering.label.tobytes() == as_they_came.label[shuffled].tobytes()
    assert clustering.is_core.tobytes() == as_they_came.is_core[shuffled].tobytes()


@given(st.integers(0, 10**6), st.sampled_from([2, 15]))
def test_a_site_split_into_rows_stays_one_site(seed, radius_km):
    lat, lon, weight = towns(seed, radius_km)
    whole = cluster_sites(lat, lon, weight * 3, radius_km=radius_km, min_weight=90)
    rows = np.repeat(np.arange(len(lat)), 3)
    clustering = cluster_sites(lat[rows], lon[rows], weight[rows], radius_km=radius_km, min_weight=90)
    assert clustering.label.tolist() == whole.label[rows].tolist()


@given(st.integers(0, 10**6), st.sampled_from([0.05, 0.5, 15, 300, 2500, 9000, 20100]))
def test_the_kernel_on_the_sphere_is_the_kernel_of_any_dimension_on_unit_vectors(seed, radius_km):
    lat, lon, weight = towns(seed, min(radius_km, 900), most=200)
    clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=40)
    xyz = sphere.unit_vectors(*sphere.canonical(lat, lon))
    general = dbscan(xyz, weight, radius=sphere.chord2(radius_km) ** 0.5, min_weight=40)
    assert clustering.is_core.tolist() == general.is_core.tolist()
    assert (clustering.label == NOISE).tolist() == (general.label == NOISE).tolist()


def test_labels_go_by_weight():
    lat, lon, weight = towns(0, 15)
    clustering = cluster_sites(lat, lon, weight, radius_km=4, min_weight=10)
    totals = np.bincount(clustering.label[clustering.label >= 0], weight[clustering.label >= 0])
    assert len(totals) > 3
    assert totals.tolist() == sorted(totals, reverse=True)


def test_a_hundred_thousand_records_at_one_place_cost_no_more_than_others():
    lat = np.zeros(100_000, np.int64)
    lat[50_000:] = 1_348_980  # 15 km to the north: each pair of the two heaps is near the rim
    for radius_km in (14.9999, 15.0001):
        clustering = cluster_sites(lat, np.zeros_like(lat), np.ones_like(lat), radius_km=radius_km, min_weight=60_000)
        assert clustering.is_core.all() == (radius_km > 15)
    rows = np.zeros((100_000, 3))
    assert dbscan(rows, np.ones(100_000, np.int64), radius=0.1, min_weight=100_000).is_core.all()


HOSTILE = {
    "row 1: lat_e7 is 900000001": {"lat_e7": [0, 900_000_001]},
    "row 0: lon_e7 is -1800000001": {"lon_e7": [-1_800_000_001, 0]},
    "row 1: weight is -1": {"weight": [1, -1]},
    "row 2: lat_e7 ends before it": {"lon_e7": [0, 0, 0], "weight": [0, 0, 0]},
    "lat_e7 holds float64": {"lat_e7": [0.5, 1.5]},
    "row 1: weight is 18446744073709551615": {"weight": np.array([1, 2**64 - 1], np.uint64)},
    "the weights add up to 18446744073709551614": {"weight": [2**63 - 1, 2**63 - 1]},
    "lat_e7 has the shape": {"lat_e7": [[0, 0]]},
    "radius_km is 0": {"radius_km": 0},
    "radius_km is nan": {"radius_km": float("nan")},
    "radius_km is inf": {"radius_km": float("inf")},
    "min_weight is 0": {"min_weight": 0},
    "min_weight is 1.5": {"min_weight": 1.5},
}


@pytest.mark.parametrize("message", HOSTILE)
def test_what_cannot_be_used_is_named(message):
    usual = {"lat_e7": [0, 1], "lon_e7": [0, 1], "weight": [1, 1], "radius_km": 15, "min_weight": 1}
    with pytest.raises(ValueError, match=message):
        cluster_sites(**{**usual, **HOSTILE[message]})


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_the_first_row_that_is_not_finite_is_named(bad):
    with pytest.raises(ValueError, match="row 2: "):
        dbscan(np.array([[0.0], [1.0], [bad], [bad]]), np.ones(4, np.int64), radius=1.0, min_weight=1)
