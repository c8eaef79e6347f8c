"""Who rises, who falls and why; who enters and leaves the first ten."""

from collections.abc import Iterator, Sequence

from hubrank.publishing.brief.causes import causes
from hubrank.publishing.brief.figures import Part, Row, Section, Sentence
from hubrank.publishing.brief.writer import LEADING, LONGEST, Writer

MOST = 3  # risers, and fallers
RANKS = (("rank", "rank"), ("before", "rank_before"))


def movers(w: Writer) -> Section:
    """Say who moved against the previous edition."""
    sentences: list[Sentence] = []
    if w.book.rows("comparison") and w.book.rows("ranking"):
        sentences = [*_printed(w), *_by_one_method(w, w.book.rows("comparison"), "comparison"), *_crossing(w)]
    elif w.recounted:
        sentences = list(_by_one_method(w, w.book.rows("ranking"), "ranking"))
    return Section(w.words.text("headings", "movers"), sentences)


def _printed(w: Writer) -> Iterator[Sentence]:
    """Say who moved most between the two rankings as printed."""
    rows = [row for row in w.book.rows("comparison") if row["move"] and min(row["rank"], row["rank_before"]) <= w.top]
    up = sorted((row for row in rows if row["move"] > 0), key=lambda row: (-row["move"], row["rank"]))[:MOST]
    down = sorted((row for row in rows if row["move"] < 0), key=lambda row: (row["move"], row["rank"]))[:MOST]
    if not rows:
        yield w.words.say("movers", "none", top=w.first(w.top))
        return
    yield from (_moved(w, "risers", row) for row in up)
    yield from (_moved(w, "fallers", row) for row in down)
    if any(len([part for part in ("data", "boundary", "method") if row[part]]) > 1 for row in up + down):
        yield w.words.say("movers", "basis")


def _moved(w: Writer, key: str, row: Row) -> Sentence:
    split = causes(w, row)
    slots = {
        "cluster": w.text("comparison", row),
        "places": w.whole("comparison", row, "move"),
        "before": w.whole("comparison", row, "rank_before"),
        "rank": w.whole("comparison", row, "rank"),
    }
    if not split:
        return w.words.say("movers", f"{key}_unsplit", abs(row["move"]), **slots)
    return w.words.say("movers", key, abs(row["move"]), causes=split, **slots)


def _by_one_method(w: Writer, rows: Sequence[Row], table: str) -> Iterator[Sentence]:
    """Say who moved most when both editions are counted by the later method."""
    known = [row for row in rows if row["change"] is not None and min(row["rank"], row["previous_rank"]) <= w.top]
    if not known:
        return
    highest, lowest = max(row["change"] for row in known), min(row["change"] for row in known)
    if highest <= 0 <= lowest:
        yield w.words.say("movers", "change_none", top=w.first(w.top))
    if highest > 0:
        yield _changed(w, "change_up", [row for row in known if row["change"] == highest], table)
    if lowest < 0:
        key = "change_down" if highest > 0 else "change_down_only"
        yield _changed(w, key, [row for row in known if row["change"] == lowest], table)


def _changed(w: Writer, key: str, rows: Sequence[Row], table: str) -> Sentence:
    """Name the one that moved most, or say how many moved as much."""
    places, number = w.whole(table, rows[0], "change"), abs(rows[0]["change"])
    if len(rows) > 1:
        many = w.counted([w.book.cell(table, row, "change") for row in rows])
        return w.words.say("movers", f"{key}_level", number, number=many, places=places)
    rank = w.whole(table, rows[0], "rank")
    return w.words.say("movers", key, number, cluster=w.text(table, rows[0]), places=places, rank=rank)


def _crossing(w: Writer) -> Iterator[Sentence]:
    """Say who entered and left the first ten, and the first that the study calls the top."""
    tops = [top for top in dict.fromkeys((LEADING, w.top)) if len(w.book.rows("ranking")) > top]
    for top in tops:
        rows = w.book.rows("comparison")
        entering = [row for row in rows if _within(row["rank"], top) and not _within(row["rank_before"], top)]
        leaving = [row for row in rows if _within(row["rank_before"], top) and not _within(row["rank"], top)]
        entering.sort(key=lambda row: row["rank"])
        leaving.sort(key=lambda row: row["rank_before"])
        number = w.first(top)
        if not entering and not leaving:
            yield w.words.say("movers", "same", top=number)
        if entering:
            clusters = _named(w, "came", "new", entering)
            yield w.words.say("movers", "entering", len(entering), top=number, clusters=clusters)
        if leaving:
            clusters = _named(w, "went", "gone", leaving)
            yield w.words.say("movers", "leaving", len(leaving), top=number, clusters=clusters)


def _within(rank: int | None, top: int) -> bool:
    return rank is not None and rank <= top


def _named(w: Writer, key: str, alone: str, rows: Sequence[Row]) -> tuple[Part, ...]:
    """List five clusters with their ranks before and now (`alone`: one of the two), and how many more."""
    said: list[Sequence[Part]] = []
    for row in rows[:LONGEST]:
        known = {name: column for name, column in RANKS if row[column] is not None}
        slots = {name: w.whole("comparison", row, column) for name, column in known.items()}
        form = key if len(known) == len(RANKS) else alone
        said.append(w.words.parts("lists", form, cluster=w.text("comparison", row), **slots))
    more = [w.book.cell("comparison", row, "rank") for row in rows[LONGEST:]]
    if more:
        said.append(w.words.parts("lists", "more", len(more), number=w.counted(more)))
    return w.words.listed(said)
