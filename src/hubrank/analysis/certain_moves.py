"""Moves that the intervals of both editions leave to chance (METHOD 8)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

BOUNDS = (("rank_low_places", "rank_high_places"), ("rank_low", "rank_high"))  # of a ranking, the wider first
Interval = tuple[int, int]
Row = Mapping[str, Any]


def rank_interval(row: Row) -> Interval | None:
    """Return the interval of a row of a ranking, with the doubt about places where it has that; None where none."""
    ends = [(row.get(low), row.get(high)) for low, high in BOUNDS]
    return next(((low, high) for low, high in ends if low is not None and high is not None), None)


def rank_intervals(ranking: pa.Table) -> dict[str, Interval]:
    """Return the interval of each cluster that has one, by cluster_id. ranking : that table of an edition."""
    columns = {"cluster_id", *(name for pair in BOUNDS for name in pair)} & {*ranking.column_names}
    intervals = {row["cluster_id"]: rank_interval(row) for row in ranking.select(sorted(columns)).to_pylist()}
    return {name: interval for name, interval in intervals.items() if interval is not None}


def interval_before(moved: Row) -> Interval | None:
    """Return the interval that the earlier edition had; None where it had none. moved : of `comparison`."""
    low, high = moved.get("rank_before_low"), moved.get("rank_before_high")
    return None if low is None or high is None else (low, high)


def may_be_chance(moved: Row, interval: Interval | None) -> bool:
    """Return whether the intervals of both editions hold one and the same rank, so that the move may be none.

    moved : of `comparison`; interval : of its rank now, None where that is not known. Of an earlier edition without
    intervals its rank counts as certain. What the method alone has moved is none: the same records have both ranks.
    """
    rank = moved["rank_before"]
    if interval is None or rank is None or not moved["move"] or _is_of_method_alone(moved):
        return False
    low, high = interval_before(moved) or (rank, rank)
    return interval[0] <= high and low <= interval[1]


def _is_of_method_alone(moved: Row) -> bool:
    return bool(moved.get("method")) and moved.get("data") == 0 and moved.get("boundary") == 0


def crosses_by_chance(moved: Row, interval: Interval | None, top: int) -> bool:
    """Return whether the intervals leave open that a cluster was and is on the same side of a leading rank.

    moved : of `comparison`; interval : of its rank now, None where that is not known; top : the last leading rank.
    One that is new was behind; nothing is open of one that is gone or absorbed, or that the method alone has moved.
    """
    if interval is None or moved["rank"] is None or _is_of_method_alone(moved):
        return False
    before = moved["rank_before"] or top + 1
    low, high = interval_before(moved) or (before, before)
    return not (interval[1] <= top < low or high <= top < interval[0])


def chance_moves(comparison: Sequence[Row], ranking: pa.Table) -> set[str]:
    """Return the ids of clusters whose move may be chance. comparison : its rows; ranking : of the later edition."""
    intervals = rank_intervals(ranking)
    return {row["cluster_id"] for row in comparison if may_be_chance(row, intervals.get(row["cluster_id"]))}
