"""The page of a series: ranks and shares over time, clusters that rise and clusters that fall."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hubrank.analysis.comparison.trends import Trend, falling, rising
from hubrank.core.edition import years_shown
from hubrank.publishing.page_words import Words, words
from hubrank.publishing.site.documentation import sources
from hubrank.publishing.site.one_economy_remarks import of_one_economy
from hubrank.publishing.site.report_page import ReportTable, report_page, shown


def series_page(
    title: str,
    names: Sequence[str],
    lines: Sequence[Trend],
    metrics: Mapping[str, str],
    chart: bytes,
    *,
    manifests: Sequence[Mapping[str, Any]] = (),
    note: str = "",
    areas: bool = False,
    language: str = "en",
    links: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the page as HTML, in one file.

    names : of the editions; lines : the clusters, in order; metrics : what each is called, by name; chart : SVG.
    manifests : of the editions, for their windows, remarks and sources.
    areas : whether they are areas in place of clusters; links : name and address of the pages of editions.
    """
    text = words(language, areas=areas)
    lead = [
        *_remarks(names, manifests, text),
        text.say("series.lead", first=names[0], last=names[-1], editions=len(names), clusters=len(lines)),
        *_windows(manifests, metrics, text),
    ]
    sections = [_ranks(lines, names, text)]
    sections += [
        _moved(text.say("series.rising"), rising(lines), names, text),
        _moved(text.say("series.falling"), falling(lines), names, text),
        _over_time(text.say("series.scores"), lines, names, [line.scores for line in lines], text),
    ]
    sections += [
        _over_time(
            text.say("series.shares", metric=text.label(label)),
            lines,
            names,
            [line.shares[metric] for line in lines],
            text,
        )
        for metric, label in metrics.items()
    ]
    heading = text.say("series.heading", title=title)
    return report_page(
        language,
        heading,
        lead,
        sections,
        note=note and text.say("page.simulated"),
        chart=chart,
        links=links,
        foot=[*_sources(manifests, text), text.say("page.foot", title=title, edition=f"{names[0]}–{names[-1]}")],
    )


def _remarks(names: Sequence[str], manifests: Sequence[Mapping[str, Any]], text: Words) -> list[str]:
    """Return what the newest edition that has any says of metrics of one economy, with the name of that edition."""
    for name, manifest in reversed(list(zip(names, manifests, strict=False))):
        if remarks := of_one_economy(manifest, text):
            return [f"{name}{text.say('lists.colon')}{remark}" for remark in remarks]
    return []


def _windows(manifests: Sequence[Mapping[str, Any]], metrics: Mapping[str, str], text: Words) -> Iterator[str]:
    """Say of how many years the window of each metric is, once where all have the same."""
    if not manifests:
        return
    first, last = (manifest["study"].get("windows", {}) for manifest in (manifests[0], manifests[-1]))
    stated = {
        label: text.say(
            "series.window",
            count=last[name][1] - last[name][0] + 1,
            first=years_shown(*first[name]),
            last=years_shown(*last[name]),
        )
        for name, label in metrics.items()
        if name in first and name in last
    }
    if not stated:
        return
    alike = len(set(stated.values())) == 1 and len(stated) == len(metrics)
    each = [f"{text.label(label)}{text.say('lists.space') or ' '}{window}" for label, window in stated.items()]
    yield text.say("series.windows", windows=next(iter(stated.values())) if alike else text.listed(each))


def _sources(manifests: Sequence[Mapping[str, Any]], text: Words) -> Iterator[str]:
    """Name the sources as the pages of an edition do: name, publisher, address and day of access."""
    accounts = sources(manifests[-1], text) if manifests else []
    named = dict.fromkeys(filter(None, (_source(account, text) for account in accounts)))
    if named:
        listed = text.say("lists.divider").join(named)
        yield f"{text.say('sources.read')}{text.say('lists.colon')}{listed}{text.say('lists.stop')}"


def _source(account: Mapping[str, Any], text: Words) -> str:
    name = account["name"] or text.say("sources.read_by", metric=account["metric"], reader=account["reader"])
    accessed = text.say("sources.accessed", day=account["accessed"]) if account["accessed"] else ""
    return text.say("lists.comma").join(filter(None, [name, account["publisher"], account["url"], accessed]))


def _name(line: Trend) -> str:
    return f"{line.cluster} ({line.economies})"


def _over_time(
    heading: str, lines: Sequence[Trend], names: Sequence[str], values: Sequence[Sequence[object]], text: Words
) -> ReportTable:
    rows = [
        [_name(line), *(text.number(shown(each)) for each in cells)] for line, cells in zip(lines, values, strict=True)
    ]
    return ReportTable(heading, [text.say("series.cluster"), *names], rows, frozenset(range(1, len(names) + 1)))


def _ranks(lines: Sequence[Trend], names: Sequence[str], text: Words) -> ReportTable:
    heading = "series.intervals" if any(any(line.intervals) for line in lines) else "series.ranks"
    ranks = [list(map(_rank, line.ranks, line.intervals)) for line in lines]
    return _over_time(text.say(heading), lines, names, ranks, text)


def _rank(rank: int | None, interval: tuple[int, int] | None) -> str:
    return shown(rank) if interval is None else f"{shown(rank)} ({shown(interval[0])}–{shown(interval[1])})"


def _moved(heading: str, lines: Sequence[Trend], names: Sequence[str], text: Words) -> ReportTable:
    columns = [text.say("series.cluster"), names[0], names[-1], text.say("series.places")]
    rows = [[_name(line), shown(line.ranks[0]), shown(line.ranks[-1]), shown(line.rise, signed=True)] for line in lines]
    return ReportTable(heading, columns, rows, frozenset((1, 2, 3)))
