"""Files that are complete or not there: written under another name in the same folder, synced and renamed.

In a folder that takes its name only when it is complete, all files are synced together at the end: syncing them one by
one would wait for the disk once for each file.
"""

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hubrank.core.remote import InputFile

_AT_ONCE = 16  # syncs that the system may carry out as one
_TOGETHER: dict[Path, dict[Path, int]] = {}  # folders that are synced as a whole: the size of each file written


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its name once it is complete and on disk; where writing fails there is no such file.

    In a folder of `synced_together` it is on disk at the end of that. That folder itself is not made again: where it
    disappeared, FileNotFoundError is raised. A device or a pipe is written as it is: renaming would replace it.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        with path.open("wb") as file:
            yield file
        return
    together = next((folder for folder in path.parents if folder in _TOGETHER), None)
    if together is not None and not together.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(together))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.chmod(0o644)
        if together is None:
            sync(draft)
        size = draft.stat().st_size
        draft.replace(path)
        if together is not None:
            _TOGETHER[together][path] = size
    finally:
        draft.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file as `atomic_file` does."""
    with atomic_file(path) as file:
        file.write(content)


@contextmanager
def synced_together(folder: Path) -> Iterator[Mapping[Path, int]]:
    """Leave the syncing of what is written into a folder to the end; then all of it, folders included, is on disk.

    Gives the size of each file that `atomic_file` has written into it. Raises OSError where the disk does not take it.
    """
    written = _TOGETHER.setdefault(folder, {})
    try:
        yield written
    finally:
        _TOGETHER.pop(folder)
    paths = [folder, *folder.rglob("*")]
    for path in paths[1:]:
        if path.is_dir():
            path.chmod(0o755)  # whatever the umask: other users may read the files in it
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(sync, paths):
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


def file_states(*paths: InputFile) -> tuple[tuple[int, ...], ...]:
    """Return what changes with the content of each file, or with the file that has its name: inode, size and times.

    Files at an address state their version themselves.
    """
    stats = [path.stat() for path in paths if isinstance(path, Path)]
    return tuple((stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for stat in stats)


def sha256(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
