"""Text to 64-bit hashes: equal texts have equal numbers, on every machine and in every version."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.core.compiled import kernel

_START = np.uint64(0xCBF29CE484222325)  # FNV-1a, 64 bits (Fowler, Noll & Vo; IETF draft-eastlake-fnv)
_PRIME = np.uint64(0x00000100000001B3)


@kernel
def _fnv(letters, start, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for row in range(len(out)):
        value = _START
        for at in range(start[row], start[row + 1]):
            value = (value ^ np.uint64(letters[at])) * _PRIME
        out[row] = value


def hashes(texts: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Return the 64-bit FNV-1a hash of the UTF-8 bytes of each text.

    texts : string, shape (n,), without nulls.
    Returns uint64, shape (n,). Two texts of a billion have the same hash with a chance of one in forty.
    """
    packed = texts.cast(pa.large_string()).combine_chunks()
    out = np.empty(len(packed), np.uint64)
    if len(packed):
        _, starts, letters = packed.buffers()
        start = np.frombuffer(starts, np.int64)[packed.offset : packed.offset + len(packed) + 1]
        _fnv(np.frombuffer(letters, np.uint8), start, out)  # type: ignore[no-untyped-call]
    return out
