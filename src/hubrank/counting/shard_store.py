"""Finished shards in a bucket, HUBRANK_SHARDS=s3://…: machines without a shared disk find what others have made.

A shard is there once its list of hashes is, which is written last; what is fetched is compared with it.
"""

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj

from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.errors import StudyError
from hubrank.core.intact import HASHES, is_as_written, report
from hubrank.core.object_store import BUCKETS, MissingError, folders, is_address, public_address, put, remove
from hubrank.core.remote import ReplacedError, exists, head
from hubrank.engines.spark import SHARDS

AT_ONCE = 8  # shards that are fetched or stored side by side


@dataclass(frozen=True, slots=True)
class ShardStore:
    """Shards below an address, each in a folder named by its key. Raises StudyError where it cannot be reached."""

    address: str

    def fetch(self, wanted: Iterable[Path]) -> None:
        """Copy shards of these names from the bucket into the cache; one that is damaged is removed there."""
        missing = {folder.name: folder for folder in wanted}
        if missing:
            _side_by_side(self._fetch, [missing[key] for key in sorted(missing.keys() & folders(self.address))])

    def add(self, finished: Iterable[Path]) -> None:
        """Store finished shards of the cache that are not in the bucket yet."""
        _side_by_side(self._add, list(finished))

    def _fetch(self, folder: Path) -> None:
        address = f"{self.address}/{folder.name}"
        try:
            with atomic_cache_folder(folder) as draft:
                _copy(address, draft)
        except (MissingError, ReplacedError):
            return  # it is not whole yet, or another run mends it
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
    """Copy the files that the list of hashes names, and compare them with it."""
    hashes = head(f"{address}/{HASHES}").open().read()
    (folder / HASHES).write_bytes(hashes)
    try:
        names = sorted(json.loads(hashes))
    except (TypeError, ValueError):
        raise _DamagedError from None
    for name in names:
        with head(f"{address}/{name}").open() as source, (folder / Path(name).name).open("wb") as target:
            copyfileobj(source, target, 1 << 20)
    if not is_as_written(folder):
        raise _DamagedError


def from_environment() -> ShardStore | None:
    """Return the bucket that the environment names. Raises StudyError where it is none."""
    address = os.environ.get(SHARDS, "").strip().rstrip("/")
    if not address:
        return None
    scheme, _, rest = address.partition("://")
    if scheme not in BUCKETS or not rest.partition("/")[0] or set("*?@") & set(rest):
        text = public_address(address) if is_address(address) else address
        raise StudyError(f"{SHARDS} is {text!r}; name a folder in a bucket, such as s3://bucket/hubrank/shards.")
    return ShardStore(address)


def _side_by_side(work: Callable[[Path], None], folders: list[Path]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(work, folders):
            pass
