"""Other processes for what Python does on one core: they compute, return results or fill the cache, and hold no state.

Only commands start them: whoever calls hubrank from Python may not have guarded their main module against a second
process that imports it, and gets the same results here, one after the other. They are spawned, not forked, since this
process has threads of DuckDB and Arrow, and a fork would copy their locks as they happen to be.
"""

import atexit
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import connection, get_context
from typing import ParamSpec, TypeVar

from hubrank.core.errors import HubrankError

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Item = TypeVar("Item")
ENDED = "was ended by the system, most likely because memory ran out. What was finished is kept."


def cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class InlineExecutor(Executor):
    """Runs each call at once, in this process."""

    def submit(
        self, work: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Call a function; what it raises is raised here."""
        done: Future[Result] = Future()
        done.set_result(work(*args, **kwargs))
        return done


def ahead(items: Iterator[Item], most: int = 1) -> Iterator[Item]:
    """Prepare the next items, so many at most, in a second thread while the caller works on this one."""
    with ThreadPoolExecutor(1) as pool:
        coming = deque(pool.submit(next, items, None) for _ in range(most))
        while (item := coming.popleft().result()) is not None:
            coming.append(pool.submit(next, items, None))
            yield item


@contextmanager
def worker(*modules: str) -> Iterator[Executor]:
    """Give an executor that runs one call at a time in a second process; in this one where there is no second core.

    modules : imported there at once, while this process does something else.
    Raises HubrankError where the system ended that process.
    """
    if cores() < 2:
        yield InlineExecutor()
        return
    with process_pool(1) as pool:
        pool.submit(_import, modules)
        try:
            yield pool
        except BrokenProcessPool as error:
            again = "Run again with a smaller --memory, or when less else is running."
            raise HubrankError(f"a second process {ENDED} {again}") from error


class _Pool(ProcessPoolExecutor):
    """Starts its processes so that Ctrl-C never reaches them: before they could ignore it, it would break them."""

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Run a call in one of the processes, which inherits what signals this thread does not receive meanwhile."""
        if not hasattr(signal, "pthread_sigmask"):  # on Windows
            return super().submit(fn, *args, **kwargs)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def process_pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Give an executor that runs calls in so many processes, which start when the first calls come.

    They end with this process, however that ends, and at once where the body of the context raises.
    """
    context = get_context("spawn")
    there, here = context.Pipe(duplex=False)
    try:
        with _Pool(processes, mp_context=context, initializer=_end_with_parent, initargs=(there,)) as pool:
            try:
                yield pool
            except BaseException:
                here.close()
                raise
    finally:
        here.close()
        there.close()


def _import(modules: tuple[str, ...]) -> None:
    for name in modules:
        import_module(name)


def _end_with_parent(parent: connection.Connection) -> None:
    """Let this process end when the other end is closed, by a fault or a kill, and leave Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit.register(gc.freeze)  # or this process ends with a walk over all that it imported
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: connection.Connection) -> None:
    connection.wait([parent])
    os._exit(1)
