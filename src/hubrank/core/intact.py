"""What the cache holds carries its hash, which is checked when it is opened; what is damaged is removed and made again.

A folder of the cache has `hashes.json`; a JSON value contains its own hash. One line of the log says what was removed.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from hubrank.core.files import file_states, json_bytes, sha256, write_json
from hubrank.core.system import lock

HASHES = "hashes.json"
_LOG = logging.getLogger("hubrank")


def sealed(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON object with the hash of everything else that is in it, `sha256`."""
    rest = {key: entry for key, entry in value.items() if key != "sha256"}
    return {**rest, "sha256": hashlib.sha256(json_bytes(rest)).hexdigest()}


def parsed(line: bytes, where: Path) -> dict[str, Any] | None:
    """Return a sealed JSON object; None, with one line of the log, where it is damaged."""
    try:
        value = json.loads(line)
        if value == sealed(value):
            return dict(value)
    except (AttributeError, TypeError, ValueError, RecursionError):
        pass
    report(where)
    return None


def report(path: Path | str) -> None:
    """Log that something in the cache is damaged."""
    _LOG.warning("hubrank: %s in the cache was damaged or incomplete; it is made again.", path)


def write_hashes(folder: Path) -> None:
    """Write the hash of each file of a folder into it."""
    write_json(folder / HASHES, _hashes(folder))


def is_intact(folder: Path) -> bool:
    """Return whether a folder of the cache is there with every file as it was written; remove a damaged one.

    Raises PermissionError where it may not be read, or not be removed.
    """
    if not folder.exists():
        return False
    if is_as_written(folder):
        return True
    report(folder)
    _remove_damaged(folder)
    return False


def _remove_damaged(folder: Path) -> None:
    """Remove a damaged folder in one step; it is looked at again, as another run may have made it again meanwhile."""
    handle = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        lock(handle, wait=True)
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists() and not is_as_written(folder):
            aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".shard."))
            folder.rename(aside / folder.name)
            shutil.rmtree(aside, ignore_errors=True)
    finally:
        os.close(handle)


def is_as_written(folder: Path) -> bool:
    """Return whether a folder has every file as its list of hashes says."""
    try:
        return _matches_now(folder, file_states(*_files(folder), folder / HASHES))
    except PermissionError:
        raise
    except (OSError, ValueError, RecursionError):  # a name that is missing, a sector that cannot be read
        return False


@lru_cache(64)
def _matches_now(folder: Path, _states: tuple[tuple[int, ...], ...]) -> bool:
    return bool(json.loads((folder / HASHES).read_bytes()) == _hashes(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != HASHES)


def _hashes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256(path) for path in _files(folder)}
