"""A reckoning as tables: clusters, measures, ranking. What the publishers print is made here once."""

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core.sphere import E7, Floats
from hubrank.core.units import COUNT, SHARE, share_pct, shown_count
from hubrank.ranking.measures import main_sites
from hubrank.ranking.rank_clusters import RankedClusters

DOUBTS = ("simultaneous_low", "simultaneous_high", "weights_best", "weights_worst", "method_best", "method_worst",
          "firm")  # fmt: skip


def clusters(found: RankedClusters, area_km2: Floats) -> pa.Table:
    """Return one row per cluster, by label: core, extent, name, economies."""
    heaviest = main_sites(found.sites, found.label).tolist()
    return pa.table(
        {
            "cluster_id": [name.cluster_id for name in found.names],
            "cluster": [name.cluster for name in found.names],
            "economies": ["/".join(name.economies) for name in found.names],
            "cities": pa.array([list(name.cities) for name in found.names], pa.list_(pa.int64())),
            "lat": pa.array([_degrees(found.sites.lat_e7[site]) for site in heaviest], pa.decimal128(10, 7)),
            "lon": pa.array([_degrees(found.sites.lon_e7[site]) for site in heaviest], pa.decimal128(10, 7)),
            "sites": pa.array(np.bincount(found.label[found.label != NOISE], minlength=found.count), pa.int64()),
            "listings": pa.array(found.listings.sum(axis=0), pa.int64()),
            "area_km2": pa.array([Decimal(f"{area:.1f}") for area in area_km2.tolist()], pa.decimal128(18, 1)),
        }
    )


def _degrees(e7: int) -> Decimal:
    return Decimal(int(e7)) / E7


def measures(found: RankedClusters) -> pa.Table:
    """Return one row per cluster and metric: exact units, listings, share."""
    rows = [
        {
            "cluster_id": name.cluster_id,
            "metric": metric,
            "units": int(found.units[m, label]),
            "listings": int(found.listings[m, label]),
            "share_pct": share_pct(found.units[m, label], found.sites.totals[m]),
        }
        for label, name in enumerate(found.names)
        for m, metric in enumerate(found.sites.metrics)
    ]
    fields = [("cluster_id", pa.string()), ("metric", pa.string()), ("units", pa.int64()), ("listings", pa.int64())]
    return pa.Table.from_pylist(rows, pa.schema([*fields, ("share_pct", SHARE)]))


def ranking(
    found: RankedClusters, doubts: pa.Table, previous: list[int | None] | None, intensity: pa.Table
) -> pa.Table:
    """Return one row per cluster, first rank first.

    doubts : table of stages.sampling, one row per cluster.
    previous : per cluster, its rank in the previous edition under this method; None where there is no such edition.
    intensity : table of stages.intensity, one row per cluster.
    """
    shown = found.scores.shown()
    beside = {row.pop("cluster_id"): row for row in intensity.to_pylist()}
    interval = {row["cluster_id"]: row for row in doubts.to_pylist()}
    rows = []
    for label in sorted(range(found.count), key=found.rank.__getitem__):
        name = found.names[label]
        row: dict[str, Any] = {
            "rank": found.rank[label],
            "cluster_id": name.cluster_id,
            "cluster": name.cluster,
            "economies": "/".join(name.economies),
            "score_pct": shown[label],
        }
        for m, metric in enumerate(found.sites.metrics):
            row[metric] = shown_count(found.units[m, label])
            row[f"{metric}_share_pct"] = share_pct(found.units[m, label], found.sites.totals[m])
        row |= {bound: interval[name.cluster_id][bound] for bound in ("rank_low", "rank_high")}
        if previous is not None:
            before = previous[label]
            row["previous_rank"] = before
            row["change"] = None if before is None else before - found.rank[label]
        rows.append(row | beside[name.cluster_id])
    fields = list(ranking_schema(found.sites.metrics, compared=previous is not None))
    fields += [field for field in intensity.schema if field.name != "cluster_id"]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def doubted(ranking: pa.Table, doubts: pa.Table) -> pa.Table:
    """Return the ranking with what else is known of how sure each rank is: those of DOUBTS that there are.

    doubts : the table robustness, one row per cluster.
    """
    row = pc.index_in(ranking["cluster_id"], doubts["cluster_id"].combine_chunks())
    for name in DOUBTS:
        if name in doubts.column_names:
            ranking = ranking.append_column(doubts.schema.field(name), doubts[name].take(row))
    return ranking


def ranking_schema(metrics: tuple[str, ...], *, compared: bool) -> pa.Schema:
    """Return the schema of a ranking: fixed columns, two per metric, and the change where it is compared."""
    fixed = [("rank", pa.int64())] + [(name, pa.string()) for name in ("cluster_id", "cluster", "economies")]
    per_metric = [field for metric in metrics for field in ((metric, COUNT), (f"{metric}_share_pct", SHARE))]
    change = [("previous_rank", pa.int64()), ("change", pa.int64())] if compared else []
    interval = [("rank_low", pa.int64()), ("rank_high", pa.int64())]
    return pa.schema([*fixed, ("score_pct", SHARE), *per_metric, *interval, *change])
