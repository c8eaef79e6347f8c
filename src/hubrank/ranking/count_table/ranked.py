"""Counts per cluster become a ranking, by the same formula as an edition's (METHOD 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from hubrank.core.errors import StudyError
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.ranking.count_table import numbers
from hubrank.ranking.scores import Scores, order, ranks, scores

MOST_SHOWN = 12  # decimals of shares and scores


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of clusters, exact: `whole[m][i]` and `totals[m]` are whole numbers of 10^-decimals.

    labels : the columns that say which cluster a row is.
    keys : what breaks the last ties, one per cluster.
    """

    labels: dict[str, list[str]]
    keys: list[tuple[str, ...]]
    metrics: tuple[str, ...]
    whole: list[list[int]]
    totals: list[int]
    decimals: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ranks (a permutation of 1 … n), exact scores, and cluster numbers from first to last."""

    rank: list[int]
    scores: Scores
    order: list[int]
    weights: dict[str, Decimal | Fraction]

    def shown(self, decimals: int = SHOWN_DECIMALS) -> list[Decimal]:
        """Return the scores in percent from first to last, rounded half to even."""
        return [half_even(self.scores.numerators[i], self.scores.denominator, decimals) for i in self.order]


def full_weights(weights: object, metrics: Sequence[str]) -> dict[str, Decimal | Fraction]:
    """Return the weight of each metric: 1 without any weights, 0 where only others have one.

    weights : by metric, or None.

    Raises StudyError as `weights_by_metric` does, where there are some and none is named, and where all are 0.
    """
    exact = numbers.weights_by_metric(weights, metrics)
    if weights is not None and not exact:
        raise StudyError(f"weights name no metric; the metrics are: {', '.join(metrics)}. Give at least one a weight.")
    if exact and not any(exact.values()):
        raise StudyError("all weights are 0: nothing to rank by. Give at least one metric a weight above 0.")
    default: Decimal | Fraction = Decimal(0 if exact else 1)
    return {metric: exact.get(metric, default) for metric in metrics}


def ranked(counts: Counts, weight: Mapping[str, Decimal | Fraction]) -> Ranked:
    """Rank clusters on exact scores; ties: the larger sum of counts, then the key in alphabetical order.

    weight : one per metric, as `full_weights` returns them.
    Raises StudyError where a metric that weighs something has a world total of 0.
    """
    for metric, total in zip(counts.metrics, counts.totals, strict=True):
        if weight[metric] and not total:
            raise StudyError(f"{metric} has a world total of 0, so no cluster has a share of it. Give it weight 0.")
    score = scores(counts.whole, counts.totals, [weight[metric] for metric in counts.metrics])
    sizes = [sum(column) for column in zip(*counts.whole, strict=True)]
    ordered = order(score, sizes, ["\0".join(key) for key in counts.keys])
    return Ranked(ranks(ordered), score, ordered, dict(weight))


def table(counts: Counts, ranked: Ranked, *, decimals: int = SHOWN_DECIMALS) -> pa.Table:
    """Return one row per cluster, first rank first, with the columns of an edition's ranking.

    decimals : of shares and scores, rounded half to even from the exact values.
    """
    rows = ranked.order
    columns: dict[str, pa.Array] = {"rank": pa.array(range(1, len(rows) + 1), pa.int64())}
    columns |= {name: pa.array([cells[i] for i in rows], pa.string()) for name, cells in counts.labels.items()}
    shown = pa.decimal128(38, decimals)
    columns["score_pct"] = pa.array(ranked.shown(decimals), shown)
    for metric, whole, total in zip(counts.metrics, counts.whole, counts.totals, strict=True):
        columns[metric] = _exact([whole[i] for i in rows], counts.decimals)
        shares = [half_even(100 * whole[i], total, decimals) if total else None for i in rows]
        columns[f"{metric}_share_pct"] = pa.array(shares, shown)
    return pa.table(columns)


def _exact(whole: Sequence[int], decimals: int) -> pa.Array:
    """Return counts without the decimals that none of them needs."""
    while decimals and not any(count % 10 for count in whole):
        whole, decimals = [count // 10 for count in whole], decimals - 1
    if not decimals:
        return pa.array(whole, pa.int64())
    return pa.array([Decimal(count).scaleb(-decimals) for count in whole], pa.decimal128(38, decimals))
