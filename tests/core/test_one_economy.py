"""A metric of which one economy has most, and of another far less, as in the records of one national office."""

import pytest

from hubrank.core.one_economy import of_edition, of_units

EVEN = {"BR": 10, "US": 60, "JP": 30}


@pytest.mark.parametrize(
    ("patents", "works", "flagged"),
    [
        ({"BR": 92, "US": 8}, EVEN, True),
        ({"BR": 80, "US": 20}, {"BR": 59, "US": 41}, True),  # both limits
        ({"BR": 79, "US": 21}, {"BR": 35, "US": 65}, False),
        ({"BR": 96, "US": 4}, {"BR": 60, "US": 40}, False),  # a study of one country, with its partners
        ({"BR": 92, "US": 8}, {}, False),  # nothing to compare with
    ],
)
def test_four_fifths_of_one_metric_and_less_than_three_fifths_of_another_are_found(patents, works, flagged):
    assert bool(of_units({"patents": patents, "works": works})) is flagged


def test_the_metric_of_which_the_economy_has_least_is_named_beside():
    row = {"economy": "BR", "share_pct": 92.0, "other_metric": "works", "other_share_pct": 10.0}
    units = {"patents": {"BR": 92, "US": 8}, "deals": {"BR": 1, "US": 1}, "works": EVEN}
    assert of_units(units) == {"patents": row}
    assert of_edition({"metrics": {"patents": {"one_economy": row}, "works": {"units": 1}}}) == {"patents": row}
