"""Memory that nobody uses any more goes back to the system, so that stages do not add up."""

import ctypes
import gc
import sys

import pyarrow as pa

from hubrank import geocoders


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
