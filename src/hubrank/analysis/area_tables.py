"""The tables of a study that names areas: its records by areas, and clusters against areas (METHOD 15)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from hubrank.analysis.comparison.partitions import PartitionOverlap
from hubrank.analysis.prerequisites import areas_of
from hubrank.analysis.unlocated_areas import unlocated_areas
from hubrank.clustering.area_files import parts_of
from hubrank.clustering.areas import SHAPES_KEY, Areas, area_labels, shapes_table
from hubrank.core.tables import Engine
from hubrank.counting.count import CountedRecords
from hubrank.ranking.measures import FullCounts, measures
from hubrank.ranking.rank_clusters import expect_conserved, rank_records, score
from hubrank.ranking.scores import RankedClusters
from hubrank.ranking.tables import areas as area_table
from hubrank.ranking.tables.areas import RankedAreas
from hubrank.sources import SIMULATED, UNKNOWN
from hubrank.sources.inputs import Inputs
from hubrank.study.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class AreaTables:
    """What areas add to an edition; nothing where the study names none.

    tables : by name, each with its key. codes : per cluster by rank, those of its areas; None where areas are ranked.
    account : for edition.json.
    """

    tables: dict[str, tuple[pa.Table, Sequence[str]]] = field(default_factory=dict)
    codes: list[str] | None = None
    account: dict[str, Any] = field(default_factory=dict)


def area_tables(
    study: Study,
    counted: CountedRecords,
    units: RankedClusters,
    unit_scores: Sequence[int],
    inputs: Inputs,
    engine: Engine,
) -> AreaTables:
    """Count and rank the records of a study by its areas, and hold clusters against them.

    units : what the study ranks, clusters or areas; the other is computed here.
    unit_scores : per metric, what one unit scores.
    Raises DataError for a file that cannot be used.
    """
    opened = areas_of(study, inputs)
    if study.areas is None or opened is None:
        return AreaTables()
    file, areas = opened
    inputs.licensed(parts_of(file.path), study.areas.licence or (SIMULATED if study.synthetic else UNKNOWN))
    clusters = units if units.areas is None else rank_records(study.with_clusters(), counted, engine)
    ranked = _ranked(study, counted, clusters, areas, engine) if units.areas is None else RankedAreas.of(units)
    pairs = area_table.pairs(clusters, ranked, unit_scores)
    outside = {
        metric: total - int(inside)
        for metric, total, inside in zip(
            clusters.sites.metrics, clusters.sites.totals, ranked.parts.sum(axis=1), strict=True
        )
    }
    account: dict[str, Any] = {
        "file": file.name,
        "areas": len(areas.code),
        "with_listings": len(ranked.row),
        "outside": outside,
    } | areas.remarks
    if stated := unlocated_areas(areas, counted.addresses, clusters.sites.metrics, engine):
        account["unlocated"] = stated
    tables: dict[str, tuple[pa.Table, Sequence[str]]] = {
        "areas": (area_table.areas_table(clusters.sites, ranked), area_table.KEY),
        "cluster_areas": (pairs, area_table.PAIRS_KEY),
    }
    alike = PartitionOverlap.of(clusters.label, ranked.label, clusters.sites.listings.sum(axis=0))
    account |= {"ranked": study.areas.rank, "clusters": clusters.count} | area_table.agreement(pairs)
    account |= {"adjusted_rand": str(alike.adjusted_rand), "variation_bits": str(alike.variation_bits)}
    if units.areas is not None:
        return AreaTables(tables | {"area_shapes": (shapes_table(areas), SHAPES_KEY)}, None, {"areas": account})
    return AreaTables(tables, area_table.codes(clusters, pairs), {"areas": account})


def _ranked(
    study: Study, counted: CountedRecords, clusters: RankedClusters, areas: Areas, engine: Engine
) -> RankedAreas:
    """Count the records in each area, and rank the areas as clusters are ranked."""
    world = clusters.sites
    label, row = area_table.compact(area_labels(areas, world.lat_e7, world.lon_e7))
    parts, _ = measures(world, label)
    expect_conserved(world, label, parts)
    full = study.ranking.counting == "full"
    units = FullCounts((lambda: counted.rounded), engine).for_labels(world, label) if full else parts
    scores = score(study, units, world.totals)
    rank = area_table.area_ranks([areas.code[which] for which in row.tolist()], scores, units)
    return RankedAreas(areas, row, label, units, parts, scores, rank)
