"""What every column of an edition means: one description feeds the data dictionary, the data package and the workbook.

The words stand in dictionary.toml, per table; what a column means wherever it stands is under [shared]. Names with
`{metric}` stand for one column per metric of the study.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Described:
    """One column as people and machines are told of it.

    meaning : empty where nothing is written about it.
    """

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    null: bool = True


def title(table: str) -> str:
    """Return what one row of a table is; the table's name where nothing is written about it."""
    return str(_words().get(table, {}).get("title", table))


def describe(table: str, schema: pa.Schema, metrics: Sequence[str]) -> list[Described]:
    """Describe the columns of a table, in their order.

    metrics : of the study; `patents` and `patents_share_pct` are told in the words of `{metric}`.
    """
    words = {**_words()["shared"], **_words().get(table, {})}
    for metric in metrics:
        words |= {name.replace("{metric}", metric): _named(told, metric) for name, told in _patterns(table)}
    return [_described(field, words.get(field.name, {})) for field in schema]


def _described(field: pa.Field, told: Mapping[str, str]) -> Described:
    return Described(field.name, field.type, told.get("meaning", ""), told.get("unit", ""), field.nullable)


def _patterns(table: str) -> list[tuple[str, Mapping[str, str]]]:
    return [(name, told) for name, told in _words().get(table, {}).items() if "{metric}" in name]


def _named(told: Mapping[str, str], metric: str) -> dict[str, str]:
    return {key: text.replace("{metric}", metric) for key, text in told.items()}


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("hubrank.core") / "columns.toml").read_text("utf-8"))
