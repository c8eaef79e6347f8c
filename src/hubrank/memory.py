"""Memory that nobody uses any more goes back to the system, so that stages do not add up."""

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from hubrank import geocoders

_RARER = 150  # times: Python looks after some hundred or thousand new objects, each version after another number


@contextmanager
def seldom_collected() -> Iterator[None]:
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


def give_back() -> None:
    """Let go of what locating took: the names of the gazetteer and the registers, some 300 MB.

    They are read again (half a second) where they are asked for again. glibc keeps freed memory until it is told to
    trim; where there is no glibc, its allocator does as it likes.
    """
    geocoders.forget()
    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
