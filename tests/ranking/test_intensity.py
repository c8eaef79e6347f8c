"""Output per million inhabitants, in a ranking of its own."""

from decimal import Decimal

import numpy as np

from hubrank.core.units import UNIT
from hubrank.ranking.rank_intervals import ScoreMoments
from hubrank.ranking.rank_sets.rank_sets import rank_sets
from hubrank.ranking.tables.intensity import intensity, intensity_sets, people_of_cities
from hubrank.study.sections import Robustness
from ranking.small_rankings import rank_towns, row

ROWS = [
    row("patents", "a", 0, 30 * UNIT),
    row("patents", "b", 5, 10 * UNIT),
    row("patents", "c", 7, 10 * UNIT),
    row("deals", "d", 0, UNIT // 3),
]
CLUSTERS = [("large", ("FR",), [0]), ("ningde", ("CN",), [5]), ("empty", ("FR",), [7])]
RANKED = rank_towns(ROWS, CLUSTERS, ("patents", "deals"))


# Their scores, in the order of CLUSTERS, which vary by far less.
MOMENTS = ScoreMoments(np.array([80.0, 10.0, 10.0]), np.eye(3))


def measured(people, area_km2=(100.0, 12.5, 3.0), moments=MOMENTS):
    table = intensity(RANKED, people, np.array(area_km2), moments, Robustness())
    return {r["cluster_id"]: r for r in table.to_pylist()}


def test_columns_say_their_unit_and_divide_by_millions_of_people():
    rows = measured([2_000_000, 100_000, 1])
    assert rows["large"]["patents_per_million"] == Decimal("15.000")
    assert rows["large"]["deals_per_million"] == Decimal("0.167")
    assert rows["ningde"]["patents_per_million"] == Decimal("100.000")
    assert rows["large"]["score_pct_per_million"] == Decimal("80.000000")  # 60 % of patents and all deals, by two
    assert rows["ningde"]["score_pct_per_million"] == Decimal("200.000000")

    assert measured([1, 1, 1])["large"]["patents_per_million"] == Decimal("30000000.000")


def test_a_small_place_can_be_first_by_intensity():
    rows = measured([2_000_000, 100_000, 10_000_000])
    assert [rows[key]["intensity_rank"] for key in ("ningde", "large", "empty")] == [1, 2, 3]
    assert RANKED.rank == [1, 3, 2]


def test_where_nobody_lives_nothing_is_said():
    row = measured([2_000_000, 100_000, 0])["empty"]
    assert row["population"] == 0
    assert [row[name] for name in ("patents_per_million", "score_pct_per_million", "intensity_rank")] == [None] * 3


def test_where_no_population_is_known_none_is_made_up():
    rows = measured([2_000_000, None, 0])
    unknown = ["population", "people_per_km2", "patents_per_million", "score_pct_per_million", "intensity_rank"]
    assert [rows["ningde"][name] for name in unknown] == [None] * 5
    assert rows["empty"]["people_per_km2"] == 0
    assert rows["large"]["intensity_rank"] == 1


def test_equal_intensity_goes_to_the_better_rank():
    rows = measured([8_000_000, 1_000_000, 1_000_000])  # 160 by 8, 20 by 1, 20 by 1: all equal
    assert {key: r["intensity_rank"] for key, r in rows.items()} == {"large": 1, "empty": 2, "ningde": 3}


def test_density_is_people_over_the_ground():
    rows = measured([2_000_000, 100_001, 0])
    assert [rows[key]["people_per_km2"] for key in ("large", "ningde", "empty")] == [20_000, Decimal("8000.1"), 0]


def test_people_of_cities_are_stated_and_nothing_is_divided_by_them():
    table = people_of_cities(RANKED, [3, 2, 1])
    assert table.column_names == ["cluster_id", "city_people"]
    assert table["city_people"].to_pylist() == [3, 2, 1]


def test_a_rank_per_inhabitant_says_how_sure_it_is():
    # Per head 1.0, 1.1 and 5.0, with standard deviations of 0.5, 0.5 and 0.1: only the last is surely apart.
    people = [2, None, 4, 1]
    moments = ScoreMoments(np.array([2.0, 9.0, 4.4, 5.0]), np.diag([1.0, 1.0, 4.0, 0.01]))
    sets = intensity_sets(people, moments, Robustness())
    assert sets == {0: (2, 3), 2: (2, 3), 3: (1, 1)}


def test_scores_that_vary_together_are_compared_as_they_vary_together():
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(3, 8))
    moments = ScoreMoments(np.array([3.0, 5.0, 4.0]), draws @ draws.T / 8)
    people = np.array([1, 4, 2])
    per_head = np.diag(1 / people)
    low, high = rank_sets(per_head @ moments.score, per_head @ moments.covariance @ per_head)
    expected = dict(enumerate(zip(low.tolist(), high.tolist(), strict=True)))
    assert intensity_sets(people.tolist(), moments, Robustness(seed=0)) == expected


def test_the_set_of_a_rank_stands_beside_it():
    wide = ScoreMoments(MOMENTS.score, np.diag([1e4, 1.0, 1.0]))
    rows = measured([2_000_000, 100_000, 0], moments=wide)
    bounds = [[row[f"intensity_rank{bound}"] for bound in ("", "_low", "_high")] for row in rows.values()]
    assert bounds == [[2, 1, 2], [1, 1, 2], [None, None, None]]
    assert intensity_sets([None, 0], ScoreMoments(np.ones(2), np.eye(2)), Robustness()) == {}
