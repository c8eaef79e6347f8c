"""A brief as Markdown, HTML and JSON."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from hubrank.publishing.brief.figures import Brief, Figure, Grid, Part, Section, Sentence

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_SPACES = re.compile(r"\s+")


def markdown(brief: Brief) -> str:
    """Return the brief as Markdown; what comes from tables is text there, whatever characters it holds."""
    lines = [f"**{_escaped(brief.note)}**", ""] if brief.note else []
    lines += [f"# {_line(brief.headline.parts)}", "", f"*{_escaped(brief.title)}*", ""]
    for section in brief.sections:
        lines += [f"## {_escaped(section.heading)}", ""] if section.heading else []
        lines += [*_listed(section), *(_grid(section.grid) if section.grid else [])]
    return "\n".join(lines).rstrip("\n") + "\n"


def _listed(section: Section) -> list[str]:
    """Return sentences: of the lead as one paragraph, else as a list."""
    if not section.sentences:
        return []
    if not section.heading:
        return [" ".join(_line(sentence.parts) for sentence in section.sentences), ""]
    return [*(f"- {_line(sentence.parts)}" for sentence in section.sentences), ""]


def _grid(grid: Grid) -> list[str]:
    rule = "|".join("---:" if numeric else "---" for numeric in grid.numeric)
    rows = [" | ".join(_line((part,)) for part in row) for row in grid.rows]
    return [f"| {' | '.join(map(_escaped, grid.heads))} |", f"|{rule}|", *(f"| {row} |" for row in rows), ""]


def _line(parts: tuple[Part, ...]) -> str:
    return "".join(_escaped(part if isinstance(part, str) else part.shown) for part in parts)


def _escaped(text: str) -> str:
    """Let no character of a text be a mark of Markdown or HTML, and keep it on one line."""
    return _MARKS.sub(r"\\\1", _SPACES.sub(" ", text))


def html(brief: Brief) -> str:
    """Return the brief as one page without scripts; each figure tells its origin as a title."""
    return _template().render(brief=brief, origin=_origin)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("hubrank.publishing.brief", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["figure"] = lambda part: isinstance(part, Figure)
    return environment.get_template("brief.html")


def _origin(figure: Figure) -> str:
    """Say where a figure comes from in one line."""
    cells = [f"{c.table} {' '.join(map(str, c.row.values()))} {c.column}: {_plain(c.value)}" for c in figure.cells[:2]]
    more = [f"… ({len(figure.cells)} cells)"] if len(figure.cells) > len(cells) else []
    return "; ".join([*cells, *more]) if figure.how == "cell" else f"{figure.how} of {'; '.join([*cells, *more])}"


def trace(brief: Brief) -> dict[str, Any]:
    """Return every sentence and table row with its figures and the cells that they come from."""
    return {
        "note": brief.note,
        "title": brief.title,
        "language": brief.language,
        "headline": _traced(brief.headline),
        "sections": [
            {"heading": section.heading, "sentences": [_traced(s) for s in section.sentences], "rows": _rows(section)}
            for section in brief.sections
        ],
    }


def _traced(sentence: Sentence) -> dict[str, Any]:
    return {"key": sentence.key, "sentence": sentence.text, "figures": list(_figures(sentence.parts))}


def _rows(section: Section) -> list[list[dict[str, Any]]]:
    return [list(_figures(tuple(row))) for row in section.grid.rows] if section.grid else []


def _figures(parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
    for part in parts:
        if isinstance(part, Figure):
            yield {"shown": part.shown, "value": _plain(part.value), "how": part.how, "cells": _cells(part)}


def _cells(figure: Figure) -> list[dict[str, Any]]:
    return [{"table": c.table, "row": c.row, "column": c.column, "value": _plain(c.value)} for c in figure.cells]


def _plain(value: Any) -> Any:  # noqa: ANN401 (a cell)
    """Return a cell as JSON: decimals as text, so that no digit is lost."""
    return f"{value:f}" if isinstance(value, Decimal) else value
