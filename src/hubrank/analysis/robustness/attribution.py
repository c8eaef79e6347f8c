"""Which choice moves ranks most: exact shares of variance over a balanced set of variants (METHOD 13).

Choices have a few levels each, so their combinations can be run and their shares are sums of squares, not estimates;
Sobol indices are for weights, which are continuous (`weight_shares`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hubrank.analysis.robustness.variants import CHOICES, Variant

TOGETHER = "together"  # what choices move only in combination


@dataclass(frozen=True, slots=True)
class Attribution:
    """Shares of the variance of ranks.

    shares : per choice, and TOGETHER: exact, adding up to 1; empty where no rank moves.
    clusters : how many clusters it rests on: those in every variant.
    """

    shares: dict[str, Fraction]
    clusters: int


def attribution(variants: Sequence[Variant], ranks: Sequence[Sequence[int | None]]) -> Attribution:
    """Split the variance of ranks over the variants among the choices.

    variants : a balanced set, as `variants.fraction` makes it.
    ranks : per variant, the rank of each cluster, None where it is not there.
    The part of a choice is the sum of squares between the means of its levels, added up over clusters.
    """
    columns = [column for column in zip(*ranks, strict=True) if None not in column]
    squares = dict.fromkeys(CHOICES, Fraction())
    total = Fraction()
    for column in columns:
        whole = Fraction(sum(column) ** 2, len(column))
        total += sum(rank**2 for rank in column) - whole
        for choice in CHOICES:
            squares[choice] += _between(variants, column, choice) - whole
    if not total:
        return Attribution({}, len(columns))
    shares = {choice: part / total for choice, part in squares.items()}
    return Attribution({**shares, TOGETHER: 1 - sum(shares.values(), Fraction())}, len(columns))


def _between(variants: Sequence[Variant], column: Sequence[int], choice: str) -> Fraction:
    """Return the sum over levels of (sum of ranks)² / number of variants."""
    groups: dict[str, list[int]] = {}
    for variant, rank in zip(variants, column, strict=True):
        groups.setdefault(variant.levels[choice], []).append(rank)
    return sum((Fraction(sum(group) ** 2, len(group)) for group in groups.values()), Fraction())
