"""What the listings of a shard add up to at each address and year: a count of a window need not read the listings."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from hubrank.core.parquet import write_rows
from hubrank.core.tables import schema
from hubrank.counting.duplicates import Piece

SCHEMA = schema("address_key int, year int32?, source_rows int, listings int, records int, units int, due int")
_KEY, _SUMMED = SCHEMA.names[:2], SCHEMA.names[2:]
_LARGEST = 2.0**62  # of a sum in floating point, so that 64 bits surely hold it


def sums_file(folder: Path) -> Path:
    """Return the file of the sums of a shard. It is not there where 64 bits may not hold one, as of a damaged count."""
    return folder / "sums.parquet"


class AddressSums:
    """Adds up the rows of a shard while its pieces pass.

    due : what the records of an address weigh, wherever their listings are.
    """

    __slots__ = ("_parts", "_size")

    def __init__(self) -> None:
        self._parts: list[pa.Table] = []
        self._size = 0.0

    def passed(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """Add up each piece, and yield it. pieces : of Table[address_key, year, listings, records, …]."""
        for piece in pieces:
            rows = piece.rows
            records, weight = rows["records"].to_numpy(), rows["record_units"].to_numpy()
            values = [np.ones(len(rows), np.int64), rows["listings"], records, rows["units"], records * weight]
            in_floats = (rows["listings"], rows["units"], records, records.astype(float) * weight)
            self._size += max(float(np.sum(each, dtype=float)) for each in in_floats)
            self._parts.append(_sums(pa.table([*rows.select(_KEY).columns, *values], names=SCHEMA.names)))
            yield piece

    def write(self, folder: Path) -> None:
        """Write Parquet[SCHEMA] into the folder of the shard, where 64 bits hold all sums."""
        if self._size < _LARGEST:
            parts = self._parts or [SCHEMA.empty_table()]
            write_rows(sums_file(folder), _sums(pa.concat_tables(parts)) if len(parts) > 1 else parts[0])


def _sums(rows: pa.Table) -> pa.Table:
    sums = rows.group_by(_KEY, use_threads=False).aggregate([(name, "sum") for name in _SUMMED])
    return sums.select([*_KEY, *(f"{name}_sum" for name in _SUMMED)]).rename_columns(SCHEMA.names).cast(SCHEMA)
