"""The folder in which compiled gazetteers, institutions and paid answers wait for the next run.

Files are named by a hash of their sources; they are written next to their target, synced and renamed, so that
a reader finds a whole file or none.
"""

import hashlib
from array import array
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

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


def shared_texts(column: pa.ChunkedArray) -> list[str]:
    """Return the texts of a column, equal ones as one object: 200,000 codes of countries take 2 MB instead of 12."""
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return np.array(coded.dictionary.to_pylist(), object)[coded.indices.to_numpy()].tolist()  # type: ignore[no-any-return]


def packed(code: str, *columns: NDArray[np.int64]) -> "array[int]":
    """Return whole numbers one after the other, "i" in 32 or "q" in 64 bits: a list of them takes 40 bytes each."""
    return array(code, np.concatenate(columns).astype(code).tobytes())


def runs(column: pa.ChunkedArray) -> "tuple[dict[str, int], array[int]]":
    """Return the number of each text of a sorted column, and the first row of each, at last one past the end."""
    texts = column.combine_chunks()
    is_first = np.ones(len(texts), np.bool_)
    is_first[1:] = pc.not_equal(texts[1:], texts[:-1]).to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(is_first)
    numbers = dict(zip(texts.take(pa.array(starts)).to_pylist(), range(len(starts)), strict=True))
    return numbers, packed("i", starts, np.array([len(texts)]))


def digest_of(path: InputFile) -> str:
    """Return 16 hexadecimal digits that stand for the content of a file."""
    if isinstance(path, RemoteObject):
        return digest([repr(path).encode()])
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()
