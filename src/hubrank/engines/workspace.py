"""What a run works with: its engine, other machines, a draft of the edition, memory that is returned."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from hubrank.core.atomic_folder import atomic_folder
from hubrank.core.errors import StudyError
from hubrank.core.locks import temporary_folder
from hubrank.core.memory import relaxed_gc
from hubrank.core.processes import InlineExecutor
from hubrank.core.progress import Progress
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkTasks
from hubrank.engines.spill_watch import spill_watch


@dataclass(frozen=True, slots=True)
class Workspace:
    """The resources of one run.

    folder : draft of the edition, which takes its name when the workspace closes without an error.
    engine : DuckDB in this process; spark : makes shards on many machines, where the run has it.
    worker : runs calls in a second process, or in this one.
    """

    folder: Path
    engine: DuckEngine
    spark: SparkTasks | None
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
        _spark(engine, master) as spark,
    ):
        yield Workspace(folder, local, spark, worker or InlineExecutor(), progress, release_memory)


@contextmanager
def local_engine(*, memory: str | None, threads: int | None) -> Iterator[DuckEngine]:
    """Open DuckDB in this process, with a folder to spill into, which the log tells of."""
    with (
        temporary_folder(Path(tempfile.gettempdir()), "hubrank-spill-") as spill,
        spill_watch(spill),
        DuckEngine(spill=spill, memory=memory, threads=threads) as engine,
    ):
        yield engine


def _spark(name: str, master: str | None) -> AbstractContextManager[SparkTasks | None]:
    """Return Spark where it is the engine that was named, else nothing. Raises StudyError for an unknown name."""
    if name == "duckdb" and master is None:
        return nullcontext()
    if name != "spark":
        raise StudyError(f"--engine is {name!r}; it must be duckdb, or spark (with or without --master).")
    return SparkTasks(master)
