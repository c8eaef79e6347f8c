"""Best and worst ranks on a grid of weights, and draws of weights."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures_editions import study
from hubrank.analysis.robustness.other_weights import _draw_ranks, weights_table
from hubrank.analysis.robustness.weight_grid import MetricUnits, grid_ranks, weight_grid
from hubrank.analysis.robustness.weight_shares import weight_shares
from hubrank.ranking.scores import order, ranks, scores
from hubrank.study.sections import Robustness
from hubrank.study.study_file import parse

METRICS = ("patents", "publications", "deals", "designs")


def counts(units, totals=None):
    clusters = len(units[0])
    sizes = [sum(row[c] for row in units) for c in range(clusters)]
    return MetricUnits(units, totals or [max(1, sum(row)) for row in units], sizes, [f"c{c}" for c in range(clusters)])


def by_the_formula(clusters, weights):
    """Return the ranks by the formula of the ranking, one set of weights at a time."""
    return ranks(order(scores(clusters.units, clusters.totals, weights), clusters.sizes, clusters.keys))


def table(clusters, rank=None):
    """Return the rows of weights.parquet; the study weighs all metrics alike."""
    metrics = METRICS[: len(clusters.units)]
    rank = rank or by_the_formula(clusters, [Fraction(1)] * len(metrics))
    return weights_table(metrics, clusters, rank, Robustness(draws=100)).to_pylist()


@pytest.mark.parametrize(("metrics", "points"), [(1, 1), (2, 101), (3, 5151)])
def test_the_grid_holds_all_whole_percents_that_add_up_to_100_once(metrics, points):
    grid = weight_grid(metrics)
    assert len({tuple(point) for point in grid.tolist()}) == len(grid) == points
    assert (grid >= 0).all()
    assert (grid.sum(axis=1) == 100).all()


def check(clusters, step=1):
    """Compare every `step`-th point of the grid with the formula."""
    grid, ranks = grid_ranks(clusters)
    for point, ranked in zip(grid[::step].tolist(), ranks[::step].tolist(), strict=True):
        assert ranked == by_the_formula(clusters, list(map(Fraction, point)))


@pytest.mark.parametrize("metrics", [1, 2, 3])
@given(data=st.data())
def test_ranks_on_the_grid_are_those_of_the_formula(metrics, data):
    """Few small numbers: many scores are equal, under some weights or under all."""
    size = data.draw(st.integers(1, 5))
    row = st.lists(st.integers(0, 4), min_size=size, max_size=size)
    check(counts(data.draw(st.lists(row, min_size=metrics, max_size=metrics))), 7)


@pytest.mark.parametrize("metrics", [2, 3])
def test_large_counts_are_ranked_to_the_last_digit(metrics):
    rng = np.random.default_rng(5)
    units = (rng.integers(0, 3, (metrics, 30)) * 10**17 + rng.integers(0, 3, (metrics, 30))).tolist()
    check(counts(units), 13)


def test_the_highest_digit_of_a_score_may_overflow():
    check(counts([[number << 50 for number in range(1, 32)]]))


def test_best_and_worst_rank_and_the_weights_that_give_them_are_those_of_all_points():
    rng = np.random.default_rng(1)
    clusters = counts((rng.pareto(1.1, (3, 12)) * 1e12).astype(np.int64).tolist())
    every = [by_the_formula(clusters, list(map(Fraction, point))) for point in weight_grid(3).tolist()]
    for number, row in enumerate(table(clusters)):
        ranked = [at[number] for at in every]
        for which, end in (("best", min(ranked)), ("worst", max(ranked))):
            assert row[f"{which}_rank"] == end
            weights = [row[f"{which}_{metric}"] for metric in METRICS[:3]]
            assert sum(weights) == 1
            assert by_the_formula(clusters, weights)[number] == end


def test_of_several_weights_the_nearest_to_equal_ones_are_named():
    rows = table(counts([[5, 3, 1], [6, 2, 1], [9, 4, 4]]))
    assert [(row["best_rank"], row["worst_rank"]) for row in rows] == [(1, 1), (2, 2), (3, 3)]
    assert sorted(rows[0][f"best_{metric}"] for metric in METRICS[:3]) == list(map(Decimal, ("0.33", "0.33", "0.34")))


def test_two_clusters_change_places_where_their_scores_are_equal():
    first, second = table(counts([[60, 40], [20, 80]]))  # level at 3 : 1, where the larger cluster comes first
    assert (first["best_rank"], first["worst_rank"], second["best_rank"], second["worst_rank"]) == (1, 2, 1, 2)
    assert first["best_patents"] == Decimal("0.76")
    assert first["worst_patents"] == Decimal("0.50")


def test_a_mean_cluster_is_first_only_between_the_corners():
    rows = table(counts([[100, 0, 0, 45], [0, 100, 0, 45], [0, 0, 100, 45]], [1000, 1000, 1000]))
    assert (rows[3]["best_rank"], rows[3]["worst_rank"]) == (1, 3)  # behind two of more than 0.45 each
    assert max(rows[3][f"best_{metric}"] for metric in METRICS[:3]) < Decimal("0.45")


def test_a_rank_that_only_the_weights_of_the_study_give_belongs_to_the_range_without_weights():
    (row, *_) = table(counts([[5, 3], [6, 2]]), rank=[2, 1])
    assert (row["best_rank"], row["worst_rank"], row["best_patents"], row["worst_patents"]) == (
        1,
        2,
        Decimal("0.5"),
        None,
    )


def test_twins_keep_their_order_under_all_weights():
    first, second, _ = table(counts([[3, 3, 9], [4, 4, 1], [5, 5, 5]]))
    assert (first["best_rank"] + 1, first["worst_rank"] + 1) == (second["best_rank"], second["worst_rank"])


def test_four_metrics_have_draws_of_weights_but_no_grid():
    (row, _) = table(counts([[1, 2]] * 4))
    assert (row["best_rank"], row["worst_rank"], row["best_patents"], row["draws_low"]) == (None, None, None, 2)


def ranked_clusters(shares):
    """Return ranked clusters of which nothing but counts is read, and their study."""
    names = [SimpleNamespace(cluster_id=f"c{n}") for n in range(len(shares[0]))]
    metrics = ("patents", "publications", "deals")[: len(shares)]
    units = np.array(shares, np.int64)
    sites = SimpleNamespace(metrics=metrics, totals=[1000] * len(metrics))
    settings = study(clusters={"min_listings": 1}, metrics=metrics, robustness={"seed": 4})
    return SimpleNamespace(sites=sites, units=units, names=names), parse(settings, Path("study.toml"))


def shares_of(shares):
    rows = weight_shares(*ranked_clusters(shares)).to_pylist()
    return {row["metric"]: (float(row["first_pct"]), float(row["total_pct"])) for row in rows}


def test_a_weight_that_decides_nothing_has_no_share_and_the_others_share_alike():
    """Twins but for patents and publications: deals take from both scores alike, so they decide nothing."""
    explained = shares_of([[300, 200], [200, 300], [100, 100]])
    assert explained["deals"] == (0, 0)
    assert explained["patents"][1] == pytest.approx(explained["publications"][1], abs=3)
    # Who is first is the sign of the difference of two equal gammas: each alone explains E[(2F - 1)²] = 1/3 of it.
    assert explained["patents"][0] == pytest.approx(100 / 3, abs=3)
    assert explained["patents"][1] == pytest.approx(200 / 3, abs=3)


def test_shares_are_those_of_drawing_twice():
    """The variance of mean ranks with one weight fixed, and the mean variance with all others fixed, by brute force."""
    shares = np.array([[300, 20, 100, 130, 50], [100, 130, 110, 100, 90], [10, 250, 11, 13, 140]])
    explained = shares_of(shares)
    rng = np.random.default_rng(8)

    def ranked(inputs):
        return np.argsort(np.argsort(-inputs @ shares, axis=-1), axis=-1)

    variance = ranked(rng.gamma(10, size=(40_000, 3))).var(axis=0).sum()
    for m, metric in enumerate(("patents", "publications", "deals")):
        inputs = rng.gamma(10, size=(500, 400, 3))
        inputs[:, :, m] = inputs[:, :1, m]
        alone = ranked(inputs).mean(axis=1).var(axis=0).sum()
        others = rng.gamma(10, size=(500, 400, 3))
        others[:] = np.where(np.arange(3) == m, others, others[:, :1])
        part = ranked(others).var(axis=1).mean(axis=0).sum()
        assert explained[metric] == pytest.approx((100 * alone / variance, 100 * part / variance), abs=3)


def test_where_no_rank_moves_no_weight_has_a_share():
    assert shares_of([[3, 2], [3, 2], [3, 2]]) == {}
    assert shares_of([[3]]) == shares_of([[3, 2]]) == shares_of([[3], [4]]) == {}


def test_draws_of_weights_leave_a_twentieth_at_either_end():
    clusters = counts(np.random.default_rng(1).integers(100, 300, (3, 40)).tolist())
    low, high, top = _draw_ranks(clusters, 10_000, 3)
    weights = np.random.default_rng(3).dirichlet([10] * 3, 10_000)
    ranked = 1 + np.argsort(np.argsort(-weights @ clusters.shares(), axis=1, kind="stable"), axis=1)
    for ends, level in ((low, 0.05), (high, 0.95)):
        assert ends.tolist() == np.quantile(ranked, level, axis=0, method="inverted_cdf").tolist()
    assert top.tolist() == (ranked <= 10).sum(axis=0).tolist()
