"""Why ranks moved: data, boundary, method, three differences that add up to the whole (METHOD 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hubrank.analysis.comparison.cluster_area import area_labels
from hubrank.analysis.comparison.matching import ClusterMatches, listing_overlap, match_clusters, match_overlaps
from hubrank.analysis.comparison.snapshots import REVISIONS_SCHEMA, revision
from hubrank.analysis.edition_records import EditionRecords
from hubrank.clustering.density import Labels
from hubrank.counting.points import Sites
from hubrank.ranking.measures import FullCounts, measures
from hubrank.ranking.scores import RankedClusters, Scores, order, ranks, scores
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class RankState:
    """A list of clusters as it would have been published: rank and exact score, by label."""

    rank: Sequence[int]
    scores: Scores


@dataclass(frozen=True, slots=True, eq=False)
class RankPath:
    """The clusters followed from the earlier edition to the later one, in three steps.

    states : four: (earlier records, earlier clusters, earlier method) → later records → later clusters under the
        earlier parameters → later method.
    labels : per cluster of the later edition, its label in each of the four, None where a step loses it.
    revised : between the first two, where both editions name their snapshots: the earlier window, read again.
    revisions : of REVISIONS_SCHEMA: how many records were read otherwise.
    """

    states: tuple[RankState, RankState, RankState, RankState]
    labels: list[tuple[int, int, int, int] | None]
    revised: RankState | None
    revisions: pa.Table


def rank_path(earlier: EditionRecords, later: EditionRecords) -> RankPath:
    """Recount the later records step by step, from the earlier edition's clusters and method to the later one's."""
    first, last = earlier.as_published(), later.as_published()
    old = later.applicable(earlier.study, earlier.areas)
    reclustered = later.ranked_by(earlier.study, earlier.areas)
    area = area_labels(first, earlier.study.clusters.radius_km, reclustered.sites.lat_e7, reclustered.sites.lon_e7)
    full_counts = later.full_counts(old.points.step_e7) if old.ranking.counting == "full" else None
    recounted = _state(first, reclustered.sites, area, old, full_counts)
    shape_matches = _same_records(reclustered, area, first.count)
    method_matches = match_clusters(reclustered, old.clusters.radius_km, last, later.study.clusters.radius_km)
    states = (
        RankState(first.rank, first.scores),
        recounted,
        RankState(reclustered.rank, reclustered.scores),
        RankState(last.rank, last.scores),
    )
    labels = [_labels(label, method_matches, shape_matches) for label in range(last.count)]
    again = revision(earlier, later, old)
    if again is None:
        return RankPath(states, labels, None, REVISIONS_SCHEMA.empty_table())
    area = area_labels(first, earlier.study.clusters.radius_km, again.sites.lat_e7, again.sites.lon_e7)
    return RankPath(states, labels, _state(first, again.sites, area, old, None), again.table)


def _labels(
    label: int, method_matches: ClusterMatches, shape_matches: ClusterMatches
) -> tuple[int, int, int, int] | None:
    """Follow one cluster of the later edition back to the earlier one."""
    reclustered = method_matches.before[label]
    first = None if reclustered is None else shape_matches.before[reclustered]
    return None if first is None or reclustered is None else (first, first, reclustered, label)


def _state(
    first: RankedClusters, world: Sites, area: Labels, method: Study, full_counts: FullCounts | None
) -> RankState:
    """Rank the first edition's clusters by other records: those on the sites `world`, labelled `area`.

    full_counts : None under fractional counting.
    """
    units = np.zeros((len(world.metrics), first.count), np.int64)
    counted = measures(world, area)[0] if full_counts is None else full_counts.for_labels(world, area)
    units[:, : counted.shape[1]] = counted
    weights = [method.weights[metric] for metric in world.metrics]
    score = scores(units.tolist(), world.totals, weights)
    sizes = [int(size) for size in units.sum(axis=0)]
    return RankState(ranks(order(score, sizes, [name.cluster_id for name in first.names])), score)


def _same_records(reclustered: RankedClusters, area: Labels, count: int) -> ClusterMatches:
    """Match two ways of clustering the same sites."""
    listings = reclustered.sites.listings.sum(axis=0)
    return match_overlaps(
        listing_overlap(listings, area, reclustered.label, count, reclustered.count),
        listing_overlap(listings, reclustered.label, area, reclustered.count, count),
    )
