"""The sequence of a run: raw files to an edition, one call for each stage (CONTRIBUTING, "The walk")."""

import time
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from hubrank import geocoding
from hubrank.analysis.edition_tables import assemble, drawings, previous_records
from hubrank.analysis.finished_tables import finished_tables
from hubrank.analysis.lasting_ids import lasting_ids
from hubrank.analysis.located_table import write_located
from hubrank.analysis.null_threshold import with_null_threshold
from hubrank.analysis.prerequisites import areas_of, expect_prerequisites
from hubrank.clustering.dbscan import dbscan
from hubrank.core.edition import Edition, as_read, load
from hubrank.core.memory import trim_memory
from hubrank.core.progress import Progress, no_progress
from hubrank.counting.count import count
from hubrank.counting.shards import locate_shards
from hubrank.engines.workspace import workspace
from hubrank.geocoding.gazetteer import compile as compile_tables
from hubrank.publishing.manifest import manifest
from hubrank.publishing.publish import publish
from hubrank.publishing.seal import seal, write_run
from hubrank.ranking import record_sums
from hubrank.ranking.rank_clusters import rank_records
from hubrank.ranking.rank_sets import rank_sets
from hubrank.sources.inputs import Inputs
from hubrank.study.study_file import naming, parse, read_raw


def run(
    path: Path,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    lean: bool = False,
    engine: str = "duckdb",
    master: str | None = None,
    worker: Executor | None = None,
    workers: int | None = 1,
    progress: Progress = no_progress,
) -> Edition:
    """Run a study and leave an edition.

    Parameters
    ----------
    path : study file; all paths in it are relative to it.
    out : folder of the edition; an older edition there is replaced as a whole, or kept where the run fails.
    memory, threads : limits of the engine; they never change an output.
    lean : return memory between the stages, which costs a moment where several studies run in one process.
    engine, master : "duckdb", or "spark" on a cluster of that address; they never change an output either.
    worker : computes in another process (hubrank.core.processes); it never changes an output.
    workers : how many processes read and locate records; None takes as many as there are cores and memory for, where
        there is enough to read. A script that asks for more than one guards its body by `__name__`.
    progress : called with (stage, steps done, steps in all).

    Raises
    ------
    StudyError, DataError, CheckFailed
        Each with the place of the fault, what was found there, what was expected and what to do.
    """
    return run_raw(
        read_raw(path),
        path,
        out,
        memory=memory,
        threads=threads,
        lean=lean,
        engine=engine,
        master=master,
        worker=worker,
        workers=workers,
        progress=progress,
    )


def run_raw(
    raw: dict[str, Any],
    path: Path,
    out: Path,
    *,
    memory: str | None = None,
    threads: int | None = None,
    lean: bool = False,
    engine: str = "duckdb",
    master: str | None = None,
    worker: Executor | None = None,
    workers: int | None = 1,
    progress: Progress = no_progress,
    site: bool = True,
) -> Edition:
    """Run a study that is in memory; `path` is the file that its paths are relative to. All else as `run`.

    site : whether the pages of the edition are written.
    """
    started = time.monotonic()
    study = parse(raw, path)
    inputs = Inputs(study, path.absolute().parent)
    with naming(path):
        expect_prerequisites(study, inputs, out)
    prepare(progress, worker)
    release = release_memory if lean else None
    with workspace(out, memory, threads, engine, master, worker, progress, release) as work:
        shards = locate_shards(study, inputs, work.engine, progress, workers, work.spark)
        counted = count(study, shards, work.engine, progress)
        work.begin("clustering")
        study = with_null_threshold(study, counted, inputs)
        previous = previous_records(study, inputs, work.engine)
        _, areas = areas_of(study, inputs) or (None, None)
        ranked = lasting_ids(study, rank_records(study, counted, work.engine, areas), previous)
        work.begin("writing listings")
        outline_jobs = drawings(study, ranked, work.worker)  # while listings are written here
        columns, sums = write_located(work.folder, study, counted, ranked, work.engine)
        work.begin("describing")
        tables = assemble(study, counted, ranked, sums, previous, outline_jobs, inputs, work.engine, work.worker)
        work.begin("writing")
        content = manifest(parse(raw, path, with_files=False), raw, inputs, counted, ranked) | tables.account
        edition = Edition(work.folder, as_read(content))
        finished = finished_tables(edition, study, ranked, tables, work.engine, progress)
        publish(edition, finished, columns, work.worker, pages=site)
        seal(edition)
        write_run(work.folder, engine, time.monotonic() - started)
    progress("done", 1, 1)
    return load(out)


def prepare(progress: Progress, worker: Executor | None = None) -> None:
    """Compile what is not compiled yet: the gazetteer, and the machine code of the kernels.

    worker : compiles the kernels in another process, while this one compiles the gazetteer.
    """
    kernels = None
    if worker and not (dbscan.compiled() and rank_sets.compiled() and record_sums.compiled()):
        kernels = worker.submit(_prepare_kernels)
    compile_tables.prepare(progress)
    if kernels:
        progress("compiling the kernels, this once (about 15 s)", 0, 1)
        kernels.result()
    _prepare_kernels(progress)


def _prepare_kernels(progress: Progress = no_progress) -> None:
    dbscan.prepare(progress)
    rank_sets.prepare(progress)
    record_sums.prepare(progress)


def load_gazetteer() -> None:
    """Read the names of the gazetteer, which the first run would do otherwise (a second)."""
    geocoding.resolver_for(geocoding.Settings())


def release_memory() -> None:
    """Forget the names of the gazetteer and the registers (300 MB), and return freed memory to the system.

    They are read again, in half a second, when they are needed again.
    """
    geocoding.forget()
    trim_memory()
