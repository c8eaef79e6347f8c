"""scikit-learn finds exactly the planted clusters on the planted coordinates."""

import math

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.cluster import DBSCAN
from sklearn.neighbors import BallTree

from hubrank.study import study_file

EARTH_RADIUS_KM = 6371.0088


def sites(world, path):
    """Return rounded sites (degrees), their density, and their unit, by hand from the truth and the study."""
    parsed = study_file.read(path)
    table = pq.read_table(world.folder / "truth/listings.parquet", filters=[("units", ">", 0)])
    metric, year, unit = (table[name].to_numpy(zero_copy_only=False) for name in ("metric", "year", "unit"))
    inside = np.zeros(len(unit), bool)
    for name, (first, last) in parsed.windows.items():
        inside |= (metric == name) & (year >= first) & (year <= last)
    lat, lon = (np.floor(table[name].to_numpy()[inside] / 1e5 + 0.5) / 100 for name in ("lat_e7", "lon_e7"))
    dense = np.isin(metric[inside], parsed.density)
    place, at = np.unique(np.column_stack([lat, lon]), axis=0, return_inverse=True)
    weight = np.bincount(at.ravel(), dense, len(place))
    owner = np.full(len(place), -1)
    owner[at.ravel()] = unit[inside]
    return place, weight, owner, math.ceil(parsed.clusters.min_share_ppm * int(dense.sum()) / 10**6)


@pytest.fixture(scope="module", params=[0, 1], ids=["2024", "2025"])
def labelled(request, world):
    place, weight, owner, least = sites(world, world.studies[request.param])
    model = DBSCAN(eps=15 / EARTH_RADIUS_KM, min_samples=least, metric="haversine", algorithm="ball_tree")
    label = model.fit(np.radians(place), sample_weight=weight).labels_
    return place, owner, label


def test_each_planted_cluster_is_one_cluster_and_nothing_else_is(world, labelled):
    _, owner, label = labelled
    pairs = {(int(o), int(c)) for o, c in zip(owner, label, strict=True) if o < world.clusters or c >= 0}
    assert sorted(o for o, _ in pairs) == list(range(world.clusters)), "split, lost, or a decoy or noise among them"
    assert len({c for _, c in pairs}) == world.clusters, "joined"
    assert min(c for _, c in pairs) == 0


def test_no_two_clusters_are_near_enough_to_merge(labelled):
    place, _, label = labelled
    inside = np.radians(place[label >= 0])
    near = BallTree(inside, metric="haversine").query_radius(inside, 5 / EARTH_RADIUS_KM)
    member = label[label >= 0]
    assert all((member[others] == member[i]).all() for i, others in enumerate(near))


def test_london_cambridge_and_oxford_stay_apart_and_chains_hold(labelled):
    place, _, label = labelled

    def at(lat, lon):
        return label[np.abs(place - [lat, lon]).sum(axis=1).argmin()]

    london, cambridge, oxford = at(51.51, -0.13), at(52.2, 0.12), at(51.75, -1.26)
    assert len({london, cambridge, oxford}) == 3
    assert at(22.55, 114.07) == at(22.28, 114.17) == at(23.12, 113.25), "Shenzhen, Hong Kong, Guangzhou"
    assert at(34.69, 135.5) == at(35.02, 135.75) == at(34.69, 135.18), "Osaka, Kyoto, Kobe"
    assert at(47.56, 7.57) == at(47.75, 7.33), "Basel, Mulhouse"
    assert at(1.29, 103.85) == at(1.47, 103.76), "Singapore, Johor Bahru"
