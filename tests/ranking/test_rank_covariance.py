"""The covariance of scores: against the records themselves, one by one."""

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import nnls

from hubrank.ranking.rank_sets import rank_covariance
from hubrank.ranking.rank_sets.rank_covariance import MetricSums, overdispersion, score_covariance, wide_sums
from hubrank.ranking.rank_sets.rank_sets import rank_sets

UNIT = 10**9


def _sums(records, clusters, excess=None):
    """Add up records, given as dicts {cluster: units}; what is missing to UNIT lies elsewhere."""
    units, squares, products = [0] * clusters, [0] * clusters, {}
    for record in records:
        for c, u in record.items():
            units[c] += u
            squares[c] += u * u
            for d, v in record.items():
                if c < d:
                    products[c, d] = products.get((c, d), 0) + u * v
    return MetricSums(UNIT, UNIT * len(records), units, squares, products, excess)


def _records(rng, number, clusters):
    """Records with up to three listings, in clusters or elsewhere."""
    result = []
    for _ in range(number):
        places = rng.integers(-2, clusters, rng.integers(1, 4))
        record = {}
        for place in places[places >= 0]:
            record[int(place)] = record.get(int(place), 0) + UNIT // len(places)
        result.append(record)
    return result


def test_scores_covary_as_the_records_do_one_by_one():
    rng = np.random.default_rng(1)
    tables = [_records(rng, n, 6) for n in (400, 90)]
    estimated = score_covariance([_sums(table, 6) for table in tables], [3, 1])
    expected = np.zeros((6, 6))
    for weight, table in zip((1.5, 0.5), tables, strict=True):  # M w / sum of w: 2 * 3 / 4 and 2 * 1 / 4
        dense = np.array([[record.get(c, 0) / UNIT for c in range(6)] for record in table])
        off = dense - dense.mean(axis=0)
        expected += (100 * weight / len(table)) ** 2 * off.T @ off
    np.testing.assert_allclose(estimated, expected, rtol=1e-6, atol=1e-6 * np.diag(expected).min())


def test_whole_records_are_the_multinomial_case():
    counts = [30, 20, 10]
    estimated = score_covariance([MetricSums(1, 100, counts, counts, {})], [1])
    share = np.array([0.3, 0.2, 0.1])
    np.testing.assert_allclose(estimated, 1e4 * (np.diag(share) - np.outer(share, share)) / 100, rtol=1e-12)


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 8))
def test_no_combination_of_scores_varies_by_less_than_nothing(seed, number, clusters):
    rng = np.random.default_rng(seed)
    estimated = score_covariance([_sums(_records(rng, number, clusters), clusters) for _ in range(2)], [1, 2])
    assert np.array_equal(estimated, estimated.T)
    assert np.linalg.eigvalsh(estimated).min() >= -1e-12 * max(np.trace(estimated), 1)
    low, high = rank_sets(np.zeros(clusters), estimated, draws=50)
    assert (low.tolist(), high.tolist()) == ([1] * clusters, [clusters] * clusters)


def test_a_record_in_two_clusters_ties_their_scores_together():
    both = score_covariance([_sums([{0: UNIT // 2, 1: UNIT // 2}] * 50 + [{}] * 950, 2)], [1])
    either = score_covariance([_sums([{0: UNIT}, {1: UNIT}] * 25 + [{}] * 950, 2)], [1])
    assert both[0, 1] / both[0, 0] == pytest.approx(1)
    assert either[0, 1] < 0


def test_one_record_a_metric_with_none_and_an_empty_cluster_have_documented_answers():
    patents = _sums([{0: UNIT}] + [{1: UNIT}] * 60 + [{}] * 39, 3)
    none = MetricSums(UNIT, 0, [0] * 3, [0] * 3, {})
    estimated = score_covariance([patents, none], [1, 1])
    assert estimated[0, 0] == pytest.approx(1e4 * (0.01 - 0.0001) / 100)
    assert not estimated[2].any()
    sets = rank_sets([1, 60, 0], estimated)
    assert (sets.low.tolist(), sets.high.tolist()) == ([2, 1, 2], [3, 1, 3])


def test_a_metric_of_weight_nothing_has_no_say():
    tables = [_sums(_records(np.random.default_rng(s), 50, 3), 3) for s in (1, 2)]
    np.testing.assert_array_equal(score_covariance(tables, [5, 0]), score_covariance(tables[:1], [1]))


def test_all_of_the_world_in_one_cluster_does_not_vary():
    estimated = score_covariance([_sums([{0: UNIT}] * 7, 1)], [1])
    assert estimated.tolist() == [[0.0]]


def test_the_same_part_of_every_record_is_never_less_than_no_variance():
    for part in range(2, 40):
        estimated = score_covariance([_sums([{0: UNIT // part}] * 7, 1)], [1])
        assert 0 <= estimated[0, 0] < 1e-9
        assert rank_sets([1.0], estimated).high.tolist() == [1]


@pytest.mark.parametrize(
    ("products", "squares", "weights", "message"),
    [
        ({}, [1, 1], [1, 1], "1 numbers of 0 or more"),
        ({}, [1, 1], [0], "at least above 0"),
        ({}, [1, 1], [-1], "0 or more"),
        ({}, [1], [1], "squares cover 1 clusters and units 2"),
        ({(0, 2): 1}, [1, 1], [1], "not two of the 2 clusters"),
        ({(1, 1): 1}, [1, 1], [1], "not two of the 2 clusters"),
        ({(0, 1): 1, (1, 0): 1}, [1, 1], [1], "a pair twice"),
    ],
)
def test_what_cannot_be_used_is_named(products, squares, weights, message):
    with pytest.raises(ValueError, match=message):
        score_covariance([MetricSums(1, 9, [1, 1], squares, products)], weights)


def test_sums_of_squares_beyond_64_bits_come_out_of_sql_exactly():
    units = [UNIT - i for i in range(5_000)]
    high, low = duckdb.sql(
        "SELECT CAST(SUM(u * u // 1000000000) AS BIGINT), CAST(SUM(u * u % 1000000000) AS BIGINT) "
        f"FROM (SELECT CAST({UNIT} - i AS BIGINT) AS u FROM range(5000) AS t(i))"
    ).fetchall()[0]
    assert wide_sums([high], [low]) == [sum(u * u for u in units)]
    assert wide_sums([high], [low])[0] > 2**63


def _years(rng, mean, *, clump=0, swing=0.0, drift=0.0):
    """Whole records per cluster and year: in clumps of 1 + clump on average, with good and bad years, or growing."""
    yearly = np.repeat(np.asarray(mean, dtype=float)[:, None] / 5, 5, axis=1)
    yearly *= 1 + drift * np.linspace(-1, 1, 5) * np.where(np.arange(len(mean)) % 2, 1, -1)[:, None]
    if swing:
        yearly *= rng.gamma(swing**-2, swing**2, yearly.shape)
    clumps = rng.poisson(yearly / (1 + clump))
    return clumps + rng.poisson(clumps * clump)


def _measured(rng, mean, **kind):
    counts = _years(rng, mean, **kind)
    world = np.full(5, int(counts.sum()))
    return overdispersion(counts, world, counts.sum(axis=1).tolist(), unit=1)


def test_independent_records_are_found_to_be_so():
    assert np.abs(_measured(np.random.default_rng(1), np.linspace(50, 5_000, 200)) - 1).max() < 0.2


def test_clumps_of_records_are_seen_in_the_years():
    """A Poisson number of clumps of 1 + Poisson(2) records: variance over mean is E(size^2) / E(size) = 11 / 3."""
    excess = _measured(np.random.default_rng(2), np.linspace(200, 5_000, 200), clump=2)
    assert np.mean(excess) == pytest.approx(11 / 3, rel=0.12)


def test_good_and_bad_years_weigh_on_large_clusters():
    """Years that move by 5 % add 0.05^2 times a year's records to the ratio: 1 + 0.0025 x 20,000 / 5 = 11."""
    mean = np.geomspace(100, 20_000, 200)
    excess = _measured(np.random.default_rng(3), mean, swing=0.05)
    assert excess[-1] == pytest.approx(11, rel=0.25)
    assert excess[0] < 1.3


def test_steady_growth_is_no_noise():
    assert _measured(np.random.default_rng(4), np.full(200, 5_000.0), drift=0.5).max() < 1.2


def test_fractional_records_are_judged_by_what_they_weigh():
    halves = _years(np.random.default_rng(5), np.full(300, 2_000.0)) * (UNIT // 2)
    squares = [int(row.sum()) * (UNIT // 2) for row in halves]
    excess = overdispersion(halves, np.full(5, int(halves.sum())), squares, unit=UNIT)
    assert np.abs(excess - 1).max() < 0.2


@pytest.mark.parametrize("years", [np.zeros((3, 5)), np.ones((3, 2)), np.array([[9, 0, 4, 0, 0]] * 3)])
def test_too_few_years_tell_nothing(years):
    world = years.sum(axis=0).astype(np.int64) * 4
    excess = overdispersion(years, world, years.sum(axis=1).astype(int).tolist(), unit=1)
    assert excess.tolist() == [1.0, 1.0, 1.0]


def test_a_cluster_without_records_tells_nothing_and_is_told_the_least():
    counts = np.vstack(
        [_years(np.random.default_rng(7), np.geomspace(20, 5_000, 90), clump=1), np.zeros((1, 5), dtype=int)]
    )
    excess = overdispersion(counts, counts.sum(axis=0) * 2, counts.sum(axis=1).tolist(), unit=1)
    assert 1 < excess[-1] == excess.min()


def test_excess_stretches_variances_and_leaves_correlations():
    records = _records(np.random.default_rng(6), 200, 4)
    plain = score_covariance([_sums(records, 4)], [1])
    excess = np.array([1.0, 4.0, 9.0, 1.0])
    stretched = score_covariance([_sums(records, 4, excess)], [1])
    np.testing.assert_allclose(stretched / plain, np.outer(excess**0.5, excess**0.5), rtol=1e-12)


def test_records_that_weigh_differently_covary_as_they_do_one_by_one():
    """The delta method by hand: each record moves a share by (what it gives - share x what it weighs) / world."""
    rng = np.random.default_rng(7)
    records = _records(rng, 300, 5)
    weights = rng.integers(0, UNIT + 1, len(records))
    weighed = [{c: int(u * w // UNIT) for c, u in of.items()} for of, w in zip(records, weights.tolist(), strict=True)]
    plain = _sums(weighed, 5)
    world, squared = int(weights.sum()), sum(int(w) ** 2 for w in weights)
    crossed = [sum(of.get(c, 0) * int(w) for of, w in zip(weighed, weights, strict=True)) for c in range(5)]
    sums = MetricSums(squared / world, world, plain.units, plain.squares, plain.products, None, crossed)
    given_to = np.array([[of.get(c, 0) for c in range(5)] for of in weighed], np.float64)
    moves = (given_to - np.outer(weights, np.array(plain.units) / world)) / world
    assert score_covariance([sums], [1]) == pytest.approx(100**2 * moves.T @ moves, rel=1e-9)


def test_of_records_that_weigh_the_same_the_weights_change_nothing():
    records = _records(np.random.default_rng(3), 200, 4)
    plain = _sums(records, 4)
    crossed = [UNIT * units for units in plain.units]
    same = MetricSums(UNIT, plain.world, plain.units, plain.squares, plain.products, None, crossed)
    assert score_covariance([same], [1]) == pytest.approx(score_covariance([plain], [1]), rel=1e-9, abs=1e-12)


@given(st.integers(0, 10**6), st.integers(1, 30))
def test_two_coefficients_are_fitted_as_by_a_library(seed, rows):
    rng = np.random.default_rng(seed)
    one, other, target = 1 / rng.uniform(1, 5, rows), rng.uniform(0, 1, rows), rng.normal(rng.normal(), 1, rows)
    _, least = nnls(np.column_stack([one, other]), target)
    pair = rank_covariance._non_negative(one, other, target)
    assert min(pair) >= 0
    assert np.linalg.norm(pair[0] * one + pair[1] * other - target) == pytest.approx(least, rel=1e-9, abs=1e-9)


def test_of_columns_that_are_one_the_first_is_fitted():
    assert rank_covariance._non_negative(np.ones(3), 2 * np.ones(3), np.array([1.0, 2.0, 3.0])) == (2.0, 0.0)
