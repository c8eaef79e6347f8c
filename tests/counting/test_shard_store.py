"""Shards in a bucket: found by machines that share nothing else, complete or not there, mended where damaged."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from engines.spark_cluster import Cluster, configure, end_java, needs_java
from hostile.small_worlds import contents
from hubrank.core import remote
from hubrank.core.errors import StudyError
from hubrank.counting import shard_store
from hubrank.engines import spark
from hubrank.sources import table
from object_store import empty
from sources.test_remote import csv_bytes, rows
from sources.test_remote import run as run_study

pytest.importorskip("obstore", reason="shards in a bucket are an extra: pip install 'hubrank[remote]'")
FILES = 3


@pytest.fixture
def bucket(store, monkeypatch, cache):
    """Put files of patents into a bucket that also keeps shards; the cache of this machine has none."""
    shutil.rmtree(cache / "shards", ignore_errors=True)
    empty(*store)
    for number in range(FILES):
        store[0].put_object(Bucket="records", Key=f"raw/patents-{number}.csv", Body=csv_bytes(rows(number, 500)))
    monkeypatch.setenv("HUBRANK_SHARDS", "s3://records/shards/")
    return store


def run(folder, name, **choices):
    return run_study(folder, "s3://records/raw/*.csv", name, **choices)


def keys(client):
    return [one["Key"] for one in client.list_objects_v2(Bucket="records", Prefix="shards/").get("Contents", [])]


@pytest.fixture
def reads(monkeypatch):
    """Return the files that are read."""
    files, real = [], table.read

    def read(of, options, ledger):
        files.extend(path.name for path in of.main)
        return real(of, options, ledger)

    monkeypatch.setattr(table, "read", read)
    return files


def test_another_machine_takes_finished_shards_from_the_bucket(tmp_path, bucket, reads, cache):
    client, weather = bucket
    first = run(tmp_path, "first")
    puts = [path.split("/")[-2:] for method, path in weather.requests if method == "PUT"]
    assert len(puts) == len(keys(client))
    assert {max(n for n, (key, _) in enumerate(puts) if key == shard) for shard, _ in puts} == {
        n for n, (_, name) in enumerate(puts) if name == "hashes.json"
    }, "the list of hashes comes last"
    assert len(reads) == FILES
    assert (
        sorted(key.rpartition("/")[2] for key in keys(client) if key.endswith("hashes.json")) == ["hashes.json"] * FILES
    )
    shutil.rmtree(cache / "shards")
    second = run(tmp_path, "second")
    assert len(reads) == FILES
    assert contents(second.folder) == contents(first.folder)


def test_what_only_the_cache_has_is_stored(tmp_path, bucket, reads, cache, monkeypatch):
    client, _ = bucket
    monkeypatch.delenv("HUBRANK_SHARDS")
    run(tmp_path, "first")
    assert keys(client) == []
    monkeypatch.setenv("HUBRANK_SHARDS", "s3://records/shards")
    run(tmp_path, "second")
    assert len(reads) == FILES
    shards = sorted((cache / "shards").iterdir())
    assert keys(client) == sorted(f"shards/{folder.name}/{path.name}" for folder in shards for path in folder.iterdir())


@pytest.mark.parametrize("fault", ["half-stored", "damaged"])
def test_a_shard_that_is_not_whole_in_the_bucket_is_made_and_stored_again(tmp_path, bucket, reads, cache, fault):
    client, _ = bucket
    first = run(tmp_path, "first")
    before = {key: client.get_object(Bucket="records", Key=key)["Body"].read() for key in keys(client)}
    broken = next(key for key in before if key.endswith("located.parquet"))
    if fault == "damaged":
        client.put_object(Bucket="records", Key=broken, Body=before[broken][:-9] + b"x" * 9)
    else:
        client.delete_object(Bucket="records", Key=broken.replace("located.parquet", "hashes.json"))
    shutil.rmtree(cache / "shards")
    second = run(tmp_path, "second")
    assert len(reads) == FILES + 1
    assert contents(second.folder) == contents(first.folder)
    assert {key: client.get_object(Bucket="records", Key=key)["Body"].read() for key in keys(client)} == before


@pytest.mark.parametrize("error", [remote.MissingError, remote.ReplacedError])
@pytest.mark.usefixtures("bucket")
def test_a_shard_that_another_run_is_mending_is_made_here(tmp_path, reads, cache, monkeypatch, error):
    first = run(tmp_path, "first")
    shutil.rmtree(cache / "shards")
    real, refused = shard_store.head, []

    def head(address):
        if address.endswith("located.parquet") and not refused:
            refused.append(address)
            raise error(address)
        return real(address)

    monkeypatch.setattr(shard_store, "head", head)
    assert contents(run(tmp_path, "second").folder) == contents(first.folder)
    assert len(reads) == FILES + 1


def test_a_store_that_cuts_answers_off_gives_the_same_shards(tmp_path, bucket, reads, cache):
    _, weather = bucket
    first = run(tmp_path, "first")
    shutil.rmtree(cache / "shards")
    weather.cut, weather.fail = 3, 5
    assert contents(run(tmp_path, "second").folder) == contents(first.folder)
    assert len(reads) == FILES


@pytest.mark.parametrize(
    "address",
    ["/a/folder", "https://example.org/shards?sig=SECRET", "s3://", "s3://records/*", "s3://me:SECRET@records/a"],
)
@pytest.mark.usefixtures("bucket")
def test_what_is_no_bucket_is_refused(tmp_path, monkeypatch, address):
    monkeypatch.setenv("HUBRANK_SHARDS", address)
    with pytest.raises(StudyError, match="name a folder in a bucket") as error:
        run(tmp_path, "out")
    assert "SECRET" not in str(error.value)


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_said_before_anything_is_read(tmp_path, reads, monkeypatch):
    monkeypatch.setenv("HUBRANK_SHARDS", "s3://nowhere/shards")
    with pytest.raises(StudyError, match=r"s3://nowhere/shards.*: there is no such bucket"):
        run(tmp_path, "out")
    assert reads == []


@pytest.mark.slow
def test_machines_that_share_only_a_bucket_give_the_same_bytes_also_when_one_is_killed(tmp_path, bucket, monkeypatch):
    needs_java()
    client, weather = bucket
    local = run(tmp_path, "local")
    for key in keys(client):
        client.delete_object(Bucket="records", Key=key)
    end_java()
    configure(tmp_path, monkeypatch)
    monkeypatch.setattr(spark, "PASSED_ON", tuple(name for name in spark.PASSED_ON if name != "HUBRANK_CACHE"))
    monkeypatch.setenv("HUBRANK_CACHE", str(tmp_path / "driver"))
    machines = [{"HUBRANK_CACHE": str(tmp_path / f"machine{number}")} for number in range(2)]
    weather.delay = 1.5  # so long a shard is being made, whatever else this machine has to do
    cluster = Cluster(tmp_path, workers=2, environments=machines)
    killed = []

    def kill_one():
        """Kill the machine that is the first to make a shard."""
        while not killed:
            time.sleep(0.02)
            for number, machine in enumerate(machines):
                if not killed and list((Path(machine["HUBRANK_CACHE"]) / "shards").glob(".shard.*")):
                    cluster.kill(number)
                    killed.append(number)
                    weather.delay = 0.3

    watch = threading.Thread(target=kill_one, daemon=True)
    watch.start()
    try:
        distributed = run(tmp_path, "distributed", engine="spark", master=cluster.url)
        watch.join(timeout=10)
    finally:
        cluster.close()
    assert killed, "a machine went away while it made a shard"
    assert contents(distributed.folder) == contents(local.folder)
    shards = {path.name for number in (0, 1) for path in (tmp_path / f"machine{number}/shards").glob("[!.]*")}
    assert shards == {key.split("/")[1] for key in keys(client)}
    assert len(shards) == FILES
