"""A folder that is whole or not there: written beside its place, locked against other runs, exchanged in one step."""

import ctypes
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubrank.core.cache import cache_folder
from hubrank.core.errors import StudyError
from hubrank.core.files import sync, synced_together

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux's renameat2
_HERE = -100  # AT_FDCWD


@contextmanager
def atomic_folder(out: Path, *, mark: str = "edition.json", what: str = "an edition") -> Iterator[Path]:
    """Give an empty folder to write into; put it in the place of `out` when all went well.

    mark, what : the file by which an older folder of the same kind is known, and what messages call it.
    """
    out = out.absolute()
    if out.exists() and not out.is_dir():
        raise StudyError(f"{out} is a file; name a folder for {what} (--out).")
    if out.is_dir() and any(out.iterdir()) and not (out / mark).exists():
        raise StudyError(f"{out} holds files but no {mark}: not {what} of ours. Name another folder (--out).")
    out.parent.mkdir(parents=True, exist_ok=True)
    with _alone(out):
        _sweep(out)
        folder = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.draft."))
        try:
            with synced_together(folder):
                yield folder
                folder.chmod(0o755)
            _replace_folder(folder, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def expect_loose(path: Path) -> None:
    """Raise StudyError where a file may not be written: it is a folder, or lies in an edition, whose files stay."""
    if path.is_dir():
        raise StudyError(f"{path} is a folder; name a file in it.")
    for folder in path.resolve().parents:
        if (folder / "edition.json").exists():
            raise StudyError(
                f"{path} lies in the edition {folder.name}, whose files stay as they are; name another place."
            )


def expect_free(out: Path) -> None:
    """Raise StudyError where another run writes into `out`: to be asked before anything slow is imported."""
    with _alone(out.absolute()):
        pass


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep other runs off `out`; the system lets go of the lock when this process ends, however it ends.

    Raises StudyError naming the process that holds it.
    """
    lock = cache_folder() / "locks" / hashlib.sha256(os.fsencode(out)).hexdigest()
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StudyError(
                f"{out} is being written by another run (process {holder}). Wait for it, or name another (--out)."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _sweep(out: Path) -> None:
    """Remove what killed runs left beside `out`."""
    for left in out.parent.glob(f".{out.name}.draft.*"):
        shutil.rmtree(left, ignore_errors=True)


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
