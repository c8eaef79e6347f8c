"""The parts of a brief: figures with the cells that they come from, sentences, sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEYS = {
    "ranking": ("cluster_id",),
    "clusters": ("cluster_id",),
    "cluster_areas": ("cluster_rank", "area_rank"),
    "comparison": ("cluster_id", "rank"),
    "economies": ("level", "code"),
    "top_shares": ("metric", "top"),
    "intensity": ("cluster_id",),
    "concentration": ("cluster_id", "metric"),
    "robustness": ("cluster_id",),
    "location_report": ("part", "position"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its table, the key of its row, its column and value. In a JSON file `column` is a path."""

    table: str
    row: dict[str, Any]
    column: str
    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; of a JSON document, all its values by path."""

    table: str
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 (a cell)
        return self.values[column]

    def cell(self, column: str) -> Cell:
        """Return one cell of the row."""
        return Cell(self.table, {name: self[name] for name in KEYS.get(self.table, ())}, column, self[column])


@dataclass(frozen=True, slots=True)
class Figure:
    """What a sentence shows, and how it follows from cells.

    how : cell (the value of one cell), both (the values of two), differ (two that are not equal; no value), sum,
        difference (first minus second), count (of the cells) or rest_pct (100 × (first − second) / first).
    """

    shown: str
    value: Any
    how: str
    cells: tuple[Cell, ...]


Part = str | Figure
Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text and figures in order; `key` names the template."""

    key: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under a heading, or a table: its columns, each with whether it is numeric, and rows."""

    heading: str
    sentences: list[Sentence] = field(default_factory=list)
    columns: list[tuple[str, bool]] = field(default_factory=list)
    rows: list[list[Figure]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Brief:
    """A whole brief. `note` comes first; "" where there is none."""

    note: str
    title: str
    language: str
    headline: Sentence
    sections: list[Section]
