"""One shard: its rows read, located and shared out, and kept by content, so that a rerun does only what is new."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.cache import cache_folder
from hubrank.core.files import synced_together, write_json
from hubrank.core.parquet import write_table
from hubrank.core.tables import LISTING_SCHEMA, SET_ASIDE_SCHEMA, Geocoder, Relation, rows_in
from hubrank.counting import duplicates
from hubrank.counting import located as located_stage
from hubrank.engines.duckdb import DuckEngine
from hubrank.geocoding import places as places_stage
from hubrank.sources.account import Account, YearCounter, by_year, expect_all
from hubrank.sources.inputs import Shard
from hubrank.sources.ledger import RowLedger
from hubrank.study.study import Window

ABANDONED = 86_400  # seconds
Resolving = Callable[[], Geocoder]  # loaded when the first shard needs it


def shard_folder() -> Path:
    """Return where finished shards are kept."""
    return cache_folder() / "shards"


def kept(shard: Shard, resolver: Resolving, engine: DuckEngine) -> Path:
    """Return the folder of a finished shard; make it where it is not there yet."""
    folder = shard_folder() / shard.key
    if (folder / "account.json").exists():
        return folder
    with atomic_folder_at(folder) as fresh:
        _make(shard, resolver, engine, fresh)
    return folder


@contextmanager
def atomic_folder_at(folder: Path) -> Iterator[Path]:
    """Give a fresh folder that takes this name once all of it is there; who is second finds the first one's."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".shard."))
    try:
        with synced_together(fresh):  # a machine that goes down must leave no shard that only looks whole
            yield fresh
        fresh.chmod(0o755)  # other users of a shared cache may read it
        try:
            os.rename(fresh, folder)  # noqa: PTH104 (fails where the folder is there)
        except OSError:
            if not folder.exists():
                raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed left behind: what is begun and was not touched for a day."""
    for left in folder.glob(".shard.*"):
        with suppress(FileNotFoundError):  # another run may be sweeping as well
            if time.time() - left.stat().st_mtime > ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def account(folder: Path, window: Window | None) -> Account:
    """Return where the rows of a kept shard went, once the window has taken its part of the years that were read."""
    told = _told(folder)
    years = told.pop("years")
    told.pop("straddling")
    return Account(**told) if window is None else Account(**told).within(window, years)


def straddles(folder: Path) -> bool:
    """Tell whether a record of a kept shard has listings of several years, so that a window may cut it."""
    return bool(_told(folder)["straddling"])


def _told(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "account.json").read_text("utf-8"))
    return told


def set_aside(folder: Path) -> pa.Table:
    """Return the rows of a kept shard that could not be used."""
    return pq.read_table(folder / "set_aside.parquet")


def located(folder: Path) -> Path:
    """Return the file of a kept shard's located rows."""
    return folder / "located.parquet"


def read(shard: Shard, engine: DuckEngine, folder: Path) -> Relation:
    """Return the listings of a shard; write where its rows went into `folder`."""
    ledger = RowLedger()
    watch = YearCounter()
    listings = engine.load(watch.watched(shard.source.read(shard.files, shard.options, ledger)), LISTING_SCHEMA)
    aside = ledger.set_aside_table(shard.metric).cast(SET_ASIDE_SCHEMA)
    told = _account(ledger, aside, len(shard.files.main))
    years = by_year(listings, engine) if watch.given_up else watch.years()
    expect_all(years, told, f"{shard.metric} ({shard.section.reader})")
    write_table(folder / "set_aside.parquet", aside, ["source_file", "source_row", "field"])
    write_json(folder / "account.json", {**asdict(told), "years": years})
    return listings


def _make(shard: Shard, resolver: Resolving, engine: DuckEngine, folder: Path) -> None:
    listings = read(shard, engine, folder)
    addresses = places_stage.addresses(listings, engine)
    places = places_stage.places(addresses, resolver, engine)
    placed, straddling = located_stage.located(listings, addresses, places, engine)
    engine.write(placed, located(folder))
    finish(folder, rows_in(listings, engine), straddling.get(0, 0))
    engine.drop(listings, addresses, places, placed)


def finish(folder: Path, listings: int, straddling: int) -> None:
    """Add what is known once a shard's listings are located and shared out.

    listings : how many were read; those that stand again are gone, as each stands at one address.
    straddling : how many records have listings of several years.
    """
    duplicates.keep(folder, located(folder))
    placed = pq.read_metadata(located(folder)).num_rows
    more = {"repeated": listings - placed, "straddling": straddling}
    write_json(folder / "account.json", {**_told(folder), **more})


def _account(ledger: RowLedger, aside: pa.Table, files: int) -> Account:
    reasons = aside["reason"].value_counts().to_pylist()
    return Account(
        files=files,
        rows_read=ledger.rows_read,
        kept=ledger.rows_kept,
        out_of_scope=dict(sorted(ledger.scope.items())),
        set_aside=dict(sorted((row["values"], row["counts"]) for row in reasons)),
    )
