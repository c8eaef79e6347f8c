"""A brief as Markdown, HTML and JSON."""

import re
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from hubrank.publishing.brief.figures import Brief, Figure, Sentence
from hubrank.publishing.brief.writer import plain

# & begins markup only in &amp; or &#38;, < before a tag, # and > at the beginning, # also at the end of a heading.
_MARKS = re.compile(r"(\\(?=[!-/:-@\[-`{-~]|$)|[`*_\[\]|~]|&(?=#?\w+;)|<(?=[A-Za-z/!?])|^[#>]|(?<=\s)#)")


def markdown(brief: Brief) -> str:
    """Return the brief as Markdown, in which text from tables is never markup."""
    return _rendered("brief.md", brief).rstrip("\n") + "\n"


def html(brief: Brief) -> str:
    """Return the brief as one page without scripts; the title of each figure is its origin."""
    return _rendered("brief.html", brief)


def _rendered(template: str, brief: Brief) -> str:
    return _templates().get_template(template).render(brief=brief, origin=_origin)


@cache
def _templates() -> Environment:
    loader = PackageLoader("hubrank.publishing.brief", ".")
    environment = Environment(loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"text": plain, "markdown": escaped, "space": _space}
    environment.tests["figure"] = lambda part: isinstance(part, Figure)
    return environment


def _space(sentence: Sentence) -> str:
    """Return what divides a sentence from the next: nothing after a full stop of Chinese and Japanese."""
    return "" if plain(sentence.parts).endswith("。") else " "


def escaped(words: str) -> str:
    """Escape what Markdown or HTML would read as markup, on one line."""
    return _MARKS.sub(r"\\\1", re.sub(r"\s+", " ", words))


def _origin(figure: Figure) -> str:
    """Return where a figure comes from, in one line."""
    cells = [
        f"{cell.table} {' '.join(map(str, cell.row.values()))} {cell.column}: {_plain(cell.value)}"
        for cell in figure.cells[:2]
    ]
    more = [f"… ({len(figure.cells)} cells)"] if len(figure.cells) > len(cells) else []
    return ("" if figure.how == "cell" else f"{figure.how} of ") + "; ".join([*cells, *more])


def trace(brief: Brief) -> dict[str, Any]:
    """Return the brief as JSON values: each figure with its cells, decimals as text without loss of digits."""
    return asdict(brief, dict_factory=lambda items: {key: _plain(value) for key, value in items})


def _plain(value: Any) -> Any:  # noqa: ANN401 (a cell)
    return f"{value:f}" if isinstance(value, Decimal) else value
