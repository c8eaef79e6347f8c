"""How many records each unit has in each year: allocated by largest remainder, never at random.

A unit is a planted cluster, a decoy or a place of noise. Two windows of five years overlap in four, so a unit's
records of both windows fix its records of six years up to its rate of growth.
"""

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import Ints

WINDOW = 5  # years
YEARS = 6  # the earlier window and one more
SHARED = 4  # years in both windows


def largest_remainder(weights: Ints, total: int) -> Ints:
    """Divide `total` in whole parts in proportion to `weights`; the rest goes to the largest remainders.

    weights : int64, shape (n,), not negative, not all 0. Ties go to the lower index. The parts sum to `total`.
    """
    whole = int(weights.sum())
    if whole <= 0:
        raise ValueError(f"weights sum to {whole}; they need a positive sum")
    parts, rest = np.divmod(weights.astype(np.int64) * total, whole)
    order = np.argsort(-rest, kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return np.asarray(parts, np.int64)


def rows_by_remainder(weights: NDArray[np.float64], totals: Ints) -> Ints:
    """Divide each total over the columns of its row.

    weights : float64, shape (n, k), positive. totals : int64, shape (n,). Returns int64, shape (n, k).
    """
    quota = weights / weights.sum(axis=1, keepdims=True) * totals[:, None]
    parts = np.floor(quota).astype(np.int64)
    order = np.argsort(np.argsort(parts - quota, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(parts + (order < (totals - parts.sum(axis=1))[:, None]), np.int64)


def yearly(earlier: Ints, later: Ints) -> Ints:
    """Return int64, shape (n, 6): records per year, such that years 0–4 sum to `earlier` and 1–5 to `later`.

    earlier, later : int64, shape (n,). A unit grows by the same factor each year, as nearly as whole records allow.
    """
    pace = np.maximum(later, 0.5) / np.maximum(earlier, 0.5)
    powers = pace[:, None] ** np.arange(YEARS)
    inner = powers[:, 1 : 1 + SHARED].sum(axis=1) / powers[:, : 1 + SHARED].sum(axis=1)
    middle = np.minimum(np.floor(earlier * inner + 0.5).astype(np.int64), np.minimum(earlier, later))
    years = rows_by_remainder(powers[:, 1 : 1 + SHARED], middle)
    return np.column_stack([earlier - middle, years, later - middle])
