"""Coverage of rank intervals in planted worlds in which a part of a cluster's rows has a doubtful address.

`python bench/place_doubt.py [TRIALS]` prints, for shares of the rows and probabilities of the place, how often the true
rank of the doubtful cluster, and of any cluster, lies in the interval of counts alone and in that of counts and places,
how wide both are, and what the places cost for 300 clusters and 20,000 doubtful addresses.
"""

import sys
import time
from dataclasses import dataclass

import numpy as np

from hubrank.ranking.place_draws import DoubtfulAddresses, place_sets, shifts
from hubrank.ranking.rank_sets.rank_sets import RankSets, rank_margins, rank_sets

EXPECTED = np.array([48_000.0, 42_000, 36_000, 34_500, 33_000, 30_000, 26_000, 22_000])  # records of each cluster
DOUBTFUL, OTHER, NOWHERE = 2, 5, -1  # the cluster, and where its doubtful address may lie instead
LEVEL = 0.9
DRAWS = 2_000


@dataclass(frozen=True)
class World:
    """How large a share of the cluster's rows has the doubtful address, and how likely its alternatives are, in ‰."""

    share: float
    elsewhere_pm: tuple[int, int]  # in OTHER, in no cluster

    @property
    def records(self) -> float:
        """How many records the address is expected to have."""
        return self.share * EXPECTED[DOUBTFUL]


def ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks, 1 for the largest."""
    return np.argsort(np.argsort(-values)) + 1


def planted(world: World, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, DoubtfulAddresses]:
    """Return true ranks, scores as published, their variances, and the doubtful address of one planted world.

    The address lies where its probabilities say; what is published puts all of it into the likeliest cluster.
    """
    observed_elsewhere = random.integers(1000)
    true = EXPECTED.copy()
    if observed_elsewhere < sum(world.elsewhere_pm):
        true[DOUBTFUL] -= world.records
        if observed_elsewhere < world.elsewhere_pm[0]:
            true[OTHER] += world.records
    counts = random.poisson(EXPECTED).astype(float)
    records = random.binomial(int(counts[DOUBTFUL]), world.share)
    doubts = DoubtfulAddresses(
        np.array([DOUBTFUL], np.int32),
        np.array([[OTHER, NOWHERE]], np.int32),
        np.array([world.elsewhere_pm], np.int64),
        np.array([float(records)]),
    )
    return ranks(true), counts, counts.copy(), doubts


def sets(scores: np.ndarray, variances: np.ndarray, doubts: DoubtfulAddresses, seed: int) -> tuple[RankSets, RankSets]:
    """Return the rank sets of counts alone, and of counts and places, as a run computes them."""
    alone = rank_sets(scores, variances, coverage=LEVEL, draws=DRAWS, seed=seed)
    margins = rank_margins(scores, variances, coverage=(1 + LEVEL) / 2, draws=DRAWS, seed=seed)
    changes = shifts(doubts, len(scores), seed=seed)
    return alone, place_sets(scores, margins, changes, alone, level=LEVEL)


def coverage(world: World, trials: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Return how often the true rank of each cluster lies in its set, of counts alone and with places, and widths."""
    random = np.random.default_rng(seed)
    inside = {"counts": np.zeros(len(EXPECTED)), "places": np.zeros(len(EXPECTED))}
    width = {"counts": np.zeros(len(EXPECTED)), "places": np.zeros(len(EXPECTED))}
    for trial in range(trials):
        true, scores, variances, doubts = planted(world, random)
        for name, one in zip(inside, sets(scores, variances, doubts, trial), strict=True):
            inside[name] += (one.low <= true) & (true <= one.high)
            width[name] += one.high - one.low
    return {f"{name} {what}": of[name] / trials for what, of in (("inside", inside), ("width", width)) for name in of}


def cost() -> float:
    """Return the processor seconds that places cost for 300 clusters and 20,000 doubtful addresses."""
    random = np.random.default_rng(0)
    size, addresses = 300, 20_000
    scores = np.sort(random.pareto(1.2, size) + 1)[::-1] * 1000
    doubts = DoubtfulAddresses(
        random.integers(size, size=addresses).astype(np.int32),
        random.integers(-1, size, size=(addresses, 3)).astype(np.int32),
        np.tile(np.array([80, 40, 10]), (addresses, 1)),
        random.pareto(1.5, addresses) * 2,
    )
    alone = rank_sets(scores, scores)
    started = time.process_time()
    margins = rank_margins(scores, scores, coverage=0.95)
    place_sets(scores, margins, shifts(doubts, size), alone, level=LEVEL)
    return time.process_time() - started


def main(trials: int) -> None:
    """Print the table."""
    print("| share of rows | alternatives ‰ | counts: cluster | any | places: cluster | any | width counts | places |")
    print("|--:|--|--:|--:|--:|--:|--:|--:|")
    for share in (0.05, 0.14, 0.3):
        for elsewhere in ((0, 0), (60, 40), (200, 150), (300, 150)):
            got = coverage(World(share, elsewhere), trials)
            cells = [got[f"{name} inside"] for name in ("counts", "places")]
            of_cluster = [f"{each[DOUBTFUL]:.1%} | {each.min():.1%}" for each in cells]
            widths = [f"{got[f'{name} width'][DOUBTFUL]:.2f}" for name in ("counts", "places")]
            print(
                f"| {share:.0%} | {elsewhere[0]} + {elsewhere[1]} | {' | '.join([*of_cluster, *widths])} |", flush=True
            )
    print(f"\nPlaces cost {cost():.2f} s of processor time for 300 clusters and 20,000 doubtful addresses.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
