"""Do the rank sets cover, how wide are they, and how fast: `python bench/rank_sets.py [WORLDS]`.

Simulated worlds with near ties: every second cluster produces 0.3 % less than the one before it. The truth is the
order of the planted rates; outlines are fixed.
"""

import importlib.util
import sys
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hubrank.ranking.rank_sets.rank_covariance import MetricSums, overdispersion, score_covariance
from hubrank.ranking.rank_sets.rank_multinomial import rank_sets_multinomial
from hubrank.ranking.rank_sets.rank_sets import RankSets, rank_sets

UNIT = 10**9
YEARS = 5
CLUSTERS = 30
RECORDS = (60_000, 200_000, 4_000)  # located records of three metrics; half of them lie in clusters
SHARED = 0.1  # the part of a cluster's records that are split with its partner
CLUMP = 1.6  # mean size of a clump of records, where they come in clumps
SWING = 0.05  # relative standard deviation of a cluster's years, where years are good or bad


@dataclass(frozen=True)
class Plan:
    """How a world is simulated: overdispersed or not, and whether the rank sets estimate the overdispersion."""

    overdispersed: bool
    measured: bool


@dataclass(frozen=True)
class Outcome:
    """One kind of interval over many worlds.

    lowest, mean : how often the interval of a cluster covers its true rank: the worst cluster, and all clusters.
    together : how often all intervals of a world cover.
    width : mean number of ranks in an interval.
    """

    lowest: float
    mean: float
    together: float
    width: float


def planted_rates(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return expected records per metric, cluster: float64, shape (3, CLUSTERS). Neighbours differ by 0.3 %."""
    pair = np.arange(CLUSTERS) // 2
    size = (pair + 2.0) ** -0.9 * np.where(np.arange(CLUSTERS) % 2, 0.997, 1.0)
    lean = rng.uniform(0.6, 1.4, (len(RECORDS), pair.max() + 1))[:, pair]
    rates = size * lean
    return rates / rates.sum(axis=1, keepdims=True) * np.array(RECORDS)[:, None] / 2


def true_ranks(rates: NDArray[np.float64]) -> NDArray[np.int64]:
    score = (rates / np.array(RECORDS)[:, None]).sum(axis=0)
    return np.argsort(np.argsort(-score)) + 1


def _numbers(rate: NDArray[np.float64], plan: Plan, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return records per row and year, shape (rows, YEARS)."""
    yearly = np.repeat(rate[:, None] / YEARS, YEARS, axis=1)
    if not plan.overdispersed:
        return rng.poisson(yearly)
    swing = rng.gamma(SWING**-2, SWING**2, yearly.shape)
    clumps = rng.poisson(yearly * swing / CLUMP)
    return clumps + rng.poisson(clumps * (CLUMP - 1))


def sums(rate: NDArray[np.float64], records: int, plan: Plan, rng: np.random.Generator) -> MetricSums:
    """Simulate one metric: records of one cluster, records split with the partner (c, c + 2), and records elsewhere."""
    partner = (np.arange(CLUSTERS) + 2) % CLUSTERS
    split = SHARED * np.minimum(rate, rate[partner])
    shared = split / 2 + split[np.argsort(partner)] / 2
    alone = _numbers(rate - shared, plan, rng)
    common = _numbers(split, plan, rng)
    elsewhere = _numbers(np.array([records - (rate - shared).sum() - split.sum()]), plan, rng)[0]
    halves = common + common[np.argsort(partner)]
    yearly = alone * UNIT + halves * (UNIT // 2)
    world = (alone.sum(axis=0) + common.sum(axis=0) + elsewhere) * UNIT
    squares = [int(o) * UNIT**2 + int(h) * (UNIT // 2) ** 2 for o, h in zip(alone.sum(1), halves.sum(1), strict=True)]
    products = {(c, int(partner[c])): int(n) * (UNIT // 2) ** 2 for c, n in enumerate(common.sum(axis=1))}
    excess = overdispersion(yearly, world, squares, unit=UNIT) if plan.measured else None
    return MetricSums(UNIT, int(world.sum()), yearly.sum(axis=1).tolist(), squares, products, excess)


def scores(metrics: list[MetricSums]) -> NDArray[np.float64]:
    return np.sum([[100 * units / metric.world for units in metric.units] for metric in metrics], axis=0)


def percentile_intervals(score: NDArray[np.float64], covariance: NDArray[np.float64], draws: int) -> RankSets:
    """Return the usual percentile interval: the middle 90 % of the ranks of simulated scores."""
    simulated = np.random.default_rng(0).multivariate_normal(score, covariance, draws, method="cholesky")
    ranks = np.argsort(np.argsort(-simulated, axis=1), axis=1) + 1
    low, high = np.quantile(ranks, (0.05, 0.95), axis=0)
    return RankSets(np.floor(low).astype(np.int64), np.ceil(high).astype(np.int64))


def coverage(plan: Plan, *, worlds: int, draws: int, seed: int = 1) -> dict[str, Outcome]:
    """Simulate worlds, and count how often each kind of 90 % interval covers the true ranks."""
    rates = planted_rates(np.random.default_rng(seed))
    truth = true_ranks(rates)
    covered: dict[str, list[NDArray[np.bool_]]] = {}
    widths: dict[str, list[float]] = {}
    for rng in np.random.default_rng(seed).spawn(worlds):
        metrics = [sums(rate, records, plan, rng) for rate, records in zip(rates, RECORDS, strict=True)]
        score, covariance = scores(metrics), score_covariance(metrics, [1, 1, 1])
        intervals = {
            "marginal": rank_sets(score, covariance, draws=draws),
            "simultaneous": rank_sets(score, covariance, simultaneous=True, draws=draws),
            "percentile": percentile_intervals(score, covariance, draws),
        }
        for kind, (low, high) in intervals.items():
            covered.setdefault(kind, []).append((low <= truth) & (truth <= high))
            widths.setdefault(kind, []).append(float((high - low + 1).mean()))
    return {kind: _outcome(np.array(rows), widths[kind]) for kind, rows in covered.items()}


def multinomial_coverage(*, worlds: int, seed: int = 1) -> dict[str, Outcome]:
    """Return the same for tables of 2,000 records in 12 categories, near ties included."""
    chance = np.repeat(np.arange(6, 0, -1.0), 2) * np.tile([1.0, 0.997], 6)
    truth = np.arange(12) + 1
    tables = np.random.default_rng(seed).multinomial(2_000, chance / chance.sum(), worlds)
    result = {}
    for kind, together in {"marginal": False, "simultaneous": True}.items():
        sets = [rank_sets_multinomial(table, simultaneous=together) for table in tables]
        rows = np.array([(low <= truth) & (truth <= high) for low, high in sets])
        result[kind] = _outcome(rows, [float((high - low + 1).mean()) for low, high in sets])
    return result


def _outcome(covered: NDArray[np.bool_], widths: list[float]) -> Outcome:
    by_cluster = covered.mean(axis=0)
    return Outcome(
        float(by_cluster.min()), float(covered.mean()), float(covered.all(axis=1).mean()), float(np.mean(widths))
    )


def correlated_scores(clusters: int = 300) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(1)
    score = np.sort(rng.pareto(1.1, clusters) + 0.05)[::-1]
    load = rng.normal(size=(clusters, 40)) * 0.2
    return score, np.outer(score**0.5, score**0.5) * 0.0025 * (load @ load.T + np.eye(clusters))


def seconds(draws: int = 10_000) -> dict[str, float]:
    """Time the sets of 300 correlated scores, median of five, after compilation."""
    score, covariance = correlated_scores()
    taken = {}
    for kind, together in {"marginal": False, "simultaneous": True}.items():
        rank_sets(score, covariance, simultaneous=together, draws=10)
        runs = []
        for _ in range(5):
            start = time.perf_counter()
            rank_sets(score, covariance, simultaneous=together, draws=draws)
            runs.append(time.perf_counter() - start)
        taken[kind] = float(np.median(runs))
    return taken


def peer_seconds(draws: int = 10_000) -> dict[str, float]:
    """Time PyPI's multiple-inference on the same scores, once; empty where it is not installed."""
    if importlib.util.find_spec("multiple_inference") is None:
        return {}
    from multiple_inference.confidence_set import MarginalRanking, SimultaneousRanking

    score, covariance = correlated_scores()
    taken = {}
    for kind, model in {"marginal": MarginalRanking, "simultaneous": SimultaneousRanking}.items():
        start = time.perf_counter()
        model(score, covariance, random_state=0, sort=False).fit(n_samples=draws).conf_int(0.1)
        taken[kind] = time.perf_counter() - start
    return taken


def main(worlds: int) -> None:
    plans = {
        "independent records": Plan(overdispersed=False, measured=True),
        "clustered": Plan(overdispersed=True, measured=True),
        "clustered, not modelled": Plan(overdispersed=True, measured=False),
    }
    print(f"{worlds} worlds of {CLUSTERS} clusters, 90 % sets, 10,000 draws")
    print("| worlds | interval | worst cluster | mean | all at once | mean width |\n|---|---|---|---|---|---|")
    for name, plan in plans.items():
        _print(name, coverage(plan, worlds=worlds, draws=10_000))
    _print("tables of counts", multinomial_coverage(worlds=worlds))
    peer = peer_seconds()
    for kind, taken in seconds().items():
        ratio = f"{peer[kind] / taken:.0f} times faster" if peer else "is not installed, so no ratio"
        print(f"{kind}, 300 clusters, 10,000 draws: {taken:.2f} s; multiple-inference: {ratio}")


def _print(name: str, outcomes: dict[str, Outcome]) -> None:
    for kind, o in outcomes.items():
        print(f"| {name} | {kind} | {o.lowest:.1%} | {o.mean:.1%} | {o.together:.1%} | {o.width:.2f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
