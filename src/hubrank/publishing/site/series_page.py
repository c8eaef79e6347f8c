"""The page of a series: ranks and shares over time, clusters that rise and clusters that fall."""

from collections.abc import Mapping, Sequence

from hubrank.analysis.comparison.trends import Trend, falling, rising
from hubrank.publishing.page_words import Words, words
from hubrank.publishing.site.report_page import ReportTable, report_page, shown


def series_page(
    title: str,
    names: Sequence[str],
    lines: Sequence[Trend],
    metrics: Mapping[str, str],
    chart: bytes,
    *,
    note: str = "",
    areas: bool = False,
    language: str = "en",
    links: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the page as HTML, in one file.

    names : of the editions; lines : the clusters, in order; metrics : what each is called, by name; chart : SVG.
    areas : whether they are areas in place of clusters; links : name and address of the pages of editions.
    """
    text = words(language, areas=areas)
    lead = [text.say("series.lead", first=names[0], last=names[-1], editions=len(names), clusters=len(lines))]
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
    )


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
