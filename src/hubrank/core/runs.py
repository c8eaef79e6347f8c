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
    columns = (_comparable(rows[name]) for name in names)
    pairs = [(column.slice(1), column.slice(0, len(column) - 1)) for column in columns]
    differs[1:] = np.logical_or.reduce([_differs(*pair) for pair in pairs])
    return differs


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return codes in place of texts, where a column has them: Arrow would compare the texts."""
    if not pa.types.is_dictionary(column.type):
        return column
    coded = column.unify_dictionaries()
    return pa.chunked_array([chunk.indices for chunk in coded.chunks], column.type.index_type)


def _differs(column: pa.ChunkedArray, other: pa.ChunkedArray) -> NDArray[np.bool_]:
    differs = pc.not_equal(column, other)
    if differs.null_count:
        differs = pc.coalesce(differs, pc.xor(pc.is_null(column), pc.is_null(other)))
    return np.asarray(differs.to_numpy())
