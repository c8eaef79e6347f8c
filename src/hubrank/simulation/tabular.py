"""The same world as bare tables: one Parquet row per listing, with coordinates and without any noise of files.

For worlds too large for raw formats: 300 million listings take a few gigabytes.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hubrank.core.sphere import E7, Ints
from hubrank.simulation.files import written
from hubrank.simulation.groups import EARLIER, FIRST_YEAR, IN_SCOPE, LOST, Groups
from hubrank.simulation.institutions import institutions
from hubrank.simulation.places import Places
from hubrank.simulation.records import NOWHERE, Block, blocks
from hubrank.simulation.spellings import spread
from hubrank.simulation.stable_hash import even, hashed
from hubrank.simulation.truth import FIRST_LISTING

PREFIX = {"patents": "SIM", "publications": "WSIM", "deals": "SIM-R-"}
PART_RECORDS = 125_000  # a file of each; 30 million listings are about a hundred files
ROUNDS_PER_COMPANY = 2


def parts(groups: Groups) -> int:
    """Return in how many files a metric is written."""
    return -(-groups.total // PART_RECORDS)


def write_part(folder: Path, groups: Groups, places: Places, seed: int, number: int) -> None:
    """Write one file: columns record, listing, year, lat, lon; coordinates are null where nothing tells a place."""
    first = number * PART_RECORDS
    made = [
        _table(groups.metric, block, _sites(groups.metric, block, places, seed), places)
        for block in blocks(groups, seed, range(first, first + PART_RECORDS))
    ]
    with written(folder / f"part-{number:05d}.parquet") as file:
        pq.write_table(pa.concat_tables(made), file, compression="zstd", compression_level=1)


def _table(metric: str, block: Block, site: Ints, places: Places) -> pa.Table:
    kept = np.flatnonzero(np.isin(block.fate, (IN_SCOPE, LOST, EARLIER))[block.record])
    record, nowhere = block.record[kept], block.unit[kept] == NOWHERE
    year = FIRST_YEAR[metric] + np.where(block.fate == EARLIER, -1 - block.serial % 3, block.year)
    number = pc.utf8_lpad(pa.array(block.number).cast(pa.string()), 9, "0")
    ids = pc.binary_join_element_wise(PREFIX[metric], number, "")
    return pa.table(
        {
            "record": ids.take(pa.array(record)),
            "listing": pa.array((block.order[kept] + FIRST_LISTING[metric]).astype(np.int32)),
            "year": pa.array(year[record].astype(np.int32)),
            "lat": pa.array(places.lat_e7[site[kept]] / E7, mask=nowhere),
            "lon": pa.array(places.lon_e7[site[kept]] / E7, mask=nowhere),
        }
    )


def _sites(metric: str, block: Block, places: Places, seed: int) -> Ints:
    """Return where each listing is, as the raw formats have it."""
    unit = np.maximum(block.unit, 0)
    if metric == "publications":
        known = institutions(places)
        return known.site[known.pick.pick(unit, block.spot)]
    if metric == "patents":
        return spread(places.site_unit, places.weight_ppm).pick(unit, block.spot)
    company = block.serial[block.record] // ROUNDS_PER_COMPANY
    return spread(places.site_unit, places.deals_ppm).pick(unit, even(company, hashed(unit, seed + 6)))
