"""Points → sites → clusters → merged → measured, by hand (METHOD 3, 4, 5)."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from hubrank.clustering.density import by_weight, clusters, threshold
from hubrank.clustering.merging import merging
from hubrank.clustering.record_clusters import RecordOverlap
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.units import UNIT
from hubrank.counting.points import Sites, density, sites
from hubrank.engines.duckdb import DuckEngine
from hubrank.ranking.measures import FullCounts, main_sites, measures
from hubrank.ranking.rank_clusters import _economy_scores, expect_conserved, score
from hubrank.ranking.scores import scores_per_unit
from hubrank.study.sections import Clusters, Merging

KM = 89_932  # 1e-7 degrees of latitude in a kilometre


def _points(rows):
    names = ("metric", "lat_e7", "lon_e7", "economy", "units", "listings")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])


POINTS = _points(
    [
        ("deals", 7, -1, "CH", 30, 3),
        ("patents", -5, 9, "FR", 10, 1),
        ("patents", 7, -1, "CH", 20, 2),
        ("patents", 7, -1, None, 5, 4),
        ("patents", 7, -2, "DE", 1, 6),
    ]
)


def _sites(listings, *, km=None, units=None):
    """Return sites on a meridian: listings, and units where they differ, per metric."""
    lat = np.arange(len(listings[0])) * KM if km is None else (np.array(km) * KM).astype(np.int64)
    counts = np.array(listings, np.int64)
    metrics = ("patents", "deals")[: len(counts)]
    return Sites(lat, np.zeros_like(lat), counts if units is None else np.array(units, np.int64), counts, metrics)


def test_a_site_is_one_row_whatever_lies_there_sorted_by_latitude_then_longitude():
    world = sites(POINTS, ("patents", "deals"))
    assert list(zip(world.lat_e7.tolist(), world.lon_e7.tolist(), strict=True)) == [(-5, 9), (7, -2), (7, -1)]
    assert world.units.tolist() == [[10, 1, 25], [0, 0, 30]]
    assert world.listings.tolist() == [[1, 6, 6], [0, 0, 3]]
    assert world.totals == [36, 30]


def test_the_density_counts_listings_of_its_metrics_and_balanced_ones_weigh_the_same():
    world = _sites([[1, 2, 3], [10, 0, 2]])
    assert density(world, ("patents",), balanced=False).tolist() == [1, 2, 3]
    assert density(world, ("deals", "patents"), balanced=False).tolist() == [11, 2, 5]
    assert density(world, ("patents", "deals"), balanced=True).tolist() == [2 + 10, 4, 6 + 2]
    large = 2**60  # four times what both have at most is 2**63, just too much for 64 bits
    weight = density(_sites([[1, 1, 2], [0, large, large]]), ("patents", "deals"), balanced=True)
    assert weight.tolist() == [large // 2, large // 2 + large, 2 * large]
    nothing = _sites([[0, 0], [1, 1]])
    assert density(nothing, ("patents", "deals"), balanced=True).tolist() == [1, 1]


def test_a_threshold_by_share_is_rounded_up_and_at_least_one():
    assert threshold(Clusters(min_listings=7), 10**9) == 7
    by_share = Clusters(min_share_ppm=150)
    assert [threshold(by_share, total) for total in (0, 1, 2_000_000, 2_000_001)] == [1, 1, 300, 301]


def test_sites_are_clustered_by_the_choice_of_the_study():
    world = _sites([[3, 3, 9], [0, 0, 9]], km=[0, 1, 50])
    dense = clusters(world, Clusters(radius_km=2, min_listings=6), ("patents",))
    assert (dense.threshold, dense.weight.tolist()) == (6, [3, 3, 9])
    assert dense.clustering.label.tolist() == [1, 1, 0]
    balanced = clusters(world, Clusters(radius_km=2, min_share_ppm=1_000_000, balance="equal"), ("patents", "deals"))
    assert balanced.weight.tolist() == [3, 3, 9 + 15]
    assert balanced.threshold == 30


def test_merged_clusters_are_numbered_by_weight_then_by_their_first_site():
    label, weight = np.array([0, 1, -1, 2, 3], np.int32), np.array([5, 4, 100, 4, 3])
    assert by_weight(label, weight, np.array([0, 1, 2, 3], np.int32)).tolist() == [0, 1, -1, 2, 3]
    assert by_weight(label, weight, np.array([0, 1, 1, 0], np.int32)).tolist() == [0, 1, -1, 1, 0]
    assert by_weight(label, weight, np.array([0, 1, 2, 1], np.int32)).tolist() == [1, 0, -1, 2, 0]
    assert by_weight(np.full(2, -1, np.int32), weight[:2], np.empty(0, np.int32)).tolist() == [-1, -1]


class Links:
    """An overlap of records that is the same for all labels."""

    def __init__(self, links, world):
        self.links, self.world = links, world

    def for_labels(self, _sites, _label):
        return pa.table(self.links), self.world


def _merged(overlap, *, gap_km=5, strongest_link=True):
    """Merge three clusters, 4 km from each other; the first weighs most."""
    world = _sites([[9, 8, 7]], km=[0, 4, 8])
    label = np.array([0, 1, 2], np.int32)
    choice = Merging(gap_km=gap_km, strongest_link=strongest_link)
    return merging(world, label, world.listings[0], choice, overlap).tolist()


def test_neighbours_merge_where_each_is_the_strongest_partner_of_the_other_over_all_metrics():
    table = {"metric": ["patents", "patents", "deals"], "a": [0, 1, 1], "b": [1, 2, 2], "records": [30, 10, 5]}
    assert _merged(Links(table, {"patents": 100, "deals": 20})) == [1, 0, 0]
    assert _merged(Links(table, {"patents": 100, "deals": 30})) == [0, 0, 1]


def test_records_are_read_only_where_neighbours_may_merge_by_their_links():
    unreadable = Links(None, None)
    with pytest.raises(TypeError):
        _merged(unreadable)
    assert _merged(unreadable, strongest_link=False) == [0, 0, 0]
    assert _merged(unreadable, gap_km=3) == [0, 1, 2]


def test_clusters_measure_what_their_sites_hold_and_are_where_most_listings_are():
    world = _sites([[1, 5, 2, 9, 3], [4, 0, 0, 0, 2]], units=[[10, 50, 20, 90, 30], [40, 0, 0, 0, 20]])
    label = np.array([1, 0, 1, -1, 0], np.int32)
    units, listings = measures(world, label)
    assert units.tolist() == [[80, 30], [20, 40]]
    assert listings.tolist() == [[8, 3], [2, 4]]
    assert main_sites(world, label).tolist() == [1, 0]
    none = np.full(5, -1, np.int32)
    assert measures(world, none)[0].shape == (2, 0)
    assert main_sites(world, none).tolist() == []


ROWS = [  # metric, record, site, units, listings, count
    ("patents", "p1", 0, 600_000_000, 2, 1),
    ("patents", "p1", 1, 400_000_000, 1, 1),
    ("patents", "p2", 0, 3 * UNIT, 3, 3),
    ("patents", "p3", 1, UNIT, 1, 1),
    ("patents", "p3", 2, UNIT, 1, 2),
    ("patents", "p4", 9, UNIT, 1, 1),
    ("grants", "p1", 0, UNIT // 2, 1, 1),
    ("grants", "p1", 2, UNIT // 2, 1, 1),
]


@pytest.fixture
def records(tmp_path):
    """Yield an engine, the located records, and three sites in a row."""
    names = ("metric", "record_key", "lat_e7", "units", "listings", "count")
    rows = [
        dict(zip(names, (m, r, site * KM, *rest), strict=True)) | {"lon_e7": 0, "record_units": UNIT}
        for m, r, site, *rest in ROWS
    ]
    table = pa.Table.from_pylist(rows)
    with DuckEngine(spill=tmp_path) as engine:
        yield engine, engine.load(iter([table]), table.schema), _sites([[1, 1, 1]], units=[[4 * UNIT, 2 * UNIT, UNIT]])


def test_a_record_links_the_clusters_it_has_listings_in_once_and_the_world_is_every_record(records):
    engine, located, world = records
    overlap = RecordOverlap(lambda: located, engine)
    for _ in range(2):
        links, total = overlap.for_labels(world, np.array([0, 1, 2], np.int32))
        assert links.to_pylist() == [
            {"metric": "patents", "a": 0, "b": 1, "records": 1},
            {"metric": "patents", "a": 1, "b": 2, "records": 1},
        ]
        assert total == {"patents": 1 + 3 + 2 + 1}
    assert overlap.for_labels(world, np.array([0, 0, 0], np.int32))[0].num_rows == 0
    assert overlap.for_labels(world, np.array([0, -1, 1], np.int32))[0].num_rows == 0


def test_under_full_counting_a_record_counts_wholly_in_each_cluster_it_touches(records):
    engine, located, world = records
    full = FullCounts(lambda: located, engine)
    assert full.for_labels(world, np.array([0, 1, 2], np.int32)).tolist() == [[4 * UNIT, 2 * UNIT, 2 * UNIT]]
    assert full.for_labels(world, np.array([0, 0, -1], np.int32)).tolist() == [[(1 + 3 + 1) * UNIT]]
    assert full.for_labels(world, np.array([1, -1, 0], np.int32)).tolist() == [[2 * UNIT, 4 * UNIT]]
    assert full.for_labels(world, np.array([-1, 0, 0], np.int32)).tolist() == [
        [(1 + 2) * UNIT]
    ]  # p3 stands for two, at one of its places


def _study(**weights):
    return SimpleNamespace(weights=weights, metrics=tuple(weights))


def test_the_score_of_a_unit_is_its_weight_over_the_world_in_whole_numbers():
    assert scores_per_unit([10, 4], [Fraction(1, 2), Fraction(1, 4)]) == [2 * 4, 10]
    assert scores_per_unit([10, 0], [1, 1]) == [1, 0]


def test_each_economy_has_the_score_of_its_own_points_and_none_is_a_blank():
    world = sites(POINTS, ("patents", "deals"))
    scores = _economy_scores(world, np.array([-1, 0, 1], np.int32), POINTS, [100, 1])
    assert scores == [{"DE": 100}, {"CH": 2000 + 30, "": 500}]


def test_units_that_are_neither_in_a_cluster_nor_noise_stop_the_run():
    world, label = _sites([[1, 2, 3]]), np.array([0, 0, -1], np.int32)
    expect_conserved(world, label, np.array([[3]]))
    for units in (2, 4):
        with pytest.raises(CheckFailed, match=f"patents: clusters have {units} units and noise 3, but the world has 6"):
            expect_conserved(world, label, np.array([[units]]))


def test_a_metric_without_records_is_refused_unless_it_weighs_nothing():
    counts = np.array([[1, 2], [0, 0]])
    assert score(_study(patents=1, deals=0), counts, [3, 0]).denominator == 3
    with pytest.raises(StudyError, match="'deals' has no located record"):
        score(_study(patents=1, deals=1), counts, [3, 0])
