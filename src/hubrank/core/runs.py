"""Runs of equal rows in an Arrow table."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def begins(rows: pa.Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return which rows differ from the one before in a column; the first does. Nulls are equal.

    names : of the columns. Returns bool, shape (rows,).
    """
    differs = np.ones(len(rows), bool)
    pairs = [(column.slice(1), column.slice(0, len(column) - 1)) for column in (rows[name] for name in names)]
    differs[1:] = np.logical_or.reduce([_differs(*pair) for pair in pairs])
    return differs


def _differs(column: pa.ChunkedArray, other: pa.ChunkedArray) -> NDArray[np.bool_]:
    differs = pc.not_equal(column, other)
    if differs.null_count:
        differs = pc.coalesce(differs, pc.xor(pc.is_null(column), pc.is_null(other)))
    return np.asarray(differs.to_numpy())
