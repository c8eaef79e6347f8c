"""How much scores vary from one five years to another: their covariance, from what the records add up to.

The model. A full count has no sampling error of the usual kind; its years are taken as one draw of what the places
produce. The unit is the record, not the listing: the twelve inventors of one application come or stay away together.

- The records of a metric arrive independently and their number is itself a draw (Poisson). Then the units of a
  cluster vary by the sum of the squares of what each record gives it, and two clusters covary by the sum of the
  products: a record with authors in both is in both counts, or in neither.
- A score is a share of the world's units, and they vary too: a record anywhere else lowers every share. With the
  record as UNIT, share c and share d covary by (sum of products / world - UNIT x share c x share d) / world. This
  is also what redrawing the records at hand would give (the multinomial case where none is split).
- Where records weigh differently (by quality), the world's total varies by the sum of the squares of their weights,
  and with a cluster by what its records give it times what they weigh in all: share c and share d covary by
  (sum of products - share c x crossed d - share d x crossed c + share c x share d x sum of squares) / world squared.
- Metrics are independent of each other, and a score is their weighted sum.
- Records may come in clumps (families of applications, one grant's articles, a good year). Then counts vary more than
  independent records would. How much more, the years tell: see `overdispersion`.

What this leaves out: outlines, places and weights are as they are. Errors of locating, of the radius or of the
choice of metrics are no sampling error; the variants of the method show those.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hubrank.core.errors import ArgumentError
from hubrank.core.sphere import Floats

SPLIT = 10**9  # a square of units is split at this digit, so that either part sums up in 64 bits
COLLINEAR = 1e-20  # of two columns closer than that (squared, of their length) rounding is all that tells them apart
DRIFT = 2  # what a cluster's years are relieved of before they count as noise: its level and a steady drift


@dataclass(frozen=True, slots=True, eq=False)
class MetricSums:
    """What the records of one metric add up to, in exact integers.

    unit : what one located record weighs: 10**9, or 1 for a plain table of counts; see `crossed`.
    world : units of all located records of the metric, those in no cluster included.
    units : int, p of them. Per cluster, the sum over records of the units u that they give it.
    squares : int, p of them. Per cluster, the sum of u * u; Python integers: 64 bits do not hold them (`wide_sums`).
    products : {(c, d): int}. Per pair of clusters with common records, once, the sum of u_c * u_d.
    crossed : int, p of them, or None. Where records weigh differently: per cluster the sum of u * w, w being the units
        of the record wherever they are; `unit` is then the sum of w * w over all records, divided by `world`.
    excess : float, p of them, or None. How many times larger the variance is than independent records make it
        (`overdispersion`); None means 1.

    In SQL, over one row per record and cluster (u = units of that record there): `SUM(u)`, `SUM(u * u // 1000000000)`
    and `SUM(u * u % 1000000000)` by cluster; the latter two of `a.u * b.u` by pair in a join on the record.
    """

    unit: float
    world: int
    units: Sequence[int]
    squares: Sequence[int]
    products: Mapping[tuple[int, int], int]
    excess: ArrayLike | None = None
    crossed: Sequence[int] | None = None


def wide_sums(high: ArrayLike, low: ArrayLike) -> list[int]:
    """Join two columns of 64 bits into exact integers: high * 10**9 + low.

    high, low : int64, shape (n,). Sums of `x // 1000000000` and of `x % 1000000000`.
    """
    pairs = zip(np.asarray(high).tolist(), np.asarray(low).tolist(), strict=True)
    return [above * SPLIT + below for above, below in pairs]


def score_covariance(metrics: Sequence[MetricSums], weights: ArrayLike) -> Floats:
    """Return the covariance of the clusters' scores, in squared percentage points.

    Parameters
    ----------
    metrics : one MetricSums per metric, all for the same p clusters in the same order.
    weights : float, one per metric, not negative, not all 0. As in the score M x sum(w x share_pct) / sum(w) over
        the M metrics of positive weight.

    Returns
    -------
    float64, shape (p, p)
        Symmetric, positive semi-definite. A metric without any record adds nothing. The variance of a cluster
        without records is 0: what was never seen cannot be said to vary; of one with a single record it is what that
        record contributes, squared.

    Raises
    ------
    ArgumentError (a StudyError and a ValueError)
        Where lengths do not match, a weight is negative or all are 0.
    """
    weight = np.asarray(weights, dtype=np.float64)
    if len(weight) != len(metrics) or (weight < 0).any() or not weight.any():
        raise ArgumentError(
            f"weights are {weight.tolist()}; {len(metrics)} numbers of 0 or more are expected, one at least above 0."
        )
    factors = 100 * np.count_nonzero(weight) * weight / weight.sum()
    parts = [factor**2 * _share_covariance(metric) for factor, metric in zip(factors, metrics, strict=True)]
    return np.asarray(np.sum(parts, axis=0))


def overdispersion(yearly: ArrayLike, world: ArrayLike, squares: Sequence[int], *, unit: float) -> Floats:
    """Return how many times more a cluster's units vary than independent records would, judged by its years.

    Parameters
    ----------
    yearly : int64, shape (p, years). Units per cluster and year of the window.
    world : int64, shape (years,). Units of all located records per year.
    squares : int, p of them. Per cluster the sum of u * u over its records, as in `MetricSums`.
    unit : what one located record weighs.

    Returns
    -------
    float64, shape (p,)
        At least 1. All 1 where there are fewer than three years, or nothing but one cluster's worth of records.

    Notes
    -----
    Each cluster's years are compared with its share of the world's years, after a steady drift is taken out (a place
    that grows is not a noisy one). The squared rest, over what independent records would leave, is 1 on average
    without overdispersion. One cluster's handful of years says little, so all are pooled: excess = 1 + a + b x records
    with a, b >= 0 (a: clumps of records; b: good and bad years that move a place as a whole), fitted by weighted
    least squares (McCullagh & Nelder 1989, Generalized Linear Models, sections 4.5 and 9.2). What sets a place apart
    in all of its years alike is its rate, not noise: no window can tell the two apart.
    """
    counts, total = np.asarray(yearly, dtype=np.float64), np.asarray(world, dtype=np.float64)
    squared = np.array([float(square) for square in squares])
    units = counts.sum(axis=1)
    lively = (units > 0) & (squared > 0)
    years = np.count_nonzero(total > 0)
    if years <= DRIFT or not lively.any():
        return np.ones(len(counts))
    records = units / unit
    ratio = _rest(counts[lively], total, squared[lively] / units[lively]) / (years - DRIFT)
    clumps, swings = _pooled(ratio, records[lively])
    return np.asarray(1 + clumps + swings * records)


def _share_covariance(metric: MetricSums) -> Floats:
    """Return the covariance of the clusters' shares of one metric."""
    size = len(metric.units)
    if len(metric.squares) != size:
        raise ArgumentError(
            f"squares cover {len(metric.squares)} clusters and units {size}; both are required for each."
        )
    if not metric.world:
        return np.zeros((size, size))
    share = np.array([units / metric.world for units in metric.units])
    result = -metric.unit * np.outer(share, share)
    if metric.crossed is not None:
        crossed = np.array([each / metric.world for each in metric.crossed])
        result = -result - np.outer(share, crossed) - np.outer(crossed, share)
    result[np.diag_indices(size)] += [square / metric.world for square in metric.squares]
    one, other = _pairs(metric.products, size)
    shared = [product / metric.world for product in metric.products.values()]
    result[one, other] += shared
    result[other, one] += shared
    result /= metric.world
    np.fill_diagonal(result, np.maximum(np.diag(result), 0.0))
    if metric.excess is None:
        return result
    stretch = np.sqrt(np.asarray(metric.excess, dtype=np.float64))
    return np.asarray(result * np.outer(stretch, stretch))


def _pairs(products: Mapping[tuple[int, int], int], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the two sides of the pairs, each pair once."""
    sides = np.array(list(products), dtype=np.int64).reshape(-1, 2)
    sides.sort(axis=1)
    strange = (sides < 0) | (sides >= size) | (sides[:, :1] == sides[:, 1:])
    if strange.any() or len(np.unique(sides, axis=0)) < len(sides):
        raise ArgumentError(
            f"products name a pair twice, or one that is not two of the {size} clusters; each pair may occur once."
        )
    return sides[:, 0], sides[:, 1]


def _rest(counts: Floats, world: Floats, record: Floats) -> Floats:
    """Return each cluster's Pearson statistic over its years, a steady drift against the world taken out.

    record : what an average record of the cluster weighs, in units of variance per unit: sum of u * u / sum of u.
    """
    lit = world > 0
    part = world[lit] / world.sum()
    expected = counts[:, lit].sum(axis=1, keepdims=True) * part
    time = np.arange(np.count_nonzero(lit)) - (np.arange(np.count_nonzero(lit)) * part).sum()
    left = counts[:, lit] - expected
    drift = (left * time).sum(axis=1, keepdims=True) / (expected * time**2).sum(axis=1, keepdims=True)
    left = left - drift * expected * time
    result: Floats = (left**2 / (expected * record[:, None])).sum(axis=1)
    return result


def _pooled(ratio: Floats, records: Floats) -> tuple[float, float]:
    """Fit ratio = 1 + a + b x records with a, b >= 0, each cluster weighted by how sure its ratio is."""
    scale = records.max()
    fitted = np.ones_like(ratio)
    for _ in range(20):
        level, growth = _non_negative(1 / fitted, records / scale / fitted, (ratio - 1) / fitted)
        fitted = 1 + level + growth * records / scale
    return level, growth / scale


def _non_negative(one: Floats, other: Floats, target: Floats) -> tuple[float, float]:
    """Return a, b >= 0 that bring a x one + b x other closest to the target, by least squares.

    Summed in one order: a library's solver calls BLAS, whose last bits are another on another processor.
    """
    length = float((one * one).sum())
    slope = float((one * other).sum()) / length
    across = other - slope * one  # at right angles to `one`
    width = float((across * across).sum())
    if width > COLLINEAR * float((other * other).sum()):
        b = float((across * target).sum()) / width
        a = float((one * target).sum()) / length - slope * b
        if a >= 0 and b >= 0:
            return a, b
    toward = [float((each * target).sum()) for each in (one, other)]
    alone = [max(reach / float((each * each).sum()), 0.0) for reach, each in zip(toward, (one, other), strict=True)]
    return (alone[0], 0.0) if alone[0] * toward[0] >= alone[1] * toward[1] else (0.0, alone[1])
