"""The results of the variants, as tables."""

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa

from hubrank.analysis.comparison.partitions import PARTITIONS_SCHEMA, partition_row
from hubrank.analysis.robustness.attribution import TOGETHER, Attribution
from hubrank.analysis.robustness.sweep import Outcome
from hubrank.analysis.robustness.variants import BASE, CHOICES, UNCHANGED, Variant
from hubrank.core.tables import schema
from hubrank.core.units import SHOWN_DECIMALS, half_even
from hubrank.ranking.scores import RankedClusters

VARIANTS_SCHEMA = schema(f"cluster_id text, variant text, {' text, '.join(CHOICES)} text, rank int?")
VARIANTS_KEY = ("cluster_id", "variant")

CHOICES_SCHEMA = schema("""
    choice text, moved int?, lost int?, largest_move int?, share_pct decimal(9,6)?, clusters int?
""")
CHOICES_KEY = ("choice",)


def variants_table(ranked: RankedClusters, variants: Sequence[Variant], outcomes: Sequence[Outcome]) -> pa.Table:
    """Return a table of VARIANTS_SCHEMA: one row per cluster and variant."""
    rows = [
        {"cluster_id": name.cluster_id, "variant": variant.name, **variant.levels, "rank": rank}
        for variant, outcome in zip(variants, outcomes, strict=True)
        for name, rank in zip(ranked.names, outcome.ranks, strict=True)
    ]
    return pa.Table.from_pylist(rows, VARIANTS_SCHEMA)


def partitions_table(ranked: RankedClusters, variants: Sequence[Variant], outcomes: Sequence[Outcome]) -> pa.Table:
    """Return a table of PARTITIONS_SCHEMA: one row per variant, the study itself left out."""
    rows = [
        partition_row(
            "variant",
            variant.name,
            outcome.clusters,
            (outcome.adjusted_rand, outcome.variation_bits),
            list(zip(ranked.rank, outcome.ranks, strict=True)),
        )
        for variant, outcome in zip(variants, outcomes, strict=True)
        if variant.name != BASE
    ]
    return pa.Table.from_pylist(rows, PARTITIONS_SCHEMA)


def choices_table(
    ranked: RankedClusters, variants: Sequence[Variant], outcomes: Sequence[Outcome], shares: Attribution | None
) -> pa.Table:
    """Return a table of CHOICES_SCHEMA, of choices that some variant replaces; shares where a fraction was run."""
    replaced = [choice for choice in CHOICES if any(each.levels[choice] != UNCHANGED for each in variants)]
    rows = [{"choice": choice, **_alone(ranked, choice, variants, outcomes)} for choice in replaced]
    if shares is not None:
        rows.append({"choice": TOGETHER})
        for row in rows:
            row |= {"share_pct": _percent(shares, str(row["choice"])), "clusters": shares.clusters}
    return pa.Table.from_pylist(rows, CHOICES_SCHEMA)


def _percent(shares: Attribution, choice: str) -> Decimal | None:
    if not shares.shares:
        return None
    share = 100 * shares.shares[choice]
    return half_even(share.numerator, share.denominator, SHOWN_DECIMALS)


def _alone(
    ranked: RankedClusters, choice: str, variants: Sequence[Variant], outcomes: Sequence[Outcome]
) -> dict[str, int]:
    """Say what replacing one choice alone does."""
    changed = [
        outcome.ranks
        for variant, outcome in zip(variants, outcomes, strict=True)
        if [key for key, level in variant.levels.items() if level != UNCHANGED] == [choice]
    ]
    columns = list(zip(*changed, strict=True)) or [()] * len(ranked.rank)
    moves = [max((abs(to - rank) for to in at if to is not None), default=0)
             for rank, at in zip(ranked.rank, columns, strict=True)]  # fmt: skip
    return {
        "moved": sum(move > 0 for move in moves),
        "lost": sum(None in column for column in columns),
        "largest_move": max(moves, default=0),
    }
