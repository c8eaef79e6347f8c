"""How far the authors' procedure agrees with itself and with `rank_sets`: `python bench/rank_oracle.py PISA [TABLES]`.

PISA is a CSV with columns estimate, se, marginal_low, marginal_high. The procedure is that of csranks 1.2.2: for each
cluster separate steps, and at each step the raw quantile of 20,000 draws. Simulated tables have
PISA's standard errors.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hubrank.ranking.rank_sets.rank_sets import RankSets, rank_sets

COVERAGE = 0.95
Floats = NDArray[np.float64]


def procedure(score: Floats, error: Floats, rng: np.random.Generator, draws: int = 20_000) -> RankSets:
    noise = rng.standard_normal((draws, len(score))) * error
    ranks = [_steps(cluster, score, error, noise) for cluster in range(len(score))]
    return RankSets(*np.array(ranks).T)


def _steps(cluster: int, score: Floats, error: Floats, noise: Floats) -> tuple[int, int]:
    others = np.delete(np.arange(len(score)), cluster)
    scale = np.hypot(error[cluster], error[others])
    lead = (score[cluster] - score[others]) / scale
    noise_lead = (noise[:, [cluster]] - noise[:, others]) / scale
    ahead, behind = np.zeros((2, len(others)), np.bool_)
    while not (ahead.all() and behind.all()):
        undecided = np.hstack([noise_lead[:, ~ahead], -noise_lead[:, ~behind]])
        limit = np.quantile(undecided.max(axis=1), COVERAGE)
        decided = (lead > limit) & ~ahead, (-lead > limit) & ~behind
        if not any(part.any() for part in decided):
            break
        ahead, behind = ahead | decided[0], behind | decided[1]
    return 1 + int(behind.sum()), len(score) - int(ahead.sum())


def agreement(one: RankSets, other: RankSets) -> str:
    difference = np.abs(np.concatenate([one.low - other.low, one.high - other.high]))
    return f"{(difference == 0).sum()} of {len(difference)} equal, at most {difference.max()} ranks apart"


def main(path: Path, tables: int) -> None:
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    score, error = (np.array([float(row[name]) for row in rows]) for name in ("estimate", "se"))
    published = RankSets(*(np.array([int(row[name]) for row in rows]) for name in ("marginal_low", "marginal_high")))
    rng = np.random.default_rng(7)
    for draws in (10_000, 400_000):
        ours = rank_sets(score, error**2, coverage=COVERAGE, draws=draws)
        print(f"the file and rank_sets, {draws:,} draws: {agreement(published, ours)}")
    for _ in range(6):
        print(f"the file and the procedure again: {agreement(published, procedure(score, error, rng))}")
    print("| table | the procedure again | rank_sets, 10,000 draws | 100,000 draws |\n|---|---|---|---|")
    for table in range(1, tables + 1):
        errors = rng.permutation(error)
        scores = np.sort(rng.normal(score.mean(), score.std(), len(score)))[::-1]
        one = procedure(scores, errors, rng)
        others = [procedure(scores, errors, rng)]
        others += [rank_sets(scores, errors**2, coverage=COVERAGE, draws=draws) for draws in (10_000, 100_000)]
        print(f"| {table} | {' | '.join(agreement(one, other) for other in others)} |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 14)
