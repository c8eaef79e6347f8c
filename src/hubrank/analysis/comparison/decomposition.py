"""Why ranks moved: data, boundary, method, three differences that add up to the whole (METHOD 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hubrank.analysis.comparison.cluster_area import on_ground
from hubrank.analysis.comparison.matching import ClusterMatches, flow, kinship, kinship_of
from hubrank.analysis.edition_records import EditionRecords
from hubrank.clustering.density import Labels
from hubrank.ranking.measures import FullCounts, measures
from hubrank.ranking.rank_clusters import RankedClusters
from hubrank.ranking.scores import Scores, order, ranks, scores
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class RankState:
    """A list of clusters as it would have been printed: rank and exact score, by label."""

    rank: Sequence[int]
    scores: Scores


@dataclass(frozen=True, slots=True, eq=False)
class RankPath:
    """The way of the clusters from the earlier edition to the later one, a step at a time.

    standings : four: (earlier records, earlier clusters, earlier method) → later records → later clusters under the
        earlier parameters → later method.
    ways : per cluster of the later edition, its label in each of the four, None where the thread breaks.
    """

    standings: tuple[RankState, RankState, RankState, RankState]
    ways: list[tuple[int, int, int, int] | None]


def passage(earlier: EditionRecords, later: EditionRecords) -> RankPath:
    """Recount the later records step by step, from the earlier edition's clusters and method to the later one's."""
    first, last = earlier.as_published(), later.as_published()
    old = later.applicable(earlier.study)
    redrawn = later.ranked_by(earlier.study)
    held = on_ground(first, earlier.study.clusters.radius_km, redrawn.sites.lat_e7, redrawn.sites.lon_e7)
    full_counts = later.full_counts(old.points.step_e7) if old.ranking.counting == "full" else None
    filled = _standing(first, redrawn, held, old, full_counts)
    reshaped = _same_records(redrawn, held, first.count)
    reruled = kinship_of(redrawn, old.clusters.radius_km, last, later.study.clusters.radius_km)
    standings = (
        RankState(first.rank, first.scores),
        filled,
        RankState(redrawn.rank, redrawn.scores),
        RankState(last.rank, last.scores),
    )
    return RankPath(standings, [_way(label, reruled, reshaped) for label in range(last.count)])


def _way(label: int, reruled: ClusterMatches, reshaped: ClusterMatches) -> tuple[int, int, int, int] | None:
    """Follow one cluster of the later edition back to the earlier one."""
    redrawn = reruled.before[label]
    first = None if redrawn is None else reshaped.before[redrawn]
    return None if first is None or redrawn is None else (first, first, redrawn, label)


def _standing(
    first: RankedClusters, world: RankedClusters, held: Labels, method: Study, full_counts: FullCounts | None
) -> RankState:
    """Rank the first edition's clusters by other records: those of `world`, labelled `held`.

    full_counts : None under fractional counting.
    """
    units = np.zeros((len(world.sites.metrics), first.count), np.int64)
    found = measures(world.sites, held)[0] if full_counts is None else full_counts.for_labels(world.sites, held)
    units[:, : found.shape[1]] = found
    weights = [method.weights[metric] for metric in world.sites.metrics]
    score = scores(units.tolist(), world.sites.totals, weights)
    sizes = [int(size) for size in units.sum(axis=0)]
    return RankState(ranks(order(score, sizes, [name.cluster_id for name in first.names])), score)


def _same_records(redrawn: RankedClusters, held: Labels, count: int) -> ClusterMatches:
    """Match two ways of clustering the same sites."""
    listings = redrawn.sites.listings.sum(axis=0)
    return kinship(flow(listings, held, redrawn.label, count), flow(listings, redrawn.label, held, redrawn.count))
