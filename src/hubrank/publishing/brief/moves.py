"""What is said of one cluster that moved: under which name, why, and whether it may be chance."""

from hubrank.analysis import certain_moves, continuations
from hubrank.analysis.data_cause import KEYS
from hubrank.publishing.brief.figures import Figure, Part, Row
from hubrank.publishing.brief.writer import CAUSES, LONGEST, Writer


def chance(writer: Writer, moved: Row) -> str:
    """Return that a move may be chance; "" where the intervals of both editions lie apart."""
    return writer.template("movers.chance") if may_be_chance(writer, moved) else ""


def causes(writer: Writer, row: Row) -> tuple[Part, ...]:
    """Return what moved a cluster, the largest part first; nothing where the comparison cannot attribute the move."""
    if row["move"] is None or row["data"] is None:
        return ()
    parts = sorted((cause for cause in CAUSES if row[cause]), key=lambda cause: -abs(row[cause]))
    keys = [KEYS[writer.data_cause] if cause == "data" else cause for cause in parts]
    return writer.fill("causes.all", causes=writer.listed([writer.fill(f"causes.{key}", row=row) for key in keys]))


def merged(writer: Writer, row: Row, key: str = "movers.merged") -> tuple[Part, ...]:
    """Return which other clusters of the previous edition one of now contains; nothing where it contains none.

    key : of the template.
    """
    others = continuations.absorbed_by(writer.rows("comparison")).get(row["cluster_id"], [])
    names = [writer.fill("lists.former", row=other) for other in others[:LONGEST]]
    if others[LONGEST:]:
        cells = [other.cell("rank_before") for other in others[LONGEST:]]
        names.append(writer.fill("lists.more", number=writer.counted(cells)))
    return writer.fill(key, clusters=writer.listed(names)) if names else ()


def may_be_chance(writer: Writer, moved: Row) -> bool:
    """Return whether the move of a cluster may be chance, and so is no news."""
    return certain_moves.may_be_chance(moved.values, interval(writer, moved))


def interval(writer: Writer, moved: Row) -> certain_moves.Interval | None:
    """Return the interval that a row of the comparison has in this edition."""
    row = writer.first("ranking", "cluster_id", moved["cluster_id"])
    return None if row is None or moved["rank"] is None else certain_moves.rank_interval(row.values)


def ranges(writer: Writer, moved: Row) -> tuple[Part, ...]:
    """Return the intervals of a cluster that moved, and whether the move may be chance."""
    row = writer.first("ranking", "cluster_id", moved["cluster_id"])
    before = certain_moves.interval_before(moved.values)
    if row is None or not (writer.has_other_ranks(row) or (before and before[0] < before[1])):
        return ()
    intervals = {"interval": writer.interval(row)}
    if before:
        columns = ("rank_before_low", "rank_before_high")
        intervals["before"] = Figure(writer.shown_interval(before), [*before], "both", tuple(map(moved.cell, columns)))
    keys = ("movers.within_both", "movers.range_both") if before else ("movers.within", "movers.range")
    return writer.fill(keys[not may_be_chance(writer, moved)], **intervals)
