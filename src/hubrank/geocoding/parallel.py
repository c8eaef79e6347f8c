"""Addresses that take long are located by other processes as well: an answer depends on nothing but its address."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pyarrow as pa

from hubrank import geocoding
from hubrank.core.files import file_states
from hubrank.core.memory import dedicate_process, relaxed_gc
from hubrank.core.processes import process_pool
from hubrank.core.progress import Progress, no_progress
from hubrank.core.tables import Geocoder
from hubrank.geocoding.answers import are_coordinates, sorted_rows

ROWS = 2_000  # of addresses that a process takes at a time
ALONE_S = 6.0  # another process needs 2 to 3 seconds until it locates
SHOWN_S = 5.0  # between reports

Work = Callable[[Geocoder, pa.Table], pa.Table]
Part = Callable[[pa.Table], pa.Table]

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
        return self.each_part(_located, addresses)

    def each_part(self, work: Work, addresses: pa.Table) -> pa.Table:
        """Return what some work returns for each address, in order; it is done part by part, here and there.

        work : a function of a module, which takes a geocoder and a part of the addresses, and returns a row for each.
        """
        if len(addresses) <= ROWS or are_coordinates(addresses):
            return work(self._geocoder, addresses)
        queue = _Queue(addresses)
        here, there = partial(work, self._geocoder), partial(_work_there, work, self._load)
        most = max(1, self._processes)  # they start when they are needed
        with process_pool(most) as pool, ThreadPoolExecutor(most) as threads:
            try:
                self._work_off(queue, here, lambda part: pool.submit(there, part).result(), threads)
            except BaseException:
                queue.clear()  # or the threads would go on
                raise
        while queue.answer_next(here):  # what a process that was ended had taken
            pass
        return queue.answers()

    def _work_off(self, queue: "_Queue", here: Part, there: Part, threads: Executor) -> None:
        """Work here; start the others where that alone will take long."""
        began, reports = time.monotonic(), 0
        others: list[Future[None]] = []
        while queue.answer_next(here):
            seconds = time.monotonic() - began
            if self._processes and not others and queue.left(seconds) > ALONE_S:
                others = [threads.submit(_let_another, queue, there) for _ in range(self._processes)]
            if seconds > SHOWN_S * (reports + 1):
                reports += 1
                self._progress("locating addresses", *queue.rows_done())
        for each in others:
            each.result()


def _let_another(queue: "_Queue", there: Part) -> None:
    """Let another process work until nothing is left, or the system ends it."""
    with suppress(BrokenProcessPool):
        while queue.answer_next(there):
            pass


def _located(geocoder: Geocoder, addresses: pa.Table) -> pa.Table:
    return geocoder.locate(addresses)


def _work_there(work: Work, load: Callable[[], Geocoder], addresses: pa.Table) -> pa.Table:
    _dedicate()
    with relaxed_gc():
        return work(load(), addresses)


@cache
def _dedicate() -> None:
    dedicate_process()


class _Queue:
    """The parts of a table of addresses, which several threads answer; neighbours in order of country stay together."""

    def __init__(self, addresses: pa.Table) -> None:
        self._addresses, self._order = addresses, sorted_rows(addresses)
        self._waiting = deque(range(0, len(addresses), ROWS))
        self._answers: dict[int, pa.Table] = {}

    def answer_next(self, work: Part) -> bool:
        """Answer the next part, False where none waits; after an error it waits again."""
        try:
            first = self._waiting.popleft()
        except IndexError:
            return False
        try:
            self._answers[first] = work(self._addresses.take(pa.array(self._order[first : first + ROWS])))
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
