"""What an edition holds, put together from what was counted and ranked: each table with the key it is sorted by."""

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from shapely.geometry.base import BaseGeometry

from hubrank.analysis import comparison
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.robustness.other_weights import weights_inputs, weights_table
from hubrank.clustering import record_clusters
from hubrank.clustering.city_credit import atlas
from hubrank.clustering.outlines.outline import outlines
from hubrank.core import edition
from hubrank.core.errors import StudyError
from hubrank.core.sphere import Ints
from hubrank.core.tables import Engine
from hubrank.counting import points
from hubrank.counting.count import CountedRecords
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.ranking import rank_intervals as sampling_stage
from hubrank.ranking.rank_clusters import RankedClusters, factors
from hubrank.ranking.rank_intervals import sampling
from hubrank.ranking.tables import intensity, portrait
from hubrank.ranking.tables import ranking as ranking_module
from hubrank.ranking.tables.population import gazetteer_population
from hubrank.sources import UNKNOWN
from hubrank.sources.inputs import Inputs, licences
from hubrank.study.study import Study

Keyed = tuple[pa.Table, Sequence[str]]

LOCATED = """
SELECT metric, record_key, listing_no, year, exact_lat_e7 AS lat_e7, exact_lon_e7 AS lon_e7, weight, units, listings,
       cluster_id, economy, precision, geocoding_method, geocoding_confidence_pct, gazetteer_id, source_file, source_row
FROM rounded LEFT JOIN labels USING (lat_e7, lon_e7) LEFT JOIN names USING (cluster)
ORDER BY metric, source_file, source_row, record_key, listing_no, lat_e7, lon_e7, weight, units, listings, economy,
         precision, geocoding_method, geocoding_confidence_pct, gazetteer_id
"""
SET_ASIDE_KEY = ("metric", "source_file", "source_row", "field", "reason")


@dataclass(frozen=True, slots=True, eq=False)
class EditionTables:
    """All tables by name; the ranking with its columns from other tables; GeoJSON geometry by cluster_id.

    previous : the records of the edition before, where the study names one.
    weighed : how the ranks hang on the weights, in the making; None where the study wants no doubts.
    """

    tables: dict[str, Keyed]
    ranking: pa.Table
    shapes: dict[str, dict[str, Any]]
    previous: EditionRecords | None
    weighed: "Future[pa.Table] | None"


def assemble(
    chosen: Study,
    counted: CountedRecords,
    found: RankedClusters,
    inputs: Inputs,
    engine: Engine,
    desk: Engine,
    helper: Executor,
) -> EditionTables:
    """Draw, describe and compare the clusters.

    desk : what opens the records of the edition before; `engine` where that is of this machine.
    helper : draws outlines and weighs ranks while records are asked here.

    Raises StudyError where [compare] or [population] name a file that is not there.
    """
    at = found.sites
    drawing = helper.submit(outlines, at.lat_e7, at.lon_e7, found.label, radius_km=chosen.clusters.radius_km)
    weighed = (
        helper.submit(weights_table, *weights_inputs(found, chosen)) if chosen.robustness.run and found.count else None
    )
    labels = record_clusters.labelled(found.sites, found.label, engine)
    belonging = record_clusters.members(counted.rounded, labels, engine)
    doubts = sampling(found, belonging, counted.rounded, labels, chosen, engine)
    drawn = drawing.result()
    people, source = _people(chosen, found, drawn.shape, inputs)
    beside = portrait.by_clusters(found, counted.points, people.tolist(), source, chosen.ranking.top)
    previous = _previous(chosen, inputs, desk)
    before = None if previous is None else comparison.previous_ranks(chosen, found, previous)
    ranking = ranking_module.ranking(found, doubts, before, beside["intensity"][0])
    fractional = replace(found, units=found.parts)  # who stands behind a cluster is told in parts that add up
    worth = factors(chosen, found.sites.totals)
    tables: dict[str, Keyed] = {
        "points": (counted.points, points.KEY),
        "clusters": (ranking_module.clusters(found, drawn.area_km2), ("cluster_id",)),
        "measures": (ranking_module.measures(found), ("cluster_id", "metric")),
        "ranking": (ranking, ("rank",)),
        "set_aside": (counted.set_aside, SET_ASIDE_KEY),
        "robustness": (doubts, sampling_stage.KEY),
        **beside,
        **portrait.by_records(fractional, counted.rounded, labels, belonging, worth, engine),
    }
    shapes = {name.cluster_id: shape.__geo_interface__ for name, shape in zip(found.names, drawn.shape, strict=True)}
    return EditionTables(tables, ranking, shapes, previous, weighed)


def located(counted: CountedRecords, found: RankedClusters, engine: Engine) -> pa.RecordBatchReader:
    """Stream every located listing with its cluster, sorted: the one table that need not fit memory."""
    ids = [name.cluster_id for name in found.names]
    table = pa.table({"cluster": pa.array(range(len(ids)), pa.int32()), "cluster_id": pa.array(ids, pa.string())})
    names = engine.load(iter([table]), table.schema)
    labels = record_clusters.labelled(found.sites, found.label, engine)
    return engine.batches(LOCATED, rounded=counted.rounded, labels=labels, names=names)


def _people(chosen: Study, found: RankedClusters, shapes: Sequence[BaseGeometry], inputs: Inputs) -> tuple[Ints, str]:
    """Return the people inside each outline, and where the figures come from."""
    if chosen.population.raster is None:
        cities = [name.cities for name in found.names]
        return gazetteer_population(shapes, cities, gazetteer.places()), intensity.GAZETTEER
    from hubrank.ranking.tables.population_raster import raster_population  # noqa: PLC0415 (needs the extra `raster`)

    (path,) = inputs.find(chosen.population.raster, "[population] raster")
    inputs.hashed(path)
    inputs.licensed([path], chosen.population.licence or UNKNOWN)
    return raster_population(shapes, path), intensity.RASTER


def _previous(chosen: Study, inputs: Inputs, desk: Engine) -> EditionRecords | None:
    """Open the records of the previous edition, where the study names one."""
    if chosen.compare.previous is None:
        return None
    path = inputs.base / chosen.compare.previous
    if not path.exists():
        raise StudyError(
            f"[compare] previous names {chosen.compare.previous!r}, which is not there (looked from {inputs.base}). "
            f"Run the study of that edition first, with --out {Path(path).parent}, or leave [compare] out."
        )
    made = edition.load(path)
    inputs.hashed(made.folder / "edition.json")
    inputs.licensed([made.folder / "edition.json"], licences(made.manifest))
    return EditionRecords(made, desk, atlas())
