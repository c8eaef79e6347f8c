"""The tables of an edition, from the counted and ranked clusters: each with the key that it is sorted by."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from shapely.geometry.base import BaseGeometry

from hubrank.analysis import comparison, location_report
from hubrank.analysis.doubtful_places import doubtful_places
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.prerequisites import population_raster, previous_edition
from hubrank.analysis.robustness.other_weights import weights_inputs, weights_table
from hubrank.clustering import record_clusters
from hubrank.clustering.city_atlas import atlas
from hubrank.clustering.outlines.outline import outlines
from hubrank.core import edition
from hubrank.core.parquet import write_stream
from hubrank.core.sphere import Ints
from hubrank.core.tables import Engine, Relation
from hubrank.counting import points
from hubrank.counting.addresses import sorted_addresses
from hubrank.counting.count import CountedRecords
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.ranking import rank_intervals
from hubrank.ranking.scores import RankedClusters, scores_per_unit
from hubrank.ranking.tables import concentration, economies, intensity, partners, profiles, top_shares
from hubrank.ranking.tables import ranking as ranking_table
from hubrank.ranking.tables.population import gazetteer_population
from hubrank.sources import UNKNOWN
from hubrank.sources.inputs import Inputs, licences
from hubrank.study.study import Study

Keyed = tuple[pa.Table, Sequence[str]]

LOCATED = """
SELECT metric, record_key, listing_no, year, exact_lat_e7 AS lat_e7, exact_lon_e7 AS lon_e7, weight, units, listings,
       cluster_id, economy, precision, geocoding_evidence, location_probability, gazetteer_id, address_key, source_file,
       source_row
FROM rounded LEFT JOIN labels USING (lat_e7, lon_e7) LEFT JOIN names USING (cluster)
ORDER BY metric, source_file, source_row, record_key, listing_no, lat_e7, lon_e7, weight, units, listings, economy,
         precision, geocoding_evidence, location_probability, gazetteer_id, address_key
"""
SET_ASIDE_KEY = ("metric", "source_file", "source_row", "field", "reason")


@dataclass(frozen=True, slots=True, eq=False)
class EditionTables:
    """All tables by name; the ranking with its columns from other tables; GeoJSON geometry by cluster_id.

    previous : the records of the edition before, where the study names one.
    weighed : how the ranks depend on the weights, computed elsewhere; None where the study turns robustness off.
    """

    tables: dict[str, Keyed]
    ranking: pa.Table
    shapes: dict[str, dict[str, Any]]
    previous: EditionRecords | None
    weighed: "Future[pa.Table] | None"


def assemble(
    study: Study,
    counted: CountedRecords,
    ranked: RankedClusters,
    previous: EditionRecords | None,
    inputs: Inputs,
    engine: Engine,
    worker: Executor,
) -> EditionTables:
    """Draw, describe and compare the clusters.

    previous : the records of the edition before, where the study names one.
    worker : draws outlines and ranks by other weights while records are counted here.

    Raises StudyError where [population] names a file that is not there.
    """
    at = ranked.sites
    outline_job = worker.submit(outlines, at.lat_e7, at.lon_e7, ranked.label, radius_km=study.clusters.radius_km)
    weighed = (
        worker.submit(weights_table, *weights_inputs(ranked, study)) if study.robustness.run and ranked.count else None
    )
    labels = record_clusters.labelled(ranked.sites, ranked.label, engine)
    members = record_clusters.members(counted.rounded, labels, engine)
    doubts = doubtful_places(study, ranked, counted.addresses, engine)
    intervals = rank_intervals.rank_intervals(ranked, members, counted.rounded, labels, study, engine, doubts)
    outlined = outline_job.result()
    people, source = _people(study, ranked, outlined.shape, inputs)
    cluster_tables = tables_by_clusters(ranked, counted.points, people.tolist(), source, study.ranking.top)
    before = None if previous is None else comparison.previous_ranks(study, ranked, previous)
    ranking = ranking_table.ranking(ranked, intervals, before, cluster_tables["intensity"][0])
    fractional = replace(ranked, units=ranked.parts)  # profiles are in parts that add up
    unit_scores = scores_per_unit(ranked.sites.totals, list(study.weights.values()))
    tables: dict[str, Keyed] = {
        "points": (counted.points, points.KEY),
        "clusters": (ranking_table.clusters(ranked, outlined.area_km2), ("cluster_id",)),
        "measures": (ranking_table.measures(ranked), ("cluster_id", "metric")),
        "ranking": (ranking, ("rank",)),
        "set_aside": (counted.set_aside, SET_ASIDE_KEY),
        "robustness": (intervals, rank_intervals.KEY),
        "location_report": (
            location_report.location_report(study, ranked, counted.addresses, counted.rounded, labels, engine),
            location_report.KEY,
        ),
        **cluster_tables,
        **tables_by_records(fractional, counted.rounded, labels, members, unit_scores, engine),
    }
    shapes = {
        name.cluster_id: shape.__geo_interface__ for name, shape in zip(ranked.names, outlined.shape, strict=True)
    }
    return EditionTables(tables, ranking, shapes, previous, weighed)


def tables_by_records(
    ranked: RankedClusters,
    rounded: Relation,
    labels: Relation,
    members: Relation,
    unit_scores: Sequence[int],
    engine: Engine,
) -> dict[str, Keyed]:
    """Return the tables that need the records: profiles, fields, concentration, records, links, partners.

    rounded : Relation of every located listing, coordinates rounded.
    labels : Relation[lat_e7, lon_e7, cluster], the sites that lie in a cluster.
    members : Relation[metric, record_key, cluster, units, records], as `record_clusters.members` returns it.
    unit_scores : per metric, what one unit scores.
    """
    world = profiles.fields(rounded, engine)
    profiled = profiles.profiles(ranked, rounded, labels, world, engine)
    counted = partners.cluster_records(ranked, rounded, members, engine)
    linked = partners.links(ranked, record_clusters.links(members, engine))
    return {
        "profiles": (profiled, profiles.KEY),
        "fields": (world, profiles.FIELDS_KEY),
        "concentration": (concentration.concentration(profiled, ranked, unit_scores), concentration.KEY),
        "cluster_records": (counted, partners.CLUSTER_RECORDS_KEY),
        "links": (linked, partners.LINKS_KEY),
        "partners": (partners.main_partners(linked, counted), partners.PARTNERS_KEY),
    }


def tables_by_clusters(
    ranked: RankedClusters, points: pa.Table, people: Sequence[int], source: str, top: int
) -> dict[str, Keyed]:
    """Return the tables that need clusters and points only: economies, their output, top_shares, leaders, intensity.

    points : columns metric, lat_e7, lon_e7, economy, units.
    people : inhabitants of each cluster, from `source` (intensity.GAZETTEER or intensity.RASTER).
    top : how many ranks count as the top, besides ten.
    """
    return {
        "economies": (economies.counts(ranked, top), economies.COUNTS_KEY),
        "economy_output": (economies.output(ranked, points, top), economies.OUTPUT_KEY),
        "top_shares": (top_shares.top_shares(ranked, (top_shares.TOPS[0], top)), top_shares.TOP_SHARES_KEY),
        "leaders": (top_shares.leaders(ranked), top_shares.LEADERS_KEY),
        "intensity": (intensity.intensity(ranked, people, source), intensity.KEY),
    }


def located(counted: CountedRecords, ranked: RankedClusters, engine: Engine) -> pa.RecordBatchReader:
    """Stream every located listing with its cluster, sorted: the one table that need not fit into memory."""
    ids = [name.cluster_id for name in ranked.names]
    table = pa.table({"cluster": pa.array(range(len(ids)), pa.int32()), "cluster_id": pa.array(ids, pa.string())})
    names = engine.load(iter([table]), table.schema)
    labels = record_clusters.labelled(ranked.sites, ranked.label, engine)
    return engine.batches(LOCATED, rounded=counted.rounded, labels=labels, names=names)


def write_located(
    folder: Path, study: Study, counted: CountedRecords, ranked: RankedClusters, engine: Engine
) -> dict[str, pa.Schema]:
    """Write the tables `located` and `addresses` of an edition; return their columns."""
    note = edition.SIMULATED if study.synthetic else ""
    tables = folder / "tables"
    listings = write_stream(tables / "located.parquet", located(counted, ranked, engine), note=note)
    addresses = write_stream(tables / "addresses.parquet", sorted_addresses(counted.addresses, engine), note=note)
    return {"located": listings, "addresses": addresses}


def _people(study: Study, ranked: RankedClusters, shapes: Sequence[BaseGeometry], inputs: Inputs) -> tuple[Ints, str]:
    """Return the people inside each outline, and where the figures come from."""
    path = population_raster(study, inputs)
    if path is None:
        cities = [name.cities for name in ranked.names]
        return gazetteer_population(shapes, cities, gazetteer.places()), intensity.GAZETTEER
    from hubrank.ranking.tables.population_raster import raster_population  # noqa: PLC0415 (needs the extra `raster`)

    file = inputs.hashed(path)
    inputs.licensed([path], study.population.licence or UNKNOWN)
    people = raster_population(shapes, path)
    file.expect_unchanged()
    return people, intensity.RASTER


def previous_records(study: Study, inputs: Inputs, local_engine: Engine) -> EditionRecords | None:
    """Open the records of the previous edition, where the study names one.

    local_engine : an engine of this machine. Raises StudyError where the edition is not there.
    """
    earlier = previous_edition(study, inputs)
    if earlier is None:
        return None
    inputs.hashed(earlier.folder / "edition.json")
    inputs.licensed([earlier.folder / "edition.json"], licences(earlier.manifest))
    return EditionRecords(earlier, local_engine, atlas())
