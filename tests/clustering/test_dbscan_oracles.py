"""The kernel held against scikit-learn and against the definition (METHOD 3)."""

import csv

import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from clustering import reference
from clustering.sites import towns
from hubrank.clustering.dbscan.dbscan import NOISE, cluster_sites, dbscan
from hubrank.core import sphere
from proof import cases


def _radius_km(seed):
    return float(np.exp(np.random.default_rng(seed).uniform(np.log(0.5), np.log(300))))


def _threshold_hit_exactly(xyz, weight, radius, seed):
    """Return what some place and its neighbours weigh together."""
    centre = np.random.default_rng(seed).integers(len(xyz))
    near = ((xyz - xyz[centre]) ** 2).sum(axis=1) <= radius * radius
    return max(int(weight[near].sum()), 1)


def _same_partition(a, b):
    pairs = set(zip(a.tolist(), b.tolist(), strict=True))
    return len(pairs) == len({x for x, _ in pairs}) == len({y for _, y in pairs})


@pytest.mark.parametrize("seed", range(cases(40, 200)))
def test_cores_their_partition_and_noise_are_those_of_scikit_learn(seed):
    radius_km = _radius_km(seed)
    lat, lon, weight = towns(seed, radius_km)
    xyz, radius = sphere.unit_vectors(lat, lon), sphere.chord2(radius_km) ** 0.5
    least = _threshold_hit_exactly(xyz, weight, radius, seed)
    theirs = DBSCAN(eps=radius, min_samples=least, algorithm="kd_tree").fit(xyz, sample_weight=weight)
    clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=least)
    core = np.flatnonzero(clustering.is_core)
    assert core.tolist() == theirs.core_sample_indices_.tolist()
    assert _same_partition(clustering.label[core], theirs.labels_[core])
    assert (clustering.label == NOISE).tolist() == (theirs.labels_ == -1).tolist()


@pytest.mark.parametrize("seed", range(200, 200 + cases(20, 60)))
def test_all_labels_are_those_of_the_definition(seed):
    radius_km = _radius_km(seed)
    lat, lon, weight = towns(seed, radius_km)
    order = np.lexsort((lon, lat))
    xyz = sphere.unit_vectors(lat[order], lon[order])
    least = _threshold_hit_exactly(xyz, weight[order], sphere.chord2(radius_km) ** 0.5, seed)
    label, core = reference.cluster(xyz, weight[order], radius2=sphere.chord2(radius_km), min_weight=least)
    clustering = cluster_sites(lat, lon, weight, radius_km=radius_km, min_weight=least)
    assert clustering.is_core[order].tolist() == core.tolist()
    assert _same_partition(clustering.label[order], label)
    assert (clustering.label[order] == NOISE).tolist() == (label == reference.NOISE).tolist()


@pytest.mark.parametrize("seed", range(cases(20, 40)))
def test_in_any_dimension_all_labels_are_those_of_the_definition(seed):
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(1, 400)), int(rng.integers(1, 7))
    points = np.round(rng.normal(0, 1, (n, d)) + rng.choice([-3, 0, 3], (n, 1)), int(rng.integers(0, 3)))
    weight, radius = rng.integers(0, 5, n), float(rng.choice([0.25, 0.5, 1.0]))
    order = np.lexsort(points.T[::-1])
    label, core = reference.cluster(points[order], weight[order], radius2=radius**2, min_weight=8)
    clustering = dbscan(points, weight, radius=radius, min_weight=8)
    assert clustering.is_core[order].tolist() == core.tolist()
    assert _same_partition(clustering.label[order], label)


def _offices(shared):
    """Return where the offices of 2013 are; what is no place on Earth is left out."""
    with (shared / "data/deals/offices-2013/offices.csv").open(encoding="utf-8") as file:
        rows = [(row["latitude"], row["longitude"]) for row in csv.DictReader(file)]
    degrees = np.array([(float(lat), float(lon)) for lat, lon in rows if lat and lon])
    degrees = degrees[(np.abs(degrees) <= [90, 180]).all(axis=1)]
    return sphere.canonical(*sphere.to_e7(degrees.T))


@pytest.mark.shared
def test_real_offices_cluster_as_scikit_learn_clusters_them(shared):
    lat, lon = _offices(shared)
    weight = np.ones_like(lat)
    xyz, radius = sphere.unit_vectors(lat, lon), sphere.chord2(15) ** 0.5
    theirs = DBSCAN(eps=radius, min_samples=20, algorithm="kd_tree").fit(xyz)
    clustering = cluster_sites(lat, lon, weight, radius_km=15, min_weight=20)
    assert len(theirs.core_sample_indices_) > 4000
    assert np.flatnonzero(clustering.is_core).tolist() == theirs.core_sample_indices_.tolist()
    assert _same_partition(clustering.label[clustering.is_core], theirs.labels_[clustering.is_core])
    assert (clustering.label == NOISE).tolist() == (theirs.labels_ == -1).tolist()
