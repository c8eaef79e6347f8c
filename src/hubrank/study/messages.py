"""Errors of a study file in one line: where, what is there and what was expected."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hubrank.core.errors import nearest

LONGEST = 200  # characters of a value that are shown
BRANCH = re.compile(r"str|.*\[.*|ColumnFrom")  # how pydantic calls the branches of a union: list[str], ColumnFrom
WORDS = {
    "tuple_type": "it should be a list of two values, first and last",
    "model_type": "it should be a table of keys, or text",
    "too_short": "there are too few values",
    "too_long": "there are too many values",
    "missing": "there are too few values",
    "string_type": "it should be text, in quotation marks",
    "string_pattern_mismatch": "it should be a name of lower-case letters, digits and _ that begins with a letter",
}
Location = tuple[int | str, ...]


def describe(error: ValidationError, model: type[BaseModel], name: str, sources: object = ()) -> str:
    """Describe the first error in a file of this name: where, what is there, what was expected.

    sources : as the file has them, of which the message names the one at fault where there are several.
    """
    first = min(error.errors(), key=_rank)
    place = first["loc"]
    misspelt = first["type"] == "extra_forbidden"  # then the key is the user's, whatever it is
    while len(place) > 1 and not misspelt and (isinstance(place[-1], int) or BRANCH.fullmatch(place[-1])):
        place = place[:-1]  # the key that holds the list
    section, keys = _section(model, place)
    key, value = str(place[-1]) if place else "", first["input"]
    if not section and key and isinstance(value, dict | list) and not misspelt and first["type"] != "missing":
        section, key = key, ""  # the whole section is at fault
    where = f"{name}: {f'[{section}] ' if section else ''}{_source(place, sources)}"
    if misspelt:
        return f"{where}unknown key {key!r}; the keys are: {', '.join(keys)}.{nearest(key, keys)}"
    if first["type"] == "missing" and place == first["loc"]:
        return f"{where}the key {key!r} is required."
    words = first["msg"].removeprefix("Value error, ").replace("Input should be", "it should be")
    message = _cut(WORDS.get(first["type"], words))
    if not key:
        return f"{where}{message}"
    if isinstance(value, dict) or (isinstance(value, list) and first["type"] not in WORDS):
        return f"{where}{key}: {message}"
    return f"{where}{key}: {message} (found: {_cut(_shown(value))})"


def _shown(value: object) -> str:
    """Return a value as a study file has it: a text without the backslashes that Python would add."""
    if isinstance(value, str) and value.isprintable():
        return f"'{value}'"
    return str(value) if isinstance(value, Decimal) else repr(value)


def _source(place: Location, sources: object) -> str:
    """Name which of several sources it is, by its number and its metric."""
    number = place[1] if len(place) > 1 and place[0] == "sources" else None
    if not isinstance(number, int) or not isinstance(sources, list) or len(sources) < 2:
        return ""
    metric = sources[number].get("metric") if isinstance(sources[number], dict) else None
    return f"of source number {number + 1}{f' ({metric})' if isinstance(metric, str) else ''}: "


def _rank(fault: ErrorDetails) -> tuple[bool, bool]:
    """Rank the error that explains most first: a misspelt key a missing one, one within a table the kind of table."""
    other_kind = fault["type"] in ("string_type", "list_type") and isinstance(fault["input"], dict | list)
    return fault["type"] != "extra_forbidden", other_kind


def _section(model: type[BaseModel], place: Location) -> tuple[str, list[str]]:
    """Return the name of the section in which an error is and the keys that it knows."""
    names: list[str] = []
    current = model
    for part in place[:-1]:
        if isinstance(part, int) or part == current.__name__ or BRANCH.fullmatch(part):
            continue
        names.append(part)
        field = next((each for name, each in current.model_fields.items() if part == (each.alias or name)), None)
        inner = next(_sections(field.annotation), None) if field else current
        if inner is None:
            return ".".join(names), []
        current = inner
    return ".".join(names), [each.alias or name for name, each in current.model_fields.items() if name != "variables"]


def _sections(kind: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 (an annotation)
    """Yield the sections in an annotation, however deep: dict[str, str | ColumnFrom]."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from _sections(inner)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
