"""points × clusters → economies: how many clusters and how much output each economy and region has (METHOD 8).

A cluster over several economies counts once for each of them, and once for each region that they lie in: the counts of
economies add up to more than there are clusters. Units never count twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.core import countries
from hubrank.core.sphere import Ints
from hubrank.core.tables import schema
from hubrank.core.units import share_pct
from hubrank.counting.points import metric_numbers, site_keys
from hubrank.ranking.scores import RankedClusters
from hubrank.ranking.tables.profiles import NONE

NOWHERE = "(no region)"
COUNTS_SCHEMA = schema("""
    level text, code text, name text, within text, clusters int, clusters_top int, cross_border int, best_rank int?,
    best_cluster_id text?
""")
COUNTS_KEY = ("level", "code")
OUTPUT_SCHEMA = schema("""
    level text, code text, metric text, units int, units_in_clusters int, units_in_top int, share_pct share?
""")
OUTPUT_KEY = ("level", "code", "metric")


@dataclass(frozen=True, slots=True)
class Group:
    """An economy or a region. `within` is the next larger one, empty for the world."""

    level: str
    code: str
    name: str
    within: str


def groups(economy: str) -> tuple[Group, ...]:
    """Return the groups that an economy belongs to, itself first; what names none is part of the world alone."""
    country = countries.table().get(economy)
    region, subregion = (country.region, country.subregion) if country else (NOWHERE, NOWHERE)
    return (
        Group("economy", economy or NONE, countries.name(economy) if economy else NONE, subregion),
        Group("subregion", subregion, subregion, region),
        Group("region", region, region, "World"),
        Group("world", "World", "World", ""),
    )


def counts(ranked: RankedClusters, top: int) -> pa.Table:
    """Count clusters by economy and region: all, those of the first `top` ranks, those that cross a border.

    Returns a table of COUNTS_SCHEMA; groups without a cluster have no row.
    """
    inside: dict[Group, list[int]] = defaultdict(list)
    for cluster, name in enumerate(ranked.names):
        for group in {group for economy in name.economies for group in groups(economy)}:
            inside[group].append(cluster)
    rows = []
    for group, clusters in inside.items():
        best = min(clusters, key=ranked.rank.__getitem__)
        rows.append(
            {
                **asdict(group),
                "clusters": len(clusters),
                "clusters_top": sum(ranked.rank[cluster] <= top for cluster in clusters),
                "cross_border": sum(len(ranked.names[cluster].economies) > 1 for cluster in clusters),
                "best_rank": ranked.rank[best],
                "best_cluster_id": ranked.names[best].cluster_id,
            }
        )
    return pa.Table.from_pylist(rows, COUNTS_SCHEMA)


def output(ranked: RankedClusters, points: pa.Table, top: int) -> pa.Table:
    """Sum units by economy and region: the world's, those in clusters, those in clusters of the first `top` ranks.

    points : columns metric, lat_e7, lon_e7, economy, units.
    Returns a table of OUTPUT_SCHEMA; `share_pct` is the group's part of the world's units of the metric.
    """
    sums: dict[tuple[Group, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for economy, metric, parts in _by_economy(ranked, points, top):
        for group in groups(economy):
            group_sums = sums[group, metric]
            for column, units in enumerate(parts):
                group_sums[column] += units
    totals = ranked.sites.totals
    rows = [
        {
            "level": group.level,
            "code": group.code,
            "metric": ranked.sites.metrics[metric],
            "units": world,
            "units_in_clusters": clustered,
            "units_in_top": leading,
            "share_pct": share_pct(world, totals[metric]),
        }
        for (group, metric), (world, clustered, leading) in sums.items()
    ]
    return pa.Table.from_pylist(rows, OUTPUT_SCHEMA)


def _by_economy(ranked: RankedClusters, points: pa.Table, top: int) -> Iterator[tuple[str, int, Sequence[int]]]:
    """Yield economy, metric and units: in the world, in clusters, in the leading clusters."""
    label = _labels(ranked, points)
    ahead = np.array([*(rank <= top for rank in ranked.rank), False])  # NOISE is the last
    units = points["units"].to_numpy()
    code = points["economy"].combine_chunks().dictionary_encode()
    spelled = [*code.dictionary.to_pylist(), ""]
    row = code.indices.fill_null(len(spelled) - 1).to_numpy().astype(np.int64)
    sums = np.zeros((3, len(spelled), len(ranked.sites.metrics)), np.int64)
    where = (row, metric_numbers(points, ranked.sites.metrics))
    for part, counted in enumerate((units, units * (label != NOISE), units * ahead[label])):
        np.add.at(sums[part], where, counted)
    for economy, metric in np.argwhere(sums[0]).tolist():
        yield spelled[economy], metric, sums[:, economy, metric].tolist()


def _labels(ranked: RankedClusters, points: pa.Table) -> Ints:
    """Return int64, shape (rows,): the cluster of each point."""
    keys = site_keys(points["lat_e7"].to_numpy(), points["lon_e7"].to_numpy())
    row = np.searchsorted(site_keys(ranked.sites.lat_e7, ranked.sites.lon_e7), keys)
    return ranked.label[row].astype(np.int64)
