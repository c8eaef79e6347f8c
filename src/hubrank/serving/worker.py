"""One thread that computes: the event loop only waits for it, so that pages never wait for a clustering."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from hubrank.serving import limits
from hubrank.serving.clients import CLIENT
from hubrank.serving.problems import Problem

Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Job:
    """A computation, and how many requests wait for it."""

    future: Future[Any]
    result: asyncio.Future[Any]
    client: str
    waiting: int = 0


class Worker:
    """Runs one computation after the other; requests with the same key wait for the same one."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hubrank-serve")
        self._jobs: dict[Hashable, _Job] = {}

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
                job.future.cancel()  # only if it has not begun
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
        future = self._pool.submit(compute)
        job = self._jobs[key] = _Job(future, asyncio.wrap_future(future), client)

        def finish(done: asyncio.Future[Any]) -> None:
            self._jobs.pop(key, None)
            if not done.cancelled() and done.exception() is None:
                store(done.result())

        job.result.add_done_callback(finish)
        return job

    def submit(self, compute: Callable[[], object]) -> None:
        """Compute something that will be needed, before a request needs it."""
        self._pool.submit(compute)

    def close(self) -> None:
        """Finish the running computation and start no other."""
        self._pool.shutdown(wait=True, cancel_futures=True)
