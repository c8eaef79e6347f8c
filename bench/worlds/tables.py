"""The world of `hubrank simulate` as tables: one Parquet row per listing, with coordinates, without faulty rows.

For worlds too large for raw formats: 300 million listings take a few gigabytes.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.core.files import atomic_file
from hubrank.core.sphere import E7, Ints
from hubrank.simulation.files import write_text
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, IN_SCOPE, LOST, Groups
from hubrank.simulation.groups import groups as record_groups
from hubrank.simulation.institutions import institutions
from hubrank.simulation.packaged import text
from hubrank.simulation.people import write_people
from hubrank.simulation.places import METRICS, Places
from hubrank.simulation.places import places as planted_places
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.spellings import portions
from hubrank.simulation.stable_hash import even, hashed
from hubrank.simulation.studies import studies
from hubrank.simulation.truth import FIRST_LISTING

SOURCES = Path(__file__).with_name("sources.toml")
CLUSTERS = 237
PREFIX = {"patents": "SIM", "publications": "WSIM", "deals": "SIM-R-"}
PART_RECORDS = 125_000  # a file of each; 30 million listings are about a hundred files
ROUNDS_PER_COMPANY = 2
WORTH_A_POOL = 8  # files


def simulate_tables(out: Path, *, listings: int, seed: int = 2025) -> None:
    """Write `raw/<metric>/part-00000.parquet` … and the study files, these last."""
    write_text(out / "raw" / "SIMULATED.txt", text("SIMULATED.txt"))
    for metric in METRICS:
        total = _groups(metric, listings, seed).total
        _write(out / "raw" / metric, metric, listings, seed, range(-(-total // PART_RECORDS)))
    write_people(out / "raw" / "people.parquet", out / "truth" / "people.parquet", _places(seed), seed)
    for name, study in studies(seed, SOURCES.read_text("utf-8")).items():
        write_text(out / name, study)


def _write(folder: Path, metric: str, listings: int, seed: int, parts: range) -> None:
    if len(parts) < WORTH_A_POOL:
        for part in parts:
            write_part(folder, metric, listings, seed, part)
        return
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        count = len(parts)
        for _ in pool.map(write_part, [folder] * count, [metric] * count, [listings] * count, [seed] * count, parts):
            pass


@cache
def _places(seed: int) -> Places:
    return planted_places(CLUSTERS, seed)


@cache
def _groups(metric: str, listings: int, seed: int) -> Groups:
    return record_groups(_places(seed), metric, listings, seed)


def write_part(folder: Path, metric: str, listings: int, seed: int, part: int) -> None:
    """Write one file: columns record, listing, year, lat, lon; coordinates are null where the record has no address."""
    places, groups = _places(seed), _groups(metric, listings, seed)
    records = range(part * PART_RECORDS, (part + 1) * PART_RECORDS)
    tables = [
        _table(metric, block, _sites(metric, block, places, seed), places) for block in blocks(groups, seed, records)
    ]
    with atomic_file(folder / f"part-{part:05d}.parquet") as file:
        pq.write_table(pa.concat_tables(tables), file, compression="zstd", compression_level=1)


def _table(metric: str, block: Block, site: Ints, places: Places) -> pa.Table:
    rows = np.flatnonzero(np.isin(block.status, (IN_SCOPE, LOST, EARLIER))[block.record])
    record, nowhere = block.record[rows], block.unit[rows] == NOWHERE
    year = FIRST_YEAR[metric] + np.where(block.status == EARLIER, -1 - block.serial % 3, block.year)
    number = pc.utf8_lpad(pa.array(block.number).cast(pa.string()), 9, "0")
    ids = pc.binary_join_element_wise(PREFIX[metric], number, "")
    return pa.table(
        {
            "record": ids.take(pa.array(record)),
            "listing": pa.array((block.order[rows] + FIRST_LISTING[metric]).astype(np.int32)),
            "year": pa.array(year[record].astype(np.int32)),
            "lat": pa.array(places.lat_e7[site[rows]] / E7, mask=nowhere),
            "lon": pa.array(places.lon_e7[site[rows]] / E7, mask=nowhere),
        }
    )


def _sites(metric: str, block: Block, places: Places, seed: int) -> Ints:
    """Return where each listing is, as the raw formats have it."""
    unit = np.maximum(block.unit, 0)
    if metric == "publications":
        register = institutions(places)
        return register.site[register.portions.pick(unit, block.spot)]
    if metric == "patents":
        return portions(places.site_unit, places.weight_ppm).pick(unit, block.spot)
    company = block.serial[block.record] // ROUNDS_PER_COMPANY
    return portions(places.site_unit, places.deals_ppm).pick(unit, even(company, hashed(unit, seed + 6)))
