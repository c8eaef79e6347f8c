"""The tables of an edition, from the counted and ranked clusters: each with the key that it is sorted by."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
from shapely.geometry.base import BaseGeometry

from hubrank.analysis import comparison, corrections_used, location_report
from hubrank.analysis.area_tables import area_tables
from hubrank.analysis.city_centres import city_centres
from hubrank.analysis.doubtful_places import doubtful_places
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.prerequisites import population_grid, previous_edition
from hubrank.analysis.robustness.other_weights import weights_inputs, weights_table
from hubrank.clustering import record_clusters
from hubrank.clustering.cities import atlas
from hubrank.clustering.outlines.outline import Outlines, grounds, outlines
from hubrank.core.tables import Engine
from hubrank.core.units import SHARE
from hubrank.counting import points
from hubrank.counting.count import CountedRecords
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.ranking import rank_intervals
from hubrank.ranking.cluster_records import ClusterRecords
from hubrank.ranking.listing_sums import ListingSums
from hubrank.ranking.scores import RankedClusters, scores_per_unit
from hubrank.ranking.tables import concentration, economies, economy_ranks, intensity, partners, profiles, top_shares
from hubrank.ranking.tables import ranking as ranking_table
from hubrank.ranking.tables.population import gazetteer_population
from hubrank.ranking.tables.population_table import table_population
from hubrank.sources import SIMULATED, UNKNOWN
from hubrank.sources.inputs import Inputs, licences
from hubrank.study.study import Study

Keyed = tuple[pa.Table, Sequence[str]]
Geometries = dict[str, dict[str, Any]]

OutlineJobs = tuple["Future[Outlines]", "Future[Outlines]"]  # ground and outline of each cluster
SET_ASIDE_KEY = ("metric", "source_file", "source_row", "field", "reason")


@dataclass(frozen=True, slots=True, eq=False)
class EditionTables:
    """All tables by name, and the ranking with its columns from other tables.

    shapes, outlines : GeoJSON geometry by cluster_id: the ground, and the outline drawn tight around all members.
    account : what edition.json says of areas and corrections, where the study names some.
    previous : the records of the edition before, where the study names one.
    weighed : how the ranks depend on the weights, computed elsewhere; None where the study turns robustness off.
    """

    tables: dict[str, Keyed]
    ranking: pa.Table
    shapes: Geometries
    outlines: Geometries
    account: dict[str, Any]
    previous: EditionRecords | None
    weighed: "Future[pa.Table] | None"


def assemble(
    study: Study,
    counted: CountedRecords,
    ranked: RankedClusters,
    sums: ListingSums,
    previous: EditionRecords | None,
    outline_jobs: OutlineJobs,
    inputs: Inputs,
    engine: Engine,
    worker: Executor,
) -> EditionTables:
    """Describe and compare the clusters.

    sums : of all listings that were written. outline_jobs : as `drawings` returns them.
    previous : the records of the edition before, where the study names one.
    worker : counts people and ranks by other weights while records are counted here.

    Raises StudyError where [population] names a file that is not there, DataError where that file is no grid of people.
    """
    ground_job, outline_job = outline_jobs
    is_weighed = study.robustness.run and ranked.count
    weighed = worker.submit(weights_table, *weights_inputs(ranked, study)) if is_weighed else None
    labels = record_clusters.labelled(ranked.sites, ranked.label, engine)
    records = sums.finished(counted.rounded, labels, engine)
    doubts = doubtful_places(study, ranked, counted.addresses, engine)
    moments = rank_intervals.score_moments(ranked, records, study, engine)
    intervals = rank_intervals.rank_intervals(ranked, moments, study, doubts)
    ground = ground_job.result()
    people_of_grid = _people_of_grid(study, ground.shape, ranked.areas is None, inputs, worker)
    fractional = replace(ranked, units=ranked.parts)  # profiles are in parts that add up
    unit_scores = scores_per_unit(ranked.sites.totals, list(study.weights.values()))
    record_tables = tables_by_records(fractional, records, unit_scores, study.counts, engine)
    locations = location_report.location_report(study, ranked, counted.addresses, labels, engine)
    cluster_tables = tables_by_clusters(ranked, counted.points, study.ranking.top)
    cluster_tables["economy_ranks"] = economy_ranks.economy_ranks(ranked, moments, study.robustness), economy_ranks.KEY
    people, of_people = _people(ranked, ground, people_of_grid, moments, study)
    by_area = area_tables(study, counted, ranked, unit_scores, inputs, engine)
    before = None if previous is None else comparison.previous_ranks(study, ranked, previous)
    ranking = ranking_table.ranking(ranked, intervals, before, people)
    if of_people and ranked.areas is None and not study.synthetic:  # simulated people are no cities'
        centres = city_centres(study, ranked, counted.addresses, labels, engine)
        ranking = _with_people_of_cities(ranking, ranked, ground, centres)
    ranking = _with_areas(ranking, by_area.codes)
    tables: dict[str, Keyed] = {
        "points": (counted.points, points.KEY),
        "clusters": (ranking_table.clusters(ranked, ground.area_km2), ("cluster_id",)),
        "measures": (ranking_table.measures(ranked), ("cluster_id", "metric")),
        "ranking": (ranking, ("rank",)),
        "set_aside": (counted.set_aside, SET_ASIDE_KEY),
        "robustness": (intervals, rank_intervals.KEY),
        "location_report": (locations, location_report.KEY),
        **cluster_tables,
        **of_people,
        **by_area.tables,
        **record_tables,
    }
    both = geometries(ranked, ground), geometries(ranked, outline_job.result())
    of_corrections, corrected = corrections_used.used(inputs, counted.addresses, engine)
    return EditionTables(tables | corrected, ranking, *both, by_area.account | of_corrections, previous, weighed)


def tables_by_records(
    ranked: RankedClusters,
    records: ClusterRecords,
    unit_scores: Sequence[int],
    counts: Sequence[str],
    engine: Engine,
) -> dict[str, Keyed]:
    """Return the tables that need the records: profiles, fields, concentration, records, links, partners.

    unit_scores : per metric, what one unit scores.
    counts : the metrics that count records: clusters share each record once, however often metrics weigh it.
    """
    world = profiles.fields(records.cells, engine)
    profiled = profiles.profiles(ranked, records, world, engine)
    counted = partners.cluster_records(ranked, records.of_metric)
    linked = partners.links(ranked, records.of_metric, counts)
    return {
        "profiles": (profiled, profiles.KEY),
        "fields": (world, profiles.FIELDS_KEY),
        "concentration": (concentration.concentration(profiled, ranked, unit_scores), concentration.KEY),
        "cluster_records": (counted, partners.CLUSTER_RECORDS_KEY),
        "links": (linked, partners.LINKS_KEY),
        "partners": (partners.main_partners(linked, counted), partners.PARTNERS_KEY),
    }


def tables_by_clusters(ranked: RankedClusters, points: pa.Table, top: int) -> dict[str, Keyed]:
    """Return the tables that need clusters and points only: economies, their output, top_shares, leaders.

    points : columns metric, lat_e7, lon_e7, economy, units.
    top : how many ranks count as the top, besides ten.
    """
    return {
        "economies": (economies.counts(ranked, top), economies.COUNTS_KEY),
        "economy_output": (economies.output(ranked, points, top), economies.OUTPUT_KEY),
        "top_shares": (top_shares.top_shares(ranked, (top_shares.TOPS[0], top)), top_shares.TOP_SHARES_KEY),
        "leaders": (top_shares.leaders(ranked), top_shares.LEADERS_KEY),
    }


def drawings(study: Study, ranked: RankedClusters, worker: Executor) -> OutlineJobs:
    """Return ground and outline of what is ranked, as they are being drawn; of areas both are their own shape."""
    if ranked.areas is not None and study.areas is not None:
        shapes = worker.submit(ranked.areas.outlines, nested=study.areas.overlaps == "smaller")
        return shapes, shapes
    at, radius_km = ranked.sites, study.clusters.radius_km
    sites = at.lat_e7, at.lon_e7, ranked.label
    ground = worker.submit(grounds, *sites, ranked.dense.clustering.is_core, radius_km=radius_km)
    return ground, worker.submit(outlines, *sites, radius_km=radius_km)


def geometries(ranked: RankedClusters, outlined: Outlines) -> Geometries:
    """Return the GeoJSON geometry of each cluster by its id."""
    return {name.cluster_id: shape.__geo_interface__ for name, shape in zip(ranked.names, outlined.shape, strict=True)}


def _people(
    ranked: RankedClusters,
    ground: Outlines,
    people_of_grid: Callable[[], list[int | None]] | None,
    moments: rank_intervals.ScoreMoments,
    study: Study,
) -> tuple[pa.Table, dict[str, Keyed]]:
    """Return the people of each ground as columns of the ranking, and where a grid counts them the table of intensity.

    people_of_grid : waits for the people; None where the study names no grid.
    """
    if people_of_grid is None:
        return _people_of_cities(ranked, ground), {}
    people = intensity.intensity(ranked, people_of_grid(), ground.area_km2, moments, study.robustness)
    return people, {"intensity": (people, intensity.KEY)}


def _with_areas(ranking: pa.Table, codes: Sequence[str | None] | None) -> pa.Table:
    """Return a ranking with the codes of the areas that its clusters lie in, where the study has any."""
    return ranking if codes is None else ranking.append_column("area_codes", pa.array(codes, pa.string()))


def _with_people_of_cities(
    ranking: pa.Table, ranked: RankedClusters, ground: Outlines, centres: Sequence[Decimal | None]
) -> pa.Table:
    """Return a ranking with the people of the cities on each ground beside those of a grid.

    centres : per cluster, the percentage of its listings at the centres of cities.
    """
    people = _people_of_cities(ranked, ground).append_column("at_city_centres_pct", pa.array(centres, SHARE))
    rows = {row["cluster_id"]: row for row in people.to_pylist()}
    for name, kind in (("city_people", pa.int64()), ("at_city_centres_pct", SHARE)):
        column = [rows[cluster][name] for cluster in ranking["cluster_id"].to_pylist()]
        ranking = ranking.append_column(name, pa.array(column, kind))
    return ranking


def _people_of_cities(ranked: RankedClusters, ground: Outlines) -> pa.Table:
    """Return the people of the cities on each ground: all that is known without a grid."""
    cities = [name.cities for name in ranked.names]
    people = gazetteer_population(ground.shape, cities, gazetteer.places())
    return intensity.people_of_cities(ranked, people.tolist())


def _people_of_grid(
    study: Study, shapes: Sequence[BaseGeometry], covering: bool, inputs: Inputs, worker: Executor
) -> Callable[[], list[int | None]] | None:
    """Let the worker count the people of the cells that each shape covers; return what waits for them.

    covering : whether cells of a table have to cover the shapes. None where the study names no grid.
    """
    path = population_grid(study, inputs)
    if path is None:
        return None
    file = inputs.hashed(path)
    inputs.licensed([path], study.population.licence or (SIMULATED if study.synthetic else UNKNOWN))
    if study.population.table is not None:
        people = worker.submit(table_population, shapes, path, study.population.cell_deg, covering=covering)
    else:
        from hubrank.ranking.tables.population_raster import raster_population  # noqa: PLC0415 (the extra `raster`)

        people = worker.submit(raster_population, shapes, path)

    def counted() -> list[int | None]:
        result = people.result()
        file.expect_unchanged()
        return result

    return counted


def previous_records(study: Study, inputs: Inputs, engine: Engine) -> EditionRecords | None:
    """Open the records of the previous edition, where the study names one.

    Raises StudyError where the edition is not there.
    """
    earlier = previous_edition(study, inputs)
    if earlier is None:
        return None
    inputs.hashed(earlier.folder / "edition.json")
    inputs.licensed([earlier.folder / "edition.json"], licences(earlier.manifest))
    return EditionRecords(earlier, engine, atlas())
