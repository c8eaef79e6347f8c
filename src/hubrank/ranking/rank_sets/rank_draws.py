"""Gaussian draws of scores, and how far their differences reach: the arithmetic under `rank_sets`.

Every number is summed in one fixed order, so the draws are the same bytes whatever the number of threads.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtr, chdtri

from hubrank.core.compiled import kernel, part
from hubrank.core.processes import cores
from hubrank.core.sphere import Floats
from hubrank.ranking.rank_sets.rank_roots import root_of

Item = TypeVar("Item")
Result = TypeVar("Result")

BLOCK = 512  # draws at a time: 300 clusters of them fit the second-level cache of current processors
GRID = 4096  # points at which the distribution of a draw's length is tabulated; between them it is a straight line
BEYOND = 1e-12  # the probability left out on either side of that table
THIN = 8  # every eighth draw gives a good start for the search of a critical value
MOST = 30  # Newton's steps; three to five do, unless there are but a few draws
STEADY = 1e-7  # a critical value that moves less than this part of itself is final
FEW = 16  # scores, of which one thread draws sooner than others start: most economies have no more clusters


class GaussianDraws(NamedTuple):
    """Gaussian draws, and the standard normals behind them in short.

    values : float64, each of shape (p, BLOCK) or, the last, less. The draws, block by block; one row per score.
    length : float64, shape (draws,). The length of the vector of standard normals behind each draw.
    rank : of the covariance, which is how many standard normals stand behind each draw.
    """

    values: list[Floats]
    length: Floats
    rank: int


def gaussian_draws(covariance: Floats, *, draws: int, seed: int) -> GaussianDraws:
    """Draw from the Gaussian of mean 0 and this covariance, singular ones included.

    covariance : float64, shape (p, p), symmetric; or shape (p,), the variances of independent scores.
    Every block has its separate random stream, so the first 10,000 of 20,000 draws are those of 10,000.
    Raises ValueError where the matrix is no covariance (a combination of scores would vary by less than nothing).
    """
    deviation = np.sqrt(covariance if covariance.ndim == 1 else np.diag(covariance))
    root, pivot, rank = root_of(covariance, deviation)
    starts = range(0, draws, BLOCK)
    streams = np.random.SeedSequence(seed).spawn(len(starts))

    def block(start: int) -> tuple[Floats, Floats]:
        """Return the draws from `start` on, and the lengths of the normal vectors that they come from."""
        shape = (len(deviation), min(BLOCK, draws - start))
        noise = np.random.default_rng(streams[start // BLOCK]).standard_normal(shape)
        used = noise[np.sort(pivot[:rank])]
        values = deviation[:, None] * noise if covariance.ndim == 1 else np.zeros(shape)
        if covariance.ndim > 1:
            _mix(root, pivot, noise, deviation, values)
        return values, np.sqrt((used * used).sum(axis=0))

    blocks = _in_threads(block, starts, len(deviation))
    return GaussianDraws([values for values, _ in blocks], np.concatenate([length for _, length in blocks]), rank)


def peaks(values: list[Floats], scale: Floats, sides: NDArray[np.int8], family: NDArray[np.int64]) -> Floats:
    """Return the largest standardised difference of each draw, within each family of pairs.

    values : as in `GaussianDraws`.
    scale : float64, shape (p, p). 1 / standard deviation of each difference.
    sides : int8, shape (p, p). What counts of row i - row j: 0 nothing, 1 itself, 2 its negative, 3 its size.
    family : int64, shape (p,). To which family, from 0, the pairs (i, any) belong; -1 leaves them out.
    Returns float64, shape (families, draws); -inf where a family has no pair.
    """
    families = family.max(initial=-1) + 1

    def highest(block: Floats) -> Floats:
        peak = np.full((families, block.shape[1]), -np.inf)
        _raise_all(block, scale, sides, family, peak, np.empty(block.shape[1]))
        return peak

    return np.concatenate(_in_threads(highest, values, len(scale)), axis=1)


def critical_values(peak: Floats, draws: GaussianDraws, coverage: float) -> Floats:
    """Return the `coverage` quantile of the peaks of each family.

    peak : float64, shape (families, draws), the peaks of `draws`.

    A Gaussian draw is a direction times an independent length, and its peak grows with the length. So of each draw
    the direction alone is taken and the length, of known distribution (chi), is averaged over exactly: on 38 clusters
    the value is as steady as with four to seven times as many draws (Rao-Blackwell). A quantile below 0,
    as a coverage under one half can have, becomes 0: no cluster is ahead of a cluster of higher score.
    """
    limit: Floats = np.quantile(peak[:, ::THIN], coverage, axis=1)
    backward = limit <= 0
    if backward.any():
        limit[backward] = np.maximum(np.quantile(peak[backward], coverage, axis=1), 0)
    start, stop = np.sqrt(chdtri(draws.rank, [1 - BEYOND, BEYOND]))
    table = chdtr(draws.rank, np.linspace(start, stop, GRID) ** 2)
    step = (stop - start) / (GRID - 1)

    def smooth(row: int) -> float:
        reach = np.where(peak[row] > 0, draws.length / np.where(peak[row] > 0, peak[row] * step, 1.0), np.inf)
        return float(_smooth(reach, limit[row], coverage, table, start / step))

    return np.array(_in_threads(smooth, range(len(peak)), len(peak)))


def _in_threads(work: Callable[[Item], Result], items: Iterable[Item], scores: int) -> list[Result]:
    """Do the work on each, in order, on as many threads as there are processors; on one where scores are few."""
    if scores < FEW:
        return [work(item) for item in items]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, items))


@kernel
def _smooth(
    cells: Floats, limit: float, coverage: float, table: Floats, first: float
) -> float:  # pragma: no cover - compiled
    """Move the limit, by Newton's steps, to where the mean of P(length x direction <= limit) is `coverage`."""
    last = 0.0
    for _ in range(MOST):
        if limit <= 0 or abs(limit - last) <= STEADY * limit:
            break
        last = limit
        reached, slope = _reached(cells, last, table, first)
        if slope > 0:
            limit = max(last + (coverage - reached) / slope, last / 2)
    return limit


@part
def _reached(
    cells: Floats, limit: float, table: Floats, first: float
) -> tuple[float, float]:  # pragma: no cover - compiled
    """Return P(peak <= limit) and its slope, the length of each draw being averaged over.

    cells : how many cells of the table a limit of 1 reaches, for each draw; `first` of them lie before the table.
    """
    reached, slope = 0.0, 0.0
    for draw in range(len(cells)):
        place = limit * cells[draw] - first
        if place >= len(table) - 1:
            reached += 1.0
        elif place > 0:
            cell = int(place)
            rise = table[cell + 1] - table[cell]
            reached += table[cell] + (place - cell) * rise
            slope += rise * cells[draw]
    return reached / len(cells), slope / len(cells)


@kernel
def _mix(
    root: Floats, pivot: NDArray[np.int64], noise: Floats, deviation: Floats, values: Floats
) -> None:  # pragma: no cover - compiled
    """Add deviation x root @ noise to the values, column by column in a fixed order."""
    for row in range(len(root)):
        target = values[pivot[row]]
        for column in range(row + 1):
            factor = root[row, column] * deviation[pivot[row]]
            if factor != 0.0:
                source = noise[pivot[column]]
                for draw in range(len(target)):
                    target[draw] += factor * source[draw]


@kernel
def _raise_all(
    values: Floats, scale: Floats, sides: NDArray[np.int8], family: NDArray[np.int64], peak: Floats, spare: Floats
) -> None:  # pragma: no cover - compiled
    for first in range(len(values)):
        if family[first] >= 0:
            top, higher = peak[family[first]], spare
            for second in range(len(values)):
                if sides[first, second]:
                    _raise(top, higher, values[first], values[second], scale[first, second], sides[first, second])
                    top, higher = higher, top
            for draw in range(len(top)):
                peak[family[first], draw] = top[draw]


@part
def _raise(
    top: Floats, higher: Floats, one: Floats, other: Floats, scale: float, side: int
) -> None:  # pragma: no cover - compiled
    """Write the higher of `top` and the difference: itself (1), its negative (2), or its size (3).

    Written in place, LLVM would store only what changes, which takes some processors three times as long.
    """
    if side == 3:
        for draw in range(len(top)):
            reach = abs((one[draw] - other[draw]) * scale)
            higher[draw] = reach if reach > top[draw] else top[draw]  # noqa: FURB136 (max() minds NaN: half the speed)
    else:
        signed = scale if side == 1 else -scale
        for draw in range(len(top)):
            reach = (one[draw] - other[draw]) * signed
            higher[draw] = reach if reach > top[draw] else top[draw]  # noqa: FURB136 (the same)
