"""A run that is killed leaves nothing that a rerun could trip over, and repeats no shard that was finished."""

import csv
import os
import random
import signal
import subprocess
import sys
import time

import pytest

MOMENTS = 20 if "HUBRANK_PROOF" in os.environ else 2
FILES, RECORDS = 4, 4_000
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
min_listings = 100
[robustness]
run = false
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    rng = random.Random(3)
    for number in range(FILES):
        with (folder / f"patents-{number}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "no", "lat", "lon"])
            for record in range(RECORDS):
                for listing in range(rng.randint(1, 4)):
                    lat, lon = rng.choice([(48.85, 2.35), (35.68, 139.69), (-33.87, 151.2)])
                    rows.writerow([f"r{number}-{record}", listing, lat + rng.random() / 9, lon + rng.random() / 9])
    (folder / "study.toml").write_text(STUDY)
    return folder


def started(raw, cache):
    """Start a run in a process of its own, with compiled tables shared and shards of its own."""
    command = [sys.executable, "-m", "hubrank", "run", str(raw / "study.toml"), "--out", str(raw / "out"), "--json"]
    environment = os.environ | {"HUBRANK_CACHE": str(cache)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finished(run):
    _, told = run.communicate()
    assert run.returncode == 0, told.decode()


def shards(cache):
    """Return the shards that are finished, and by what each can be told from one that was made anew."""
    stats = {path.name: path.stat() for path in (cache / "shards").glob("[!.]*")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


@pytest.mark.one_python
def test_a_run_killed_at_any_moment_ends_in_the_same_bytes_and_repeats_one_shard_at_most(raw, cache):
    began = time.monotonic()
    finished(started(raw, cache))
    lasted, expected = time.monotonic() - began, contents(raw / "out")
    rng, kept = random.Random(20), []
    for _ in range(MOMENTS):
        for shard in (cache / "shards").iterdir():
            subprocess.run(["rm", "-r", str(shard)], check=True)
        subprocess.run(["rm", "-r", str(raw / "out")], check=True)
        run = started(raw, cache)
        time.sleep(rng.uniform(0.3, 0.9) * lasted)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        before, begun = shards(cache), list((cache / "shards").glob(".shard.*"))
        assert len(begun) <= 1
        finished(started(raw, cache))
        after = shards(cache)
        assert {name: after[name] for name in before} == before
        assert len(after) == FILES
        assert contents(raw / "out") == expected
        assert not list(raw.glob(".out.draft.*"))
        kept.append(len(before))
    assert any(kept), "no kill came after a shard was finished"


@pytest.mark.one_python
def test_a_new_file_is_read_alone(raw, cache):
    finished(started(raw, cache))
    before = shards(cache)
    (raw / "patents-new.csv").write_text("id,no,lat,lon\nnew,1,48.85,2.35\n")
    finished(started(raw, cache))
    after = shards(cache)
    assert {name: after[name] for name in before} == before
    assert len(after) == FILES + 1
