"""Scores and ranks are decided on exact fractions."""

import csv
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.core.errors import StudyError
from hubrank.core.units import half_even
from hubrank.ranking.scores import order, ranks, scores


def test_equal_weights_give_the_plain_sum_of_shares():
    ranked = scores([[10, 30], [1, 0]], [100, 10], [Decimal(1), Decimal(1)])
    assert ranked.shown() == [Decimal("20.000000"), Decimal("30.000000")]


def test_a_weight_of_zero_leaves_a_metric_out_of_the_count_of_metrics():
    ranked = scores([[10, 30], [1, 0]], [100, 10], [Decimal(2), Decimal(0)])
    assert ranked.shown() == [Decimal("10.000000"), Decimal("30.000000")]


def test_decimal_weights_are_exact():
    ranked = scores([[1], [1]], [3, 7], [Decimal("0.1"), Decimal("0.3")])
    expected = 2 * 100 * (Fraction(1, 10) / 3 + Fraction(3, 10) / 7) / Fraction(4, 10)
    assert Fraction(ranked.numerators[0], ranked.denominator) == expected


def test_scores_that_differ_in_the_twentieth_digit_are_ranked():
    world = 3 * 10**18
    ranked = scores([[10**18, 10**18 + 1]], [world], [Decimal(1)])
    assert ranked.shown()[0] == ranked.shown()[1]
    assert ranks(order(ranked, [0, 0], ["a", "b"])) == [2, 1]


def test_ties_go_to_the_larger_sum_then_to_the_key():
    ranked = scores([[1, 1, 1]], [3], [Decimal(1)])
    assert ranks(order(ranked, [5, 9, 5], ["b", "c", "a"])) == [3, 1, 2]


@pytest.mark.parametrize(("weights", "word"), [([Decimal(0)], "weights"), ([Decimal(1)], "total")])
def test_nothing_to_rank_by_is_refused(weights, word):
    with pytest.raises(StudyError, match=word):
        scores([[0]], [0], weights)


def test_a_world_of_one_record_can_be_ranked_and_none_is_refused_by_its_number():
    assert scores([[1]], [1], [Decimal(1)]).shown() == [Decimal("100.000000")]
    with pytest.raises(StudyError, match="metric number 2 has a world total of 0"):
        scores([[1], [0]], [1, 0], [Decimal(1), Decimal(1)])


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(0, 6))
def test_half_even_is_that_of_decimal(numerator, denominator, decimals):
    exact = Fraction(numerator, denominator) * 10**decimals
    assert half_even(numerator, denominator, decimals) == Decimal(round(exact)).scaleb(-decimals)


@pytest.mark.shared
def test_the_published_2023_table_comes_out(shared):
    with (shared / "reference" / "published-2023.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    metrics, totals = ("patents", "publications"), [1_255_570, 7_459_270]
    counts = [[int(row[metric]) for row in rows] for metric in metrics]
    ranked = scores(counts, totals, [Decimal(1), Decimal(1)])
    assert ranks(order(ranked, [0] * len(rows), [row["cluster"] for row in rows])) == [int(row["rank"]) for row in rows]
    for i, row in enumerate(rows):
        assert ranked.shown()[i].quantize(Decimal("0.1"), ROUND_HALF_EVEN) == Decimal(row["score_pct"])
