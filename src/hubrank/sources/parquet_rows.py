"""Parquet files become the columns that a study names, as text."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.errors import DataError
from hubrank.sources.columns import Wanted, cells, column_of, plain, require
from hubrank.tables import Ledger

MAGIC = b"PAR1"
BATCH = 100_000  # rows at a time


def is_parquet(path: Path) -> bool:
    """Tell a Parquet file by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) == MAGIC


def opened(path: Path, name: str) -> pq.ParquetFile:
    """Open a Parquet file. Raises DataError where it is damaged."""
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{name} is not a whole Parquet file: {str(error).splitlines()[0]}. Fetch it again.") from None


def parquet_tables(
    path: Path, name: str, wanted: Wanted, ledger: Ledger, shop: duckdb.DuckDBPyConnection
) -> Iterator[pa.Table]:
    """Yield the wanted columns as text, with the number of each row from 1.

    Raises DataError where a needed column is missing or holds lists or structures.
    """
    file = opened(path, name)
    header = tuple(file.schema_arrow.names)
    require(header, wanted, name)
    places = {plain(column): column for column in reversed(header)}
    found = {
        one: places[plain(column_of(where))]
        for one, where in wanted.columns.items()
        if plain(column_of(where)) in places
    }
    _refuse_nested(file.schema_arrow, found, name)
    first = 1
    for batch in file.iter_batches(BATCH, columns=None if wanted.keyed else [*found.values()]):
        ledger.read(len(batch))
        yield _named(pa.Table.from_batches([batch]), found, wanted, name, first, shop)
        first += len(batch)


def _refuse_nested(schema: pa.Schema, found: dict[str, str], name: str) -> None:
    for column in found.values():
        if pa.types.is_nested(schema.field(column).type):
            raise DataError(f"{name}: column {column!r} holds {schema.field(column).type}, not one value a row.")


def _named(
    batch: pa.Table, found: dict[str, str], wanted: Wanted, name: str, first: int, shop: duckdb.DuckDBPyConnection
) -> pa.Table:
    columns = {
        one: cells(_text(batch[found[one]], shop), where) if one in found else pa.nulls(len(batch), pa.string())
        for one, where in wanted.columns.items()
    }
    if wanted.keyed:
        shop.register("batch", batch)
        columns["row_key"] = shop.sql("SELECT md5(CAST(to_json(batch) AS VARCHAR)) AS key FROM batch").to_arrow_table()[
            "key"
        ]
    columns["source_file"] = pa.repeat(pa.scalar(name), len(batch))
    columns["source_row"] = pa.array(range(first, first + len(batch)), pa.int64())
    return pa.table(columns)


def _text(column: pa.ChunkedArray, shop: duckdb.DuckDBPyConnection) -> list[str | None]:
    """Write values as text as DuckDB does: 2013-01-31, 48.85, 17."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]
    shop.register("values_", pa.table({"v": column}))
    return shop.sql("SELECT CAST(v AS VARCHAR) AS v FROM values_").to_arrow_table()["v"].to_pylist()  # type: ignore[no-any-return]
