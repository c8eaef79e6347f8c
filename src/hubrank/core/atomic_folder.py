"""A folder that is complete or not there: written under another name, synced as a whole and renamed in one step.

`atomic_folder` replaces an older folder of the same kind and locks out other runs; `atomic_cache_folder` adds one to a
cache, in which several runs may make the same folder: the first stays.
"""

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hubrank.core.edition import UNHASHED
from hubrank.core.errors import CheckFailed, StudyError
from hubrank.core.files import sync, synced_together
from hubrank.core.intact import write_hashes
from hubrank.core.locks import locked, short_name, sweep, temporary_folder
from hubrank.core.system import exchange

_LOG = logging.getLogger("hubrank")
_CACHE_DRAFT = ".shard."
Written = Mapping[Path, int]


@contextmanager
def atomic_folder(out: Path, *, mark: str = "edition.json", what: str = "an edition") -> Iterator[Path]:
    """Give an empty folder to write into; it replaces `out` when all went well.

    out : where it is a link, the folder that the link names is replaced.
    mark, what : the file that marks an older folder of the same kind, and what messages call that kind.

    Raises StudyError where `out` is something else or has files of others, or another run is writing it, CheckFailed
    where the folder is not, at the end, what was written into it.
    """
    out = out.resolve()
    _expect_replaceable(out, mark, what)
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out):
        _restore(out)

        def publish(new: Path, out: Path, written: Written) -> None:
            _expect_replaceable(out, mark, what)  # again: files may have been put there meanwhile
            _replace_folder(new, out, written)

        with _draft(out, f".{short_name(out)}.draft.", publish) as folder:
            yield folder


@contextmanager
def atomic_cache_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder to write into; name it `out` when all went well, unless another run was first.

    It carries the hashes of its files, which `is_intact` checks.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with _draft(out, _CACHE_DRAFT, _add_folder) as folder:
        yield folder
        write_hashes(folder)


def remove_abandoned(cache: Path) -> None:
    """Remove what processes that were ended have left of folders that they were adding to a cache."""
    if cache.is_dir():
        sweep(cache, _CACHE_DRAFT)


@contextmanager
def _draft(out: Path, prefix: str, publish: Callable[[Path, Path, Written], None]) -> Iterator[Path]:
    """Give an empty folder next to `out`; once it is on disk, `publish` gives it its name."""
    with temporary_folder(out.parent, prefix) as folder:
        try:
            with synced_together(folder) as written:
                yield folder
                folder.chmod(0o755)  # other users may read it
            publish(folder, out, written)
        except Exception as error:
            if folder.is_dir():
                raise
            raise _changed(folder) from error


def _changed(folder: Path) -> CheckFailed:
    return CheckFailed(
        f"{folder} was changed by another program while the run was writing it; {folder.parent} is as it was before. "
        f"Run again, and let nothing else remove or replace files there."
    )


def _expect_replaceable(out: Path, mark: str, what: str) -> None:
    """Raise StudyError where a folder of this kind cannot be put in the place of `out`."""
    if out.exists() and not out.is_dir():
        raise StudyError(f"{out} is a file; name a folder for {what} (--out).")
    if out.is_dir() and os.path.ismount(out):
        raise StudyError(f"{out} is a mount point, which cannot be replaced; name a folder in it (--out).")
    if out.is_dir() and any(out.iterdir()) and not (out / mark).exists():
        raise StudyError(f"{out} contains files, but no {mark} of {what} made by hubrank. Name another folder (--out).")
    if foreign := _foreign(out / mark):
        others = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise StudyError(
            f"{out} contains {foreign[0]}{others}, which hubrank did not write there, and which would be lost with "
            f"{what} that is replaced. Move it, or name another folder (--out)."
        )


def _foreign(mark: Path) -> list[str]:
    """Return what lies in an edition and is none of its files; nothing where its list of files cannot be read."""
    try:
        outputs = set(json.loads(mark.read_bytes())["outputs"])
    except (KeyError, OSError, TypeError, ValueError, RecursionError):
        return []
    paths = (path for path in mark.parent.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted({path.relative_to(mark.parent).as_posix() for path in paths} - outputs - UNHASHED)


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
    """Raise StudyError where a run cannot write into `out`: a check to make before anything slow is imported."""
    out = out.resolve()
    _expect_replaceable(out, "edition.json", "an edition")
    if out.parent.is_dir():
        with locked(out):
            pass


def _add_folder(new: Path, out: Path, _written: Written) -> None:
    try:
        os.rename(new, out)  # noqa: PTH104 (fails where the folder is there)
    except OSError:
        if not out.exists():
            raise


def _replace_folder(new: Path, out: Path, written: Written) -> None:
    if {path: path.stat().st_size for path in new.rglob("*") if not path.is_dir()} != written:
        raise _changed(new)
    if not out.exists():
        new.rename(out)
    elif not exchange(new, out):
        aside = _aside(out)
        out.rename(aside)
        try:
            new.rename(out)
        except BaseException:
            aside.rename(out)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    try:
        sync(out.parent)
    except OSError as error:  # it has its name: to fail would say that the older one is there
        _LOG.warning("hubrank: %s is in its place, but the disk did not confirm it: %s", out, error)


def _aside(out: Path) -> Path:
    """Return where an edition waits for the moment in which a new one takes its name, where there is no exchange."""
    return out.with_name(f".{short_name(out)}.previous")


def _restore(out: Path) -> None:
    """Give an edition its name back that a killed run moved aside."""
    if _aside(out).is_dir() and not out.exists():
        _aside(out).rename(out)
    shutil.rmtree(_aside(out), ignore_errors=True)
