"""Why ranks moved: data, boundary, method, three differences that add up to the whole (METHOD 8)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hubrank.analysis.comparison.cluster_area import on_ground
from hubrank.analysis.comparison.matching import Kinship, flow, kinship, kinship_of
from hubrank.analysis.edition_records import Records
from hubrank.clustering.density import Labels
from hubrank.ranking.measures import Touching, measures
from hubrank.ranking.rank_clusters import Reckoning
from hubrank.ranking.scores import Scores, order, ranks, scores
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A list of clusters as it would have been printed: rank and exact score, by label."""

    rank: Sequence[int]
    scores: Scores


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """The way of the clusters from the earlier edition to the later one, a step at a time.

    standings : four: (earlier records, earlier clusters, earlier method) → later records → later clusters under the
        earlier parameters → later method.
    ways : per cluster of the later edition, its label in each of the four, None where the thread breaks.
    """

    standings: tuple[Standing, Standing, Standing, Standing]
    ways: list[tuple[int, int, int, int] | None]


def passage(earlier: Records, later: Records) -> Passage:
    """Recount the later records step by step, from the earlier edition's clusters and method to the later one's."""
    first, last = earlier.own(), later.own()
    old = later.suited(earlier.study)
    redrawn = later.under(earlier.study)
    held = on_ground(first, earlier.study.clusters.radius_km, redrawn.sites.lat_e7, redrawn.sites.lon_e7)
    touching = later.touching(old.points.step_e7, old.metrics) if old.ranking.counting == "full" else None
    filled = _standing(first, redrawn, held, old, touching)
    reshaped = _same_records(redrawn, held, first.count)
    reruled = kinship_of(redrawn, old.clusters.radius_km, last, later.study.clusters.radius_km)
    standings = (
        Standing(first.rank, first.scores),
        filled,
        Standing(redrawn.rank, redrawn.scores),
        Standing(last.rank, last.scores),
    )
    return Passage(standings, [_way(label, reruled, reshaped) for label in range(last.count)])


def _way(label: int, reruled: Kinship, reshaped: Kinship) -> tuple[int, int, int, int] | None:
    """Follow one cluster of the later edition back to the earlier one."""
    redrawn = reruled.before[label]
    first = None if redrawn is None else reshaped.before[redrawn]
    return None if first is None or redrawn is None else (first, first, redrawn, label)


def _standing(first: Reckoning, world: Reckoning, held: Labels, method: Study, touching: Touching | None) -> Standing:
    """Rank the first edition's clusters by other records: those of `world`, labelled `held`.

    touching : counts the records wholly; None counts them in parts.
    """
    units = np.zeros((len(world.sites.metrics), first.count), np.int64)
    found = measures(world.sites, held)[0] if touching is None else touching(held)
    units[:, : found.shape[1]] = found
    weights = [method.weights[metric] for metric in world.sites.metrics]
    score = scores(units.tolist(), world.sites.totals, weights)
    sizes = [int(size) for size in units.sum(axis=0)]
    return Standing(ranks(order(score, sizes, [name.cluster_id for name in first.names])), score)


def _same_records(redrawn: Reckoning, held: Labels, count: int) -> Kinship:
    """Match two ways of clustering the same sites."""
    listings = redrawn.sites.listings.sum(axis=0)
    return kinship(flow(listings, held, redrawn.label, count), flow(listings, redrawn.label, held, redrawn.count))
