"""What moved: the ranks of two editions as a slope chart, their causes, and the sentences of the brief."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hubrank.analysis.data_cause import KEYS, data_cause
from hubrank.analysis.score_changes import score_change
from hubrank.publishing.page_words import Words
from hubrank.publishing.site import quoted_brief
from hubrank.publishing.site.changes import CAUSES
from hubrank.publishing.site.documentation import method
from hubrank.publishing.site.ranking_rows import Cell, cell, signed
from hubrank.publishing.site.site_content import SiteContent

ROW, HEAD = 22, 30  # pixels: between two ranks, above the first
SHOWN = 30  # ranks in the chart
NARROW = 20  # letters of a label that a phone has room for
AXES = (9, 30, 51)  # percent: the earlier ranking, the earlier records by this method, this ranking
RANKS = ("rank_before", "previous_rank", "rank")  # on the axes
NUMBERS = ("rank_before", "previous_rank", "change", "move", "data", "boundary", "method")
SIGNED = {"change", "move", "data", "boundary", "method"}
# Of the brief that this page repeats, in this order: what moved, then what became of the first.
SENTENCES = ("movers.", "lead.kept", "lead.taken", "lead.entered", "lead.former", "lead.old_method", "lead.new_method")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chart: its points, as (percent, pixels).

    way : "up", "down" or "same" since the earlier edition; short : the label as a phone has room for it.
    gone : the name where it is in the earlier ranking alone.
    """

    cluster: str
    way: str
    points: tuple[tuple[int, int], ...]
    before: str
    label: str
    short: str
    gone: str


@dataclass(frozen=True, slots=True)
class Move:
    """One cluster of either edition as a row of the table; places : by how many it moved, "" where not known.

    score : of both editions and their difference, which is its value.
    """

    cluster_id: str
    rank: int | None
    cluster: str
    economies: tuple[tuple[str, str], ...]
    kind: str
    why: str
    places: str
    score: Cell
    numbers: tuple[Cell, ...]


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows, of an edition that is compared with a previous one."""
    rows, words, names = content.rows_of("comparison"), content.words, content.editions
    why = {row.cluster_id: row.why for row in content.rows}
    shown = [row for row in rows if _in_chart(row)]
    heights = [_heights(shown, name) for name in RANKS]
    keys = {"data": KEYS[data_cause(content.previous, content.manifest) if content.previous else "records"]}
    numbers = [(name, words.say(f"compare.{keys.get(name, name)}", **names)) for name in NUMBERS]
    return {
        "moves": [_move(row, why, score_shown(row, content), words) for row in rows],
        "scores": words.say("compare.scores", **names),
        "lines": [_line(row, heights) for row in shown],
        "axes": list(zip(AXES, ("axis_published", "axis_one_method", "axis_current"), strict=True)),
        "height": max([HEAD + ROW * SHOWN, *(y for each in heights for y in each.values())]) + ROW,
        "numbers": numbers,
        "hidden": words.listed(label for _, label in numbers),
        "choices": _differences(content),
        "counts": _counts(rows, words, keys),
        "sentences": quoted_brief.sentences(content, SENTENCES[:1]) + quoted_brief.sentences(content, SENTENCES[1:]),
        **names,
    }


def _in_chart(row: Mapping[str, Any]) -> bool:
    return any(row[name] is not None and row[name] <= SHOWN for name in ("rank", "rank_before"))


def _line(row: Mapping[str, Any], heights: Sequence[Mapping[int, int]]) -> Line:
    at = zip(AXES, RANKS, heights, strict=True)
    points = tuple((x, height[row[name]]) for x, name, height in at if row[name] is not None)
    move = row["move"]
    way = "same" if not move else "up" if move > 0 else "down"
    label = "" if row["rank"] is None else f"{row['rank']} {row['cluster']}"
    before = "" if row["rank_before"] is None else str(row["rank_before"])
    short = f"{label[: NARROW - 1].rstrip(' –')}…" if len(label) > NARROW else label
    return Line(row["cluster"], way, points, before, label, short, "" if label else row["cluster"])


def _heights(rows: Sequence[Mapping[str, Any]], name: str) -> dict[int, int]:
    """Return where each rank of one ranking lies: after the first, those of the clusters of the chart, one a row."""
    below = sorted(row[name] for row in rows if row[name] is not None and row[name] > SHOWN)
    first = {rank: HEAD + ROW * rank - ROW // 2 for rank in range(1, SHOWN + 1)}
    return first | {rank: HEAD + ROW * (SHOWN + at) for at, rank in enumerate(below, start=1)}


def score_shown(row: Mapping[str, Any], content: SiteContent) -> Cell:
    """Return the scores of both editions and, where they are sums of the same shares, the difference."""
    number, change = content.words.number, score_change(row)
    if change is None:
        return Cell("", "")
    before, score = (number(cell(row[name]).shown) for name in ("score_before_pct", "score_pct"))
    if not content.has_same_weights:
        return Cell("", content.words.say("compare.two_scores", before=before, score=score))
    slots = {"before": before, "score": score, "change": number(signed(change, 2))}
    return Cell(f"{change:f}", content.words.say("compare.score_change", **slots))


def _move(row: Mapping[str, Any], why: Mapping[str, str], score: Cell, words: Words) -> Move:
    return Move(
        row["cluster_id"],
        row["rank"],
        row["cluster"],
        words.economies(row["economies"]),
        words.say(f"kinds.{row['kind'].replace('-', '_')}"),
        why.get(row["cluster_id"], ""),
        "" if row["move"] is None else str(row["move"]),
        score,
        tuple(_number(name, row[name], words) for name in NUMBERS),
    )


def _number(name: str, value: int | None, words: Words) -> Cell:
    if value is None:
        return Cell("", "")
    return Cell(str(value), words.number(signed(value) if name in SIGNED else cell(value, 0).shown))


def _differences(content: SiteContent) -> list[tuple[str, str, str]]:
    """Return the settings of the method that differ between the two studies, with their old and new values."""
    old = method(content.previous, content.words) if content.previous else {}
    new = method(content.manifest, content.words)
    return [
        (name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _counts(rows: Sequence[Mapping[str, Any]], words: Words, keys: Mapping[str, str]) -> list[str]:
    """Say how many clusters moved, and by which of the three causes."""
    whole = [row for row in rows if row["move"] is not None]
    counts = [words.say("compare.followed", count=len(whole), all=len(rows))]
    for cause in CAUSES:
        moved = sum(bool(row[cause]) for row in whole)
        counts.append(words.say(f"compare.moved_by_{keys.get(cause, cause)}", count=moved))
    return counts
