"""All shards of a study at once, on many machines: read by Spark's tasks, located by its SQL, cached as on one machine.

Each file is read by the same reader as on one machine, in a task of its own. What a task finished stays in the cache
folder that all machines see; a task that is lost with its machine is repeated, and so is what a killed run had begun.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank import geocoding
from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.core.files import file_states
from hubrank.core.intact import is_intact
from hubrank.core.parquet import write_table
from hubrank.core.tables import ADDRESS_ROW_SCHEMA, Geocoder
from hubrank.counting import located as located_stage
from hubrank.counting.listings import ORDER
from hubrank.counting.shard_files import (
    LocatedShard,
    addresses_file,
    finish,
    located_file,
    read_listings,
    shard_folder,
)
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkEngine
from hubrank.geocoding import places as places_stage
from hubrank.geocoding import shown_address
from hubrank.sources.inputs import Shard

ADDRESSES = f"""
SELECT shard, {shown_address.ROW_COLUMNS} FROM places JOIN (
    SELECT DISTINCT record_version // {located_stage.SPAN} AS shard, address_key AS known_key FROM placed
) ON address_key = known_key
"""
NUMBERED = f"SELECT *, record_version // {located_stage.SPAN} AS shard FROM placed"
_loaded: dict[str, Geocoder] = {}  # the resolver of this process: a Python worker outlives its task


@dataclass(frozen=True, slots=True)
class LoadedResolver:
    """The resolver of a study: its settings travel to other machines, where it is loaded once."""

    settings: geocoding.Settings

    def __call__(self) -> Geocoder:
        """Return the resolver, loaded in this process."""
        key = f"{self!r} {file_states(*self.settings.institutions)}"
        if key not in _loaded:
            _loaded[key] = geocoding.geocoder_for(self.settings)
        return _loaded[key]


def cached_shards(shards: list[Shard], resolver: LoadedResolver, engine: SparkEngine) -> list[LocatedShard]:
    """Return finished shards; those that are not in the cache are made, all at once."""
    cached = [LocatedShard.of(shard) for shard in shards]
    missing = [one.shard for one in cached if not one.is_finished]
    if not missing:
        return cached
    engine.each(len(missing), partial(_read_one, missing))
    listings = engine.parquet([_reading(shard) / "listings.parquet" for shard in missing])
    addresses = places_stage.addresses(listings, engine)
    places = places_stage.places(addresses, resolver, engine)
    placed, straddling = located_stage.located(listings, addresses, places, engine)
    shown = engine.run(ADDRESSES, places=shown_address.distinct(places, engine), placed=placed)
    engine.gathered(shown, "shard", partial(_write_addresses, missing))
    engine.gathered(engine.run(NUMBERED, placed=placed), "shard", partial(_write_one, missing, straddling), ORDER)
    for number, shard in enumerate(missing):
        if not LocatedShard.of(shard).folder.exists():  # nothing in it was a listing
            empty = engine.arrow(engine.run("SELECT * FROM placed LIMIT 0", placed=placed))
            _write_one(missing, straddling, number, iter([empty]))
    for shard in missing:  # not before: a machine that is lost may make others read again what they had read
        shutil.rmtree(_reading(shard), ignore_errors=True)
        _read_addresses(shard).unlink(missing_ok=True)
    return cached


def _reading(shard: Shard) -> Path:
    """Return the folder of a shard that was read and is not located yet."""
    return shard_folder() / f".reading.{shard.key}"


def _read_addresses(shard: Shard) -> Path:
    """Return the file of the addresses of such a shard: not in its folder, whose files are sealed."""
    return shard_folder() / f".addresses.{shard.key}.parquet"


def _read_one(shards: list[Shard], number: int) -> None:
    """Read one shard into a folder that appears when all of it is there."""
    folder = _reading(shards[number])
    if is_intact(folder):
        return
    with atomic_cache_folder(folder) as draft, shards[number].unchanged():
        with DuckEngine(spill=draft / "spill", threads=1) as engine:
            listings = read_listings(shards[number], engine, draft)
            offset = number * located_stage.SPAN
            batches = engine.batches(
                f"SELECT * REPLACE (record_version + {offset} AS record_version) FROM listings", listings=listings
            )
            with pq.ParquetWriter(draft / "listings.parquet", batches.schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch)
        shutil.rmtree(draft / "spill", ignore_errors=True)


def _write_addresses(shards: list[Shard], number: int, tables: Iterator[pa.Table]) -> None:
    """Write the addresses of one shard next to the folder of its listings."""
    rows = pa.concat_tables(tables).select(ADDRESS_ROW_SCHEMA.names).cast(ADDRESS_ROW_SCHEMA)
    write_table(_read_addresses(shards[number]), rows, shown_address.ORDER)


def _write_one(shards: list[Shard], straddling: dict[int, int], number: int, tables: Iterator[pa.Table]) -> None:
    """Write the located rows of one shard, with its account, to its place in the cache."""
    reading = _reading(shards[number])
    finished = LocatedShard.of(shards[number]).folder
    with atomic_cache_folder(finished) as draft, shards[number].unchanged():
        writer = None
        with located_file(draft).open("wb") as file:
            for table in tables:
                rows = _as_read(table)
                writer = writer or pq.ParquetWriter(file, rows.schema, compression="zstd")
                writer.write_table(rows)
            if writer is not None:
                writer.close()
        for name in ("account.json", "set_aside.parquet"):
            shutil.copyfile(reading / name, draft / name)
        read_before = _read_addresses(shards[number])
        if read_before.exists():
            shutil.copyfile(read_before, addresses_file(draft))
        else:
            write_table(addresses_file(draft), ADDRESS_ROW_SCHEMA.empty_table(), ["address_key"])
        listings = pq.read_metadata(reading / "listings.parquet").num_rows
        finish(draft, listings, straddling.get(number, 0))


def _as_read(table: pa.Table) -> pa.Table:
    """Return rows with the number of the record's version in its own file."""
    at = table.column_names.index("record_version")
    version = pc.bit_wise_and(table["record_version"], located_stage.SPAN - 1)
    numbered = table.set_column(at, "record_version", version)
    return numbered.drop_columns([name for name in ("shard",) if name in table.column_names])
