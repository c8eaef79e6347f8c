"""One-company clusters are marked as such."""

from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest

from hubrank.ranking.tables.concentration import concentration
from ranking.small_rankings import on_engine, profile, rank_towns, row


def measured(rows, folder, factors=(1,), metrics=("patents",), weights=None):
    ranked = rank_towns(rows, [("first", ("CN",), [0]), ("second", ("CN",), [5])], metrics, weights)
    profiled = on_engine(ranked, partial(profile, ranked), folder)
    table = concentration(profiled, ranked, factors)
    return {(r["cluster_id"], r["metric"]): r for r in table.to_pylist()}


def test_herfindahl_is_the_sum_of_squared_shares(tmp_path):
    rows = [row("patents", n, 0, units, organisations=[n]) for n, units in (("A", 50), ("B", 30), ("C", 20))]
    measures = measured([*rows, row("patents", "x", 5, 1)], tmp_path)["first", "patents"]
    assert measures["herfindahl"] == Decimal("0.380000")
    assert (measures["leader"], measures["leader_share_pct"], measures["organisations"]) == (
        "A",
        Decimal("50.000000"),
        3,
    )


@pytest.mark.parametrize(("units", "marked"), [(50, True), (49, False)])
def test_half_of_the_output_makes_one_organisation(tmp_path, units, marked):
    rows = [row("patents", "a", 0, units, organisations=["A"])]
    rows += [row("patents", f"o{n}", 0, 1, organisations=[f"O{n}"]) for n in range(100 - units)]
    measures = measured([*rows, row("patents", "x", 5, 1)], tmp_path)
    assert measures["first", "patents"]["one_organisation"] is marked
    assert measures["first", "all"]["one_organisation"] is marked


@pytest.mark.parametrize("name", ["individual", None])
def test_persons_and_unnamed_applicants_lead_nothing(tmp_path, name):
    rows = [row("patents", "a", 0, 90, organisations=[name]), row("patents", "b", 0, 10, organisations=["A"])]
    measures = measured([*rows, row("patents", "x", 5, 1)], tmp_path)["first", "patents"]
    assert (measures["leader"], measures["leader_share_pct"]) == ("A", Decimal("10.000000"))
    assert measures["herfindahl"] == Decimal("0.010000")
    assert not measures["one_organisation"]


def test_a_cluster_without_named_organisations_has_no_leader(tmp_path):
    measures = measured([row("patents", "a", 0, 10), row("patents", "b", 5, 1)], tmp_path)["first", "patents"]
    assert measures["leader"] is None
    assert measures["herfindahl"] is None
    assert measures["organisations"] == 0


def test_all_metrics_together_weigh_as_they_score(tmp_path):
    rows = [
        row("patents", "a", 0, 100, organisations=["A"]),
        row("deals", "b", 0, 10, organisations=["B"]),
        row("deals", "c", 5, 1),
        row("patents", "d", 5, 1),
    ]
    measures = measured(rows, tmp_path, (1, 20), ("patents", "deals"), [Fraction(1), Fraction(20)])["first", "all"]
    assert (measures["leader"], measures["leader_share_pct"]) == ("B", Decimal("66.666667"))  # 10 × 20 of 300


def test_a_metric_of_weight_0_says_nothing_about_all(tmp_path):
    rows = [row("patents", "a", 0, 7, organisations=["A"]), row("deals", "b", 0, 10**9, organisations=["B"])]
    rows += [row("deals", "c", 5, 1), row("patents", "d", 5, 1)]
    measures = measured(rows, tmp_path, (1, 0), ("patents", "deals"), [Fraction(1), Fraction(0)])["first", "all"]
    assert (measures["leader"], measures["organisations"]) == ("A", 1)
