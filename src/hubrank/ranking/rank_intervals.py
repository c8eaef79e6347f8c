"""ranking → rank intervals: how sure ranks are given the number of records, and the doubt about places (METHOD 13).

The record is the unit: what it gives to several clusters varies together.
"""

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.core.sphere import Floats
from hubrank.core.tables import Engine, schema
from hubrank.core.units import UNIT
from hubrank.ranking.cluster_records import ClusterRecords, MetricRecords
from hubrank.ranking.place_draws import DoubtfulAddresses, place_sets, shifts
from hubrank.ranking.rank_sets.rank_covariance import MetricSums, overdispersion, score_covariance
from hubrank.ranking.rank_sets.rank_sets import (
    RankSets,
    indistinct_runs,
    possible_top,
    rank_margins,
    rank_sets,
    sets_from,
    surely_ahead,
    tied_with_next,
)
from hubrank.ranking.scores import RankedClusters
from hubrank.study.sections import Robustness
from hubrank.study.study import Study

TOP = 10

YEARLY = """
SELECT metric, year, cluster, CAST(SUM(units) AS BIGINT) AS units
FROM cells WHERE year IS NOT NULL
GROUP BY metric, year, cluster
"""

SCHEMA = schema("""
    cluster_id text, rank int, rank_low int, rank_high int, rank_low_places int, rank_high_places int,
    simultaneous_low int, simultaneous_high int, possible_top_10 bool, tied_with_next bool, tied_until int
""")
KEY = ("cluster_id",)


class ScoreMoments(NamedTuple):
    """The scores of clusters, float64, shape (clusters,), and how they vary together, shape (clusters, clusters)."""

    score: Floats
    covariance: Floats


def score_moments(ranked: RankedClusters, records: ClusterRecords, study: Study, engine: Engine) -> ScoreMoments:
    """Return the scores and their covariance, given the variation of records and years.

    Under full counting a record weighs UNIT wherever it is. How much more the years vary than independent records would
    is a ratio, and is always taken from fractional counts, whose world total is that of the years.
    """
    yearly = engine.rows(YEARLY, cells=records.cells).to_pylist()
    metrics = [
        _metric(
            records.of_metric[name],
            ranked.sites.totals[number],
            ranked.units[number].tolist(),
            [row for row in yearly if row["metric"] == name],
            is_weighted=name in study.unequal,
        )
        for number, name in enumerate(ranked.sites.metrics)
    ]
    covariance = score_covariance(metrics, [float(weight) for weight in study.weights.values()])
    return ScoreMoments(np.array([n / ranked.scores.denominator for n in ranked.scores.numerators]), covariance)


def rank_intervals(ranked: RankedClusters, moments: ScoreMoments, study: Study, doubts: DoubtfulAddresses) -> pa.Table:
    """Return SCHEMA: the confidence sets of ranks, given the variation of records and years, and doubtful places."""
    if not ranked.rank:
        return SCHEMA.empty_table()
    choice, (score, covariance) = study.robustness, moments
    ahead = surely_ahead(score, covariance, coverage=choice.level, draws=choice.draws, seed=choice.seed)
    marginal = rank_sets(score, covariance, coverage=choice.level, draws=choice.draws, seed=choice.seed)
    return _table(ranked, marginal, _with_places(score, covariance, marginal, doubts, choice), ahead)


def _with_places(
    score: Floats, covariance: Floats, marginal: RankSets, doubts: DoubtfulAddresses, choice: Robustness
) -> RankSets:
    """Return the sets that counts and places leave open together: those of counts where no address is doubtful."""
    if not len(doubts.cluster):
        return marginal
    changes = shifts(doubts, len(score), seed=choice.seed)
    margins = rank_margins(score, covariance, coverage=(1 + choice.level) / 2, draws=choice.draws, seed=choice.seed)
    return place_sets(score, margins, changes, marginal, level=choice.level)


def _metric(
    records: MetricRecords, total: int, units: list[int], yearly: list[dict[str, Any]], *, is_weighted: bool
) -> MetricSums:
    """Gather what the records of one metric add up to.

    total : units of the world. yearly : rows of YEARLY. is_weighted : whether its records weigh differently.
    """
    products = dict(zip(records.pairs, records.products, strict=True))
    average = (
        records.world / total if is_weighted and total else UNIT
    )  # of independent records a unit varies by as much
    crossed = records.crossed if is_weighted else None
    return MetricSums(
        average, total, units, records.squares, products, _excess(yearly, records.parts, average), crossed
    )


def _excess(yearly: list[dict[str, Any]], squares: list[int], unit: float) -> Floats | None:
    """Return how much more the years vary than independent records would; None where there are no years.

    unit : what a record weighs.
    """
    years = sorted({row["year"] for row in yearly})
    if not years:
        return None
    column = {year: number for number, year in enumerate(years)}
    units = np.zeros((len(squares), len(years)), np.int64)
    world = np.zeros(len(years), np.int64)
    for row in yearly:
        world[column[row["year"]]] += row["units"]
        if row["cluster"] is not None:
            units[row["cluster"], column[row["year"]]] += row["units"]
    return overdispersion(units, world, squares, unit=unit)


def _table(ranked: RankedClusters, marginal: RankSets, places: RankSets, ahead: NDArray[np.bool_]) -> pa.Table:
    together, by_rank = sets_from(ahead), -np.array(ranked.rank)  # equal scores in the order of their ranks
    runs = indistinct_runs(by_rank, ahead)
    columns = {
        "cluster_id": [name.cluster_id for name in ranked.names],
        "rank": ranked.rank,
        "rank_low": marginal.low,
        "rank_high": marginal.high,
        "rank_low_places": places.low,
        "rank_high_places": places.high,
        "simultaneous_low": together.low,
        "simultaneous_high": together.high,
        "possible_top_10": possible_top(together, TOP),
        "tied_with_next": tied_with_next(by_rank, ahead),
        "tied_until": [max((last for first, last in runs if first <= r <= last), default=r) for r in ranked.rank],
    }
    return pa.table(columns, SCHEMA)
