"""How alike two ways of grouping the same listings are: adjusted Rand index, variation of information (METHOD 13).

What lies in no cluster of either grouping is left out; what lies in no cluster of one of them is one group there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import fsum, log2
from typing import Any

import numpy as np

from hubrank.analysis.comparison.cluster_area import labels_on
from hubrank.clustering.dbscan.dbscan import NOISE
from hubrank.clustering.density import Labels
from hubrank.core.sphere import Ints
from hubrank.core.tables import schema
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.ranking.scores import ScoredClusters


@dataclass(frozen=True, slots=True)
class PartitionOverlap:
    """How many listings two groupings have in each pair of groups.

    cells : listings by (group of the first, group of the second), NOISE for none; never both NOISE.
    """

    cells: dict[tuple[int, int], int]

    @classmethod
    def of(cls, first: Labels, second: Labels, listings: Ints) -> "PartitionOverlap":
        """Count listings. first, second : int32, shape (n,), labels; listings : int64, shape (n,), not negative."""
        either = ((first != NOISE) | (second != NOISE)) & (listings > 0)
        pairs = np.column_stack([first[either], second[either]]).astype(np.int64)
        groups, row = np.unique(pairs, axis=0, return_inverse=True)
        sums = np.zeros(len(groups), np.int64)
        np.add.at(sums, row.ravel(), listings[either])
        return cls({(a, b): n for (a, b), n in zip(groups.tolist(), sums.tolist(), strict=True)})

    @property
    def adjusted_rand(self) -> Decimal:
        """Hubert & Arabie (1985): 1 where they are the same, 0 as by chance; at 6 decimals, half to even."""
        first, second = self._margins()
        both = _pairs(self.cells.values())
        one, other, every = _pairs(first.values()), _pairs(second.values()), _pairs([sum(self.cells.values())])
        if not every:
            return Decimal(1)
        expected = Fraction(one * other, every)
        most = Fraction(one + other, 2)
        value = Fraction(1) if most == expected else (both - expected) / (most - expected)
        return half_even(value.numerator, value.denominator, SHOWN_DECIMALS)

    @property
    def variation_bits(self) -> Decimal:
        """Meilă (2007): bits to learn one grouping from the other, and the other from the one; 0 where the same."""
        first, second = self._margins()
        total = sum(self.cells.values())
        terms = (
            n / total * (log2(first[a] / n) + log2(second[b] / n)) for (a, b), n in sorted(self.cells.items()) if n
        )
        return Decimal(f"{abs(fsum(terms)):.6f}")

    def _margins(self) -> tuple[dict[int, int], dict[int, int]]:
        margins: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for groups, n in self.cells.items():
            for margin, group in zip(margins, groups, strict=True):
                margin[group] = margin.get(group, 0) + n
        return margins


def partition_overlap(clusters: ScoredClusters, other: ScoredClusters, other_km: float) -> PartitionOverlap:
    """Compare clusters with others by the listings of the former: in which cluster, and in whose area, each lies.

    other_km : the radius of the others.
    """
    area = labels_on(clusters.sites, other, other_km)
    return PartitionOverlap.of(clusters.label, area, clusters.sites.listings.sum(axis=0))


PARTITIONS_SCHEMA = schema("""
    kind text, compared_with text, clusters int, adjusted_rand decimal(9,6), variation_bits decimal(9,6), moved int,
    lost int, largest_move int
""")
PARTITIONS_KEY = ("kind", "compared_with")


def partition_row(
    kind: str, name: str, clusters: int, alike: tuple[Decimal, Decimal], moves: Sequence[tuple[int, int | None]]
) -> dict[str, Any]:
    """Return a row of PARTITIONS_SCHEMA.

    kind : "variant" of the method, or "edition" before; clusters : how many the other has.
    alike : adjusted Rand index and variation of information; moves : per cluster, its rank and that in the other.
    """
    followed = [abs(other - rank) for rank, other in moves if other is not None]
    return {
        "kind": kind,
        "compared_with": name,
        "clusters": clusters,
        "adjusted_rand": alike[0],
        "variation_bits": alike[1],
        "moved": sum(move > 0 for move in followed),
        "lost": len(moves) - len(followed),
        "largest_move": max(followed, default=0),
    }


def _pairs(counts: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts)
