"""A finished edition's records again: any variant of the method, reckoned from what the edition holds (METHOD 8, 13).

Points are read as they were written. Records are opened only where neighbouring clusters may merge, or where another
rounding is asked for.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.clustering.city_credit import atlas
from hubrank.clustering.naming import Atlas, Name
from hubrank.clustering.record_clusters import RecordOverlap
from hubrank.core import edition
from hubrank.core.edition import Edition
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.sphere import E7
from hubrank.core.tables import Engine, Relation
from hubrank.core.units import UNIT
from hubrank.counting import points as points_stage
from hubrank.counting.sites import Sites, sites
from hubrank.engines.duckdb import DuckEngine
from hubrank.ranking import measures
from hubrank.ranking.measures import FullCounts
from hubrank.ranking.rank_clusters import RankedClusters, rank_clusters
from hubrank.study import study
from hubrank.study.study import Study

# A record's units add up to UNIT for each record that it stands for.
RECORDS = f"""
SELECT metric, record_key, economy, lat_e7, lon_e7, units, listings, count
FROM listed JOIN (
    SELECT metric, record_key, CAST(SUM(units) // {UNIT} AS BIGINT) AS count FROM listed GROUP BY metric, record_key
) USING (metric, record_key)
"""
_PRINTED = ["rank", "score_pct", "cluster_id", "cluster", "economies"]
_DENSITY = {"radius_km", "min_listings", "min_share_ppm", "balance"}


@dataclass(slots=True, eq=False)
class EditionRecords:
    """The records of one edition, and what was reckoned from them so far.

    edition : as it is on disk; engine : what opens its records; cities : what names clusters.
    """

    edition: Edition
    engine: Engine
    cities: Atlas
    study: Study = field(init=False)
    _rounded: dict[int, Relation] = field(default_factory=dict, init=False)
    _points: dict[int, pa.Table] = field(default_factory=dict, init=False)
    _reckoned: dict[str, RankedClusters] = field(default_factory=dict, init=False)
    _held: set[str] = field(default_factory=set, init=False)
    _world: tuple[tuple[int, tuple[str, ...]], Sites] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.study = study.parse(self.edition.manifest["study"], self.edition.folder / "edition.json", with_files=False)

    def rounded(self, step_e7: int) -> Relation:
        """Return Relation[metric, record_key, economy, lat_e7, lon_e7, units, listings, count], rounded."""
        if step_e7 not in self._rounded:
            listed = self.engine.parquet([self.edition.folder / "tables" / "located.parquet"])
            records = self.engine.run(RECORDS, listed=listed)
            self._rounded[step_e7] = points_stage.rounded(records, step_e7, self.engine)
            self.engine.drop(records)
        return self._rounded[step_e7]

    def points(self, step_e7: int) -> pa.Table:
        """Return columns metric, lat_e7, lon_e7, economy, units, listings: as written where it was rounded so."""
        if step_e7 not in self._points:
            self._points[step_e7] = self._read_points(step_e7)
        return self._points[step_e7]

    def _read_points(self, step_e7: int) -> pa.Table:
        if step_e7 == self.study.points.step_e7:
            return self.edition.table("points")
        made = points_stage.points(self.rounded(step_e7), self.engine)
        return self.engine.arrow(made).sort_by([(name, "ascending") for name in points_stage.KEY])

    def metrics(self) -> set[str]:
        """Return the metrics of which something was located."""
        if not self._held:
            points = self.points(self.study.points.step_e7)
            self._held = set(points.filter(pc.greater(points["units"], 0))["metric"].unique().to_pylist())
        return self._held

    def world(self, step_e7: int, metrics: tuple[str, ...]) -> Sites:
        """Return the sites of these metrics; those last asked for are kept."""
        if self._world is None or self._world[0] != (step_e7, metrics):
            self._world = ((step_e7, metrics), sites(self._of_metrics(step_e7, metrics), metrics))
        return self._world[1]

    def applicable(self, method: Study) -> Study:
        """Return a method for these records: metrics of which they hold nothing weigh 0; names are not overridden.

        Raises StudyError where nothing is left to rank by.
        """
        held = self.metrics()
        weights = {name: weight if name in held else Decimal(0) for name, weight in method.weights.items()}
        if not any(weights.values()):
            raise StudyError(
                f"{self.edition.folder} holds {_listed(held)}; the method of {method.title!r} weighs "
                f"{_listed({name for name, weight in method.weights.items() if weight})}. "
                f"Compare editions that share a metric."
            )
        ranking = method.ranking.model_copy(update={"weights": weights})
        suited = method.model_copy(update={"ranking": ranking, "naming": {}})
        same = _key(suited) == _key(self.study)
        return self.study if same else suited

    def as_published(self) -> RankedClusters:
        """Return the edition's own clusters, ranks and names. Raises CheckFailed where it printed other scores."""
        return self.ranked_by(self.study)

    def cache(self, method: Study, found: RankedClusters) -> None:
        """Take what was just reckoned from these records, so that it is not reckoned again."""
        self._reckoned[_key(method)] = found

    def ranked_by(self, method: Study) -> RankedClusters:
        """Return these records as `method` clusters, merges and ranks them; reckoned once for each method.

        The edition's own method gives the names that it printed: another gazetteer may have others.
        Raises CheckFailed where the own method does not give the scores that the edition printed.
        """
        suited = self.applicable(method)
        key = _key(suited)
        if key not in self._reckoned:
            found = self.rank_uncached(suited)
            self._reckoned[key] = self._as_printed(found) if suited is self.study else found
        return self._reckoned[key]

    def rank_uncached(self, suited: Study) -> RankedClusters:
        """Cluster and rank anew, nothing kept; `suited` as the method of that name returns it."""
        step, metrics = suited.points.step_e7, suited.metrics
        own = suited.model_copy(update={"naming": {}})  # names of its own are in its tables
        points = self._of_metrics(step, metrics)
        return rank_clusters(own, points, self.overlap(step), self.full_counts(step), self.cities)

    def _as_printed(self, found: RankedClusters) -> RankedClusters:
        """Return a reckoning with the names and ranks that the edition printed, by the main site of a cluster."""
        printed = {row["cluster_id"]: row for row in self.edition.table("ranking").select(_PRINTED).to_pylist()}
        sites = self.edition.table("clusters").select(["lat", "lon", "cluster_id", "cities"]).to_pylist()
        row_at = {(int(row["lat"] * E7), int(row["lon"] * E7)): row | printed[row["cluster_id"]] for row in sites}
        main = measures.main_sites(found.sites, found.label)
        places = zip(found.sites.lat_e7[main].tolist(), found.sites.lon_e7[main].tolist(), strict=True)
        rows = [row_at.get(place) for place in places]
        if [row and row["score_pct"] for row in rows] != found.scores.shown() or len(rows) != len(printed):
            raise CheckFailed(
                f"{self.edition.folder}: its tables give other clusters or scores than it printed, so another version "
                f"of hubrank made it, or its files were changed. `hubrank verify` tells which; run the study again."
            )
        told = [row for row in rows if row]
        names = [
            Name(row["cluster_id"], row["cluster"], tuple(row["economies"].split("/")), tuple(row["cities"]))
            for row in told
        ]
        return replace(found, names=names, rank=[row["rank"] for row in told])

    def overlap(self, step_e7: int) -> RecordOverlap:
        """Return the records that clusters share; no record is opened before labels are given."""
        return RecordOverlap(partial(self.rounded, step_e7), self.engine)

    def full_counts(self, step_e7: int) -> FullCounts:
        """Return what clusters have under full counting; no record is opened before labels are given."""
        return FullCounts(partial(self.rounded, step_e7), self.engine)

    def _of_metrics(self, step_e7: int, metrics: tuple[str, ...]) -> pa.Table:
        points = self.points(step_e7)
        return points.filter(_among(points, metrics))


def _among(table: pa.Table, metrics: tuple[str, ...]) -> pa.Array:
    return pc.is_in(table["metric"], pa.array(metrics, pa.string()))


def _listed(metrics: set[str]) -> str:
    return ", ".join(sorted(metrics)) or "no located record"


def _key(method: Study) -> str:
    """Return what of a study decides clusters and ranks once the records are located."""
    sections = method.model_dump_json(include={"points": True, "clusters": _DENSITY, "merging": True})
    weights = sorted((name, str(weight.normalize())) for name, weight in method.weights.items())
    return f"{sections} {sorted(method.density)} {weights} {method.ranking.counting}"


@contextmanager
def opened(*folders: Path, memory: str | None = None, threads: int | None = None) -> Iterator[list[EditionRecords]]:
    """Open the records of finished editions, in the order given. Raises StudyError where a folder is none."""
    made = [edition.load(folder) for folder in folders]
    with (
        tempfile.TemporaryDirectory(prefix="hubrank-spill-") as spill,
        DuckEngine(spill=Path(spill), memory=memory, threads=threads) as engine,
    ):
        yield [EditionRecords(each, engine, atlas()) for each in made]
