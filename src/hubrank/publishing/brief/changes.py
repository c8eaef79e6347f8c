"""Who leads, who moved since the previous edition, and why."""

from collections.abc import Iterator, Sequence
from operator import itemgetter

from hubrank.analysis.data_cause import KEYS
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.publishing.brief.figures import Figure, Part, Row, Sentence
from hubrank.publishing.brief.writer import CAUSES, LEADING, LONGEST, Writer, counted, listed, number

MOST = 3  # risers, and fallers
METHOD = ("clusters", "areas", "points", "merging", "ranking", "weights")  # windows and sources are records, not method
NO_METHOD = ("ranking.weights", "ranking.top")  # weights are compared one by one


def headline(w: Writer) -> Sentence:
    """Return the headline: who ranks first, what changed where one cause explains it, and other ranks it may have."""
    rows = w.ranked(2)
    if not rows:
        return w.say("headline.none")
    current, former = w.first("comparison", "rank", 1), w.first("comparison", "rank_before", 1)
    metrics, settings = _method_changes(w)
    if len(rows) == 1 or rows[0]["score_pct"] == rows[1]["score_pct"]:
        key = "only" if len(rows) == 1 else "level"
    elif current is None or former is None:
        key = "first"
    elif current is former or current["rank_before"] is None:
        key = "kept" if current is former else "entered"
    else:
        key = "taken_because" if current["method"] and metrics and not settings else "taken"
    sentence = w.say(f"headline.{key}", leader=rows[0], second=rows[-1], former=former or (), changes=listed(metrics))
    if key in {"only", "level"} or not w.may_be_behind(rows[0]):
        return sentence
    return Sentence(sentence.key, (*sentence.parts, *w.fill("headline.interval", interval=w.interval(rows[0]))))


def lead(w: Writer) -> Iterator[Sentence]:
    """Yield the first paragraph: metrics of which too little is located, and the leader with what moved it."""
    if w.poorly_located:
        shares = [w.fill("lists.located", share=w.located(name), metric=w.metric(name)) for name in w.poorly_located]
        yield w.say("lead.poorly_located", shares=listed(shares))
    rows = w.ranked(2)
    if not rows:
        yield w.say("lead.none")
        return
    leader, second = rows[0], rows[-1]
    key = "only" if len(rows) == 1 else "level" if leader["score_pct"] == second["score_pct"] else "first"
    slots = {"clusters": counted([row.cell("rank") for row in w.rows("ranking")]), "gap": w.gap(leader, second)}
    yield w.say(f"lead.{key}", leader=leader, second=second, **slots)
    if key == "first":
        yield from _certainty(w, leader)
    if w.study.ranks_areas:
        outside = [(w.outside(name), w.metric(name)) for name in w.study.metrics]
        shares = [w.fill("lists.outside", share=share, metric=metric) for share, metric in outside if share.value]
        yield from [w.say("lead.outside", shares=listed(shares))] * bool(shares)
    yield from _history(w)


def _certainty(w: Writer, leader: Row) -> Iterator[Sentence]:
    """Say which ranks the first may have, and which ranks are not distinguishable from it."""
    if w.may_be_behind(leader):
        yield w.say("lead.interval", interval=w.interval(leader), of=w.template(f"intervals.{w.interval_of(leader)}"))
    row = w.first("robustness", "cluster_id", leader["cluster_id"])
    if row is not None and row["tied_until"] > 1:
        yield w.say("lead.tied", row=row)


def _history(w: Writer) -> Iterator[Sentence]:
    current, former = w.first("comparison", "rank", 1), w.first("comparison", "rank_before", 1)
    if current is None:
        return
    if current is former:
        renamed = current["cluster_before"] != current["cluster"]
        yield w.say("lead.kept_renamed" if renamed else "lead.kept", row=current)
        return
    if current["cluster_id"] not in w.among_equals:
        yield from _new_leader(w, current, former)
    for key, figures in zip(("metrics", "settings"), _method_changes(w), strict=True):
        if figures:
            yield w.say(f"lead.{key}", changes=listed(figures))


def _new_leader(w: Writer, current: Row, former: Row | None) -> Iterator[Sentence]:
    """Say from where the first came, what became of the former first, and what other methods would say."""
    key = "entered" if current["rank_before"] is None else "taken"
    yield w.say(f"lead.{key}", row=current, causes=_causes(w, current))
    if former is not None and former["cluster_id"] not in w.among_equals:
        key = "former_gone" if former["rank"] is None else "former_falls"
        yield w.say(f"lead.{key}", row=former, causes=_causes(w, former))
    if current["method"]:
        rank = current["rank"] + current["method"]
        cells = (current.cell("rank"), current.cell("method"))
        yield w.say("lead.old_method", row=current, rank=Figure(number(rank), rank, "sum", cells))
    if current["method"] and current["previous_rank"] is not None:
        yield w.say("lead.new_method", row=current)


def _causes(w: Writer, row: Row) -> tuple[Part, ...]:
    """Return what moved a cluster, the largest part first; nothing where the comparison cannot attribute the move."""
    if row["move"] is None or row["data"] is None:
        return ()
    parts = sorted((cause for cause in CAUSES if row[cause]), key=lambda cause: -abs(row[cause]))
    keys = [KEYS[w.data_cause] if cause == "data" else cause for cause in parts]
    return w.fill("causes.all", causes=listed([w.fill(f"causes.{key}", row=row) for key in keys]))


def _method_changes(w: Writer) -> tuple[list[Figure], list[Figure]]:
    """Return the metrics that count in one of the two editions only, and the other settings of method that differ."""
    old = w.previous or w.settings
    both = {name for name in w.study.metrics if w.settings[f"weights.{name}"] and old[f"weights.{name}"]}
    metrics, settings = [], []
    for column, value in w.settings.values.items():
        part, name = column.split(".")
        before, cells = old[column], (w.settings.cell(column), old.cell(column))
        if value == before or part not in METHOD or column in NO_METHOD:
            continue
        if part == "weights" and not (value and before):
            shown = w.template("changes.counts" if value else "changes.counts_no_more").format(metric=w.metric(name))
            metrics.append(Figure(shown, value - before, "difference", cells))
        elif column != "clusters.metrics" or both & {*value} != both & {*before}:  # density follows what counts
            shown = f"[ranking] {column}" if part == "weights" else f"[{part}] {name}"
            settings.append(Figure(shown, None, "differ", cells))
    return metrics, settings


def movers(w: Writer) -> Iterator[Sentence]:
    """Yield who rose and fell most since the previous edition, and who entered and left the leading ranks."""
    if w.rows("comparison") and w.rows("ranking"):
        yield from (*_published(w), *_by_one_method(w), *_crossing(w))


def _published(w: Writer) -> Iterator[Sentence]:
    """Say who moved most between the two rankings as published."""
    rows = [row for row in w.rows("comparison") if row["move"] and min(row["rank"], row["rank_before"]) <= w.top]
    if not rows:
        yield w.say("movers.none")
    rows = [row for row in rows if row["cluster_id"] not in w.among_equals]
    rows.sort(key=lambda row: (-abs(row["move"]), row["rank"]))
    most = [*[row for row in rows if row["move"] > 0][:MOST], *[row for row in rows if row["move"] < 0][:MOST]]
    for row in most:
        yield w.say(
            "movers.rises" if row["move"] > 0 else "movers.falls", row=row, range=_range(w, row), causes=_causes(w, row)
        )
    if any(_causes(w, row) for row in most):
        yield w.say("movers.basis")


def _range(w: Writer, moved: Row) -> tuple[Part, ...]:
    """Return the interval of a cluster that moved, and whether it holds the earlier rank: such a move is no news."""
    row = w.first("ranking", "cluster_id", moved["cluster_id"])
    if row is None or not w.has_other_ranks(row):
        return ()
    low, high = w.interval(row).value
    return w.fill("movers.within" if low <= moved["rank_before"] <= high else "movers.range", interval=w.interval(row))


def _by_one_method(w: Writer) -> Iterator[Sentence]:
    """Say who moved most when the records of both editions are ranked by the later method."""
    equals = moved_among_equals(w.rows("comparison"), "previous_rank")
    rows = [row for row in w.rows("comparison") if row["change"] and row["cluster_id"] not in equals]
    rows = [row for row in rows if min(row["rank"], row["previous_rank"]) <= w.top]
    parts = []
    for key, sign in (("movers.largest_rise", 1), ("movers.largest_fall", -1)):
        most = max((sign * row["change"] for row in rows), default=0)
        if moved := [row for row in rows if sign * row["change"] == most > 0]:
            who = "movers.several" if len(moved) > 1 else "movers.one"
            number = counted([row.cell("change") for row in moved])
            parts.append(w.fill(key, row=moved[0], who=w.fill(who, row=moved[0], number=number)))
    if parts:
        yield w.say("movers.by_one_method", changes=listed(parts))


def _crossing(w: Writer) -> Iterator[Sentence]:
    """Say who entered and left the first ten, and the ranks that the study calls the top."""
    for top in dict.fromkeys((LEADING, w.top)):
        for key, end, other in (("entering", "rank", "rank_before"), ("leaving", "rank_before", "rank")):
            rows = [row for row in w.rows("comparison") if (row[end] or top + 1) <= top < (row[other] or top + 1)]
            if rows and len(w.rows("ranking")) > top:
                rows.sort(key=itemgetter(end))
                yield w.say(f"movers.{key}", top=w.leading(top), clusters=_named(w, rows))


def _named(w: Writer, rows: Sequence[Row]) -> tuple[Part, ...]:
    """List five clusters with their ranks in both editions, and how many more there are."""
    keys = ["gone" if row["rank"] is None else "new" if row["rank_before"] is None else "moved" for row in rows]
    names = [w.fill(f"lists.{key}", row=row) for key, row in zip(keys, rows[:LONGEST], strict=False)]
    more = [row.cell("rank") for row in rows[LONGEST:]]
    return listed([*names, *([w.fill("lists.more", number=counted(more))] if more else [])])
