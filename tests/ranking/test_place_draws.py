"""The doubt about places in rank intervals: draws of where doubtful addresses lie (METHOD 13)."""

import numpy as np
import pytest
from bench.place_doubt import DOUBTFUL, World, coverage

from hubrank.ranking.place_draws import DoubtfulAddresses, place_sets, shifts
from hubrank.ranking.rank_sets.rank_sets import RankSets, rank_margins, rank_sets


def doubts(*addresses):
    cluster, others, permille, score = zip(*addresses, strict=True)
    kinds = (np.int32, np.int32, np.int64, np.float64)
    return DoubtfulAddresses(
        *(np.array(column, kind) for column, kind in zip((cluster, others, permille, score), kinds, strict=True))
    )


ONE = (0, (1, -1), (200, 100), 5.0)


def test_an_address_moves_as_often_as_its_alternatives_are_likely_and_takes_its_whole_score():
    changes = shifts(doubts(ONE), 3, draws=20_000, seed=1)
    moved, gained = changes[:, 0] == -5, changes[:, 1] == 5
    assert set(map(tuple, changes.tolist())) == {(0, 0, 0), (-5, 5, 0), (-5, 0, 0)}
    assert moved.mean() == pytest.approx(0.3, abs=0.015)
    assert gained.mean() == pytest.approx(0.2, abs=0.015)


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_how_often_an_address_moves_does_not_depend_on_the_seed(seed):
    changes = shifts(doubts((0, (1, -1), (23, 4), 5.0)), 2, seed=seed)
    assert ((changes[:, 0] < 0).sum(), (changes[:, 1] > 0).sum()) == (27, 23)


def test_addresses_move_independently_of_each_other():
    changes = shifts(doubts(ONE, (2, (-1, -1), (500, 0), 1.0)), 3, draws=20_000, seed=1)
    both = (changes[:, 0] < 0) & (changes[:, 2] < 0)
    assert both.mean() == pytest.approx(0.15, abs=0.015)


def test_equal_seeds_draw_equal_places_and_others_do_not():
    first, again, other = (shifts(doubts(ONE), 3, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_margins_are_those_by_which_sets_of_independent_counts_are_decided_in_the_first_step():
    scores = np.array([400.0, 300.0, 200.0, 100.0])
    margins = rank_margins(scores, scores)
    assert (np.diag(margins) == 0).all() or np.isfinite(margins).all()
    gap = scores[None, :] - scores[:, None]
    assert ((gap > margins).sum(axis=1) + 1 == rank_sets(scores, scores).low).all()


def test_without_a_move_places_leave_open_no_more_than_counts_with_more_confidence():
    scores = np.array([400.0, 380.0, 300.0, 100.0])
    counts = rank_sets(scores, scores)
    margins = rank_margins(scores, scores, coverage=0.95)
    both = place_sets(scores, margins, np.zeros((100, 4)), counts, level=0.9)
    assert (both.low <= counts.low).all()
    assert (both.high >= counts.high).all()
    assert (both.low >= rank_sets(scores, scores, coverage=0.999).low).all()


def test_a_move_that_is_likely_enough_opens_the_ranks_that_it_gives():
    scores = np.array([100.0, 50.0, 40.0, 30.0])
    nothing = np.zeros((4, 4))
    counts = RankSets(np.arange(1, 5), np.arange(1, 5))
    for chance, highest in ((400, 4), (40, 4), (10, 1)):  # 1 % is less than the 2.5 % left out on either side
        changes = shifts(doubts((0, (-1, -1), (chance, 0), 75.0)), 4)
        both = place_sets(scores, nothing, changes, counts, level=0.9)
        assert both.high[0] == highest
        assert (both.low[1] == 1) == (highest > 1)


def test_in_a_planted_world_with_14_percent_doubtful_rows_places_cover_the_true_rank_and_counts_do_not():
    world = World(share=0.14, elsewhere_pm=(200, 150))
    got = coverage(world, trials=150)
    assert got["counts inside"][DOUBTFUL] < 0.75
    assert (got["places inside"] >= 0.9).all()
    assert got["places width"][DOUBTFUL] >= 2
