"""Who leads, who moved since the previous edition, and why."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import itemgetter

from hubrank.analysis import certain_moves, continuations
from hubrank.analysis.data_cause import KEYS
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.analysis.score_changes import have_same_weights, score_change
from hubrank.core import countries
from hubrank.core.edition import poorly_located_economies
from hubrank.publishing.brief.figures import Figure, Part, Row, Sentence
from hubrank.publishing.brief.writer import CAUSES, LEADING, LONGEST, Writer, counted, listed, number, shown_interval

MOST = 3  # risers, and fallers
LEAST_POINTS = Decimal("0.01")  # of a change in score that is shown with two decimals
METHOD = ("clusters", "areas", "points", "merging", "ranking", "weights")  # windows and sources are records, not method
NO_METHOD = ("ranking.weights", "ranking.top")  # weights are compared one by one


def headline(writer: Writer) -> Sentence:
    """Return the headline: who ranks first, what changed where one cause explains it, and other ranks it may have."""
    rows = writer.ranked(2)
    if not rows:
        return writer.say("headline.none")
    current, former = writer.first("comparison", "rank", 1), writer.first("comparison", "rank_before", 1)
    metrics, settings = _method_changes(writer)
    if len(rows) == 1 or rows[0]["score_pct"] == rows[1]["score_pct"]:
        key = "only" if len(rows) == 1 else "level"
    elif current is None or former is None:
        key = "first"
    elif current is former or current["rank_before"] is None:
        key = "kept" if current is former else "entered"
    elif _may_be_chance(writer, current):
        key = "first"  # no news, but where the method alone did it: the same records, ranked in two ways
    else:
        key = "taken_because" if current["method"] and metrics and not settings else "taken"
    sentence = writer.say(
        f"headline.{key}", leader=rows[0], second=rows[-1], former=former or (), changes=listed(metrics)
    )
    if key in {"only", "level"} or not writer.may_be_behind(rows[0]):
        return sentence
    return Sentence(
        sentence.key, (*sentence.parts, *writer.fill("headline.interval", interval=writer.interval(rows[0])))
    )


def lead(writer: Writer) -> Iterator[Sentence]:
    """Yield the first paragraph: metrics of which too little is located, and the leader with what moved it."""
    if writer.poorly_located:
        shares = [
            writer.fill("lists.located", share=writer.located(name), metric=writer.metric(name))
            for name in writer.poorly_located
        ]
        yield writer.say("lead.poorly_located", shares=listed(shares))
    yield from _poorly_located_in(writer)
    yield from _of_one_economy(writer)
    rows = writer.ranked(2)
    if not rows:
        yield writer.say("lead.none")
        return
    leader, second = rows[0], rows[-1]
    key = "only" if len(rows) == 1 else "level" if leader["score_pct"] == second["score_pct"] else "first"
    slots = {
        "clusters": counted([row.cell("rank") for row in writer.rows("ranking")]),
        "gap": writer.gap(leader, second),
    }
    yield writer.say(f"lead.{key}", leader=leader, second=second, score=_score(writer), **slots)
    if key != "level":
        yield from _largest_part(writer, leader)
    if key == "first":
        yield from _certainty(writer, leader)
    if writer.study.ranks_areas:
        outside = [(writer.outside(name), writer.metric(name)) for name in writer.study.metrics]
        shares = [writer.fill("lists.outside", share=share, metric=metric) for share, metric in outside if share.value]
        yield from [writer.say("lead.outside", shares=listed(shares))] * bool(shares)
    yield from _history(writer)


def _poorly_located_in(writer: Writer) -> Iterator[Sentence]:
    """Name the economies with something ranked of which too little is located."""
    poor = poorly_located_economies(writer.rows("location_report"), writer.rows("ranking"))
    shares = [
        writer.fill(
            "lists.located_in", row=row, metric=writer.metric(row["metric"]), economy=countries.name(row["economy"])
        )
        for row in poor[:LONGEST]
    ]
    if more := [row.cell("share_pct") for row in poor[LONGEST:]]:
        shares.append(writer.fill("lists.more", number=counted(more)))
    if shares:
        yield writer.say("lead.poorly_located_in", shares=listed(shares))


def _score(writer: Writer) -> tuple[Part, ...]:
    """Return what a score is the sum of, with weights where the metrics have several."""
    weights = [(writer.metric(name), writer.show(writer.settings, f"weights.{name}")) for name in writer.study.metrics]
    scored = [(metric, weight) for metric, weight in weights if weight.value]
    if len({weight.value for _, weight in scored}) == 1:
        key = "score.share" if len(scored) == 1 else "score.sum"
        return writer.fill(key, metrics=listed([metric for metric, _ in scored]))
    weighted = [writer.fill("lists.weighted", metric=metric, weight=weight) for metric, weight in scored]
    return writer.fill("score.weighted_sum", metrics=listed(weighted))


def _of_one_economy(writer: Writer) -> Iterator[Sentence]:
    """Say of which metric one economy has most, and of another far less: ranks across economies do not compare."""
    for name in writer.of_one_economy:
        path = f"metrics.{name}.one_economy"
        shares = {key: writer.show(writer.manifest, f"{path}.{key}_pct") for key in ("share", "other_share")}
        other = writer.metric(writer.manifest[f"{path}.other_metric"])
        economy = countries.name(writer.manifest[f"{path}.economy"])
        yield writer.say("lead.of_one_economy", metric=writer.metric(name), other=other, economy=economy, **shares)


def _largest_part(writer: Writer, leader: Row) -> Iterator[Sentence]:
    """Say where the largest part of the score of the first lies: in which city, and in which area of the study."""
    row = writer.first("clusters", "cluster_id", leader["cluster_id"])
    if row is not None and 0 < (row.values.get("largest_city_share_pct") or 0) < 100:
        yield writer.say("lead.largest_city", row=row)
    areas = [row for row in writer.rows("cluster_areas") if row["cluster_id"] == leader["cluster_id"] and row["area"]]
    if areas and not writer.study.ranks_areas:
        yield writer.say("lead.largest_area", row=max(areas, key=lambda row: row["cluster_share_pct"]))


def _certainty(writer: Writer, leader: Row) -> Iterator[Sentence]:
    """Say which ranks the first may have, and which ranks are not distinguishable from it."""
    if writer.may_be_behind(leader):
        yield writer.say(
            "lead.interval",
            interval=writer.interval(leader),
            of=writer.template(f"intervals.{writer.interval_of(leader)}"),
        )
    row = writer.first("robustness", "cluster_id", leader["cluster_id"])
    if row is not None and row["tied_until"] > 1:
        yield writer.say("lead.tied", row=row)


def _history(writer: Writer) -> Iterator[Sentence]:
    current, former = writer.first("comparison", "rank", 1), writer.first("comparison", "rank_before", 1)
    if current is None:
        return
    if current is former:
        renamed = current["cluster_before"] != current["cluster"]
        merged = _merged(writer, current, "lead.merged") if renamed else ()
        yield writer.say("lead.kept_renamed" if renamed else "lead.kept", row=current, merged=merged)
        return
    if current["cluster_id"] not in writer.among_equals:
        yield from _new_leader(writer, current, former)
    for key, figures in zip(("metrics", "settings"), _method_changes(writer), strict=True):
        if figures:
            yield writer.say(f"lead.{key}", changes=listed(figures))


def _new_leader(writer: Writer, current: Row, former: Row | None) -> Iterator[Sentence]:
    """Say from where the first came, what became of the former first, and what other methods would say."""
    renamed = continuations.is_renamed(current)
    key = "entered" if current["rank_before"] is None else "taken_renamed" if renamed else "taken"
    merged = _merged(writer, current, "lead.merged") if renamed else ()
    yield writer.say(
        f"lead.{key}", row=current, merged=merged, chance=_chance(writer, current), causes=_causes(writer, current)
    )
    if former is not None and former["cluster_id"] not in writer.among_equals:
        lost = "former_gone" if former["kind"] == "gone" else "former_absorbed"
        key = lost if former["rank"] is None else "former_falls"
        yield writer.say(f"lead.{key}", row=former, chance=_chance(writer, former), causes=_causes(writer, former))
    if current["method"]:
        rank = current["rank"] + current["method"]
        cells = (current.cell("rank"), current.cell("method"))
        yield writer.say("lead.old_method", row=current, rank=Figure(number(rank), rank, "sum", cells))
    if current["method"] and current["previous_rank"] is not None:
        yield writer.say("lead.new_method", row=current)


def _chance(writer: Writer, moved: Row) -> str:
    """Return that a move may be chance; "" where the intervals of both editions lie apart."""
    return writer.template("movers.chance") if _may_be_chance(writer, moved) else ""


def _causes(writer: Writer, row: Row) -> tuple[Part, ...]:
    """Return what moved a cluster, the largest part first; nothing where the comparison cannot attribute the move."""
    if row["move"] is None or row["data"] is None:
        return ()
    parts = sorted((cause for cause in CAUSES if row[cause]), key=lambda cause: -abs(row[cause]))
    keys = [KEYS[writer.data_cause] if cause == "data" else cause for cause in parts]
    return writer.fill("causes.all", causes=listed([writer.fill(f"causes.{key}", row=row) for key in keys]))


def _method_changes(writer: Writer) -> tuple[list[Figure], list[Figure]]:
    """Return the metrics that count in one of the two editions only, and the other settings of method that differ."""
    old = writer.previous or writer.settings
    both = {name for name in writer.study.metrics if writer.settings[f"weights.{name}"] and old[f"weights.{name}"]}
    metrics, settings = [], []
    for column, value in writer.settings.values.items():
        part, name = column.split(".")
        if part not in METHOD or column in NO_METHOD or value == (before := old[column]):
            continue  # the study before may lack what is no method, such as an id for a name
        cells = (writer.settings.cell(column), old.cell(column))
        if part == "weights" and not (value and before):
            shown = writer.template("changes.counts" if value else "changes.counts_no_more").format(
                metric=writer.metric(name)
            )
            metrics.append(Figure(shown, value - before, "difference", cells))
        elif column != "clusters.metrics" or both & {*value} != both & {*before}:  # density follows what counts
            shown = f"[ranking] {column}" if part == "weights" else f"[{part}] {name}"
            settings.append(Figure(shown, None, "differ", cells))
    return metrics, settings


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
    rows.sort(key=lambda row: (_may_be_chance(writer, row), -abs(row["move"]), row["rank"]))
    most = [*[row for row in rows if row["move"] > 0][:MOST], *[row for row in rows if row["move"] < 0][:MOST]]
    most.sort(key=lambda row: _may_be_chance(writer, row))
    for row in most:
        renamed = continuations.is_renamed(row)
        keys = ("movers.continues_up", "movers.continues_down") if renamed else ("movers.rises", "movers.falls")
        yield writer.say(
            keys[row["move"] < 0],
            row=row,
            merged=_merged(writer, row) if renamed else (),
            range=_range(writer, row),
            causes=_causes(writer, row),
        )
    if any(_causes(writer, row) for row in most):
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
            yield writer.say(key, clusters=listed(names))


def _merged(writer: Writer, row: Row, key: str = "movers.merged") -> tuple[Part, ...]:
    """Return which other clusters of the previous edition one of now contains; nothing where it contains none.

    key : of the template.
    """
    others = continuations.absorbed_by(writer.rows("comparison")).get(row["cluster_id"], [])
    names = [writer.fill("lists.former", row=other) for other in others[:LONGEST]]
    if others[LONGEST:]:
        cells = [other.cell("rank_before") for other in others[LONGEST:]]
        names.append(writer.fill("lists.more", number=counted(cells)))
    return writer.fill(key, clusters=listed(names)) if names else ()


def _may_be_chance(writer: Writer, moved: Row) -> bool:
    """Return whether the move of a cluster may be chance, and so is no news."""
    return certain_moves.may_be_chance(moved.values, _interval(writer, moved))


def _interval(writer: Writer, moved: Row) -> certain_moves.Interval | None:
    """Return the interval that a row of the comparison has in this edition."""
    row = writer.first("ranking", "cluster_id", moved["cluster_id"])
    return None if row is None or moved["rank"] is None else certain_moves.rank_interval(row.values)


def _range(writer: Writer, moved: Row) -> tuple[Part, ...]:
    """Return the intervals of a cluster that moved, and whether the move may be chance."""
    row = writer.first("ranking", "cluster_id", moved["cluster_id"])
    before = certain_moves.interval_before(moved.values)
    if row is None or not (writer.has_other_ranks(row) or (before and before[0] < before[1])):
        return ()
    intervals = {"interval": writer.interval(row)}
    if before:
        columns = ("rank_before_low", "rank_before_high")
        intervals["before"] = Figure(shown_interval(before), [*before], "both", tuple(map(moved.cell, columns)))
    keys = ("movers.within_both", "movers.range_both") if before else ("movers.within", "movers.range")
    return writer.fill(keys[not _may_be_chance(writer, moved)], **intervals)


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
            number = counted([row.cell("change") for row in moved])
            doubt = writer.template("lists.chance") if _may_be_chance(writer, moved[0]) else ""
            slots = {"who": writer.fill(who, row=moved[0], number=number, chance=doubt)}
            parts.append(writer.fill(key, row=moved[0], **slots))
    if parts:
        yield writer.say("movers.by_one_method", changes=listed(parts))


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
    return certain_moves.crosses_by_chance(moved.values, _interval(writer, moved), top)


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
    return listed([*names, *([writer.fill("lists.more", number=counted(more))] if more else [])])
