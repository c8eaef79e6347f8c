"""Ranked clusters → tables clusters, measures and ranking, as publishers print them."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.sphere import E7, Floats
from hubrank.core.units import COUNT, SHARE, share_pct, shown_count
from hubrank.ranking.measures import main_sites
from hubrank.ranking.scores import RankedClusters

ROBUSTNESS = ("rank_low_places", "rank_high_places", "simultaneous_low", "simultaneous_high", "weights_best",
              "weights_worst", "method_best", "method_worst", "firm")  # fmt: skip

PUBLISHED = ("rank_before", "move")  # of the comparison, in the ranking


def clusters(ranked: RankedClusters, area_km2: Floats) -> pa.Table:
    """Return one row per cluster, by label: core, extent, name, economies."""
    heaviest = main_sites(ranked.sites, ranked.label).tolist()
    return pa.table(
        {
            "cluster_id": [name.cluster_id for name in ranked.names],
            "cluster": [name.cluster for name in ranked.names],
            "economies": ["/".join(name.economies) for name in ranked.names],
            "cities": pa.array([list(name.cities) for name in ranked.names], pa.list_(pa.int64())),
            "largest_city": pa.array([name.largest_city for name in ranked.names], pa.string()),
            "largest_city_share_pct": pa.array([name.largest_city_share_pct for name in ranked.names], SHARE),
            "lat": pa.array([_degrees(ranked.sites.lat_e7[site]) for site in heaviest], pa.decimal128(10, 7)),
            "lon": pa.array([_degrees(ranked.sites.lon_e7[site]) for site in heaviest], pa.decimal128(10, 7)),
            "sites": pa.array(np.bincount(ranked.label[ranked.label != NOISE], minlength=ranked.count), pa.int64()),
            "listings": pa.array(ranked.listings.sum(axis=0), pa.int64()),
            "area_km2": pa.array([Decimal(f"{area:.1f}") for area in area_km2.tolist()], pa.decimal128(18, 1)),
        }
    )


def _degrees(e7: int) -> Decimal:
    return Decimal(int(e7)) / E7


def measures(ranked: RankedClusters) -> pa.Table:
    """Return one row per cluster and metric: exact units, listings, share."""
    rows = [
        {
            "cluster_id": name.cluster_id,
            "metric": metric,
            "units": int(ranked.units[m, label]),
            "listings": int(ranked.listings[m, label]),
            "share_pct": share_pct(ranked.units[m, label], ranked.sites.totals[m]),
        }
        for label, name in enumerate(ranked.names)
        for m, metric in enumerate(ranked.sites.metrics)
    ]
    fields = [("cluster_id", pa.string()), ("metric", pa.string()), ("units", pa.int64()), ("listings", pa.int64())]
    return pa.Table.from_pylist(rows, pa.schema([*fields, ("share_pct", SHARE)]))


def ranking(
    ranked: RankedClusters, intervals: pa.Table, previous: list[int | None] | None, people: pa.Table
) -> pa.Table:
    """Return one row per cluster, first rank first.

    intervals : table of `rank_intervals`, one row per cluster.
    previous : per cluster, its rank in the previous edition under this method; None where there is no such edition.
    people : the table `intensity`, or that of `people_of_cities`, one row per cluster.
    """
    shown = ranked.scores.shown()
    figures = {row.pop("cluster_id"): row for row in people.to_pylist()}
    interval = {row["cluster_id"]: row for row in intervals.to_pylist()}
    rows = []
    for label in sorted(range(ranked.count), key=ranked.rank.__getitem__):
        name = ranked.names[label]
        row: dict[str, Any] = {
            "rank": ranked.rank[label],
            "cluster_id": name.cluster_id,
            "cluster": name.cluster,
            "economies": "/".join(name.economies),
            "geonames_ids": "/".join(map(str, name.cities)),
            "score_pct": shown[label],
        }
        for m, metric in enumerate(ranked.sites.metrics):
            row[metric] = shown_count(ranked.units[m, label])
            row[f"{metric}_share_pct"] = share_pct(ranked.units[m, label], ranked.sites.totals[m])
        row |= {bound: interval[name.cluster_id][bound] for bound in ("rank_low", "rank_high")}
        if previous is not None:
            before = previous[label]
            row["previous_rank"] = before
            row["change"] = None if before is None else before - ranked.rank[label]
        rows.append(row | figures[name.cluster_id])
    fields = list(ranking_schema(ranked.sites.metrics, compared=previous is not None))
    fields += [field for field in people.schema if field.name != "cluster_id"]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def with_published(ranking: pa.Table, comparison: pa.Table) -> pa.Table:
    """Return the ranking with the rank that the previous edition published, and the move since, before those recounted.

    comparison : that table.
    """
    comparison = comparison.filter(pc.is_valid(comparison["rank"]))
    row = pc.index_in(ranking["cluster_id"], comparison["cluster_id"].combine_chunks())
    at = ranking.column_names.index("previous_rank")
    for number, name in enumerate(PUBLISHED):
        ranking = ranking.add_column(at + number, comparison.schema.field(name), comparison[name].take(row))
    return ranking


def with_robustness(ranking: pa.Table, robustness: pa.Table) -> pa.Table:
    """Return the ranking with the columns of ROBUSTNESS that the table robustness has.

    robustness : that table, one row per cluster.
    """
    row = pc.index_in(ranking["cluster_id"], robustness["cluster_id"].combine_chunks())
    for name in ROBUSTNESS:
        if name in robustness.column_names:
            ranking = ranking.append_column(robustness.schema.field(name), robustness[name].take(row))
    return ranking


def ranking_schema(metrics: tuple[str, ...], *, compared: bool) -> pa.Schema:
    """Return the schema of a ranking: fixed columns, two per metric, and the change where it is compared."""
    fixed = [("rank", pa.int64())] + [
        (name, pa.string()) for name in ("cluster_id", "cluster", "economies", "geonames_ids")
    ]
    per_metric = [field for metric in metrics for field in ((metric, COUNT), (f"{metric}_share_pct", SHARE))]
    change = [("previous_rank", pa.int64()), ("change", pa.int64())] if compared else []
    interval = [("rank_low", pa.int64()), ("rank_high", pa.int64())]
    return pa.schema([*fixed, ("score_pct", SHARE), *per_metric, *interval, *change])
