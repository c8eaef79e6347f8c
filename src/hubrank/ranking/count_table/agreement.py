"""Ranks, shares and scores of a table compared with those of its counts."""

import re
from dataclasses import dataclass
from typing import Any

from hubrank.core.units import half_even
from hubrank.ranking.count_table import numbers
from hubrank.ranking.count_table.cells import Cells
from hubrank.ranking.count_table.ranked import Counts, Ranked

RANK, SCORE = "rank", "score_pct"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that disagrees: as the table prints it, and as its counts give it."""

    cluster: str
    column: str
    printed: str
    computed: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many ranks and printed cells (shares and scores) a table carries, and which of them disagree."""

    ranks: int
    cells: int
    differences: list[Difference]

    def agreeing(self, *, ranks: bool) -> int:
        """Return how many ranks, or how many cells, agree."""
        wrong = sum((difference.column == RANK) == ranks for difference in self.differences)
        return (self.ranks if ranks else self.cells) - wrong


def agreement(table: Cells, counts: Counts, ranked: Ranked) -> Agreement:
    """Compare the columns rank, score_pct and <metric>_share_pct of a table with what its counts give.

    A cell is compared at the decimals that it is written with, rounded half to even; empty cells are passed over.
    """
    ranks = cells = 0
    differences = []
    for row, cluster in enumerate(counts.labels[numbers.CLUSTER]):
        for column, exact in _expected(counts, ranked, row).items():
            text = _printed(table, column, row)
            if not text:
                continue
            ranks, cells = ranks + (column == RANK), cells + (column != RANK)
            printed = half_even(*exact, _decimals(text))
            if numbers.number(text) != printed:
                differences.append(Difference(cluster, column, text, str(printed)))
    return Agreement(ranks, cells, differences)


def _printed(table: Cells, column: str, row: int) -> str:
    cell = table.columns[column][row] if column in table.columns else None
    return "" if cell is None else str(cell)


def _expected(counts: Counts, ranked: Ranked, row: int) -> dict[str, tuple[int, int]]:
    """Return the exact value of each column as numerator and denominator."""
    expected = {RANK: (ranked.rank[row], 1), SCORE: (ranked.scores.numerators[row], ranked.scores.denominator)}
    for metric, whole, total in zip(counts.metrics, counts.whole, counts.totals, strict=True):
        if total:
            expected[f"{metric}_share_pct"] = (100 * whole[row], total)
    return expected


def _decimals(text: str) -> int:
    """Return how many decimals are written, trailing zeros among them."""
    return len(text.partition(".")[2]) if re.fullmatch(r"-?\d+\.\d+", text) else 0


def as_json(agreed: Agreement) -> dict[str, Any]:
    """Return an agreement as JSON values."""
    wrong = [{name: getattr(d, name) for name in Difference.__slots__} for d in agreed.differences]
    return {
        "ranks": agreed.ranks,
        "ranks_agreeing": agreed.agreeing(ranks=True),
        "cells": agreed.cells,
        "cells_agreeing": agreed.agreeing(ranks=False),
        "differences": wrong,
    }
