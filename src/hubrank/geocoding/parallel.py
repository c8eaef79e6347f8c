"""Addresses that take long are located by other processes as well: an answer depends on nothing but its address."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from hubrank import geocoding
from hubrank.core.files import file_states
from hubrank.core.memory import dedicate_process, relaxed_gc
from hubrank.core.processes import process_pool
from hubrank.core.progress import Progress, no_progress
from hubrank.core.tables import Geocoder
from hubrank.geocoding.places import are_coordinates, sorted_rows

ROWS = 2_000  # of addresses that a process takes at a time
ALONE_S = 6.0  # another process needs 2 to 3 seconds until it locates
SHOWN_S = 5.0  # between reports

_loaded: dict[str, Geocoder] = {}  # of this process


@dataclass(frozen=True, slots=True)
class LoadedGeocoder:
    """The geocoder of a study: its settings travel to other processes and machines, where it is loaded once."""

    settings: geocoding.Settings

    def __call__(self) -> Geocoder:
        """Return the geocoder, loaded in this process."""
        key = f"{self!r} {file_states(*self.settings.institutions)}"
        if key not in _loaded:
            _loaded[key] = geocoding.geocoder_for(self.settings)
        return _loaded[key]


class ParallelGeocoder:
    """Locates addresses in this process, and those of long tables in others as well, which end with each table.

    geocoder : of this process, whose answer to an address depends on nothing but that address.
    load : loads the same in another process. processes : how many others at most.

    A process that the system ends costs its rows, which are located again, and nothing else.
    """

    def __init__(
        self, geocoder: Geocoder, load: Callable[[], Geocoder], processes: int, progress: Progress = no_progress
    ) -> None:
        self.name = geocoder.name
        self._geocoder, self._load, self._processes, self._progress = geocoder, load, processes, progress

    def locate(self, addresses: pa.Table) -> pa.Table:
        """Return ANSWER for each address, in order."""
        if len(addresses) <= ROWS or are_coordinates(addresses):
            return self._geocoder.locate(addresses)
        queue = _Queue(addresses)
        most = max(1, self._processes)  # they start when they are needed
        with process_pool(most) as pool, ThreadPoolExecutor(most) as threads:
            try:
                self._work_off(queue, pool, threads)
            except BaseException:
                queue.clear()  # or the threads would go on
                raise
        while queue.answer_next(self._geocoder.locate):  # what a process that was ended had taken
            pass
        return queue.answers()

    def _work_off(self, queue: "_Queue", pool: Executor, threads: Executor) -> None:
        """Locate here; start the others where that alone will take long."""
        began, reports = time.monotonic(), 0
        others: list[Future[None]] = []
        while queue.answer_next(self._geocoder.locate):
            seconds = time.monotonic() - began
            if self._processes and not others and queue.left(seconds) > ALONE_S:
                others = [threads.submit(self._let_another, queue, pool) for _ in range(self._processes)]
            if seconds > SHOWN_S * (reports + 1):
                reports += 1
                self._progress("locating addresses", *queue.rows_done())
        for each in others:
            each.result()

    def _let_another(self, queue: "_Queue", pool: Executor) -> None:
        """Let another process locate until nothing is left, or the system ends it."""
        with suppress(BrokenProcessPool):
            while queue.answer_next(lambda part: pool.submit(_locate, self._load, part).result()):
                pass


def _locate(load: Callable[[], Geocoder], addresses: pa.Table) -> pa.Table:
    _dedicate()
    with relaxed_gc():
        return load().locate(addresses)


@cache
def _dedicate() -> None:
    dedicate_process()


class _Queue:
    """The parts of a table of addresses, which several threads answer; neighbours in order of country stay together."""

    def __init__(self, addresses: pa.Table) -> None:
        self._addresses, self._order = addresses, sorted_rows(addresses)
        self._waiting = deque(range(0, len(addresses), ROWS))
        self._answers: dict[int, pa.Table] = {}

    def answer_next(self, locate: Callable[[pa.Table], pa.Table]) -> bool:
        """Answer the next part, False where none waits; after an error it waits again."""
        try:
            first = self._waiting.popleft()
        except IndexError:
            return False
        try:
            self._answers[first] = locate(self._addresses.take(pa.array(self._order[first : first + ROWS])))
        except BaseException:
            self._waiting.append(first)
            raise
        return True

    def clear(self) -> None:
        """Let no more parts be taken."""
        self._waiting.clear()

    def left(self, seconds: float) -> float:
        """Return how many seconds what waits takes at the rate so far."""
        return seconds * len(self._waiting) / len(self._answers)

    def rows_done(self) -> tuple[int, int]:
        """Return how many rows are answered, and of how many."""
        return sum(map(len, list(self._answers.values()))), len(self._order)

    def answers(self) -> pa.Table:
        """Return the answers in the order of the addresses."""
        table = pa.concat_tables([answers for _, answers in sorted(self._answers.items())])
        return table.take(pa.array(np.argsort(self._order)))
