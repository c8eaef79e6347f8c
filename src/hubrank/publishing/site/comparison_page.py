"""The page that compares two editions: what moved each cluster, as a slope chart and a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hubrank.publishing.site.documentation import settings
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import Cell, cell, economies
from hubrank.publishing.site.site_content import SiteContent

ROW = 20  # units of the drawing between two ranks
HEAD = 44  # above the first rank
AXES = (300, 480, 660)  # the earlier list as published, the earlier records under the later method, the later list
WIDTH = 960
HEIGHTS = (30, 100)  # numbers of ranks to choose from, besides all
NUMBERS = ("rank_before", "previous_rank", "change", "move", "data", "boundary", "method")
SIGNED = {"change", "move", "data", "boundary", "method"}


@dataclass(frozen=True, slots=True)
class Move:
    """One cluster of either edition: its row, and its line in the chart."""

    cluster_id: str
    rank: int | None
    cluster: str
    linked: bool
    economies: tuple[tuple[str, str], ...]
    kind: str
    numbers: tuple[Cell, ...]
    score: Cell
    score_before: Cell
    line: "Line"


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the axes. way : "up", "down" or "same", under one method; the labels are at its ends."""

    path: str
    way: str
    spots: tuple[tuple[int, int], ...]
    left: tuple[int, str]
    right: tuple[int, str]


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows, of an edition that is compared with a previous one."""
    rows, words, names = content.rows_of("comparison"), content.words, content.editions
    moves = [_move(row, words) for row in rows]
    most = max([row[name] or 0 for row in rows for name in ("rank", "rank_before", "previous_rank")], default=0)
    return {
        "moves": moves,
        "axes": [
            (AXES[0], words.say("compare.axis_published", **names)),
            (AXES[1], words.say("compare.axis_one_method", **names)),
            (AXES[2], words.say("compare.axis_current", **names)),
        ],
        "width": WIDTH,
        "heights": {count: HEAD + ROW * count for count in [*(height for height in HEIGHTS if height < most), most]},
        "base": HEAD + ROW * most,
        "first": min(HEIGHTS[0], most),
        "heads": _heads(words, names),
        "choices": _differences(content),
        "counts": _counts(rows, words),
        "economies": sorted({pair for move in moves for pair in move.economies}, key=lambda pair: (pair[1], pair[0])),
        **names,
    }


def _move(row: Mapping[str, Any], words: Words) -> Move:
    return Move(
        cluster_id=row["cluster_id"],
        rank=row["rank"],
        cluster=row["cluster"],
        linked=row["rank"] is not None,
        economies=economies(row["economies"]),
        kind=words.say(f"kinds.{row['kind'].replace('-', '_')}"),
        numbers=tuple(_number(name, row[name]) for name in NUMBERS),
        score=cell(row["score_pct"]),
        score_before=cell(row["score_before_pct"]),
        line=_line(row),
    )


def _number(name: str, value: int | None) -> Cell:
    if value is None:
        return Cell("", "–")
    return Cell(str(value), signed(value) if name in SIGNED else str(value))


def signed(value: int) -> str:
    """Return a number of places with its sign: minus is not a hyphen."""
    return f"+{value}" if value > 0 else f"−{-value}" if value < 0 else "0"


def _line(row: Mapping[str, Any]) -> Line:
    ranks = (row["rank_before"], row["previous_rank"], row["rank"])
    spots = [(x, _height(rank)) for x, rank in zip(AXES, ranks, strict=True) if rank is not None]
    change = row["change"]
    way = "same" if not change else "up" if change > 0 else "down"
    name, old = row["cluster"], row["cluster_before"] or row["cluster"]
    left = (_height(ranks[0]), f"{old} {ranks[0]}") if ranks[0] is not None else (0, "")
    right = (_height(ranks[2]), f"{ranks[2]} {name}") if ranks[2] is not None else (0, "")
    return Line("M" + "L".join(f"{x} {y}" for x, y in spots), way, tuple(spots), left, right)


def _height(rank: int) -> int:
    return HEAD + ROW * rank - ROW // 2


def _heads(words: Words, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    first = ("rank", words.say("columns.rank"), "up")
    text = [(name, words.say(f"columns.{name}"), "") for name in ("cluster", "economies", "kind")]
    numbers = [(name, words.say(f"compare.{name}", **names), "down" if name in SIGNED else "up") for name in NUMBERS]
    scores = [(name, words.say(f"compare.{name}", **names), "down") for name in ("score_before_pct", "score_pct")]
    return [first, *text, *numbers, *scores]


def _differences(content: SiteContent) -> list[tuple[str, str, str]]:
    """Return the settings that differ between the two studies, with their old and new values."""
    old = dict(settings(content.previous)) if content.previous else {}
    new = dict(settings(content.manifest))
    return [
        (name, old.get(name, "–"), new.get(name, "–"))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _counts(rows: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """Say how many clusters moved, and by which of the three causes."""
    whole = [row for row in rows if row["move"] is not None]
    counts = [words.say("compare.followed", count=len(whole), all=len(rows))]
    for cause in ("data", "boundary", "method"):
        moved = sum(bool(row[cause]) for row in whole)
        counts.append(words.say(f"compare.moved_by_{cause}", count=moved))
    return counts
