"""Ranks under other weights: all of them for two and three metrics, and draws around equal ones (METHOD 13)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from hubrank.analysis.robustness.simplex import MOST_METRICS, Counts, Weights, extremes
from hubrank.core.sphere import Floats, Ints
from hubrank.core.tables import Column, schema
from hubrank.study.sections import Robustness

if TYPE_CHECKING:  # a second process imports this file, and 90 MB less without these
    from hubrank.ranking.rank_clusters import RankedClusters
    from hubrank.study.study import Study

CONCENTRATION = 10  # of the Dirichlet, per metric: with three metrics a weight of 0.33 ± 0.08
TOP = 10
_BLOCK = 4_000_000  # scores held at once
_SHARE, _WEIGHT = pa.decimal128(9, 6), pa.decimal128(13, 12)


def columns(metrics: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of weights.parquet: those of weights once per metric."""
    given = [Column(f"{which}_{metric}", _WEIGHT, null=True) for which in ("best", "worst") for metric in metrics]
    return (
        Column("cluster_id", pa.string()),
        Column("rank", pa.int64()),
        Column("best_rank", pa.int64(), null=True),
        Column("worst_rank", pa.int64(), null=True),
        *given,
        Column("draws_low", pa.int64()),
        Column("draws_high", pa.int64()),
        Column("draws_top_10_pct", _SHARE),
    )


KEY = ("cluster_id",)


def weighing(metrics: tuple[str, ...], counts: Counts, rank: Sequence[int], choices: Robustness) -> pa.Table:
    """Return `columns` of the metrics: how the rank of each cluster hangs on the weights.

    metrics, counts : as `counted` returns them; rank : of each cluster; choices : how many draws, by which seed.
    """
    low, high, top = _drawn(counts, choices.draws, choices.seed)
    made = []
    for cluster, own in enumerate(rank):
        row = {"cluster_id": counts.keys[cluster], "rank": own, **_bounds(counts, cluster, metrics)}
        percent = (100 * Decimal(int(top[cluster])) / choices.draws).quantize(Decimal("1e-6"))
        draws = {"draws_low": int(low[cluster]), "draws_high": int(high[cluster]), "draws_top_10_pct": percent}
        made.append(row | draws)
    return pa.Table.from_pylist(made, schema(columns(metrics)))


def asked(found: "RankedClusters", study: "Study") -> tuple[tuple[str, ...], Counts, Sequence[int], Robustness]:
    """Return what `weighing` is asked with: no more than it needs, as it is sent to a second process."""
    return *counted(found, study), found.rank, study.robustness


def counted(found: "RankedClusters", study: "Study") -> tuple[tuple[str, ...], Counts]:
    """Return the metrics that weigh something, and what clusters have of them."""
    metrics = tuple(metric for metric, weight in study.weights.items() if weight)
    rows = [found.sites.metrics.index(metric) for metric in metrics]
    counts = Counts(
        found.units[rows].tolist(),
        [found.sites.totals[row] for row in rows],
        [int(size) for size in found.units.sum(axis=0)],
        [name.cluster_id for name in found.names],
    )
    return metrics, counts


def placed(shares: Floats, weights: Floats) -> Ints:
    """Return, per draw of weights, the clusters from first to last: int64, shape (draws, clusters).

    shares : float64, shape (metrics, clusters); weights : float64, shape (draws, metrics). Summed in a fixed order.
    """
    score = np.outer(weights[:, 0], shares[0])
    for weight, share in zip(weights.T[1:], shares[1:], strict=True):
        score += np.outer(weight, share)
    return np.argsort(-score, axis=1, kind="stable")


def _bounds(counts: Counts, cluster: int, metrics: tuple[str, ...]) -> dict[str, object]:
    if len(metrics) > MOST_METRICS:
        return {}
    bound = extremes(counts, cluster)
    return {
        "best_rank": bound.best,
        "worst_rank": bound.worst,
        **_told("best", metrics, bound.best_weights),
        **_told("worst", metrics, bound.worst_weights),
    }


def _told(which: str, metrics: tuple[str, ...], weights: Weights | None) -> dict[str, Decimal]:
    if weights is None:
        return {}
    return {f"{which}_{m}": Decimal(w.numerator) / w.denominator for m, w in zip(metrics, weights, strict=True)}


def _drawn(counts: Counts, draws: int, seed: int) -> tuple[Ints, Ints, Ints]:
    """Return, per cluster, the ends of the middle nine tenths of its ranks, and how many draws have it in the top."""
    clusters, metrics = len(counts.keys), len(counts.totals)
    weights = np.random.default_rng(seed).dirichlet([CONCENTRATION] * metrics, draws)
    shares = counts.shares()
    seen = np.zeros((clusters, clusters + 1), np.int64)
    for part in np.array_split(weights, max(1, draws * clusters // _BLOCK)):
        ordered = placed(shares, part)
        for place in range(clusters):
            seen[:, place + 1] += np.bincount(ordered[:, place], minlength=clusters)
    running = np.cumsum(seen, axis=1)
    low = (20 * running >= draws).argmax(axis=1)
    high = (20 * running >= 19 * draws).argmax(axis=1)
    return low, high, running[:, min(TOP, clusters)].astype(np.int64)
