"""An edition's records under another radius or threshold: what `hubrank run` would rank from the same records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from hubrank.analysis.explanation import Ground, Known, Scene
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.outlines.outline import outlines
from hubrank.core.edition import SIMULATED
from hubrank.core.sphere import E7, Floats
from hubrank.core.units import share_pct, shown_count
from hubrank.ranking.count_table import Counts, ranked
from hubrank.ranking.measures import main_sites
from hubrank.ranking.rank_clusters import RankedClusters
from hubrank.ranking.tables import ranking as ranking_module
from hubrank.study.study import Study

_SITE_BYTES = 24  # of one variant: labels before and after merging, weight, whether it is a core
_CLUSTER_BYTES = 4_000  # names, exact counts, an outline of some hundred corners


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the method is replaced: the radius, and the least number of listings within it."""

    radius_km: float
    min_listings: int


@dataclass(frozen=True, eq=False)
class Variant:
    """One clustering of the edition's records, its clusters in the order of their labels.

    study : the edition's, with the choice in it.
    twin : a variant of the same sites whose tree of them is used too.
    edition : per cluster, id and rank of the edition's cluster that holds most of its listings; None where none does.
    """

    study: Study
    choice: Choice
    found: RankedClusters
    edition: list[tuple[str, int] | None]
    synthetic: bool = False
    twin: "Variant | None" = None

    @property
    def bytes(self) -> int:
        """What it takes in memory, roughly."""
        return _SITE_BYTES * len(self.found.label) + _CLUSTER_BYTES * self.found.count

    @cached_property
    def shapes(self) -> tuple[BaseGeometry, ...]:
        """The outline of each cluster, in degrees."""
        sites = self.found.sites
        return outlines(sites.lat_e7, sites.lon_e7, self.found.label, radius_km=self.choice.radius_km).shape

    @cached_property
    def spots(self) -> Floats:
        """float64, shape (clusters, 2): longitude and latitude of each cluster's heaviest site."""
        rows = main_sites(self.found.sites, self.found.label)
        return np.column_stack([self.found.sites.lon_e7[rows], self.found.sites.lat_e7[rows]]) / E7

    @cached_property
    def ground(self) -> Ground:
        """What explains a place under this choice."""
        found = self.found
        known = [
            Known(name.cluster_id, name.cluster, "/".join(name.economies), rank)
            for name, rank in zip(found.names, found.rank, strict=True)
        ]

        def outlined(lat_e7: int, lon_e7: int) -> Known | None:
            over = np.flatnonzero(shapely.covers(self.shapes, shapely.Point(lon_e7 / E7, lat_e7 / E7)))
            return known[over[0]] if len(over) else None

        if self.twin is None:
            scene = Scene.seen(self.study, found.sites, found.dense)
        else:
            seen = self.twin.ground.scene
            scene = Scene(self.study, found.sites, found.dense, seen.xyz, seen.tree)
        return Ground(scene, lambda row: known[found.label[row]], outlined, SIMULATED if self.synthetic else "")

    @cached_property
    def counts(self) -> Counts:
        """The exact units of every cluster."""
        found = self.found
        keys: list[tuple[str, ...]] = [(name.cluster_id,) for name in found.names]
        return Counts({}, keys, found.sites.metrics, found.units.tolist(), found.sites.totals, 0)

    def ranking(self, weights: Mapping[str, Decimal]) -> tuple[pa.Table, list[int]]:
        """Return one row per cluster, first rank first, and the label of each row.

        Columns are those of ranking.csv as far as they hold under any choice, then the edition's cluster and rank.
        Raises StudyError where there is nothing to rank by.
        """
        order = ranked(self.counts, weights)
        shown = order.shown()
        rows = [
            self._row(label) | {"rank": place + 1, "score_pct": shown[place]} for place, label in enumerate(order.order)
        ]
        return pa.Table.from_pylist(rows, schema(self.counts.metrics)), order.order

    def _row(self, label: int) -> dict[str, Any]:
        """Return what holds of a cluster under any weights."""
        name, (before, rank) = self.found.names[label], self.edition[label] or (None, None)
        row: dict[str, Any] = {
            "cluster_id": name.cluster_id,
            "cluster": name.cluster,
            "economies": "/".join(name.economies),
            "edition_cluster_id": before,
            "edition_rank": rank,
        }
        for metric, units, total in zip(self.counts.metrics, self.counts.whole, self.counts.totals, strict=True):
            row[metric] = shown_count(units[label])
            row[f"{metric}_share_pct"] = share_pct(units[label], total)
        return row


def schema(metrics: Sequence[str]) -> pa.Schema:
    """Return the columns of a ranking under another choice."""
    common = ranking_module.ranking_schema(tuple(metrics), compared=False)
    kept = [column for column in common if column.name not in {"rank_low", "rank_high"}]
    return pa.schema([*kept, ("edition_cluster_id", pa.string()), ("edition_rank", pa.int64())])


def chosen(study: Study, choice: Choice) -> Study:
    """Return a study with another radius and threshold."""
    replaced = {"radius_km": choice.radius_km, "min_listings": choice.min_listings, "min_share_ppm": None}
    return study.model_copy(update={"clusters": study.clusters.model_copy(update=replaced)})


def held_by(found: RankedClusters, own: RankedClusters) -> list[tuple[str, int] | None]:
    """Return, per cluster, id and rank of the edition's cluster that holds most of its listings; ties: the heavier.

    found, own : of the same sites.
    """
    both = (found.label != NOISE) & (own.label != NOISE)
    pairs, row = np.unique(found.label[both].astype(np.int64) * own.count + own.label[both], return_inverse=True)
    listings = np.zeros(len(pairs), np.int64)
    np.add.at(listings, row, own.sites.listings[:, both].sum(axis=0))
    best: list[tuple[str, int] | None] = [None] * found.count
    for pair in pairs[np.lexsort((-pairs, listings))].tolist():  # the last one written has the most
        label, mine = divmod(pair, own.count)
        best[label] = own.names[mine].cluster_id, own.rank[mine]
    return best
