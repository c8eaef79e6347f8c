"""A sample of all rows of a source, by seed: the same whatever the order in which rows are read."""

import random
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.hashing import hashes
from hubrank.core.tables import LISTING_SCHEMA, uncoded
from hubrank.sources.ledger import RowLedger
from hubrank.sources.shard import Shard


def sampled(shards: Sequence[Shard], rows: int, seed: int) -> tuple[RowLedger, pa.Table, int]:
    """Return the account of the files that were read, a sample of their listings, and how many files those are.

    Files are read as a whole, in an order that the seed decides, until `rows` rows were read; of their listings those
    with the smallest hashes of seed, file, line and number are taken, `rows` at most, in the order of the hashes.
    """
    ledger, sample, files = RowLedger(), _Sample(rows, seed), 0
    for shard in random.Random(seed).sample(list(shards), len(shards)):  # noqa: S311 (a sample, no secret)
        for batch in shard.tables(ledger):
            sample.add(batch)
        files += len(shard.files.main)
        if ledger.rows_read >= rows:
            break
    listings = sample.table()
    return ledger, listings.cast(pa.schema(map(uncoded, listings.schema))), files  # codes cannot be sorted by


def distinct(listings: pa.Table, *more: str) -> pa.Table:
    """Return each listing once, with `count_max` and the largest value of further columns: it may have several rows.

    A row is a listing at one of its places: an author at one of several institutions.
    """
    keys = ["record_key", "record_version", "listing_no"]
    return listings.group_by(keys).aggregate([(name, "max") for name in ("count", *more)])


class _Sample:
    """Holds the listings with the smallest hashes."""

    def __init__(self, rows: int, seed: int) -> None:
        self._rows, self._seed = rows, seed
        self._tables: list[pa.Table] = []
        self._waiting = 0

    def add(self, batch: pa.Table) -> None:
        """Take more listings, and drop those that cannot be among the smallest any more now and then."""
        if not batch.num_rows:
            return
        self._tables.append(batch)
        self._waiting += batch.num_rows
        if self._waiting > 4 * self._rows:
            self._tables = [self.table()]
            self._waiting = self._tables[0].num_rows

    def table(self) -> pa.Table:
        listings = pa.concat_tables([LISTING_SCHEMA.empty_table(), *self._tables])
        order = np.lexsort((listings["listing_no"].to_numpy(), self._hashes(listings)))
        return listings.take(pa.array(order[: self._rows]))

    def _hashes(self, listings: pa.Table) -> NDArray[np.uint64]:
        seed = pa.scalar(str(self._seed))
        columns = (listings[name].cast(pa.string()) for name in ("source_file", "source_row", "listing_no"))
        return hashes(pc.binary_join_element_wise(seed, *columns, seed, " "))
