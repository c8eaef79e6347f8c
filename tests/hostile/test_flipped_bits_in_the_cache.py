"""A flipped bit, or a file that is missing, in the cache gives the same edition and one line that says so."""

import logging
import os
import random
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler

import pyarrow as pa
import pytest

from hostile.small_worlds import contents, run, world
from hubrank.core.cache import cache_folder
from hubrank.core.intact import HASHES
from hubrank.geocoding.evidence import service
from hubrank.geocoding.gazetteer import compile as compile_module
from hubrank.geocoding.gazetteer import packaged
from hubrank.sources import remote
from object_store import served
from proof import PROOF, cases


def flip(path, rng):
    """Turn one bit of a file, on its disk: neither its size nor its times change."""
    stat = path.stat()
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def remove(path, _rng):
    path.unlink()


def cut(path, rng):
    os.truncate(path, rng.randrange(path.stat().st_size))


@pytest.fixture
def expected(tmp_path):
    """Return the contents of an edition, and its study; its shards, and no others, are in the cache."""
    shutil.rmtree(cache_folder() / "shards", ignore_errors=True)
    study = world(tmp_path)
    run(study, tmp_path / "expected")
    return contents(tmp_path / "expected"), study


NAMES = ["located.parquet", "records.npy", "account.json", "set_aside.parquet", "sums.parquet", HASHES]
ALL_PAIRS = [(damage, name) for damage in (flip, remove, cut) for name in NAMES]
PAIRS = (
    ALL_PAIRS
    if PROOF
    else [(flip, NAMES[0]), (flip, NAMES[1]), (remove, NAMES[2]), (cut, NAMES[3]), (flip, NAMES[4]), (flip, HASHES)]
)


@pytest.mark.parametrize(("damage", "name"), PAIRS)
def test_a_damaged_shard_is_thrown_away_and_made_again(tmp_path, expected, damage, name, caplog):
    rng = random.Random(f"{damage.__name__} {name}")
    for _ in range(cases(1, 8)):
        shards = sorted((cache_folder() / "shards").iterdir())
        damage(rng.choice(shards) / name, rng)
        with caplog.at_level(logging.WARNING, "hubrank"):
            run(expected[1], tmp_path / "out")
        assert contents(tmp_path / "out") == expected[0]
        assert [record.message.count("was damaged or incomplete; it is made again.") for record in caplog.records] == [
            1
        ]
        caplog.clear()
        assert sorted((cache_folder() / "shards").iterdir()) == shards
        run(expected[1], tmp_path / "out")
        assert not caplog.records


def test_the_line_on_damage_is_seen_by_who_configures_no_log(tmp_path, expected):
    flip(next((cache_folder() / "shards").iterdir()) / "located.parquet", random.Random(1))
    command = [sys.executable, "-m", "hubrank", "run", str(expected[1]), "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr.count("was damaged or incomplete; it is made again.") == 1
    assert "internal error" not in done.stderr
    assert contents(tmp_path / "out") == expected[0]


def test_a_damaged_gazetteer_is_compiled_again(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path))
    monkeypatch.setattr(packaged, "places", list)
    monkeypatch.setattr(compile_module, "places_table", lambda _: pa.table({"a": [*range(9)]}))
    monkeypatch.setattr(compile_module, "villages_table", lambda _: (pa.table({"a": [2]}), {}))
    names = pa.table({"key": ["a"], "place": [0], "kind": [0], "people": [1]})
    monkeypatch.setattr(compile_module, "names_table", lambda *_: names)
    where = compile_module.compile_tables()
    before = where.places.read_bytes()
    keys = where.keys.read_bytes()
    flip(where.places, random.Random(1))
    assert compile_module.compile_tables() == where
    assert where.places.read_bytes() == before
    flip(where.keys, random.Random(1))
    assert compile_module.compile_tables() == where
    assert where.keys.read_bytes() == keys
    assert len(caplog.records) == 2


def test_a_damaged_copy_of_a_file_at_an_address_is_made_again(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a.csv").write_bytes(b"content")
    with served(partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "web"))) as address:
        copy = remote.copied(f"{address}/a.csv", tmp_path)
        flip(copy, random.Random(1))
        assert remote.copied(f"{address}/a.csv", tmp_path).read_bytes() == b"content"


def test_a_damaged_answer_of_a_service_is_asked_for_again(tmp_path):
    rng, requests = random.Random(1), []

    def step():
        return service.ServiceStep("s", requests.append, tmp_path / "answers.jsonl", pause_s=0)

    row = dict.fromkeys(service._FIELDS) | {"city": "Paris"}
    addresses = pa.Table.from_pylist([row])
    for number in range(1, cases(10, 100)):
        step().locate(addresses)
        assert len(requests) == number
        step().locate(addresses)
        assert len(requests) == number, "an answer that is not damaged is not asked for again"
        (tmp_path / "answers.jsonl").write_bytes(
            (tmp_path / "answers.jsonl").read_bytes().splitlines(keepends=True)[-1]
        )
        flip(tmp_path / "answers.jsonl", rng)


KERNEL = """
import sys, numpy as np
from pathlib import Path
from hubrank.core.hashing import hashes, _fnv
import pyarrow as pa
print(hashes(pa.chunked_array([["a", "b"]])).tolist(), _fnv._cache._cache_file._index_path)
"""


@pytest.mark.slow
def test_damaged_machine_code_is_compiled_again(tmp_path):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}

    def answer():
        command = [sys.executable, "-c", KERNEL]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    first = answer()
    files = [path for path in tmp_path.rglob("*.nb[ic]") if "_fnv" in path.name]
    assert len(files) == 2
    rng = random.Random(1)
    for path in files:
        before = path.read_bytes()
        flip(path, rng)
        again = answer()
        assert again.stdout == first.stdout
        assert "was damaged or incomplete" in again.stderr
        assert len(path.read_bytes()) == len(before)
        assert not answer().stderr
    shutil.rmtree(tmp_path)
