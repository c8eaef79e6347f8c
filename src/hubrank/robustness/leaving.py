"""Ranks with one part left out: the largest organisation, the largest field, one year (METHOD 13).

Parts are counted fractionally, whatever the counting: so is the rank that they are held against.
"""

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa

from hubrank.engines.duckdb import DuckEngine
from hubrank.reckoning import Reckoning, factors
from hubrank.recounting import Records
from hubrank.stages.profiles import INDIVIDUAL, NONE
from hubrank.stages.ranking import order, ranks, scores
from hubrank.study import Study
from hubrank.tables import Column, Relation, schema

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


def leaving(found: Reckoning, records: Records) -> pa.Table:
    """Return COLUMNS: how far each cluster falls without its largest organisation, its largest field, any one year.

    An organisation or a field leaves this cluster only, the world stays as it is. A year leaves all clusters and the
    world; the year named is the one without which the cluster stands worst (ties: the earlier).
    """
    study = records.study
    profiles = records.made.table("profiles").select(["cluster_id", "metric", "kind", "name", "units"]).to_pylist()
    parts = _parts(profiles, found)
    before = _ranks(study, found, [[int(u) for u in row] for row in found.parts], found.sites.totals)
    worth = factors(study, found.sites.totals)
    years = _without_years(study, found, parts, _world(records, records.engine, found.sites.metrics))
    rows = []
    for cluster, name in enumerate(found.names):
        told = [_left(study, found, cluster, kind, parts[cluster], worth) for kind in ("organisation", "field")]
        told.append(_worst_year(years, cluster))
        for kind, row in zip(("organisation", "field", "year"), told, strict=True):
            if row is not None:
                left, metric, after = row
                fall = after - before[cluster]
                values = (name.cluster_id, kind, left, metric, before[cluster], after, fall)
                rows.append(dict(zip(SCHEMA.names, values, strict=True)))
    return pa.Table.from_pylist(rows, SCHEMA)


def _parts(profiles: list[dict[str, object]], found: Reckoning) -> list[dict[str, dict[str, Part]]]:
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


def _left(
    study: Study, found: Reckoning, cluster: int, kind: str, parts: dict[str, dict[str, Part]], worth: Sequence[int]
) -> tuple[str, str | None, int] | None:
    """Return name, metric and rank without the part that scores most; None where nothing is named."""
    held = parts.get(kind, {})
    if not held:
        return None
    largest = min(held, key=lambda key: (-sum(worth[m] * units for m, units in held[key].items()), key))
    counts = [[int(units) for units in row] for row in found.parts]
    for m, units in held[largest].items():
        counts[m][cluster] -= units
    metric, _, field = largest.rpartition("\n")
    return field, metric or None, _ranks(study, found, counts, found.sites.totals)[cluster]


def _world(records: Records, engine: DuckEngine, metrics: tuple[str, ...]) -> dict[str, Part]:
    """Return what each year holds of each metric in the world."""
    listed: Relation = engine.parquet([records.made.folder / "tables" / "located.parquet"])
    years: dict[str, Part] = defaultdict(dict)
    for row in engine.rows(YEARS, listed=listed).to_pylist():
        if row["metric"] in metrics:
            years[row["name"]][metrics.index(row["metric"])] = row["units"]
    return years


def _without_years(
    study: Study, found: Reckoning, parts: list[dict[str, dict[str, Part]]], world: dict[str, Part]
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


def _ranks(study: Study, found: Reckoning, counts: list[list[int]], totals: list[int]) -> list[int]:
    sizes = [sum(column) for column in zip(*counts, strict=True)]
    score = scores(counts, totals, list(study.weights.values()))
    return ranks(order(score, sizes, [name.cluster_id for name in found.names]))
