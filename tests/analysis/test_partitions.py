"""How alike two groupings are, and which sites hold a cluster together, against plain answers."""

import subprocess
import sys
from decimal import Decimal
from math import log2

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from hubrank.analysis.chaining import articulation_sites, diameter_km
from hubrank.analysis.comparison.partitions import PartitionOverlap
from hubrank.clustering import hdbscan as hdbscan_module
from hubrank.clustering.density import clusters
from hubrank.core import sphere
from hubrank.core.errors import StudyError
from hubrank.core.sphere import E7
from hubrank.counting.points import Sites
from hubrank.study.sections import Clusters

GROUPINGS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3), st.integers(0, 4)), min_size=1, max_size=40)
PLACES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=25, unique=True)


def repeated(rows):
    """Return both labels of every listing that lies in a cluster of either grouping."""
    return [[row[at] for row in rows for _ in range(row[2]) if row[:2] != (-1, -1)] for at in (0, 1)]


def overlap(rows):
    first, second, listings = (np.array(column) for column in zip(*rows, strict=True))
    return PartitionOverlap.of(first.astype(np.int32), second.astype(np.int32), listings.astype(np.int64))


@given(GROUPINGS)
def test_the_adjusted_rand_index_is_that_of_scikit_learn_on_single_listings(rows):
    first, second = repeated(rows)
    expected = adjusted_rand_score(first, second) if first else 1
    assert float(overlap(rows).adjusted_rand) == pytest.approx(expected, abs=1e-6)


@given(GROUPINGS)
def test_the_variation_of_information_is_both_entropies_less_twice_what_they_share(rows):
    first, second = repeated(rows)
    expected = 0.0
    if first:
        information = [mutual_info_score(*labels) for labels in ((first, first), (second, second), (first, second))]
        expected = (information[0] + information[1] - 2 * information[2]) / np.log(2)
    assert float(overlap(rows).variation_bits) == pytest.approx(expected, abs=1e-5)


def test_a_grouping_is_as_alike_as_can_be_to_itself_under_any_numbers():
    same = overlap([(0, 5, 3), (1, 2, 4), (-1, -1, 100)])
    assert (same.adjusted_rand, same.variation_bits) == (Decimal(1), Decimal(0))
    halved = overlap([(0, 0, 4), (0, 1, 4)])
    assert halved.variation_bits == Decimal(f"{log2(2):.6f}")


def grid(places, step_km=10.0):
    degrees = step_km / 111.2
    lat, lon = (np.array([round(place[at] * degrees * E7) for place in places], np.int64) for at in (0, 1))
    return sphere.unit_vectors(lat, lon)


@given(st.lists(st.tuples(st.integers(-89, 89), st.integers(-179, 180)), min_size=1, max_size=25, unique=True))
def test_the_diameter_is_the_largest_distance_of_two_sites_on_one_continent_or_on_all(places):
    lat, lon = (np.array([place[at] * E7 for place in places], np.int64) for at in (0, 1))
    xyz = sphere.unit_vectors(lat, lon)
    cosine = np.clip((xyz[:, None, :] * xyz[None, :, :]).sum(axis=2), -1, 1)
    expected = sphere.EARTH_RADIUS_KM * float(np.arccos(cosine.min()))
    assert diameter_km(xyz) == pytest.approx(expected if len(places) > 1 else 0, abs=0.01)


@given(PLACES)
def test_articulation_sites_are_those_whose_removal_leaves_more_parts(places):
    xyz = grid(places)
    gap = xyz[:, None, :] - xyz[None, :, :]
    linked = (gap**2).sum(axis=2) <= sphere.chord2(15.0)
    parts = connected_components(linked, directed=False)[0]

    def splits(site):
        rest = np.delete(np.delete(linked, site, 0), site, 1)
        alone = linked[site].sum() == 1
        return len(rest) and connected_components(rest, directed=False)[0] > parts - alone

    assert articulation_sites(xyz, 15.0).tolist() == [site for site in range(len(places)) if splits(site)]


def test_the_middle_of_a_chain_holds_it_together():
    assert articulation_sites(grid([(0, 0), (1, 0), (2, 0), (3, 0)]), 12.0).tolist() == [1, 2]
    assert articulation_sites(grid([(0, 0), (1, 0), (1, 1), (0, 1)]), 12.0).tolist() == []


@given(PLACES)
def test_the_diameter_is_the_largest_of_all_distances(places):
    xyz = grid(places)
    lat, lon = np.arcsin(xyz[:, 2]), np.arctan2(xyz[:, 1], xyz[:, 0])
    first, second = np.triu_indices(len(xyz))
    spots = [np.round(np.degrees(axis) * E7).astype(np.int64) for axis in (lat, lon)]
    apart = sphere.distance_km(spots[0][first], spots[1][first], spots[0][second], spots[1][second])
    assert diameter_km(xyz) == pytest.approx(apart.max(), abs=0.01)


def test_a_diameter_crosses_the_date_line_and_the_pole():
    lat = np.array([89.9, 89.9, 0.0, 0.0])
    lon = np.array([0.0, 179.99, 179.9, -179.9])
    xyz = sphere.unit_vectors(np.round(lat * E7).astype(np.int64), np.round(lon * E7).astype(np.int64))
    assert diameter_km(xyz[:2]) == pytest.approx(22.24, abs=0.05)
    assert diameter_km(xyz[2:]) == pytest.approx(22.24, abs=0.05)


TOWNS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9)), min_size=8, max_size=60)


@pytest.fixture(scope="module")
def hdbscan():
    """Return the package as plain Python, which does the same: compiling it takes a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba.config, "DISABLE_JIT", True)
        return pytest.importorskip("fast_hdbscan")


@given(towns=TOWNS, least=st.integers(3, 40))
@example(towns=[(n % 5, n // 5, 9) for n in range(12)], least=3)  # of which each site alone is three times as heavy
def test_hdbscan_groups_sites_as_the_package_does(hdbscan, towns, least):
    spots = {(7 * lat + n % 3, 5 * lon + n % 4): weight for n, (lat, lon, weight) in enumerate(towns)}
    lat, lon = (np.array([round(spot[at] * E7 / 10) for spot in sorted(spots)], np.int64) for at in (0, 1))
    weight = np.array([spots[spot] for spot in sorted(spots)], np.int64)
    world = Sites(lat, lon, weight[None], weight[None], ("patents",))
    dense = clusters(world, Clusters(algorithm="hdbscan", min_listings=least), ("patents",))
    expected = np.full(len(weight), -1)
    if len(weight) > 1 and weight.sum() >= least:
        samples = max(least, int(weight.mean() / 2) + 1)
        options = {"min_samples": samples, "min_cluster_size": least, "reproducible": True}
        expected, _ = hdbscan.fast_hdbscan(sphere.unit_vectors(lat, lon), sample_weights=weight, **options)
    label = dense.clustering.label
    assert ((label == -1) == (expected == -1)).all()
    assert adjusted_rand_score(label, expected) == 1
    sizes = np.bincount(label[label >= 0], weights=weight[label >= 0])
    assert (np.diff(sizes) <= 0).all(), "the heaviest first"
    assert (dense.clustering.is_core == (label >= 0)).all()


COMPILED = """
import numpy as np, fast_hdbscan
from hubrank.clustering.density import clusters
from hubrank.core import sphere
from hubrank.counting.points import Sites
from hubrank.study.sections import Clusters
rng = np.random.default_rng(3)
spots = np.unique(np.concatenate([rng.normal(at, 300_000, (60, 2)) for at in (0, 9e6, 4e7)]).astype(np.int64), axis=0)
lat, lon, weight = *spots.T.copy(), rng.integers(1, 5, len(spots))
sites = Sites(lat, lon, weight[None], weight[None], ("patents",))
method = Clusters(algorithm="hdbscan", min_listings=20)
dense = clusters(sites, method, ("patents",))
options = {"min_samples": 20, "min_cluster_size": 20, "reproducible": True}
expected, _ = fast_hdbscan.fast_hdbscan(sphere.unit_vectors(lat, lon), sample_weights=weight, **options)
label = dense.clustering.label
assert expected.max() > 0
assert ((label == -1) == (expected == -1)).all()
assert len({*zip(label.tolist(), expected.tolist())}) == len(set(label.tolist()))
"""


@pytest.mark.slow
def test_hdbscan_groups_sites_as_the_compiled_package_does():
    pytest.importorskip("fast_hdbscan")
    subprocess.run([sys.executable, "-c", COMPILED], check=True)


def test_without_the_package_the_study_is_refused(monkeypatch):
    monkeypatch.setattr(hdbscan_module, "find_spec", lambda _: None)
    with pytest.raises(StudyError, match=r"HDBSCAN needs the extra `hdbscan`: pip install 'hubrank\[hdbscan\]'"):
        hdbscan_module.expect_installed()
