"""Scores of two editions and their difference: who gained and who lost (METHOD 8)."""

from decimal import Decimal
from typing import Any, Protocol

from hubrank.study.study import Study


class _Row(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...  # noqa: ANN401 (a cell)


def have_same_weights(earlier: Study, later: Study) -> bool:
    """Return whether two studies weigh the same metrics alike: else their scores are sums of other shares."""
    weights = [{name: weight for name, weight in study.weights.items() if weight} for study in (earlier, later)]
    return weights[0] == weights[1]


def score_change(row: _Row) -> Decimal | None:
    """Return by how many points the score of a cluster rose; None where it had none. row : of `comparison`."""
    later, earlier = row["score_pct"], row["score_before_pct"]
    return None if later is None or earlier is None or row["rank"] is None else later - earlier
