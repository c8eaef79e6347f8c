"""A sample of all rows of a source, by seed: the same whatever the order in which rows are read."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hubrank.core.hashing import hashes
from hubrank.core.tables import LISTING_SCHEMA, uncoded
from hubrank.sources.ledger import RowLedger
from hubrank.sources.shard import Shard


@dataclass(frozen=True, slots=True)
class SourceSample:
    """What was read of a source; nothing of one that cannot be read.

    ledger : the account of the files that were read; files : how many those are. listings : a sample of theirs.
    first : the listings of about the first rows of the first shard.
    fault : why the source cannot be read, "" where it can.
    """

    ledger: RowLedger = field(default_factory=RowLedger)
    listings: pa.Table = field(default_factory=LISTING_SCHEMA.empty_table)
    first: list[pa.Table] = field(default_factory=list)
    files: int = 0
    fault: str = ""


def sampled(shards: Sequence[Shard], rows: int, seed: int) -> SourceSample:
    """Return a sample of the rows of a source. Raises DataError for a file that cannot be used at all.

    Files are read as a whole, in an order that the seed decides, until `rows` rows were read; of their listings those
    with the smallest hashes of seed, file, line and number are taken, `rows` at most, in the order of the hashes.
    """
    ledger, sample, files = RowLedger(), _Sample(rows, seed), 0
    first: list[pa.Table] | None = None
    for shard in random.Random(seed).sample(list(shards), len(shards)):  # noqa: S311 (a sample, no secret)
        of_shard = _read(shard, ledger, sample, rows)
        first = of_shard if shard is shards[0] else first
        files += len(shard.files.main)
        if ledger.rows_read >= rows:
            break
    listings = sample.table()
    listings = listings.cast(pa.schema(map(uncoded, listings.schema)))  # codes cannot be sorted by
    return SourceSample(ledger, listings, first_rows(shards[0], rows) if first is None else first, files)


def _read(shard: Shard, ledger: RowLedger, sample: "_Sample", rows: int) -> list[pa.Table]:
    """Add the listings of a shard to a sample; return those of about its first rows."""
    rows_before, are_enough = ledger.rows_read, False
    first: list[pa.Table] = []
    for batch in shard.tables(ledger):
        sample.add(batch)
        if not are_enough:
            first.append(batch)
            are_enough = ledger.rows_read - rows_before >= rows
    return first


def first_rows(shard: Shard, rows: int) -> list[pa.Table]:
    """Return the listings of about the first rows of a shard."""
    ledger = RowLedger()
    batches: list[pa.Table] = []
    for batch in shard.tables(ledger):
        batches.append(batch)
        if ledger.rows_read >= rows:
            break
    return batches


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
