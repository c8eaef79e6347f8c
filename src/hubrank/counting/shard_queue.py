"""Which shard is made next, and what went wrong with others."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures.process import BrokenProcessPool
from math import inf

from hubrank.core.errors import HubrankError
from hubrank.sources.inputs import Shard

Report = Callable[[Shard, int], None]
_KILLED = (
    "a process that read records was ended by the system, most likely because memory ran out. What was finished is "
    "kept. Run again with a smaller --memory, or with --workers 1, which takes least."
)


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
