"""What the tables beside a ranking read of it: where its clusters lie, what they make, how they are called."""

from typing import Protocol

from hubrank.clustering.density import Labels
from hubrank.clustering.naming import Name
from hubrank.core.sphere import Ints
from hubrank.counting.sites import Sites
from hubrank.ranking.scores import Scores


class Ranked(Protocol):
    """A ranked list of clusters, numbered by label."""

    @property
    def sites(self) -> Sites:
        """All sites."""

    @property
    def label(self) -> Labels:
        """int32, shape (sites,): the cluster of each site, NOISE where none."""

    @property
    def units(self) -> Ints:
        """int64, shape (metrics, clusters)."""

    @property
    def scores(self) -> Scores:
        """One exact score per cluster."""

    @property
    def rank(self) -> list[int]:
        """One rank per cluster: a permutation of 1 … clusters."""

    @property
    def names(self) -> list[Name]:
        """One name per cluster."""
