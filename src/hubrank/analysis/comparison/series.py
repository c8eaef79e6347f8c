"""Many editions under one method: each cluster followed by where its weight lies (METHOD 8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from hubrank.analysis.comparison.matching import Kind, match_clusters
from hubrank.analysis.comparison.table import named, shown
from hubrank.core.tables import schema
from hubrank.ranking.scores import RankedClusters

SERIES_SCHEMA = schema("""
    thread int, edition text, cluster_id text, cluster text, economies text, kind text, rank int, previous_rank int?,
    change int?, score_pct share
""")


@dataclass(frozen=True, slots=True)
class Link:
    """How a cluster relates to the editions before.

    before : its label in the edition before, or None; thread : which cluster it is, through all editions: the largest
    part of a split cluster is that cluster.
    """

    kind: Kind | None
    before: int | None
    thread: int


@dataclass(slots=True)
class Threads:
    """Clusters followed through editions under one method.

    radius_km : of the method; editions : the ranked clusters so far; links : per edition, one per cluster.
    """

    radius_km: float
    editions: list[RankedClusters] = field(default_factory=list)
    links: list[list[Link]] = field(default_factory=list)
    _count: int = 0

    def add(self, clusters: RankedClusters) -> None:
        """Follow the clusters into one more edition."""
        self.links.append(self._linked(clusters) if self.editions else self._fresh(clusters.count))
        self.editions.append(clusters)

    def returned(self) -> set[int]:
        """Return the labels of the last edition's clusters that came back after an absence."""
        return {label for label, link in enumerate(self.links[-1]) if link.kind == "re-entered"}

    def _thread(self) -> int:
        self._count += 1
        return self._count - 1

    def _fresh(self, count: int) -> list[Link]:
        return [Link(None, None, self._thread()) for _ in range(count)]

    def _linked(self, clusters: RankedClusters) -> list[Link]:
        matches = match_clusters(self.editions[-1], self.radius_km, clusters, self.radius_km)
        lost = self._lost(clusters, [label for label, kind in enumerate(matches.kind) if kind == "new"])
        links = []
        for label, (before, same, kind) in enumerate(zip(matches.before, matches.identity, matches.kind, strict=True)):
            if same is not None:
                links.append(Link(kind, before, self.links[-1][same].thread))
            elif label in lost:
                links.append(Link("re-entered", None, lost[label]))
            else:
                links.append(Link(kind, None, self._thread()))
        return links

    def _lost(self, clusters: RankedClusters, new: list[int]) -> dict[int, int]:
        """Return the threads that come back, by the label of the new cluster; the latest absence is ended first."""
        alive = {link.thread for link in self.links[-1]}
        returned: dict[int, int] = {}
        if not new:
            return returned
        for edition, links in zip(self.editions[-2::-1], self.links[-2::-1], strict=True):
            before = match_clusters(edition, self.radius_km, clusters, self.radius_km).before
            for label in new:
                old = before[label]
                thread = None if old is None else links[old].thread
                if thread is not None and label not in returned and thread not in alive:
                    returned[label] = thread
                    alive.add(thread)
        return returned


def series(threads: Threads, names: Sequence[str]) -> pa.Table:
    """Return SERIES: one row per cluster and edition; names : of the editions, in order."""
    number = _numbers(threads)
    rows = [
        (number[link.thread], position, _row(threads, position, label, link) | {"edition": name})
        for position, (name, links) in enumerate(zip(names, threads.links, strict=True))
        for label, link in enumerate(links)
    ]
    rows.sort(key=lambda row: row[:2])
    return pa.Table.from_pylist([{"thread": thread} | row for thread, _, row in rows], SERIES_SCHEMA)


def _row(threads: Threads, edition: int, label: int, link: Link) -> dict[str, Any]:
    clusters = threads.editions[edition]
    rank = clusters.rank[label]
    previous = None if link.before is None else threads.editions[edition - 1].rank[link.before]
    return {
        **named(clusters, label),
        "kind": link.kind or "first",
        "rank": rank,
        "previous_rank": previous,
        "change": None if previous is None else previous - rank,
        "score_pct": shown(clusters.scores, label),
    }


def _numbers(threads: Threads) -> dict[int, int]:
    """Return a number for each thread: by the last edition in which they are, the latest first, then by rank there."""
    last: dict[int, tuple[int, int]] = {}
    for position, (clusters, links) in enumerate(zip(threads.editions, threads.links, strict=True)):
        for label, link in enumerate(links):
            last[link.thread] = (-position, clusters.rank[label])
    return {thread: number for number, thread in enumerate(sorted(last, key=last.__getitem__), start=1)}
