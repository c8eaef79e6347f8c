"""located × clusters → partners: with whom a cluster shares its records (METHOD 8).

A record counts once for each cluster, and each pair of clusters, in which it has a listing, however many.
"""

from typing import Any

import pyarrow as pa

from hubrank.core.tables import Engine, Relation, schema
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.ranking.scores import RankedClusters

MAIN_PARTNERS = 5

# The located listings of a record have all of its units: what a cluster does not have of them is elsewhere.
OUTSIDE = """
SELECT metric, cluster, CAST(SUM(records) AS BIGINT) AS records,
       CAST(SUM(CASE WHEN units < record_units * records THEN records ELSE 0 END) AS BIGINT) AS with_partners
FROM members GROUP BY metric, cluster
"""

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


def cluster_records(ranked: RankedClusters, members: Relation, engine: Engine) -> pa.Table:
    """Count the records of each cluster and those with a located listing outside it, in a cluster or not.

    members : Relation[metric, cluster, units, records, record_units], as `cluster_records.members` returns it.
    Returns a table of CLUSTER_RECORDS_SCHEMA, one row per cluster and metric.
    """
    counted = engine.rows(OUTSIDE, members=members).to_pylist()
    counts = {(row["cluster"], row["metric"]): (row["records"], row["with_partners"]) for row in counted}
    rows = []
    for cluster, name in enumerate(ranked.names):
        for metric in ranked.sites.metrics:
            every, shared = counts.get((cluster, metric), (0, 0))
            rows.append(
                {
                    "cluster_id": name.cluster_id,
                    "metric": metric,
                    "records": every,
                    "records_with_partners": shared,
                    "with_partners_pct": half_even(100 * shared, every, SHOWN_DECIMALS) if every else None,
                }
            )
    return pa.Table.from_pylist(rows, CLUSTER_RECORDS_SCHEMA)


def links(ranked: RankedClusters, shared: pa.Table) -> pa.Table:
    """Name the pairs of clusters that share records, each once, `cluster_a` before `cluster_b` in the alphabet.

    shared : columns metric, a, b, records, as `rank_intervals.shared_records` returns them.
    """
    ids = [name.cluster_id for name in ranked.names]
    rows = []
    for row in shared.to_pylist():
        first, second = sorted((ids[row["a"]], ids[row["b"]]))
        rows.append({"cluster_a": first, "cluster_b": second, "metric": row["metric"], "records": row["records"]})
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
            "share_pct": half_even(-100 * negative, of[mine, metric], SHOWN_DECIMALS),
        }
        for (mine, metric), others in shared.items()
        for rank, (negative, other) in enumerate(sorted(others)[:most], start=1)
    ]
    return pa.Table.from_pylist(rows, PARTNERS_SCHEMA)
