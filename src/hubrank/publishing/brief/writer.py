"""The tables of an edition, and templates filled with their cells as a reader sees them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from hubrank.analysis.data_cause import data_cause
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.core import one_economy
from hubrank.core.area_words import texts_of_areas
from hubrank.core.edition import poorly_located, years_shown
from hubrank.core.units import half_up
from hubrank.publishing.brief.figures import KEYS, Cell, Figure, Manifest, Part, Row, Sentence
from hubrank.publishing.cluster_names import COLUMNS, cluster_names
from hubrank.publishing.metric_names import is_known
from hubrank.publishing.page_words import area_terms, words
from hubrank.sources import BUILT_IN, find
from hubrank.study.study import Study
from hubrank.study.study_file import study_of

LEADING = 10
LONGEST = 5  # items listed in one sentence
FEW = 100  # fractional counts below it show a decimal
INTERVALS = {"places": ("rank_low_places", "rank_high_places"), "counts": ("rank_low", "rank_high")}
CAUSES = ("method", "data", "boundary")
SCORES = ("score_pct", "score_before_pct")
MOST_DECIMALS = 6  # of the tables
_SLOT = re.compile(r"\{(\w+(?:\.[\w.]+)?)\}")
Filling = Part | Row | Sequence[Part]


class Writer:
    """What every section is written with.

    settings, previous : of the study and of the previous edition's, defaults included: section.key, weights.metric.
    data_cause : what the part `data` of a move is due to.
    previous_study : of the previous edition; the study itself where there is none.
    templates : the sentences by group and name, of areas where these are ranked.
    words : of the language: its numbers, lists, and names of economies and regions.
    names : of clusters, in the language.
    among_equals : ids of clusters whose rank and earlier rank are those of equal scores: nothing moved them.
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], manifest: Manifest, previous: Manifest | None, language: str | None
    ) -> None:
        self._rows = {name: _sorted(name, tables[name]) for name in KEYS if name in tables}
        self.manifest = Row("edition.json", dict(_paths(manifest)))
        self.poorly_located = [*poorly_located(manifest)]
        self.of_one_economy = [*one_economy.of_edition(manifest)]
        self.study, old = study_of(manifest), study_of(previous or manifest)
        self.previous_study = old
        metrics = [*self.study.weights, *old.weights]
        self.settings = _settings("study of edition.json", self.study, metrics)
        self.previous = _settings("study of the previous edition.json", old, metrics) if previous else None
        self.among_equals = moved_among_equals(self.rows("comparison"))
        self.data_cause = data_cause(previous, manifest) if previous else "records"
        self.top = self.study.ranking.top
        self.words = words(language or self.study.publish.language)
        self.names = cluster_names((row.values for row in self.rows("ranking")), self.study, self.words)
        templates = _templates(self.words.language)
        if self.study.ranks_areas:
            terms = {**area_terms(self.words.language), **templates.get("area_terms", {})}
            templates = texts_of_areas(templates, terms)
        self.templates = _of_whole_ranking(templates) if len(self.rows("ranking")) <= self.top else templates

    def rows(self, table: str) -> Sequence[Row]:
        """Return the rows of a table by key, whatever their order was; none of a table that is missing."""
        return self._rows.get(table, [])

    def first(self, table: str, column: str, value: object) -> Row | None:
        """Return the first row that has this value."""
        return next((row for row in self.rows(table) if row[column] == value), None)

    def ranked(self, top: int) -> list[Row]:
        """Return the first ranks of the ranking."""
        return sorted((row for row in self.rows("ranking") if row["rank"] <= top), key=lambda row: row["rank"])

    def say(self, key: str, **slots: Filling) -> Sentence:
        """Return a sentence from its template."""
        return Sentence(key, self.fill(key, **slots))

    def fill(self, key: str, **slots: Filling) -> tuple[Part, ...]:
        """Fill a template: {slot} by one or more parts, {slot.column} by the cell of a row."""
        slots |= {"study": self.settings, "edition": self.manifest}
        parts: list[Part] = []
        for place, piece in enumerate(_SLOT.split(self.template(key))):
            name, _, column = piece.partition(".")
            filling = slots[name] if place % 2 else piece
            if isinstance(filling, Row):
                parts.append(self.show(filling, column))
            else:
                parts += [filling] if isinstance(filling, str | Figure) else filling
        return tuple(part for part in parts if part != "")

    def show(self, row: Row, column: str) -> Figure:
        """Show one cell in the form that its column has."""
        return Figure(self._shown(row, column), row[column], "cell", (row.cell(column),))

    def _shown(self, row: Row, column: str) -> str:
        value = row[column]
        if column == "robustness.level":
            return self.words.say("numbers.percent", figure=_normal(100 * Decimal(str(value))))
        if isinstance(value, int):
            sign = "" if column not in CAUSES else "+" if value > 0 else "−"
            return sign + self.number(abs(value))
        if isinstance(value, Decimal | float):
            return self._shown_decimal(row, column, Decimal(str(value)))
        return "–" if value is None else self._shown_name(row, column, str(value))

    def _shown_decimal(self, row: Row, column: str, value: Decimal) -> str:
        """Show a share with one decimal, a count without; a setting or what else is in a JSON document as it is."""
        share = column.endswith("share_pct")
        if not share and row.table not in KEYS:
            return self.words.number(_normal(value))
        if column in SCORES and row.table == "comparison":  # beside their difference, which has two decimals
            return self.number(value, 2)
        few = column in SCORES or (value < FEW and value != int(value))
        return self.percent(value, 1) if share else self.number(value, int(few))

    def _shown_name(self, row: Row, column: str, name: str) -> str:
        """Show a name: of an economy or region in the language, of one of several clusters with its economies."""
        if row.table == "economies" and column == "name":
            regions = self.words.texts["regions"]
            return self.words.economy(row["code"]) if row["level"] == "economy" else regions.get(name, name)
        shown = self.names.shown(name) if column in COLUMNS else name
        if column == "cluster" and sum(name == other["cluster"] for other in self.rows(row.table)) > 1:
            return f"{shown} ({', '.join(economy for _, economy in self.words.economies(row['economies']))})"
        return shown

    def metric(self, name: str) -> str:
        """Return what the records of a metric are called: as the study says, else by its name.

        Where its readers know what its records are, as the templates do for their unit.
        """
        label = self.study.labels.get(name, name)  # the study of the previous edition may have others
        if label != name:
            return label
        readers = {each.reader for each in (*self.study.sources, *self.previous_study.sources) if each.metric == name}
        if not is_known(name, readers):
            return self.words.plain_label(name).replace("_", " ")
        terms = {**self.words.texts["metrics"], **self.templates["metrics"]}
        return terms.get(f"{name}.{_unit(self.study, name)}") or terms.get(name) or name.replace("_", " ")

    def gap(self, one: Row, other: Row) -> Figure:
        """Show by how many points one cluster is ahead of another: two decimals, or the first significant digit."""
        difference = one["score_pct"] - other["score_pct"]
        cells = (one.cell("score_pct"), other.cell("score_pct"))
        return Figure(self.number(difference, 2), difference, "difference", cells)

    def score_change(self, row: Row) -> Figure:
        """Show by how many points the score of a cluster changed, with its sign. row : of the comparison."""
        difference = row["score_pct"] - row["score_before_pct"]
        shown = f"{'+' if difference > 0 else '−'}{self.number(abs(difference), 2)}"
        return Figure(shown, difference, "difference", tuple(row.cell(column) for column in SCORES))

    def located(self, name: str) -> Figure:
        """Show which share of the listings of a metric is located."""
        cells = tuple(self.manifest.cell(f"metrics.{name}.{column}") for column in ("listings", "unlocated"))
        share = Decimal(100 * (cells[0].value - cells[1].value)) / cells[0].value
        return Figure(self.percent(share, 1), share, "rest_pct", cells)

    def years(self, name: str) -> Figure:
        """Show the first and the last year of which records of a metric count."""
        cells = tuple(self.manifest.cell(f"study.windows.{name}.{end}") for end in (0, 1))
        ends = [cell.value for cell in cells]
        return Figure(years_shown(*ends), ends, "both", cells)

    def outside(self, name: str) -> Figure:
        """Show which share of the located records of a metric lies in nothing that is ranked."""
        cells = tuple(self.manifest.cell(f"metrics.{name}.{column}") for column in ("units", "in_clusters"))
        share = Decimal(100 * (cells[0].value - cells[1].value)) / (cells[0].value or 1)
        return Figure(self.percent(share, 1), share, "rest_pct", cells)

    def interval(self, row: Row) -> Figure:
        """Show the rank interval of a cluster, as the pages do: with the doubt about places where it is there."""
        columns = INTERVALS[self.interval_of(row)]
        ends = [row[column] for column in columns]
        return Figure(self.shown_interval(ends), ends, "both", tuple(row.cell(column) for column in columns))

    def interval_of(self, row: Row) -> str:
        """Return what the rank interval of a cluster is of: a key of INTERVALS."""
        return next((kind for kind, (low, _) in INTERVALS.items() if row.values.get(low) is not None), "counts")

    def may_be_behind(self, row: Row) -> bool:
        """Return whether the rank interval of the first cluster holds other ranks."""
        return (row.values.get(INTERVALS[self.interval_of(row)][1]) or 1) > 1

    def has_other_ranks(self, row: Row) -> bool:
        """Return whether the rank interval of a cluster is known and holds other ranks than its own."""
        low, high = (row.values.get(column) for column in INTERVALS[self.interval_of(row)])
        return low is not None and high is not None and low < high

    def template(self, key: str) -> str:
        """Return the template `section.key`."""
        section, _, name = key.partition(".")
        return self.templates[section][name]

    def leading(self, top: int) -> Part:
        """Show a number of leading ranks."""
        return self.show(self.settings, "ranking.top") if top == self.top else self.number(top)

    def number(self, value: Decimal | int, decimals: int = 0) -> str:
        """Write a number as the language does, rounded as `number` says."""
        return self.words.number(number(value, decimals))

    def percent(self, value: Decimal, decimals: int) -> str:
        """Write a share as the pages do."""
        return self.words.say("numbers.percent", figure=self.number(value, decimals))

    def shown_interval(self, ends: Sequence[int | None]) -> str:
        """Write the ends of an interval of ranks; of one rank that rank, of one that is not there a dash."""
        ranks = [end for end in ends if end is not None]
        return "–".join(map(self.number, dict.fromkeys(ranks))) if len(ranks) == len(ends) else "–"

    def counted(self, cells: Sequence[Cell]) -> Figure:
        """Show how many cells there are."""
        return Figure(self.number(len(cells)), len(cells), "count", tuple(cells))

    def listed(self, items: Iterable[Part | Sequence[Part]]) -> tuple[Part, ...]:
        """Join items: a, b and c."""
        each = [(item,) if isinstance(item, str | Figure) else tuple(item) for item in items]
        comma = self.words.say("lists.comma")
        if any(comma in plain(item) for item in each):
            comma = self.words.say("lists.divider")
        last = self.words.say("lists.and", items="", last="")
        joints = [comma] * (len(each) - 2) + [last] * (len(each) > 1) + [""]
        return tuple(part for item, joint in zip(each, joints, strict=False) for part in (*item, joint) if part)


@cache
def _templates(language: str) -> dict[str, dict[str, str]]:
    file = files("hubrank.publishing.brief").joinpath("sentences", f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def _normal(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _unit(study: Study, metric: str) -> str:
    """Return what the readers of a metric count; "" where they differ, or are of other packages."""
    readers = {source.reader for source in study.sources if source.metric == metric}
    units = {find(reader).METRIC.unit if reader in BUILT_IN else "" for reader in readers}
    return units.pop() if len(units) == 1 else ""


def _of_whole_ranking(templates: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the templates with those of `whole_ranking`, under "group.name", in their places."""
    changed = {group: dict(texts) for group, texts in templates.items()}
    for key, text in templates["whole_ranking"].items():
        group, _, name = key.partition(".")
        changed[group][name] = text
    return changed


def number(value: Decimal | int, decimals: int = 0) -> str:
    """Write a number, rounded; one that would round to 0 keeps its first significant digit."""
    exact = Decimal(value)
    if exact and not half_up(exact, decimals):
        decimals = min(MOST_DECIMALS, -exact.adjusted())
    return f"{half_up(exact, decimals):,f}"


def plain(parts: Iterable[Part]) -> str:
    """Return parts as text."""
    return "".join(part if isinstance(part, str) else part.shown for part in parts)


def _sorted(name: str, table: pa.Table) -> list[Row]:
    rows = [Row(name, values) for values in table.to_pylist()]
    return sorted(rows, key=lambda row: [(row[key] is None, row[key]) for key in KEYS[name]])


def _settings(name: str, study: Study, metrics: list[str]) -> Row:
    sections = {key: value for key, value in study.model_dump(mode="json").items() if isinstance(value, dict)}
    values = {f"{each}.{key}": value for each, keys in sections.items() for key, value in keys.items()}
    areas = study.areas if study.ranks_areas else None  # areas beside clusters are no choice of method
    values = {key: value for key, value in values.items() if not key.startswith("areas.")}
    values |= {f"areas.{key}": getattr(areas, key, None) for key in ("rank", "file", "overlaps")}
    weights = {f"weights.{metric}": study.weights.get(metric, Decimal(0)) for metric in metrics}
    return Row(name, {**values, **weights, "clusters.metrics": list(study.density)})


def _paths(value: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a JSON document with its path: keys and numbers joined by dots."""
    yield path, value
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from _paths(each, f"{path}.{key}" if path else str(key))
