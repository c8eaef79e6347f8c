"""Ranges of ranks as whiskers on one log axis, and the tables' ranges of one cluster in words."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hubrank.publishing.page_words import Words
from hubrank.publishing.site.ranking_rows import ends

KINDS = {  # of doubt: columns of `robustness` that bound it
    "counts": ("rank_low", "rank_high"),
    "places": ("rank_low_places", "rank_high_places"),
    "weights": ("weights_best", "weights_worst"),
    "method": ("method_best", "method_worst"),
}
_WIDE, _NARROW = 86, 70  # percent of the axis: marks beyond would touch that of the last rank
PARTS = ("without_organisation", "without_field", "without_year")


@dataclass(frozen=True, slots=True)
class Whisker:
    """One range on the axis, with its left edge and width in percent of it.

    kind : of doubt; low, high : the range; shown : the same as text.
    """

    kind: str
    low: int
    high: int
    shown: str
    left: float
    width: float


def position(rank: float, count: int) -> float:
    """Return where a rank lies on a log axis from the first to the last rank, in percent."""
    return round(100 * math.log(max(1.0, rank)) / math.log(max(2, count)), 2)


def whiskers(
    row: Mapping[str, Any] | None, count: int, also: Mapping[str, tuple[str, str]] | None = None
) -> list[Whisker]:
    """Return the ranges of a cluster that the run computed: counts, places, weights, method, parts left out.

    row : of `robustness`; count : of all clusters; also : further kinds and their columns.
    """
    kinds = KINDS | dict(also or {})
    return [_whisker(kind, low, high, count) for kind, low, high in _ranges(row, kinds)] if row else []


def _ranges(row: Mapping[str, Any], kinds: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, int, int]]:
    for kind, columns in kinds.items():
        low, high = (row.get(column) for column in columns)
        if low is not None and high is not None:
            yield kind, low, high
    without = [row[part] for part in PARTS if row.get(part) is not None]
    if without:
        yield "parts", min(row["rank"], *without), max(row["rank"], *without)


def _whisker(kind: str, low: int, high: int, count: int) -> Whisker:
    left = position(low, count)
    return Whisker(kind, low, high, ends(low, high), left, round(position(high, count) - left, 2))


def ticks(count: int) -> list[tuple[int, float, bool]]:
    """Return ranks to mark on the axis, where, and whether a narrow axis has room for them: 1, 2, 5, … and the last."""
    ranks = [base * 10**power for power in range(6) for base in (1, 2, 5)]
    marks = [(rank, position(rank, count)) for rank in ranks if rank < count]
    wide = [(rank, at, str(rank).startswith("1") and at <= _NARROW) for rank, at in marks if at <= _WIDE]
    return [*wide, (count, position(count, count), True)]


def open_ranks(row: Mapping[str, Any] | None, level: str, words: Words) -> str:
    """Say which ranks counts (and places, where that is known) leave open; "" where no interval was computed."""
    if not row or row.get("rank_low") is None:
        return ""
    kind = "places" if row.get("rank_low_places") is not None else "counts"
    low, high = (row[column] for column in KINDS[kind])
    key = "settled" if low == high else "open"
    return words.say(f"script.{key}_{kind}", low=low, high=high, rank=row["rank"], level=level)


def decisive_choice(row: Mapping[str, Any], words: Words, *, short: bool = False) -> str:
    """Return which single choice decides a rank, and by how much; "" where none does.

    row : of `robustness`; short : without what the heading of a column says.
    """
    if not row.get("decisive_choice"):
        return ""
    choice = words.say(f"choices.{row['decisive_choice']}")
    key = "loses" if row["decisive_move"] is None else "moves"
    return words.say(f"robustness.{key}{'_short' * short}", choice=choice, places=row["decisive_move"])
