"""Moves among equal scores: there the rule for ties gives the ranks, and nothing moved the clusters (METHOD 8)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol


class _Row(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...  # noqa: ANN401 (a cell)


def moved_among_equals(comparison: Sequence[_Row], before: str = "rank_before") -> set[str]:
    """Return the ids of clusters whose earlier rank is one that clusters of the same score have now.

    comparison : rows of that table; before : its column of the earlier rank.
    """
    ranked = [row for row in comparison if row["rank"] is not None and row["score_pct"] is not None]
    scores = {row["rank"]: row["score_pct"] for row in ranked}
    return {
        row["cluster_id"]
        for row in ranked
        if row["rank"] != row[before] and scores.get(row[before]) == row["score_pct"]
    }


def of_equal_score(ranking: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of clusters that have the score of another one. ranking : rows of that table."""
    rows = list(ranking)
    times = Counter(row["score_pct"] for row in rows)
    return {row["cluster_id"] for row in rows if times[row["score_pct"]] > 1}
