"""ranking → top_shares: what part of the world the leading clusters have, and the first of each metric (METHOD 8)."""

import pyarrow as pa

from hubrank.core.tables import schema
from hubrank.core.units import share_pct
from hubrank.ranking.scores import RankedClusters

TOPS = (10, 100)  # of ranks
TOP_SHARES_SCHEMA = schema("metric text, top int, units int, share_pct share?")
TOP_SHARES_KEY = ("metric", "top")
LEADERS_SCHEMA = schema("metric text, cluster_id text, units int, share_pct share")
LEADERS_KEY = ("metric",)


def top_shares(ranked: RankedClusters, tops: tuple[int, ...] = TOPS) -> pa.Table:
    """Return what the clusters of the first ranks have together: units and share of the world, per metric and top.

    With fewer clusters than `top` it is what all of them have.
    """
    rows = []
    for m, metric in enumerate(ranked.sites.metrics):
        total = ranked.sites.totals[m]
        for top in sorted(set(tops)):
            units = sum(int(units) for units, rank in zip(ranked.units[m], ranked.rank, strict=True) if rank <= top)
            rows.append({"metric": metric, "top": top, "units": units, "share_pct": share_pct(units, total)})
    return pa.Table.from_pylist(rows, TOP_SHARES_SCHEMA)


def leaders(ranked: RankedClusters) -> pa.Table:
    """Return the cluster with the largest part of each metric, ties by rank; no row for a metric that none has."""
    rows = []
    for m, metric in enumerate(ranked.sites.metrics):
        best = min(range(len(ranked.rank)), key=lambda c: (-int(ranked.units[m, c]), ranked.rank[c]), default=None)
        if best is None or not ranked.units[m, best]:
            continue
        units = int(ranked.units[m, best])
        share = share_pct(units, ranked.sites.totals[m])
        name = ranked.names[best].cluster_id
        rows.append({"metric": metric, "cluster_id": name, "units": units, "share_pct": share})
    return pa.Table.from_pylist(rows, LEADERS_SCHEMA)
