"""Best and worst rank over all weights of up to three metrics: proved, not sampled (METHOD 13).

For one cluster, every other one is ahead on one side of a line through the triangle of weights (a point, for two
metrics). The lines cut the weights into cells of equal rank, and every cell touches a line, or there is none. So it is
enough to walk along each line and to note where the others cross it (`lines`). Floats give the places to look at and a
bound that rounding cannot break; the rank at the weights that are named is counted in whole numbers. Where the two do
not meet, the line is walked in exact fractions (`exact_lines`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from operator import mul

import numpy as np

from hubrank.analysis.robustness.exact_lines import Lead, fewest_on
from hubrank.analysis.robustness.lines import Walk, walks
from hubrank.core.sphere import Floats

Weights = tuple[Fraction, ...]

MOST_METRICS = 3
_DIGITS = 10**12  # weights are named with at most twelve decimals


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

    def shares(self) -> Floats:
        """Return what part of the world each cluster is: float64, shape (metrics, clusters)."""
        return np.array([[u / t for u in row] for row, t in zip(self.units, self.totals, strict=True)], np.float64)

    def leads(self, cluster: int) -> list[Lead]:
        """Return by how many units each cluster has more, per metric; all 0 for the cluster itself."""
        return list(zip(*([value - row[cluster] for value in row] for row in self.units), strict=True))

    def first(self, one: int, other: int) -> bool:
        """Return whether, at equal scores, one stands before the other."""
        return (-self.sizes[one], self.keys[one]) < (-self.sizes[other], self.keys[other])


@dataclass(frozen=True, slots=True)
class Extremes:
    """The best and the worst rank of a cluster, and weights that give them: they add up to 1.

    best_weights, worst_weights : None where only weights of more than twelve decimals give that rank.
    """

    best: int
    best_weights: Weights | None
    worst: int
    worst_weights: Weights | None


def extremes(counts: Counts, cluster: int) -> Extremes:
    """Return the best and worst rank of a cluster over all weights but those at which two scores are equal.

    Clusters of equal counts in every metric keep the order that decides between equal scores.
    Raises ValueError for more than three metrics.
    """
    metrics = len(counts.totals)
    if metrics > MOST_METRICS:
        raise ValueError(f"all weights are looked through for up to three metrics, not for {metrics}")
    every = counts.leads(cluster)
    twins = [other for other, lead in enumerate(every) if not any(lead) and other != cluster]
    before = sum(counts.first(twin, cluster) for twin in twins)
    lead = [lead for lead in every if any(lead)]
    if not lead:
        weights = (Fraction(1, metrics),) * metrics
        return Extremes(1 + before, weights, 1 + before, weights)
    scaled = np.array([[d / t for d, t in zip(row, counts.totals, strict=True)] for row in lead], np.float64)
    ahead, behind = walks(scaled)
    ahead_least, best = _fewest(lead, counts.totals, ahead)
    behind_least, worst = _fewest([tuple(-d for d in row) for row in lead], counts.totals, behind)
    return Extremes(1 + before + ahead_least, best, 1 + before + len(lead) - behind_least, worst)


def _fewest(lead: Sequence[Lead], totals: Sequence[int], walk: Walk) -> tuple[int, Weights | None]:
    """Return how many are ahead at least, and weights at which so few are.

    Lines whose bound promises fewer than were counted so far are walked exactly, until none does.
    """
    reached, named = len(lead) + 1, None
    for point in walk.points:
        weights = _named(point.tolist())
        ahead = _ahead(lead, totals, weights)
        if ahead is not None and ahead < reached:
            reached, named = ahead, weights
    for line in np.argsort(walk.bound, kind="stable").tolist():
        if walk.bound[line] >= reached:
            break
        exact = fewest_on(lead, walk.line[line])
        if exact.ahead < reached:
            reached = exact.ahead
            weights = _named([v * total for v, total in zip(exact.point, totals, strict=True)])
            named = weights if _ahead(lead, totals, weights) == reached else None
    return reached, named


def _named(point: Sequence[float | Fraction]) -> Weights:
    """Return weights of at most twelve decimals that add up to 1, near to a point that need not."""
    exact = [Fraction(part) for part in point]
    parts = [max(0, round(part * _DIGITS / sum(exact))) for part in exact[:-1]]
    return (*(Fraction(part, _DIGITS) for part in parts), Fraction(max(0, _DIGITS - sum(parts)), _DIGITS))


def _ahead(lead: Sequence[Lead], totals: Sequence[int], weights: Weights) -> int | None:
    """Return how many are ahead at these weights, in whole numbers; None where a score is equal."""
    product = prod(totals)
    worth = [int(w * _DIGITS) * (product // total) for w, total in zip(weights, totals, strict=True)]
    scores = [sum(map(mul, row, worth)) for row in lead]
    return None if 0 in scores else sum(score > 0 for score in scores)
