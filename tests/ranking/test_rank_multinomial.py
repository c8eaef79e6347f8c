"""Rank sets for tables of counts: by hand, and against whole-number arithmetic over all pairs."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.ranking.rank_sets.rank_multinomial import rank_sets_multinomial


def _surprise(count, other):
    """P(at least `count` heads in count + other tosses), exactly."""
    tosses = count + other
    return Fraction(sum(comb(tosses, heads) for heads in range(count, tosses + 1)), 2**tosses)


def _by_hand(counts, of, alpha):
    """Holm over all pairs that touch one of `of`; returns the pairs (larger, smaller) that differ."""
    pairs = [(j, k) for j in range(len(counts)) for k in range(len(counts)) if j != k and (j in of or k in of)]
    apart = []
    for left, (chance, pair) in enumerate(sorted((_surprise(counts[j], counts[k]), (j, k)) for j, k in pairs)):
        if chance > alpha / (len(pairs) - left):
            break
        apart.append(pair)
    return apart


@given(st.lists(st.integers(0, 60), min_size=1, max_size=7), st.sampled_from([0.8, 0.9, 0.95]))
def test_the_sets_are_those_of_whole_number_arithmetic(counts, coverage):
    size, alpha = len(counts), 1 - Fraction(str(coverage))
    together = _by_hand(counts, range(size), alpha)
    low, high = rank_sets_multinomial(counts, coverage=coverage, simultaneous=True)
    assert low.tolist() == [1 + sum(k == i for _, k in together) for i in range(size)]
    assert high.tolist() == [size - sum(j == i for j, _ in together) for i in range(size)]
    rejected = [_by_hand(counts, [i], alpha) for i in range(size)]
    low, high = rank_sets_multinomial(counts, coverage=coverage)
    assert low.tolist() == [1 + sum(k == i for _, k in rejected[i]) for i in range(size)]
    assert high.tolist() == [size - sum(j == i for j, _ in rejected[i]) for i in range(size)]


@pytest.mark.parametrize("together", [False, True])
def test_fifteen_to_five_is_told_apart_and_fourteen_to_six_is_not(together):
    """P(15 or more of 20 tosses) = 0.0207, P(14 or more) = 0.0577; Holm asks for 0.1 / 2."""
    assert rank_sets_multinomial([5, 15], simultaneous=together).low.tolist() == [2, 1]
    assert rank_sets_multinomial([6, 14], simultaneous=together).high.tolist() == [2, 2]


def test_counts_of_millions_are_told_apart_at_a_few_standard_deviations():
    sets = rank_sets_multinomial([100_000_000, 100_100_000, 100_101_000, 0])
    assert (sets.low.tolist(), sets.high.tolist()) == ([3, 1, 1, 4], [3, 2, 2, 4])


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [([], [], []), ([7], [1], [1]), ([0, 0], [1, 1], [2, 2]), ([5, 5, 5], [1, 1, 1], [3, 3, 3])],
)
@pytest.mark.parametrize("together", [False, True])
def test_the_smallest_tables_have_documented_answers(counts, low, high, together):
    sets = rank_sets_multinomial(counts, simultaneous=together)
    assert (sets.low.tolist(), sets.high.tolist()) == (low, high)


@pytest.mark.parametrize(
    ("counts", "coverage", "message"),
    [
        ([1, -2], 0.9, r"counts\[1\] is -2.0"),
        ([1, 2.5], 0.9, r"counts\[1\] is 2.5, not a whole number.*rank_sets"),
        ([np.nan], 0.9, r"counts\[0\] is nan"),
        ([[1, 2]], 0.9, r"counts have shape \(1, 2\)"),
        ([1], 0, "coverage is 0"),
    ],
)
def test_what_cannot_be_used_is_named(counts, coverage, message):
    with pytest.raises(ValueError, match=message):
        rank_sets_multinomial(counts, coverage=coverage)
