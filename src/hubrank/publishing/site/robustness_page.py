"""The page on robustness: firm ranks, groups that are not distinguishable, decisive choices, and all ranges."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hubrank.publishing.robustness import groups
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import Row, cell
from hubrank.publishing.site.site_content import SiteContent

LONGEST = 20  # of a list
Range = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class RankRanges:
    """One cluster: ranges of its rank, and two of them as left edge and width in percent of all ranks.

    marginal, simultaneous : confidence sets, for this cluster alone and for all clusters at once.
    places : the set of this cluster that includes the doubt about places.
    weights, method : best and worst rank under other weights, and with one choice of method replaced.
    """

    cluster_id: str
    cluster: str
    rank: int
    marginal: tuple[int, int]
    places: Range
    simultaneous: tuple[int, int]
    weights: Range
    method: Range
    decisive: str
    firm: bool
    tied_until: int
    marginal_bar: tuple[float, float]
    simultaneous_bar: tuple[float, float]
    spot: float


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows; `ranges` is empty where no intervals were computed."""
    robustness = {row["cluster_id"]: row for row in content.rows_of("robustness")}
    rows = [row for row in content.rows if row.cluster_id in robustness]
    ranges = [_ranges(row, robustness[row.cluster_id], len(content.rows), content.words) for row in rows]
    has_variants = any(each.method != (None, None) for each in ranges)
    return {
        "ranges": ranges,
        "has_variants": has_variants,
        "firm": [each for each in ranges if each.firm],
        "groups": [
            (ranges[first - 1], ranges[last - 1], last - first + 1)
            for first, last in groups([each.tied_until for each in ranges])
        ],
        "choices": _choices(content) if has_variants else [],
        "longest": LONGEST,
    }


def _ranges(row: Row, robustness: Mapping[str, Any], count: int, words: Words) -> RankRanges:
    marginal = (robustness["rank_low"], robustness["rank_high"])
    simultaneous = (robustness["simultaneous_low"], robustness["simultaneous_high"])
    return RankRanges(
        row.cluster_id,
        row.cluster,
        row.rank,
        marginal,
        (robustness.get("rank_low_places"), robustness.get("rank_high_places")),
        simultaneous,
        (robustness.get("weights_best"), robustness.get("weights_worst")),
        (robustness.get("method_best"), robustness.get("method_worst")),
        decisive_choice(robustness, words),
        bool(robustness.get("firm")),
        robustness.get("tied_until") or row.rank,
        _bar(marginal, count),
        _bar(simultaneous, count),
        round(100 * (row.rank - 0.5) / count, 2),
    )


def decisive_choice(row: Mapping[str, Any], words: Words) -> str:
    """Return which single choice decides a rank, and by how much; "" where none does. row : of `robustness`."""
    if not row.get("decisive_choice"):
        return ""
    choice = words.say(f"choices.{row['decisive_choice']}")
    if row["decisive_move"] is None:
        return words.say("robustness.loses", choice=choice)
    return words.say("robustness.moves", choice=choice, places=row["decisive_move"])


def _bar(ends: tuple[int, int], count: int) -> tuple[float, float]:
    return round(100 * (ends[0] - 1) / count, 2), round(100 * (ends[1] - ends[0] + 1) / count, 2)


def _choices(content: SiteContent) -> list[tuple[str, list[str]]]:
    """Return, per choice of method, how many ranks it moves, how many clusters it loses, and its largest move."""
    rows = [row for row in content.rows_of("method_choices") if row["moved"] is not None]
    columns = ("moved", "lost", "largest_move")
    return [
        (content.words.say(f"choices.{row['choice']}"), [cell(row[column], 0).shown for column in columns])
        for row in sorted(rows, key=lambda row: (-row["moved"], row["choice"]))
    ]
