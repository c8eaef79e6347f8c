"""Best and worst rank over all weights of two or three metrics (METHOD 13).

For one cluster, every other one is ahead on one side of a line through the weights. The lines cut the weights into
cells of equal rank. Along each line all ranks beside it are read off from where the other lines cross it; every cell
touches a line, or there is none. Exact fractions then decide the rank at the weights that are named.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hubrank.sphere import Floats, Ints
from hubrank.stages.ranking import order, ranks, scores

Weights = tuple[Fraction, ...]

THIN = 1e-9  # cells narrower than this part of a line are passed over: weights are not given that finely
_DIGITS = 10**12  # weights are named with at most twelve decimals
_LOOKED_AT = 24  # parts of lines on either side of which the rank is taken; one would do but for rounding


@dataclass(frozen=True, slots=True)
class Counts:
    """What clusters have.

    units : per metric, per cluster; totals : per metric, of the world.
    sizes, keys : per cluster, what decides between equal scores.
    """

    units: list[list[int]]
    totals: list[int]
    sizes: list[int]
    keys: list[str]

    def rank(self, cluster: int, weights: Weights) -> int:
        """Return the exact rank of a cluster under weights."""
        return ranks(order(scores(self.units, self.totals, weights), self.sizes, self.keys))[cluster]

    def leads(self, cluster: int) -> Floats:
        """Return by how much of the world each other cluster has more: float64, shape (others, metrics)."""
        exact = [[(value - row[cluster]) for value in row] for row in self.units]
        lead = np.array([[d / t for d in row] for row, t in zip(exact, self.totals, strict=True)], np.float64).T
        return np.delete(lead, cluster, axis=0)


@dataclass(frozen=True, slots=True)
class Extremes:
    """The best and the worst rank of a cluster, and weights that give them: they add up to 1."""

    best: int
    best_weights: Weights
    worst: int
    worst_weights: Weights


def extremes(counts: Counts, cluster: int) -> Extremes:
    """Return the best and worst rank of a cluster over all weights but those at which two scores are equal.

    Raises ValueError for other than two or three metrics.
    """
    metrics = len(counts.totals)
    if metrics not in (2, 3):
        raise ValueError(f"all weights are looked through for two or three metrics, not for {metrics}")
    lead = counts.leads(cluster)
    points = _along(lead) if metrics == 2 else _beside(lead)
    ahead = [int((lead @ point > 0).sum()) for point in points]
    named = [_exact(points[ahead.index(bound)]) for bound in (min(ahead), max(ahead))]
    best, worst = (counts.rank(cluster, weights) for weights in named)
    return Extremes(best, named[0], worst, named[1])


def _exact(point: Floats) -> Weights:
    """Return weights of at most twelve decimals that add up to 1."""
    whole = [max(0, round(float(part) * _DIGITS)) for part in point[:-1]]
    return (*(Fraction(part, _DIGITS) for part in whole), Fraction(max(0, _DIGITS - sum(whole)), _DIGITS))


def _along(lead: Floats) -> list[Floats]:
    """Return a point in every cell of the weights of two metrics."""
    _, middle, _, _ = _intervals(lead[None, :, 0], lead[None, :, 1])
    return [np.array([1 - part, part]) for part in middle.tolist()]


def _beside(lead: Floats) -> list[Floats]:
    """Return points in cells of the weights of three metrics: beside all lines, where fewest and most are ahead."""
    own = np.flatnonzero((lead.max(axis=1) > 0) & (lead.min(axis=1) < 0))
    if not len(own):
        return [np.full(3, 1 / 3)]
    start, end = _ends(lead[own])
    at_start, at_end = start @ lead.T, end @ lead.T
    for values in (at_start, at_end):
        values[np.arange(len(own)), own] = 0.0  # its own line; rounding must not cut it
    row, middle, width, ahead = _intervals(at_start, at_end)
    points = []
    for number in {*_first(ahead, width), *_first(-ahead, width)}:
        part, line = middle[number], row[number]
        points += _both_sides(lead, int(own[line]), start[line] * (1 - part) + end[line] * part)
    return points


def _first(ahead: Ints, width: Floats) -> list[int]:
    """Return which parts of lines to look beside: where fewest are ahead; the widest first."""
    return [int(number) for number in np.lexsort((-width, ahead))[:_LOOKED_AT]]


def _intervals(start: Floats, end: Floats) -> tuple[Ints, Floats, Floats, Ints]:
    """Return row, middle and width of the parts into which each row's line is cut, and how many are ahead on each.

    start, end : float64, shape (lines, others). What the others lead by at both ends of a line.
    """
    crossed = start * end < 0
    at = np.divide(start, start - end, out=np.ones_like(start), where=crossed)
    ordered = np.argsort(at, axis=1)
    gained = np.where(crossed, np.sign(end), 0).astype(np.int64)
    first = np.where(crossed, start > 0, start + end > 0).sum(axis=1, dtype=np.int64)
    ahead = np.column_stack([first, first[:, None] + np.cumsum(np.take_along_axis(gained, ordered, axis=1), axis=1)])
    inner = np.take_along_axis(at, ordered, axis=1)
    cuts = np.column_stack([np.zeros(len(at)), inner, np.ones(len(at))])
    width = np.diff(cuts, axis=1)
    row, column = np.nonzero(width > THIN)
    part = width[row, column]
    return row, cuts[row, column] + part / 2, part, ahead[row, column]


def _both_sides(lead: Floats, line: int, on: Floats) -> list[Floats]:
    """Return two points on either side of a line, nearer to it than to any other line or edge."""
    slope = lead - lead.mean(axis=1, keepdims=True)  # weights move with a sum of 0
    steep = np.maximum(np.linalg.norm(slope, axis=1), np.finfo(np.float64).tiny)
    away = np.abs(lead @ on) / steep
    room = min(float(on.min()), float(away[away > THIN].min(initial=1.0))) / 2
    step = slope[line] / steep[line] * room
    return [on - step, on + step]


def _ends(lines: Floats) -> tuple[Floats, Floats]:
    """Return where each line enters and leaves the triangle of weights: float64, shape (lines, 3) each."""
    ends = np.zeros((len(lines), 3, 3))
    there = np.zeros((len(lines), 3), np.bool_)
    for edge, (a, b) in enumerate(((0, 1), (1, 2), (2, 0))):
        fa, fb = lines[:, a], lines[:, b]
        there[:, edge] = (fa > 0) != (fb > 0)
        part = np.divide(fa, fa - fb, out=np.zeros(len(lines)), where=there[:, edge])
        ends[:, edge, a], ends[:, edge, b] = 1 - part, part
    first = there.argmax(axis=1)
    last = 2 - there[:, ::-1].argmax(axis=1)
    at = np.arange(len(lines))
    return ends[at, first], ends[at, last]
