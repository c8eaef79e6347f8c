"""Who leads, since when, and which changes of the method explain it."""

from collections.abc import Iterator

from hubrank.analysis import continuations
from hubrank.core.edition import poorly_located_economies
from hubrank.publishing.brief import moves
from hubrank.publishing.brief.figures import Figure, Part, Row, Sentence
from hubrank.publishing.brief.writer import INTERVALS, LONGEST, Writer

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
    elif moves.may_be_chance(writer, current):
        key = "first"  # no news, but where the method alone did it: the same records, ranked in two ways
    else:
        key = "taken_because" if current["method"] and metrics and not settings else "taken"
    slots = {"former": former or (), "changes": writer.listed(metrics), "leaders": _level(writer, rows[0])}
    sentence = writer.say(f"headline.{key}", leader=rows[0], **slots)
    if key in {"only", "level"} or not writer.may_be_behind(rows[0]):
        return sentence
    return Sentence(
        sentence.key, (*sentence.parts, *writer.fill("headline.interval", interval=writer.interval(rows[0])))
    )


def _level(writer: Writer, leader: Row) -> tuple[Part, ...]:
    """List the clusters with the score of the first: five, and how many more there are."""
    rows = [row for row in writer.rows("ranking") if row["score_pct"] == leader["score_pct"]]
    rows.sort(key=lambda row: row["rank"])
    names: list[tuple[Part, ...]] = [(writer.show(row, "cluster"),) for row in rows[:LONGEST]]
    if more := [row.cell("rank") for row in rows[LONGEST:]]:
        names.append(writer.fill("lists.more", number=writer.counted(more)))
    return writer.listed(names)


def lead(writer: Writer) -> Iterator[Sentence]:
    """Yield the first paragraph: metrics of which too little is located, and the leader with what moved it."""
    if writer.poorly_located:
        shares = [
            writer.fill("lists.located", share=writer.located(name), metric=writer.metric(name))
            for name in writer.poorly_located
        ]
        yield writer.say("lead.poorly_located", shares=writer.listed(shares))
    yield from _poorly_located_in(writer)
    yield from _of_one_economy(writer)
    rows = writer.ranked(2)
    if not rows:
        yield writer.say("lead.none")
        return
    leader, second = rows[0], rows[-1]
    key = "only" if len(rows) == 1 else "level" if leader["score_pct"] == second["score_pct"] else "first"
    slots = {
        "clusters": writer.counted([row.cell("rank") for row in writer.rows("ranking")]),
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
        yield from [writer.say("lead.outside", shares=writer.listed(shares))] * bool(shares)
        yield from _unlocated(writer)
    yield from _history(writer)


def _unlocated(writer: Writer) -> Iterator[Sentence]:
    """Name the ranked areas that lack listings, as these state their name without being located."""
    paths = [f"areas.unlocated.{at}" for at in range(len(writer.manifest.values.get("areas.unlocated", ())))]
    names = []
    for path in paths[:LONGEST]:
        cells = [writer.manifest.cell(f"{path}.listings.{name}") for name in writer.study.metrics]
        total = sum(cell.value for cell in cells)
        listings = Figure(writer.number(total), total, "sum", tuple(cells))
        area = writer.show(writer.manifest, f"{path}.area")
        names.append(writer.fill("lists.unlocated", area=area, listings=listings))
    if more := [writer.manifest.cell(f"{path}.area_code") for path in paths[LONGEST:]]:
        names.append(writer.fill("lists.more", number=writer.counted(more)))
    if names:
        yield writer.say("lead.unlocated", areas=writer.listed(names))


def _poorly_located_in(writer: Writer) -> Iterator[Sentence]:
    """Name the economies with something ranked of which too little is located."""
    poor = poorly_located_economies(writer.rows("location_report"), writer.rows("ranking"))
    shares = [
        writer.fill(
            "lists.located_in",
            row=row,
            metric=writer.metric(row["metric"]),
            economy=writer.words.economy(row["economy"]),
        )
        for row in poor[:LONGEST]
    ]
    if more := [row.cell("share_pct") for row in poor[LONGEST:]]:
        shares.append(writer.fill("lists.more", number=writer.counted(more)))
    if shares:
        yield writer.say("lead.poorly_located_in", shares=writer.listed(shares))


def _score(writer: Writer) -> tuple[Part, ...]:
    """Return what a score is the sum of, with weights where the metrics have several."""
    weights = [(writer.metric(name), writer.show(writer.settings, f"weights.{name}")) for name in writer.study.metrics]
    scored = [(metric, weight) for metric, weight in weights if weight.value]
    if len({weight.value for _, weight in scored}) == 1:
        key = "score.share" if len(scored) == 1 else "score.sum"
        return writer.fill(key, metrics=writer.listed([metric for metric, _ in scored]))
    weighted = [writer.fill("lists.weighted", metric=metric, weight=weight) for metric, weight in scored]
    return writer.fill("score.weighted_sum", metrics=writer.listed(weighted))


def _of_one_economy(writer: Writer) -> Iterator[Sentence]:
    """Say of which metric one economy has most, and of another far less: ranks across economies do not compare."""
    for name in writer.of_one_economy:
        path = f"metrics.{name}.one_economy"
        shares = {key: writer.show(writer.manifest, f"{path}.{key}_pct") for key in ("share", "other_share")}
        other = writer.metric(writer.manifest[f"{path}.other_metric"])
        economy = writer.words.economy(writer.manifest[f"{path}.economy"])
        yield writer.say("lead.of_one_economy", metric=writer.metric(name), other=other, economy=economy, **shares)


def _largest_part(writer: Writer, leader: Row) -> Iterator[Sentence]:
    """Say where the largest part of the score of the first lies: in which city, and in which area of the study."""
    row = writer.first("clusters", "cluster_id", leader["cluster_id"])
    if row is not None and 0 < (row.values.get("largest_city_share_pct") or 0) < 100:
        yield writer.say("lead.largest_city", row=row)
    areas = [row for row in writer.rows("cluster_areas") if row["cluster_id"] == leader["cluster_id"] and row["area"]]
    largest = max(areas, key=lambda row: row["cluster_share_pct"], default=None)
    if largest is not None and largest["cluster_share_pct"] < 100 and not writer.study.ranks_areas:
        yield writer.say("lead.largest_area", row=largest)


def _certainty(writer: Writer, leader: Row) -> Iterator[Sentence]:
    """Say which ranks the first may have, and which ranks are not distinguishable from it.

    These are so by counts alone: where places leave further ranks open, the first says more.
    """
    if writer.may_be_behind(leader):
        yield writer.say(
            "lead.interval",
            interval=writer.interval(leader),
            of=writer.template(f"intervals.{writer.interval_of(leader)}"),
        )
    row = writer.first("robustness", "cluster_id", leader["cluster_id"])
    last = leader.values.get(INTERVALS[writer.interval_of(leader)][1]) or 1
    if row is not None and row["tied_until"] > 1 and last <= row["tied_until"]:
        yield writer.say("lead.tied", row=row)


def _history(writer: Writer) -> Iterator[Sentence]:
    current, former = writer.first("comparison", "rank", 1), writer.first("comparison", "rank_before", 1)
    if current is None:
        return
    if current is former:
        renamed = current["cluster_before"] != current["cluster"]
        merged = moves.merged(writer, current, "lead.merged") if renamed else ()
        yield writer.say("lead.kept_renamed" if renamed else "lead.kept", row=current, merged=merged)
        return
    if current["cluster_id"] not in writer.among_equals:
        yield from _new_leader(writer, current, former)
    for key, figures in zip(("metrics", "settings"), _method_changes(writer), strict=True):
        if figures:
            yield writer.say(f"lead.{key}", changes=writer.listed(figures))


def _new_leader(writer: Writer, current: Row, former: Row | None) -> Iterator[Sentence]:
    """Say from where the first came, what became of the former first, and what other methods would say."""
    renamed = continuations.is_renamed(current)
    key = "entered" if current["rank_before"] is None else "taken_renamed" if renamed else "taken"
    merged = moves.merged(writer, current, "lead.merged") if renamed else ()
    yield writer.say(
        f"lead.{key}",
        row=current,
        merged=merged,
        chance=moves.chance(writer, current),
        causes=moves.causes(writer, current),
    )
    if former is not None and former["cluster_id"] not in writer.among_equals:
        lost = "former_gone" if former["kind"] == "gone" else "former_absorbed"
        key = lost if former["rank"] is None else "former_falls"
        yield writer.say(
            f"lead.{key}", row=former, chance=moves.chance(writer, former), causes=moves.causes(writer, former)
        )
    if current["method"]:
        rank = current["rank"] + current["method"]
        cells = (current.cell("rank"), current.cell("method"))
        yield writer.say("lead.old_method", row=current, rank=Figure(writer.number(rank), rank, "sum", cells))
    if current["method"] and current["previous_rank"] is not None:
        yield writer.say("lead.new_method", row=current)


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
