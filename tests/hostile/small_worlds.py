"""A study of a few hundred rows, whose run takes under two seconds once everything is imported."""

import csv
import hashlib
import os
import random

from hubrank import pipeline
from hubrank.core.cache import cache_folder

CITIES = [(48.85, 2.35), (35.68, 139.69), (-33.87, 151.2)]
STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents*.csv"
columns = { record = "id", listing = "no", lat = "lat", lon = "lon" }
options = { whole_records = true }
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 50
[robustness]
run = false
"""


def write_file(path, *, seed, records=100):
    """Write the records of one file; its rows and their spots follow from the seed."""
    rng = random.Random(seed)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "no", "lat", "lon"])
        for record in range(records):
            for listing in range(rng.randint(1, 4)):
                lat, lon = rng.choice(CITIES)
                spot = (f"{lat + rng.random() / 9:.6f}", f"{lon + rng.random() / 9:.6f}")
                rows.writerow([f"r{path.stem}-{record}", listing, *spot])


def world(folder, files=2):
    """Write the files and the study; return the study's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        write_file(folder / f"patents-{number}.csv", seed=number)
    (folder / "study.toml").write_text(STUDY)
    return folder / "study.toml"


def run(study, out, progress=lambda *_: None, workers=1):
    return pipeline.run(study, out, threads=1, workers=workers, progress=progress)


def contents(folder):
    """Return the hash of every file but run.json; nothing where there is no folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def other_cache(folder):
    """Make a cache without shards that has the compiled gazetteer of this one; return the environment that names it."""
    folder.mkdir()
    for path in cache_folder().glob("gazetteer-*"):
        (folder / path.name).symlink_to(path.resolve())
    return os.environ | {"HUBRANK_CACHE": str(folder)}
