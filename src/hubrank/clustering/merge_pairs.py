"""Which neighbouring clusters become one (METHOD 4)."""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int, int]
Link = tuple[int, int, int | Fraction | tuple[int, int]]


def _checked(pair: Pair, n_clusters: int, name: str, row: int) -> Pair:
    """Return a pair of labels, lower first; raise ValueError where it is none."""
    low, high = sorted((int(pair[0]), int(pair[1])))
    if not 0 <= low < high < n_clusters:
        expected = f"expected two of the labels 0 … {n_clusters - 1}"
        raise ValueError(f"{name} {row} joins {pair[0]} and {pair[1]}; {expected}.")
    return low, high


def merge_near(n_clusters: int, near: Iterable[Pair]) -> NDArray[np.int32]:
    """Join clusters that a chain of near pairs connects.

    near : pairs of labels, in any order.
    Returns int32, shape (n_clusters,): the group of each cluster, numbered by its lowest label.
    Raises ValueError naming the first pair that is not two of the labels.
    """
    root = list(range(n_clusters))

    def find(label: int) -> int:
        while root[label] != label:
            root[label] = root[root[label]]
            label = root[label]
        return label

    for row, pair in enumerate(near):
        low, high = sorted(map(find, _checked(pair, n_clusters, "pair", row)))
        root[high] = low
    number = {label: i for i, label in enumerate(sorted({find(label) for label in range(n_clusters)}))}
    return np.array([number[find(label)] for label in range(n_clusters)], np.int32)


def _exact(strength: object, row: int) -> Fraction:
    """Return a strength as a fraction; floats are refused, they cannot be compared exactly."""
    if isinstance(strength, tuple):
        return Fraction(*map(int, strength))
    if isinstance(strength, (int, np.integer, Fraction)):
        return Fraction(strength if isinstance(strength, Fraction) else int(strength))
    raise ValueError(f"link {row} has strength {strength!r}; expected a whole number or (numerator, denominator).")


def _partners(n_clusters: int, links: Iterable[Link]) -> dict[int, int]:
    """Return the strongest partner of each cluster that has any; ties: the lower label."""
    strength: dict[Pair, Fraction] = {}
    for row, (a, b, value) in enumerate(links):
        pair = _checked((a, b), n_clusters, "link", row)
        strength[pair] = strength.get(pair, Fraction(0)) + _exact(value, row)
    best: dict[int, tuple[Fraction, int]] = {}
    for (a, b), value in strength.items():
        for one, other in ((a, b), (b, a)):
            if value > 0:
                best[one] = max(best.get(one, (Fraction(0), 0)), (value, -other))
    return {one: -other for one, (_, other) in best.items()}


def merge_strongest(n_clusters: int, near: Iterable[Pair], links: Iterable[Link]) -> NDArray[np.int32]:
    """Join near pairs of which each is the other's strongest partner: all at once, in one round.

    near : pairs of labels within the gap, in any order.
    links : (a, b, strength) between any two clusters, near or not; strengths are whole numbers, fractions or
        (numerator, denominator); those of one pair add up. A partner is sought among all clusters; ties: lower label.
        Where no link has a strength above 0, distance alone decides, as in `merge_near`.
    Returns int32, shape (n_clusters,): the group of each cluster, numbered by its lowest label.
    Raises ValueError naming the first pair or link that is not two of the labels, or whose strength is a float.
    """
    partner = _partners(n_clusters, links)
    if not partner:
        return merge_near(n_clusters, near)
    return merge_near(n_clusters, ((a, b) for a, b in near if partner.get(int(a)) == b and partner.get(int(b)) == a))
