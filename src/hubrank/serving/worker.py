"""The one thread that computes: the event loop only waits for it, so that pages never wait for a clustering."""

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from hubrank.serving import limits
from hubrank.serving.problems import Problem

Found = TypeVar("Found")


class Worker:
    """Computes one thing after the other; who asks for what is being computed already waits for that."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="hubrank-serve")
        self._under_way: dict[Hashable, asyncio.Future[Any]] = {}

    async def ask(self, key: Hashable, compute: Callable[[], Found]) -> Found:
        """Return what `compute` returns. Raises Problem where too many wait, or it takes too long.

        What takes too long goes on, so that whoever asks again later may find it done.
        """
        future = self._under_way.get(key)
        if future is None:
            if len(self._under_way) >= limits.WAITING:
                raise Problem(503, "Too many requests wait for a computation.", {"retry-after": "5"})
            future = asyncio.get_running_loop().run_in_executor(self._pool, compute)
            self._under_way[key] = future
            future.add_done_callback(lambda done: self._finish(key, done))
        try:
            found: Found = await asyncio.wait_for(asyncio.shield(future), limits.ANSWER_SECONDS)
        except TimeoutError:
            raise Problem(503, "This takes longer; ask again in a while.", {"retry-after": "10"}) from None
        return found

    def soon(self, compute: Callable[[], object]) -> None:
        """Compute something that will be needed, before it is asked for."""
        self._pool.submit(compute)

    def close(self) -> None:
        """Finish what is being computed and start nothing any more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _finish(self, key: Hashable, done: asyncio.Future[Any]) -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # seen here too, in case nobody waits any more
