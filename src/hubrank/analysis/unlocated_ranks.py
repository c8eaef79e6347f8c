"""What the records that could not be located could do to the ranks (METHOD 2).

All unlocated records of an economy are given to one of its clusters at a time, and to none; ranks are computed anew, by
the formula of the ranking.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubrank.core.units import UNIT
from hubrank.ranking.scores import RankedClusters, order, ranks, scores
from hubrank.study.study import Study


def unlocated_ranks(
    study: Study, ranked: RankedClusters, coverage: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield, for each economy with unlocated records, the best and worst rank of each of its clusters.

    coverage : rows with metric, economy (None: not stated, then it may be any cluster) and unlocated records.
    """
    missing: dict[str | None, list[int]] = {}
    for row in coverage:
        if row["records"]:
            of_economy = missing.setdefault(row["economy"], [0] * len(ranked.sites.metrics))
            of_economy[ranked.sites.metrics.index(row["metric"])] += row["records"]
    for economy, records in sorted(missing.items(), key=lambda item: (item[0] is None, item[0] or "")):
        clusters = [label for label, name in enumerate(ranked.names) if economy is None or economy in name.economies]
        yield from _of_economy(study, ranked, economy, records, clusters)


def _of_economy(
    study: Study, ranked: RankedClusters, economy: str | None, records: Sequence[int], clusters: Sequence[int]
) -> Iterator[dict[str, Any]]:
    reached: list[list[int]] = [[] for _ in clusters]
    for target in (*clusters, None) if clusters else ():
        rank = _ranks(study, ranked, records, target)
        for at, cluster in enumerate(clusters):
            reached[at].append(rank[cluster])
    for cluster, ranks_of in zip(clusters, reached, strict=True):
        name = ranked.names[cluster]
        yield {
            "part": "unlocated",
            "economy": economy,
            "cluster_id": name.cluster_id,
            "subject": name.cluster,
            "records": sum(records),
            "rank": ranked.rank[cluster],
            "rank_best": min(ranks_of),
            "rank_worst": max(ranks_of),
        }


def _ranks(study: Study, ranked: RankedClusters, records: Sequence[int], target: int | None) -> list[int]:
    """Return the ranks where a cluster, or none, has these records more of each metric."""
    units = [[int(value) for value in row] for row in ranked.units]
    totals = [total + UNIT * more for total, more in zip(ranked.sites.totals, records, strict=True)]
    if target is not None:
        for row, more in zip(units, records, strict=True):
            row[target] += UNIT * more
    sizes = [sum(column) for column in zip(*units, strict=True)]
    scored = scores(units, totals, list(study.weights.values()))
    return ranks(order(scored, sizes, [name.cluster_id for name in ranked.names]))
