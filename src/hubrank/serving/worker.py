"""One thread that computes: the event loop only waits for it, so that pages never wait for a clustering."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from hubrank.serving import limits
from hubrank.serving.problems import Problem

Found = TypeVar("Found")


@dataclass(slots=True, eq=False)
class _Job:
    """What is computed, and how many requests wait for it."""

    future: Future[Any]
    found: asyncio.Future[Any]
    waiting: int = 0


class Worker:
    """Computes one thing after the other; who asks for what is being computed already waits for that."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hubrank-serve")
        self._jobs: dict[Hashable, _Job] = {}

    async def ask(
        self, key: Hashable, compute: Callable[[], Found], keep: Callable[[Found], object] = lambda _: None
    ) -> Found:
        """Return what `compute` returns. Raises Problem where too many wait, or it takes too long.

        keep : told what was found, by the event loop, even where nobody waits for it any more: what takes too long
            goes on once it has begun, so that whoever asks again may find it done. What has not begun is dropped when
            the last one stops waiting, so that those who gave up keep nobody waiting.
        """
        job = self._jobs.get(key) or self._begin(key, compute, keep)
        job.waiting += 1
        try:
            found: Found = await asyncio.wait_for(asyncio.shield(job.found), limits.ANSWER_SECONDS)
        except TimeoutError:
            raise Problem(503, "This takes longer; ask again in a while.", {"retry-after": "10"}) from None
        finally:
            job.waiting -= 1
            if not job.waiting:
                job.future.cancel()  # only if it has not begun
        return found

    def _begin(self, key: Hashable, compute: Callable[[], Found], keep: Callable[[Found], object]) -> _Job:
        if len(self._jobs) >= limits.WAITING:
            raise Problem(503, "Too many requests wait for a computation.", {"retry-after": "5"})
        future = self._pool.submit(compute)
        job = self._jobs[key] = _Job(future, asyncio.wrap_future(future))

        def finished(done: asyncio.Future[Any]) -> None:
            self._jobs.pop(key, None)
            if not done.cancelled() and done.exception() is None:
                keep(done.result())

        job.found.add_done_callback(finished)
        return job

    def soon(self, compute: Callable[[], object]) -> None:
        """Compute something that will be needed, before it is asked for."""
        self._pool.submit(compute)

    def close(self) -> None:
        """Finish what is being computed and start nothing any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
