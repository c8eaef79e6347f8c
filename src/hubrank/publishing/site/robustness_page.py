"""How sure the ranks are: what is firm, what cannot be told apart, what hangs on one choice, and all intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hubrank.publishing.robustness import groups
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import Row, cell

LONGEST = 20  # of a list
Spread = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Sureness:
    """One cluster: spreads of its rank, and two of them as left edge and width in percent of the ranks.

    marginal, together : sets that the count of records leaves open, for it alone and for all at once.
    weights, method : best and worst rank under other weights, and with one choice of method replaced.
    """

    cluster_id: str
    cluster: str
    rank: int
    marginal: tuple[int, int]
    together: tuple[int, int]
    weights: Spread
    method: Spread
    hangs: str
    firm: bool
    tied_until: int
    marginal_bar: tuple[float, float]
    together_bar: tuple[float, float]
    spot: float


def told(tables: Mapping[str, pa.Table], rows: Sequence[Row], words: Words) -> dict[str, Any]:
    """Return what the page about robustness shows; `sure` is empty where no intervals were computed."""
    doubts = {row["cluster_id"]: row for row in tables["robustness"].to_pylist()} if "robustness" in tables else {}
    sure = [_sureness(row, doubts[row.cluster_id], len(rows), words) for row in rows if row.cluster_id in doubts]
    tried = any(each.method != (None, None) for each in sure)
    return {
        "sure": sure,
        "tried": tried,
        "firm": [each for each in sure if each.firm],
        "groups": [
            (sure[first - 1], sure[last - 1], last - first + 1)
            for first, last in groups([each.tied_until for each in sure])
        ],
        "choices": _choices(tables, words) if tried else [],
        "longest": LONGEST,
    }


def _sureness(row: Row, doubt: Mapping[str, Any], count: int, words: Words) -> Sureness:
    marginal = (doubt["rank_low"], doubt["rank_high"])
    together = (doubt["simultaneous_low"], doubt["simultaneous_high"])
    return Sureness(
        row.cluster_id,
        row.cluster,
        row.rank,
        marginal,
        together,
        (doubt.get("weights_best"), doubt.get("weights_worst")),
        (doubt.get("method_best"), doubt.get("method_worst")),
        hanging(doubt, words),
        bool(doubt.get("firm")),
        doubt.get("tied_until") or row.rank,
        _bar(marginal, count),
        _bar(together, count),
        round(100 * (row.rank - 0.5) / count, 2),
    )


def hanging(doubt: Mapping[str, Any], words: Words) -> str:
    """Say on which choice a rank hangs, and by how much; nothing where it hangs on none."""
    if not doubt.get("decisive_choice"):
        return ""
    choice = words.say(f"choices.{doubt['decisive_choice']}")
    if doubt["decisive_move"] is None:
        return words.say("robustness.loses", choice=choice)
    return words.say("robustness.moves", choice=choice, places=doubt["decisive_move"])


def _bar(ends: tuple[int, int], count: int) -> tuple[float, float]:
    return round(100 * (ends[0] - 1) / count, 2), round(100 * (ends[1] - ends[0] + 1) / count, 2)


def _choices(tables: Mapping[str, pa.Table], words: Words) -> list[tuple[str, list[str]]]:
    """Return, per choice of method, how many ranks it moves, how many clusters it loses, and its largest move."""
    rows = tables["method_choices"].to_pylist() if "method_choices" in tables else []
    return [
        (
            words.say(f"choices.{row['choice']}"),
            [cell(row[name], 0).shown for name in ("moved", "lost", "largest_move")],
        )
        for row in sorted(rows, key=lambda row: (-(row["moved"] or 0), row["choice"]))
        if row["moved"] is not None
    ]
