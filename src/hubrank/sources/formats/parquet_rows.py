"""Parquet files become the columns that a study names."""

from collections.abc import Iterable, Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.errors import DataError
from hubrank.core.remote import InputFile, RemoteObject
from hubrank.core.tables import CODED, Ledger
from hubrank.sources.formats.columns import TableSpec, cells, column_of, plain, require
from hubrank.study.columns import ColumnFrom

MAGIC = b"PAR1"
BATCH = 500_000  # rows at a time
READ = (
    *(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null, pa.types.is_decimal),
    *(pa.types.is_integer, pa.types.is_floating, pa.types.is_date, pa.types.is_timestamp),
)


def is_parquet(path: InputFile) -> bool:
    """Return whether a file is Parquet by its first bytes."""
    with path.open("rb", buffering=0) as file:
        return file.read(4) == MAGIC


def opened(path: InputFile, name: str) -> pq.ParquetFile:
    """Open a Parquet file. Raises DataError where it is damaged."""
    try:
        if isinstance(path, RemoteObject):
            return pq.ParquetFile(path.open(buffering=0), pre_buffer=True)
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # the last of columns' names
        raise DataError(
            f"{name} is an incomplete or damaged Parquet file: {str(error).splitlines()[0]}. Download it again."
        ) from None


def batches(file: pq.ParquetFile, name: str, rows: int, columns: list[str] | None) -> Iterator[pa.Table]:
    """Yield a Parquet file in pieces. Raises DataError where it is damaged further in."""
    try:
        for batch in file.iter_batches(rows, columns=columns):
            batch.validate(full=True)
            yield pa.Table.from_batches([batch])
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{name} is damaged: {str(error).splitlines()[0]}. Download it again.") from None


def parquet_tables(
    path: InputFile, name: str, spec: TableSpec, ledger: Ledger, connection: duckdb.DuckDBPyConnection
) -> Iterator[pa.Table]:
    """Yield the wanted columns as they are, those that are there, with the number of each row from 1.

    Raises DataError where a needed column is missing or holds lists or structures.
    """
    file = opened(path, name)
    header = tuple(file.schema_arrow.names)
    require(header, spec, name)
    places = {plain(column): column for column in reversed(header)}
    columns = {
        one: places[plain(column_of(where))] for one, where in spec.columns.items() if plain(column_of(where)) in places
    }
    _refuse_strange(file.schema_arrow, columns.values(), name)
    first = 1
    for batch in batches(file, name, BATCH, None if spec.keyed else [*columns.values()]):
        ledger.read(len(batch))
        values = _named(batch, columns, spec, connection)
        values["source_file"] = pa.repeat(pa.scalar(name, CODED), len(batch))
        values["source_row"] = pa.array(np.arange(first, first + len(batch)))
        yield pa.table(values)
        first += len(batch)


def _refuse_strange(schema: pa.Schema, columns: Iterable[str], name: str) -> None:
    for column in columns:
        kind = schema.field(column).type
        if pa.types.is_nested(kind):
            raise DataError(f"{name}: column {column!r} contains {kind}, not one value per row.")
        if not any(fits(kind.value_type if pa.types.is_dictionary(kind) else kind) for fits in READ):
            raise DataError(
                f"{name}: column {column!r} contains {kind}; only text, numbers and dates can be read. Convert it."
            )


def _named(
    batch: pa.Table, columns: dict[str, str], spec: TableSpec, connection: duckdb.DuckDBPyConnection
) -> dict[str, pa.ChunkedArray]:
    values = {one: _column(batch[column], spec.columns[one]) for one, column in columns.items()}
    if spec.keyed:
        connection.register("batch", batch)
        hashed = connection.sql("SELECT md5(CAST(to_json(batch) AS VARCHAR)) AS row_key FROM batch")
        values["row_key"] = hashed.to_arrow_table()["row_key"]
    return values


def _column(column: pa.ChunkedArray, where: str | ColumnFrom) -> pa.ChunkedArray | pa.Array:
    """Return a column as it is, or the part of it that the study's pattern matches."""
    if isinstance(where, str) or where.pattern is None:
        return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    return cells(column.cast(pa.string()).to_pylist(), where)
