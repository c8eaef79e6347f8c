"""Best and worst ranks over all weights."""

from fractions import Fraction
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures_editions import study
from hubrank.analysis.robustness import lines
from hubrank.analysis.robustness.exact_lines import fewest_on
from hubrank.analysis.robustness.other_weights import _drawn
from hubrank.analysis.robustness.simplex import Counts, _ahead, extremes
from hubrank.analysis.robustness.weight_shares import weight_shares
from hubrank.ranking.scores import order, ranks, scores
from hubrank.study.study import parse


def counts(units, totals=None):
    clusters = len(units[0])
    sizes = [sum(row[c] for row in units) for c in range(clusters)]
    return Counts(units, totals or [max(1, sum(row)) for row in units], sizes, [f"c{c}" for c in range(clusters)])


def rank(made, cluster, weights):
    return ranks(order(scores(made.units, made.totals, weights), made.sizes, made.keys))[cluster]


def every_cell(made):
    """Yield weights in every cell, by another way: middles of corners of cells, which are where lines cross."""
    metrics, clusters = len(made.totals), range(len(made.sizes))
    leads = [
        [Fraction(row[a] - row[b], t) for row, t in zip(made.units, made.totals, strict=True)]
        for a, b in combinations(clusters, 2)
    ]
    walls = [*leads, *([Fraction(m == n) for n in range(metrics)] for m in range(metrics))]
    corners = set()
    for chosen in combinations(walls, metrics - 1):
        point = crossing(chosen)
        if point is not None and min(point) >= 0:
            corners.add(point)
    for some in combinations(sorted(corners), metrics):
        middle = [sum(values) / metrics for values in zip(*some, strict=True)]
        if min(middle) > 0 and all(sum(map(Fraction.__mul__, lead, middle)) for lead in leads if any(lead)):
            yield middle


def crossing(walls):
    """Return where walls meet on the plane of weights that add up to 1; None where in no single point."""
    if len(walls) == 1:
        ((a, b),) = walls
        point = [b, -a]
    else:
        (a, b, c), (d, e, f) = walls
        point = [b * f - c * e, c * d - a * f, a * e - b * d]
    whole = sum(point)
    return tuple(value / whole for value in point) if whole else None


def looked_through(made):
    """Return best and worst rank of each cluster over all cells."""
    found = [[rank(made, c, weights) for c in range(len(made.sizes))] for weights in every_cell(made)]
    return [(min(column), max(column)) for column in zip(*found, strict=True)]


def check(made, expected):
    for cluster, (best, worst) in enumerate(expected):
        found = extremes(made, cluster)
        assert (found.best, found.worst) == (best, worst)
        for weights, told in ((found.best_weights, best), (found.worst_weights, worst)):
            assert weights is not None
            assert sum(weights) == 1
            assert rank(made, cluster, weights) == told


@pytest.mark.parametrize("metrics", [2, 3])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_cell_of_weights_goes_beyond_and_the_weights_named_give_the_ranks(metrics, data):
    """Few small numbers: many lines are the same, or meet in one point, which floats cannot tell."""
    size = data.draw(st.integers(2, 5))
    made = counts(data.draw(st.lists(st.lists(st.integers(0, 4), min_size=size, max_size=size),
                                     min_size=metrics, max_size=metrics)))  # fmt: skip
    check(made, looked_through(made))


@pytest.mark.parametrize("metrics", [2, 3])
def test_large_counts_are_looked_through_as_well(metrics):
    rng = np.random.default_rng(5)
    made = counts((rng.integers(0, 60, (metrics, 6)) * 10**15 + rng.integers(0, 9, (metrics, 6))).tolist())
    check(made, looked_through(made))


def on_grid(made, cluster, steps):
    """Return best and worst rank over a fine grid of weights, ties left out."""
    share = np.array(made.units) / np.array(made.totals)[:, None]
    a, b = np.meshgrid(np.arange(1, steps), np.arange(1, steps))
    inside = a + b < steps
    weights = np.stack([a[inside], b[inside], (steps - a - b)[inside]]) / steps
    lead = (share - share[:, [cluster]]).T @ weights
    level = (np.abs(np.delete(lead, cluster, axis=0)) < 1e-12).any(axis=0)
    ahead = 1 + (lead > 0).sum(axis=0)[~level]
    return ahead.min(), ahead.max()


def test_no_weight_of_a_fine_grid_goes_beyond():
    """300 clusters as the world has them, 4,851 weights; the weights that are named do give the ranks."""
    rng = np.random.default_rng(1)
    made = counts((rng.pareto(1.1, (3, 300)) * 1e12 + 1e10).astype(np.int64).tolist())
    for cluster in range(0, 300, 23):
        found = extremes(made, cluster)
        low, high = on_grid(made, cluster, 100)
        assert found.best <= low <= high <= found.worst
        assert rank(made, cluster, found.best_weights) == found.best
        assert rank(made, cluster, found.worst_weights) == found.worst


def test_floats_alone_settle_counts_as_the_world_has_them(monkeypatch):
    """The exact walk is for cells that floats cannot tell apart; the world has hardly any."""
    walked = []
    monkeypatch.setattr("hubrank.analysis.robustness.simplex.fewest_on", lambda *a: walked.append(a) or fewest_on(*a))
    rng = np.random.default_rng(1)
    units = (rng.pareto(1.1, (3, 120)) * 1e12).astype(np.int64)
    units[2, rng.random(120) < 0.4] = 0  # as deals are
    made = counts(units.tolist())
    for cluster in range(120):
        extremes(made, cluster)
    assert len(walked) < 12


def test_the_bound_of_floats_never_promises_too_little():
    """However wrong the places to look at are, the answer is the same: it only takes longer."""
    rng = np.random.default_rng(3)
    made = counts(rng.integers(0, 50, (3, 12)).tolist())
    expected = [extremes(made, cluster) for cluster in range(12)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "ROOM", 1e-2)
        patch.setattr(lines, "THIN", 2.0)
        found = [extremes(made, cluster) for cluster in range(12)]
    assert [(f.best, f.worst) for f in found] == [(e.best, e.worst) for e in expected]


def test_two_clusters_change_places_where_their_lines_cross():
    made = counts([[60, 40], [20, 80]])  # a leads by 20 % of patents, b by 60 % of articles: they are level at 3 : 1
    first, second = extremes(made, 0), extremes(made, 1)
    assert (first.best, first.worst, second.best, second.worst) == (1, 2, 1, 2)
    assert first.best_weights[0] > Fraction(3, 4) > first.worst_weights[0]


def test_a_cluster_that_leads_in_every_metric_is_first_whatever_the_weights():
    found = extremes(counts([[5, 3, 1], [6, 2, 1], [9, 4, 4]]), 0)
    assert (found.best, found.worst) == (1, 1)


def test_a_mean_cluster_is_first_only_between_the_corners():
    made = counts([[100, 0, 0, 45], [0, 100, 0, 45], [0, 0, 100, 45]], [1000, 1000, 1000])
    found = extremes(made, 3)
    assert (found.best, found.worst) == (1, 3)  # behind two where two metrics weigh more than 0.45 each
    assert max(found.best_weights) < Fraction(45, 100)
    assert sorted(found.worst_weights)[1] > Fraction(45, 100)


def test_a_cell_too_narrow_to_name_is_known_but_has_no_weights():
    """Ahead of both others, or behind both, only between weights that agree in 14 digits."""
    big = 10**15  # all are level at one and two thirds
    for more, rank_there in ((1, 1), (-1, 3)):
        found = extremes(counts([[6 * big, 0, 2 * big], [0, 3 * big, 2 * big + more]], [9 * big, 9 * big]), 2)
        narrow, wide = (found.best_weights, found.worst_weights)[::more]
        assert (found.best, found.worst) == tuple(sorted([rank_there, 2]))
        assert narrow is None
        assert wide is not None


@pytest.mark.parametrize("metrics", [1, 2, 3])
def test_twins_keep_their_order_under_all_weights(metrics):
    made = counts([[3, 3, 9], [4, 4, 1], [5, 5, 5]][:metrics])
    first, second = extremes(made, 0), extremes(made, 1)
    assert (first.best + 1, first.worst + 1) == (second.best, second.worst)
    alone = extremes(counts([[7]] * metrics), 0)
    assert (alone.best, alone.worst, sum(alone.best_weights)) == (1, 1, 1)


def test_more_metrics_are_refused():
    with pytest.raises(ValueError, match="up to three metrics, not for 4"):
        extremes(counts([[1, 2]] * 4), 0)


def reckoned(shares):
    """Return a reckoning of which nothing but counts is looked at, and its study."""
    names = [SimpleNamespace(cluster_id=f"c{n}") for n in range(len(shares[0]))]
    metrics = ("patents", "publications", "deals")[: len(shares)]
    units = np.array(shares, np.int64)
    sites = SimpleNamespace(metrics=metrics, totals=[1000] * len(metrics))
    settings = study(clusters={"min_listings": 1}, metrics=metrics, robustness={"seed": 4})
    return SimpleNamespace(sites=sites, units=units, names=names), parse(settings, Path("study.toml"))


def shares_of(shares):
    rows = weight_shares(*reckoned(shares)).to_pylist()
    return {row["metric"]: (float(row["first_pct"]), float(row["total_pct"])) for row in rows}


def test_a_weight_that_nothing_hangs_on_has_no_share_and_the_others_share_alike():
    """Twins but for patents and publications: deals take from both scores alike, so they decide nothing."""
    found = shares_of([[300, 200], [200, 300], [100, 100]])
    assert found["deals"] == (0, 0)
    assert found["patents"][1] == pytest.approx(found["publications"][1], abs=3)
    # Who is first is the sign of the difference of two equal gammas: each alone explains E[(2F - 1)²] = 1/3 of it.
    assert found["patents"][0] == pytest.approx(100 / 3, abs=3)
    assert found["patents"][1] == pytest.approx(200 / 3, abs=3)


def test_shares_are_those_of_drawing_twice():
    """The variance of mean ranks with one weight held, and the mean variance with all others held, by brute force."""
    shares = np.array([[300, 20, 100, 130, 50], [100, 130, 110, 100, 90], [10, 250, 11, 13, 140]])
    found = shares_of(shares)
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
        assert found[metric] == pytest.approx((100 * alone / variance, 100 * part / variance), abs=3)


def test_where_no_rank_moves_no_weight_has_a_share():
    assert shares_of([[3, 2], [3, 2], [3, 2]]) == {}
    assert shares_of([[3]]) == shares_of([[3, 2]]) == shares_of([[3], [4]]) == {}


def test_on_a_line_that_two_clusters_share_the_one_that_faces_the_other_way_is_ahead():
    line, same, other = (1, -1, 0), (2, -2, 0), (-3, 3, 0)
    assert [fewest_on(lead, 0).ahead for lead in ([line], [line, same], [line, other])] == [0, 0, 1]
    point = fewest_on([line, same, other], 0).point
    assert [sum(map(int.__mul__, row, point)) > 0 for row in (line, same, other)] == [False, False, True]


def test_weights_at_which_two_scores_are_equal_tell_no_rank():
    half = (Fraction(1, 2), Fraction(1, 2))
    assert _ahead([(1, -1), (1, 1)], [10, 10], half) is None
    assert _ahead([(2, -1), (-1, -1)], [10, 10], half) == 1


def test_draws_of_weights_leave_a_twentieth_at_either_end():
    made = counts(np.random.default_rng(1).integers(100, 300, (3, 40)).tolist())
    low, high, top = _drawn(made, 10_000, 3)
    weights = np.random.default_rng(3).dirichlet([10] * 3, 10_000)
    ranked = 1 + np.argsort(np.argsort(-weights @ made.shares(), axis=1, kind="stable"), axis=1)
    for ends, level in ((low, 0.05), (high, 0.95)):
        assert ends.tolist() == np.quantile(ranked, level, axis=0, method="inverted_cdf").tolist()
    assert top.tolist() == (ranked <= 10).sum(axis=0).tolist()
