"""A run that is killed by SIGKILL leaves the old edition or the new one, nothing half, and every finished shard."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

import killing
from hubrank.analysis.verify import verify
from proof import cases

MOMENTS = cases(1, 100)  # of a command with its second process
KILLS = cases(1, 100)  # in each stage, of a process that is forked
STAGES = ["reading patents", "counting", "clustering", "writing listings", "describing", "writing", "variants"]
FILES, RECORDS = 4, 4_000


@pytest.mark.slow
def test_no_moment_of_any_stage_is_one_at_which_a_kill_does_harm(cache):
    environment = os.environ | {"HUBRANK_CACHE": str(cache)}
    run = [sys.executable, killing.__file__, str(KILLS)]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [stage["stage"] for stage in results] == [*STAGES, "weights and parts left out"]
    assert all(stage["kills"] == KILLS for stage in results), results
    assert all(stage["finished again"] >= KILLS / 10 for stage in results), results


@pytest.fixture
def raw(tmp_path):
    killing.write(tmp_path, FILES, RECORDS)
    study = (tmp_path / "old.toml").read_text()
    (tmp_path / "study.toml").write_text(study.replace("run = true", "run = false"))
    return tmp_path


def start(raw, cache, workers=1):
    """Start a run in a separate process, with the cache of this test."""
    command = [sys.executable, "-m", "hubrank", "run", str(raw / "study.toml"), "--out", str(raw / "out"), "--json"]
    command += ["--workers", str(workers)]
    environment = os.environ | {"HUBRANK_CACHE": str(cache)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(run):
    _, errors = run.communicate()
    assert run.returncode == 0, errors.decode()


def shards(cache):
    """Return the finished shards, and what differs where one is written again."""
    stats = {path.name: path.stat() for path in (cache / "shards").glob("[!.]*")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_command_repeats_one_shard_of_each_process_at_most_and_a_new_file_is_read_alone(raw, cache, workers):
    began = time.monotonic()
    finish(start(raw, cache, workers))
    seconds, expected = time.monotonic() - began, killing.contents(raw / "out")
    rng, finished = random.Random(20), []
    for moment in range(MOMENTS):
        for shard in (cache / "shards").iterdir():
            subprocess.run(["rm", "-r", str(shard)], check=True)
        run = start(raw, cache, workers)
        while moment == 0 and not shards(cache) and run.poll() is None:  # the first is killed after a shard is finished
            time.sleep(0.002)
        time.sleep(rng.uniform(0.3, 0.9) * seconds if moment else 0)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        assert killing.contents(raw / "out") == expected
        assert not verify(raw / "out").faults
        before = shards(cache)
        assert len(list((cache / "shards").glob(".shard.*"))) <= workers
        finish(start(raw, cache, workers))
        after = shards(cache)
        assert {name: after[name] for name in before} == before
        assert len(after) == FILES
        assert killing.contents(raw / "out") == expected
        assert not list(raw.glob(".out.draft.*"))
        finished.append(len(before))
    assert any(finished), "no kill came after a shard was finished"
    (raw / "patents-new.csv").write_text("id,no,lat,lon\nnew,1,48.85,2.35\n")
    finish(start(raw, cache))
    added = shards(cache)
    assert {name: added[name] for name in after} == after
    assert len(added) == FILES + 1
