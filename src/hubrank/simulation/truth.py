"""The planted truth as tables that the pipeline never reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hubrank.core.files import atomic_file
from hubrank.core.sphere import Ints
from hubrank.core.tables import schema
from hubrank.simulation.allocation import WINDOW
from hubrank.simulation.files import write_table
from hubrank.simulation.groups import FIRST_YEAR, LOST, Groups
from hubrank.simulation.places import EDITIONS, METRICS, Places
from hubrank.simulation.records import NOWHERE, Block

LISTINGS = schema("""
    metric text?, record_id text?, listing_no int32?, year int32?, unit int32?, lat_e7 int?, lon_e7 int?, units int?,
    via text?
""")
FIRST_LISTING = {"patents": 0, "publications": 1, "deals": 1}  # how each format numbers listings
VIA = pa.array(["coordinates", "institution", "name", "spelling", "nothing"])
COORDINATES, INSTITUTION, NAME, SPELLING, NOTHING = range(5)


@dataclass(frozen=True, slots=True)
class TruthWriter:
    """Writes where each listing was planted."""

    writer: pq.ParquetWriter
    places: Places

    def add(self, metric: str, ids: list[str], block: Block, site: Ints, via: Ints) -> None:
        """Add the listings of a block that are in scope.

        ids : of the block's records, as the file spells them. site, via : int64, shape (listings,).
        """
        rows = np.flatnonzero(block.status[block.record] <= LOST)
        lost = block.unit[rows] == NOWHERE
        columns = [
            pa.array([metric]).take(pa.array(np.zeros(rows.size, np.int64))),
            pa.array(ids, pa.string()).take(pa.array(block.record[rows])),
            pa.array((block.order[rows] + FIRST_LISTING[metric]).astype(np.int32)),
            pa.array((FIRST_YEAR[metric] + block.year[block.record[rows]]).astype(np.int32)),
            pa.array(block.unit[rows].astype(np.int32), mask=lost),
            pa.array(self.places.lat_e7[site[rows]], mask=lost),
            pa.array(self.places.lon_e7[site[rows]], mask=lost),
            pa.array(block.units()[rows]),
            VIA.take(pa.array(np.where(lost, NOTHING, via[rows]))),
        ]
        self.writer.write_table(pa.table(columns, schema=LISTINGS))


@contextmanager
def truth_writer(path: Path, places: Places) -> Iterator[TruthWriter]:
    """Open the table of planted listings."""
    with atomic_file(path) as file, pq.ParquetWriter(file, LISTINGS, compression="zstd") as writer:
        yield TruthWriter(writer, places)


def write_places(path: Path, places: Places) -> None:
    """Write every site: its unit, the unit's role, city, coordinates and part of the unit."""
    unit = places.site_unit
    table = pa.table(
        {
            "unit": pa.array(unit.astype(np.int32)),
            "role": [places.role(int(u)) for u in unit],
            "city": list(places.city),
            "region": list(places.region),
            "country": list(places.country),
            "lat_e7": places.lat_e7,
            "lon_e7": places.lon_e7,
            "share_ppm": places.weight_ppm,
            "deals_ppm": places.deals_ppm,
            "centre": places.centre == 1,
        }
    )
    write_table(path, table)


def write_clusters(path: Path, places: Places, groups: dict[str, Groups]) -> None:
    """Write, per cluster or decoy, edition and metric, how many records were planted and on what basis."""
    planted = [unit for unit in range(places.units) if places.role(unit) != "noise"]
    rows = [
        _planted(places, groups[metric], unit, edition)
        for unit in planted
        for edition in range(len(EDITIONS))
        for metric in METRICS
    ]
    write_table(path, pa.Table.from_pylist(rows))


def _planted(places: Places, groups: Groups, unit: int, edition: int) -> dict[str, object]:
    label, basis = EDITIONS[edition], places.basis[unit]
    records = groups.planted[:, edition : edition + WINDOW]
    return {
        "unit": unit,
        "role": places.role(unit),
        "cluster": places.name[unit],
        "economies": places.economies[unit],
        "edition": label,
        "metric": groups.metric,
        "records": int(records[unit].sum()),
        "world_records": int(records.sum()),
        "basis": basis.get(f"{groups.metric}_{label}", "chosen"),
        "rank_basis": basis[f"rank_{label}"],
    }
