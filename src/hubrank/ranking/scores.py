"""measures → ranking: shares, score, rank, decided on exact fractions (METHOD 6).

score_pct = M × Σ w·share_pct / Σ w over the M metrics with w > 0: equal weights give the plain sum of shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import lcm, prod
from typing import TYPE_CHECKING

from hubrank.core.errors import StudyError
from hubrank.core.sphere import Ints
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.counting.points import Sites

if TYPE_CHECKING:  # the worker process imports the tables, and does without machine code and database
    from hubrank.clustering.areas import AreaUnits
    from hubrank.clustering.density import DensityClusters, Labels
    from hubrank.clustering.naming import Name


@dataclass(frozen=True, slots=True)
class Scores:
    """Exact scores: `numerators[i] / denominator` is the score of cluster i in percent."""

    numerators: tuple[int, ...]
    denominator: int

    def shown(self) -> list[Decimal]:
        """Return the scores in percent, half-even at 6 decimals."""
        return [half_even(n, self.denominator, SHOWN_DECIMALS) for n in self.numerators]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredClusters:
    """Clusters and what they count, numbered by label from the heaviest on, before they have names.

    Where a study ranks areas, its areas take the place of clusters, here and in all that follows.

    sites, label : what lies where, and in which cluster (int32, NOISE where none).
    dense : the clusters before merging.
    units, listings : int64, shape (metrics, clusters); `units` are what the score counts.
    parts : int64, shape (metrics, clusters). The units of the points, whatever the counting: they add up with noise.
    areas : the areas that these are; None for clusters.
    """

    sites: Sites
    dense: "DensityClusters"
    label: "Labels"
    units: Ints
    listings: Ints
    parts: Ints
    scores: Scores
    areas: "AreaUnits | None" = field(default=None, kw_only=True)

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return len(self.scores.numerators)

    @property
    def sizes(self) -> list[int]:
        """What decides between equal scores: the sum of units of each cluster."""
        return [int(size) for size in self.units.sum(axis=0)]


@dataclass(frozen=True, slots=True, eq=False)
class RankedClusters(ScoredClusters):
    """A ranked list of clusters, numbered by label from the heaviest on.

    names, rank, economies : one per cluster; ranks are a permutation of 1 … clusters; the exact score by economy.
    """

    rank: list[int]
    names: "list[Name]"
    economies: list[dict[str, int]]


def scores_per_unit(totals: Sequence[int], weights: Sequence[Decimal | Fraction]) -> list[int]:
    """Return what one unit of each metric adds to a score: weight / total, as whole numbers over one denominator.

    0 for a metric of weight 0 or without units. Only ratios matter.
    """
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    product = prod(total for total in totals if total)
    return [
        int(weight * scale) * (product // total) if total else 0 for weight, total in zip(exact, totals, strict=True)
    ]


def scores(counts: Sequence[Sequence[int]], totals: Sequence[int], weights: Sequence[Decimal | Fraction]) -> Scores:
    """Score clusters.

    Parameters
    ----------
    counts : per metric, per cluster
        Whole units (or records) of each cluster.
    totals : per metric
        World totals in the same unit.
    weights : per metric
        0 or more; at least one above 0.

    Raises
    ------
    StudyError
        Where a metric that weighs something has a world total of 0, or nothing weighs anything.
    """
    exact = [Fraction(weight) for weight in weights]
    used = [m for m, weight in enumerate(exact) if weight]
    if not used:
        raise StudyError("all weights are 0: nothing to rank by. Give at least one metric a weight above 0.")
    empty = [m for m in used if totals[m] <= 0]
    if empty:
        raise StudyError(f"metric number {empty[0] + 1} has a world total of {totals[empty[0]]}: shares are undefined.")
    per_unit = dict(zip(used, scores_per_unit([totals[m] for m in used], [exact[m] for m in used]), strict=True))
    sums = [sum(per_unit[m] * int(counts[m][i]) for m in used) for i in range(len(counts[used[0]]))]
    return Scores(tuple(100 * len(used) * total for total in sums), sum(per_unit[m] * totals[m] for m in used))


def order(score: Scores, sizes: Sequence[int], keys: Sequence[str]) -> list[int]:
    """Return cluster numbers from first to last: by score, then larger sum of units, then key."""
    return sorted(range(len(keys)), key=lambda i: (-score.numerators[i], -sizes[i], keys[i]))


def ranks(ordered: Sequence[int]) -> list[int]:
    """Return the rank of each cluster, 1 for the first; a permutation."""
    rank = [0] * len(ordered)
    for place, cluster in enumerate(ordered, start=1):
        rank[cluster] = place
    return rank
