"""Shares of many rows at once, rounded half to even on whole numbers, as `core.units.half_even` rounds one."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hubrank.core.sphere import Ints
from hubrank.core.units import SHARE, SHOWN_DECIMALS

LARGEST_WHOLE = 2**62 // 10  # ten times the rest of a division by it fits 64 bits


def shown_shares_pct(part: Ints, whole: Ints) -> pa.Array:
    """Return 100 × part / whole of each row, 6 decimals, half to even.

    part, whole : int64, shape (n,). 0 ≤ part ≤ whole; where whole is 0 there is no share.
    Raises ValueError where a whole is larger than LARGEST_WHOLE: a metric of 460 million records.
    """
    if len(whole) and int(whole.max()) > LARGEST_WHOLE:
        raise ValueError(f"a whole of {int(whole.max())} units is beyond the {LARGEST_WHOLE} that are divided exactly")
    divisor = np.maximum(whole, 1)
    scaled, rest = np.divmod(part, divisor)
    for _ in range(SHOWN_DECIMALS + 2):  # two more: percent
        digit, rest = np.divmod(rest * 10, divisor)
        scaled = scaled * 10 + digit
    scaled += (2 * rest > divisor) | ((2 * rest == divisor) & (scaled % 2 == 1))
    return _decimals(scaled, whole > 0)


def _decimals(scaled: Ints, valid: NDArray[np.bool_]) -> pa.Array:
    """Return whole numbers of the last decimal as decimals: 16 bytes each, the low half first."""
    halves = np.column_stack([scaled, scaled >> 63]).astype("<i8")
    bitmap = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.Array.from_buffers(SHARE, len(scaled), [bitmap, pa.py_buffer(halves.tobytes())])
