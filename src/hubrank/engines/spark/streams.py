"""Arrow batches as they go to and from Spark's Python: in order, and cut where a value changes."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa


def packed(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pack each batch into one value: Spark passes values of a partition on in order, and one partition at a time."""
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        yield pa.record_batch({"part": pa.array([sink.getvalue().to_pybytes()], pa.binary())})


def unpacked(parts: Iterator[Any], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Unpack the batches that `packed` packed."""
    for row in parts:
        for batch in pa.ipc.open_stream(bytes(row["part"])):
            yield batch.cast(schema)


def runs(batches: Iterator[pa.RecordBatch], column: str) -> Iterator[tuple[int, Iterator[pa.Table]]]:
    """Cut sorted batches where the value of a column changes."""
    waiting: list[pa.Table] = []

    def rest(value: int) -> Iterator[pa.Table]:
        """Yield the remaining rows of one value; the rows after them wait."""
        while waiting or _fetched(waiting, batches):
            table = waiting.pop(0)
            same = table[column].to_numpy() == value
            count = int(same.sum())  # sorted: those that are the same come first
            if count:
                yield table.slice(0, count)
            if count < len(table):
                waiting.insert(0, table.slice(count))
                return

    while waiting or _fetched(waiting, batches):
        value = int(waiting[0][column][0].as_py())
        yield value, rest(value)


def _fetched(waiting: list[pa.Table], batches: Iterator[pa.RecordBatch]) -> bool:
    for batch in batches:
        if len(batch):
            waiting.append(pa.Table.from_batches([batch]))
            return True
    return False
