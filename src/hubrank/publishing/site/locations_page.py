"""The page on locations: where records were put, how sure that is, what contradicts it, and what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hubrank.publishing.page_words import Words
from hubrank.publishing.site.ranking_rows import Cell, cell
from hubrank.publishing.site.site_content import SiteContent

LONGEST = 50  # of a list
_DECIMALS = {"share_pct": 2, "location_probability": 3}
# What each section shows of its part of the table.
SECTIONS = {
    "evidence": ("source", "metric", "subject", "text", "listings", "share_pct"),
    "contradiction": ("metric", "subject", "listings", "share_pct"),
    "contradicted pair": ("metric", "subject", "text", "place", "location_probability", "listings"),
    "one text": ("rank", "subject", "text", "place", "listings", "share_pct"),
    "coverage": ("economy", "metric", "listings", "share_pct", "records"),
    "unlocated": ("rank", "subject", "economy", "records", "rank_best", "rank_worst"),
    "pair": ("metric", "text", "place", "location_probability", "listings", "share_pct"),
}
NUMBERS = frozenset(
    ("source", "listings", "share_pct", "location_probability", "records", "rank", "rank_best", "rank_worst")
)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the page: its name, its columns, its rows as cells, and how many more there are."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: int


def values(content: SiteContent) -> dict[str, Any]:
    """Return what the template shows; sections without a row are left out."""
    return {"sections": [*_sections(content)], "numbers": NUMBERS}


def _sections(content: SiteContent) -> Iterator[Section]:
    by_part: dict[str, list[Row]] = {}
    for row in content.rows_of("location_report"):
        by_part.setdefault(row["part"], []).append(row)
    for part, columns in SECTIONS.items():
        rows = _selected(part, by_part.get(part, []))
        shown = rows if part == "pair" else rows[:LONGEST]
        if shown:
            cells = [[_cell(content, row, name) for name in columns] for row in shown]
            yield Section(part.replace(" ", "_"), columns, cells, len(rows) - len(shown))


def _selected(part: str, rows: list[Row]) -> list[Row]:
    """Return the rows of a part that are worth a reader's time, those that matter most first."""
    if part == "unlocated":
        moved = [row for row in rows if (row["rank_best"], row["rank_worst"]) != (row["rank"], row["rank"])]
        return sorted(moved, key=lambda row: (row["rank"], row["economy"] is None, row["economy"] or ""))
    if part == "one text":
        return sorted(rows, key=lambda row: row["rank"])
    if part == "coverage":
        return sorted(rows, key=lambda row: (-_missing(row), row["metric"], row["economy"] or ""))
    return rows


def _missing(row: Row) -> Decimal:
    """Return how many listings of an economy have no place, times 100."""
    return Decimal(row["listings"] * (100 - (row["share_pct"] or 0)))


def _cell(content: SiteContent, row: Row, name: str) -> Cell:
    value = row[name]
    if name in NUMBERS:
        figure = cell(value, _DECIMALS.get(name, 0))
        return Cell(figure.value, content.words.number(figure.shown))
    if value is None:
        return Cell("", "–")
    return Cell(
        value, content.labels.get(value, "") if name == "metric" else in_words(content.words, row["part"], name, value)
    )


def in_words(words: Words, part: str, name: str, value: str) -> str:
    """Return what the table says in English words of its own as the language has it; names and texts as they are."""
    if part == "evidence" and name == "subject":
        return words.listed(words.texts["evidence"].get(kind, kind) for kind in value.split("+"))
    if part == "evidence" and name == "text":
        side, _, edge = value.partition(" 0")
        name_of = side.replace(" ", "_")
        is_known = name_of in words.texts["probabilities"]
        return words.say(f"probabilities.{name_of}", edge=words.number(f"0{edge}")) if is_known else value
    if part.startswith("contradict") and name == "subject":
        return words.divided([words.texts["contradictions"].get(each, each) for each in value.split("; ")])
    return value
