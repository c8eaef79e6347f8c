"""The page on a ranking and a published list: how far they agree, and row by row."""

from typing import Any

from hubrank.analysis.concord import Concord
from hubrank.publishing.page_words import Words, words
from hubrank.publishing.site.one_economy_remarks import of_one_economy
from hubrank.publishing.site.report_page import NONE, ReportTable, report_page, shown

COLUMNS = ("listed_rank", "listed_cluster", "cluster", "rank", "difference", "interval", "variant")


def concord_page(concord: Concord, language: str = "en") -> bytes:
    """Return the page as HTML, in one file."""
    text = words(language, areas=concord.ranks_areas)
    heading = text.say("concord.heading", ranking=concord.ranking, published=concord.published)
    return report_page(
        language,
        heading,
        summary(concord, text),
        [_table(concord, text)],
        note=concord.note and text.say("page.simulated"),
    )


def summary(concord: Concord, text: Words) -> list[str]:
    """Return the agreement in sentences, after what of the edition has to be known."""
    opened = concord.edition
    lines = [] if opened is None else of_one_economy(opened.manifest, text)
    lines += [text.say("concord.matched", matched=concord.matched, listed=concord.listed)]
    if concord.left_out:
        lines.append(text.say("concord.left_out", number=len(concord.left_out), rows=", ".join(concord.left_out)))
    if concord.spearman is not None and concord.kendall is not None:
        lines.append(
            text.say(
                "concord.correlation",
                ranked=concord.ranked,
                spearman=text.number(f"{concord.spearman:.3f}"),
                kendall=text.number(f"{concord.kendall:.3f}"),
            )
        )
    lines += [
        text.say("concord.overlap", first=first, both=both, listed=listed) for first, listed, both in concord.overlaps
    ]
    return lines


def _table(concord: Concord, text: Words) -> ReportTable:
    labels = [name.removesuffix("_share_pct").removesuffix("_pct") for name in concord.shares]
    columns = [text.say(f"concord.{name}") for name in COLUMNS]
    columns += [text.say("concord.share", name=text.label(label)) for label in labels]
    rows = [_cells(row, concord, text) for row in concord.table.to_pylist()]
    numbers = frozenset([0, 3, 4, *range(len(COLUMNS), len(columns))])
    return ReportTable(text.say("concord.rows"), columns, rows, numbers)


def _cells(row: dict[str, Any], concord: Concord, text: Words) -> list[str]:
    variant = row["variant"] and text.say("concord.by_variant", variant=row["variant"], rank=row["variant_rank"])
    inside = {None: NONE, True: text.say("concord.inside"), False: text.say("concord.outside")}[row["within_interval"]]
    return [
        shown(row["listed_rank"]),
        shown(row["listed_cluster"]),
        shown(row["cluster"]),
        shown(row["rank"]),
        text.number(shown(row["difference"], signed=True)),
        inside,
        variant or NONE,
        *(text.number(shown(row[f"difference_{name}"], signed=True)) for name in concord.shares),
    ]
