"""Squared distances of points, and what the bounding balls of points say about them beyond the doubt of rounding."""

from typing import NamedTuple

from hubrank.core.compiled import inlined
from hubrank.core.sphere import Floats

SLACK = 1e-12  # far above the rounding of a squared distance (2e-16 per term), far below anything on the ground


class Rule(NamedTuple):
    """What makes a point core: `minimum` within `reach`; the rim is where a squared distance equals reach2."""

    reach: float
    reach2: float
    minimum: int


@inlined
def distance2(a: Floats, i: int, b: Floats, j: int) -> float:
    """Return the squared distance of a[:, i] and b[:, j], terms added in the order of the axes."""
    x, y, z = a[0, i] - b[0, j], a[1, i] - b[1, j], a[2, i] - b[2, j]
    total: float = x * x + y * y + z * z
    if a.shape[0] > 3:
        for k in range(3, a.shape[0]):
            total += (a[k, i] - b[k, j]) ** 2
    return total


@inlined
def inside(apart2: float, radii: float, rule: Rule) -> bool:
    """Say whether all points of two balls are within reach of each other, beyond the doubt of rounding."""
    inner = rule.reach * (1 - SLACK) - radii
    return apart2 <= inner * abs(inner)


@inlined
def outside(apart2: float, radii: float, rule: Rule) -> bool:
    """Say whether no points of two balls are within reach of each other, beyond the doubt of rounding."""
    outer = rule.reach * (1 + SLACK) + radii
    return apart2 > outer * outer
