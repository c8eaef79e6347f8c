"""An edition's records under another radius or threshold: what `hubrank run` would rank from the same records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from shapely.geometry.base import BaseGeometry

from hubrank.analysis.explanation import Explainer, RankingEntry, Scene
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.outlines.outline import grounds
from hubrank.core.edition import SIMULATED
from hubrank.core.sphere import E7, Floats
from hubrank.core.units import share_pct, shown_count
from hubrank.ranking.count_table.ranked import Counts, ranked
from hubrank.ranking.measures import main_sites
from hubrank.ranking.scores import RankedClusters
from hubrank.ranking.tables import ranking as ranking_module
from hubrank.study.study import Study

_SITE_BYTES = 24  # of one variant: labels before and after merging, weight, whether it is a core
_CLUSTER_BYTES = 5_000  # names, exact counts, an outline of some hundred corners


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the method is replaced: the radius, and the least number of listings within it."""

    radius_km: float
    min_listings: int


@dataclass(frozen=True, eq=False)
class Variant:
    """One clustering of the edition's records, its clusters in the order of their labels.

    study : the edition's, with the choice in it.
    matches : per cluster, id and rank of the edition's cluster that holds most of its listings; None where none does.
    published : the variant of the edition's choice, whose tree of sites is used; None for that one.
    """

    study: Study
    choice: Choice
    clusters: RankedClusters
    matches: list[tuple[str, int] | None]
    synthetic: bool = False
    published: "Variant | None" = None

    @property
    def bytes(self) -> int:
        """What it takes in memory, roughly."""
        return _SITE_BYTES * len(self.clusters.label) + _CLUSTER_BYTES * self.clusters.count

    @cached_property
    def shapes(self) -> tuple[BaseGeometry, ...]:
        """The ground of each cluster, in degrees."""
        if self.clusters.areas is not None and self.study.areas is not None:
            return self.clusters.areas.outlines(nested=self.study.areas.overlaps == "smaller").shape
        sites, is_core = self.clusters.sites, self.clusters.dense.clustering.is_core
        ground = grounds(sites.lat_e7, sites.lon_e7, self.clusters.label, is_core, radius_km=self.choice.radius_km)
        return ground.shape

    @cached_property
    def positions(self) -> Floats:
        """float64, shape (clusters, 2): longitude and latitude of each cluster's heaviest site."""
        rows = main_sites(self.clusters.sites, self.clusters.label)
        return np.column_stack([self.clusters.sites.lon_e7[rows], self.clusters.sites.lat_e7[rows]]) / E7

    @cached_property
    def explainer(self) -> Explainer:
        """What explains a place under this choice."""
        clusters = self.clusters
        named = [
            RankingEntry(name.cluster_id, name.cluster, "/".join(name.economies), rank)
            for name, rank in zip(clusters.names, clusters.rank, strict=True)
        ]

        if self.published is None:
            scene = Scene.of_clusters(self.study, clusters.sites, clusters.dense)
        else:
            published = self.published.explainer.scene
            scene = Scene(self.study, clusters.sites, clusters.dense, published.xyz, published.tree)
        areas = clusters.areas

        def area_at(lat_e7: int, lon_e7: int) -> RankingEntry | None:
            """Return the area that holds a place, if something was counted in it."""
            assert areas is not None  # noqa: S101 (asked only where areas are ranked)
            (label,) = areas.labels(np.array([lat_e7]), np.array([lon_e7])).tolist()
            return None if label == NOISE else named[label]

        note = SIMULATED if self.synthetic else ""
        return Explainer(scene, lambda row: named[clusters.label[row]], note, None if areas is None else area_at)

    def within(self, west: float, south: float, east: float, north: float) -> list[int]:
        """Return the clusters whose heaviest site lies in a box in degrees, its rim included.

        A box whose east is below its west crosses the antimeridian (RFC 7946).
        """
        lon, lat = self.positions.T
        across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        labels: list[int] = np.flatnonzero(across & (lat >= south) & (lat <= north)).tolist()
        return labels

    @cached_property
    def counts(self) -> Counts:
        """The exact units of every cluster."""
        clusters = self.clusters
        keys: list[tuple[str, ...]] = [(name.cluster_id,) for name in clusters.names]
        return Counts({}, keys, clusters.sites.metrics, clusters.units.tolist(), clusters.sites.totals, 0)

    def ranking(self, weights: Mapping[str, Decimal]) -> tuple[pa.Table, list[int]]:
        """Return one row per cluster, first rank first, and the label of each row.

        Columns are those of ranking.csv as far as they hold under any choice, then the edition's cluster and rank.
        Raises StudyError where there is nothing to rank by.
        """
        order = ranked(self.counts, weights)
        scores = order.shown()
        rows = [
            self._row(label) | {"rank": position + 1, "score_pct": scores[position]}
            for position, label in enumerate(order.order)
        ]
        return pa.Table.from_pylist(rows, schema(self.counts.metrics)), order.order

    def _row(self, label: int) -> dict[str, Any]:
        """Return what holds of a cluster under any weights."""
        name, (cluster_id, rank) = self.clusters.names[label], self.matches[label] or (None, None)
        row: dict[str, Any] = {
            "cluster_id": name.cluster_id,
            "cluster": name.cluster,
            "economies": "/".join(name.economies),
            "geonames_ids": "/".join(map(str, name.cities)),
            "edition_cluster_id": cluster_id,
            "edition_rank": rank,
        }
        for metric, units, total in zip(self.counts.metrics, self.counts.whole, self.counts.totals, strict=True):
            row[metric] = shown_count(units[label])
            row[f"{metric}_share_pct"] = share_pct(units[label], total)
        return row


def schema(metrics: Sequence[str]) -> pa.Schema:
    """Return the columns of a ranking under another choice."""
    common = ranking_module.ranking_schema(tuple(metrics), compared=False)
    columns = [column for column in common if column.name not in {"rank_low", "rank_high"}]
    return pa.schema([*columns, ("edition_cluster_id", pa.string()), ("edition_rank", pa.int64())])


def with_choice(study: Study, choice: Choice) -> Study:
    """Return a study with another radius and threshold."""
    replaced = {"radius_km": choice.radius_km, "min_listings": choice.min_listings, "min_share_ppm": None}
    return study.model_copy(update={"clusters": study.clusters.model_copy(update=replaced)})


def edition_clusters(clusters: RankedClusters, published: RankedClusters) -> list[tuple[str, int] | None]:
    """Return, per cluster, id and rank of the edition's cluster that holds most of its listings; ties: the heavier.

    clusters, published : of the same sites.
    """
    both = (clusters.label != NOISE) & (published.label != NOISE)
    labels = clusters.label[both].astype(np.int64) * published.count + published.label[both]
    pairs, row = np.unique(labels, return_inverse=True)
    listings = np.zeros(len(pairs), np.int64)
    np.add.at(listings, row, published.sites.listings[:, both].sum(axis=0))
    best: list[tuple[str, int] | None] = [None] * clusters.count
    for pair in pairs[np.lexsort((-pairs, listings))].tolist():  # the last one written has the most
        label, match = divmod(pair, published.count)
        best[label] = published.names[match].cluster_id, published.rank[match]
    return best
