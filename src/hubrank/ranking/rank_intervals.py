"""ranking → rank intervals: how sure ranks are given the number of records, and the doubt about places (METHOD 13).

The record is the unit: what it gives to several clusters varies together. Sums of squares do not fit 64 bits, so each
takes two columns.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.clustering.cluster_records import ClusterRecords
from hubrank.core.sphere import Floats
from hubrank.core.tables import Engine, Relation, schema
from hubrank.core.units import UNIT
from hubrank.ranking.place_draws import DoubtfulAddresses, place_sets, shifts
from hubrank.ranking.rank_sets.rank_covariance import SPLIT, MetricSums, overdispersion, score_covariance, wide_sums
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
from hubrank.study.study import Robustness, Study

TOP = 10

# A row of several records has the same units for each of them.
SQUARES = f"""
SELECT metric, cluster, CAST(SUM(records * (each * each // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(records * (each * each % {SPLIT})) AS BIGINT) AS low
FROM (SELECT metric, cluster, records, units // records AS each FROM members)
GROUP BY metric, cluster
"""

WHOLE = "SELECT * REPLACE (record_units * records AS units) FROM members"

PRODUCTS = f"""
SELECT a.metric AS metric, a.cluster AS a, b.cluster AS b,
       CAST(SUM(a.records * (a.units // a.records * (b.units // b.records) // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(a.records * (a.units // a.records * (b.units // b.records) % {SPLIT})) AS BIGINT) AS low,
       CAST(SUM(a.records) AS BIGINT) AS records
FROM members a JOIN members b ON a.metric = b.metric AND a.record_key = b.record_key AND a.cluster < b.cluster
GROUP BY a.metric, a.cluster, b.cluster
"""

# Of metrics whose records weigh differently: what each record weighs wherever it is, with what it gives to a cluster.
CROSSED = f"""
SELECT metric, cluster,
       CAST(SUM(records * (units // records * record_units // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(records * (units // records * record_units % {SPLIT})) AS BIGINT) AS low
FROM members GROUP BY metric, cluster
"""
WORLD = f"""
SELECT metric, CAST(SUM(count * (record_units * record_units // {SPLIT})) AS BIGINT) AS high,
       CAST(SUM(count * (record_units * record_units % {SPLIT})) AS BIGINT) AS low
FROM (SELECT metric, record_key, MAX(count) AS count, MAX(record_units) AS record_units
      FROM rounded GROUP BY metric, record_key)
GROUP BY metric ORDER BY metric
"""

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


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Rows of the statements, of all metrics.

    parts : squares of fractional counts, whatever the counting. crossed, world : where the
        records of a metric weigh differently.
    """

    squares: pa.Table
    products: pa.Table
    yearly: pa.Table
    parts: pa.Table
    crossed: pa.Table | None
    world: pa.Table | None


def shared_records(members: Relation, study: Study, engine: Engine) -> pa.Table:
    """Return columns metric, a, b, records, and high, low: the sum of products of what each record gives to both.

    members : Relation[metric, record_key, cluster, units, records, record_units].
    """
    return engine.rows(PRODUCTS, members=_counted(members, study, engine))


def _counted(members: Relation, study: Study, engine: Engine) -> Relation:
    """Return the units that count: under full counting those of the whole record."""
    return engine.plan(WHOLE, members=members) if study.ranking.counting == "full" else members


def rank_intervals(
    ranked: RankedClusters,
    records: ClusterRecords,
    shared: pa.Table,
    study: Study,
    engine: Engine,
    doubts: DoubtfulAddresses,
) -> pa.Table:
    """Return SCHEMA: the confidence sets of ranks, given the variation of records and years, and doubtful places.

    shared : as `shared_records` returns it.

    Under full counting a record weighs UNIT wherever it is. How much more the years vary than independent records would
    is a ratio, and is always taken from fractional counts, whose world total is that of the years.
    """
    if not ranked.rank:
        return SCHEMA.empty_table()
    counted = _counted(records.members, study, engine)
    fractional = engine.rows(SQUARES, members=records.members)
    sums = _Sums(
        fractional if counted is records.members else engine.rows(SQUARES, members=counted),
        shared,
        engine.rows(YEARLY, cells=records.cells),
        fractional,
        engine.rows(CROSSED, members=counted) if study.unequal else None,
        engine.rows(WORLD, rounded=records.rounded) if study.unequal else None,
    )
    choice, weights = study.robustness, study.weights.values()
    names = ranked.sites.metrics
    metrics = [_metric(ranked, number, sums, is_weighted=name in study.unequal) for number, name in enumerate(names)]
    covariance = score_covariance(metrics, [float(weight) for weight in weights])
    score = np.array([n / ranked.scores.denominator for n in ranked.scores.numerators])
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


def _metric(ranked: RankedClusters, number: int, sums: _Sums, *, is_weighted: bool) -> MetricSums:
    """Gather what the records of one metric add up to. is_weighted : whether they weigh differently."""
    name, count = ranked.sites.metrics[number], len(ranked.rank)
    pairs = [row for row in sums.products.to_pylist() if row["metric"] == name]
    values = wide_sums([r["high"] for r in pairs], [r["low"] for r in pairs])
    products = {(row["a"], row["b"]): value for row, value in zip(pairs, values, strict=True)}
    units = [int(u) for u in ranked.units[number]]
    yearly = [row for row in sums.yearly.to_pylist() if row["metric"] == name]
    squares, total = _squares(sums.squares, name, count), ranked.sites.totals[number]
    if not is_weighted or sums.crossed is None or sums.world is None:
        excess = _excess(yearly, _squares(sums.parts, name, count), UNIT)
        return MetricSums(UNIT, total, units, squares, products, excess)
    of_world = [row for row in sums.world.to_pylist() if row["metric"] == name]
    (whole,) = wide_sums([row["high"] for row in of_world], [row["low"] for row in of_world]) or [0]
    average = whole / total if total else UNIT  # of independent records a unit varies by as much
    excess = _excess(yearly, _squares(sums.parts, name, count), average)
    return MetricSums(average, total, units, squares, products, excess, _squares(sums.crossed, name, count))


def _squares(rows: pa.Table, metric: str, count: int) -> list[int]:
    """Return, per cluster, the sum of squares of what each record of a metric gives it."""
    of_metric = [row for row in rows.to_pylist() if row["metric"] == metric]
    values = wide_sums([r["high"] for r in of_metric], [r["low"] for r in of_metric])
    squares = [0] * count
    for row, value in zip(of_metric, values, strict=True):
        squares[row["cluster"]] = value
    return squares


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
