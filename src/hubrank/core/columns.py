"""The meaning of every column of an edition, for the data dictionary, the data package, the workbook and the API.

Meanings and units are written in columns.toml and nowhere else.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

Entry = Mapping[str, str]  # meaning and, where there is one, unit
Metrics = Sequence[str] | Mapping[str, str]  # names, or what each is called by its name


@dataclass(frozen=True, slots=True)
class Described:
    """One column with its meaning and unit, each "" where columns.toml has none."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    null: bool = True


def tables() -> list[str]:
    """Return the tables that columns.toml describes."""
    return [name for name in _words() if name != "shared"]


def title(table: str) -> str:
    """Return what one row of a table is; the table's name where columns.toml does not list it."""
    return str(_words().get(table, {}).get("title", table))


def labels_of(metrics: Metrics) -> dict[str, str]:
    """Return what each metric is called, by its name; its name where nothing else is stated."""
    return dict(metrics) if isinstance(metrics, Mapping) else {name: name for name in metrics}


def describe(table: str, schema: pa.Schema, metrics: Metrics) -> list[Described]:
    """Describe the columns of a table, in their order.

    metrics : of the study; the entry of `{metric}_share_pct` describes `patents_share_pct`, in words of its label.
    """
    entries = {name: entry for _, name, entry in entries_of(table)}
    patterns = [name for name in entries if "{metric}" in name]
    for metric, label in labels_of(metrics).items():
        entries |= {name.replace("{metric}", metric): _filled(entries[name], label) for name in patterns}
    return [_described(field, entries.get(field.name, {})) for field in schema]


def entries_of(table: str) -> Iterator[tuple[str, str, Entry]]:
    """Yield (section, column, entry) of columns.toml for a table; of one column the last counts."""
    like = _words().get(table, {}).get("like")
    for section in ("shared", *([like] if like else []), table):
        entries = _words().get(section, {}).items()
        yield from ((section, name, entry) for name, entry in entries if isinstance(entry, dict))


def _described(field: pa.Field, entry: Entry) -> Described:
    return Described(field.name, field.type, entry.get("meaning", ""), entry.get("unit", ""), field.nullable)


def _filled(entry: Entry, label: str) -> dict[str, str]:
    return {key: text.replace("{metric}", label) for key, text in entry.items()}


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("hubrank.core") / "columns.toml").read_text("utf-8"))
