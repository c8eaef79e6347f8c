"""A shard in the cache: located rows and their sums, the account of all rows, the rows set aside, hashes of records."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.cache import cache_folder
from hubrank.core.files import write_json
from hubrank.core.intact import is_intact
from hubrank.core.parquet import read_file, write_table
from hubrank.core.tables import LISTING_SCHEMA, SET_ASIDE_SCHEMA, Relation
from hubrank.counting import duplicates
from hubrank.counting.address_sums import AddressSums, sums_file
from hubrank.counting.places import Places
from hubrank.engines.duckdb import DuckEngine
from hubrank.sources.account import Account, YearCounter, by_year, expect_all
from hubrank.sources.ledger import RowLedger
from hubrank.sources.shard import Shard
from hubrank.study.study import Window

ALIKE = "ids that differ from another only in upper and lower case; they count as records of their own"


def shard_folder() -> Path:
    """Return the folder of all finished shards."""
    return cache_folder() / "shards"


@dataclass(frozen=True, slots=True)
class LocatedShard:
    """A shard whose listings are read, located and on disk.

    folder : named by the key of the shard; it is there as a whole or not at all.
    """

    shard: Shard
    folder: Path

    @classmethod
    def of(cls, shard: Shard) -> "LocatedShard":
        """Return a shard at its place in the cache, finished or not."""
        return cls(shard, shard_folder() / shard.key)

    @property
    def is_finished(self) -> bool:
        """True where it is in the cache, undamaged."""
        return is_intact(self.folder)

    @property
    def located(self) -> Path:
        """The file of its located rows."""
        return located_file(self.folder)

    @property
    def addresses(self) -> Path:
        """The file of its addresses."""
        return addresses_file(self.folder)

    @property
    def sums(self) -> Path:
        """The file of what its rows add up to, which is not always there."""
        return sums_file(self.folder)

    @property
    def set_aside(self) -> pa.Table:
        """The rows that could not be used."""
        return read_file(self.folder / "set_aside.parquet")

    @property
    def straddles(self) -> bool:
        """True where a record has listings of several years, so that a window may cut it."""
        return bool(_read_account(self.folder)["straddling"])

    @property
    def largest(self) -> int:
        """How many rows its largest record has, whatever its years."""
        return int(_read_account(self.folder)["largest"])

    @property
    def is_contiguous(self) -> bool:
        """True where the rows of each record follow each other in its file of located rows."""
        return bool(_read_account(self.folder)["contiguous"])

    def account(self, window: Window | None) -> Account:
        """Return where its rows went; kept rows of years outside the window are out of scope."""
        entries = _read_account(self.folder)
        years = entries.pop("years")
        for name in ("straddling", "largest", "contiguous"):
            entries.pop(name)
        account = Account(**entries)
        return account if window is None else account.within(window, years)


def located_file(folder: Path) -> Path:
    """Return the file of the located rows in the folder of a shard."""
    return folder / "located.parquet"


def addresses_file(folder: Path) -> Path:
    """Return the file of the addresses in the folder of a shard."""
    return folder / "addresses.parquet"


def _read_account(folder: Path) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads((folder / "account.json").read_text("utf-8"))
    return entries


def read_listings(shard: Shard, engine: DuckEngine, folder: Path) -> Relation:
    """Return the listings of a shard; write the account of its rows into `folder`."""
    ledger = RowLedger()
    counter = YearCounter()
    with shard.naming_keys():
        listings = engine.load(_counted_by_year(shard, ledger, counter), LISTING_SCHEMA)
    aside = ledger.set_aside_table(shard.metric).cast(SET_ASIDE_SCHEMA)
    account = _account(ledger, aside, len(shard.files.main))
    years = by_year(listings, engine) if counter.given_up else counter.years()
    expect_all(years, account, f"{shard.metric} ({shard.section.reader})")
    write_table(folder / "set_aside.parquet", aside, ["source_file", "source_row", "field"])
    write_json(folder / "account.json", {**asdict(account), "years": years})
    return listings


def _counted_by_year(shard: Shard, ledger: RowLedger, counter: YearCounter) -> Iterator[pa.Table]:
    for batch in shard.tables(ledger):
        counter.count(batch)
        yield batch


def _account(ledger: RowLedger, aside: pa.Table, files: int) -> Account:
    reasons = aside["reason"].value_counts().to_pylist()
    return Account(
        files=files,
        rows_read=ledger.rows_read,
        rows_kept=ledger.rows_kept,
        out_of_scope=dict(sorted(ledger.scope.items())),
        set_aside=dict(sorted((row["values"], row["counts"]) for row in reasons)),
        remarks=dict(sorted(ledger.remarks.items())),
        kinds=dict(sorted(ledger.kinds.items())),
    )


def finish(folder: Path, listings: int, straddling: int, largest: int, piece: duplicates.Piece | None = None) -> None:
    """Complete the account of a shard whose listings are located and shared out.

    listings : how many were read; exact repetitions are gone from the located rows, as each listing is at one address.
    straddling : how many records have listings of several years; largest : how many rows the largest record has.
    piece : the located rows, where they are in memory; else they are read.
    """
    located = located_file(folder)
    pieces = [piece] if piece else duplicates.pieces(located, Places.of(addresses_file(folder)))
    sums = AddressSums()
    alike, contiguous = duplicates.write_hashes(folder, located, sums.passed(pieces))
    sums.write(folder)
    stored = pq.read_metadata(located).num_rows
    account = _read_account(folder)
    remarks = {**account["remarks"], **({ALIKE: alike} if alike else {})}
    more = {"repeated": listings - stored, "straddling": straddling, "largest": largest, "contiguous": contiguous}
    write_json(folder / "account.json", {**account, **more, "remarks": remarks})
