"""A table that carries ranks, shares and scores already, held against what its counts give."""

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
    """One cell that does not come out: what the table says, and what its counts give."""

    cluster: str
    column: str
    printed: str
    computed: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many ranks and printed cells (shares and scores) a table carries, and which of them do not come out."""

    ranks: int
    cells: int
    differences: list[Difference]

    def agreeing(self, *, ranks: bool) -> int:
        """Return how many ranks, or how many cells, come out."""
        wrong = sum((difference.column == RANK) == ranks for difference in self.differences)
        return (self.ranks if ranks else self.cells) - wrong


def agreement(table: Cells, counts: Counts, found: Ranked) -> Agreement:
    """Hold the columns rank, score_pct and <metric>_share_pct of a table against what its counts give.

    A cell is compared at the decimals that it is written with, rounded half to even; empty cells are passed over.
    """
    ranks = cells = 0
    differences = []
    for row, cluster in enumerate(counts.labels[numbers.CLUSTER]):
        for column, exact in _expected(counts, found, row).items():
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


def _expected(counts: Counts, found: Ranked, row: int) -> dict[str, tuple[int, int]]:
    """Return the exact value of each column as numerator and denominator."""
    expected = {RANK: (found.rank[row], 1), SCORE: (found.scores.numerators[row], found.scores.denominator)}
    for metric, whole, total in zip(counts.metrics, counts.whole, counts.totals, strict=True):
        if total:
            expected[f"{metric}_share_pct"] = (100 * whole[row], total)
    return expected


def _decimals(text: str) -> int:
    """Return how many decimals are written, trailing zeros among them."""
    return len(text.partition(".")[2]) if re.fullmatch(r"-?\d+\.\d+", text) else 0


def as_json(found: Agreement) -> dict[str, Any]:
    """Return an agreement as JSON values."""
    wrong = [{name: getattr(d, name) for name in Difference.__slots__} for d in found.differences]
    return {
        "ranks": found.ranks,
        "ranks_agreeing": found.agreeing(ranks=True),
        "cells": found.cells,
        "cells_agreeing": found.agreeing(ranks=False),
        "differences": wrong,
    }
