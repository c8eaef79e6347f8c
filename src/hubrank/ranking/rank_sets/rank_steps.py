"""Which clusters are surely ahead of which: pairwise hypotheses, dropped step by step."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import Floats
from hubrank.ranking.rank_sets.rank_draws import GaussianDraws, critical_values, peaks

Bools = NDArray[np.bool_]

CERTAIN = 1e-12  # a difference whose variance is a smaller part of its two variances does not vary: rounding is left


class Trial(NamedTuple):
    """What is decided of each pair (i, j), in the family of i.

    ahead : bool, shape (p, p). i is ahead of j.
    behind : bool, shape (p, p). i is behind j.
    """

    ahead: Bools
    behind: Bools


def stepwise(score: Floats, covariance: Floats, draws: GaussianDraws, *, coverage: float, together: bool) -> Trial:
    """Drop the hypotheses "i is not ahead of j" until a round drops none.

    score : float64, shape (p,).
    covariance : float64, shape (p, p), or (p,) for independent scores; `draws` come from it.
    coverage : the probability that nothing true is dropped within a family.
    together : True: all pairs are one family, each tested at (i, j) with i < j only. False: the pairs of each i are its
        own family.
    Source: Romano & Wolf (2005), Econometrica 73, 1237–1282, for the steps; Mogstad, Romano, Shaikh & Wilhelm (2024)
    for the families.
    """
    scale = _scale(covariance)
    size = len(score)
    family = np.zeros(size, dtype=np.int64) if together else np.arange(size)
    certain = np.isinf(scale)
    gap = score[:, None] - score[None, :]
    lead = gap * np.where(certain, 1.0, scale)
    others = np.triu(np.ones((size, size), dtype=np.bool_), k=1) if together else ~np.eye(size, dtype=np.bool_)
    tested = ~certain & others
    trial = Trial(ahead=certain & (gap > 0), behind=certain & (gap < 0))
    news = np.ones(size, dtype=np.bool_)
    while (active := news & (sides := _sides(tested, trial)).any(axis=1)).any():
        limit = _limits(draws, scale, sides, family, active, coverage)[:, None]
        rejected = Trial(tested & (lead > limit) & ~trial.ahead, tested & (-lead > limit) & ~trial.behind)
        trial = Trial(trial.ahead | rejected.ahead, trial.behind | rejected.behind)
        news = np.asarray((rejected.ahead | rejected.behind).any(axis=1))
        news |= together and bool(news.any())
    return trial


def margins(covariance: Floats, draws: GaussianDraws, *, coverage: float) -> Floats:
    """Return float64, shape (p, p): by how much j must be ahead of i, in the family of i, to be surely ahead.

    The margins hold for any scores that vary so: they are those of the first step of `stepwise`, before any hypothesis
    is dropped. Two scores that do not vary against each other have the margin 0.
    """
    scale = _scale(covariance)
    size = len(scale)
    certain = np.isinf(scale)
    sides = np.where(certain | np.eye(size, dtype=np.bool_), 0, 3).astype(np.int8)
    families = np.arange(size)
    limit = _limits(draws, scale, sides, families, np.asarray(sides.any(axis=1)), coverage)
    return np.where(certain, 0.0, np.where(np.isfinite(limit), limit, 0.0)[:, None] / scale)


def _scale(cover: Floats) -> Floats:
    """Return 1 / standard deviation of every difference; infinite where a difference does not vary."""
    variance = cover if cover.ndim == 1 else np.diag(cover)
    both = variance[:, None] + variance[None, :]
    squared = both if cover.ndim == 1 else both - 2 * cover
    varies = squared > CERTAIN * both
    return np.where(varies, 1 / np.sqrt(np.where(varies, squared, 1.0)), np.inf)


def _sides(tested: Bools, trial: Trial) -> NDArray[np.int8]:
    """Return which hypotheses still stand, coded for `peaks`: 1 "not ahead", 2 "not behind", 3 both, 0 neither."""
    return (tested & ~trial.ahead).astype(np.int8) + 2 * (tested & ~trial.behind).astype(np.int8)


def _limits(
    draws: GaussianDraws,
    scale: Floats,
    sides: NDArray[np.int8],
    family: NDArray[np.int64],
    active: Bools,
    coverage: float,
) -> Floats:
    """Return each row's critical value; infinite for rows whose family has come to rest."""
    limit = np.full(len(active), np.inf)
    dense = np.unique(family[active], return_inverse=True)[1]
    families = np.full(len(active), -1)
    families[active] = dense
    limit[active] = critical_values(peaks(draws.values, scale, sides, families), draws, coverage)[dense]
    return limit
