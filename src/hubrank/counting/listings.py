"""Shards → the listings that count, in the order of files and lines: a piece at a time, whatever their number.

The rows of a shard lie in the order of ORDER. What the window cuts off or another copy replaces is left out here as
`counting.copies` leaves it out of the counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hubrank.core.processes import ahead
from hubrank.core.sphere import Ints
from hubrank.core.tables import schema
from hubrank.counting.duplicates import COPY
from hubrank.counting.places import Places
from hubrank.counting.shard_files import LocatedShard
from hubrank.study.study import Window

ORDER = ("source_file", "source_row", "record_key", "listing_no", "weight", "address_key", "units", "listings")
COPY_SCHEMA = schema("record_key text, shard int, record_version int")
SHARED_SCHEMA = schema("shard int, units int, listings int")
_READ = (*ORDER, "record_version", "year", "field")
_ROWS = 125_000  # of a shard at a time


@dataclass(frozen=True, slots=True, eq=False)
class SourceRows:
    """What counts of the rows of one source.

    metric : of the source. prefix : of its records' keys, where the metric has several sources.
    offset : of its addresses' keys. window : None where nothing outside it was read.
    losers : Table[COPY_SCHEMA], copies that do not count.
    cut : Table[COPY_SCHEMA], copies of which the window cuts off a part.
    shared : Table[SHARED_SCHEMA], what the located rows of `cut` weigh in the window, per shard in the order of ORDER.
    """

    metric: str
    prefix: str
    offset: int
    shards: Sequence[LocatedShard]
    window: Window | None
    losers: pa.Table = field(default_factory=COPY_SCHEMA.empty_table)
    cut: pa.Table = field(default_factory=COPY_SCHEMA.empty_table)
    shared: pa.Table = field(default_factory=SHARED_SCHEMA.empty_table)

    def located(self) -> Iterator[tuple[pa.Table, Places, LocatedShard]]:
        """Yield the located rows that count, shard by shard, with the places of the shard, and the shard.

        The columns of the rows are ORDER, record_version, year, field and place: the row of a listing's address in the
        places. The names of files are coded by a dictionary. All rows of a record are in one shard.
        """
        for shard in self.shards:
            number, places = shard.shard.number, Places.of(shard.addresses)
            losers, cut = _of_shard(self.losers, number), _of_shard(self.cut, number)
            shared, done = _of_shard(self.shared, number), 0
            for rows in ahead(_pieces(shard)):  # reading takes as long as all that follows here
                inside = places.located(rows, self._inside(rows))
                if len(cut):
                    again = _among(inside, cut)
                    weighs = shared.slice(done, int(again.sum()))
                    done += len(weighs)
                    inside = _replaced(inside, again, weighs)
                inside = inside.filter(pa.array(~_among(inside, losers))) if len(losers) else inside
                yield inside, places, shard

    def _inside(self, rows: pa.Table) -> NDArray[np.bool_]:
        """Say which rows are of a year in the window."""
        if self.window is None:
            return np.ones(len(rows), bool)
        year = pc.fill_null(rows["year"], self.window[0] - 1).to_numpy()
        return np.asarray((year >= self.window[0]) & (year <= self.window[1]))


def _pieces(shard: LocatedShard) -> Iterator[pa.Table]:
    """Yield the rows of a shard, names of files coded; a shard of a few rows may have them written out."""
    coded = ["source_file"] if _are_coded(shard.located, "source_file") else []
    with pq.ParquetFile(shard.located, read_dictionary=coded) as file:
        at = _READ.index("source_file")
        for batch in file.iter_batches(_ROWS, columns=list(_READ)):
            rows = pa.Table.from_batches([batch])
            yield rows if coded else rows.set_column(at, "source_file", rows["source_file"].dictionary_encode())


def _are_coded(path: Path, column: str) -> bool:
    """Say whether each part of a file has a dictionary of a column: Arrow cannot make codes of some other encodings."""
    metadata = pq.read_metadata(path)
    at = metadata.schema.names.index(column)
    return all(metadata.row_group(n).column(at).has_dictionary_page for n in range(metadata.num_row_groups))


def _of_shard(rows: pa.Table, number: int) -> pa.Table:
    return rows.filter(pc.equal(rows["shard"], number)) if len(rows) else rows


def _among(rows: pa.Table, copies: pa.Table) -> NDArray[np.bool_]:
    """Say which rows belong to one of these copies of records."""
    mask: NDArray[np.bool_] = pc.is_in(rows["record_key"], copies["record_key"].combine_chunks()).to_numpy().copy()
    versions = set(zip(*(copies[name].to_pylist() for name in COPY), strict=True))
    suspects = np.flatnonzero(mask)
    some = rows.select(COPY).take(pa.array(suspects))
    mask[suspects] = [copy in versions for copy in zip(*(some[name].to_pylist() for name in COPY), strict=True)]
    return mask


def _replaced(rows: pa.Table, mask: NDArray[np.bool_], weighs: pa.Table) -> pa.Table:
    """Replace units and listings of some rows."""
    for name in ("units", "listings"):
        values: Ints = rows[name].to_numpy().copy()
        values[mask] = weighs[name].to_numpy()
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values))
    return rows
