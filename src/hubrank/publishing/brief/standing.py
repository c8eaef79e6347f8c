"""What stands in the ranking: leaders of metrics, the first ten, economies, intensity, one-company clusters."""

from collections.abc import Iterator

from hubrank.publishing.brief.figures import Grid, Part, Row, Section, Sentence
from hubrank.publishing.brief.writer import LEADING, LONGEST, Writer

FOLLOWERS = 3  # named after the first by intensity
MOST = 3  # one-company clusters named


def leaders(w: Writer) -> Section:
    """Say who leads in each metric."""
    sentences = [sentence for metric in w.study.metrics for sentence in _leader(w, metric)]
    return Section(w.words.text("headings", "metrics"), sentences)


def _leader(w: Writer, metric: str) -> Iterator[Sentence]:
    rows = [row for row in w.book.ranked(len(w.book.rows("ranking"))) if row[metric]]
    if not rows:
        return
    share, most = f"{metric}_share_pct", max(row[metric] for row in rows)
    best = [row for row in rows if row[metric] == most]
    slots: dict[str, Part] = {
        "count": w.count("ranking", best[0], metric),
        "share": w.share("ranking", best[0], share),
    }
    if len(best) == 1:
        yield w.words.say("leaders", "one", leader=w.name(best[0]), metric=w.words.metric(metric), **slots)
    else:
        level = w.words.listed([w.name(row) for row in best[:LONGEST]])
        yield w.words.say("leaders", "many", leaders=level, metric=w.words.metric(metric), **slots)
    if metric not in w.metrics:
        yield w.words.say("leaders", "no_weight", metric=_capital(w.words.metric(metric)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def top_ten(w: Writer) -> Section:
    """Return the first ten as a table, with ranks before and intervals where they are there."""
    rows = w.book.ranked(LEADING)
    heading = w.words.text("headings", "top").format(number=w.words.number(len(rows)))
    if len(rows) < 2:
        return Section("")
    before = {row["rank"]: row for row in w.book.rows("comparison") if row["rank"] is not None}
    kind = "comparison" if before else "ranking" if w.recounted else ""
    interval = w.book.has("ranking", "rank_low", "rank_high")
    names = ["rank", *["interval"] * interval, "cluster", "economies", "score"]
    heads = [w.words.text("columns", name) for name in names]
    heads += [w.words.text("columns", "share").format(metric=_capital(w.words.metric(m))) for m in w.study.metrics]
    heads += [w.words.text("columns", "rank_before" if before else "previous_rank")] * bool(kind)
    numeric = [name not in {"cluster", "economies"} for name in names] + [True] * (len(heads) - len(names))
    cells = [_row(w, row, interval=interval) + _before(w, row, before, kind) for row in rows]
    return Section(heading, [], Grid(heads, numeric, cells))


def _row(w: Writer, row: Row, *, interval: bool) -> list[Part]:
    ends = ("rank_low", "rank_high")
    shares = [f"{metric}_share_pct" for metric in w.study.metrics]
    return [
        w.whole("ranking", row, "rank"),
        *(
            [w.interval(row)]
            if interval and all(row[end] is not None for end in ends)
            else [w.words.nothing()] * interval
        ),
        w.name(row),
        w.text("ranking", row, "economies"),
        w.score(row),
        *(w.share("ranking", row, share) if row[share] is not None else w.words.nothing() for share in shares),
    ]


def _before(w: Writer, row: Row, before: dict[int, Row], kind: str) -> list[Part]:
    """Return the rank before, as a cell of its own where a table tells it."""
    if not kind:
        return []
    old, column = (before[row["rank"]], "rank_before") if kind == "comparison" else (row, "previous_rank")
    return [w.whole(kind, old, column) if old[column] is not None else w.words.nothing()]


def places(w: Writer) -> Section:
    """Say how much the leading clusters hold together, and in which economies and regions they are."""
    sentences = [*_heads(w), *_economies(w)] if w.book.rows("ranking") else []
    return Section(w.words.text("headings", "places"), sentences)


def _heads(w: Writer) -> Iterator[Sentence]:
    for top in dict.fromkeys((LEADING, w.top)):
        known = {
            row["metric"]: row
            for row in w.book.rows("top_shares")
            if row["top"] == top and row["share_pct"] is not None
        }
        if known and len(w.book.rows("ranking")) > top:
            shares = [
                w.words.parts(
                    "lists",
                    "of_metric",
                    share=w.share("top_shares", known[metric], "share_pct"),
                    metric=w.words.metric(metric),
                )
                for metric in w.study.metrics
                if metric in known
            ]
            yield w.words.say("places", "heads", top=w.first(top), shares=w.words.listed(shares))


def _economies(w: Writer) -> Iterator[Sentence]:
    """Count clusters of the top by economy and region, largest first; ties by the better best rank."""
    rows = [row for row in w.book.rows("economies") if row["clusters_top"]]
    rows.sort(key=lambda row: (-row["clusters_top"], row["best_rank"], row["code"]))
    economies, regions = ([row for row in rows if row["level"] == level] for level in ("economy", "region"))
    if not economies:
        return
    top = w.first(w.top)
    if len(economies) == 1:
        yield w.words.say("places", "only_economy", top=top, economy=w.text("economies", economies[0], "name"))
        return
    most = [_held(w, row) for row in _most(economies)]
    yield w.words.say("places", "economies", top=top, economies=w.words.listed(most))
    all_of_them = [w.book.cell("economies", row, "clusters_top") for row in economies]
    yield w.words.say("places", "count", len(economies), number=w.counted(all_of_them), top=top)
    if len(regions) > 1:
        yield w.words.say("places", "regions", regions=w.words.listed([_held(w, row) for row in regions]))
    if any("/" in row["economies"] for row in w.book.ranked(w.top)):
        yield w.words.say("places", "borders")


def _most(rows: list[Row]) -> list[Row]:
    """Return the first rows, none of which is level with a row that is left out, unless all are level."""
    ahead = [
        row for row in rows[:LONGEST] if len(rows) <= LONGEST or row["clusters_top"] > rows[LONGEST]["clusters_top"]
    ]
    return ahead or rows[:LONGEST]


def _held(w: Writer, row: Row) -> tuple[Part, ...]:
    name, count = w.text("economies", row, "name"), w.whole("economies", row, "clusters_top")
    return w.words.parts("lists", "counted", name=name, count=count)


def intensity(w: Writer) -> Section:
    """Say who makes most per inhabitant."""
    rows = sorted((r for r in w.book.rows("intensity") if r["intensity_rank"]), key=lambda r: r["intensity_rank"])
    heading = w.words.text("headings", "intensity")
    if not rows:
        return Section(heading)
    leader, *others = (w.home(w.book.cluster(row["cluster_id"])) for row in rows[: 1 + FOLLOWERS])
    first = w.words.say("intensity", "first", leader=leader, others=w.words.listed(others))
    sentences = [first if others else w.words.say("intensity", "only", leader=leader)]
    counts = [
        w.words.parts(
            "lists",
            "per_million",
            count=w.count("intensity", rows[0], f"{metric}_per_million"),
            metric=w.words.metric(metric),
        )
        for metric in w.study.metrics
    ]
    name = w.name(w.book.cluster(rows[0]["cluster_id"]))
    sentences.append(w.words.say("intensity", "counts", leader=name, counts=w.words.listed(counts)))
    if rows[0]["indicative"]:
        sentences.append(w.words.say("intensity", "indicative"))
    return Section(heading, sentences)


def organisations(w: Writer) -> Section:
    """Name clusters of the top in which one organisation makes half of the score or more."""
    rank = {row["cluster_id"]: row["rank"] for row in w.book.ranked(w.top)}
    rows = [row for row in w.book.rows("concentration") if row["metric"] == "all" and row["one_organisation"]]
    rows = sorted((row for row in rows if row["cluster_id"] in rank), key=lambda row: rank[row["cluster_id"]])
    sentences = [_one_organisation(w, row) for row in rows[:MOST]]
    more = [w.book.cell("concentration", row, "one_organisation") for row in rows[MOST:]]
    if more:
        sentences.append(w.words.say("organisations", "more", len(more), number=w.counted(more), top=w.first(w.top)))
    return Section(w.words.text("headings", "organisations"), sentences)


def _one_organisation(w: Writer, row: Row) -> Sentence:
    return w.words.say(
        "organisations",
        "one",
        cluster=w.name(w.book.cluster(row["cluster_id"])),
        organisation=w.text("concentration", row, "leader"),
        share=w.share("concentration", row, "leader_share_pct"),
    )
