"""From located listings, or from raw files, to ranked clusters with outlines and names: seconds, memory, growth.

    python bench/pipeline.py [--parquet 300k 3M 30M] [--raw 300k 3M] [--folder DIR] [--memory 2GB] [--peers duckdb …]

Worlds are simulated into the folder and reused by the next run. Each measurement is a separate process with an empty
cache of shards: wall seconds, processor seconds (user and system, all threads) and peak memory of the process.
`edition` is the whole of `hubrank run`, with every table, page and file.
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

from worlds import simulate_full_works, simulate_tables

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
from hubrank.study import study as study_files
from hubrank.sources.inputs import Inputs
from hubrank.clustering.outlines.outline import outlines
from hubrank.core.memory import use_one_allocator
from hubrank.core.progress import no_progress
use_one_allocator()
path = Path({study!r})
pipeline.prepare(no_progress)
mark("start")
study = study_files.read(path)
inputs = Inputs(study, path.parent)
with local_engine(memory={memory!r}, threads=None) as engine:
    shards = locate_shards(study, inputs, engine, no_progress)
    mark("shards")
    counted = count(study, shards, engine, no_progress)
    mark("count")
    clusters = rank_records(study, counted, engine)
    mark("rank")
    outlines(clusters.sites.lat_e7, clusters.sites.lon_e7, clusters.label, radius_km=study.clusters.radius_km)
    mark("outline")
    shutil.rmtree(shards[len(shards) // 2].folder)
    locate_shards(study, inputs, engine, no_progress)
    mark(f"one new file of {{len(shards)}}")
assert clusters.count > 200, clusters.count
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
    sites = engine.sql(f'''
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
    assert sum(sites["units"].to_pylist()) % 10**9 == 0
mark("counting")
"""
POLARS = """
import polars as pl
for metric, (first, last) in {metrics!r}.items():
    sites = (
        pl.scan_parquet(f"{raw}/{{metric}}/*.parquet")
        .filter(pl.col("year").is_between(first, last) & pl.col("lat").is_not_null())
        .with_columns(many=pl.len().over("record"), nth=pl.col("listing").rank("ordinal").over("record"))
        .with_columns(units=10**9 // pl.col("many") + (pl.col("nth") <= 10**9 % pl.col("many")).cast(pl.Int64))
        .group_by((pl.col("lat") * 100 + 0.5).floor(), (pl.col("lon") * 100 + 0.5).floor())
        .agg(pl.col("units").sum(), listings=pl.len())
        .collect()
    )
    assert sites["units"].sum() % 10**9 == 0
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
    sites = rows.groupby(["y", "x"])["units"].agg(["sum", "size"])
    assert sites["sum"].sum() % 10**9 == 0
mark("counting")
"""
PEERS = {"duckdb": DUCKDB, "polars": POLARS, "pandas": PANDAS}


def measured(code: str) -> dict[str, object]:
    """Run a piece of Python in a separate process, with an empty cache of shards."""
    cache = Path(os.environ.get("HUBRANK_CACHE", Path.home() / ".cache" / "hubrank"))
    shutil.rmtree(cache / "shards", ignore_errors=True)
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", START + code + END], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1][:200] if done.stderr else f"ended {done.returncode}"}
    result = json.loads(done.stdout.splitlines()[-1])
    return {**result, "seconds": round(time.perf_counter() - started, 1)}


def world(folder: Path, size: str, *, parquet: bool) -> Path:
    """Return the study of a simulated world; simulate it unless an earlier run did."""
    out = folder / f"{'parquet' if parquet else 'raw'}-{size}"
    if not (out / "2025.toml").exists():
        listings = int(size.rstrip("kM")) * {"k": 1_000, "M": 1_000_000}[size[-1]]
        began = time.perf_counter()
        (simulate_tables if parquet else simulate_full_works)(out, listings=listings)
        print(f"simulated {out.name} in {time.perf_counter() - began:.0f} s")
    alone = out / "alone.toml"  # no previous edition, and no robustness report, whose cost does not grow with records
    text = (out / "2025.toml").read_text("utf-8").partition("[compare]")[0]
    text = text.replace("[robustness]", "[robustness]\nrun = false")
    alone.write_text(text if parquet else works_alone(text), "utf-8")
    return alone


def works_alone(study: str) -> str:
    """Return a study of the works alone, to be compared with `gzip -dc` of the same files."""
    head, *sources = study.split("[[sources]]")
    (works,) = [source for source in sources if 'metric = "publications"' in source]
    rest = sources[-1][sources[-1].index("[geocoding]") :]
    for other in ("patents", "deals"):
        head = re.sub(rf"\n{other} = \[.*", "", head)
        rest = rest.replace(f'"{other}", ', "").replace(f', "{other}"', "")
        rest = rest.replace(f"{other} = 1, ", "").replace(f", {other} = 1", "")
    return f"{head}[[sources]]{works}{rest}"


def show(size: str, name: str, result: dict[str, object]) -> None:
    if "failed" in result:
        print(f"| {size} | {name} | {result['failed']} | | | |")
        return
    marks = ", ".join(f"{stage} {seconds}" for stage, seconds in result["marks"].items())
    print(f"| {size} | {name} | {result['seconds']} | {result['cpu']:.1f} | {result['mb']:.0f} | {marks} |", flush=True)


def unpacked(raw: Path) -> dict[str, object]:
    """Time `gzip -dc` over all works: the lower bound."""
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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--parquet", nargs="*", default=["300k", "3M"])
    parser.add_argument("--raw", nargs="*", default=["300k"])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "hubrank-bench")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--whole", action="store_true", help="also the whole edition")
    arguments = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}")
    print("| listings | what | wall s | processor s | peak MB | stages, s |\n|---|---|--:|--:|--:|---|")
    for form, sizes in (("parquet", arguments.parquet), ("raw", arguments.raw)):
        times: dict[str, float] = {}
        for size in sizes:
            study = world(arguments.folder, size, parquet=form == "parquet")
            words = {
                "study": str(study),
                "memory": arguments.memory,
                "metrics": METRICS,
                "raw": str(study.parent / "raw"),
            }
            words["spill"] = str(arguments.folder / "spill")
            if form == "parquet":
                for peer in arguments.peers:
                    show(size, f"{peer}, counting alone", measured(PEERS[peer].format(**words)))
            else:
                show(size, "gzip -dc of the works", unpacked(study.parent / "raw"))
            ours = measured(OURS.format(**words))
            show(size, f"hubrank, {form if form == 'parquet' else 'works'} to outlines and names", ours)
            times[size] = float(str(ours.get("cpu", "nan")))
            if arguments.whole:
                show(size, f"hubrank, {form} to edition", measured(WHOLE.format(**words)))
        if len(times) > 1:
            print(growth(times))


if __name__ == "__main__":
    main()
