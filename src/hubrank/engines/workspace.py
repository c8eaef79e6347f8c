"""What a run works with: its engines and their spill folders, a draft of the edition, memory that is returned."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.cache import cache_folder
from hubrank.core.errors import StudyError
from hubrank.core.locks import temporary_folder
from hubrank.core.memory import relaxed_gc
from hubrank.core.processes import InlineExecutor
from hubrank.core.progress import Progress
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkEngine
from hubrank.engines.spill_watch import spill_watch

AnyEngine = DuckEngine | SparkEngine


@dataclass(frozen=True, slots=True)
class Workspace:
    """The resources of one run.

    folder : draft of the edition, which takes its name when the workspace closes without an error.
    local_engine : DuckDB in this process; engine : what counts the records, the same or Spark.
    worker : runs calls in a second process, or in this one.
    """

    folder: Path
    local_engine: DuckEngine
    engine: AnyEngine
    worker: Executor
    progress: Progress
    release_memory: Callable[[], None] | None

    def begin(self, stage: str) -> None:
        """Report the next stage; memory that the last one used is returned first where the run is lean."""
        if self.release_memory is not None:
            self.release_memory()
        self.progress(stage, 0, 1)


@contextmanager
def workspace(
    out: Path,
    memory: str | None,
    threads: int | None,
    engine: str,
    master: str | None,
    worker: Executor | None,
    progress: Progress,
    release_memory: Callable[[], None] | None,
) -> Iterator[Workspace]:
    """Open the resources of a run that writes the folder `out`.

    Raises StudyError where `out` is no place for an edition, or an engine or a memory limit is unknown.
    """
    with (
        relaxed_gc(),
        atomic_folder(out) as folder,
        local_engine(memory=memory, threads=threads) as local,
        _record_engine(local, engine, master, memory) as records,
    ):
        yield Workspace(folder, local, records, worker or InlineExecutor(), progress, release_memory)


@contextmanager
def local_engine(*, memory: str | None, threads: int | None) -> Iterator[DuckEngine]:
    """Open DuckDB in this process, with a folder to spill into, which the log tells of."""
    with (
        temporary_folder(Path(tempfile.gettempdir()), "hubrank-spill-") as spill,
        spill_watch(spill),
        DuckEngine(spill=spill, memory=memory, threads=threads) as engine,
    ):
        yield engine


@contextmanager
def _record_engine(local: DuckEngine, name: str, master: str | None, memory: str | None) -> Iterator[AnyEngine]:
    """Open the engine that counts records: the local one, or Spark. Raises StudyError for an unknown name."""
    if name == "duckdb" and master is None:
        yield local
        return
    if name != "spark":
        raise StudyError(f"--engine is {name!r}; it must be duckdb, or spark (with or without --master).")
    work = cache_folder() / "spark"
    work.mkdir(parents=True, exist_ok=True)
    with (
        temporary_folder(work, "run-") as folder,
        SparkEngine(work=folder, master=master, memory=memory) as spark,
    ):
        yield spark
