"""The kernels on small worlds, label by label: full of rims, ties and heaps (METHOD 3, 4)."""

import numpy as np
import pytest

from clustering import reference
from clustering.sites import towns
from hubrank.clustering.dbscan.dbscan import NOISE, cluster_sites, dbscan
from hubrank.clustering.merging import gaps
from hubrank.core import sphere


def _numbered(component, weight, is_core):
    """Number components by weight, ties by the first core; rows come in the order of ties."""
    components = [c for c in np.unique(component) if c != reference.NOISE]
    components.sort(key=lambda c: (-weight[component == c].sum(), np.flatnonzero((component == c) & is_core)[0]))
    label = np.full(len(component), NOISE)
    for number, c in enumerate(components):
        label[component == c] = number
    return label.tolist()


def _defined(points, weight, order, radius2, least):
    """Return labels and cores by the definition, in the order of the rows."""
    component, core = reference.cluster(points[order], weight[order], radius2=radius2, min_weight=least)
    label, is_core = np.empty(len(order), np.int64), np.empty(len(order), np.bool_)
    label[order], is_core[order] = _numbered(component, weight[order], core), core
    return label.tolist(), is_core.tolist()


def _same(clustering, expected):
    assert clustering.is_core.tolist() == expected[1]
    assert clustering.label.tolist() == expected[0]


@pytest.mark.parametrize("seed", range(16))
def test_on_a_grid_of_whole_numbers_all_labels_are_those_of_the_definition(seed):
    """Distances of 3-4-5 triangles put many points on the rim, and whole coordinates make many ties."""
    rng = np.random.default_rng(seed)
    dimension = 1 + seed % 3
    points = np.round(rng.normal(0, 9 if seed % 2 else 4, (int(rng.integers(2, 90)), dimension)))
    weight = rng.integers(0, 4, len(points))
    order = np.lexsort(points.T[::-1])
    for radius, least in ((5.0, 9), (1.0, 4), (3.0, 1)):
        clustering = dbscan(points, weight, radius=radius, min_weight=least)
        _same(clustering, _defined(points, weight, order, radius**2, least))


@pytest.mark.parametrize("seed", range(16))
def test_on_the_sphere_all_labels_are_those_of_the_definition(seed):
    radius_km = (60, 300, 4000, 0.05)[seed // 4]
    lat, lon, weight = towns(seed, min(radius_km, 900), most=110)
    lat, lon = sphere.canonical(lat, lon)
    order = np.lexsort((lon, lat))
    xyz = sphere.unit_vectors(lat, lon)
    squared = ((xyz[:, None] - xyz) ** 2).sum(axis=2)
    near = (squared <= sphere.chord2(radius_km)) @ weight
    for least in {max(int(near.max()), 1), max(int(np.median(near)), 1), 4}:
        clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=least, threads=1 + seed % 2)
        _same(clustering, _defined(xyz, weight, order, sphere.chord2(radius_km), least))


def test_heaps_around_the_rim_are_cores_by_what_is_inside_it_exactly():
    """Four heaps of thirty rows, 3, 4 and 5 apart: whole blocks are inside, outside, or on the rim itself."""
    corners = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0], [30.0, 0.0]])
    points, weight = np.repeat(corners, 30, axis=0), np.ones(120, np.int64)
    for radius, at_an_end, in_the_middle in (
        (5, 90, 90),
        (4.999999, 60, 90),
        (3.999999, 60, 60),
        (3, 60, 60),
        (2.9, 30, 30),
    ):
        for more in (0, 1):
            first = dbscan(points, weight, radius=radius, min_weight=at_an_end + more).is_core[:30]
            second = dbscan(points, weight, radius=radius, min_weight=in_the_middle + more).is_core[30:60]
            assert first.tolist() == second.tolist() == [more == 0] * 30, radius


def test_rows_strewn_over_a_block_are_counted_one_by_one_where_the_rim_crosses_it():
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.uniform(0, 1, (60, 2)), rng.uniform([1.0, 0], [2.2, 1], (60, 2))])
    weight = rng.integers(0, 5, 120)
    order = np.lexsort(points.T[::-1])
    near = (((points[:, None] - points) ** 2).sum(axis=2) <= 1.0) @ weight
    for least in np.unique(np.quantile(near, [0.05, 0.3, 0.6, 0.9]).astype(int)).tolist():
        _same(dbscan(points, weight, radius=1.0, min_weight=least), _defined(points, weight, order, 1.0, least))


@pytest.mark.parametrize("seed", range(10))
def test_gaps_between_small_clusters_are_those_of_all_pairs(seed):
    rng = np.random.default_rng(seed)
    lat, lon = (rng.integers(-20, 20, 40) * 89_932 + at for at in (500_000_000, 1_799_000_000 * (seed % 2)))
    label = rng.integers(-1, 6, 40).astype(np.int32)
    label[:6] = range(6)
    km = sphere.distance_km(np.repeat(lat, 40), np.repeat(lon, 40), np.tile(lat, 40), np.tile(lon, 40)).reshape(40, 40)
    nearest = {(a, b): km[label == a][:, label == b].min() for a in range(6) for b in range(a + 1, 6)}
    for gap_km in (0, 1, 2, 4):
        near = gaps(lat, lon, label, gap_km=gap_km)
        expected = {pair: apart for pair, apart in nearest.items() if apart <= gap_km}
        assert list(zip(near.a.tolist(), near.b.tolist(), strict=True)) == list(expected)
        assert near.km.tolist() == pytest.approx(list(expected.values()), abs=1e-6)
