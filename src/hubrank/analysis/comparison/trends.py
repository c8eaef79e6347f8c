"""The lines of a series: rank and shares of each cluster over its editions, and which rise and fall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

LISTED = 20  # clusters in a list of those that rise or fall


@dataclass(frozen=True, slots=True)
class Trend:
    """A cluster through a series; ranks, intervals, scores and shares by edition, None where it is not there.

    intervals : lowest and highest rank by the counts of that edition; None where it has none. shares : by metric, in
    percent of the world.
    """

    cluster: str
    economies: str
    ranks: tuple[int | None, ...]
    intervals: tuple[tuple[int, int] | None, ...]
    scores: tuple[Decimal | None, ...]
    shares: Mapping[str, tuple[Decimal | None, ...]]

    @property
    def rise(self) -> int | None:
        """Places won from the first edition to the last; None where it is missing in one of them."""
        first, last = self.ranks[0], self.ranks[-1]
        return None if first is None or last is None else first - last


def trends(series: pa.Table, names: Sequence[str], rankings: Sequence[pa.Table], metrics: Sequence[str]) -> list[Trend]:
    """Return the clusters of a series, those of the last edition by rank first.

    series : of SERIES_SCHEMA, under a method that all editions share; names : of the editions.
    rankings : the table ranking of each edition.
    """
    ranked = [{row["cluster_id"]: row for row in ranking.to_pylist()} for ranking in rankings]
    lines: dict[int, dict[str, dict[str, Any]]] = {}
    for row in series.to_pylist():
        lines.setdefault(row["thread"], {})[row["edition"]] = row
    return [_trend(line, names, ranked, metrics) for _, line in sorted(lines.items())]


def _trend(
    line: Mapping[str, dict[str, Any]],
    names: Sequence[str],
    ranked: Sequence[Mapping[str, Mapping[str, Any]]],
    metrics: Sequence[str],
) -> Trend:
    rows = [line.get(name) for name in names]
    last = next(row for row in reversed(rows) if row is not None)
    published = [{} if row is None else of.get(row["cluster_id"], {}) for row, of in zip(rows, ranked, strict=True)]
    by_metric = {metric: tuple(row.get(f"{metric}_share_pct") for row in published) for metric in metrics}
    ranks = tuple(None if row is None else row["rank"] for row in rows)
    return Trend(
        last["cluster"],
        last["economies"],
        ranks,
        tuple(_interval(row, rank) for row, rank in zip(published, ranks, strict=True)),
        tuple(None if row is None else row["score_pct"] for row in rows),
        by_metric,
    )


def _interval(published: Mapping[str, Any], rank: int | None) -> tuple[int, int] | None:
    """Return the interval that an edition has for a rank; none where the shared method ranks otherwise."""
    low, high = published.get("rank_low"), published.get("rank_high")
    return None if low is None or high is None or published["rank"] != rank else (low, high)


def rising(lines: Sequence[Trend]) -> list[Trend]:
    """Return the clusters that rose most, the largest rise first, LISTED at most."""
    return _moved(lines, 1)


def falling(lines: Sequence[Trend]) -> list[Trend]:
    """Return the clusters that fell most, the largest fall first, LISTED at most."""
    return _moved(lines, -1)


def _moved(lines: Sequence[Trend], sign: int) -> list[Trend]:
    moved = [line for line in lines if line.rise is not None and sign * line.rise > 0]
    return sorted(moved, key=lambda line: (-sign * (line.rise or 0), line.ranks[-1] or 0))[:LISTED]
