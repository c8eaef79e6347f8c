"""Confidence sets for ranks by a plain table of counts: exact, without draws."""

from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

from hubrank.core.errors import ArgumentError
from hubrank.core.sphere import Floats
from hubrank.ranking.rank_sets.rank_sets import RankSets


def rank_sets_multinomial(counts: ArrayLike, *, coverage: float = 0.9, simultaneous: bool = False) -> RankSets:
    """Return a confidence set for the rank of every category of a table of counts.

    Parameters
    ----------
    counts : int, shape (p,)
        How many of the independent records fell into each category; whole numbers, not negative.
    coverage : float
        Between 0 and 1. With at least what probability one set holds its true rank or, if `simultaneous`, all do at
        once. This holds for any number of records, the smallest included.
    simultaneous : bool
        False: each set by itself (marginal). True: all sets together.

    Returns
    -------
    RankSets
        low and high, int64, shape (p,), 1 the best.

    Raises
    ------
    ArgumentError (a StudyError and a ValueError)
        Naming the first count that is negative or no whole number. Fractional counts, and counts whose records come
        in clumps, are for `rank_sets`.

    Notes
    -----
    Of two categories, given the sum of their counts, the first is binomial with chance one half if their rates are
    equal. "j is not ahead of k" is rejected where so large a count of j is too unlikely, by Holm's stepwise bound over
    all pairs (simultaneous), or over those that touch one category (marginal). The same answer for records that
    are multinomial draws of a fixed total and for independent Poisson counts.

    References
    ----------
    Bazylik, Mogstad, Romano, Shaikh & Wilhelm (2021), "Finite- and large-sample inference for ranks using multinomial
    data with an application to ranking political parties", cemmap working paper CWP40/21. Holm (1979), Scandinavian
    Journal of Statistics 6, 65-70.
    """
    count = _checked(counts, coverage)
    surprise = _surprise(count)
    if simultaneous:
        ahead = _holm(surprise[np.newaxis], 1 - coverage)[0]
        return RankSets(low=1 + ahead.sum(axis=0), high=len(count) - ahead.sum(axis=1))
    families = np.stack([surprise, surprise.T], axis=1)
    rejected = _holm(families, 1 - coverage)
    return RankSets(low=1 + rejected[:, 1].sum(axis=1), high=len(count) - rejected[:, 0].sum(axis=1))


def _surprise(count: Floats) -> Floats:
    """Return P(at least count[j] of count[j] + count[k] fair coins) for every pair; infinite for j = k: not tested."""
    chance = betainc(np.maximum(count, 1)[:, None], count[None, :] + 1, 0.5)  # the binomial tail as a beta integral
    result: Floats = np.where(count[:, None] == 0, 1.0, chance)
    np.fill_diagonal(result, np.inf)
    return result


def _holm(surprise: Floats, alpha: float) -> NDArray[np.bool_]:
    """Return what Holm's procedure rejects within each first-axis family of p-values; infinite ones do not count."""
    flat = surprise.reshape(len(surprise), prod(surprise.shape[1:]))
    order = np.argsort(flat, axis=1, kind="stable")
    ordered = np.take_along_axis(flat, order, axis=1)
    tested = np.isfinite(ordered)
    left = np.maximum(tested.sum(axis=1, keepdims=True) - np.arange(flat.shape[1]), 1)
    passes = np.logical_and.accumulate(tested & (ordered <= alpha / left), axis=1)
    rejected = np.empty_like(passes)
    np.put_along_axis(rejected, order, passes, axis=1)
    return rejected.reshape(surprise.shape)


def _checked(counts: ArrayLike, coverage: float) -> Floats:
    count = np.asarray(counts, dtype=np.float64)
    if count.ndim != 1:
        raise ArgumentError(f"counts have shape {count.shape}; one whole number per category is expected.")
    wrong = np.flatnonzero(~((count >= 0) & (count == np.floor(count)) & np.isfinite(count)))
    if len(wrong):
        raise ArgumentError(
            f"counts[{wrong[0]}] is {count[wrong[0]]}, not a whole number of 0 or more. "
            "Give fractional counts to rank_sets, with their covariance."
        )
    if not 0 < coverage < 1:
        raise ArgumentError(f"coverage is {coverage}; it must lie between 0 and 1, such as 0.9.")
    return count
