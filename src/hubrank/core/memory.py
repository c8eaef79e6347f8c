"""Memory that is no longer used is returned to the system, so that stages do not add up."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_RARER = 150  # times: Python collects after some hundred or thousand new objects, which differs between versions


def machine_bytes(control_groups: Path = _CONTROL_GROUPS) -> int:
    """Return the memory of this machine, or what the container may use of it, if that is less."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for name in ("memory.max", "memory/memory.limit_in_bytes"):  # of both versions of control groups
        with suppress(OSError, ValueError):  # not there, or "max"
            limits.append(int((control_groups / name).read_text("ascii")))
    return min(limits)


@contextmanager
def relaxed_gc() -> Iterator[None]:
    """Run the garbage collector of cycles 150 times more rarely, and as before afterwards.

    Each collection walks millions of objects, the names of the gazetteer and the rows of tables, and frees next to
    nothing: that took an eighth of a run.
    """
    before = gc.get_threshold()
    gc.set_threshold(_RARER * before[0], *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def dedicate_process() -> None:
    """Prepare a process that runs one command and ends; none of it can be undone.

    One allocator with two arenas: each of two would keep memory that the other could use. That saves an eighth of a
    run's memory and takes no time. The garbage collector leaves alone what is imported by now: walking it took half a
    second of a run.
    """
    gc.freeze()
    pa.set_memory_pool(pa.system_memory_pool())
    if (libc := _glibc()) is not None:
        libc.mallopt(_ARENA_MAX, 2)


def trim_memory() -> None:
    """Collect what is no longer referenced, and return freed memory to the system."""
    gc.collect()
    return_freed_memory()


def return_freed_memory() -> None:
    """Return freed memory to the system.

    glibc keeps freed memory until it is trimmed; where there is no glibc, its allocator decides.
    """
    pa.default_memory_pool().release_unused()
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


def _glibc() -> Any:  # noqa: ANN401 (a library)
    """Return the C library where it is glibc, which has settings for its allocator, else None."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None
