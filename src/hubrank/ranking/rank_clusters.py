"""points → ranked clusters: density → merging → measures → scores → naming → ranks, in one process.

Every variant of the method runs through here with one choice replaced (METHOD 13).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from hubrank.clustering.areas import Areas, AreaUnits, area_labels, expect_apart, expect_listings_inside
from hubrank.clustering.cities import Atlas
from hubrank.clustering.cities import atlas as gazetteer_atlas
from hubrank.clustering.cluster_cities import exact_scores
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import DensityClusters, Labels, by_weight, clusters
from hubrank.clustering.merging import merging
from hubrank.clustering.naming import naming
from hubrank.clustering.record_clusters import RecordOverlap
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.sphere import Ints
from hubrank.core.tables import Engine
from hubrank.counting.count import CountedRecords
from hubrank.counting.points import Sites, metric_numbers, site_keys, sites
from hubrank.ranking.measures import FullCounts, measures
from hubrank.ranking.scores import RankedClusters, ScoredClusters, Scores, order, ranks, scores, scores_per_unit
from hubrank.study.study import Study


def ranked_labels(
    study: Study, world: Sites, dense: DensityClusters, overlap: RecordOverlap, areas: Areas | None
) -> tuple[Labels, AreaUnits | None]:
    """Return what each site belongs to, the heaviest first: clusters, or the areas that a study ranks in their place.

    Labels are int32, shape (sites,). This alone decides what is ranked; all that follows takes them as they are.
    """
    if not study.ranks_areas:
        counts = world.of(study.counts)  # records that weigh by quality are counted there already
        return merging(counts, dense.clustering.label, dense.weight, study.merging, overlap), None
    if areas is None:
        raise ValueError("the study ranks areas, and none were given")
    inside = area_labels(areas, world.lat_e7, world.lon_e7)
    label = by_weight(inside, dense.weight, np.arange(len(areas.code), dtype=np.int32))
    row = np.empty(int(label.max(initial=NOISE)) + 1, np.int64)
    row[label[label != NOISE]] = inside[label != NOISE]
    return label, AreaUnits(areas, row)


def score_clusters(
    study: Study,
    world: Sites,
    dense: DensityClusters,
    overlap: RecordOverlap,
    full: FullCounts,
    areas: Areas | None = None,
) -> ScoredClusters:
    """Merge, measure and score the clusters of `dense`: merging → measures → scores.

    overlap : used for merging only; full : under full counting only; areas : where the study ranks areas.
    Raises StudyError for a metric that weighs something and has nothing, CheckFailed where units were lost.
    """
    label, area_units = ranked_labels(study, world, dense, overlap, areas)
    parts, listings = measures(world, label)
    expect_conserved(world, label, parts)
    units = full.for_labels(world, label) if study.ranking.counting == "full" else parts
    exact = score(study, units, world.totals)
    return ScoredClusters(world, dense, label, units, listings, parts, exact, areas=area_units)


def rank_clusters(
    study: Study, points: pa.Table, overlap: RecordOverlap, full: FullCounts, atlas: Atlas, areas: Areas | None = None
) -> RankedClusters:
    """Cluster, merge, measure, score, name and rank.

    points : columns metric, lat_e7, lon_e7, economy, units, listings.
    overlap, full, areas : as `score_clusters` takes them. Names and economies go by fractional scores in any case.
    """
    world = sites(points, study.metrics)
    dense = clusters(world, study.clusters, study.density)
    scored = score_clusters(study, world, dense, overlap, full, areas)
    unit_scores = scores_per_unit(world.totals, list(study.weights.values()))
    economies = _economy_scores(world, scored.label, points, unit_scores)
    names = naming(world, scored.label, economies, unit_scores, atlas, study.naming.language)
    if scored.areas is not None:  # the cities stay those that a cluster of the same sites would be named after
        area_names = zip(names, scored.areas.codes, scored.areas.names, strict=True)
        names = [replace(name, cluster_id=code, cluster=text) for name, code, text in area_names]
    rank = ranks(order(scored.scores, scored.sizes, [name.cluster_id for name in names]))
    counts = (scored.units, scored.listings, scored.parts, scored.scores)
    return RankedClusters(world, dense, scored.label, *counts, rank, names, economies, areas=scored.areas)


def rank_records(study: Study, counted: CountedRecords, engine: Engine, areas: Areas | None = None) -> RankedClusters:
    """Cluster and rank the records of a study; the atlas is that of the gazetteer.

    areas : those that the study names, if any. Raises DataError where they overlap and may not, or where they are
        ranked and no listing lies in any.
    """
    rounded = (lambda: counted.rounded), engine
    records = RecordOverlap(*rounded), FullCounts(*rounded)
    ranked = rank_clusters(study, counted.points, *records, gazetteer_atlas(), areas)
    if study.areas is not None and areas is not None and study.areas.overlaps == "refuse":
        expect_apart(areas, ranked.sites.lat_e7, ranked.sites.lon_e7)
    if study.ranks_areas and study.areas is not None and areas is not None:
        expect_listings_inside(areas, ranked.sites.lat_e7, ranked.sites.lon_e7, study.areas.file)
    return ranked


def score(study: Study, units: Ints, totals: list[int]) -> Scores:
    """Score what clusters, or areas, count. Raises StudyError for a metric that weighs something and has nothing."""
    for metric, weight in study.weights.items():
        if weight and not totals[study.metrics.index(metric)]:
            raise StudyError(
                f"metric {metric!r} has no located record in its window, so no cluster has a share of it. "
                f"Check [windows] and the source, or give it weight 0."
            )
    return scores(units.tolist(), totals, list(study.weights.values()))


def _economy_scores(world: Sites, label: Labels, points: pa.Table, unit_scores: Sequence[int]) -> list[dict[str, int]]:
    """Return, per cluster, the exact score that each economy gave it."""
    keys = site_keys(points["lat_e7"].to_numpy(), points["lon_e7"].to_numpy())
    row = np.searchsorted(site_keys(world.lat_e7, world.lon_e7), keys)
    code = points["economy"].combine_chunks().dictionary_encode()
    number = code.indices.fill_null(-1).to_numpy().astype(np.int64)
    metric = metric_numbers(points, world.metrics)
    exact = exact_scores(label[row].astype(np.int64), number, metric, points["units"].to_numpy(), unit_scores)
    spelled = [*code.dictionary.to_pylist(), ""]
    return [{spelled[which]: score for which, score in cluster.items()} for cluster in exact]


def expect_conserved(world: Sites, label: Labels, units: Ints) -> None:
    """Raise CheckFailed where clusters, or areas, and noise do not add up to the world."""
    noise = world.units[:, label == NOISE].sum(axis=1)
    for metric, inside, outside, total in zip(world.metrics, units.sum(axis=1), noise, world.totals, strict=True):
        if int(inside) + int(outside) != total:
            raise CheckFailed(f"{metric}: clusters have {inside} units and noise {outside}, but the world has {total}.")
