"""Who moved since the previous edition: in rank, in score, and across the leading ranks."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import itemgetter

from hubrank.analysis import certain_moves, continuations
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.analysis.score_changes import have_same_weights, score_change
from hubrank.publishing.brief import moves
from hubrank.publishing.brief.figures import Part, Row, Sentence
from hubrank.publishing.brief.writer import LEADING, LONGEST, Writer

MOST = 3  # risers, and fallers
LEAST_POINTS = Decimal("0.01")  # of a change in score that is shown with two decimals


def movers(writer: Writer) -> Iterator[Sentence]:
    """Yield who rose and fell most since the previous edition, and who entered and left the leading ranks."""
    if writer.rows("comparison") and writer.rows("ranking"):
        yield from (*_published(writer), *_by_one_method(writer), *_gains(writer), *_crossing(writer))


def _published(writer: Writer) -> Iterator[Sentence]:
    """Say who moved most between the two rankings as published."""
    rows = [
        row for row in writer.rows("comparison") if row["move"] and min(row["rank"], row["rank_before"]) <= writer.top
    ]
    if not rows:
        yield writer.say("movers.none")
    rows = [row for row in rows if row["cluster_id"] not in writer.among_equals]
    rows.sort(key=lambda row: (moves.may_be_chance(writer, row), -abs(row["move"]), row["rank"]))
    most = [*[row for row in rows if row["move"] > 0][:MOST], *[row for row in rows if row["move"] < 0][:MOST]]
    most.sort(key=lambda row: moves.may_be_chance(writer, row))
    for row in most:
        renamed = continuations.is_renamed(row)
        keys = ("movers.continues_up", "movers.continues_down") if renamed else ("movers.rises", "movers.falls")
        yield writer.say(
            keys[row["move"] < 0],
            row=row,
            merged=moves.merged(writer, row) if renamed else (),
            range=moves.ranges(writer, row),
            causes=moves.causes(writer, row),
        )
    if any(moves.causes(writer, row) for row in most):
        yield writer.say("movers.basis")


def _gains(writer: Writer) -> Iterator[Sentence]:
    """Say whose score rose and fell most, where both editions weigh the same metrics alike.

    What absorbed another cluster is left out: it did not gain what that one had.
    """
    if not have_same_weights(writer.previous_study, writer.study):
        return
    absorbing = continuations.absorbed_by(writer.rows("comparison"))
    changed = [(row, score_change(row)) for row in writer.rows("comparison") if row["cluster_id"] not in absorbing]
    for key, sign in (("movers.gains", 1), ("movers.losses", -1)):
        rows = [(sign * change, row) for row, change in changed if change and sign * change > 0]
        rows.sort(key=lambda pair: (-pair[0], pair[1]["rank"]))
        names = [
            writer.fill("lists.score", row=row, change=writer.score_change(row))
            for change, row in rows[:MOST]
            if change >= LEAST_POINTS
        ]
        if names:
            yield writer.say(key, clusters=writer.listed(names))


def _by_one_method(writer: Writer) -> Iterator[Sentence]:
    """Say who moved most when the records of both editions are ranked by the later method."""
    equals = moved_among_equals(writer.rows("comparison"), "previous_rank")
    rows = [row for row in writer.rows("comparison") if row["change"] and row["cluster_id"] not in equals]
    rows = [row for row in rows if min(row["rank"], row["previous_rank"]) <= writer.top]
    parts = []
    for key, sign in (("movers.largest_rise", 1), ("movers.largest_fall", -1)):
        most = max((sign * row["change"] for row in rows), default=0)
        if moved := [row for row in rows if sign * row["change"] == most > 0]:
            who = "movers.several" if len(moved) > 1 else "movers.one"
            number = writer.counted([row.cell("change") for row in moved])
            doubt = writer.template("lists.chance") if moves.may_be_chance(writer, moved[0]) else ""
            slots = {"who": writer.fill(who, row=moved[0], number=number, chance=doubt)}
            parts.append(writer.fill(key, row=moved[0], **slots))
    if parts:
        yield writer.say("movers.by_one_method", changes=writer.listed(parts))


def _crossing(writer: Writer) -> Iterator[Sentence]:
    """Say who entered and left the first ten, and the ranks that the study calls the top."""
    for top in dict.fromkeys((LEADING, writer.top)):
        for key, end, other in (("entering", "rank", "rank_before"), ("leaving", "rank_before", "rank")):
            rows = [row for row in writer.rows("comparison") if (row[end] or top + 1) <= top < (row[other] or top + 1)]
            if rows and len(writer.rows("ranking")) > top:
                by_chance = {row["cluster_id"] for row in rows if _crosses_by_chance(writer, row, top)}
                rows.sort(key=itemgetter(end))
                rows = [row for chance in (False, True) for row in rows if (row["cluster_id"] in by_chance) is chance]
                yield writer.say(f"movers.{key}", top=writer.leading(top), clusters=_named(writer, rows, by_chance))


def _crosses_by_chance(writer: Writer, moved: Row, top: int) -> bool:
    """Return whether a cluster may have been on the same side of a leading rank in both editions."""
    return certain_moves.crosses_by_chance(moved.values, moves.interval(writer, moved), top)


def _what_became(row: Row) -> str:
    """Return what a list says of a row: gone where no cluster has its sites, absorbed, new, or moved."""
    if row["rank"] is None:
        return "gone" if row["kind"] == "gone" else "absorbed"
    if row["rank_before"] is None:
        return "new"
    return "moved_renamed" if continuations.is_renamed(row) else "moved"


def _named(writer: Writer, rows: Sequence[Row], by_chance: set[str]) -> tuple[Part, ...]:
    """List five clusters with their ranks in both editions, and how many more there are.

    by_chance : ids of those of which nothing more than chance may be the reason.
    """
    keys = [_what_became(row) for row in rows]
    doubts = [writer.template("lists.chance") if row["cluster_id"] in by_chance else "" for row in rows]
    names = [
        writer.fill(f"lists.{key}", row=row, chance=doubt)
        for key, row, doubt in zip(keys, rows[:LONGEST], doubts, strict=False)
    ]
    more = [row.cell("rank") for row in rows[LONGEST:]]
    return writer.listed([*names, *([writer.fill("lists.more", number=writer.counted(more))] if more else [])])
