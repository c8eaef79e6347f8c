"""How near clusters come to each other, by hand and by trying all pairs (METHOD 4)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.sites import towns
from hubrank.clustering.dbscan.dbscan import cluster_sites
from hubrank.clustering.merging import gaps
from hubrank.core import sphere

KM = 89_932.0  # 1e-7 degrees of latitude in a kilometre


def _pairs(near_gaps):
    return list(zip(near_gaps.a.tolist(), near_gaps.b.tolist(), strict=True))


def test_clusters_on_a_meridian():
    lat = np.array([0, 3, 7, 20, 24.9], np.float64)
    label = np.array([0, 0, 1, 2, 3], np.int32)
    near_gaps = gaps((lat * KM).astype(np.int64), np.zeros(5, np.int64), label, gap_km=5)
    assert _pairs(near_gaps) == [(0, 1), (2, 3)]
    assert near_gaps.km == pytest.approx([4, 4.9], rel=1e-4)


def test_a_gap_over_the_antimeridian_counts():
    lon = np.array([179.99, -179.99]) * sphere.E7
    near_gaps = gaps(np.zeros(2, np.int64), lon.astype(np.int64), np.array([0, 1], np.int32), gap_km=5)
    assert near_gaps.km == pytest.approx([0.02 * 111.195080], rel=1e-6)


def test_noise_and_lone_clusters_have_no_gaps():
    place = np.zeros(3, np.int64)
    assert _pairs(gaps(place, place, np.full(3, -1, np.int32), gap_km=5)) == []
    assert _pairs(gaps(place, place, np.array([-1, 0, 0], np.int32), gap_km=5)) == []
    assert _pairs(gaps(place[:0], place[:0], np.empty(0, np.int32), gap_km=5)) == []


@given(st.integers(0, 10**6), st.sampled_from([0, 1, 5, 40, 5000]))
def test_gaps_are_those_of_all_pairs(seed, gap_km):
    lat, lon, weight = towns(seed, 15, most=200)
    label = cluster_sites(lat, lon, weight, radius_km=6, min_weight=12).label
    near_gaps = gaps(lat, lon, label, gap_km=gap_km)
    member = np.flatnonzero(label >= 0)
    i, j = (member[x] for x in np.triu_indices(len(member), 1))
    km, nearest = sphere.distance_km(lat[i], lon[i], lat[j], lon[j]), {}
    for a, b, d in zip(label[i].tolist(), label[j].tolist(), km.tolist(), strict=True):
        if a != b and d <= gap_km:
            pair = (min(a, b), max(a, b))
            nearest[pair] = min(d, nearest.get(pair, np.inf))
    assert _pairs(near_gaps) == sorted(nearest)
    assert near_gaps.km == pytest.approx([nearest[pair] for pair in sorted(nearest)], rel=1e-6)
