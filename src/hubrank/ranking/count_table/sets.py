"""Rank intervals of a plain table, its counts taken as independent records (METHOD 13)."""

import numpy as np
import pyarrow as pa

from hubrank.ranking.count_table.ranked import Counts, Ranked
from hubrank.ranking.rank_sets.rank_covariance import MetricSums, score_covariance
from hubrank.ranking.rank_sets.rank_multinomial import rank_sets_multinomial
from hubrank.ranking.rank_sets.rank_sets import RankSets, rank_sets

COVERAGE = 0.9


def with_sets(table: pa.Table, counts: Counts, ranked: Ranked) -> pa.Table:
    """Return a ranking with the columns rank_low and rank_high: 90 % marginal confidence sets.

    Whole counts of one metric have exact sets, without draws. Else the scores covary as those of whole records do: a
    table does not say which records clusters share, nor whether records come in clumps.
    """
    sets = _sets(counts, ranked)
    for name, values in zip(("rank_low", "rank_high"), sets, strict=True):
        table = table.append_column(name, pa.array(values[ranked.order], pa.int64()))
    return table


def _sets(counts: Counts, ranked: Ranked) -> RankSets:
    unit = 10**counts.decimals
    weighing = [m for m, metric in enumerate(counts.metrics) if ranked.weights[metric]]
    if len(weighing) == 1 and not any(count % unit for count in counts.whole[weighing[0]]):
        return rank_sets_multinomial([count // unit for count in counts.whole[weighing[0]]], coverage=COVERAGE)
    metrics = [
        MetricSums(unit, counts.totals[m], counts.whole[m], [count * unit for count in counts.whole[m]], {})
        for m in weighing
    ]
    covariance = score_covariance(metrics, [float(ranked.weights[counts.metrics[m]]) for m in weighing])
    score = np.array([n / ranked.scores.denominator for n in ranked.scores.numerators])
    return rank_sets(score, covariance, coverage=COVERAGE)
