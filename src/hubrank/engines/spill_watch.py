"""Whether an engine writes to disk what its memory does not hold, and how much: users may want to give it more."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LOG = logging.getLogger("hubrank")
_EVERY_S = 0.25  # a statement removes its files when it ends, so that looking only between the stages would miss them
_BEGINS = "hubrank: the memory for records (--memory) is full; what it does not hold is in %s, which is slower."
_ENDS = "hubrank: up to %s MB of records were on disk at a time, as the memory for them (--memory) was full."


@contextmanager
def spill_watch(folder: Path) -> Iterator[None]:
    """Log, while a block runs, that something is in the folder of temporary files, and at its end how much it was."""
    ended, largest = threading.Event(), [0]
    watch = threading.Thread(target=_watch, args=(folder, ended, largest), daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()
        if largest[0]:
            _LOG.warning(_ENDS, f"{-(-largest[0] // 10**6):,}")


def _watch(folder: Path, ended: threading.Event, largest: list[int]) -> None:
    while not ended.wait(_EVERY_S):
        size = _size(folder)
        if size and not largest[0]:
            _LOG.warning(_BEGINS, folder.parent)
        largest[0] = max(largest[0], size)


def _size(folder: Path) -> int:
    """Return the bytes of DuckDB's temporary files in a folder and those below it."""
    size = 0
    for path in folder.rglob("*.tmp"):
        with suppress(OSError):  # it was removed meanwhile
            size += path.stat().st_size
    return size
