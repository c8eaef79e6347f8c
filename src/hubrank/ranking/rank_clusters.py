"""points → ranking in one process: what is left once the records are counted.

Every variant of the method runs through here with one choice replaced (METHOD 13).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

import numpy as np
import pyarrow as pa

from hubrank.clustering import record_clusters
from hubrank.clustering.city_credit import atlas as gazetteer_atlas
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import DensityClusters, Labels, clusters
from hubrank.clustering.merging import RecordOverlap, merging
from hubrank.clustering.naming import Atlas, Name, exact_scores, naming
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.sphere import Ints
from hubrank.core.tables import Engine
from hubrank.counting.count import CountedRecords
from hubrank.counting.sites import Sites, metric_numbers, site_keys, sites
from hubrank.ranking.measures import FullCounts, measures, touching
from hubrank.ranking.scores import Scores, order, ranks, scores
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class RankedClusters:
    """A ranked list of clusters, numbered by label from the heaviest on.

    sites, label : what lies where, and in which cluster (int32, NOISE where none).
    units, listings : int64, shape (metrics, clusters); `units` are what the score counts.
    parts : int64, shape (metrics, clusters). The units of the points, whatever the counting: they add up with noise.
    names, rank : one per cluster; ranks are a permutation of 1 … clusters.
    """

    sites: Sites
    dense: DensityClusters
    label: Labels
    units: Ints
    listings: Ints
    scores: Scores
    rank: list[int]
    names: list[Name]
    economies: list[dict[str, int]]
    parts: Ints

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return len(self.rank)


def factors(study: Study, totals: Sequence[int]) -> list[int]:
    """Return what one unit of each metric scores, as whole numbers over one common denominator."""
    weights = [Fraction(weight) for weight in study.weights.values()]
    scale = lcm(*(weight.denominator for weight in weights))
    product = prod(total for total in totals if total)
    return [
        int(weight * scale) * (product // total) if total else 0 for weight, total in zip(weights, totals, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredClusters:
    """Clusters and what they count, before they have names.

    label : int32, shape (sites,); units, listings, parts, scores : as of RankedClusters.
    """

    label: Labels
    units: Ints
    listings: Ints
    parts: Ints
    scores: Scores

    @property
    def sizes(self) -> list[int]:
        """What decides between equal scores: the sum of units of each cluster."""
        return [int(size) for size in self.units.sum(axis=0)]


def score_clusters(
    study: Study, world: Sites, dense: DensityClusters, shared: RecordOverlap, touching: FullCounts | None = None
) -> ScoredClusters:
    """Merge, measure and score the clusters of `dense`.

    touching : what each cluster has where records count wholly; asked under full counting only.
    Raises StudyError for a metric that weighs something and has nothing, CheckFailed where units were lost.
    """
    label = merging(world, dense.clustering.label, dense.weight, study.merging, shared)
    parts, listings = measures(world, label)
    _conserved(world, label, parts)
    units = parts
    if study.ranking.counting == "full":
        assert touching is not None  # noqa: S101 (whoever reckons a study of full counting has its records)
        units = touching(label)
    return ScoredClusters(label, units, listings, parts, _scored(study, units, world.totals))


def rank_clusters(
    study: Study, points: pa.Table, shared: RecordOverlap, atlas: Atlas, touching: FullCounts | None = None
) -> RankedClusters:
    """Cluster, merge, name, measure and rank.

    points : columns metric, lat_e7, lon_e7, economy, units, listings.
    shared : which records two clusters share, given the labels of sites; asked for merging only.
    touching : as `score_clusters` takes it. Names and economies go by fractional scores under either counting.
    """
    world = sites(points, study.metrics)
    dense = clusters(world, study.clusters, study.density)
    found = score_clusters(study, world, dense, shared, touching)
    worth = factors(study, world.totals)
    economies = _economies(world, found.label, points, worth)
    names = naming(world, found.label, economies, worth, atlas, study.naming)
    rank = ranks(order(found.scores, found.sizes, [name.cluster_id for name in names]))
    return RankedClusters(
        world, dense, found.label, found.units, found.listings, found.scores, rank, names, economies, found.parts
    )


def rank_records(study: Study, counted: CountedRecords, engine: Engine) -> RankedClusters:
    """Cluster and rank the records of a study; the atlas is that of the gazetteer."""
    world = counted.sites(study.metrics)
    overlap = record_clusters.shared(counted.rounded, world, engine)
    full_counts = touching(counted.rounded, world, engine)
    return rank_clusters(study, counted.points, overlap, gazetteer_atlas(), full_counts)


def _scored(study: Study, units: Ints, totals: list[int]) -> Scores:
    for metric, weight in study.weights.items():
        if weight and not totals[study.metrics.index(metric)]:
            raise StudyError(
                f"metric {metric!r} has no located record in its window, so no cluster has a share of it. "
                f"Check [windows] and the source, or give it weight 0."
            )
    return scores(units.tolist(), totals, list(study.weights.values()))


def _economies(world: Sites, label: Labels, points: pa.Table, worth: Sequence[int]) -> list[dict[str, int]]:
    """Return, per cluster, the exact score that each economy gave it."""
    keys = site_keys(points["lat_e7"].to_numpy(), points["lon_e7"].to_numpy())
    row = np.searchsorted(site_keys(world.lat_e7, world.lon_e7), keys)
    code = points["economy"].combine_chunks().dictionary_encode()
    number = code.indices.fill_null(-1).to_numpy().astype(np.int64)
    metric = metric_numbers(points, world.metrics)
    found = exact_scores(label[row].astype(np.int64), number, metric, points["units"].to_numpy(), worth)
    spelled = [*code.dictionary.to_pylist(), ""]
    return [{spelled[which]: score for which, score in cluster.items()} for cluster in found]


def _conserved(world: Sites, label: Labels, units: Ints) -> None:
    """Check that clusters and noise add up to the world."""
    noise = world.units[:, label == NOISE].sum(axis=1)
    for metric, inside, outside, total in zip(world.metrics, units.sum(axis=1), noise, world.totals, strict=True):
        if int(inside) + int(outside) != total:
            raise CheckFailed(f"{metric}: clusters hold {inside} units and noise {outside}, the world {total}.")
