"""edition.sqlite: the tables of an edition that are about clusters, as one database file.

The tables of single listings, addresses and sites stay in Parquet only, as they grow with the records; so do shapes.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from hubrank.core import columns as columns_module
from hubrank.core.files import write_bytes

LEFT_OUT = ("addresses", "area_shapes", "located", "points")
_INDEXED = ("cluster_id", "cluster_a", "cluster_b", "partner_id")
_DICTIONARY = ("table", "column", "unit", "meaning")


def publish(
    path: Path, tables: Mapping[str, pa.Table], *, about: Mapping[str, str], metrics: columns_module.Metrics, note: str
) -> None:
    """Write one table for each of `tables`, `columns` (the data dictionary) and `about` (what edition it is).

    Decimals become REAL, truth values 0 and 1, lists JSON. `note`, where there is one, stands in `about`.
    """
    published = {name: table for name, table in sorted(tables.items()) if name not in LEFT_OUT}
    words = [
        (name, column.name, column.unit, column.meaning)
        for name, table in published.items()
        for column in columns_module.describe(name, table.schema, metrics)
    ]
    entries = [*about.items(), *([("note", note)] if note else [])]
    with closing(sqlite3.connect(":memory:")) as base:
        for name, table in published.items():
            _fill(base, name, [(field.name, _kind(field.type)) for field in table.schema], _rows(table))
            _index(base, name, table.column_names)
        _fill(base, "columns", [(name, "TEXT") for name in _DICTIONARY], iter(words))
        _fill(base, "about", [("fact", "TEXT"), ("value", "TEXT")], iter(entries))
        base.commit()
        base.execute("VACUUM")
        content = base.serialize()  # a database in memory does not stamp SQLite's version into its header
    write_bytes(path, content)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _fill(
    base: sqlite3.Connection, name: str, columns: Sequence[tuple[str, str]], rows: Iterator[tuple[Any, ...]]
) -> None:
    base.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(f'{_quoted(key)} {kind}' for key, kind in columns)})")
    base.executemany(f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(columns))})", rows)


def _index(base: sqlite3.Connection, name: str, columns: Sequence[str]) -> None:
    for column in _INDEXED:
        if column in columns:
            base.execute(f"CREATE INDEX {_quoted(f'{name}_{column}')} ON {_quoted(name)} ({_quoted(column)})")


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Return the rows in an order that does not depend on the engine's: by every column that is no list."""
    order = [(field.name, "ascending") for field in table.schema if not pa.types.is_list(field.type)]
    columns = table.sort_by(order).columns
    return zip(*([_cell(value) for value in column.to_pylist()] for column in columns), strict=True)


def _cell(value: Any) -> Any:  # noqa: ANN401 (a cell)
    if isinstance(value, Decimal):
        return float(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "INTEGER"
    return "REAL" if pa.types.is_decimal(kind) or pa.types.is_floating(kind) else "TEXT"
