"""How long a sweep of method variants takes: `python bench/robustness.py [SITES]`, and a grid of weights.

The records are made up: 3,000 towns with heavy tails on a grid of 0.01°, three metrics, one listing a record.
"""

import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa

from hubrank.analysis.edition_records import EditionRecords
from hubrank.analysis.robustness.sweep import Sweep
from hubrank.analysis.robustness.variants import fraction
from hubrank.analysis.robustness.weight_grid import MetricUnits, grid_ranks
from hubrank.clustering.cities import City
from hubrank.core.edition import Edition
from hubrank.core.parquet import write_table
from hubrank.core.units import UNIT
from hubrank.engines.duckdb import DuckEngine

METRICS = ("patents", "publications", "deals")
E7 = 10_000_000


class Everywhere:
    """An atlas of one city, so that naming takes no time."""

    def credit(self, lat_e7, lon_e7):  # noqa: ANN001, ANN201, ARG002
        """Credit every site to the one city."""
        return np.ones(len(lat_e7), np.int64)

    def nearest(self, lat_e7, lon_e7):  # noqa: ANN001, ANN201
        """Return the one city."""
        return self.credit(lat_e7, lon_e7)

    def cities(self, ids):  # noqa: ANN001, ANN201
        """Describe it."""
        return {number: City(number, "Town", "FR", "", 200_000) for number in ids}


def world(sites: int) -> pa.Table:
    """Return located listings at so many sites."""
    rng = np.random.default_rng(0)
    town = rng.normal(size=(3000, 3))
    lat0 = np.degrees(np.arcsin(town[:, 2] / np.linalg.norm(town, axis=1)))
    lon0 = np.degrees(np.arctan2(town[:, 1], town[:, 0]))
    which = rng.zipf(1.3, size=5 * sites) % 3000
    lat = np.round((lat0[which] + rng.standard_t(2, len(which)) * 0.2) * 100).astype(np.int64) * (E7 // 100)
    lon = np.round((lon0[which] + rng.standard_t(2, len(which)) * 0.25) * 100).astype(np.int64) * (E7 // 100)
    fine = (abs(lat) < 90 * E7) & (abs(lon) < 179 * E7)
    _, first = np.unique(lat[fine] * 4_000_000_000 + lon[fine], return_index=True)
    row = rng.permutation(first)[:sites]
    count = len(row)
    listings = rng.integers(1, 40, count)
    return pa.table(
        {
            "metric": pa.array(np.array(METRICS)[rng.integers(0, 3, count)]),
            "record_key": pa.array(np.arange(count).astype(str)),
            "lat_e7": lat[fine][row],
            "lon_e7": lon[fine][row],
            "economy": pa.array(["FR"] * count),
            "units": listings * UNIT,
            "listings": listings,
        }
    )


def sweep(sites: int, folder: Path) -> None:
    with ProcessPoolExecutor(1) as apart:  # what making the world takes is not the sweep's memory
        listed = apart.submit(world, sites).result()
    listed = listed.append_column("address_key", pa.array(np.arange(len(listed))))
    places = ["lat_e7", "lon_e7", "economy"]
    write_table(folder / "tables" / "located.parquet", listed.drop_columns(places), ["record_key"])
    write_table(folder / "tables" / "addresses.parquet", listed.select(["address_key", *places]), ["address_key"])
    points = listed.drop_columns(["record_key", "address_key"])
    write_table(folder / "tables" / "points.parquet", points, ["metric", "lat_e7", "lon_e7"])
    write_table(folder / "tables" / "ranking.parquet", points.slice(0, 0), ["metric"])
    sources = [{"metric": metric, "reader": "table", "files": "x.csv"} for metric in METRICS]
    study = {"title": "Bench", "edition": "1", "sources": sources, "clusters": {"min_listings": 4500}}
    with DuckEngine(spill=folder / "spill", memory="1GB", threads=2) as engine:
        records = EditionRecords(Edition(folder, {"study": study}), engine, Everywhere())
        ranked = records.rank_uncached(records.study)
        variants = fraction(records.study)
        start, busy = time.perf_counter(), time.process_time()
        outcomes = Sweep(records, ranked).outcomes(variants, lambda *_: None)
        taken, busy = time.perf_counter() - start, time.process_time() - busy
    clusters = [outcome.clusters for outcome in outcomes]
    print(f"{sites:,} sites, {len(variants)} variants of {min(clusters)}–{max(clusters)} clusters: {taken:.1f} s")
    each = 100 / len(variants)
    print(f"100 variants: {taken * each:.1f} s, {busy * each:.1f} s of processor time; peak memory {_peak_gb():.2f} GB")


def weights(clusters: int) -> None:
    rng = np.random.default_rng(1)
    units = (rng.pareto(1.1, (3, clusters)) * 1e12 + 1e10).astype(np.int64).tolist()
    keys = [str(number) for number in range(clusters)]
    counts = MetricUnits(units, [2 * sum(row) for row in units], [sum(c) for c in zip(*units, strict=True)], keys)
    start = time.perf_counter()
    points = len(grid_ranks(counts)[0])
    print(f"ranks of {clusters:,} clusters at {points:,} weights: {time.perf_counter() - start:.1f} s")


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as workspace:
        os.environ["HUBRANK_CACHE"] = str(Path(workspace) / "cache")
        sweep(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, Path(workspace))
    for number in (300, 3_000):
        weights(number)
