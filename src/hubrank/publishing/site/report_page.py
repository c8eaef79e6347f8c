"""A page of its own, outside an edition: a heading, sentences, a chart and tables, in one file that works from disk."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hubrank.core.units import half_up
from hubrank.publishing.site import ranking_rows, rendering

NONE = "–"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a page; numbers : positions of the columns that hold numbers."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]


def report_page(
    language: str,
    heading: str,
    lead: Sequence[str],
    sections: Sequence[ReportTable],
    *,
    note: str,
    chart: bytes = b"",
    links: Sequence[tuple[str, str]] = (),
    foot: Sequence[str] = (),
) -> bytes:
    """Return a page as HTML.

    lead : sentences above the tables; chart : SVG, b"" for none; note : what every figure must carry, "" for none.
    links : name and address of pages that it leads to; foot : sentences below the tables.
    """
    picture = "data:image/svg+xml;base64," + base64.b64encode(chart).decode() if chart else ""
    return rendering.page_alone(
        "report.html",
        language=language,
        heading=heading,
        lead=lead,
        sections=sections,
        note=note,
        chart=picture,
        chart_text=heading,
        links=links,
        foot=foot,
    )


def shown(value: Any, *, signed: bool = False) -> str:  # noqa: ANN401 (a cell)
    """Return a cell as text: numbers with separators, shares with two decimals, what is missing as a dash."""
    if value is None:
        return NONE
    if isinstance(value, bool) or not isinstance(value, Decimal | float | int):
        return str(value)
    decimals = 0 if isinstance(value, int) else 2
    return ranking_rows.signed(value, decimals) if signed else f"{half_up(value, decimals):,f}"
