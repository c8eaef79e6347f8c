"""Order out of numbers: a stateless hash, a sequence that fills the unit interval evenly, a permutation.

There is no random generator: record 17 is the same whether it is computed alone, in a block or in another
version of numpy, so that the world streams to disk and its bytes never change.
"""

import math

import numpy as np
from numpy.typing import NDArray

from hubrank.core.sphere import Floats, Ints

Words = NDArray[np.uint64]
_GOLDEN = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd
_U = np.uint64


def hashed(number: Ints, seed: int) -> Words:
    """Return a well-mixed uint64 for each number: splitmix64 (Steele, Lea & Flood 2014, OOPSLA, 453–472)."""
    start = (seed * 0xD1342543DE82EF95 + 1) % (1 << 64)
    with np.errstate(over="ignore"):
        z = np.asarray(number).astype(np.uint64) * _U(_GOLDEN) + _U(start)
        z = (z ^ (z >> _U(30))) * _U(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> _U(27))) * _U(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> _U(31)))


def unit_interval(words: Words) -> Floats:
    """Return float64 in [0, 1): the upper 53 bits."""
    return np.asarray((words >> _U(11)).astype(np.float64) * 2.0**-53)


def fraction(number: Ints, seed: int) -> Floats:
    """Return float64 in [0, 1) for each number, without any order."""
    return unit_interval(hashed(number, seed))


def even(number: Ints, start: Words) -> Floats:
    """Return float64 in [0, 1): consecutive numbers fill the interval as evenly as can be (Weyl's sequence)."""
    with np.errstate(over="ignore"):
        return unit_interval(np.asarray(number).astype(np.uint64) * _U(_GOLDEN) + start)


def stride(total: int) -> int:
    """Return a number coprime to `total` near its golden section: multiples of it modulo `total` visit all once."""
    step = max(1, int(total * 0.6180339887498949))
    while math.gcd(step, total) != 1:
        step += 1
    return step
