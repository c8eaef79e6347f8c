"""What a brief is made of: figures that know the cells they come from, sentences, sections."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

KEYS = {
    "ranking": ("cluster_id",),
    "comparison": ("cluster_id", "rank"),
    "economies": ("level", "code"),
    "top_shares": ("metric", "top"),
    "intensity": ("cluster_id",),
    "concentration": ("cluster_id", "metric"),
}
MANIFEST = "edition.json"
STUDY, OLD_STUDY = "study of edition.json", "study of the previous edition.json"  # read with its defaults
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: in which table, in the row with which key, in which column. In a JSON file `column` is a path."""

    table: str
    row: dict[str, Any]
    column: str
    value: Any


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that a sentence shows, and what it is made of.

    how : cell (the value of one cell), both (the values of two), differ (two that are not equal; no value), sum,
        difference (first minus second), count (of the cells) or rest_pct (100 × (first − second) / first).
    """

    shown: str
    value: Any
    how: str
    cells: tuple[Cell, ...]


Part = str | Figure


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text and figures in their order; `key` says which words it was made of."""

    key: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part if isinstance(part, str) else part.shown for part in self.parts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table: heads of columns, which of them hold numbers, rows of parts."""

    heads: list[str]
    numeric: list[bool]
    rows: list[list[Part]]


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences under one heading, and a table where there is one."""

    heading: str
    sentences: list[Sentence] = field(default_factory=list)
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A whole brief. `note` must stand first, "" where nothing must."""

    language: str
    note: str
    title: str
    headline: Sentence
    sections: list[Section]


def _sorted(rows: list[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    """Sort rows by their key, missing values last, so that the order of a table never shows."""
    return sorted(rows, key=lambda row: [(row[name] is None, row[name]) for name in key])


class Book:
    """The tables that a brief is written from; one that is not there has no rows."""

    def __init__(self, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> None:
        self._rows = {name: _sorted(tables[name].to_pylist(), KEYS[name]) for name in KEYS if name in tables}
        self._columns = {name: set(tables[name].column_names) for name in KEYS if name in tables}
        self._names = {name: Counter(row.get("cluster") for row in rows) for name, rows in self._rows.items()}
        self._manifest = manifest

    def rows(self, table: str) -> Sequence[Row]:
        """Return the rows of a table."""
        return self._rows.get(table, [])

    def has(self, table: str, *columns: str) -> bool:
        """Tell whether a table is there with these columns."""
        return set(columns) <= self._columns.get(table, set()) if table in self._columns else False

    def repeated(self, table: str, name: str) -> bool:
        """Tell whether several clusters of a table have one name."""
        return self._names[table][name] > 1

    def cell(self, table: str, row: Row, column: str) -> Cell:
        """Return one cell with its place."""
        return Cell(table, {name: row[name] for name in KEYS[table]}, column, row[column])

    def fact(self, *path: str | int) -> Cell:
        """Return a value of edition.json with its place."""
        value: Any = self._manifest
        for step in path:
            value = value[step]
        return Cell(MANIFEST, {}, ".".join(map(str, path)), value)

    def ranked(self, top: int) -> list[Row]:
        """Return the first rows of the ranking, by rank."""
        return sorted((row for row in self.rows("ranking") if row["rank"] <= top), key=lambda row: row["rank"])

    def cluster(self, cluster_id: str) -> Row:
        """Return a cluster's row of the ranking."""
        return next(row for row in self.rows("ranking") if row["cluster_id"] == cluster_id)
