"""Shards that are missing in the cache, made by this process and others, or by tasks on many machines.

Whoever is free takes the next shard, the largest first, so that no process is left with a large one at the end. Each
shard is made by one process as it is made alone, so that their number changes no byte.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from itertools import chain
from math import inf
from multiprocessing.reduction import ForkingPickler
from types import ModuleType

from hubrank.core.atomic_folder import remove_abandoned
from hubrank.core.errors import HubrankError
from hubrank.core.memory import dedicate_process, relaxed_gc
from hubrank.core.processes import ENDED, process_pool
from hubrank.core.remote import InputFile
from hubrank.core.tables import Geocoder
from hubrank.counting.shard_files import shard_folder
from hubrank.engines.duckdb import DuckEngine, Limits
from hubrank.engines.spark import SparkTasks
from hubrank.engines.workspace import local_engine
from hubrank.sources.row_checks import remove_abandoned_spills
from hubrank.sources.shard import Shard

Report = Callable[[Shard, int], None]
Resolver = Callable[[], Geocoder]
Work = Callable[[Shard, Resolver, DuckEngine], object]
ALONE_BYTES = 64 << 20  # of files that this process reads as soon as with another one, which takes seconds to start
OF_PARQUET = 4  # a byte of Parquet holds so many times the rows of a byte of packed text, at the least
PACKED = (".gz", ".bz2", ".zst", ".zip")
CORES_OF_PACKED = 1.5  # that one process keeps busy where it unpacks what it reads, in a thread of its own
EACH_BYTES = 450_000_000  # of the engine's memory, for each process: it takes as much again for what it has besides
ForkingPickler.register(ModuleType, lambda module: (import_module, (module.__name__,)))  # a reader is a module
_KILLED = f"a process that read records {ENDED} Run again with a smaller --memory, or --workers 1, which takes least."


def most_processes(workers: int | None, threads: int, memory: int) -> int:
    """Return how many processes a run may have.

    workers : how many are wanted; None takes as many as there are threads and memory for.
    threads, memory : that the engine may use, memory in bytes.
    """
    return max(1, min(threads, memory // EACH_BYTES) if workers is None else workers)


def processes_for(shards: list[Shard], workers: int | None, threads: int, memory: int) -> int:
    """Return how many processes make some shards: one for each at most, and one where there is little to read.

    workers, threads, memory : as `most_processes` has them.
    """
    if workers is None:
        files = [path for shard in shards for path in shard.files.main]
        dense = _bytes(path for path in files if path.name.endswith(".parquet"))
        read, packed = _bytes(files), _bytes(path for path in files if path.name.endswith(PACKED))
        busy = CORES_OF_PACKED if 2 * packed > read else 1
        workers = min(int(threads / busy), memory // EACH_BYTES) if read + (OF_PARQUET - 1) * dense > ALONE_BYTES else 1
    return max(1, min(workers, len(shards)))


def _bytes(files: Iterable[InputFile]) -> int:
    return sum(path.stat().st_size for path in files)


def _files(shard: Shard) -> Iterable[InputFile]:
    return chain(shard.files.main, *shard.files.roles.values())


class ShardQueue:
    """The shards that nobody has taken yet, and what went wrong with others; several threads take from it.

    shards : in the order in which they are taken; report : is told of each that is taken, and how many are finished.
    """

    def __init__(self, shards: Iterable[Shard], report: Report) -> None:
        self._shards, self._report, self._finished = deque(shards), report, 0
        self._faults: dict[int, Exception] = {}
        self._lock = threading.Lock()

    def work_off(self, work: Callable[[Shard], object]) -> None:
        """Take shards and work on them, one after the other, until there are none."""
        while (shard := self._next()) is not None:
            try:
                work(shard)
            except BrokenProcessPool:
                self._failed(shard, HubrankError(_KILLED))
                self._shards.clear()
            except Exception as fault:  # noqa: BLE001 (raised by `expect_no_fault`)
                self._failed(shard, fault)
            else:
                with self._lock:
                    self._finished += 1

    def expect_no_fault(self) -> None:
        """Raise what went wrong with the shard of the lowest number."""
        if self._faults:
            raise self._faults[min(self._faults)]

    def _failed(self, shard: Shard, fault: Exception) -> None:
        with self._lock:
            self._faults[shard.number] = fault

    def _next(self) -> Shard | None:
        """Return a shard that is not behind one with a fault: those would not have been made in order."""
        with self._lock:
            while self._shards:
                shard = self._shards.popleft()
                if shard.number < min(self._faults, default=inf):
                    self._report(shard, self._finished)
                    return shard
        return None


@dataclass(frozen=True, slots=True)
class Job:
    """A shard that is to be made.

    here, elsewhere : load what locates its addresses, in this process and, sent there, in another one.
    """

    shard: Shard
    here: Resolver
    elsewhere: Resolver


def make(work: Work, jobs: list[Job], engine: DuckEngine, progress: Report, processes: int) -> None:
    """Make shards in so many processes, this one included.

    work : makes a shard with a resolver and an engine; progress : is told of each shard and how many were made before.

    Raises what goes wrong with the shard of the lowest number, as if they were made in order; HubrankError where a
    process is killed. No finished shard is lost.
    """
    by_number = {job.shard.number: job for job in jobs}
    shards = [job.shard for job in jobs]
    if processes == 1:
        queue = ShardQueue(shards, progress)
        queue.work_off(lambda shard: work(shard, by_number[shard.number].here, engine))
        queue.expect_no_fault()
        return
    queue = ShardQueue(sorted(shards, key=lambda shard: (-_bytes(_files(shard)), shard.number)), progress)
    try:
        with _others(engine, processes - 1) as (threads, pool, limits):

            def elsewhere(shard: Shard) -> None:
                pool.submit(_make, work, shard, by_number[shard.number].elsewhere, limits).result()

            waiting = [threads.submit(queue.work_off, elsewhere) for _ in range(processes - 1)]
            queue.work_off(lambda shard: work(shard, by_number[shard.number].here, engine))
            for each in waiting:
                each.result()
            queue.expect_no_fault()
    except BaseException:
        remove_abandoned(shard_folder())
        remove_abandoned_spills()
        raise


@contextmanager
def _others(engine: DuckEngine, processes: int) -> Iterator[tuple[Executor, Executor, Limits]]:
    """Start other processes, and as many threads that wait for them; give the limits of the engine of each."""
    with (
        engine.shared(processes + 1) as limits,
        ThreadPoolExecutor(processes) as threads,
        process_pool(processes) as pool,
    ):
        yield threads, pool, limits


def _make(work: Work, shard: Shard, resolver: Resolver, limits: Limits) -> None:
    with relaxed_gc():
        work(shard, resolver, _engine(limits))


@cache
def _engine(limits: Limits) -> DuckEngine:
    """Return the engine of this process, which is open until the process ends."""
    dedicate_process()
    return DuckEngine(spill=limits.spill / str(os.getpid()), memory=limits.memory, threads=limits.threads)


def make_in_tasks(work: Work, jobs: list[Job], spark: SparkTasks, memory: str) -> None:
    """Make shards in tasks of Spark, each with an engine of one thread.

    work : makes a shard and leaves it where this process sees it; memory : of the engine of each task.

    Raises what goes wrong with the shard of the lowest number.
    """
    shards = [(job.shard, job.elsewhere) for job in jobs]
    if shards:
        spark.each(len(shards), partial(_make_in_task, work, shards, memory))


def _make_in_task(work: Work, shards: list[tuple[Shard, Resolver]], memory: str, number: int) -> None:
    shard, resolver = shards[number]
    with relaxed_gc(), local_engine(memory=memory, threads=1) as engine:
        work(shard, resolver, engine)
