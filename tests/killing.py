"""Kill runs at random moments of every stage, and check what they leave.

`python tests/killing.py KILLS` works in a folder of its own and prints one line of JSON per stage. HUBRANK_CACHE must
name a cache for tests, as its finished shards are removed. Everything is imported and loaded once; each run is a
process forked from this one, so that a kill costs the run alone. A run is killed by SIGKILL, from a thread that waits
for a random part of the processor time that the stage takes.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

from hostile.small_worlds import STUDY, contents, write_file
from hubrank import pipeline
from hubrank.analysis.verify import verify
from hubrank.clustering.cities import atlas
from hubrank.core.cache import cache_folder

FILES, RECORDS = 3, 400
ROBUSTNESS = "draws = 100\nradius_km = [15]\nrun = true"


def write(folder, files=FILES, records=RECORDS):
    """Write raw files, each with so many records, and two studies that differ in their threshold and share shards."""
    for number in range(files):
        write_file(folder / f"patents-{number}.csv", seed=number, records=records)
    for name, threshold in (("old", "100"), ("new", "200")):
        study = STUDY.replace("min_listings = 50", f"min_listings = {threshold}").replace("run = false", ROBUSTNESS)
        (folder / f"{name}.toml").write_text(study)


def forked(work):
    """Run something in a process forked from this one; return its exit status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        work()
    except BaseException as fault:  # noqa: BLE001 (the status reports it)
        sys.stderr.write(f"a run that was not killed failed: {fault!r}\n")
        os._exit(7)
    os._exit(0)


def run(study, out, reached):
    pipeline.run(study, out, threads=1, progress=lambda what, _done, _of: reached(what))


def measured(study, out):
    """Return the stages of a whole run, in order: the progress message and its processor time."""
    pipe, end = os.pipe()

    def work():
        reports = []
        run(study, out, lambda what: reports.append((what, time.process_time())))
        spans = [(what, after - at) for (what, at), (_, after) in pairwise(reports)]
        os.write(end, json.dumps(spans).encode())

    assert forked(work) == 0
    os.close(end)
    with os.fdopen(pipe) as spans:
        return json.loads(spans.read())


def killed(study, out, message, moment):
    """Start a run and kill it so many seconds of processor time after a progress message; return the status."""

    def work():
        seen = set()

        def strike():
            until = time.process_time() + moment
            while time.process_time() < until:
                time.sleep(0.0005)
            os.kill(os.getpid(), signal.SIGKILL)

        def on_progress(what):
            if what == message and what not in seen:
                threading.Thread(target=strike, daemon=True).start()
            seen.add(what)

        run(study, out, on_progress)

    return forked(work)


def verified(folder):
    faults = verify(folder).faults
    assert not faults, faults


class Scene:
    """A folder with an old edition where a run writes a new one, and the expected contents of both."""

    def __init__(self, folder):
        self.folder, self.out, self.shards = folder, folder / "out", cache_folder() / "shards"
        shutil.rmtree(self.shards, ignore_errors=True)
        write(folder)
        for name in ("old", "new"):
            assert forked(lambda name=name: run(folder / f"{name}.toml", folder / name, lambda _: None)) == 0
        self.old, self.new = contents(folder / "old"), contents(folder / "new")
        self.finished = contents(self.shards)
        assert self.old != self.new
        shutil.copytree(folder / "old", self.out)
        shutil.rmtree(self.shards)  # so that the measured run has every stage
        self.spans = measured(folder / "new.toml", folder / "timed")

    def reset(self, reading):
        """Restore the old edition, and remove finished shards where the stage is one of reading."""
        if contents(self.out) != self.old:
            shutil.rmtree(self.out)
            shutil.copytree(self.folder / "old", self.out)
        if reading:
            shutil.rmtree(self.shards, ignore_errors=True)  # an early kill may have left none

    def check(self, reading):
        """Return whether the new edition is there; raise AssertionError for anything half or lost."""
        current = contents(self.out)
        assert current in (self.old, self.new), "a file of the edition is half or lost"
        assert forked(lambda: verified(self.out)) == 0
        shards = {name: content for name, content in contents(self.shards).items() if not name.startswith(".")}
        folders = {name.partition("/")[0] for name in shards}
        whole = {name: content for name, content in self.finished.items() if name.partition("/")[0] in folders}
        assert shards == whole, "a finished shard is half or lost"
        assert reading is None or len(folders) >= reading, "a shard that was finished is lost"
        return current == self.new

    def finish(self):
        """Run once more, to the end: the new edition, byte for byte, every shard reused, no draft left."""
        before = {path.name: path.stat().st_ino for path in self.shards.glob("[!.]*")}
        assert forked(lambda: run(self.folder / "new.toml", self.out, lambda _: None)) == 0
        assert contents(self.out) == self.new
        after = {path.name: path.stat().st_ino for path in self.shards.glob("[!.]*")}
        assert before.items() <= after.items(), "a finished shard was written again"
        assert not list(self.folder.glob(".out.draft.*")), "leftovers are swept"


def stage_of(what):
    """Return the stage of METHOD that a progress message belongs to."""
    return "variants" if what.startswith("variant") else what.partition(":")[0]


def stages(spans):
    """Return the stages in order: name, and its messages: text, how many are before it, and the time until the next."""
    by_name = {}
    for number, (what, lasts) in enumerate(spans):
        by_name.setdefault(stage_of(what), []).append((what, number, lasts))
    return by_name


def kill_in(scene, name, moments, kills, rng):
    """Kill so many runs in one stage; every tenth and the last is run again to the end. Return the counts."""
    reading = name.startswith("reading")
    counts = {"stage": name, "kills": 0, "came too late": 0, "new edition": 0, "finished again": 0}
    while counts["kills"] < kills and counts["came too late"] < max(kills, 5):
        message, before, lasts = rng.choice(moments)
        scene.reset(reading)
        status = killed(scene.folder / "new.toml", scene.out, message, rng.random() * lasts)
        assert status in (0, signal.SIGKILL), status
        counts["kills" if status else "came too late"] += 1
        counts["new edition"] += scene.check(before if reading else None)
        if counts["kills"] % 10 == 0 or counts["kills"] == kills:
            scene.finish()
            counts["finished again"] += 1
    return counts


def main(kills):
    """Kill so many runs in every stage."""
    if "HUBRANK_CACHE" not in os.environ:
        sys.exit("Set HUBRANK_CACHE to a cache for tests: its finished shards are removed.")
    pipeline.prepare(lambda *_: None)
    atlas()
    rng = random.Random(100)
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder))
        for name, moments in stages(scene.spans).items():
            counts = kill_in(scene, name, moments, kills, rng)
            sys.stdout.write(json.dumps(counts) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
