"""How sure: the ranges of all ranks on one axis, what is settled, what is not distinguishable, what a rank hangs on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubrank.publishing.page_words import Words
from hubrank.publishing.robustness import groups, tied_with_neighbours
from hubrank.publishing.site.ranking_rows import Row, cell
from hubrank.publishing.site.site_content import SiteContent
from hubrank.publishing.site.whiskers import Whisker, decisive_choice, position, ticks, whiskers

LONGEST = 20  # of a list
KINDS = ("counts", "places", "simultaneous", "weights", "method")  # in the table
SIMULTANEOUS = ("simultaneous_low", "simultaneous_high")


@dataclass(frozen=True, slots=True)
class RankRanges:
    """One cluster: its ranges by kind, where its rank is on the axis, and which choice decides it."""

    cluster_id: str
    cluster: str
    economies: tuple[tuple[str, str], ...]
    rank: int
    ranges: Mapping[str, Whisker]
    spot: float
    decisive: str
    firm: bool
    tied_until: int


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows; `ranges` is empty where no intervals were computed."""
    robustness = {row["cluster_id"]: row for row in content.rows_of("robustness")}
    rows = [row for row in content.rows if row.cluster_id in robustness]
    ranges = [_ranges(row, robustness[row.cluster_id], len(content.rows), content.words) for row in rows]
    has_variants = any("method" in each.ranges for each in ranges)
    kinds = [kind for kind in KINDS if any(kind in each.ranges for each in ranges)]
    return {
        "ranges": ranges,
        "kinds": kinds,
        "hidden": content.words.divided(
            [
                *(content.words.say(f"doubts.{kind}") for kind in kinds if kind != "places"),
                content.words.say("robustness.decisive"),
            ]
        ),
        "ticks": ticks(len(content.rows)),
        "has_variants": has_variants,
        "firm": [
            (each, tied)
            for each, tied in zip(ranges, tied_with_neighbours([each.tied_until for each in ranges]), strict=True)
            if each.firm
        ],
        "groups": [
            (ranges[first - 1], ranges[last - 1], last - first + 1)
            for first, last in groups([each.tied_until for each in ranges])
        ],
        "choices": _choices(content) if has_variants else [],
        "longest": LONGEST,
        "ranks_areas": content.study.ranks_areas,
    }


def _ranges(row: Row, robustness: Mapping[str, Any], count: int, words: Words) -> RankRanges:
    shown = whiskers(robustness, count, also={"simultaneous": SIMULTANEOUS})
    return RankRanges(
        row.cluster_id,
        row.cluster,
        row.economies,
        row.rank,
        {each.kind: each for each in shown},
        position(row.rank, count),
        decisive_choice(robustness, words, short=True),
        bool(robustness.get("firm")),
        robustness.get("tied_until") or row.rank,
    )


def _choices(content: SiteContent) -> list[tuple[str, list[str]]]:
    """Return, per choice of method, how many ranks it moves, how many clusters it loses, and its largest move."""
    rows = [row for row in content.rows_of("method_choices") if row["moved"] is not None]
    columns = ("moved", "lost", "largest_move")
    return [
        (
            content.words.say(f"choices.{row['choice']}"),
            [content.words.number(cell(row[column], 0).shown) for column in columns],
        )
        for row in sorted(rows, key=lambda row: (-row["moved"], row["choice"]))
    ]
