"""Which weight moves ranks most: Sobol indices of the weights, over all clusters together (METHOD 13).

A Dirichlet draw is a set of independent gamma draws over their sum, so the weights have independent inputs.
"""

from decimal import Decimal

import numpy as np
import pyarrow as pa

from hubrank.analysis.robustness.other_weights import CONCENTRATION, metric_units, score_orders
from hubrank.core.sphere import Floats
from hubrank.core.tables import schema
from hubrank.ranking.scores import RankedClusters
from hubrank.study.study import Study

SAMPLES = 2048  # and as many again for each metric, twice: a power of two, as Sobol's sequence wants

SCHEMA = schema("metric text, first_pct decimal(9,6), total_pct decimal(9,6)")
KEY = ("metric",)


def weight_shares(ranked: RankedClusters, study: Study) -> pa.Table:
    """Return a table of SCHEMA for the metrics that weigh something; no row where no rank moves.

    Estimates of the sums over clusters of partial variances over the sum of variances: Gamboa, Janon, Klein & Lagnoux
    (2014), Electronic Journal of Statistics 8, 575-603, by the estimators of Saltelli and others (2010).
    """
    from scipy.stats import gamma, sobol_indices  # noqa: PLC0415 (a quarter of a second that no run needs)

    metrics, counts = metric_units(ranked, study)
    shares = counts.shares()
    if min(shares.shape) < 2:  # one metric, or one cluster
        return SCHEMA.empty_table()

    def ranks(weights: Floats) -> Floats:
        return np.argsort(score_orders(shares, weights.T), axis=1).T.astype(np.float64)

    found_shares = sobol_indices(
        func=ranks,
        n=SAMPLES,
        dists=[gamma(CONCENTRATION)] * len(metrics),
        method=_together,
        rng=np.random.default_rng(study.robustness.seed),
    )
    rows = [
        {"metric": metric, "first_pct": _percent(first), "total_pct": _percent(total)}
        for metric, first, total in zip(
            metrics, found_shares.first_order[0].tolist(), found_shares.total_order[0].tolist(), strict=True
        )
    ]
    return pa.Table.from_pylist(rows if any(row["total_pct"] for row in rows) else [], SCHEMA)


def _percent(share: float) -> Decimal:
    return Decimal(100 * share).quantize(Decimal("1e-6"))


def _together(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:  # noqa: N803 (scipy's names)
    """Return first-order and total indices, each of shape (clusters, metrics): the same for every cluster.

    f_A, f_B : shape (clusters, samples), ranks about their means; f_AB : shape (metrics, clusters, samples), with the
        weight of one metric taken from f_B and the others from f_A.
    """
    variance = np.var(np.concatenate([f_A, f_B], axis=1), axis=1).sum() or np.inf
    first = (f_B * (f_AB - f_A)).mean(axis=2).sum(axis=1) / variance
    total = ((f_A - f_AB) ** 2).mean(axis=2).sum(axis=1) / variance / 2
    size = (len(f_A), len(f_AB))
    return np.broadcast_to(first, size).copy(), np.broadcast_to(total, size).copy()
