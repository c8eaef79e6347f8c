"""What the ranking shows (the first ten, leaders, economies, intensity, organisations), and how certain it is."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hubrank.publishing.brief.figures import Figure, Part, Row, Section, Sentence
from hubrank.publishing.brief.writer import INTERVALS, LEADING, LONGEST, Writer, plain
from hubrank.ranking.tables.city_people import counts_a_part
from hubrank.ranking.tables.concentration import ALL, FEWEST_RECORDS

FOLLOWERS = 3  # named after the first by intensity
MOST = 3  # one-company clusters named


def top_ten(writer: Writer) -> Section:
    """Return the first ten as a table, with rank intervals and previous ranks where there are any."""
    rows = writer.ranked(LEADING)
    if len(rows) < 2:
        return Section("")
    before = {row["rank"]: row for row in writer.rows("comparison")}
    interval = "rank_low" in rows[0].values
    names = ["rank", *["interval"] * interval, "cluster", "economies", "score_pct"]
    level = writer.show(writer.settings, "robustness.level").shown
    of = writer.template(f"intervals.{writer.interval_of(rows[0])}")
    columns = [
        (writer.template(f"columns.{name}").format(level=level, of=of), name not in {"cluster", "economies"})
        for name in names
    ]
    columns += [
        (writer.template("columns.share").format(metric=writer.metric(name)), True) for name in writer.study.metrics
    ]
    columns += [(writer.template("columns.rank_before"), True)] * bool(before)
    shown = [*names, *(f"{name}_share_pct" for name in writer.study.metrics)]
    cells = [
        [writer.interval(row) if name == "interval" else writer.show(row, name) for name in shown]
        + ([writer.show(before[row["rank"]], "rank_before")] if before else [])
        for row in rows
    ]
    return Section(writer.template("headings.top").format(number=writer.number(len(rows))), [], columns, cells)


def leaders(writer: Writer) -> Iterator[Sentence]:
    """Yield who leads in each metric; all of them where several are level."""
    for name in writer.study.metrics:
        rows = [row for row in writer.rows("ranking") if row[name]]
        best = [row for row in rows if row[name] == max(each[name] for each in rows)]
        best.sort(key=lambda row: row["rank"])
        if best:
            slots = {"count": writer.show(best[0], name), "share": writer.show(best[0], f"{name}_share_pct")}
            names = writer.listed([writer.show(row, "cluster") for row in best[:LONGEST]])
            yield writer.say("leaders.most", metric=writer.metric(name), leaders=names, **slots)


def places(writer: Writer) -> Iterator[Sentence]:
    """Yield the combined share of the leading clusters, and their economies and regions."""
    if writer.rows("ranking"):
        yield from (*_top_shares(writer), *_economies(writer))


def _top_shares(writer: Writer) -> Iterator[Sentence]:
    for top in dict.fromkeys((LEADING, writer.top)):
        rows = [row for row in writer.rows("top_shares") if row["top"] == top and row["share_pct"] is not None]
        rows.sort(key=lambda row: writer.study.metrics.index(row["metric"]))
        if rows and len(writer.rows("ranking")) > top:
            shares = [writer.fill("lists.share", row=row, metric=writer.metric(row["metric"])) for row in rows]
            yield writer.say("places.top_shares", top=writer.leading(top), shares=writer.listed(shares))


def _economies(writer: Writer) -> Iterator[Sentence]:
    """Count clusters of the top by economy and region, largest first; ties by the better best rank."""
    rows = [row for row in writer.rows("economies") if row["clusters_top"]]
    rows.sort(key=lambda row: (-row["clusters_top"], row["best_rank"], row["code"]))
    for level in ("economy", "region"):
        group = [row for row in rows if row["level"] == level]
        least = group[LONGEST]["clusters_top"] if len(group) > LONGEST else 0
        most = [row for row in group if row["clusters_top"] > least] or group[:LONGEST]  # level rows stay together
        names = writer.listed([writer.fill("lists.clusters_top", row=row) for row in most])
        if len(group) > 1:  # of a study of one country there is nothing to count
            yield writer.say(
                f"places.{level}", names=names, number=writer.counted([row.cell("clusters_top") for row in group])
            )
    if rows and any("/" in row["economies"] for row in writer.ranked(writer.top)):
        yield writer.say("places.borders")


def intensity(writer: Writer) -> Iterator[Sentence]:
    """Yield who has the highest score per inhabitant."""
    rows = sorted(
        (row for row in writer.rows("intensity") if row["intensity_rank"]), key=lambda row: row["intensity_rank"]
    )
    ids = {row["cluster_id"]: row for row in writer.rows("ranking")}
    if rows:
        clusters = [ids[row["cluster_id"]] for row in rows[: 1 + FOLLOWERS]]
        counts = [
            writer.fill("lists.count", count=writer.show(rows[0], f"{name}_per_million"), metric=writer.metric(name))
            for name in writer.study.metrics
        ]
        if parts := [row for row in writer.ranked(writer.top) if counts_a_part(row.values)]:
            names = [writer.show(row, "cluster") for row in parts[:LONGEST]]
            number = writer.counted([row.cell("population") for row in parts])
            yield writer.say("intensity.parts", number=number, clusters=writer.listed(names))
        yield writer.say("intensity.most", leaders=writer.listed([_marked(writer, row) for row in clusters]))
        yield writer.say("intensity.counts", row=clusters[0], counts=writer.listed(counts))
        if rows[0]["intensity_rank_low"] < rows[0]["intensity_rank_high"]:
            yield writer.say("intensity.open", row=rows[0], cluster=clusters[0])


def _marked(writer: Writer, row: Row) -> Part | Sequence[Part]:
    """Return the name of a cluster, with a mark where its figures per inhabitant may be too high."""
    name = writer.show(row, "cluster")
    return writer.fill("lists.may_be_too_high", cluster=name) if counts_a_part(row.values) else name


def organisations(writer: Writer) -> Iterator[Sentence]:
    """Yield the clusters of the top in which one organisation accounts for at least half of the score.

    Of clusters with fewer than FEWEST_RECORDS records nothing is said: half of one patent is no domination.
    """
    rows = {
        row["cluster_id"]: row
        for row in writer.rows("concentration")
        if row["metric"] == ALL and row["one_organisation"]
    }
    ranked = [row for row in writer.ranked(writer.top) if row["cluster_id"] in rows]
    pairs = [
        (row, rows[row["cluster_id"]])
        for row in ranked
        if sum(row[metric] or 0 for metric in writer.study.metrics) >= FEWEST_RECORDS
    ]
    for cluster, row in pairs[:MOST]:
        yield writer.say("organisations.one", cluster=cluster, row=row)
    if pairs[MOST:]:
        yield writer.say(
            "organisations.more", number=writer.counted([row.cell("one_organisation") for _, row in pairs[MOST:]])
        )


def caveats(writer: Writer) -> Iterator[Sentence]:
    """Yield definitions, the uncertainty of ranks, and what could not be located or used."""
    yield from (*_ranks(writer), *_records(writer), writer.say("caveats.independent"), writer.say("caveats.trace"))


def _ranks(writer: Writer) -> Iterator[Sentence]:
    """Say what a score and a cluster are, how many ranks of the top are uncertain, and which neighbours are closest."""
    rows = writer.ranked(writer.top)
    if rows:
        weights = [
            (writer.metric(name), " ", writer.show(writer.settings, f"weights.{name}")) for name in writer.study.metrics
        ]
        yield writer.say("caveats.score", weights=writer.listed(weights))
        counted_metrics = writer.study.metrics if writer.study.ranks_areas else writer.study.density
        yield writer.say("caveats.threshold", metrics=writer.listed([writer.metric(name) for name in counted_metrics]))
    if len(rows) > 1:
        if rows[0].values.get("rank_low") is None:
            yield writer.say("caveats.no_interval")
        else:
            of = writer.interval_of(rows[0])
            low, high = INTERVALS[of]
            wide = writer.counted([row.cell(high) for row in rows if row[low] != row[high]])
            kind, interval = writer.template(f"intervals.{of}"), writer.interval(rows[0])
            yield writer.say("caveats.interval", leader=rows[0], number=wide, interval=interval, of=kind)
        first, second = min(pairwise(rows), key=lambda pair: pair[0]["score_pct"] - pair[1]["score_pct"])
        gap = writer.gap(first, second)
        yield writer.say("caveats.close" if gap.value else "caveats.equal", first=first, second=second, gap=gap)
    if rows and not writer.rows("comparison"):
        yield writer.say("caveats.no_previous")


def _records(writer: Writer) -> Iterator[Sentence]:
    """Say of which years records are, how many listings were located and how many rows could not be used."""
    if years := [
        (writer.metric(name), " ", writer.years(name)) for name in writer.study.metrics if name in writer.study.windows
    ]:
        yield writer.say("caveats.years", years=writer.listed(years))
    metrics = [name for name in writer.study.metrics if writer.manifest.values.get(f"metrics.{name}.listings")]
    if metrics:
        located = [(writer.metric(name), " ", writer.located(name)) for name in metrics]
        yield writer.say("caveats.located", metrics=writer.listed(located))
    cells = []
    for place, account in enumerate(writer.manifest["sources"]):
        cells += [writer.manifest.cell(f"sources.{place}.set_aside.{reason}") for reason in account["set_aside"]]
        for note in account.get("notes", ()):
            yield writer.say("caveats.note", metric=writer.metric(account["metric"]), note=note)
    if any(account.get("name") for account in writer.manifest["sources"]):
        origins = [_origin(writer, place) for place in range(len(writer.manifest["sources"]))]
        different = {plain(origin): origin for origin in origins}.values()
        yield writer.say("caveats.sources", sources=writer.listed(different))
    rows = sum(cell.value for cell in cells)
    if rows:
        yield writer.say("caveats.set_aside", number=Figure(writer.number(rows), rows, "sum", tuple(cells)))


def _origin(writer: Writer, place: int) -> Sequence[Figure | str]:
    """Name a source as the study does: name, publisher, address and day of access; by its metric where it does not."""
    account = f"sources.{place}"
    if f"{account}.name" not in writer.manifest.values:
        return writer.fill("lists.unnamed", metric=writer.metric(writer.manifest[f"{account}.metric"]))
    stated = [key for key in ("name", "publisher", "url") if f"{account}.{key}" in writer.manifest.values]
    parts: list[Figure | str] = []
    for key in stated:
        parts += [", "] * bool(parts) + [writer.show(writer.manifest, f"{account}.{key}")]
    if f"{account}.accessed" in writer.manifest.values:
        parts += writer.fill("lists.accessed", day=writer.show(writer.manifest, f"{account}.accessed"))
    return parts
