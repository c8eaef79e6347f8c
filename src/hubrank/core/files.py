"""Files that are whole or not there: written beside their target, synced and renamed.

In a folder that nobody sees before it is finished, the files are synced together at its end: one by one, a disk is
waited for as often as there are files.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

_AT_ONCE = 16  # syncs that the system may carry out as one
_TOGETHER: set[Path] = set()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file beside its target, sync it and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        publish_file(Path(name), path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def publish_file(finished: Path, path: Path) -> None:
    """Give a finished file its name once it is on disk; in a folder of `synced_together`, its end is soon enough."""
    if _TOGETHER.isdisjoint(path.parents):
        sync(finished)
    finished.replace(path)


@contextmanager
def synced_together(folder: Path) -> Iterator[None]:
    """Leave the syncing of what is written into a folder to the end; then all of it, folders included, is on disk.

    Raises OSError where the disk does not take it.
    """
    _TOGETHER.add(folder)
    try:
        yield
    finally:
        _TOGETHER.discard(folder)
    with ThreadPoolExecutor(_AT_ONCE) as crew:
        for _ in crew.map(sync, [folder, *folder.rglob("*")]):
            pass


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: object) -> None:
    """Write JSON with sorted keys, so that equal values are equal bytes."""
    write_bytes(path, json_bytes(value))


def json_bytes(value: object) -> bytes:
    """Return the one way in which we write a value as JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
