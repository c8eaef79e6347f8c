"""Confidence sets for ranks, not percentiles of bootstrapped ranks.

A percentile interval of redrawn ranks fails near ties: redrawing scatters tied clusters over each other's ranks and
away from their true one. These sets test instead, pair by pair, which clusters are surely ahead.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hubrank.core.compiled import ready
from hubrank.core.errors import ArgumentError
from hubrank.core.progress import Progress
from hubrank.core.sphere import Floats
from hubrank.ranking.rank_sets.rank_draws import gaussian_draws
from hubrank.ranking.rank_sets.rank_steps import Trial, margins, stepwise


class RankSets(NamedTuple):
    """The best and the worst rank in the confidence set of each cluster; 1 is the best.

    low : int64, shape (p,). The best rank of the set.
    high : int64, shape (p,). The worst rank of the set.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]


def rank_sets(
    scores: ArrayLike,
    covariance: ArrayLike,
    *,
    coverage: float = 0.9,
    simultaneous: bool = False,
    draws: int = 10_000,
    seed: int = 0,
) -> RankSets:
    """Return a confidence set for the rank of every cluster.

    Parameters
    ----------
    scores : float, shape (p,)
        The larger, the better.
    covariance : float, shape (p, p) or (p,)
        The covariance of the scores, or their variances where they are independent.
    coverage : float
        Between 0 and 1. With what probability one set holds its true rank or, if `simultaneous`, all do at once.
    simultaneous : bool
        False: each set by itself (marginal). True: all sets together.
    draws, seed : int
        Of the Gaussian bootstrap. Equal seeds give equal sets on any number of threads, and the order of
        the rows changes nothing (save which of two rows of equal score and variance is drawn first).

    Returns
    -------
    RankSets
        low and high, int64, shape (p,), 1 the best.

    Raises
    ------
    ArgumentError (a StudyError and a ValueError)
        Naming what cannot be used: a score that is not a number, a negative variance, a matrix of the wrong shape.

    Notes
    -----
    For each pair the hypothesis "i is not ahead of j" is dropped where the difference of scores exceeds the critical
    value times its standard deviation. The critical value is the quantile of the largest standardised difference among
    the hypotheses still standing (all those that touch one cluster; or all), drawn anew until no more are dropped.
    A cluster's set reaches from 1 + (clusters surely ahead of it) to p − (clusters it is surely ahead of).

    One cluster has the set 1–1. Where all scores are equal every set is 1–p. Scores that do not vary against each other
    are compared as they stand, without any draw; where they are equal too, both ranks stay in both sets.

    References
    ----------
    Mogstad, Romano, Shaikh & Wilhelm (2024), "Inference for ranks with applications to mobility across neighbourhoods
    and academic achievement across countries", Review of Economic Studies 91(1), 476–518, doi 10.1093/restud/rdad006.
    """
    if simultaneous:
        return sets_from(surely_ahead(scores, covariance, coverage=coverage, draws=draws, seed=seed))
    order, trial = _sorted_trial(scores, covariance, coverage, draws, seed, together=False)
    return _in_input_order(order, trial.behind.sum(axis=1), trial.ahead.sum(axis=1))


def surely_ahead(
    scores: ArrayLike, covariance: ArrayLike, *, coverage: float = 0.9, draws: int = 10_000, seed: int = 0
) -> NDArray[np.bool_]:
    """Return which clusters are surely ahead of which, all pairs at once.

    Parameters and errors are those of `rank_sets`.
    Returns bool, shape (p, p): [i, j] is True where i is ahead of j. With probability `coverage` no entry is wrong.
    """
    order, trial = _sorted_trial(scores, covariance, coverage, draws, seed, together=True)
    ahead = np.empty_like(trial.ahead)
    ahead[np.ix_(order, order)] = trial.ahead
    return ahead


def rank_margins(
    scores: ArrayLike, covariance: ArrayLike, *, coverage: float = 0.9, draws: int = 10_000, seed: int = 0
) -> Floats:
    """Return by how much the score of j must be above that of i for j to be surely ahead, with `coverage` for each i.

    Parameters and errors are those of `rank_sets`; the margins do not depend on the scores, which only order them.
    Returns float64, shape (p, p).
    """
    order, score, cover = _sorted(scores, covariance, coverage, draws)
    result = np.empty((len(score), len(score)))
    result[np.ix_(order, order)] = margins(cover, gaussian_draws(cover, draws=draws, seed=seed), coverage=coverage)
    return result


def sets_from(ahead: NDArray[np.bool_]) -> RankSets:
    """Return the rank sets that follow from which clusters are surely ahead of which.

    ahead : bool, shape (p, p). As `surely_ahead` returns it; the sets are then simultaneous.
    """
    return RankSets(low=1 + ahead.sum(axis=0), high=len(ahead) - ahead.sum(axis=1))


def possible_top(simultaneous: RankSets, k: int) -> NDArray[np.bool_]:
    """Return which clusters may be among the best `k`.

    simultaneous : simultaneous rank sets; with their coverage the answer holds every true member of the best k.
    k : at least 1.
    Returns bool, shape (p,).
    Raises ValueError where k is below 1.
    Source: the projection set for the τ-best of Mogstad, Romano, Shaikh & Wilhelm (2024), section 3.3.
    """
    if k < 1:
        raise ArgumentError(f"k is {k}; expected 1 or more.")
    return simultaneous.low <= k


def tied_with_next(scores: ArrayLike, ahead: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each cluster is statistically indistinguishable from the one right below it.

    scores : float, shape (p,). ahead : bool, shape (p, p), as `surely_ahead` returns it.
    Returns bool, shape (p,), in the order of `scores`; False for the last. Equal scores stay in the order of the input.
    """
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    tied = np.zeros(len(order), dtype=np.bool_)
    tied[order[:-1]] = ~ahead[order[:-1], order[1:]]
    return tied


def indistinct_runs(scores: ArrayLike, ahead: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the groups of neighbours of which none is surely ahead of another.

    scores : float, shape (p,). ahead : bool, shape (p, p), as `surely_ahead` returns it.
    Returns first and last rank of each group of two or more that no neighbour can join; groups may overlap.
    """
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    apart = ahead[np.ix_(order, order)]
    runs: list[tuple[int, int]] = []
    first = 0
    for last in range(1, len(order) + 1):
        if last < len(order) and not apart[first:last, last].any():
            continue
        if last - first > 1:
            runs.append((first + 1, last))
        if last < len(order):
            first = int(np.flatnonzero(apart[first:last, last])[-1]) + first + 1
    return runs


def _in_input_order(order: NDArray[np.int64], behind: NDArray[np.int64], ahead: NDArray[np.int64]) -> RankSets:
    low, high = np.empty_like(behind), np.empty_like(ahead)
    low[order] = 1 + behind
    high[order] = len(order) - ahead
    return RankSets(low, high)


def _sorted_trial(
    scores: ArrayLike, covariance: ArrayLike, coverage: float, draws: int, seed: int, *, together: bool
) -> tuple[NDArray[np.int64], Trial]:
    """Test the pairs in descending order of score, so that the order of the clusters does not matter."""
    order, score, cover = _sorted(scores, covariance, coverage, draws)
    sample = gaussian_draws(cover, draws=draws, seed=seed)
    return order, stepwise(score, cover, sample, coverage=coverage, together=together)


def _sorted(
    scores: ArrayLike, covariance: ArrayLike, coverage: float, draws: int
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the descending order of scores, and scores and covariance in that order."""
    score, cover = _checked(scores, covariance, coverage, draws)
    variance = cover if cover.ndim == 1 else np.diag(cover)
    order = np.lexsort((variance, -score))
    return order, score[order], cover[order] if cover.ndim == 1 else cover[np.ix_(order, order)]


def _checked(scores: ArrayLike, covariance: ArrayLike, coverage: float, draws: int) -> tuple[Floats, Floats]:
    """Return scores and covariance as arrays that can be used."""
    score, cover = np.asarray(scores, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    if score.ndim != 1:
        raise ArgumentError(f"scores have shape {score.shape}; one number per cluster is expected.")
    if cover.shape not in {score.shape, 2 * score.shape}:
        raise ArgumentError(
            f"covariance has shape {cover.shape}; for {len(score)} scores it is ({len(score)}, {len(score)}), "
            f"or ({len(score)},) for the variances of independent scores."
        )
    for name, values in {"scores": score, "covariance": cover}.items():
        if not np.isfinite(values).all():
            row = np.argwhere(~np.isfinite(values))[0]
            raise ArgumentError(f"{name}[{', '.join(map(str, row))}] is {values[tuple(row)]}, not a finite number.")
    _check_variances(cover)
    if not 0 < coverage < 1:
        raise ArgumentError(f"coverage is {coverage}; it must lie between 0 and 1, such as 0.9.")
    if draws < 1:
        raise ArgumentError(f"draws is {draws}; at least 1 is needed, and 10,000 give stable sets.")
    return score, cover


def _check_variances(cover: Floats) -> None:
    variance = cover if cover.ndim == 1 else np.diag(cover)
    if (variance < 0).any():
        row = int(np.flatnonzero(variance < 0)[0])
        raise ArgumentError(f"the variance of score {row} is {variance[row]}; it cannot be negative.")
    if cover.ndim == 2 and not np.allclose(cover, cover.T, rtol=1e-9, atol=1e-12 * variance.max(initial=0)):
        row, column = (int(x) for x in np.argwhere(~np.isclose(cover, cover.T, rtol=1e-9))[0])
        raise ArgumentError(
            f"covariance[{row}, {column}] is {cover[row, column]} and covariance[{column}, {row}] is "
            f"{cover[column, row]}; a covariance is symmetric."
        )


def compiled() -> bool:
    """Say whether the rank sets are machine code already."""
    return ready(*(f"{__package__}.{name}" for name in ("rank_draws", "rank_roots", "rank_steps")))


def prepare(progress: Progress) -> None:
    """Compile the rank sets where they are not compiled yet, and say so; a later run loads the machine code."""
    if not compiled():
        progress("compiling the rank sets, this once (about 10 s)", 0, 1)
        scores = np.array([3.0, 2.0, 1.0])
        surely_ahead(scores, np.eye(3))
        rank_sets(scores, np.eye(3))
