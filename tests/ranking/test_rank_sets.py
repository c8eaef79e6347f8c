"""Rank sets: against the authors' own package, against integrals and tables, by hand, and in life."""

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import studentized_range

from hubrank.ranking.rank_sets import rank_draws
from hubrank.ranking.rank_sets.rank_covariance import MetricSums, score_covariance
from hubrank.ranking.rank_sets.rank_draws import critical_values, gaussian_draws, peaks
from hubrank.ranking.rank_sets.rank_sets import (
    RankSets,
    indistinct_runs,
    possible_top,
    rank_sets,
    sets_from,
    surely_ahead,
    tied_with_next,
)
from proof import cases


def _bench():
    path = Path(__file__).parents[2] / "bench" / "rank_sets.py"
    spec = importlib.util.spec_from_file_location("bench_rank_sets", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _same(one: RankSets, other: RankSets) -> bool:
    return np.array_equal(one.low, other.low) and np.array_equal(one.high, other.high)


def _crowd(clusters=60, seed=1):
    """Scores that fall as those of real clusters do, and a covariance with common parts."""
    rng = np.random.default_rng(seed)
    score = np.sort(rng.pareto(1.1, clusters) + 0.05)[::-1]
    load = rng.normal(size=(clusters, 10)) * 0.3
    return score, np.outer(score**0.5, score**0.5) * 0.0025 * (load @ load.T + np.eye(clusters))


@pytest.fixture(scope="module")
def pisa(shared):
    with (shared / "reference" / "rank-sets-pisa2018-math.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0] if column != "jurisdiction"}


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["marginal", "simultaneous"])
def test_the_sets_of_38_countries_are_those_of_the_authors_package(pisa, kind):
    sets = rank_sets(pisa["estimate"], pisa["se"] ** 2, coverage=0.95, simultaneous=kind == "simultaneous")
    moved = np.abs(np.concatenate([sets.low - pisa[f"{kind}_low"], sets.high - pisa[f"{kind}_high"]]))
    assert np.count_nonzero(moved == 0) >= 74
    assert moved.max() <= 1
    assert np.array_equal(np.argsort(np.argsort(-pisa["estimate"])) + 1, pisa["rank"])


@pytest.mark.shared
def test_wuhan_and_hangzhou_cannot_be_told_apart_in_the_published_counts(shared):
    with (shared / "reference" / "published-2023.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    worlds = {"patents": 1_255_570, "publications": 7_459_270}  # the world totals that the printed cells prove
    counts = {metric: [int(row[metric]) for row in rows] for metric in worlds}
    metrics = [MetricSums(1, worlds[m], counts[m], counts[m], {}) for m in worlds]
    score = np.sum([100 * np.array(counts[m]) / worlds[m] for m in worlds], axis=0)
    sets = rank_sets(score, score_covariance(metrics, [1, 1]))
    wuhan, hangzhou = (next(i for i, row in enumerate(rows) if row["cluster"] == c) for c in ("Wuhan", "Hangzhou"))
    assert (sets.low[hangzhou], sets.high[wuhan]) == (13, 14)
    assert (sets.low[0], sets.high[0]) == (1, 1)
    assert (sets.low <= np.arange(34) + 1).all()
    assert (sets.high >= np.arange(34) + 1).all()


def _exact_limit(deviation, others, coverage):
    """Integrate over the one score that all differences share: given it, independent scores are independent."""
    at = np.linspace(-8, 8, 2001) * deviation
    weight = np.exp(-((at / deviation) ** 2) / 2)
    weight /= weight.sum()
    deviations = np.sqrt(deviation**2 + others**2)[:, None]

    def coverage_error(limit):
        inside = ndtr((at + limit * deviations) / others[:, None]) - ndtr((at - limit * deviations) / others[:, None])
        return (weight * inside.prod(axis=0)).sum() - coverage

    return brentq(coverage_error, 0.1, 10)


@pytest.mark.parametrize("coverage", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("clusters", [3, 12, cases(30, 60)])
def test_critical_values_of_one_clusters_pairs_are_those_of_the_integral(clusters, coverage):
    deviations = np.random.default_rng(5).uniform(0.5, 3, clusters)
    normals = gaussian_draws(deviations**2, draws=10_000, seed=0)
    scale = 1 / np.sqrt(deviations[:, None] ** 2 + deviations**2 + np.eye(clusters))
    sides = (3 * ~np.eye(clusters, dtype=bool)).astype(np.int8)
    limits = critical_values(peaks(normals.values, scale, sides, np.arange(clusters)), normals, coverage)
    exact = [_exact_limit(deviations[i], np.delete(deviations, i), coverage) for i in range(clusters)]
    assert np.abs(limits - exact).max() < 0.06
    assert abs(np.mean(limits - exact)) < 0.02


@pytest.mark.parametrize("clusters", [4, 40])
def test_the_critical_value_of_all_pairs_is_that_of_tukeys_range(clusters):
    normals = gaussian_draws(np.ones(clusters), draws=20_000, seed=3)
    sides = (3 * np.triu(np.ones((clusters, clusters)), 1)).astype(np.int8)
    scale = np.full((clusters, clusters), 0.5**0.5)
    limits = critical_values(peaks(normals.values, scale, sides, np.zeros(clusters, dtype=np.int64)), normals, 0.9)
    assert limits[0] == pytest.approx(studentized_range.ppf(0.9, clusters, np.inf) / 2**0.5, abs=0.02)


def test_averaging_over_the_lengths_steadies_the_critical_value():
    deviations = np.linspace(1, 3, 38)
    scale = 1 / np.sqrt(deviations[:, None] ** 2 + deviations**2 + np.eye(38))
    sides = (3 * np.triu(np.ones((38, 38)), 1)).astype(np.int8)
    plain, smooth = [], []
    for seed in range(30):
        normals = gaussian_draws(deviations**2, draws=2_000, seed=seed)
        peak = peaks(normals.values, scale, sides, np.zeros(38, dtype=np.int64))
        plain.append(np.quantile(peak[0], 0.95))
        smooth.append(critical_values(peak, normals, 0.95)[0])
    assert np.std(smooth) < 0.6 * np.std(plain)
    assert np.mean(smooth) == pytest.approx(np.mean(plain), abs=0.02)


@pytest.mark.parametrize("together", [False, True])
def test_two_clusters_are_told_apart_at_the_normal_quantile(together):
    needed = -ndtri(0.05)  # one pair, both directions, 90 %
    below = rank_sets([needed * 0.98, 0], [0.64, 0.36], simultaneous=together)
    beyond = rank_sets([0, needed * 1.02], [0.64, 0.36], simultaneous=together)
    assert (below.low.tolist(), below.high.tolist()) == ([1, 1], [2, 2])
    assert (beyond.low.tolist(), beyond.high.tolist()) == ([2, 1], [2, 1])


def test_what_two_clusters_share_does_not_blur_their_order():
    common = np.array([[1.0, 0.9], [0.9, 1.0]])
    assert rank_sets([1, 0], np.eye(2)).high.tolist() == [2, 2]
    assert rank_sets([1, 0], common).high.tolist() == [1, 2]
    assert rank_sets([1, 0], common * [[1, -1], [-1, 1]]).high.tolist() == [2, 2]


def test_each_difference_is_measured_by_its_own_spread():
    """Clusters 0 and 1 move together: what blurs them against cluster 2 does not blur them against each other."""
    covariance = np.array([[1, 0.99, 0], [0.99, 1, 0], [0, 0, 1]])
    for together in (False, True):
        sets = rank_sets([1, 0, 0.5], covariance, simultaneous=together)
        assert (sets.low.tolist(), sets.high.tolist()) == ([1, 2, 1], [2, 3, 3])


def test_what_is_settled_makes_the_rest_easier_to_settle():
    """A third cluster far away widens the first step's critical value; once it is known to differ, less is needed."""
    first_step = _exact_limit(1.0, np.ones(2), 0.9) * 2**0.5
    assert rank_sets([0.99 * first_step, 0, 0.1], np.ones(3)).low.tolist()[1] == 1
    assert rank_sets([0.99 * first_step, 0, -90], np.ones(3)).low.tolist()[1] == 2


def test_simultaneous_sets_hold_the_marginal_ones_and_more_coverage_holds_less():
    score, covariance = _crowd()
    sets = [rank_sets(score, covariance, coverage=c, simultaneous=s) for s in (False, True) for c in (0.8, 0.9, 0.99)]
    for inner, outer in [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5)]:
        assert (sets[outer].low <= sets[inner].low).all()
        assert (sets[outer].high >= sets[inner].high).all()
    assert not _same(sets[1], sets[4])
    assert not _same(sets[0], sets[2])


@given(st.permutations(range(25)), st.integers(0, 99), st.booleans())
def test_the_order_of_the_clusters_never_matters(order, seed, together):
    score, covariance = _crowd(25)
    given_order = rank_sets(score, covariance, simultaneous=together, draws=200, seed=seed)
    shuffled = rank_sets(score[order], covariance[np.ix_(order, order)], simultaneous=together, draws=200, seed=seed)
    assert _same(shuffled, RankSets(given_order.low[order], given_order.high[order]))


@given(
    st.lists(st.tuples(st.floats(-50, 50), st.floats(0, 9)), min_size=1, max_size=12), st.booleans(), st.integers(0, 9)
)
def test_every_set_holds_the_rank_that_was_seen(pairs, together, seed):
    score, variance = np.array(pairs).T
    low, high = rank_sets(score, variance, simultaneous=together, draws=100, seed=seed)
    assert (low <= (score[None, :] > score[:, None]).sum(axis=1) + 1).all()
    assert (high >= (score[None, :] >= score[:, None]).sum(axis=1)).all()


@pytest.mark.parametrize("together", [False, True])
def test_the_unit_of_the_score_never_matters(together):
    score, covariance = _crowd()
    sets = rank_sets(score, covariance, simultaneous=together, draws=1_000)
    assert _same(sets, rank_sets(score * 2.0**40 + 7, covariance * 2.0**80, simultaneous=together, draws=1_000))


@pytest.mark.parametrize("together", [False, True])
def test_variances_alone_mean_independent_scores(together):
    score, covariance = _crowd()
    variance = np.diag(covariance)
    assert _same(
        rank_sets(score, variance, simultaneous=together), rank_sets(score, np.diag(variance), simultaneous=together)
    )


@pytest.mark.parametrize("together", [False, True])
def test_threads_never_matter(monkeypatch, together):
    score, covariance = _crowd(90)
    sets = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(rank_draws, "cores", lambda threads=threads: threads)
        normals = gaussian_draws(covariance, draws=3_000, seed=4)
        sets.append((rank_sets(score, covariance, simultaneous=together, seed=4), b"".join(map(bytes, normals.values))))
    assert _same(sets[0][0], sets[1][0])
    assert _same(sets[0][0], sets[2][0])
    assert sets[0][1] == sets[1][1] == sets[2][1]


@pytest.mark.parametrize("together", [False, True])
def test_another_seed_hardly_moves_the_sets(together):
    score, covariance = _crowd(300)
    first, *others = [rank_sets(score, covariance, simultaneous=together, seed=seed) for seed in range(4)]
    room = np.maximum(1, 0.15 * (first.high - first.low + 1))
    assert any(not _same(first, other) for other in others)
    for other in others:
        steady = (np.abs(other.low - first.low) <= room) & (np.abs(other.high - first.high) <= room)
        assert steady.mean() >= 0.95


def test_more_draws_begin_with_the_same_draws():
    _, covariance = _crowd(20)
    few, many = (gaussian_draws(covariance, draws=n, seed=2) for n in (1_024, 2_000))
    assert np.array_equal(np.hstack(few.values), np.hstack(many.values)[:, :1_024])


def test_draws_covary_as_they_were_told_to():
    _, covariance = _crowd(12)
    singular = covariance - np.outer(covariance.sum(axis=0), covariance.sum(axis=0)) / covariance.sum()
    for matrix, rank in ((covariance, 12), (singular, 11)):
        normals = gaussian_draws(matrix, draws=200_000, seed=1)
        deviations = np.sqrt(np.diag(matrix))
        error = (np.cov(np.hstack(normals.values)) - matrix) / np.outer(deviations, deviations)
        assert np.abs(error).max() < 0.015
        assert normals.rank == rank
        assert np.mean(normals.length**2) == pytest.approx(rank, rel=0.01)
    assert np.abs(np.hstack(normals.values).sum(axis=0)).max() < 1e-4 * deviations.max()


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(
    ("score", "covariance", "low", "high"),
    [
        ([], [], [], []),
        ([3.0], [2.0], [1], [1]),
        ([3.0], [[2.0]], [1], [1]),
        ([3.0], [0.0], [1], [1]),
        ([1, 1, 1], [1, 1, 1], [1, 1, 1], [3, 3, 3]),
        ([3, 1, 2], [0, 0, 0], [1, 3, 2], [1, 3, 2]),
        ([2, 1, 2], np.zeros((3, 3)), [1, 3, 1], [2, 3, 2]),
        ([5, 5, 0], np.ones((3, 3)), [1, 1, 3], [2, 2, 3]),
        ([9, 0, 0.5], [0, 0, 1], [1, 2, 2], [1, 3, 3]),
    ],
)
def test_the_smallest_tables_have_documented_answers(score, covariance, low, high, together):
    sets = rank_sets(score, covariance, simultaneous=together)
    assert (sets.low.tolist(), sets.high.tolist()) == (low, high)
    assert sets.low.dtype == sets.high.dtype == np.int64


@pytest.mark.parametrize("draws", [1, 7, 100])
@pytest.mark.parametrize("coverage", [0.01, 0.3, 0.5, 0.999])
def test_odd_wishes_are_met_without_warnings(draws, coverage):
    for together in (False, True):
        low, high = rank_sets([3, 2, 1], [1, 2, 3], coverage=coverage, draws=draws, simultaneous=together)
        assert (low <= high).all()


@pytest.mark.parametrize(
    ("score", "covariance", "choices", "message"),
    [
        ([[1.0]], [1.0], {}, "scores have shape"),
        ([1, 2], [1, 2, 3], {}, r"covariance has shape \(3,\); for 2 scores it is \(2, 2\)"),
        ([1, np.nan], [1, 1], {}, r"scores\[1\] is nan"),
        ([1, 2], [[1, np.inf], [0, 1]], {}, r"covariance\[0, 1\] is inf"),
        ([1, 2], [1, -1], {}, "the variance of score 1 is -1.0"),
        ([1, 2], [[1, 0.5], [0.2, 1]], {}, r"covariance\[0, 1\] is 0.5 and covariance\[1, 0\] is 0.2"),
        ([1, 2], [[1, 2], [2, 1]], {}, "not positive semi-definite"),
        ([1, 2], [[1, 2], [2, 0]], {}, "not positive semi-definite"),
        ([1, 2], [1, 1], {"coverage": 1}, "coverage is 1"),
        ([1, 2], [1, 1], {"draws": 0}, "draws is 0"),
    ],
)
def test_what_cannot_be_used_is_named(score, covariance, choices, message):
    with pytest.raises(ValueError, match=message):
        rank_sets(score, covariance, **choices)


@pytest.mark.parametrize("variance", [1e-9, 0.0, 1.0])
def test_the_sets_of_equal_scores_hold_both_of_their_ranks(variance):
    sets = rank_sets([9.0, 5.0, 5.0, 1.0], [variance] * 4)
    assert (sets.low[1:3] <= 2).all()
    assert (sets.high[1:3] >= 3).all()


def test_who_may_be_among_the_best_is_read_off_the_simultaneous_sets():
    score, covariance = _crowd(30)
    ahead = surely_ahead(score, covariance)
    sets = sets_from(ahead)
    assert _same(sets, rank_sets(score, covariance, simultaneous=True))
    for k in (1, 5, 30):
        assert np.array_equal(possible_top(sets, k), ahead.sum(axis=0) < k)
        assert possible_top(sets, k)[:k].all()
    with pytest.raises(ValueError, match="k is 0"):
        possible_top(sets, 0)


def _apart(size, pairs):
    ahead = np.zeros((size, size), dtype=bool)
    for better, worse in pairs:
        ahead[better, worse] = True
    return ahead


def test_neighbours_and_groups_that_cannot_be_told_apart_are_named():
    score = [10, 50, 40, 30, 20]  # in order of rank: rows 1, 2, 3, 4, 0
    ahead = _apart(5, [(1, 3), (1, 4), (1, 0), (2, 4), (2, 0), (3, 0), (4, 0)])
    assert tied_with_next(score, ahead).tolist() == [False, True, True, True, False]
    assert indistinct_runs(score, ahead) == [(1, 2), (2, 3), (3, 4)]
    assert sets_from(ahead).low.tolist() == [5, 1, 1, 2, 3]
    assert sets_from(ahead).high.tolist() == [5, 2, 3, 4, 4]


def test_groups_are_as_large_as_they_can_be():
    assert indistinct_runs([4, 3, 2, 1], _apart(4, [])) == [(1, 4)]
    assert indistinct_runs([4, 3, 2, 1], _apart(4, [(0, 3)])) == [(1, 3), (2, 4)]
    assert indistinct_runs([4, 3, 2, 1], _apart(4, [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)])) == [(2, 3)]
    assert indistinct_runs([1], _apart(1, [])) == []
    assert indistinct_runs([], _apart(0, [])) == []


@pytest.mark.parametrize("overdispersed", [False, True])
def test_the_sets_hold_the_planted_ranks_where_percentiles_of_redrawn_ranks_do_not(overdispersed):
    bench = _bench()
    coverage = bench.coverage(bench.Plan(overdispersed=overdispersed, measured=True), worlds=40, draws=1_000)
    assert coverage["marginal"].lowest >= 0.9
    assert coverage["simultaneous"].together >= 0.9
    assert coverage["percentile"].lowest < 0.9
    assert coverage["marginal"].width < coverage["simultaneous"].width < 0.5 * bench.CLUSTERS
