"""Best and worst rank on a grid of weights: whole percents from 0 to 100 that add up to 100 % (METHOD 13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from hubrank.core.sphere import Floats, Ints

PERCENT = 100
MOST_METRICS = 3  # with four there would be 176,851 points
_DIGIT_BITS = 56  # a digit times 100, and a carry, stay within an int64
_BLOCK = 1_000_000  # scores compared at once


@dataclass(frozen=True, slots=True)
class MetricUnits:
    """What clusters have of the metrics that weigh something.

    units : per metric, per cluster; totals : of the world, per metric, all above 0.
    sizes, keys : per cluster: what decides between equal scores, the larger size, then the lower key.
    """

    units: Sequence[Sequence[int]]
    totals: Sequence[int]
    sizes: Sequence[int]
    keys: Sequence[str]

    def shares(self) -> Floats:
        """Return float64, shape (metrics, clusters): shares of the world."""
        return np.array([[value / total for value in row] for row, total in zip(self.units, self.totals, strict=True)])


def weight_grid(metrics: int) -> Ints:
    """Return int64, shape (points, metrics): the weights of the grid in percent, the nearest to equal ones first."""
    rest = product(range(PERCENT + 1), repeat=metrics - 1)
    points = [(*weights, PERCENT - sum(weights)) for weights in rest if sum(weights) <= PERCENT]
    return np.array(sorted(points, key=lambda point: (sum(weight**2 for weight in point), point)), np.int64)


def grid_ranks(counts: MetricUnits) -> tuple[Ints, Ints]:
    """Rank clusters by their exact scores under all weights of the grid.

    Returns the grid, and int64, shape (points, clusters): ranks 1 … clusters for each point.
    """
    weights, clusters = weight_grid(len(counts.totals)), len(counts.keys)
    tied = np.array(sorted(range(clusters), key=lambda c: (-counts.sizes[c], counts.keys[c])), np.int64)
    digits = [digit[:, tied] for digit in _digits(counts)]
    ranks = np.empty((len(weights), clusters), np.int64)
    step = max(1, _BLOCK // clusters)
    for start in range(0, len(weights), step):
        part = slice(start, start + step)
        np.put_along_axis(ranks[part], tied[_order(weights[part], digits)], np.arange(1, clusters + 1)[None], axis=1)
    return weights, ranks


def _digits(counts: MetricUnits) -> list[Ints]:
    """Return the shares times the product of all totals, whole numbers, in digits of 56 bits, the lowest first.

    Each digit is int64, shape (metrics, clusters).
    """
    whole = prod(counts.totals)
    rows = [[units * (whole // total) for units in row] for row, total in zip(counts.units, counts.totals, strict=True)]
    count = max((value.bit_length() for row in rows for value in row), default=0) // _DIGIT_BITS + 1
    return [
        np.array([[value >> _DIGIT_BITS * at & (1 << _DIGIT_BITS) - 1 for value in row] for row in rows], np.int64)
        for at in range(count)
    ]


def _order(weights: Ints, digits: list[Ints]) -> Ints:
    """Return, per row of weights, the clusters from the highest score down; of equal scores the first comes first."""
    keys: list[Ints] = []
    carry = np.zeros((len(weights), digits[0].shape[1]), np.int64)
    for digit in digits:
        total = weights @ digit + carry
        carry = total >> _DIGIT_BITS
        keys.append(-(total & (1 << _DIGIT_BITS) - 1))
    return np.lexsort([*keys, -carry], axis=1)
