"""Which moves the intervals of two editions leave to chance, by hand (METHOD 8)."""

import pytest

from hubrank.analysis.certain_moves import crosses_by_chance, may_be_chance


def moved(rank, before, low=None, high=None, *, data=0, boundary=0, method=0):
    return {
        "rank": rank,
        "rank_before": before,
        "move": None if None in (rank, before) else before - rank,
        "rank_before_low": low,
        "rank_before_high": high,
        "data": data,
        "boundary": boundary,
        "method": method,
    }


@pytest.mark.parametrize(
    ("row", "interval", "expected"),
    [
        (moved(14, 11, 9, 15, data=-3), (12, 17), True),  # it may have had rank 12 twice
        (moved(14, 11, 9, 11, data=-3), (12, 17), False),
        (moved(14, 11, data=-3), (10, 17), True),  # an earlier edition without intervals
        (moved(14, 11, 9, 15, method=-3), (12, 17), False),  # the same records have both ranks
        (moved(14, 11, 9, 15, data=1, method=-4), (12, 17), True),
        (moved(11, 11, 9, 15), (12, 17), False),  # no move
        (moved(14, None, data=None), (12, 17), False),
    ],
)
def test_a_move_may_be_chance_where_both_intervals_hold_a_common_rank(row, interval, expected):
    assert may_be_chance(row, interval) is expected


@pytest.mark.parametrize(
    ("row", "interval", "expected"),
    [
        (moved(9, 12, 10, 14, data=3), (8, 11), True),  # tenth in both
        (moved(9, 12, 11, 14, data=3), (8, 10), False),
        (moved(9, 12, 10, 14, method=3), (8, 11), False),
        (moved(9, None, data=None), (8, 11), True),
        (moved(None, 9, 8, 10), (11, 12), False),
    ],
)
def test_crossing_a_leading_rank_may_be_chance_likewise(row, interval, expected):
    assert crosses_by_chance(row, interval, 10) is expected
