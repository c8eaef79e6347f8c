"""The threshold by a null model: exact counts around random points, even draws, and what aabpl finds on a plane."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from clustering.sites import towns, vectors
from hubrank.clustering import null_model
from hubrank.clustering.dbscan.dbscan import cluster_sites
from hubrank.clustering.outlines.laea import Laea, lon_lat
from hubrank.clustering.people_table import Cells
from hubrank.core import sphere
from hubrank.core.coastlines import land

AABPL = json.loads((Path(__file__).parent / "aabpl_members.json").read_text("utf-8"))


def by_comparison(points, sites, weight, km):
    """Count what lies around each point by comparing it with every site."""
    gap = sphere.unit_vectors(*points)[:, None, :] - sphere.unit_vectors(*sites)[None, :, :]
    apart2 = gap[..., 0] ** 2 + gap[..., 1] ** 2 + gap[..., 2] ** 2
    return (weight * (apart2 <= sphere.chord2(km))).sum(axis=1)


@given(st.integers(0, 10**6), st.sampled_from([0.5, 15, 300, 3000]), st.integers(1, 3))
def test_every_point_has_what_lies_within_the_radius_whatever_the_order(seed, km, threads):
    lat, lon, weight = towns(seed, km, most=300)
    random = np.random.default_rng(seed)
    near, noise = random.integers(0, len(lat), 60), random.normal(0, 50_000 * km, (2, 60)).astype(np.int64)
    far = null_model.on_land(20, seed) if seed % 50 == 0 else (lat[:1], lon[:1])
    shifted = np.clip(lat[near] + noise[0], -sphere.POLE_E7, sphere.POLE_E7)
    points = [np.concatenate(pair) for pair in zip(sphere.canonical(shifted, lon[near] + noise[1]), far, strict=True)]
    around = null_model.listings_around(tuple(points), (lat, lon), weight, radius_km=km, threads=threads)
    assert around.tolist() == by_comparison(points, (lat, lon), weight, km).tolist()
    rows, sites = random.permutation(len(around)), random.permutation(len(lat))
    again = null_model.listings_around(
        (points[0][rows], points[1][rows]), (lat[sites], lon[sites]), weight[sites], radius_km=km
    )
    assert again.tolist() == around[rows].tolist()


def test_a_site_on_the_rim_counts():
    lat, lon = np.array([0, 0]), np.array([0, 10_000_000])
    km = float(sphere.distance_km(lat[:1], lon[:1], lat[1:], lon[1:])[0])
    point = (lat[:1], lon[:1])
    assert null_model.listings_around(point, (lat, lon), np.array([2, 3]), radius_km=km * (1 + 1e-12))[0] == 5
    assert null_model.listings_around(point, (lat, lon), np.array([2, 3]), radius_km=km * (1 - 1e-9))[0] == 2


def test_where_nothing_is_nothing_is_counted():
    none = np.empty(0, np.int64)
    assert null_model.listings_around((none, none), (none, none), none, radius_km=15).tolist() == []
    some = np.array([5, 6])
    assert null_model.listings_around((some, some), (none, none), none, radius_km=15).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("percentile", "expected"),
    [("99.5", 996), ("99.45", 996), ("50", 501), ("0.05", 2), ("0.1", 2), ("99.99", 1001), ("33.3", 334)],
)
def test_the_threshold_exceeds_the_smallest_number_that_so_many_points_do_not_exceed(percentile, expected):
    around = np.random.default_rng(1).permutation(np.arange(1, 1001))
    assert null_model.threshold(around, Decimal(percentile)) == expected
    assert 100 * (around >= expected).mean() <= 100 - float(percentile) + 1e-9


def test_equal_numbers_leave_fewer_points_above():
    assert null_model.threshold(np.array([0] * 90 + [7] * 10), Decimal(90)) == 1
    assert null_model.threshold(np.array([0] * 90 + [7] * 10), Decimal("90.1")) == 8


def cells(lat, lon):
    return Cells(np.array(lat), np.array(lon), np.ones(len(lat)))


def test_points_are_drawn_evenly_by_area_from_inhabited_cells_alone():
    lat, lon = [0.5, 0.5, 60.5, 60.5, -89.5], [10.5, 11.5, 10.5, 179.5, 0.5]
    empty = Cells(np.array([30.5]), np.array([10.5]), np.zeros(1))
    points = null_model.on_cells([cells(lat, lon), empty], (1.0, 1.0), 200_000, 3)
    row, column = np.floor(points[0] / sphere.E7) + 0.5, np.floor(points[1] / sphere.E7) + 0.5
    sides = np.sin(np.radians(np.array(lat)[:, None] + [-0.5, 0.5]))
    area = np.diff(sides)[:, 0] / np.diff(sides).sum()
    for cell, expected in enumerate(area):
        inside = (row == lat[cell]) & (column == lon[cell])
        assert inside.mean() == pytest.approx(expected, abs=5 * np.sqrt(expected / 200_000))
    south = points[0][(row == 60.5)] / sphere.E7 < 60.5  # more of a cell lies towards the equator
    assert south.mean() == pytest.approx(0.5038, abs=0.004)


@given(st.integers(0, 10**6))
def test_the_order_of_cells_and_pieces_changes_no_point(seed):
    random = np.random.default_rng(seed)
    spots = np.unique(random.integers(0, 40, (30, 2)), axis=0)
    lat, lon = spots[:, 0] / 4 - 5, spots[:, 1] / 4 - 5
    once = null_model.on_cells([cells(lat, lon)], (0.25, 0.25), 500, seed)
    rows = random.permutation(len(lat))
    cut = int(random.integers(0, len(lat)))
    pieces = [cells(lat[part], lon[part]) for part in (rows[:cut], rows[cut:], rows[:1])]
    again = null_model.on_cells(pieces, (0.25, 0.25), 500, seed)
    assert [column.tolist() for column in again] == [column.tolist() for column in once]
    other = null_model.on_cells([cells(lat, lon)], (0.25, 0.25), 500, seed + 1)
    assert other[0].tolist() != once[0].tolist()


def test_no_cell_gives_no_point():
    assert [len(column) for column in null_model.on_cells([], (1.0, 1.0), 500, 0)] == [0, 0]


def test_points_on_land_are_on_land_and_even():
    lat, lon = (column / sphere.E7 for column in null_model.on_land(20_000, 5))
    assert shapely.intersects_xy(shapely.union_all(shapely.make_valid(np.array(land()))), lon, lat).all()
    # Antarctica is 12.3 of 147.6 million km² on this map; north of 60 degrees lie about 15 %.
    assert (lat < -60).mean() == pytest.approx(0.084, abs=0.008)
    assert np.mean((lon < -30) & (lon > -170) & (lat > -60)) == pytest.approx(0.285, abs=0.02)  # the Americas


@pytest.mark.parametrize("percentile", sorted(AABPL["members"]))
def test_members_on_a_projected_world_are_those_of_aabpl(percentile):
    """Around 47° N, 8° E, 15 km on the plane and on the sphere differ by under a metre: only such rims may differ."""
    middle = Laea.around(vectors(np.array([[8.0, 47.0]])))
    extent = np.array([100.0, 100.0])  # km: the world is 200 km wide
    spots = []
    for name in ("sites_m", "points_m"):
        places = lon_lat(middle.inverse(np.array(AABPL[name]) / 1000 - extent))
        spots.append(sphere.canonical(*sphere.to_e7(places.T[::-1])))
    (sites, points), weight = spots, np.array(AABPL["weight"])
    around = null_model.listings_around(points, sites, weight, radius_km=AABPL["radius_m"] / 1000)
    least = null_model.threshold(around, Decimal(percentile))
    clustering = cluster_sites(*sites, weight, radius_km=AABPL["radius_m"] / 1000, min_weight=least)
    dense = set(np.flatnonzero(clustering.is_core).tolist())
    assert len(dense) > 50
    for site in dense ^ set(AABPL["members"][percentile]):
        gaps = np.hypot(*(np.array(AABPL["sites_m"]) - AABPL["sites_m"][site]).T)
        assert np.abs(gaps - AABPL["radius_m"]).min() < 1.0
    assert len(dense ^ set(AABPL["members"][percentile])) <= 3


def test_of_fresh_draws_so_many_exceed_the_threshold_as_the_percentile_says():
    random = np.random.default_rng(8)
    lat, lon = random.integers(0, 60_000_000, 20_000), random.integers(0, 60_000_000, 20_000)
    weight = random.integers(1, 10**6, 20_000)
    world = [cells(*(axis.ravel() / 10 + 0.05 for axis in np.mgrid[0:60, 0:60]))]
    first, fresh = (
        null_model.listings_around(
            null_model.on_cells(world, (0.1, 0.1), 40_000, seed), (lat, lon), weight, radius_km=15
        )
        for seed in (0, 1)
    )
    for percentile in (90.0, 99.0, 99.5):
        least = null_model.threshold(first, Decimal(str(percentile)))
        exceeding = 1 - percentile / 100
        assert (first >= least).mean() == pytest.approx(exceeding, abs=1e-4)
        error = np.sqrt(2 * exceeding * (1 - exceeding) / 40_000)  # of both draws
        assert (fresh >= least).mean() == pytest.approx(exceeding, abs=4 * error)
