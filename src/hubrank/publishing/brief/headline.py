"""Who leads, whether that is new, and why."""

from collections.abc import Iterator

from hubrank.publishing.brief.causes import causes, counted_anew, settings
from hubrank.publishing.brief.figures import Figure, Part, Row, Section, Sentence
from hubrank.publishing.brief.writer import Writer


def headline(w: Writer) -> Sentence:
    """Say the one thing that stands on top."""
    rows = w.book.ranked(2)
    if not rows:
        return w.words.say("headline", "none")
    leader = w.name(rows[0])
    if len(rows) == 1 and len(w.book.rows("ranking")) == 1:
        return w.words.say("headline", "only", leader=leader)
    if rows[0]["score_pct"] == rows[1]["score_pct"]:
        return w.words.say("headline", "level", leader=leader, second=w.name(rows[1]))
    return _change(w, leader)


def _change(w: Writer, leader: Figure) -> Sentence:
    rows = w.book.rows("comparison")
    if not rows:
        return w.words.say("headline", "first", leader=leader)
    now, old = _now(w, "comparison"), _first_before(w, "comparison", "rank_before")
    if now["rank_before"] == 1:
        return w.words.say("headline", "kept", leader=leader)
    if now["rank_before"] is None or old is None:
        return w.words.say("headline", "entered" if old else "first", leader=leader)
    because = list(counted_anew(w)) if now["method"] and not settings(w) else []
    name = _old_name(w, "comparison", old)
    if because:
        return w.words.say("headline", "taken_because", leader=leader, old=name, changes=w.words.listed(because))
    return w.words.say("headline", "taken", leader=leader, old=name)


def _now(w: Writer, table: str) -> Row:
    return next(row for row in w.book.rows(table) if row["rank"] == 1)


def _first_before(w: Writer, table: str, before: str) -> Row | None:
    return next((row for row in w.book.rows(table) if row[before] == 1), None)


def _old_name(w: Writer, table: str, old: Row) -> Figure:
    """Call a cluster as it was called when it was first."""
    renamed = table == "comparison" and old["cluster_before"]
    return w.text(table, old, "cluster_before" if renamed else "cluster")


def lead(w: Writer) -> Section:
    """Say more of the leader: its score, how far ahead, where it comes from, and what moved it."""
    rows = w.book.ranked(2)
    if not rows:
        threshold = w.fact("threshold_listings")
        only = w.words.say("lead", "none", threshold=threshold, radius=w.radius())
        return Section(w.words.text("headings", "lead"), [only])
    return Section(w.words.text("headings", "lead"), [_standing(w, rows), *_history(w)])


def _standing(w: Writer, rows: list[Row]) -> Sentence:
    leader, score = w.name(rows[0]), w.score(rows[0])
    if len(rows) == 1:
        return w.words.say("lead", "only", leader=leader, economies=w.economies(rows[0]), score=score)
    clusters = w.counted([w.book.cell("ranking", row, "rank") for row in w.book.rows("ranking")])
    if rows[0]["score_pct"] == rows[1]["score_pct"]:
        return w.words.say("lead", "level", score=score, clusters=clusters)
    slots = {"leader": leader, "economies": w.economies(rows[0]), "score": score, "clusters": clusters}
    return w.words.say("lead", "first", gap=w.gap(*rows), second=w.name(rows[1]), **slots)


def _history(w: Writer) -> Iterator[Sentence]:
    if w.book.rows("comparison"):
        yield from _compared(w, _now(w, "comparison"), _first_before(w, "comparison", "rank_before"))
    elif w.recounted:
        yield from _recounted(w, _now(w, "ranking"), _first_before(w, "ranking", "previous_rank"))


def _recounted(w: Writer, now: Row, old: Row | None) -> Iterator[Sentence]:
    """Say it from the ranking alone, which knows the previous edition only by this edition's method."""
    if now["previous_rank"] == 1:
        yield w.words.say("lead", "kept_recounted")
    elif now["previous_rank"] and old:
        yield w.words.say("lead", "recounted", before=w.whole("ranking", now, "previous_rank"), old=w.name(old))


def _compared(w: Writer, now: Row, old: Row | None) -> Iterator[Sentence]:
    if now["rank_before"] == 1:
        renamed = now["cluster_before"] != now["cluster"]
        before = w.text("comparison", now, "cluster_before")
        yield w.words.say("lead", "kept_renamed", before=before) if renamed else w.words.say("lead", "kept")
        return
    if now["rank_before"] is None:
        yield w.words.say("lead", "entered")
    else:
        before = w.whole("comparison", now, "rank_before")
        yield _said(w, "taken", now, before=before)
    if old is not None:
        yield _old_fate(w, old)
    yield from _method(w, now)


def _old_fate(w: Writer, old: Row) -> Sentence:
    name = _old_name(w, "comparison", old)
    if old["rank"] is None:
        return w.words.say("lead", "old_gone", old=name)
    return _said(w, "old_falls", old, old=name, rank=w.whole("comparison", old, "rank"))


def _said(w: Writer, key: str, row: Row, **slots: Part) -> Sentence:
    """Say a move with its causes, or without where they cannot be told apart."""
    split = causes(w, row)
    return w.words.say("lead", key, causes=split, **slots) if split else w.words.say("lead", f"{key}_unsplit", **slots)


def _method(w: Writer, now: Row) -> Iterator[Sentence]:
    """Say where the old method would put the leader, where the new one had put it before, and what is new."""
    leader = w.text("comparison", now)
    if now["method"]:
        cells = (w.book.cell("comparison", now, "rank"), w.book.cell("comparison", now, "method"))
        rank = sum(cell.value for cell in cells)
        yield w.words.say("lead", "old_method", leader=leader, rank=Figure(w.words.number(rank), rank, "sum", cells))
        if now["previous_rank"] is not None:
            key = "same_method" if now["previous_rank"] == 1 else "not_same_method"
            yield w.words.say("lead", key, leader=leader, rank=w.whole("comparison", now, "previous_rank"))
    changes, changed = list(counted_anew(w)), settings(w)
    if changes:
        yield w.words.say("lead", "method", changes=w.words.listed(changes))
    if changed:
        yield w.words.say("lead", "settings", settings=w.words.listed(changed))
