"""located × clusters → partners: with whom a cluster shares its records (METHOD 8).

A record counts once for each cluster, and each pair of clusters, in which it has a listing, however many.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from hubrank.core.tables import schema
from hubrank.core.units import share_pct
from hubrank.ranking.cluster_records import MetricRecords
from hubrank.ranking.scores import RankedClusters

MAIN_PARTNERS = 5

CLUSTER_RECORDS_SCHEMA = schema("""
    cluster_id text, metric text, records int, records_with_partners int, with_partners_pct share?
""")
CLUSTER_RECORDS_KEY = ("cluster_id", "metric")
LINKS_SCHEMA = schema("cluster_a text, cluster_b text, metric text, records int")
LINKS_KEY = ("cluster_a", "cluster_b", "metric")
PARTNERS_SCHEMA = schema("""
    cluster_id text, metric text, rank_in_cluster int, partner_id text, records int, share_pct share?
""")
PARTNERS_KEY = ("cluster_id", "metric", "rank_in_cluster")


def cluster_records(ranked: RankedClusters, of_metric: Mapping[str, MetricRecords]) -> pa.Table:
    """Count the records of each cluster and those with a located listing outside it, in a cluster or not.

    of_metric : by metric, what its records add up to.
    Returns a table of CLUSTER_RECORDS_SCHEMA, one row per cluster and metric.
    """
    rows = []
    for cluster, name in enumerate(ranked.names):
        for metric in ranked.sites.metrics:
            every, shared = int(of_metric[metric].records[cluster]), int(of_metric[metric].with_partners[cluster])
            rows.append(
                {
                    "cluster_id": name.cluster_id,
                    "metric": metric,
                    "records": every,
                    "records_with_partners": shared,
                    "with_partners_pct": share_pct(shared, every),
                }
            )
    return pa.Table.from_pylist(rows, CLUSTER_RECORDS_SCHEMA)


def links(ranked: RankedClusters, of_metric: Mapping[str, MetricRecords], counts: Sequence[str]) -> pa.Table:
    """Name the pairs of clusters that share records, each once, `cluster_a` before `cluster_b` in the alphabet.

    of_metric : as `cluster_records` takes it. counts : the metrics that count.
    """
    ids = [name.cluster_id for name in ranked.names]
    rows = []
    for metric in counts:
        for (a, b), records in zip(of_metric[metric].pairs, of_metric[metric].shared, strict=True):
            first, second = sorted((ids[a], ids[b]))
            rows.append({"cluster_a": first, "cluster_b": second, "metric": metric, "records": records})
    return pa.Table.from_pylist(rows, LINKS_SCHEMA)


def main_partners(linked: pa.Table, counted: pa.Table, most: int = MAIN_PARTNERS) -> pa.Table:
    """Return the clusters that each cluster shares most records with, per metric; ties by id.

    linked, counted : tables of LINKS_SCHEMA and CLUSTER_RECORDS_SCHEMA.
    `share_pct` is the part of the cluster's records that the partner shares.
    """
    of = {(row["cluster_id"], row["metric"]): row["records"] for row in counted.to_pylist()}
    shared: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in linked.to_pylist():
        for mine, other in ((row["cluster_a"], row["cluster_b"]), (row["cluster_b"], row["cluster_a"])):
            shared.setdefault((mine, row["metric"]), []).append((-row["records"], other))
    rows: list[dict[str, Any]] = [
        {
            "cluster_id": mine,
            "metric": metric,
            "rank_in_cluster": rank,
            "partner_id": other,
            "records": -negative,
            "share_pct": share_pct(-negative, of[mine, metric]),
        }
        for (mine, metric), others in shared.items()
        for rank, (negative, other) in enumerate(sorted(others)[:most], start=1)
    ]
    return pa.Table.from_pylist(rows, PARTNERS_SCHEMA)
