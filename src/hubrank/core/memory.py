"""Memory that nobody uses any more goes back to the system, so that stages do not add up."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_RARER = 150  # times: Python looks after some hundred or thousand new objects, each version after another number


@contextmanager
def relaxed_gc() -> Iterator[None]:
    """Have Python look for cycles of garbage a hundred times more rarely, and as it did before afterwards.

    Each look walks millions of objects, the names of the gazetteer and the rows of tables, to find next to nothing:
    that took an eighth of a run.
    """
    before = gc.get_threshold()
    gc.set_threshold(_RARER * before[0], *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def use_one_allocator() -> None:
    """Have one allocator serve this process, with two arenas: of two allocators each keeps what the other could use.

    That took an eighth of a run's memory, and no time. It is for a process of our own: there is no way back.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if (libc := _glibc()) is not None:
        libc.mallopt(_ARENA_MAX, 2)


def trim_memory() -> None:
    """Return freed memory to the system.

    glibc keeps freed memory until it is asked to trim; where there is no glibc, its allocator decides.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> Any:  # noqa: ANN401 (a library)
    """Return the C library where it is the one that can be told how to allocate, else None."""
    found = ctypes.CDLL(None) if sys.platform == "linux" else None
    return found if hasattr(found, "malloc_trim") else None
