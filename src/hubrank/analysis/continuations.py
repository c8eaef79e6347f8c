"""Clusters that continue one of another name, and what they absorbed: whose rank the earlier one was (METHOD 8)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar


class _Row(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...  # noqa: ANN401 (a cell)


Row = TypeVar("Row", bound=_Row)


def is_renamed(row: _Row) -> bool:
    """Return whether a cluster had its earlier rank under another name. row : of `comparison`."""
    before = row["cluster_before"]
    return row["rank_before"] is not None and before is not None and before != row["cluster"]


def absorbed_by(comparison: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of earlier clusters that each later one absorbed, by its cluster_id, first rank first.

    comparison : rows of that table.
    """
    joined = {row["cluster_id"] for row in comparison if row["kind"] == "joined"}
    lost = [row for row in comparison if row["rank"] is None and row["kind"] == "absorbed"]
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(lost, key=lambda row: (row["rank_before"], row["cluster_id"])):
        for key in joined.intersection(row["kin"]):
            parts[key].append(row)
    return dict(parts)
