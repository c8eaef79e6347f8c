"""A walk along one line of equal score in exact fractions: where floats cannot tell the cells apart.

Weights over world totals are as good as weights, and the leads are then whole numbers.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from operator import mul
from typing import NamedTuple

Lead = tuple[int, ...]  # by how many units another cluster has more, per metric
Point = tuple[int, ...]  # whole numbers, in no scale


class Exact(NamedTuple):
    """How many are ahead at least in the cells beside a line; a point in such a cell, of weights over world totals."""

    ahead: int
    point: Point


def fewest_on(lead: Sequence[Lead], line: int) -> Exact:
    """Return where fewest are ahead beside the line of one cluster, on that side of it where this one is behind.

    lead : of two or three metrics; no row is all 0.
    line : which row; it holds both signs. -1 for all points of two metrics, which need no line.
    """
    start, end = ((1, 0), (0, 1)) if line < 0 else _ends(lead[line])
    first, gained = 0, defaultdict[Fraction, int](int)
    for other, row in enumerate(lead):
        at_start, at_end = (sum(map(mul, row, point)) for point in (start, end))
        if not at_start and not at_end:  # the same line: ahead on this side of it if it faces the other way
            first += _opposite(row, lead[line]) if other != line else 0
        elif at_start * at_end < 0:
            first += at_start > 0
            gained[Fraction(at_start, at_start - at_end)] += 1 if at_end > 0 else -1
        else:
            first += at_start + at_end > 0
    return _least(first, gained, start, end, lead, line)


def _ends(line: Lead) -> list[Point]:
    """Return two points in which a line meets edges of the triangle."""
    met = []
    for a, b in ((0, 1), (1, 2), (2, 0)):
        if (line[a] > 0) != (line[b] > 0):
            point = [0, 0, 0]
            point[a], point[b] = abs(line[b]), abs(line[a])
            met.append(tuple(point))
    return met


def _opposite(one: Lead, other: Lead) -> bool:
    return bool(sum(map(mul, one, other)) < 0)


def _least(
    first: int,
    gained: dict[Fraction, int],
    start: Point,
    end: Point,
    lead: Sequence[Lead],
    line: int,
) -> Exact:
    """Return the widest of the parts of a line on which fewest are ahead, and a point beside its middle."""
    ahead, parts = first, []
    for place, following in pairwise([Fraction(0), *sorted(gained), Fraction(1)]):
        ahead += gained.get(place, 0)
        parts.append((ahead, place - following, (place + following) / 2))
    least, _, middle = min(parts)
    past, whole = middle.as_integer_ratio()
    on = tuple(s * (whole - past) + e * past for s, e in zip(start, end, strict=True))
    return Exact(least, on if line < 0 else _beside(lead, line, on))


def _beside(lead: Sequence[Lead], line: int, on: Point) -> Point:
    """Return a point where the cluster of the line is behind, before any other line or edge is reached."""
    down = tuple(-d for d in lead[line])
    edges = [tuple(int(m == n) for n in range(len(on))) for m in range(len(on))]
    reach, per = 1, 0  # as a fraction: nothing is reached yet
    for row in (*edges, *lead):
        value, rise = sum(map(mul, row, on)), sum(map(mul, row, down))
        if value * rise < 0 and abs(value) * per < reach * abs(rise):
            reach, per = abs(value), abs(rise)
    return tuple(2 * per * v + reach * d for v, d in zip(on, down, strict=True))
