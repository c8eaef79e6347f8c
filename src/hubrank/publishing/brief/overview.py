"""What the ranking shows (the first ten, leaders, economies, intensity, organisations), and how certain it is."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hubrank.publishing.brief.figures import Figure, Section, Sentence
from hubrank.publishing.brief.writer import INTERVALS, LEADING, LONGEST, Writer, counted, listed, number, plain

FOLLOWERS = 3  # named after the first by intensity
MOST = 3  # one-company clusters named


def top_ten(w: Writer) -> Section:
    """Return the first ten as a table, with rank intervals and previous ranks where there are any."""
    rows = w.ranked(LEADING)
    if len(rows) < 2:
        return Section("")
    before = {row["rank"]: row for row in w.rows("comparison")}
    interval = "rank_low" in rows[0].values
    names = ["rank", *["interval"] * interval, "cluster", "economies", "score_pct"]
    level = w.show(w.settings, "robustness.level").shown
    of = w.template(f"intervals.{w.interval_of(rows[0])}")
    columns = [
        (w.template(f"columns.{name}").format(level=level, of=of), name not in {"cluster", "economies"})
        for name in names
    ]
    columns += [(w.template("columns.share").format(metric=w.metric(name)), True) for name in w.study.metrics]
    columns += [(w.template("columns.rank_before"), True)] * bool(before)
    shown = [*names, *(f"{name}_share_pct" for name in w.study.metrics)]
    cells = [
        [w.interval(row) if name == "interval" else w.show(row, name) for name in shown]
        + ([w.show(before[row["rank"]], "rank_before")] if before else [])
        for row in rows
    ]
    return Section(w.template("headings.top").format(number=number(len(rows))), [], columns, cells)


def leaders(w: Writer) -> Iterator[Sentence]:
    """Yield who leads in each metric; all of them where several are level."""
    for name in w.study.metrics:
        rows = [row for row in w.rows("ranking") if row[name]]
        best = [row for row in rows if row[name] == max(each[name] for each in rows)]
        best.sort(key=lambda row: row["rank"])
        if best:
            slots = {"count": w.show(best[0], name), "share": w.show(best[0], f"{name}_share_pct")}
            names = listed([w.show(row, "cluster") for row in best[:LONGEST]])
            yield w.say("leaders.most", metric=w.metric(name), leaders=names, **slots)


def places(w: Writer) -> Iterator[Sentence]:
    """Yield the combined share of the leading clusters, and their economies and regions."""
    if w.rows("ranking"):
        yield from (*_top_shares(w), *_economies(w))


def _top_shares(w: Writer) -> Iterator[Sentence]:
    for top in dict.fromkeys((LEADING, w.top)):
        rows = [row for row in w.rows("top_shares") if row["top"] == top and row["share_pct"] is not None]
        rows.sort(key=lambda row: w.study.metrics.index(row["metric"]))
        if rows and len(w.rows("ranking")) > top:
            shares = [w.fill("lists.share", row=row, metric=w.metric(row["metric"])) for row in rows]
            yield w.say("places.top_shares", top=w.leading(top), shares=listed(shares))


def _economies(w: Writer) -> Iterator[Sentence]:
    """Count clusters of the top by economy and region, largest first; ties by the better best rank."""
    rows = [row for row in w.rows("economies") if row["clusters_top"]]
    rows.sort(key=lambda row: (-row["clusters_top"], row["best_rank"], row["code"]))
    for level in ("economy", "region"):
        group = [row for row in rows if row["level"] == level]
        least = group[LONGEST]["clusters_top"] if len(group) > LONGEST else 0
        most = [row for row in group if row["clusters_top"] > least] or group[:LONGEST]  # level rows stay together
        names = listed([w.fill("lists.clusters_top", row=row) for row in most])
        if group:
            yield w.say(f"places.{level}", names=names, number=counted([row.cell("clusters_top") for row in group]))
    if rows and any("/" in row["economies"] for row in w.ranked(w.top)):
        yield w.say("places.borders")


def intensity(w: Writer) -> Iterator[Sentence]:
    """Yield who has the highest score per inhabitant."""
    rows = sorted((r for r in w.rows("intensity") if r["intensity_rank"]), key=lambda r: r["intensity_rank"])
    ids = {row["cluster_id"]: row for row in w.rows("ranking")}
    if rows:
        clusters = [ids[row["cluster_id"]] for row in rows[: 1 + FOLLOWERS]]
        counts = [(w.show(rows[0], f"{name}_per_million"), " ", w.metric(name)) for name in w.study.metrics]
        yield w.say("intensity.most", leaders=listed([w.show(row, "cluster") for row in clusters]))
        yield w.say("intensity.counts", row=clusters[0], counts=listed(counts))


def organisations(w: Writer) -> Iterator[Sentence]:
    """Yield the clusters of the top in which one organisation accounts for at least half of the score."""
    rows = {r["cluster_id"]: r for r in w.rows("concentration") if r["metric"] == "all" and r["one_organisation"]}
    pairs = [(row, rows[row["cluster_id"]]) for row in w.ranked(w.top) if row["cluster_id"] in rows]
    for cluster, row in pairs[:MOST]:
        yield w.say("organisations.one", cluster=cluster, row=row)
    if pairs[MOST:]:
        yield w.say("organisations.more", number=counted([row.cell("one_organisation") for _, row in pairs[MOST:]]))


def caveats(w: Writer) -> Iterator[Sentence]:
    """Yield definitions, the uncertainty of ranks, and what could not be located or used."""
    yield from (*_ranks(w), *_records(w), w.say("caveats.independent"), w.say("caveats.trace"))


def _ranks(w: Writer) -> Iterator[Sentence]:
    """Say what a score and a cluster are, how many ranks of the top are uncertain, and which neighbours are closest."""
    rows = w.ranked(w.top)
    if rows:
        weights = [(w.metric(name), " ", w.show(w.settings, f"weights.{name}")) for name in w.study.metrics]
        yield w.say("caveats.score", weights=listed(weights))
        counted_metrics = w.study.metrics if w.study.ranks_areas else w.study.density
        yield w.say("caveats.threshold", metrics=listed([w.metric(name) for name in counted_metrics]))
    if len(rows) > 1:
        if rows[0].values.get("rank_low") is None:
            yield w.say("caveats.no_interval")
        else:
            of = w.interval_of(rows[0])
            low, high = INTERVALS[of]
            wide = counted([row.cell(high) for row in rows if row[low] != row[high]])
            kind, interval = w.template(f"intervals.{of}"), w.interval(rows[0])
            yield w.say("caveats.interval", leader=rows[0], number=wide, interval=interval, of=kind)
        first, second = min(pairwise(rows), key=lambda pair: pair[0]["score_pct"] - pair[1]["score_pct"])
        gap = w.gap(first, second)
        yield w.say("caveats.close" if gap.value else "caveats.equal", first=first, second=second, gap=gap)
    if rows and not w.rows("comparison"):
        yield w.say("caveats.no_previous")


def _records(w: Writer) -> Iterator[Sentence]:
    """Say how many listings were located and how many rows could not be used."""
    metrics = [name for name in w.study.metrics if w.manifest.values.get(f"metrics.{name}.listings")]
    if metrics:
        yield w.say("caveats.located", metrics=listed([(w.metric(name), " ", w.located(name)) for name in metrics]))
    cells = []
    for place, account in enumerate(w.manifest["sources"]):
        cells += [w.manifest.cell(f"sources.{place}.set_aside.{reason}") for reason in account["set_aside"]]
        for note in account.get("notes", ()):
            yield w.say("caveats.note", metric=w.metric(account["metric"]), note=note)
    if any(account.get("name") for account in w.manifest["sources"]):
        origins = [_origin(w, place) for place in range(len(w.manifest["sources"]))]
        yield w.say("caveats.sources", sources=listed({plain(origin): origin for origin in origins}.values()))
    rows = sum(cell.value for cell in cells)
    if rows:
        yield w.say("caveats.set_aside", number=Figure(number(rows), rows, "sum", tuple(cells)))


def _origin(w: Writer, place: int) -> Sequence[Figure | str]:
    """Name a source as the study does: name, publisher, address and day of access; by its metric where it does not."""
    account = f"sources.{place}"
    if f"{account}.name" not in w.manifest.values:
        return w.fill("lists.unnamed", metric=w.metric(w.manifest[f"{account}.metric"]))
    stated = [key for key in ("name", "publisher", "url") if f"{account}.{key}" in w.manifest.values]
    parts: list[Figure | str] = []
    for key in stated:
        parts += [", "] * bool(parts) + [w.show(w.manifest, f"{account}.{key}")]
    if f"{account}.accessed" in w.manifest.values:
        parts += w.fill("lists.accessed", day=w.show(w.manifest, f"{account}.accessed"))
    return parts
