"""The folder in which compiled gazetteers, institutions and paid answers wait for the next run.

Files are named by a hash of their sources; they are written next to their target, synced and renamed, so that
a reader finds a whole file or none.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.files import atomic_file
from hubrank.core.remote import InputFile, RemoteObject


def digest(parts: Iterable[bytes]) -> str:
    """Return 16 hexadecimal digits that stand for a sequence of byte strings."""
    hasher = hashlib.blake2b(digest_size=8)
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big") + part)
    return hasher.hexdigest()


@cache
def code(*modules: str) -> str:
    """Return a hash of the source of modules of this package, so that what other code compiled is not read."""
    return digest(Path(__file__).parent.joinpath(f"{module}.py").read_bytes() for module in modules)


def write(table: pa.Table, target: Path) -> None:
    """Write a Parquet file so that it is whole or not there at all."""
    with atomic_file(target) as file:
        pq.write_table(table, file, compression="zstd", use_dictionary=False, write_statistics=False)


def digest_of(path: InputFile) -> str:
    """Return 16 hexadecimal digits that stand for the content of a file."""
    if isinstance(path, RemoteObject):
        return digest([repr(path).encode()])
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()
