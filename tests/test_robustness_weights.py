"""Best and worst ranks over all weights."""

from fractions import Fraction

import numpy as np
import pytest

from hubrank.robustness.simplex import Counts, extremes


def counts(units, totals=None):
    clusters = len(units[0])
    sizes = [sum(row[c] for row in units) for c in range(clusters)]
    return Counts(units, totals or [sum(row) for row in units], sizes, [f"c{c}" for c in range(clusters)])


def on_grid(made, cluster, steps):
    """Return best and worst rank over a grid of weights off the ties of small whole numbers."""
    metrics = len(made.totals)
    grid = [(Fraction(a), Fraction(steps - a)) for a in range(steps + 1)]
    if metrics == 3:
        grid = [
            (Fraction(a), Fraction(b), Fraction(steps - a - b)) for a in range(1, steps) for b in range(1, steps - a)
        ]
    found = []
    for weights in grid:
        score = [
            sum(w * row[c] / t for w, row, t in zip(weights, made.units, made.totals, strict=True))
            for c in range(len(made.sizes))
        ]
        if score.count(score[cluster]) == 1:
            found.append(1 + sum(s > score[cluster] for s in score))
    return min(found), max(found)


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


def test_twins_keep_their_order_under_all_weights():
    made = counts([[3, 3, 9], [4, 4, 1], [5, 5, 5]])
    first, second = extremes(made, 0), extremes(made, 1)
    assert (first.best + 1, first.worst + 1) == (second.best, second.worst)


@pytest.mark.parametrize("metrics", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_no_weight_of_a_grid_goes_beyond_and_the_weights_named_give_the_ranks(metrics, seed):
    rng = np.random.default_rng(seed)
    made = counts(rng.integers(0, 60, (metrics, 9)).tolist())
    for cluster in range(9):
        found = extremes(made, cluster)
        assert sum(found.best_weights) == sum(found.worst_weights) == 1
        assert made.rank(cluster, found.best_weights) == found.best
        assert made.rank(cluster, found.worst_weights) == found.worst
        low, high = on_grid(made, cluster, 24 if metrics == 3 else 499)
        assert found.best <= low
        assert high <= found.worst
        if metrics == 2:
            assert (found.best, found.worst) == (low, high)


def test_other_numbers_of_metrics_are_refused():
    with pytest.raises(ValueError, match="two or three metrics, not for 4"):
        extremes(counts([[1, 2]] * 4), 0)
