"""Clusters with what they count, their scores, names and ranks: what every table of an edition is made from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubrank.core.sphere import Ints
from hubrank.counting.points import Sites
from hubrank.ranking.scores import Scores

if TYPE_CHECKING:  # the worker process imports the tables, and does without machine code and database
    from hubrank.clustering.density import DensityClusters, Labels
    from hubrank.clustering.naming import Name


@dataclass(frozen=True, slots=True, eq=False)
class ScoredClusters:
    """Clusters and what they count, numbered by label from the heaviest on, before they have names.

    sites, label : what lies where, and in which cluster (int32, NOISE where none).
    dense : the clusters before merging.
    units, listings : int64, shape (metrics, clusters); `units` are what the score counts.
    parts : int64, shape (metrics, clusters). The units of the points, whatever the counting: they add up with noise.
    """

    sites: Sites
    dense: "DensityClusters"
    label: "Labels"
    units: Ints
    listings: Ints
    parts: Ints
    scores: Scores

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
