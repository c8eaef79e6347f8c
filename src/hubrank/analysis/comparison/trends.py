"""The lines of a series: rank and shares of each cluster over its editions, and which rise and fall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

LISTED = 20  # clusters in a list of those that rise or fall


@dataclass(frozen=True, slots=True)
class Trend:
    """A cluster through a series; ranks, scores and shares by edition, None where it is not there.

    shares : by metric, in percent of the world.
    """

    cluster: str
    economies: str
    ranks: tuple[int | None, ...]
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
    shares = [{row["cluster_id"]: row for row in ranking.to_pylist()} for ranking in rankings]
    lines: dict[int, dict[str, dict[str, Any]]] = {}
    for row in series.to_pylist():
        lines.setdefault(row["thread"], {})[row["edition"]] = row
    return [_trend(line, names, shares, metrics) for _, line in sorted(lines.items())]


def _trend(
    line: Mapping[str, dict[str, Any]],
    names: Sequence[str],
    shares: Sequence[Mapping[str, Any]],
    metrics: Sequence[str],
) -> Trend:
    rows = [line.get(name) for name in names]
    last = next(row for row in reversed(rows) if row is not None)
    by_metric = {
        metric: tuple(
            None if row is None else rankings.get(row["cluster_id"], {}).get(f"{metric}_share_pct")
            for row, rankings in zip(rows, shares, strict=True)
        )
        for metric in metrics
    }
    ranks = tuple(None if row is None else row["rank"] for row in rows)
    return Trend(
        last["cluster"],
        last["economies"],
        ranks,
        tuple(None if row is None else row["score_pct"] for row in rows),
        by_metric,
    )


def rising(lines: Sequence[Trend]) -> list[Trend]:
    """Return the clusters that rose most, the largest rise first, LISTED at most."""
    return _moved(lines, 1)


def falling(lines: Sequence[Trend]) -> list[Trend]:
    """Return the clusters that fell most, the largest fall first, LISTED at most."""
    return _moved(lines, -1)


def _moved(lines: Sequence[Trend], sign: int) -> list[Trend]:
    moved = [line for line in lines if line.rise is not None and sign * line.rise > 0]
    return sorted(moved, key=lambda line: (-sign * (line.rise or 0), line.ranks[-1] or 0))[:LISTED]
