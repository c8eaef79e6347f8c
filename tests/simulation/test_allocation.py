"""Planted counts are allocated by largest remainder, not at random."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.simulation.allocation import largest_remainder, rows_by_remainder, yearly

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


def test_the_textbook_case_gives_the_rest_to_the_largest_remainders():
    # Ten seats over 416, 338, 246 votes: quotas 4.16, 3.38, 2.46; the seat left over goes to the third.
    assert largest_remainder(np.array([416, 338, 246]), 10).tolist() == [4, 3, 3]


def test_equal_remainders_go_to_the_first():
    assert largest_remainder(np.array([1, 1, 1]), 4).tolist() == [2, 1, 1]


@given(WEIGHTS, st.integers(0, 10**6))
def test_parts_sum_to_the_total_and_lie_within_one_of_their_quota(weights, total):
    parts = largest_remainder(np.array(weights), total)
    assert parts.sum() == total
    assert all(abs(Fraction(w * total, sum(weights)) - int(p)) < 1 for w, p in zip(weights, parts, strict=True))


def test_nothing_can_be_divided_by_no_weight():
    with pytest.raises(ValueError, match="positive sum"):
        largest_remainder(np.array([0, 0]), 3)


@given(st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 10**5)), min_size=1, max_size=20))
def test_years_sum_to_both_windows_and_are_never_negative(pairs):
    earlier, later = np.array(pairs).T
    years = yearly(earlier, later)
    assert years.min() >= 0
    assert years[:, :5].sum(axis=1).tolist() == earlier.tolist()
    assert years[:, 1:].sum(axis=1).tolist() == later.tolist()


def test_a_steady_unit_has_the_same_in_each_year_and_a_growing_one_grows():
    steady, growing = yearly(np.array([500, 500]), np.array([500, 1000]))
    assert steady.tolist() == [100] * 6
    assert all(a < b for a, b in pairwise(growing))


def test_each_row_is_divided_by_its_own_weights():
    parts = rows_by_remainder(np.array([[1.0, 1.0, 2.0], [1.0, 0.0001, 0.0001]]), np.array([8, 3]))
    assert parts.tolist() == [[2, 2, 4], [3, 0, 0]]
