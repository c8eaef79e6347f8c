"""The records of a finished edition, clustered and ranked by any variant of the method (METHOD 8, 13).

Points are read as they were written. Records are opened only where neighbouring clusters may merge, or where another
rounding is asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.areas import Areas, of_shapes
from hubrank.clustering.cities import Atlas, atlas
from hubrank.clustering.naming import Name
from hubrank.clustering.record_clusters import RecordOverlap
from hubrank.core.edition import LISTINGS, Edition, expect_listings, load
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.sphere import E7
from hubrank.core.tables import Engine, Relation
from hubrank.counting import points as points_stage
from hubrank.counting.located import at_places
from hubrank.counting.points import Sites, sites
from hubrank.engines.workspace import local_engine
from hubrank.ranking import measures
from hubrank.ranking.measures import FullCounts
from hubrank.ranking.rank_clusters import rank_clusters
from hubrank.ranking.scores import RankedClusters
from hubrank.study.study import Study
from hubrank.study.study_file import study_of

# A listing counts as many records as its record stands for; the units of a record are of all of these.
RECORDS = """
SELECT metric, record_key, economy, lat_e7, lon_e7, units, listings, count, record_units
FROM listed JOIN (
    SELECT metric, record_key, MAX(listings) AS count, CAST(SUM(units) // MAX(listings) AS BIGINT) AS record_units
    FROM listed GROUP BY metric, record_key
) USING (metric, record_key)
"""
PLACES = "SELECT address_key, lat_e7, lon_e7, economy FROM addresses"
_PUBLISHED = ["rank", "score_pct", "cluster_id", "cluster", "economies"]
_DENSITY = {"algorithm", "radius_km", "min_listings", "min_share_ppm", "balance"}


@dataclass(slots=True, eq=False)
class EditionRecords:
    """The records of one edition, and what was computed from them so far.

    edition : as it is on disk; engine : what opens its records; cities : what names clusters.
    areas : those that it ranks in place of clusters, None where it ranks clusters.
    """

    edition: Edition
    engine: Engine
    cities: Atlas
    study: Study = field(init=False)
    areas: Areas | None = field(init=False)
    _rounded: dict[int, Relation] = field(default_factory=dict, init=False)
    _points: dict[int, pa.Table] = field(default_factory=dict, init=False)
    _ranked: dict[str, RankedClusters] = field(default_factory=dict, init=False)
    _metrics: set[str] = field(default_factory=set, init=False)
    _world: tuple[tuple[int, tuple[str, ...]], Sites] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        study = study_of(self.edition.manifest)
        null = study.clusters.threshold is not None
        self.study = study.with_listings(self.edition.manifest["threshold_listings"]) if null else study
        self.areas = of_shapes(self.edition.table("area_shapes")) if study.ranks_areas else None

    def rounded(self, step_e7: int) -> Relation:
        """Return Relation[metric, record_key, economy, lat_e7, lon_e7, units, listings, count, record_units]."""
        if step_e7 not in self._rounded:
            records = self.engine.run(RECORDS, listed=self.listed())
            self._rounded[step_e7] = points_stage.rounded(records, step_e7, self.engine)
            self.engine.drop(records)
        return self._rounded[step_e7]

    def listed(self) -> Relation:
        """Return the table `located` with lat_e7, lon_e7 and economy of the addresses, not read yet.

        Raises StudyError where the edition is a copy without them.
        """
        expect_listings(self.edition.folder)
        listed, addresses = (
            self.engine.parquet([self.edition.folder / "tables" / f"{name}.parquet"]) for name in LISTINGS
        )
        places = self.engine.plan(PLACES, addresses=addresses)
        return at_places(listed, places, self.engine)

    def points(self, step_e7: int) -> pa.Table:
        """Return columns metric, lat_e7, lon_e7, economy, units, listings: as written where it was rounded so."""
        if step_e7 not in self._points:
            self._points[step_e7] = self._read_points(step_e7)
        return self._points[step_e7]

    def _read_points(self, step_e7: int) -> pa.Table:
        if step_e7 == self.study.points.step_e7:
            return self.edition.table("points")
        computed = points_stage.points(self.rounded(step_e7), self.engine)
        return self.engine.arrow(computed).sort_by([(name, "ascending") for name in points_stage.KEY])

    def metrics(self) -> set[str]:
        """Return the metrics of which something was located."""
        if not self._metrics:
            points = self.points(self.study.points.step_e7)
            self._metrics = set(points.filter(pc.greater(points["units"], 0))["metric"].unique().to_pylist())
        return self._metrics

    def world(self, step_e7: int, metrics: tuple[str, ...]) -> Sites:
        """Return the sites of these metrics; the last ones are cached."""
        if self._world is None or self._world[0] != (step_e7, metrics):
            self._world = ((step_e7, metrics), sites(self._of_metrics(step_e7, metrics), metrics))
        return self._world[1]

    def applicable(self, method: Study, areas: Areas | None = None) -> Study:
        """Return a method for these records: metrics of which they have none weigh 0.

        areas : those of the method, where it ranks areas of its own; None: this edition's.
        Raises StudyError where nothing is left to rank by.
        """
        metrics = self.metrics()
        weights = {name: weight if name in metrics else Decimal(0) for name, weight in method.weights.items()}
        if not any(weights.values()):
            raise StudyError(
                f"{self.edition.folder} has the metrics {_listed(metrics)}; the method of {method.title!r} uses "
                f"{_listed({name for name, weight in method.weights.items() if weight})}. "
                f"Compare editions that share a metric."
            )
        ranking = method.ranking.model_copy(update={"weights": weights})
        applied = method.model_copy(update={"ranking": ranking})
        same = _key(applied, areas or self.areas) == _key(self.study, self.areas)
        return self.study if same else applied

    def as_published(self) -> RankedClusters:
        """Return the edition's own clusters, ranks and names. Raises CheckFailed where it published other scores."""
        return self.ranked_by(self.study)

    def cache(self, method: Study, ranked: RankedClusters) -> None:
        """Cache the clusters that these records were ranked into by a method."""
        self._ranked[_key(method, self.areas)] = ranked

    def ranked_by(self, method: Study, areas: Areas | None = None) -> RankedClusters:
        """Return these records as `method` clusters, merges and ranks them; computed once for each method.

        areas : those of the method, where it ranks areas of its own; None: this edition's.
        The method of the edition gives the names that it published: another gazetteer may have others.
        Raises CheckFailed where it does not give the scores that the edition published.
        """
        areas = areas or self.areas
        applied = self.applicable(method, areas)
        key = _key(applied, areas)
        if key not in self._ranked:
            ranked = self.rank_uncached(applied, areas)
            self._ranked[key] = self._with_published_names(ranked) if applied is self.study else ranked
        return self._ranked[key]

    def rank_uncached(self, applied: Study, areas: Areas | None = None) -> RankedClusters:
        """Cluster and rank without the cache; `applied` as `applicable` returns it, with its areas if it ranks any."""
        step, metrics = applied.points.step_e7, applied.metrics
        points = self._of_metrics(step, metrics)
        return rank_clusters(applied, points, self.overlap(step), self.full_counts(step), self.cities, areas)

    def _with_published_names(self, ranked: RankedClusters) -> RankedClusters:
        """Return clusters with the names and ranks that the edition published, by the main site of each."""
        published = {row["cluster_id"]: row for row in self.edition.table("ranking").select(_PUBLISHED).to_pylist()}
        sites = self.edition.table("clusters").select(["lat", "lon", "cluster_id", "cities"]).to_pylist()
        row_at = {(int(row["lat"] * E7), int(row["lon"] * E7)): row | published[row["cluster_id"]] for row in sites}
        main = measures.main_sites(ranked.sites, ranked.label)
        main_sites = zip(ranked.sites.lat_e7[main].tolist(), ranked.sites.lon_e7[main].tolist(), strict=True)
        rows = [row_at.get(site) for site in main_sites]
        if [row and row["score_pct"] for row in rows] != ranked.scores.shown() or len(rows) != len(published):
            raise CheckFailed(
                f"{self.edition.folder}: its tables give clusters or scores other than those published: another "
                f"version of hubrank made it, or its files were changed. `hubrank verify` shows which. Run the study "
                f"again."
            )
        published_rows = [row for row in rows if row]
        names = [
            Name(row["cluster_id"], row["cluster"], tuple(row["economies"].split("/")), tuple(row["cities"]))
            for row in published_rows
        ]
        return replace(ranked, names=names, rank=[row["rank"] for row in published_rows])

    def overlap(self, step_e7: int) -> RecordOverlap:
        """Return the records that clusters share; no record is opened before labels are given."""
        return RecordOverlap(partial(self.rounded, step_e7), self.engine)

    def full_counts(self, step_e7: int) -> FullCounts:
        """Return what clusters have under full counting; no record is opened before labels are given."""
        return FullCounts(partial(self.rounded, step_e7), self.engine)

    def _of_metrics(self, step_e7: int, metrics: tuple[str, ...]) -> pa.Table:
        points = self.points(step_e7)
        return points.filter(pc.is_in(points["metric"], pa.array(metrics, pa.string())))


def _listed(metrics: set[str]) -> str:
    return ", ".join(sorted(metrics)) or "no located record"


def _key(method: Study, areas: Areas | None) -> str:
    """Return what of a study, and of its areas if it ranks any, decides ranks once the records are located."""
    digest = areas.digest if areas is not None and method.ranks_areas else ""
    sections = method.model_dump_json(include={"points": True, "clusters": _DENSITY, "merging": True})
    weights = sorted((name, str(weight.normalize())) for name, weight in method.weights.items())
    return f"{sections} {sorted(method.density)} {weights} {method.ranking.counting} {digest}"


@contextmanager
def opened(*folders: Path, memory: str | None = None, threads: int | None = None) -> Iterator[list[EditionRecords]]:
    """Open the records of finished editions, in order. Raises StudyError where a folder is none."""
    editions = [load(folder) for folder in folders]
    with local_engine(memory=memory, threads=threads) as engine:
        yield [EditionRecords(edition, engine, atlas()) for edition in editions]
