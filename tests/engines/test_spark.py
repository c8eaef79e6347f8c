"""Spark gives the bytes that DuckDB gives, on one machine and on several, also when one of them goes away."""

import csv
import os
import random
import shutil
import threading
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from engines.spark_cluster import Cluster, configure, needs_java
from hostile.small_worlds import contents
from hubrank import pipeline
from hubrank.core.errors import DataError, StudyError
from hubrank.counting.shards import cached_shard, shards
from hubrank.engines import spark
from hubrank.sources.inputs import Inputs
from hubrank.study.study_file import parse, read_raw

STEP, UNIT = 100_000, 10**9
STUDIES = Path(__file__).parents[2] / "studies"
STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents*.csv"
options = { whole_records = true, separator = ";" }
[sources.columns]
record = "id"
listing = "no"
date = "date"
lat = "lat"
lon = "lon"
weight = "weight"
organisation = "who"
field = "field"
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 25
[robustness]
run = false
"""
TOWNS = [(48.85, 2.35), (35.68, 139.69), (-33.87, 151.2), (89.999, 10.0), (-17.5, 179.99), (48.9, 2.6)]


@pytest.fixture(scope="module", autouse=True)
def _spark(tmp_path_factory):
    needs_java()
    with pytest.MonkeyPatch.context() as patch:
        configure(tmp_path_factory.mktemp("conf"), patch)
        yield


def written(folder, files):
    """Write files of patents: later copies of some in the next file, rows twice, places unknown, commas in names."""
    rng = random.Random(7)
    folder.mkdir()
    for number in range(files):
        with (folder / f"patents-{number}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "no", "date", "lat", "lon", "weight", "who", "field"])
            for record in range(200 * number - 20 * (number > 0), 200 * (number + 1)):
                for row in record_rows(record, number, rng):
                    rows.writerows([row] * rng.choice([1, 1, 1, 2]))
    (folder / "study.toml").write_text(STUDY)
    return folder / "study.toml"


def record_rows(record, number, rng):
    for listing in range(rng.randint(1, 5)):
        lat, lon = rng.choice(TOWNS)
        where = [round(lat - rng.random() / 20, 4), round(lon - rng.random() / 20, 4)]
        if rng.random() < 0.1:
            where = ["", ""]
        who = ";".join(rng.sample(["A", "Bé, Ltd.", "C 3", " "], rng.randint(0, 3)))
        weight = rng.choice(["1", "1", "0.5", "0.333333"])
        yield [
            f"r{record}",
            listing + 1,
            f"20{20 + number}-01-0{1 + listing % 3}",
            *where,
            weight,
            who,
            f"F{record % 3}",
        ]


def plainly(folder):
    """Count as METHOD says, in a few lines of Python: units of each rounded site."""
    copies = defaultdict(lambda: defaultdict(set))
    for path in sorted(folder.glob("patents-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                copies[row["id"]][path.name].add((row["date"], int(row["no"]), row["lat"], row["lon"], row["weight"]))
    units, listings = defaultdict(int), defaultdict(int)
    for versions in copies.values():
        rows = sorted(max(versions.values(), key=lambda copy: max(row[0] for row in copy)), key=lambda row: row[1])
        located = [(site(lat, lon), int(float(weight) * 720_720 + 0.5)) for _, _, lat, lon, weight in rows if lat]
        total = sum(weight for _, weight in located)
        parts = [UNIT * weight // total for _, weight in located]
        order = sorted(range(len(located)), key=lambda n: (-(UNIT * located[n][1] % total), n))
        for n in order[: UNIT - sum(parts) if located else 0]:
            parts[n] += 1
        for (where, _), part in zip(located, parts, strict=True):
            units[where] += part
            listings[where] += 1
    return {where: (units[where], listings[where]) for where in units}


def site(lat, lon):
    lat, lon = ((2 * round(float(v) * 10**7) + STEP) // (2 * STEP) * STEP for v in (lat, lon))
    lon = 0 if abs(lat) == 900_000_000 else lon - 3_600_000_000 if lon >= 1_800_000_000 else lon
    return lat, lon


def points(edition):
    return {(r["lat_e7"], r["lon_e7"]): (r["units"], r["listings"]) for r in edition.table("points").to_pylist()}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    study = written(tmp_path_factory.mktemp("small") / "raw", 6)
    return study, pipeline.run(study, study.parent / "out")


def test_both_engines_find_the_same_copies_in_two_sources_of_a_metric(tmp_path):
    """Source 1 has 2 copies in 45 rows and 3 older versions, source 2 the same ids as source 1, and 1 copy."""
    town = "48.85,2.35,1,A,F"
    rows = {
        "patents-1a": [(number, 1, "2020-01-01") for number in range(40)],
        "patents-1b": [(number, 1, "2020-01-01") for number in (5, 7)] + [(n, 1, "2021-01-01") for n in (8, 9, 11)],
        "grants-2a": [(number, 1, "2020-01-01") for number in range(30)],
        "grants-2b": [(29, 1, "2020-01-01")],
    }
    for name, lines in rows.items():
        text = "".join(f"r{key},{no},{day},{town}\n" for key, no, day in lines)
        (tmp_path / f"{name}.csv").write_text(f"id,no,date,lat,lon,weight,who,field\n{text}")
    section = STUDY[STUDY.index("[[sources]]") : STUDY.index("[geocoding]")]
    second = section.replace("patents*.csv", "grants*.csv")
    (tmp_path / "study.toml").write_text(STUDY.replace("[geocoding]", f"{second}[geocoding]"))
    local = pipeline.run(tmp_path / "study.toml", tmp_path / "local")
    distributed = pipeline.run(tmp_path / "study.toml", tmp_path / "spark", engine="spark", master="local[2]")
    assert contents(local.folder) == contents(distributed.folder)
    assert [(s["copies"], s["older_versions"], s["copied_rows"]) for s in local.manifest["sources"]] == [
        (5, 3, 2),
        (1, 0, 1),
    ]
    assert [one["record"] for one in local.manifest["sources"][0]["examples_of_copies"]] == ["r5", "r7"]
    assert local.manifest["metrics"]["patents"]["records"] == 70


@pytest.mark.slow
def test_both_engines_count_as_plain_python_does_also_when_a_worker_is_killed(small, tmp_path, cache):
    study, local = small
    cluster = Cluster(tmp_path, workers=2)
    killed = []

    def kill_one():
        while not list((cache / "shards").glob(".shard.*")):
            time.sleep(0.02)
        killed.append(len([f for f in (cache / "shards").glob("[!.]*") if f.is_dir()]))
        cluster.kill(0)

    try:
        watch = threading.Thread(target=kill_one, daemon=True)
        watch.start()
        distributed = pipeline.run(study, tmp_path / "out", engine="spark", master=cluster.url)
        watch.join(timeout=10)
    finally:
        cluster.close()
    assert killed == [0], "the worker went before any shard was finished"
    assert points(local) == points(distributed) == plainly(study.parent)
    assert contents(distributed.folder) == contents(local.folder)


@pytest.mark.slow
@pytest.mark.shared
def test_the_real_sample_is_the_same_bytes_on_spark(tmp_path, shared, cache, monkeypatch):
    monkeypatch.setenv("HUBRANK_SHARED", str(shared))
    study = tmp_path / "sample.toml"
    text = (STUDIES / "real-sample.toml").read_text("utf-8")
    study.write_text(text + "\n[robustness]\nrun = false\n", "utf-8")
    local = pipeline.run(study, tmp_path / "out")
    shutil.rmtree(cache / "shards")
    distributed = pipeline.run(study, tmp_path / "distributed", engine="spark", master="local[2]")
    assert len(local.manifest["sources"]) == 3
    assert contents(distributed.folder) == contents(local.folder)
    again = pipeline.run(study, tmp_path / "again")
    assert contents(again.folder) == contents(local.folder), "shards that Spark wrote serve DuckDB as well"


@pytest.mark.skipif("HUBRANK_PROOF" not in os.environ, reason="a proof: make proof")
def test_the_whole_demonstration_is_the_same_bytes_on_spark(demo, tmp_path):
    distributed = pipeline.run(demo / "2025.toml", tmp_path / "2025", engine="spark", master="local[2]")
    assert contents(distributed.folder) == contents(demo / "2025")


@pytest.mark.parametrize(
    ("choice", "answer"),
    [({"engine": "ibis"}, "it must be duckdb, or spark"), ({"master": "local"}, "with or without --master")],
)
def test_an_unknown_engine_is_refused(choice, answer, small, tmp_path):
    with pytest.raises(StudyError, match=answer):
        pipeline.run(small[0], tmp_path / "out", **choice)


@pytest.mark.slow
def test_a_fault_in_a_task_is_reported_as_on_one_machine(small, tmp_path):
    folder = shutil.copytree(small[0].parent, tmp_path / "raw", ignore=shutil.ignore_patterns("out"))
    for number in (3, 1):
        (folder / f"patents-{number}.csv").write_text("id;nothing\n1;2\n")
    faults = []
    for choice in ({}, {"engine": "spark", "master": "local[2]"}):
        with pytest.raises(DataError) as fault:
            pipeline.run(folder / "study.toml", tmp_path / "out", **choice)
        faults.append(str(fault.value))
    assert faults[0] == faults[1]
    assert faults[0].startswith("patents-1.csv")


@pytest.mark.slow
def test_shards_that_stay_on_other_machines_are_missed(small, tmp_path, cache, monkeypatch):
    """Each task makes nothing that the machine of the run could see: it turns its number into a number."""
    shutil.rmtree(cache / "shards", ignore_errors=True)
    real = spark.SparkTasks.each
    monkeypatch.setattr(spark.SparkTasks, "each", lambda tasks, items, _: real(tasks, items, int))
    with pytest.raises(StudyError, match=r"6 of 6 shards were made on other machines .* HUBRANK_CACHE"):
        pipeline.run(small[0], tmp_path / "out", engine="spark", master="local[2]")


def test_a_machine_with_another_version_is_refused(small):
    parsed = parse(read_raw(small[0]), small[0])
    (shard, *_) = shards(parsed, Inputs(parsed, small[0].parent))
    with pytest.raises(StudyError, match="another version of hubrank"):
        cached_shard(replace(shard, code="of another version"), None, None)
