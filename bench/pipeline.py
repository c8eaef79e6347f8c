"""From located listings, or from raw files, to ranked clusters with outlines and names: seconds, memory, growth.

    python bench/pipeline.py [--parquet 300k 3M 30M] [--raw 300k 3M] [--folder DIR] [--memory 2GB] [--peers duckdb …]

Worlds are simulated into the folder and stay there for the next run. Each measurement is a process of its own with an
empty cache of shards; wall seconds, processor seconds (user and system, all threads) and peak memory of the process.
`edition` is the whole of `hubrank run`: every table, page and file besides the ranking.
"""

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hubrank.simulation import simulate

METRICS = {"patents": (2020, 2024), "publications": (2019, 2023), "deals": (2020, 2024)}

START = """
import json, os, resource, sys, time
from pathlib import Path
marks, began = {}, time.perf_counter()
def mark(name):
    global began
    marks[name] = round(time.perf_counter() - began, 2)
    began = time.perf_counter()
"""
END = """
used = resource.getrusage(resource.RUSAGE_SELF)
marks = {"marks": marks, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
print(json.dumps(marks))
"""

# The stages one after the other, as pipeline.run has them.
OURS = """
import shutil
from hubrank import pipeline
from hubrank.counting.count import count
from hubrank.counting.shards import locate_shards
from hubrank.engines.workspace import local_engine
from hubrank.ranking.rank_clusters import rank_records
from hubrank.study import study
from hubrank.sources.inputs import Inputs
from hubrank.clustering.outlines.outline import outlines
from hubrank.core.memory import use_one_allocator
from hubrank.core.progress import no_progress
use_one_allocator()
path = Path({study!r})
pipeline.prepare(no_progress)
mark("start")
chosen = study.read(path)
inputs = Inputs(chosen, path.parent)
with local_engine(memory={memory!r}, threads=None) as engine:
    shards = locate_shards(chosen, inputs, engine, no_progress)
    mark("shards")
    counted = count(chosen, shards, engine, no_progress)
    mark("count")
    found = rank_records(chosen, counted, engine)
    mark("rank")
    outlines(found.sites.lat_e7, found.sites.lon_e7, found.label, radius_km=chosen.clusters.radius_km)
    mark("outline")
    shutil.rmtree(shards[len(shards) // 2].folder)
    locate_shards(chosen, inputs, engine, no_progress)
    mark(f"one new file of {{len(shards)}}")
assert found.count > 200, found.count
"""
WHOLE = """
from hubrank import pipeline
from hubrank.core.memory import use_one_allocator
use_one_allocator()
pipeline.run(Path({study!r}), Path({study!r}).parent / "out", memory={memory!r}, lean=True)
mark("edition")
"""

# What any engine has to do: take the window, split records in whole units, sum onto rounded sites.
DUCKDB = """
import duckdb
engine = duckdb.connect(config={{"memory_limit": {memory!r} or "12GB", "temp_directory": {spill!r},
                                 "preserve_insertion_order": False}})
for metric, (first, last) in {metrics!r}.items():
    found = engine.sql(f'''
        WITH split AS (
            SELECT record, lat, lon, 1000000000 // COUNT(*) OVER of AS part, 1000000000 % COUNT(*) OVER of AS rest,
                   row_number() OVER (PARTITION BY record ORDER BY listing) AS nth
            FROM read_parquet('{raw}/{{metric}}/*.parquet')
            WHERE year BETWEEN {{first}} AND {{last}} AND lat IS NOT NULL
            WINDOW of AS (PARTITION BY record)
        )
        SELECT floor(lat * 100 + 0.5) AS lat, floor(lon * 100 + 0.5) AS lon, COUNT(*) AS listings,
               CAST(SUM(part + CASE WHEN nth <= rest THEN 1 ELSE 0 END) AS BIGINT) AS units
        FROM split GROUP BY 1, 2''').to_arrow_table()
    assert sum(found["units"].to_pylist()) % 10**9 == 0
mark("counting")
"""
POLARS = """
import polars as pl
for metric, (first, last) in {metrics!r}.items():
    one = pl.col("record")
    found = (
        pl.scan_parquet(f"{raw}/{{metric}}/*.parquet")
        .filter(pl.col("year").is_between(first, last) & pl.col("lat").is_not_null())
        .with_columns(many=pl.len().over("record"), nth=pl.col("listing").rank("ordinal").over("record"))
        .with_columns(units=10**9 // pl.col("many") + (pl.col("nth") <= 10**9 % pl.col("many")).cast(pl.Int64))
        .group_by((pl.col("lat") * 100 + 0.5).floor(), (pl.col("lon") * 100 + 0.5).floor())
        .agg(pl.col("units").sum(), listings=pl.len())
        .collect()
    )
    assert found["units"].sum() % 10**9 == 0
mark("counting")
"""
PANDAS = """
import numpy as np, pandas as pd
for metric, (first, last) in {metrics!r}.items():
    rows = pd.read_parquet(f"{raw}/{{metric}}")
    rows = rows[rows.year.between(first, last) & rows.lat.notna()].sort_values("listing", kind="stable")
    of = rows.groupby("record", sort=False)
    many, nth = of["listing"].transform("size"), of.cumcount() + 1
    rows["units"] = 10**9 // many + (nth <= 10**9 % many)
    rows["y"], rows["x"] = np.floor(rows.lat * 100 + 0.5), np.floor(rows.lon * 100 + 0.5)
    found = rows.groupby(["y", "x"])["units"].agg(["sum", "size"])
    assert found["sum"].sum() % 10**9 == 0
mark("counting")
"""
PEERS = {"duckdb": DUCKDB, "polars": POLARS, "pandas": PANDAS}


def measured(code: str) -> dict[str, object]:
    """Run a piece of Python in a process of its own, with an empty cache of shards."""
    cache = Path(os.environ.get("HUBRANK_CACHE", Path.home() / ".cache" / "hubrank"))
    shutil.rmtree(cache / "shards", ignore_errors=True)
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", START + code + END], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1][:200] if done.stderr else f"ended {done.returncode}"}
    told = json.loads(done.stdout.splitlines()[-1])
    return {**told, "seconds": round(time.perf_counter() - started, 1)}


def world(folder: Path, size: str, *, parquet: bool) -> Path:
    """Return a simulated world; make it where it is not there yet."""
    out = folder / f"{'parquet' if parquet else 'raw'}-{size}"
    if not (out / "2025.toml").exists():
        listings = int(size.rstrip("kM")) * {"k": 1_000, "M": 1_000_000}[size[-1]]
        began = time.perf_counter()
        simulate(out, listings=listings, fat=True, parquet=parquet)
        print(f"simulated {out.name} in {time.perf_counter() - began:.0f} s")
    alone = out / "alone.toml"  # without the edition before, and without doubts, which do not grow with records
    text = (out / "2025.toml").read_text("utf-8").partition("[compare]")[0]
    text = text.replace("[robustness]", "[robustness]\nrun = false")
    alone.write_text(text if parquet else works_alone(text), "utf-8")
    return alone


def works_alone(study: str) -> str:
    """Return a study of the works and nothing else: what `gzip -dc` of the same files is the floor of."""
    head, *sources = study.split("[[sources]]")
    (works,) = [source for source in sources if 'metric = "publications"' in source]
    rest = sources[-1][sources[-1].index("[geocoding]") :]
    for other in ("patents", "deals"):
        head = re.sub(rf"\n{other} = \[.*", "", head)
        rest = rest.replace(f'"{other}", ', "").replace(f', "{other}"', "")
        rest = rest.replace(f"{other} = 1, ", "").replace(f", {other} = 1", "")
    return f"{head}[[sources]]{works}{rest}"


def show(size: str, name: str, told: dict[str, object]) -> None:
    if "failed" in told:
        print(f"| {size} | {name} | {told['failed']} | | | |")
        return
    marks = ", ".join(f"{stage} {seconds}" for stage, seconds in told["marks"].items())
    print(f"| {size} | {name} | {told['seconds']} | {told['cpu']:.1f} | {told['mb']:.0f} | {marks} |", flush=True)


def unpacked(raw: Path) -> dict[str, object]:
    """Time `gzip -dc` over all packed works: the floor."""
    files = sorted(str(path) for path in (raw / "openalex" / "works").rglob("*.gz"))
    before, began = os.times(), time.perf_counter()
    subprocess.run(["gzip", "-dc", *files], stdout=subprocess.DEVNULL, check=True)
    after, seconds = os.times(), time.perf_counter() - began
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": round(seconds, 1), "cpu": cpu, "mb": 0.0, "marks": {}}


def growth(times: dict[str, float]) -> str:
    """Return the exponent of growth between the smallest and the largest world."""
    sizes = {s: float(s.rstrip("kM")) * {"k": 1e3, "M": 1e6}[s[-1]] for s in times}
    small, large = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    exponent = math.log(times[large] / times[small]) / math.log(sizes[large] / sizes[small])
    return f"{small} to {large}: processor time grows with the power {exponent:.2f}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--parquet", nargs="*", default=["300k", "3M"])
    asked.add_argument("--raw", nargs="*", default=["300k"])
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "hubrank-bench")
    asked.add_argument("--memory", default="2GB")
    asked.add_argument("--peers", nargs="*", default=list(PEERS))
    asked.add_argument("--whole", action="store_true", help="also the whole edition")
    told = asked.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}")
    print("| listings | what | wall s | processor s | peak MB | stages, s |\n|---|---|--:|--:|--:|---|")
    for form, sizes in (("parquet", told.parquet), ("raw", told.raw)):
        times: dict[str, float] = {}
        for size in sizes:
            study = world(told.folder, size, parquet=form == "parquet")
            words = {"study": str(study), "memory": told.memory, "metrics": METRICS, "raw": str(study.parent / "raw")}
            words["spill"] = str(told.folder / "spill")
            if form == "parquet":
                for peer in told.peers:
                    show(size, f"{peer}, counting alone", measured(PEERS[peer].format(**words)))
            else:
                show(size, "gzip -dc of the works", unpacked(study.parent / "raw"))
            ours = measured(OURS.format(**words))
            show(size, f"hubrank, {form if form == 'parquet' else 'works'} to outlines and names", ours)
            times[size] = float(str(ours.get("cpu", "nan")))
            if told.whole:
                show(size, f"hubrank, {form} to edition", measured(WHOLE.format(**words)))
        if len(times) > 1:
            print(growth(times))


if __name__ == "__main__":
    main()
