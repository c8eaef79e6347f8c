"""The ground of a cluster (METHOD 10): every member inside, valid, cut where maps are, and shared with neighbours."""

import csv
import hashlib
import os
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from clustering.sites import towns, vectors
from hubrank.clustering.dbscan.dbscan import cluster_sites
from hubrank.clustering.outlines import outline
from hubrank.clustering.outlines.discs import draw_ground, solid
from hubrank.clustering.outlines.laea import Laea, lon_lat
from hubrank.clustering.outlines.outline import grounds, outlines
from hubrank.clustering.outlines.rings import finished
from hubrank.core import sphere

GEOD = pyproj.Geod(a=sphere.EARTH_RADIUS_KM * 1000, b=sphere.EARTH_RADIUS_KM * 1000)


def _e7(places):
    lat, lon = sphere.to_e7(np.asarray(places, np.float64).T)
    return sphere.canonical(lat, lon)


def _outlined(places, label=None, *, radius_km=15):
    lat, lon = _e7(places)
    labels = np.zeros(len(lat), np.int32) if label is None else np.asarray(label, np.int32)
    return outlines(lat, lon, labels, radius_km=radius_km)


def _area_km2(shape):
    """Return the area of a shape in degrees on the sphere, its edges geodesic."""
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.01))[0]) / 1e6


def _check(shape, lat, lon):
    assert shape.is_valid
    assert not shape.is_empty
    assert isinstance(shape, shapely.Polygon | shapely.MultiPolygon)
    assert shapely.covers(shape, shapely.points(lon / sphere.E7, lat / sphere.E7)).all()
    coordinates = shapely.get_coordinates(shape)
    assert np.abs(coordinates * 1e6 - np.round(coordinates * 1e6)).max() < 1e-6
    assert (np.abs(coordinates) <= [180, 90]).all()
    for polygon in shapely.get_parts(shape):
        assert polygon.exterior.is_ccw
        assert not any(hole.is_ccw for hole in polygon.interiors)


def test_a_lone_site_has_a_kilometre_around_it():
    outlined = _outlined([(48.86, 2.35)])
    assert outlined.area_km2[0] == pytest.approx(np.pi, rel=6e-3)
    west, south, east, north = outlined.shape[0].bounds
    assert (north - south) * 111.195 == pytest.approx(2, rel=3e-3)
    assert (east - west) * 111.195 * np.cos(np.radians(48.86)) == pytest.approx(2, rel=3e-3)


def test_between_two_sites_ground_is_filled_as_far_as_a_disc_cannot_reach():
    """Two discs of 7.5 km, 10 km apart, meet 5.59 km off the line: too near for what is drawn tight by 6.5 km.

    On the line the outline of each site ends where it is 6.5 km from both meeting points: after
    5 - √(6.5² - 5.59²) = 1.683 km.
    """
    km = 1 / 111.19508
    apart = _outlined([(0, 0), (0, 10 * km)]).shape[0]
    west, east = sorted(shapely.get_parts(apart), key=lambda part: part.bounds[0])
    assert west.bounds[0] / km == pytest.approx(-1, abs=3e-3)
    assert west.bounds[2] / km == pytest.approx(1.683, abs=5e-3)
    assert east.bounds[0] / km == pytest.approx(10 - 1.683, abs=5e-3)
    near = _outlined([(0, 0), (0, 6 * km)]).shape[0]  # these meet 6.87 km off the line: 0.37 km are left on both sides
    assert len(shapely.get_parts(near)) == 1
    assert shapely.intersects_xy(near, 3 * km, 0.36 * km)
    assert not shapely.intersects_xy(near, 3 * km, 0.39 * km)


def test_a_ring_of_towns_has_a_hole():
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    outlined = _outlined(np.column_stack([45 + 0.3 * np.cos(angle), 7 + 0.3 * np.sin(angle) / np.cos(np.radians(45))]))
    (polygon,) = shapely.get_parts(outlined.shape[0])
    assert len(polygon.interiors) == 1
    assert not shapely.intersects_xy(outlined.shape[0], 7, 45)
    assert _area_km2(outlined.shape[0]) == pytest.approx(outlined.area_km2[0], rel=1e-3)


def test_an_outline_over_the_antimeridian_is_cut_there():
    outlined = _outlined([(-18, 179.95), (-18, -179.95), (-18, 180)])
    assert isinstance(outlined.shape[0], shapely.MultiPolygon)
    west, east = sorted(shapely.get_parts(outlined.shape[0]), key=lambda part: part.bounds[0])
    assert west.bounds[0] == -180
    assert west.bounds[2] < -179.9
    assert east.bounds[2] == 180
    assert east.bounds[0] > 179.9
    assert _area_km2(outlined.shape[0]) == pytest.approx(outlined.area_km2[0], rel=1e-3)


@pytest.mark.parametrize("pole", [90, -90])
def test_an_outline_over_a_pole_reaches_it_at_all_longitudes(pole):
    outlined = _outlined([(pole, 0), (pole * 0.9995, 10), (pole * 0.9995, 120), (pole * 0.9995, -110)])
    edge = [outlined.shape[0].bounds[1], outlined.shape[0].bounds[3]]
    assert pole in edge
    for lon in (-180, -91.3, 0, 45, 180):
        assert shapely.intersects_xy(outlined.shape[0], lon, pole)
    assert _area_km2(outlined.shape[0]) == pytest.approx(outlined.area_km2[0], rel=2e-3)


def test_a_ring_of_stations_around_the_pole_leaves_the_pole_out():
    lon = np.arange(-180, 180, 5)
    outlined = _outlined(np.column_stack([np.full(len(lon), 89.5), lon]))
    assert not shapely.intersects_xy(outlined.shape[0], 0, 90)
    assert shapely.intersects_xy(outlined.shape[0], 3, 89.5)
    assert _area_km2(outlined.shape[0]) == pytest.approx(outlined.area_km2[0], rel=2e-3)


def _by_definition(lat, lon, radius_km):
    """Return the outline on a local map, from all discs at once."""
    xyz = sphere.unit_vectors(lat, lon)
    laea, reach = Laea.around(xyz), radius_km / 2
    discs = shapely.buffer(shapely.points(laea.forward(xyz)), reach, quad_segs=64)
    return laea, shapely.union_all(discs).buffer(1 - reach, quad_segs=64)


@pytest.mark.parametrize("seed", range(40))
def test_outlines_are_those_of_the_definition(seed):
    radius_km = (3, 15, 40)[seed % 3]
    lat, lon, _ = towns(4 * seed + 3, radius_km, most=200)  # such a seed puts no town on a pole
    far = sphere.distance_km(lat, lon, lat[:1], lon[:1]) < 400
    outlined = outlines(lat[far], lon[far], np.zeros(far.sum(), np.int32), radius_km=radius_km)
    laea, expected = _by_definition(lat[far], lon[far], radius_km)
    on_map = shapely.transform(outlined.shape[0], lambda c: laea.forward(vectors(c)))
    assert on_map.symmetric_difference(expected).area < 0.01 * expected.area
    assert outlined.area_km2[0] == pytest.approx(expected.area, rel=0.01)


@given(st.integers(0, 10**6), st.sampled_from([0.5, 1.5, 2, 15, 60, 300]))
def test_members_are_inside_whatever_the_place(seed, radius_km):
    lat, lon, weight = towns(seed, radius_km, most=200)
    label = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=12).label
    outlined = outlines(lat, lon, label, radius_km=radius_km)
    assert len(outlined.shape) == label.max(initial=-1) + 1
    for cluster, shape in enumerate(outlined.shape):
        _check(shape, lat[label == cluster], lon[label == cluster])
        assert _area_km2(shape) == pytest.approx(outlined.area_km2[cluster], rel=0.01)


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_row_order_repetition_and_threads_change_no_byte(seed, threads):
    lat, lon, weight = towns(seed, 15, most=200)
    label = cluster_sites(lat, lon, weight, radius_km=15, min_weight=12).label
    rows = np.random.default_rng(seed).permutation(np.concatenate([np.arange(len(lat)), np.arange(0, len(lat), 3)]))
    once = outlines(lat, lon, label, radius_km=15, threads=1)
    again = outlines(lat[rows], lon[rows], label[rows], radius_km=15, threads=threads)
    assert [shape.wkb for shape in again.shape] == [shape.wkb for shape in once.shape]
    assert again.area_km2.tobytes() == once.area_km2.tobytes()


def test_areas_that_validation_put_beside_lines_are_all_kept():
    """Of a shape that touches itself GEOS makes a collection of lines and, as one part, several areas."""
    areas = shapely.MultiPolygon([shapely.box(7.0, 45.0, 7.01, 45.01), shapely.box(7.02, 45.0, 7.03, 45.01)])
    mixed = shapely.GeometryCollection([areas, shapely.LineString([(7.01, 45.0), (7.02, 45.0)]), shapely.Point(8, 45)])
    assert finished(mixed).equals(areas)


def test_grounds_that_touch_to_a_millimetre_are_valid():
    """Discs of 0.5 km whose middles are 1 km apart, to a centimetre: rounding alone makes them touch twice."""
    xyz = sphere.unit_vectors(np.array([-1, 0, -1, 1]), np.array([0, 89_932, 179_864, 269_796]))
    shape = draw_ground(xyz, 1.0).shape
    assert shape.is_valid
    assert shape.area == pytest.approx(np.pi, rel=0.05)


def test_of_what_is_cut_only_areas_are_left():
    areas = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    mixed = shapely.GeometryCollection([areas, shapely.LineString([(1, 0), (2, 0)]), shapely.box(5, 5, 6, 6)])
    left = solid(mixed)
    assert isinstance(left, shapely.MultiPolygon)
    assert left.area == 3
    assert solid(shapely.LineString([(0, 0), (1, 1)])).is_empty


def _hashes(seeds=range(8)):
    """Return a hash of the outlines and grounds of each of some worlds, and of sines and arc tangents of 100,000."""
    lat, lon = (
        np.random.default_rng(5).integers(-most, most, 100_000) for most in (sphere.POLE_E7, sphere.DATE_LINE_E7)
    )
    xyz = sphere.exact_unit_vectors(lat, lon)
    hashes = [hashlib.sha256(values.tobytes()).hexdigest() for values in (xyz, lon_lat(xyz))]
    for seed in seeds:
        lat, lon, weight = towns(seed, 15, most=400)
        clusters = cluster_sites(lat, lon, weight, radius_km=15, min_weight=12)
        outlined = outlines(lat, lon, clusters.label, radius_km=15)
        ground = grounds(lat, lon, clusters.label, clusters.is_core, radius_km=15)
        wkb = b"".join(shape.wkb for shape in (*outlined.shape, *ground.shape))
        hashes.append(hashlib.sha256(wkb + outlined.area_km2.tobytes()).hexdigest())
    return hashes


def test_sites_on_a_line_but_for_rounding_are_all_drawn():
    """Of such sites Qhull leaves some out, or answers with a point of its own."""
    rng = np.random.default_rng(0)
    for count in rng.integers(3, 9, 300):
        lat = 100_000 * np.sort(rng.choice(np.arange(-40, 40), count, replace=False))
        _, discs = _by_definition(lat, np.full(count, 100_000_000), 15)
        area_km2 = _outlined(np.column_stack([lat, np.full(count, 100_000_000)]) / sphere.E7).area_km2[0]
        assert area_km2 == pytest.approx(discs.area, rel=0.01)


def _plain_sines():
    return hashlib.sha256(np.sin(np.arange(90_000) / 1000 * np.pi / 180).tobytes()).hexdigest()


@pytest.mark.slow
def test_an_older_processor_draws_the_same_bytes(monkeypatch):
    """Without AVX and FMA the last bits of sines and products of numpy, BLAS and the C library are others."""
    code = "from clustering.test_outline import _hashes, _plain_sines; print(*_hashes(), _plain_sines())"
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "scripts")
    older_processor = import_module("determinism").OLDER_PROCESSOR
    environment = os.environ | older_processor | {"PYTHONPATH": os.pathsep.join(sys.path)}
    older = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    *hashes, plain_sines = older.stdout.split()
    assert hashes == _hashes()
    has_fma = "fma" in Path("/proc/cpuinfo").read_text().split() if sys.platform == "linux" else False
    assert (plain_sines != _plain_sines()) == has_fma, "the environment makes a difference where there is one"


def _interlocked():
    """Return two clusters whose towns lie like the teeth of two combs, and a third between them."""
    a = [(45 + y / 100, 7 + x / 50) for x in range(0, 40, 4) for y in range(-30, 4)]
    b = [(45 + y / 100, 7.04 + x / 50) for x in range(0, 40, 4) for y in range(-4, 30)]
    c = [(45.003, 7.02 + x / 50) for x in range(0, 40, 2)]
    return np.array(a + b + c), np.repeat([0, 1, 2], [len(a), len(b), len(c)]).astype(np.int32)


def test_where_outlines_overlap_the_ground_goes_to_the_nearer_member():
    places, label = _interlocked()
    lat, lon = _e7(places)
    outlined = outlines(lat, lon, label, radius_km=15)
    for cluster, shape in enumerate(outlined.shape):
        _check(shape, lat[label == cluster], lon[label == cluster])
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert _area_km2(outlined.shape[a] & outlined.shape[b]) < 1e-3
    alone = [outlines(lat[label == k], lon[label == k], label[label == k] - k, radius_km=15).shape[0] for k in range(3)]
    rng = np.random.default_rng(5)
    probe = rng.uniform(places.min(axis=0), places.max(axis=0), (3000, 2))
    gap = cdist(sphere.unit_vectors(*_e7(probe)), sphere.unit_vectors(lat, lon)) * sphere.EARTH_RADIUS_KM
    nearest = np.array([gap[:, label == k].min(axis=1) for k in range(3)])
    nearest_two = np.diff(np.sort(nearest, axis=0), axis=0)[0]
    claims = np.array([shapely.contains_xy(shape, *probe.T[::-1]) for shape in alone])
    owner = np.where(claims, nearest, np.inf).argmin(axis=0)
    clear = nearest_two > 0.02  # the outlines stray by some metres
    assert (claims.sum(axis=0)[clear] > 1).sum() > 300
    for k, shape in enumerate(outlined.shape):
        mine = claims.any(axis=0) & (owner == k) & clear
        assert shapely.intersects_xy(shape, *probe[mine].T[::-1]).mean() > 0.999


@pytest.mark.parametrize("seed", range(20))
def test_the_ground_is_the_union_of_discs_of_half_the_radius_around_dense_sites(seed):
    radius_km = (3, 15, 40)[seed % 3]
    lat, lon, weight = towns(4 * seed + 3, radius_km, most=200)
    clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=12)
    ground = grounds(lat, lon, clustering.label, clustering.is_core, radius_km=radius_km)
    assert len(ground.shape) == clustering.label.max(initial=-1) + 1
    for cluster, shape in enumerate(ground.shape):
        core = clustering.is_core & (clustering.label == cluster)
        _check(shape, lat[core], lon[core])
        laea = Laea.around(sphere.unit_vectors(lat[core], lon[core]))
        discs = shapely.buffer(
            shapely.points(laea.forward(sphere.unit_vectors(lat[core], lon[core]))), radius_km / 2, quad_segs=64
        )
        assert ground.area_km2[cluster] == pytest.approx(shapely.union_all(discs).area, rel=0.01)
        assert _area_km2(shape) == pytest.approx(ground.area_km2[cluster], rel=0.01)
        on_map = shapely.transform(shape, lambda c, laea=laea: laea.forward(vectors(c)))
        assert on_map.symmetric_difference(shapely.union_all(discs)).area < 0.01 * ground.area_km2[cluster]


@given(st.integers(0, 10**6))
def test_no_ground_belongs_to_two_clusters_and_none_is_lost_in_merging(seed):
    lat, lon, weight = towns(seed, 15, most=200)
    clustering = cluster_sites(lat, lon, weight, radius_km=15, min_weight=12)
    ground = grounds(lat, lon, clustering.label, clustering.is_core, radius_km=15)
    for a, shape in enumerate(ground.shape):
        for other in ground.shape[a + 1 :]:
            assert _area_km2(shape & other) < 1e-3
    one = np.where(clustering.label >= 0, 0, -1).astype(np.int32)
    merged = grounds(lat, lon, one, clustering.is_core, radius_km=15)
    assert merged.area_km2.sum() == pytest.approx(ground.area_km2.sum(), rel=0.01, abs=1e-9)


def test_no_cluster_has_no_outline():
    none = np.empty(0, np.int64)
    assert outlines(none, none, np.empty(0, np.int32), radius_km=15).shape == ()
    assert outlines(np.zeros(2, np.int64), np.zeros(2, np.int64), np.full(2, -1, np.int32), radius_km=15).shape == ()


@pytest.mark.slow
def test_a_cluster_over_the_whole_earth_is_drawn():
    lat, lon = (v.ravel() for v in np.meshgrid(np.arange(-80, 81, 10), np.arange(-180, 180, 10)))
    outlined = _outlined(np.column_stack([lat, lon]), radius_km=1000)
    _check(outlined.shape[0], *_e7(np.column_stack([lat, lon])))
    apart = _outlined(np.column_stack([lat, lon]), radius_km=100)
    _check(apart.shape[0], *_e7(np.column_stack([lat, lon])))
    assert apart.area_km2[0] == pytest.approx(len(lat) * np.pi, rel=0.02)


def test_only_members_far_apart_are_too_wide_for_one_map_however_many_they_are():
    rng = np.random.default_rng(1)
    near = sphere.unit_vectors(*_e7(np.array([48.0, 2.0]) + rng.uniform(-0.5, 0.5, (100_000, 2))))
    far = sphere.unit_vectors(*_e7([(48.0, 2.0), (40.0, 80.0)]))
    assert not outline._too_wide(near)
    assert outline._too_wide(far)
    assert not outline._too_wide(np.vstack([far[:1]] * 2))
    assert outline._too_wide(np.vstack([near, far[1:]]))


def test_the_projection_is_the_one_that_proj_knows():
    rng = np.random.default_rng(2)
    for lat, lon in ((0, 0), (47.5, 7.6), (-89.99, 100), (90, 0), (35.7, 139.7)):
        radius = sphere.EARTH_RADIUS_KM
        proj = pyproj.Proj(proj="laea", lat_0=lat, lon_0=lon, R=radius)
        around = np.column_stack([lon + rng.uniform(-9, 9, 50), np.clip(lat + rng.uniform(-9, 9, 50), -90, 90)])
        laea = Laea.around(vectors(np.array([[lon, lat]])))
        if abs(lat) < 89:  # at a pole the two turn their maps differently
            assert np.allclose(laea.forward(vectors(around)), np.column_stack(proj(*around.T)), atol=1e-6)
        back = lon_lat(laea.inverse(laea.forward(vectors(around))))
        assert np.allclose(vectors(back), vectors(around), atol=1e-12)


@pytest.mark.shared
def test_real_offices_are_inside_their_outlines(shared):
    with (shared / "data/deals/offices-2013/offices.csv").open(encoding="utf-8") as file:
        rows = [(row["latitude"], row["longitude"]) for row in csv.DictReader(file)]
    degrees = np.array([(float(lat), float(lon)) for lat, lon in rows if lat and lon])
    lat, lon = _e7(degrees[(np.abs(degrees) <= [90, 180]).all(axis=1)])
    lat, lon = sphere.round_to(lat, lon, 100_000)
    label = cluster_sites(lat, lon, np.ones_like(lat), radius_km=15, min_weight=15).label
    outlined = outlines(lat, lon, label, radius_km=15)
    assert len(outlined.shape) > 50
    for cluster, shape in enumerate(outlined.shape):
        _check(shape, lat[label == cluster], lon[label == cluster])


def test_a_shape_from_another_process_is_cut_as_one_of_this_process():
    """A shape loses the grid that it was rounded to when it is sent; areas of its parts would differ by that."""
    shape = finished(shapely.Point(8.123456, 50.1).buffer(0.2).union(shapely.Point(8.3, 50.2).buffer(0.1)))
    sent = pickle.loads(pickle.dumps(shape))
    cell = shapely.box(8.0123456789, 50.0123456789, 8.2123456789, 50.2123456789)
    assert shapely.intersection(shape, cell).area == shapely.intersection(sent, cell).area
    assert shapely.get_precision(shape) == 0
    assert (shapely.get_coordinates(shape) == np.round(shapely.get_coordinates(shape), 6)).all()
