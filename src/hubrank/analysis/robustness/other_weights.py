"""Ranks under other weights: on a grid for two and three metrics, and draws around equal ones (METHOD 13)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from hubrank.analysis.robustness.weight_grid import MOST_METRICS, PERCENT, MetricUnits, grid_ranks
from hubrank.core.sphere import Floats, Ints
from hubrank.core.tables import schema
from hubrank.study.sections import Robustness

if TYPE_CHECKING:  # a second process imports this file, and 90 MB less without these
    from hubrank.ranking.scores import RankedClusters
    from hubrank.study.study import Study

CONCENTRATION = 10  # of the Dirichlet, per metric: with three metrics a weight of 0.33 ± 0.08
TOP = 10
_BLOCK = 4_000_000  # scores held at once


def weights_schema(metrics: tuple[str, ...]) -> pa.Schema:
    """Return the columns of weights.parquet: those of weights once per metric."""
    weights = "".join(f", {which}_{metric} decimal(3,2)?" for which in ("best", "worst") for metric in metrics)
    return schema(f"""
        cluster_id text, rank int, best_rank int?, worst_rank int?{weights}, draws_low int, draws_high int,
        draws_top_10_pct decimal(9,6)
    """)


KEY = ("cluster_id",)


def weights_table(metrics: tuple[str, ...], counts: MetricUnits, rank: Sequence[int], settings: Robustness) -> pa.Table:
    """Return a table of `weights_schema`: how the rank of each cluster depends on the weights.

    metrics, counts : as `metric_units` returns them; rank : of each cluster; settings : how many draws, by which seed.
    """
    low, high, top = _draw_ranks(counts, settings.draws, settings.seed)
    percent = [(100 * Decimal(draws) / settings.draws).quantize(Decimal("1e-6")) for draws in top.tolist()]
    values = {
        "cluster_id": counts.keys,
        "rank": rank,
        "draws_low": low,
        "draws_high": high,
        "draws_top_10_pct": percent,
        **(_grid_columns(metrics, counts, rank) if len(metrics) <= MOST_METRICS else {}),
    }
    table_schema = weights_schema(metrics)
    none = [None] * len(counts.keys)
    return pa.table([pa.array(values.get(field.name, none), field.type) for field in table_schema], schema=table_schema)


def weights_inputs(
    ranked: "RankedClusters", study: "Study"
) -> tuple[tuple[str, ...], MetricUnits, Sequence[int], Robustness]:
    """Return the arguments of `weights_table`: no more than it needs, as they are sent to a second process."""
    return *metric_units(ranked, study), ranked.rank, study.robustness


def metric_units(ranked: "RankedClusters", study: "Study") -> tuple[tuple[str, ...], MetricUnits]:
    """Return the metrics that weigh something, and what clusters have of them."""
    metrics = tuple(metric for metric, weight in study.weights.items() if weight)
    rows = [ranked.sites.metrics.index(metric) for metric in metrics]
    counts = MetricUnits(
        ranked.units[rows].tolist(),
        [ranked.sites.totals[row] for row in rows],
        [int(size) for size in ranked.units.sum(axis=0)],
        [name.cluster_id for name in ranked.names],
    )
    return metrics, counts


def score_orders(shares: Floats, weights: Floats) -> Ints:
    """Return, per draw of weights, the clusters from first to last: int64, shape (draws, clusters).

    shares : float64, shape (metrics, clusters); weights : float64, shape (draws, metrics). Summed in a fixed order.
    """
    score = np.outer(weights[:, 0], shares[0])
    for weight, share in zip(weights.T[1:], shares[1:], strict=True):
        score += np.outer(weight, share)
    return np.argsort(-score, axis=1, kind="stable")


def _grid_columns(
    metrics: tuple[str, ...], counts: MetricUnits, rank: Sequence[int]
) -> dict[str, Sequence[int | Decimal | None]]:
    """Return best and worst rank over the grid and `rank`, and the weights nearest to equal ones that give them."""
    weights, ranks = grid_ranks(counts)
    values: dict[str, Sequence[int | Decimal | None]] = {}
    for which, extreme, point in (("best", min, ranks.argmin(axis=0)), ("worst", max, ranks.argmax(axis=0))):
        on_grid = ranks[point, np.arange(len(rank))].tolist()
        ends = list(map(extreme, on_grid, rank))
        values[f"{which}_rank"] = ends
        for metric, percents in zip(metrics, weights[point].T.tolist(), strict=True):
            values[f"{which}_{metric}"] = [
                Decimal(percent) / PERCENT if end == grid_end else None
                for percent, end, grid_end in zip(percents, ends, on_grid, strict=True)
            ]
    return values


def _draw_ranks(counts: MetricUnits, draws: int, seed: int) -> tuple[Ints, Ints, Ints]:
    """Return, per cluster, the ends of the middle nine tenths of its ranks, and how many draws have it in the top."""
    clusters, metrics = len(counts.keys), len(counts.totals)
    weights = np.random.default_rng(seed).dirichlet([CONCENTRATION] * metrics, draws)
    shares = counts.shares()
    tally = np.zeros((clusters, clusters + 1), np.int64)
    for part in np.array_split(weights, max(1, draws * clusters // _BLOCK)):
        ordered = score_orders(shares, part)
        for position in range(clusters):
            tally[:, position + 1] += np.bincount(ordered[:, position], minlength=clusters)
    running = np.cumsum(tally, axis=1)
    low = (20 * running >= draws).argmax(axis=1)
    high = (20 * running >= 19 * draws).argmax(axis=1)
    return low, high, running[:, min(TOP, clusters)].astype(np.int64)
