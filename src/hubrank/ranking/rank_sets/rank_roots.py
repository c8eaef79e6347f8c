"""The root of a covariance, singular ones included: what turns independent noise into scores that covary."""

import numpy as np
from numpy.typing import NDArray

from hubrank.core.compiled import kernel, part
from hubrank.core.errors import ArgumentError
from hubrank.core.sphere import Floats

FLAT = 1e-10  # what rounding leaves of a correlation that is fully explained
INDEFINITE = 1e-6  # more than rounding can leave: the matrix is no covariance


def root_of(covariance: Floats, deviation: Floats) -> tuple[Floats, NDArray[np.int64], int]:
    """Return L, pivot and rank such that the correlations, in the order of pivot, are L @ L.T.

    covariance : float64, shape (p, p), symmetric; or shape (p,), variances, for which no L is made.
    deviation : float64, shape (p,). The standard deviations.
    Only the first `rank` columns of L differ from 0; of variances, pivot names the `rank` that do.
    Raises ValueError where the matrix is no covariance (a combination of scores would vary by less than nothing).
    Source: Higham (1990), "Analysis of the Cholesky decomposition of a semi-definite matrix".
    """
    if covariance.ndim == 1:
        varying = np.flatnonzero(deviation)
        return np.empty((0, 0)), varying, len(varying)
    unit = np.where(deviation > 0, deviation, 1.0)
    root, pivot = np.zeros_like(covariance), np.arange(len(deviation))
    rank, left = _pivoted_root(covariance / np.outer(unit, unit), root, pivot, FLAT)
    if left > INDEFINITE:
        raise ArgumentError(
            "covariance is not positive semi-definite: some combination of the scores would have a negative variance. "
            "Estimate all of its entries from the same records, or give the variances alone."
        )
    return root, pivot, rank


@part
def _eliminate(rest: Floats, root: Floats, pivot: NDArray[np.int64], step: int) -> None:  # pragma: no cover - compiled
    """Fill column `step` of the root and take what it explains from the rest."""
    size = len(rest)
    best = pivot[step]
    root[step, step] = np.sqrt(rest[best, best])
    for row in range(step + 1, size):
        root[row, step] = rest[pivot[row], best] / root[step, step]
    for row in range(step + 1, size):
        for column in range(step + 1, size):
            rest[pivot[row], pivot[column]] -= root[row, step] * root[column, step]


@part
def _largest(matrix: Floats, pivot: NDArray[np.int64], step: int) -> float:  # pragma: no cover - compiled
    largest = 0.0
    for row in range(step, len(pivot)):
        for column in range(step, len(pivot)):
            largest = max(largest, abs(matrix[pivot[row], pivot[column]]))
    return largest


@kernel
def _pivoted_root(
    rest: Floats, root: Floats, pivot: NDArray[np.int64], flat: float
) -> tuple[int, float]:  # pragma: no cover - compiled
    """Fill root and pivot so that rest[pivot][:, pivot] = root @ root.T; return the rank, and the largest entry left.

    rest : the matrix, used up. root : zeros of its shape. pivot : 0, 1, 2 ….
    """
    for step in range(len(rest)):
        best = step
        for row in range(step, len(rest)):
            if rest[pivot[row], pivot[row]] > rest[pivot[best], pivot[best]]:
                best = row
        if rest[pivot[best], pivot[best]] <= flat:
            return step, _largest(rest, pivot, step)
        pivot[step], pivot[best] = pivot[best], pivot[step]
        for column in range(step):
            root[step, column], root[best, column] = root[best, column], root[step, column]
        _eliminate(rest, root, pivot, step)
    return len(rest), 0.0
