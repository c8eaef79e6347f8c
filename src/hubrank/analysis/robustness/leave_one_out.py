"""Ranks with one part left out: the largest organisation, the largest field, one year (METHOD 13).

Parts are counted fractionally, whatever the counting: so is the rank that they are held against.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

import pyarrow as pa

from hubrank.analysis.edition_records import EditionRecords
from hubrank.core.tables import Column, Engine, Relation, schema
from hubrank.ranking.rank_clusters import RankedClusters, factors
from hubrank.ranking.scores import order, ranks, scores
from hubrank.ranking.tables.profiles import INDIVIDUAL, NONE
from hubrank.study.study import Study

COLUMNS = (
    Column("cluster_id", pa.string(), "the cluster"),
    Column("left_out", pa.string(), "what is left out: organisation, field, or year"),
    Column("name", pa.string(), "which: the largest organisation, the largest field of one metric, the year"),
    Column("metric", pa.string(), "metric of the field; none where all metrics lose it", null=True),
    Column("rank", pa.int64(), "its rank by fractional counts with nothing left out"),
    Column("rank_without", pa.int64(), "its rank without"),
    Column("fall", pa.int64(), "rank_without - rank", "places, positive is down"),
)
SCHEMA = schema(COLUMNS)
KEY = ("cluster_id", "left_out")

YEARS = """
SELECT metric, CAST(year AS VARCHAR) AS name, CAST(SUM(units) AS BIGINT) AS units
FROM listed WHERE year IS NOT NULL AND lat_e7 IS NOT NULL
GROUP BY metric, year
"""
Part = dict[int, int]  # metric number → units


@dataclass(frozen=True, slots=True)
class Standing:
    """Where clusters stand by fractional counts.

    worth : what a unit of each metric scores; scores, sizes, keys : per cluster, as `order` of stages.ranking has them.
    """

    worth: Sequence[int]
    scores: list[int]
    sizes: list[int]
    keys: list[str]

    @classmethod
    def of(cls, found: RankedClusters, worth: Sequence[int]) -> "Standing":
        """Take it from a reckoning."""
        columns = [[int(units) for units in column] for column in found.parts.T]
        keys = [name.cluster_id for name in found.names]
        return cls(worth, [_scored(worth, column) for column in columns], list(map(sum, columns)), keys)

    def rank(self, cluster: int, left: Part) -> int:
        """Return the rank of one cluster without a part of it."""
        score = self.scores[cluster] - sum(self.worth[m] * units for m, units in left.items())
        own = (-score, sum(left.values()) - self.sizes[cluster], self.keys[cluster])
        others = zip(self.scores, self.sizes, self.keys, strict=True)
        return 1 + sum((-s, -n, key) < own for c, (s, n, key) in enumerate(others) if c != cluster)


def _scored(worth: Sequence[int], units: Sequence[int]) -> int:
    return sum(map(mul, worth, units))


def leave_one_out(found: RankedClusters, records: EditionRecords) -> pa.Table:
    """Return COLUMNS: how far each cluster falls without its largest organisation, its largest field, any one year.

    An organisation or a field leaves this cluster only, the world stays as it is. A year leaves all clusters and the
    world; the year named is the one without which the cluster stands worst (ties: the earlier).
    """
    study = records.study
    profiles = records.edition.table("profiles").select(["cluster_id", "metric", "kind", "name", "units"]).to_pylist()
    parts = _parts(profiles, found)
    standing = Standing.of(found, factors(study, found.sites.totals))
    before = [standing.rank(cluster, {}) for cluster in range(found.count)]
    years = _without_years(study, found, parts, _world(records, records.engine, found.sites.metrics))
    rows = []
    for cluster, name in enumerate(found.names):
        told = [_left(standing, cluster, parts[cluster].get(kind, {})) for kind in ("organisation", "field")]
        told.append(_worst_year(years, cluster))
        for kind, row in zip(("organisation", "field", "year"), told, strict=True):
            if row is not None:
                left, metric, after = row
                fall = after - before[cluster]
                values = (name.cluster_id, kind, left, metric, before[cluster], after, fall)
                rows.append(dict(zip(SCHEMA.names, values, strict=True)))
    return pa.Table.from_pylist(rows, SCHEMA)


def _parts(profiles: list[dict[str, object]], found: RankedClusters) -> list[dict[str, dict[str, Part]]]:
    """Return, per cluster and kind, what each name holds of each metric; a field is of one metric: "metric: name"."""
    label = {name.cluster_id: number for number, name in enumerate(found.names)}
    number = {metric: m for m, metric in enumerate(found.sites.metrics)}
    parts: list[dict[str, dict[str, Part]]] = [defaultdict(dict) for _ in found.names]
    for row in profiles:
        name, metric, kind = str(row["name"]), str(row["metric"]), str(row["kind"])
        if name in (NONE, INDIVIDUAL):
            continue
        key = f"{metric}\n{name}" if kind == "field" else name
        units = row["units"]
        assert isinstance(units, int)  # noqa: S101 (a column of whole numbers)
        parts[label[str(row["cluster_id"])]][kind].setdefault(key, {})[number[metric]] = units
    return parts


def _left(standing: Standing, cluster: int, held: dict[str, Part]) -> tuple[str, str | None, int] | None:
    """Return name, metric and rank without the part that scores most; None where nothing is named."""
    if not held:
        return None
    worth = standing.worth
    largest = min(held, key=lambda key: (-sum(worth[m] * units for m, units in held[key].items()), key))
    metric, _, field = largest.rpartition("\n")
    return field, metric or None, standing.rank(cluster, held[largest])


def _world(records: EditionRecords, engine: Engine, metrics: tuple[str, ...]) -> dict[str, Part]:
    """Return what each year holds of each metric in the world."""
    listed: Relation = engine.parquet([records.edition.folder / "tables" / "located.parquet"])
    years: dict[str, Part] = defaultdict(dict)
    for row in engine.rows(YEARS, listed=listed).to_pylist():
        if row["metric"] in metrics:
            years[row["name"]][metrics.index(row["metric"])] = row["units"]
    return years


def _without_years(
    study: Study, found: RankedClusters, parts: list[dict[str, dict[str, Part]]], world: dict[str, Part]
) -> dict[str, list[int]]:
    """Return the ranks of all clusters without each year; a year that is all of a weighty metric is not left out."""
    ranked = {}
    for year in sorted(world):
        totals = [total - world[year].get(m, 0) for m, total in enumerate(found.sites.totals)]
        if any(weight and not total for weight, total in zip(study.weights.values(), totals, strict=True)):
            continue
        counts = [
            [int(units) - parts[c].get("year", {}).get(year, {}).get(m, 0) for c, units in enumerate(row)]
            for m, row in enumerate(found.parts)
        ]
        ranked[year] = _ranks(study, found, counts, totals)
    return ranked


def _worst_year(years: dict[str, list[int]], cluster: int) -> tuple[str, None, int] | None:
    if not years:
        return None
    worst = min(years, key=lambda year: (-years[year][cluster], year))
    return worst, None, years[worst][cluster]


def _ranks(study: Study, found: RankedClusters, counts: list[list[int]], totals: list[int]) -> list[int]:
    sizes = [sum(column) for column in zip(*counts, strict=True)]
    score = scores(counts, totals, list(study.weights.values()))
    return ranks(order(score, sizes, [name.cluster_id for name in found.names]))
