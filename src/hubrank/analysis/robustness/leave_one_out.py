"""Ranks with one part left out: the largest organisation, the largest field, one year (METHOD 13).

Parts are counted fractionally, whatever the counting: so is the rank that they are compared with.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

import pyarrow as pa

from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.robustness.summary import PARTS
from hubrank.core.tables import Engine, Relation, schema
from hubrank.ranking.scores import RankedClusters, order, ranks, scores, scores_per_unit
from hubrank.ranking.tables.profiles import INDIVIDUAL, NONE
from hubrank.study.study import Study

SCHEMA = schema("""
    cluster_id text, left_out text, name text, metric text?, rank int, rank_without int, fall int
""")
KEY = ("cluster_id", "left_out")

YEARS = """
SELECT metric, CAST(year AS VARCHAR) AS name, CAST(SUM(units) AS BIGINT) AS units
FROM listed WHERE year IS NOT NULL
GROUP BY metric, year
"""
Part = dict[int, int]  # metric number → units


@dataclass(frozen=True, slots=True)
class FractionalRanking:
    """The ranking by fractional counts.

    unit_scores : what a unit of each metric scores; scores, sizes, keys : per cluster, as `scores.order` takes them.
    """

    unit_scores: Sequence[int]
    scores: list[int]
    sizes: list[int]
    keys: list[str]

    @classmethod
    def of(cls, ranked: RankedClusters, unit_scores: Sequence[int]) -> "FractionalRanking":
        """Score ranked clusters by their fractional counts."""
        columns = [[int(units) for units in column] for column in ranked.parts.T]
        keys = [name.cluster_id for name in ranked.names]
        scores = [sum(map(mul, unit_scores, column)) for column in columns]
        return cls(unit_scores, scores, list(map(sum, columns)), keys)

    def rank(self, cluster: int, left: Part) -> int:
        """Return the rank of one cluster without a part of it."""
        score = self.scores[cluster] - sum(self.unit_scores[metric] * units for metric, units in left.items())
        key = (-score, sum(left.values()) - self.sizes[cluster], self.keys[cluster])
        every = enumerate(zip(self.scores, self.sizes, self.keys, strict=True))
        others = (each for label, each in every if label != cluster)
        return 1 + sum((-score, -size, id_) < key for score, size, id_ in others)


def leave_one_out(ranked: RankedClusters, records: EditionRecords) -> pa.Table:
    """Return a table of SCHEMA: how far a cluster falls without its largest organisation or field, or any one year.

    An organisation or a field leaves this cluster only, the world stays as it is. A year leaves all clusters and the
    world; the year named is the one without which its rank is worst (ties: the earlier).
    """
    study = records.study
    profiles = records.edition.table("profiles").select(["cluster_id", "metric", "kind", "name", "units"]).to_pylist()
    parts = _parts(profiles, ranked)
    ranking = FractionalRanking.of(ranked, scores_per_unit(ranked.sites.totals, list(study.weights.values())))
    before = [ranking.rank(cluster, {}) for cluster in range(ranked.count)]
    years = _without_years(study, ranked, parts, _world(records, records.engine, ranked.sites.metrics))
    rows = []
    for cluster, name in enumerate(ranked.names):
        left_rows = [_left(ranking, cluster, parts[cluster].get(kind, {})) for kind in PARTS[:2]]
        left_rows.append(_worst_year(years, cluster))
        for kind, row in zip(PARTS, left_rows, strict=True):
            if row is not None:
                left, metric, after = row
                fall = after - before[cluster]
                values = (name.cluster_id, kind, left, metric, before[cluster], after, fall)
                rows.append(dict(zip(SCHEMA.names, values, strict=True)))
    return pa.Table.from_pylist(rows, SCHEMA)


def _parts(profiles: list[dict[str, object]], ranked: RankedClusters) -> list[dict[str, dict[str, Part]]]:
    """Return, per cluster and kind, what each name has of each metric; a field is of one metric: "metric: name"."""
    label = {name.cluster_id: number for number, name in enumerate(ranked.names)}
    number = {metric: at for at, metric in enumerate(ranked.sites.metrics)}
    parts: list[dict[str, dict[str, Part]]] = [defaultdict(dict) for _ in ranked.names]
    for row in profiles:
        name, metric, kind = str(row["name"]), str(row["metric"]), str(row["kind"])
        if name in (NONE, INDIVIDUAL):
            continue
        key = f"{metric}\n{name}" if kind == "field" else name
        units = row["units"]
        assert isinstance(units, int)  # noqa: S101 (a column of whole numbers)
        parts[label[str(row["cluster_id"])]][kind].setdefault(key, {})[number[metric]] = units
    return parts


def _left(ranking: FractionalRanking, cluster: int, parts_of: dict[str, Part]) -> tuple[str, str | None, int] | None:
    """Return name, metric and rank without the part that scores most; None where nothing is named."""
    if not parts_of:
        return None
    unit_scores = ranking.unit_scores

    def descending(name: str) -> tuple[int, str]:
        return -sum(unit_scores[number] * units for number, units in parts_of[name].items()), name

    largest = min(parts_of, key=descending)
    metric, _, field = largest.rpartition("\n")
    return field, metric or None, ranking.rank(cluster, parts_of[largest])


def _world(records: EditionRecords, engine: Engine, metrics: tuple[str, ...]) -> dict[str, Part]:
    """Return the units of each metric in each year in the world."""
    listed: Relation = engine.parquet([records.edition.folder / "tables" / "located.parquet"])
    years: dict[str, Part] = defaultdict(dict)
    for row in engine.rows(YEARS, listed=listed).to_pylist():
        if row["metric"] in metrics:
            years[row["name"]][metrics.index(row["metric"])] = row["units"]
    return years


def _without_years(
    study: Study, ranked: RankedClusters, parts: list[dict[str, dict[str, Part]]], world: dict[str, Part]
) -> dict[str, list[int]]:
    """Return the ranks of all clusters without each year; a year that is all of a weighty metric is not left out."""
    by_year = {}
    for year in sorted(world):
        totals = [total - world[year].get(metric, 0) for metric, total in enumerate(ranked.sites.totals)]
        if any(weight and not total for weight, total in zip(study.weights.values(), totals, strict=True)):
            continue
        counts = [
            [int(units) - of.get("year", {}).get(year, {}).get(metric, 0) for units, of in zip(row, parts, strict=True)]
            for metric, row in enumerate(ranked.parts)
        ]
        by_year[year] = _ranks(study, ranked, counts, totals)
    return by_year


def _worst_year(years: dict[str, list[int]], cluster: int) -> tuple[str, None, int] | None:
    if not years:
        return None
    worst = min(years, key=lambda year: (-years[year][cluster], year))
    return worst, None, years[worst][cluster]


def _ranks(study: Study, ranked: RankedClusters, counts: list[list[int]], totals: list[int]) -> list[int]:
    sizes = [sum(column) for column in zip(*counts, strict=True)]
    score = scores(counts, totals, list(study.weights.values()))
    return ranks(order(score, sizes, [name.cluster_id for name in ranked.names]))
