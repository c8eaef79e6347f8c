"""Cells become figures as a reader sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hubrank.core import countries
from hubrank.publishing.brief.figures import STUDY, Book, Cell, Figure, Part, Row
from hubrank.publishing.brief.words import Words
from hubrank.study.study import Study

LEADING = 10
LONGEST = 5  # clusters named in one sentence
FEW = 100  # counts below it show a decimal


@dataclass(frozen=True, slots=True)
class Writer:
    """What every section is written with: the tables, the words, the study.

    old : the study of the previous edition, where it is known.
    """

    book: Book
    words: Words
    study: Study
    old: Study | None

    def text(self, table: str, row: Row, column: str = "cluster") -> Figure:
        """Show a name as it stands there."""
        cell = self.book.cell(table, row, column)
        name = str(cell.value)
        if column == "cluster" and self.book.repeated(table, name):
            name = self.words.say("lists", "home", cluster=name, economies=self._spelled(row)).text
        return Figure(name, cell.value, "cell", (cell,))

    def name(self, row: Row) -> Figure:
        """Show the name of a cluster of the ranking."""
        return self.text("ranking", row)

    def home(self, row: Row) -> tuple[Part, ...]:
        """Show the name of a cluster of the ranking with its economies."""
        name = self.name(row)
        if name.shown != name.value:
            return (name,)
        return self.words.parts("lists", "home", cluster=name, economies=self.economies(row))

    def economies(self, row: Row) -> Figure:
        """Show the economies of a cluster by name."""
        cell = self.book.cell("ranking", row, "economies")
        return Figure(self._spelled(row), cell.value, "cell", (cell,))

    def _spelled(self, row: Row) -> str:
        names = [countries.name(code) for code in str(row["economies"]).split("/")]
        return "".join(map(str, self.words.listed(names)))

    def whole(self, table: str, row: Row, column: str) -> Figure:
        """Show a whole number; a negative one without its sign."""
        cell = self.book.cell(table, row, column)
        return Figure(self.words.number(abs(cell.value)), cell.value, "cell", (cell,))

    def count(self, table: str, row: Row, column: str) -> Figure:
        """Show a count of records, which may be fractional."""
        cell = self.book.cell(table, row, column)
        decimals = 0 if cell.value == int(cell.value) or cell.value >= FEW else 1
        return Figure(self.words.number(cell.value, decimals), cell.value, "cell", (cell,))

    def share(self, table: str, row: Row, column: str) -> Figure:
        """Show a share in percent, with one decimal."""
        cell = self.book.cell(table, row, column)
        return Figure(self.words.percent(cell.value), cell.value, "cell", (cell,))

    def score(self, row: Row) -> Figure:
        """Show a score with one decimal."""
        cell = self.book.cell("ranking", row, "score_pct")
        return Figure(self.words.number(cell.value, 1), cell.value, "cell", (cell,))

    def gap(self, one: Row, other: Row) -> Figure:
        """Show by how many points one cluster is ahead of another: two decimals, or the first digit that counts."""
        cells = (self.book.cell("ranking", one, "score_pct"), self.book.cell("ranking", other, "score_pct"))
        apart = cells[0].value - cells[1].value
        return Figure(self.words.number(apart, 2), apart, "difference", cells)

    def fact(self, *path: str | int) -> Figure:
        """Show a whole number of edition.json."""
        cell = self.book.fact(*path)
        return Figure(self.words.number(cell.value), cell.value, "cell", (cell,))

    def counted(self, cells: Sequence[Cell]) -> Figure:
        """Show how many cells there are."""
        return Figure(self.words.number(len(cells)), len(cells), "count", tuple(cells))

    def setting(self, section: str, key: str, shown: str = "") -> Figure:
        """Show a number of the study: from the study file, or the default where it gives none.

        shown : how, where not as it is.
        """
        value = getattr(getattr(self.study, section), key)
        told = key in self.book.fact("study").value.get(section, {})
        cell = self.book.fact("study", section, key) if told else Cell(STUDY, {}, f"{section}.{key}", value)
        return Figure(shown or self.words.number(value), value, "cell", (cell,))

    def weight(self, metric: str) -> Figure:
        """Show the weight of a metric."""
        cell = self.book.fact("study", "ranking", "weights", metric)
        return Figure(f"{self.study.weights[metric].normalize():f}", cell.value, "cell", (cell,))

    def interval(self, row: Row) -> Figure:
        """Show between which ranks a cluster may stand."""
        cells = tuple(self.book.cell("ranking", row, column) for column in ("rank_low", "rank_high"))
        low, high = (cell.value for cell in cells)
        return Figure(self.words.between(low, high), [low, high], "both", cells)

    def radius(self) -> Figure:
        """Show the radius of the study."""
        plain = f"{Decimal(str(self.study.clusters.radius_km)).normalize():f}"
        return self.setting("clusters", "radius_km", plain)

    def first(self, top: int) -> Part:
        """Show how many ranks are called the first."""
        return self.setting("ranking", "top") if top == self.top else self.words.number(top)

    @property
    def top(self) -> int:
        """How many ranks the study calls the top."""
        return self.study.ranking.top

    @property
    def recounted(self) -> bool:
        """Whether the ranking itself tells ranks of the previous edition: recounted by this edition's method."""
        there = self.book.has("ranking", "previous_rank", "change")
        return there and any(row["previous_rank"] is not None for row in self.book.rows("ranking"))

    @property
    def metrics(self) -> list[str]:
        """The metrics that weigh something."""
        return [metric for metric, weight in self.study.weights.items() if weight]
