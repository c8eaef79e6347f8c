"""Walks along the lines of equal score, in floats: where fewest are ahead, and a bound that rounding cannot break.

On a line, what another cluster leads by is a straight function of the place. It is known to within ROOM; taken that
much lower it is positive only where the cluster is ahead for certain. Counting those gives the bound.
"""

from typing import NamedTuple

import numpy as np

from hubrank.core.sphere import Floats, Ints

ROOM = 1e-14  # 45 units in the last place of a lead of 1; the arithmetic below can lose 25 of them
THIN = 1e-9  # parts of a line narrower than this are no places to name weights at
SOME = 8  # lines that are walked first, for a count that the others must undercut
CANDIDATES = 2  # places to look at: the widest


class Walk(NamedTuple):
    """What was seen along the lines of one cluster.

    line : int, shape (lines,). The row of `lead` that each line belongs to; -1 for the one side of two metrics.
    bound : int, shape (lines,). No cell beside the line has fewer ahead.
    points : weights, each of shape (metrics,), in cells where no more seem to be ahead than the least bound.
    """

    line: Ints
    bound: Ints
    points: list[Floats]


def walks(lead: Floats) -> tuple[Walk, Walk]:
    """Return the walk that counts those ahead, and the one that counts those behind.

    lead : float64, shape (others, 1 to 3). By how much of the world each other cluster has more; no row is all 0.
    """
    scaled = lead / np.abs(lead).max(axis=1, keepdims=True)
    metrics = lead.shape[1]
    lines = np.flatnonzero((lead.max(axis=1) > 0) & (lead.min(axis=1) < 0))
    if not len(lines):
        walk = Walk(lines, lines, [np.full(metrics, 1 / metrics)])
        return walk, walk
    if metrics == 2:
        lines, start, end = np.array([-1]), np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    else:
        start, end = _ends(scaled[lines])
    at = [_at(ends, scaled) for ends in (start, end)]
    room = [_room(ends, values) for ends, values in zip((start, end), at, strict=True)]
    found = []
    for sign in (1, -1):
        low = [sign * values - unsure for values, unsure in zip(at, room, strict=True)]
        if metrics == 3:
            for values in low:
                values[np.arange(len(lines)), lines] = -1.0  # the cell looked for lies where its own cluster is not
        found.append(_walk(sign * scaled, lines, start, end, *low))
    return found[0], found[1]


def _room(ends: Floats, values: Floats) -> Floats:
    """Return how far each value may be off; in a corner of the triangle one lead stands alone, and keeps its sign."""
    corner = ends.max(axis=1, keepdims=True) == 1
    return np.asarray(np.where(corner, np.abs(values), 1.0) * ROOM)


def _at(points: Floats, lead: Floats) -> Floats:
    """Return what each cluster leads by at each point: float64, shape (points, others); summed in a fixed order."""
    values: Floats = np.outer(points[:, 0], lead[:, 0])
    for metric in range(1, lead.shape[1]):
        values += np.outer(points[:, metric], lead[:, metric])
    return values


def _walk(lead: Floats, lines: Ints, start: Floats, end: Floats, at_start: Floats, at_end: Floats) -> Walk:
    """Count whose functions are positive, given their values at both ends of each line.

    Those positive at both ends are ahead all along: a bound that spares most lines the walk.
    """
    bound = ((at_start > 0) & (at_end > 0)).sum(axis=1)
    some = np.argsort(bound, kind="stable")[:SOME]
    least = int(_counted(at_start[some], at_end[some])[0].min())
    near = np.union1d(some, np.flatnonzero(bound < least))
    ahead, cuts = _counted(at_start[near], at_end[near])
    bound[near] = ahead.min(axis=1)
    row, part = np.nonzero(ahead == ahead.min())
    width = cuts[row, part + 1] - cuts[row, part]
    points = []
    for place in np.argsort(-width, kind="stable")[:CANDIDATES].tolist():
        if width[place] > THIN:
            line, middle = near[row[place]], cuts[row[place], part[place]] + width[place] / 2
            on = start[line] * (1 - middle) + end[line] * middle
            points.append(on if lines[line] < 0 else _beside(lead, int(lines[line]), on))
    return Walk(lines, bound, points)


def _counted(at_start: Floats, at_end: Floats) -> tuple[Ints, Floats]:
    """Return how many functions are positive on each part of each line, and where the parts begin and end."""
    crossed = at_start * at_end < 0
    at = np.divide(at_start, at_start - at_end, out=np.ones_like(at_start), where=crossed)
    ordered = np.argsort(at, axis=1, kind="stable")
    gained = np.where(crossed, np.where(at_end > 0, 1, -1), 0)
    first = np.where(crossed, at_start > 0, at_start + at_end > 0).sum(axis=1, dtype=np.int64)
    ahead = first[:, None] + np.cumsum(np.take_along_axis(gained, ordered, axis=1), axis=1)
    cuts = np.take_along_axis(at, ordered, axis=1)
    ends = np.zeros((len(at), 1)), np.ones((len(at), 1))
    return np.column_stack([first, ahead]), np.hstack([ends[0], cuts, ends[1]])


def _beside(lead: Floats, line: int, on: Floats) -> Floats:
    """Return a point where the cluster of a line is behind, nearer to the line than to any other line or edge."""
    slope = lead - lead.mean(axis=1, keepdims=True)  # weights move with a sum of 0
    steep = np.maximum(np.sqrt((slope * slope).sum(axis=1)), np.finfo(np.float64).tiny)
    away = np.abs(_at(on[None], lead)[0]) / steep
    room = min(float(on.min()), float(away[away > THIN].min(initial=1.0))) / 2
    beside: Floats = on - slope[line] / steep[line] * room
    return beside


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
