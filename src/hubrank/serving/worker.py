"""One thread that computes: the event loop only waits for it, so that pages never wait for a clustering.

Clients take turns: whoever has eight computations waiting delays another client by one of them, not by eight.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from hubrank.serving import limits
from hubrank.serving.clients import CLIENT
from hubrank.serving.problems import Problem

Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Job:
    """A computation, whose it is, and how many requests wait for it."""

    key: Hashable
    compute: Callable[[], Any]
    store: Callable[[Any], object]
    client: str
    result: asyncio.Future[Any]
    waiting: int = 0


class Worker:
    """Runs one computation after the other; requests with the same key wait for the same one."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hubrank-serve")
        self._jobs: dict[Hashable, _Job] = {}
        self._queues: OrderedDict[str, deque[_Job]] = OrderedDict()  # by client, the next one first
        self._is_busy = False

    async def run(
        self, key: Hashable, compute: Callable[[], Result], store: Callable[[Result], object] = lambda _: None
    ) -> Result:
        """Return the result. Raises Problem where too many wait (of this client, or of all), or it takes too long.

        store : receives the result in the event loop, even where nobody waits for it any more: a computation that
            takes too long goes on once it has begun, so that a later request may find it done. One that has not begun
            is dropped when the last request stops waiting, so that abandoned requests delay nobody.
        """
        job = self._jobs.get(key) or self._begin(key, compute, store)
        job.waiting += 1
        try:
            result: Result = await asyncio.wait_for(asyncio.shield(job.result), limits.ANSWER_SECONDS)
        except TimeoutError:
            raise Problem(
                503, "The computation takes longer; send the request again later.", {"retry-after": "10"}
            ) from None
        finally:
            job.waiting -= 1
            if not job.waiting:
                self._abandon(job)
        return result

    def _begin(self, key: Hashable, compute: Callable[[], Result], store: Callable[[Result], object]) -> _Job:
        if len(self._jobs) >= limits.WAITING:
            raise Problem(503, "Too many requests are waiting for a computation.", {"retry-after": "5"})
        client = CLIENT.get()
        if sum(job.client == client for job in self._jobs.values()) >= limits.WAITING_OF_CLIENT:
            raise Problem(
                503,
                f"{limits.WAITING_OF_CLIENT} computations of this client are waiting already.",
                {"retry-after": "5"},
            )
        job = self._jobs[key] = _Job(key, compute, store, client, asyncio.get_running_loop().create_future())
        self._queues.setdefault(client, deque()).append(job)
        self._start_next()
        return job

    def _start_next(self) -> None:
        """Start the first computation of the client whose turn it is, unless one is running."""
        if self._is_busy or not self._queues:
            return
        client, queue = self._queues.popitem(last=False)
        job = queue.popleft()
        if queue:
            self._queues[client] = queue  # behind all others
        self._is_busy = True
        running = asyncio.wrap_future(self._pool.submit(job.compute))

        def finish(done: asyncio.Future[Any]) -> None:
            """Give the result to who waits for it, and begin the next."""
            self._is_busy = False
            self._jobs.pop(job.key)
            if done.cancelled():
                job.result.cancel()
            elif error := done.exception():
                if job.waiting:
                    job.result.set_exception(error)
            else:
                job.result.set_result(done.result())
                job.store(done.result())
            self._start_next()

        running.add_done_callback(finish)

    def _abandon(self, job: _Job) -> None:
        """Drop a computation for which nobody waits any more, unless it has begun."""
        queue = self._queues.get(job.client, deque())
        if job in queue:
            queue.remove(job)
            self._jobs.pop(job.key)
            if not queue:
                self._queues.pop(job.client)

    def submit(self, compute: Callable[[], object]) -> None:
        """Compute something that will be needed, before a request needs it."""
        self._pool.submit(compute)

    def close(self) -> None:
        """Finish the running computation and start no other."""
        self._queues.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
