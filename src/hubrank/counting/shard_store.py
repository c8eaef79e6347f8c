"""Finished shards in a bucket, HUBRANK_SHARDS=s3://…: machines without a shared disk find what others have made.

A shard is there once its list of hashes is, which is written last; what is fetched is compared with it.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from urllib.parse import urlsplit

from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.errors import StudyError
from hubrank.core.intact import HASHES, is_as_written, report
from hubrank.core.remote import BUCKETS, exists, matches, put, remove

VARIABLE = "HUBRANK_SHARDS"
AT_ONCE = 8  # shards that are fetched or stored side by side


@dataclass(frozen=True, slots=True)
class ShardStore:
    """Shards below an address, each in a folder named by its key. Raises StudyError where it cannot be reached."""

    address: str

    def fetch(self, folders: Iterable[Path]) -> None:
        """Copy shards of these names from the bucket into the cache; one that is damaged is removed there."""
        wanted = {folder.name: folder for folder in folders}
        if wanted:
            marks = matches(f"{self.address}/*/{HASHES}")
            there = {mark.parent.rpartition("/")[2] for mark in marks if mark is not None}
            _side_by_side(self._fetch, [wanted[key] for key in sorted(wanted.keys() & there)])

    def add(self, folders: Iterable[Path]) -> None:
        """Store finished shards of the cache that are not in the bucket yet."""
        _side_by_side(self._add, list(folders))

    def _fetch(self, folder: Path) -> None:
        address = f"{self.address}/{folder.name}"
        try:
            with atomic_cache_folder(folder) as draft:
                _copy(address, draft)
        except _DamagedError:
            report(address)
            remove(f"{address}/{HASHES}")  # so that it is stored again

    def _add(self, folder: Path) -> None:
        address = f"{self.address}/{folder.name}"
        if not exists(f"{address}/{HASHES}"):
            for path in sorted(folder.iterdir(), key=lambda path: path.name == HASHES):
                put(f"{address}/{path.name}", path)


class _DamagedError(Exception):
    """What was fetched is not what was stored."""


def _copy(address: str, folder: Path) -> None:
    for file in matches(f"{address}/*"):
        assert file is not None  # noqa: S101 (what a bucket lists can be read)
        with file.open() as source, (folder / file.name).open("wb") as target:
            copyfileobj(source, target, 1 << 20)
    if not is_as_written(folder):
        raise _DamagedError


def named() -> ShardStore | None:
    """Return the bucket that the environment names. Raises StudyError where it is none."""
    address = os.environ.get(VARIABLE, "").rstrip("/")
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in BUCKETS or not parts.netloc or "*" in address:
        raise StudyError(f"{VARIABLE} is {address!r}; name a folder in a bucket, such as s3://bucket/hubrank/shards.")
    return ShardStore(address)


def _side_by_side(work: Callable[[Path], None], folders: list[Path]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(work, folders):
            pass
