"""Where doubtful addresses lie, drawn: the ranks that places leave open, besides those that counts do (METHOD 13).

All rows of an address move together, outlines stay. Draws and sums are in whole numbers or in one fixed order, so that
the sets are the same on any number of threads.
"""

from dataclasses import dataclass

import numpy as np

from hubrank.clustering.density import Labels
from hubrank.core.sphere import Floats, Ints
from hubrank.ranking.rank_sets.rank_sets import RankSets

DRAWS = 1_000
CERTAIN_PM = 1_000  # per mille
_BLOCK = 4_096  # addresses drawn at a time


@dataclass(frozen=True, slots=True, eq=False)
class DoubtfulAddresses:
    """The addresses that have alternatives in another cluster, or in none, in the order of their keys.

    cluster : int32, shape (n,). Where each was put; -1 where in no cluster.
    others : int32, shape (n, k). The clusters of its alternatives; -1 where in none.
    permille : int64, shape (n, k). Their probabilities, 0 where there is none; the rest is the place's.
    score : float64, shape (n,). What the address adds to the score of the cluster that it lies in.
    """

    cluster: Labels
    others: Labels
    permille: Ints
    score: Floats


def shifts(doubts: DoubtfulAddresses, clusters: int, *, draws: int = DRAWS, seed: int = 0) -> Floats:
    """Return float64, shape (draws, clusters): by how much the score of each cluster changes in each draw.

    Each address lies in each of its places in as many draws as their probabilities say, in an order that is drawn (a
    Latin hypercube: McKay, Beckman & Conover, 1979): an address of 2.3 % moves in 23 of 1,000 draws, whatever the seed.
    """
    columns = clusters + 1  # the last one is what lies in no cluster
    changes = np.zeros(draws * columns)
    random = np.random.default_rng(seed)
    reach = np.cumsum(doubts.permille, axis=1)
    every_pm = np.arange(draws, dtype=np.int32) * CERTAIN_PM // draws
    for first in range(0, len(doubts.cluster), _BLOCK):
        rows = slice(first, first + _BLOCK)
        drawn_pm = random.permuted(np.broadcast_to(every_pm, (len(reach[rows]), draws)), axis=1)
        address, draw = np.nonzero(drawn_pm < reach[rows, -1:])
        moved = first + address
        alternative = (drawn_pm[address, draw][:, None] >= reach[moved]).sum(axis=1)
        for label, sign in ((doubts.cluster[moved], -1), (doubts.others[moved, alternative], 1)):
            cell = draw * columns + label % columns
            changes += np.bincount(cell, sign * doubts.score[moved], minlength=len(changes))
    return changes.reshape(draws, columns)[:, :-1]


def place_sets(score: Floats, margins: Floats, changes: Floats, counts: RankSets, *, level: float) -> RankSets:
    """Return the rank sets that counts and places leave open together.

    score : float64, shape (p,), as published; counts : the sets that counts alone leave open, which are included.
    margins : float64, shape (p, p). How far j must be from i to be surely ahead or behind it, in the family of i, with
        the confidence (1 + level) / 2, whatever the scores are.
    changes : as `shifts` returns them. In (1 + level) / 2 of the draws, half of the others on either side, the ranks
        that the margins leave open lie within the set: so that at most 1 - level is missed by counts and places.
    """
    low = np.empty((len(changes), len(score)), np.int64)
    high = np.empty_like(low)
    for number, change in enumerate(changes):
        shifted = score + change
        gap = shifted[None, :] - shifted[:, None]
        low[number] = 1 + np.count_nonzero(gap > margins, axis=1)
        high[number] = len(score) - np.count_nonzero(gap < -margins, axis=1)
    left_out = int((1 - level) / 4 * len(changes))
    best, worst = np.sort(low, axis=0)[left_out], np.sort(high, axis=0)[len(changes) - 1 - left_out]
    return RankSets(np.minimum(counts.low, best), np.maximum(counts.high, worst))
