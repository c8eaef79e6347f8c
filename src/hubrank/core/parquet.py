"""Parquet with fixed settings, so that equal tables are equal bytes (METHOD 12)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.files import atomic_file, write_bytes
from hubrank.core.processes import ahead
from hubrank.core.tables import uncoded

_CHUNK = 1 << 19  # rows: a group of listings takes some 150 MB while it is written
_CACHED = 122_880  # rows of a group of DuckDB
# Columns with many values: a dictionary of them would take more room and time than the values.
_WITHOUT_DICTIONARY = {"source_row": "DELTA_BINARY_PACKED", "record_key": "PLAIN"}


def write_table(path: Path, table: pa.Table, order: Sequence[str], *, note: str = "") -> pa.Table:
    """Write Parquet with fixed settings, rows sorted by `order`, a key of the table; a note goes into metadata.

    Returns the table as it is on disk.
    """
    sorted_table = table.sort_by([(name, "ascending") for name in order]) if table.num_rows else table
    sorted_table = sorted_table.replace_schema_metadata({"note": note} if note else None)
    sink = pa.BufferOutputStream()
    pq.write_table(sorted_table, sink, row_group_size=_CHUNK, **_settings(sorted_table.schema))
    write_bytes(path, sink.getvalue().to_pybytes())
    return sorted_table


def write_rows(path: Path, table: pa.Table) -> None:
    """Write rows of a cache as they are, in groups that the engine reads a thread each, all of which are read."""
    settings = _settings(table.schema) | {"compression_level": 1}  # a tenth less time than 3, for the same room
    pq.write_table(table, path, row_group_size=_CACHED, write_statistics=False, **settings)


def read_file(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return one file, or columns of it; `pq.read_table` looks for a dataset, which takes longer than a small file."""
    with pq.ParquetFile(path) as file:
        return file.read(None if columns is None else list(columns))


def write_stream(path: Path, batches: pa.RecordBatchReader, order: Sequence[str], *, note: str = "") -> pa.Schema:
    """Write Parquet out of batches that come sorted, with the settings of `write_table`; return its schema.

    For the tables that need not fit memory: rows are written in groups of the same size, however the batches fall.
    Columns that are coded by a dictionary are text in the file, which takes their codes as they are.

    order : of the rows. Only these columns have statistics: of others each group has values of all sizes.
    """
    coded = batches.schema
    schema = pa.schema([uncoded(field) for field in coded], {"note": note} if note else None)
    settings = _settings(schema) | {
        "compression_level": 1,  # a tenth less time than 3 for half a percent of the room
        "write_statistics": list(order),
        "store_schema": False,  # which has the codes
    }
    with atomic_file(path) as file, pq.ParquetWriter(file, coded, **settings) as writer:
        for group in ahead(_groups(batches, coded)):  # rows are put together while others are packed
            writer.write_table(group, row_group_size=_CHUNK)
        if schema.metadata:
            writer.add_key_value_metadata(schema.metadata)
    return schema


def _groups(batches: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.Table]:
    """Cut a stream into tables of _CHUNK rows, the last one shorter."""
    waiting, rows = [schema.empty_table()], 0
    for batch in batches:
        waiting.append(pa.Table.from_batches([batch]).cast(schema))
        rows += batch.num_rows
        if rows < _CHUNK:  # thousands of small files: each is put together with others once
            continue
        together = pa.concat_tables(waiting)
        while together.num_rows >= _CHUNK:
            yield together.slice(0, _CHUNK).combine_chunks()  # where batches end must not show in the pages
            together = together.slice(_CHUNK)
        waiting, rows = [together], together.num_rows
    yield pa.concat_tables(waiting).combine_chunks()


def _settings(schema: pa.Schema) -> dict[str, Any]:
    encoding = {name: how for name, how in _WITHOUT_DICTIONARY.items() if name in schema.names}
    settings: dict[str, Any] = {"compression": "zstd", "compression_level": 3}
    if encoding:
        settings |= {
            "column_encoding": encoding,
            "use_dictionary": [name for name in schema.names if name not in encoding],
        }
    return settings
