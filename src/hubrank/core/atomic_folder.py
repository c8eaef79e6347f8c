"""A folder that is complete or not there: written under another name, synced as a whole and renamed in one step.

`atomic_folder` replaces an older folder of the same kind and locks out other runs; `atomic_cache_folder` adds one to a
cache, in which several runs may make the same folder: the first stays.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hubrank.core.cache import cache_folder
from hubrank.core.errors import StudyError
from hubrank.core.files import sync, synced_together

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2
_HERE = -100  # AT_FDCWD
_CACHE_DRAFT = ".shard."
_ABANDONED = 86_400  # seconds after which a draft in a cache belongs to a run that was killed


@contextmanager
def atomic_folder(out: Path, *, mark: str = "edition.json", what: str = "an edition") -> Iterator[Path]:
    """Give an empty folder to write into; it replaces `out` when all went well.

    mark, what : the file that marks an older folder of the same kind, and what messages call that kind.

    Raises StudyError where `out` is something else, or another run is writing it.
    """
    out = out.absolute()
    if out.exists() and not out.is_dir():
        raise StudyError(f"{out} is a file; name a folder for {what} (--out).")
    if out.is_dir() and any(out.iterdir()) and not (out / mark).exists():
        raise StudyError(f"{out} contains files, but no {mark} of {what} made by hubrank. Name another folder (--out).")
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out):
        for abandoned in out.parent.glob(f".{out.name}.draft.*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        with _draft(out, f".{out.name}.draft.", _replace_folder) as folder:
            yield folder


@contextmanager
def atomic_cache_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder to write into; name it `out` when all went well, unless another run was first."""
    out.parent.mkdir(parents=True, exist_ok=True)
    for abandoned in out.parent.glob(f"{_CACHE_DRAFT}*"):
        with suppress(FileNotFoundError):  # another run may remove it as well
            if time.time() - abandoned.stat().st_mtime > _ABANDONED:
                shutil.rmtree(abandoned, ignore_errors=True)
    with _draft(out, _CACHE_DRAFT, _add_folder) as folder:
        yield folder


@contextmanager
def _draft(out: Path, prefix: str, publish: Callable[[Path, Path], None]) -> Iterator[Path]:
    """Give an empty folder next to `out`; once it is on disk, `publish` gives it its name."""
    folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=prefix))
    try:
        with synced_together(folder):
            yield folder
            folder.chmod(0o755)  # other users may read it
        publish(folder, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def expect_loose(path: Path) -> None:
    """Raise StudyError where a file may not be written: it is a folder, or is in an edition, whose files stay."""
    if path.is_dir():
        raise StudyError(f"{path} is a folder; name a file in it.")
    for folder in path.resolve().parents:
        if (folder / "edition.json").exists():
            raise StudyError(
                f"{path} is inside the edition {folder.name}, whose files must not change; name another path."
            )


def expect_free(out: Path) -> None:
    """Raise StudyError where another run writes into `out`: a check to make before anything slow is imported."""
    with locked(out.absolute()):
        pass


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Lock other runs out of `out`; the system releases the lock when this process ends, however it ends.

    Raises StudyError with the process that has the lock.
    """
    lock = cache_folder() / "locks" / hashlib.sha256(os.fsencode(out)).hexdigest()
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            process = file.read().strip() or "unknown"
            raise StudyError(
                f"{out} is being written by another run (process {process}). Wait for it, or name another (--out)."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _add_folder(new: Path, out: Path) -> None:
    try:
        os.rename(new, out)  # noqa: PTH104 (fails where the folder is there)
    except OSError:
        if not out.exists():
            raise


def _replace_folder(new: Path, out: Path) -> None:
    if out.exists() and not _exchange(new, out):
        aside = new.with_name(new.name + ".old")
        out.rename(aside)
        new.rename(out)
        shutil.rmtree(aside, ignore_errors=True)
    elif not out.exists():
        new.rename(out)
    sync(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
