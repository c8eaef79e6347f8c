"""Locks that end with their process, however it ends: beside a folder that is written, and on a run's own folders."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hubrank.core.errors import StudyError
from hubrank.core.system import lock as lock_handle

_LONGEST = 200  # bytes of a name, so that what is added to it still makes a name


def short_name(path: Path) -> str:
    """Return the name of a file or folder, cut where longer names derived from it would be refused by the disk."""
    encoded = os.fsencode(path.name)
    return path.name if len(encoded) <= _LONGEST else f"{path.name[:40]}-{hashlib.sha256(encoded).hexdigest()[:16]}"


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Lock other runs, of any user, out of `out`, a resolved path, by a file beside it that is removed at the end.

    Raises StudyError with the process that has the lock.
    """
    lock = out.with_name(f".{short_name(out)}.lock")
    handle = _acquired(lock, out)
    try:
        with suppress(OSError):  # the file of another user, for reading only, locks as well
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        lock.unlink(missing_ok=True)  # while it is locked: who opened it before looks at its name again
        os.close(handle)


def _acquired(lock: Path, out: Path) -> int:
    while True:
        handle = _opened(lock)
        try:
            lock_handle(handle)
        except BlockingIOError:
            process = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise StudyError(
                f"{out} is being written by another run (process {process}). Wait for it, or name another (--out)."
            ) from None
        if _is_at(handle, lock):
            return handle
        os.close(handle)


def _opened(lock: Path) -> int:
    """Open the file of a lock. Errors name its folder, as nobody has heard of the file."""
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    except FileNotFoundError:
        raise StudyError(
            f"{lock.parent} takes no files, so that nothing can be written into it. Name a folder elsewhere (--out)."
        ) from None
    except OSError as error:
        if isinstance(error, PermissionError):
            with suppress(FileNotFoundError):
                return os.open(lock, os.O_RDONLY | os.O_NOFOLLOW)
        error.filename = str(lock.parent)
        raise


def _is_at(handle: int, path: Path) -> bool:
    """Return whether an open file or folder still has its name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder of this process, locked while it is in use; first remove those whose process has ended.

    Folders of this prefix are removed only if no process has them locked. Raises OSError where `parent` is full or
    cannot be written.
    """
    sweep(parent, prefix)
    folder, handle = _locked_folder(parent, prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders of a prefix whose process has ended."""
    for abandoned in (path for path in parent.iterdir() if path.name.startswith(prefix)):
        _sweep(abandoned)


def _locked_folder(parent: Path, prefix: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
        with suppress(FileNotFoundError):  # another process swept it before it was locked
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            lock_handle(handle, shared=True, wait=True)  # shared: network file systems lock a folder no other way
            if _is_at(handle, folder):
                return folder, handle
            os.close(handle)


def _sweep(folder: Path) -> None:
    """Remove a folder unless a process has it locked, or it is another user's."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            lock_handle(handle)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)
