"""All shards of a study at once, on many machines: read by Spark's tasks, located by its SQL, kept as ever.

Each file is read by the same reader as on one machine, in a task of its own. What a task finished stays, in the cache
folder that all machines see; a task that is lost with its machine is done again, and so is what a killed run had begun.
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
from hubrank.core.tables import Geocoder
from hubrank.counting import located as located_stage
from hubrank.counting import shards as shards_module
from hubrank.engines.duckdb import DuckEngine
from hubrank.engines.spark import SparkEngine
from hubrank.geocoding import places as places_stage
from hubrank.sources.inputs import Shard

NUMBERED = f"SELECT *, copy // {located_stage.SPAN} AS shard FROM placed"
_loaded: dict[str, Geocoder] = {}  # the resolver of this process: a Python worker outlives its task


@dataclass(frozen=True, slots=True)
class Located:
    """The resolver of a study: its settings travel to other machines, where it is loaded once."""

    settings: geocoding.Settings

    def __call__(self) -> Geocoder:
        """Return the resolver, loaded in this process."""
        key = repr(self)
        if key not in _loaded:
            _loaded[key] = geocoding.resolver_for(self.settings)
        return _loaded[key]


def kept(todo: list[Shard], resolver: Located, engine: SparkEngine) -> list[Path]:
    """Return the folders of finished shards; make those that are not there yet, all at once."""
    folders = [shards_module.shard_folder() / shard.key for shard in todo]
    missing = [n for n, folder in enumerate(folders) if not (folder / "account.json").exists()]
    if not missing:
        return folders
    shards = [todo[n] for n in missing]
    engine.each(len(shards), partial(_read_one, shards))
    listings = engine.parquet([_reading(shard) / "listings.parquet" for shard in shards])
    addresses = places_stage.addresses(listings, engine)
    places = places_stage.places(addresses, resolver, engine)
    placed, straddling = located_stage.located(listings, addresses, places, engine)
    engine.gathered(engine.run(NUMBERED, placed=placed), "shard", partial(_write_one, shards, straddling))
    for number, shard in enumerate(shards):
        if not (shards_module.shard_folder() / shard.key).exists():  # nothing in it was a listing
            empty = engine.arrow(engine.run("SELECT * FROM placed LIMIT 0", placed=placed))
            _write_one(shards, straddling, number, iter([empty]))
    for shard in shards:  # not before: a machine that goes away may make others read what they had read
        shutil.rmtree(_reading(shard), ignore_errors=True)
    return folders


def _reading(shard: Shard) -> Path:
    """Return the folder of a shard that was read and is not located yet."""
    return shards_module.shard_folder() / f".reading.{shard.key}"


def _read_one(shards: list[Shard], number: int) -> None:
    """Read one shard into a folder that appears when all of it is there."""
    folder = _reading(shards[number])
    if folder.exists():
        return
    with shards_module.atomic_folder_at(folder) as fresh:
        with DuckEngine(spill=fresh / "spill", threads=1) as desk:
            listings = shards_module.read(shards[number], desk, fresh)
            told = desk.batches(
                f"SELECT * REPLACE (copy + {number * located_stage.SPAN} AS copy) FROM listings", listings=listings
            )
            with pq.ParquetWriter(fresh / "listings.parquet", told.schema, compression="zstd") as writer:
                for batch in told:
                    writer.write_batch(batch)
        shutil.rmtree(fresh / "spill", ignore_errors=True)


def _write_one(shards: list[Shard], straddling: dict[int, int], number: int, tables: Iterator[pa.Table]) -> None:
    """Put the located rows of one shard beside its account, and the whole in its place."""
    folder, reading = shards_module.shard_folder() / shards[number].key, _reading(shards[number])
    with shards_module.atomic_folder_at(folder) as fresh:
        writer = None
        with shards_module.located(fresh).open("wb") as file:
            for table in tables:
                rows = _as_read(table)
                writer = writer or pq.ParquetWriter(file, rows.schema, compression="zstd")
                writer.write_table(rows)
            if writer is not None:
                writer.close()
        for name in ("account.json", "set_aside.parquet"):
            shutil.copyfile(reading / name, fresh / name)
        listings = pq.read_metadata(reading / "listings.parquet").num_rows
        shards_module.finish(fresh, listings, straddling.get(number, 0))


def _as_read(table: pa.Table) -> pa.Table:
    """Return rows with the copy's number of their own file."""
    at = table.column_names.index("copy")
    copy = pc.bit_wise_and(table["copy"], located_stage.SPAN - 1)
    return table.set_column(at, "copy", copy).drop_columns([name for name in ("shard",) if name in table.column_names])
