"""What differs among operating systems: locks of open files and folders, and the exchange of two folders in one step.

Linux and macOS exchange folders, each by a call of its own; where neither call is there, or the disk refuses it,
`exchange` answers False and `atomic_folder` renames instead.
"""

import ctypes
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

_HERE = -100  # AT_FDCWD of Linux
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2, RENAME_SWAP of macOS's renamex_np


def lock(handle: int, *, shared: bool = False, wait: bool = False) -> None:
    """Lock an open file or folder until its handle is closed, or its process ends in whatever way.

    shared : others may have a shared lock at the same time. wait : until others release theirs.
    Raises BlockingIOError where another process has a lock that excludes this one, and `wait` is false.
    """
    fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two folders in one step; return False, with both as they were, where the system cannot."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
    except (OSError, TypeError):
        return False
    for call in (_linux, _macos):
        try:
            return call(library, os.fsencode(one), os.fsencode(other)) == 0
        except AttributeError:  # not of this system
            continue
    return False


def _linux(library: ctypes.CDLL, one: bytes, other: bytes) -> int:
    call: Callable[..., int] = library.renameat2
    return call(_HERE, one, _HERE, other, _EXCHANGE)


def _macos(library: ctypes.CDLL, one: bytes, other: bytes) -> int:
    call: Callable[..., int] = library.renamex_np
    return call(one, other, _EXCHANGE)
