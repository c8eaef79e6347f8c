"""The page that holds two editions side by side: what moved each cluster, as a slope chart and a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hubrank.publishing.site.about import settings
from hubrank.publishing.site.page_words import Words
from hubrank.publishing.site.ranking_rows import Cell, cell, economies

ROW = 20  # units of the drawing between two ranks
HEAD = 44  # above the first rank
AXES = (300, 480, 660)  # the earlier list as printed, the earlier records under the later method, the later list
WIDTH = 960
HEIGHTS = (30, 100)  # how many ranks may be looked at, beside all of them
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
    """A line over the axes. way : "up", "down" or "same", like for like; the labels stand at its ends."""

    path: str
    way: str
    spots: tuple[tuple[int, int], ...]
    left: tuple[int, str]
    right: tuple[int, str]


def compared(table: pa.Table, manifest: Mapping[str, Any], before: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return what the page shows.

    table : what `comparison` returns for the two editions; manifest, before : the content of their edition.json.
    """
    rows = table.to_pylist()
    moves = [_move(row, words) for row in rows]
    most = max([row[name] or 0 for row in rows for name in ("rank", "rank_before", "previous_rank")], default=0)
    earlier, later = str(before["study"]["edition"]), str(manifest["study"]["edition"])
    names = {"earlier": earlier, "later": later}
    return {
        "moves": moves,
        "axes": [
            (AXES[0], words.say("compare.axis_printed", **names)),
            (AXES[1], words.say("compare.axis_alike", **names)),
            (AXES[2], words.say("compare.axis_now", **names)),
        ],
        "wide": WIDTH,
        "tall": {count: HEAD + ROW * count for count in [*(few for few in HEIGHTS if few < most), most]},
        "base": HEAD + ROW * most,
        "first": min(HEIGHTS[0], most),
        "heads": _heads(words, names),
        "choices": _differences(manifest, before),
        "told": _counts(rows, words),
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


def _differences(manifest: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the choices that the two studies make differently: what the old and what the new method is."""
    old, new = dict(settings(before)), dict(settings(manifest))
    return [
        (name, old.get(name, "–"), new.get(name, "–"))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _counts(rows: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """Say how many clusters moved, and by which of the three causes."""
    whole = [row for row in rows if row["move"] is not None]
    told = [words.say("compare.followed", count=len(whole), all=len(rows))]
    for cause in ("data", "boundary", "method"):
        moved = sum(bool(row[cause]) for row in whole)
        told.append(words.say(f"compare.moved_by_{cause}", count=moved))
    return told
