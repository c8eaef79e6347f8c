"""A series of ten editions of a simulated world of 14 years: how long it takes, and that shards are read once.

    python bench/series.py FOLDER [listings]

The world is laid out around the packaged places of simulated clusters: each place has its part of the listings, larger
or smaller from year to year by a trend of its cluster, so that ranks move.
"""

import csv
import math
import sys
import time
from functools import partial
from importlib.resources import files
from pathlib import Path

from hubrank import series
from hubrank.cli.run import WORKER_MODULES
from hubrank.core.cache import cache_folder
from hubrank.core.processes import worker

FIRST, YEARS = 2011, 14
WINDOWS = "2011-2015:2020-2024"
STUDY = """
title = "A simulated world of 14 years"
edition = "2015"
synthetic = true
[windows]
patents = [2011, 2015]
[[sources]]
metric = "patents"
reader = "table"
files = "world.csv"
columns = { record = "record", year = "year", lat = "lat", lon = "lon", country = "country" }
[geocoding]
use = ["coordinates"]
[clusters]
min_share_ppm = 300
[robustness]
run = false
"""


def write_world(folder: Path, listings: int) -> None:
    """Write a table of about so many listings, and the study of its first window."""
    text = files("hubrank.simulation").joinpath("data/sites.csv").read_text("utf-8")
    places = list(csv.DictReader(text.splitlines()))
    names = {place[next(iter(place))] for place in places}
    trend = {name: math.sin(number) / 2 for number, name in enumerate(sorted(names))}
    each = listings / (YEARS * len(places))
    with (folder / "world.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["record", "year", "lat", "lon", "country"])
        record = 0
        for number, place in enumerate(places):
            cluster = place[next(iter(place))]
            for year in range(YEARS):
                growth = 1 + trend[cluster] * (year - YEARS / 2) / YEARS
                for _ in range(int(each * growth + (number * 7919 % 1000) / 1000)):
                    record += 1
                    rows.writerow([record, FIRST + year, place["lat"], place["lon"], "XX"])
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    write_world(out, int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    for attempt in ("first", "again"):
        shards = set((cache_folder() / "shards").glob("*"))
        start = time.perf_counter()
        result = series.run_series(
            out / "study.toml", WINDOWS, out / "series", start_worker=partial(worker, *WORKER_MODULES)
        )
        new = set((cache_folder() / "shards").glob("*")) - shards
        print(f"{attempt}: {len(result.names)} editions in {time.perf_counter() - start:.1f} s, {len(new)} new shards")
