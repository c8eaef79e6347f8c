"""Disturb runs at random, round after round, and compare what they leave with a model of what must be true.

`python tests/hostile/chaos.py ROUNDS FOLDER [WORKERS]` continues where an earlier call in that folder stopped, and
writes one line of JSON for each round into FOLDER/rounds.jsonl. Everything is imported, compiled and drawn once; each
run is a process forked from this one, which makes its shards in so many processes (one where none are stated).

The model: after any disturbance the folder of the edition has the old or the new edition, each the same bytes as an
undisturbed run (of the inputs as they are, or as they were), `verify` has nothing to say, and the next run gives the
new edition and leaves no draft. No figure comes from a damaged file.
"""

import gc
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from hostile.odd import import_all
from hostile.small_worlds import contents, other_cache, run, world, write_file
from hubrank import pipeline
from hubrank.analysis.verify import verify
from hubrank.clustering.cities import atlas
from hubrank.core.cache import cache_folder
from hubrank.core.errors import HubrankError

FINISHED, REFUSED, DISK, BROKEN = 0, 3, 4, 7  # exit codes of a forked run
SEED = 17
NOBODY = 65_534


def forked(work):
    """Start something in a process forked from this one; return its number."""
    child = os.fork()
    if child:
        return child
    code = BROKEN
    try:
        work()
        code = FINISHED
    except HubrankError:
        code = REFUSED
    except OSError:
        code = DISK
    except BaseException as fault:  # noqa: BLE001 (the code reports it)
        sys.stderr.write(f"{fault!r}\n")
    os._exit(code)


def outcome(child):
    """Wait for a forked process; return its exit code, negative where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def alone(work):
    return outcome(forked(work))


class Scene:
    """A world, an old edition of it in `out`, and what undisturbed runs of both studies give."""

    def __init__(self, folder, workers):
        self.workers = workers
        shutil.rmtree(folder / "scene", ignore_errors=True)
        self.folder = folder / "scene"
        self.study = {"old": world(self.folder), "new": self.folder / "new.toml"}
        self.study["new"].write_text(self.study["old"].read_text().replace("min_listings = 50", "min_listings = 40"))
        self.out, self.shards, self.scratch = self.folder / "out", cache_folder() / "shards", 0
        self.expected = {name: self.undisturbed(name) for name in ("old", "new")}
        assert self.expected["old"] != self.expected["new"]
        import_all(self.folder / "modules.json")
        self.finish("old")
        shutil.rmtree(folder / "old", ignore_errors=True)
        shutil.copytree(self.out, folder / "old")
        began = time.monotonic()
        self.finish("new")
        self.seconds = time.monotonic() - began

    def undisturbed(self, name):
        """Return the contents of an edition of the inputs as they are, made with a cache that nobody disturbed."""
        self.scratch += 1
        place = self.folder.parent / f"undisturbed-{os.getpid()}-{self.scratch}"
        place.mkdir()

        def work():
            os.environ.update(other_cache(place / "cache"))
            self.run(self.study[name], place / "out")
            (self.folder / "modules.json").write_text(json.dumps(sorted(sys.modules)))

        code = alone(work)
        edition = contents(place / "out") if code == FINISHED else None
        shutil.rmtree(place)
        return edition

    def run(self, study, out, progress=lambda *_: None):
        run(study, out, progress, self.workers)

    def start(self, name="new", before=lambda: None, progress=lambda *_: None):
        return forked(lambda: (before(), self.run(self.study[name], self.out, progress)))

    def reset(self, rng):
        """Put the old edition into place; in half of the rounds no shard is finished."""
        shutil.rmtree(self.out)
        shutil.copytree(self.folder.parent / "old", self.out)
        if rng.random() < 0.5:
            shutil.rmtree(self.shards, ignore_errors=True)

    def finish(self, name="new"):
        """Run undisturbed: the edition is the expected one, and no draft, lock or temporary folder is left."""
        assert outcome(self.start(name)) == FINISHED
        assert contents(self.out) == self.expected[name]
        left = [path.name for path in self.folder.iterdir() if path.name.startswith(".")]
        assert not left, left
        assert not list(self.shards.glob(".shard.*"))

    def check(self, *also):
        """Check that `out` has a whole edition that an undisturbed run gave; return which."""
        current = contents(self.out)
        names = [*self.expected, *(f"other {number}" for number in range(len(also)))]
        whole = dict(zip(names, [*self.expected.values(), *also], strict=True))
        matches = [name for name, content in whole.items() if content == current]
        assert matches, "an edition is half, lost, or of no undisturbed run"
        assert not verify(self.out).faults
        return matches[0]


def flip(path, rng):
    """Turn one bit of a file as a bad disk does: neither its size nor its times change."""
    stat = path.stat()
    with path.open("r+b") as file:
        at = rng.randrange(stat.st_size)
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << rng.randrange(8)]))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def killed(scene, rng):
    child = scene.start()
    time.sleep(rng.random() * 1.2 * scene.seconds)
    os.kill(child, signal.SIGKILL)
    assert outcome(child) in (FINISHED, -signal.SIGKILL)
    return scene.check()


def full_disk(scene, rng):
    limit = int(10 ** rng.uniform(2, 6.3))

    def small_files_only():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code = outcome(scene.start(before=small_files_only))
    where = scene.check()
    assert (code == FINISHED) == (where == "new"), f"exit {code}, and the edition is the {where} one"
    return where


def flipped_cache(scene, rng):
    if not scene.shards.exists():
        scene.finish("old")
    files = sorted(path for path in scene.shards.rglob("*") if path.is_file())
    for path in rng.sample(files, rng.randint(1, 3)):
        flip(path, rng)
    assert outcome(scene.start()) == FINISHED, "a damaged cache fails no run"
    assert scene.check() == "new"
    return "new"


def flipped_input(scene, rng):
    path = rng.choice(sorted(scene.folder.glob("patents-*.csv")))
    before = path.read_bytes()
    try:
        flip(path, rng)
        expected = scene.undisturbed("new")
        code = outcome(scene.start())
        assert (code == FINISHED) == (expected is not None), f"exit {code}"
        return scene.check(*([expected] if expected else []))
    finally:
        path.write_bytes(before)


def two_runs(scene, rng):
    place = scene.folder.parent / "second cache"
    shutil.rmtree(place, ignore_errors=True)
    environment = other_cache(place)
    link = scene.folder.parent / "linked"
    link.unlink(missing_ok=True)
    link.symlink_to(scene.folder)

    def second():
        os.environ.update(environment)
        time.sleep(rng.random() * scene.seconds)
        scene.run(scene.study["new"], link / "out")

    children = [scene.start(), forked(second)]
    codes = [outcome(child) for child in children]
    assert set(codes) <= {FINISHED, REFUSED}, codes
    assert FINISHED in codes
    assert scene.check() == "new"
    return f"{codes.count(FINISHED)} finished"


def changing_input(scene, rng):
    path = rng.choice(sorted(scene.folder.glob("patents-*.csv")))
    before = path.read_bytes()
    child = scene.start()
    time.sleep(rng.random() * scene.seconds)
    try:
        if rng.random() < 0.5:
            write_file(path.with_name("incoming"), seed=rng.randrange(99))
            shutil.copystat(path, path.with_name("incoming"))
            path.with_name("incoming").replace(path)
        else:
            flip(path, rng)
        code = outcome(child)
        assert code in (FINISHED, REFUSED), code
        changed = scene.undisturbed("new")
        also = [changed] if changed else []
        where = scene.check(*also)
        assert (code == FINISHED) == (where != "old"), "what was read is not what was hashed"
        assert (outcome(scene.start()) == FINISHED) == (changed is not None)
        return f"{where}, then {scene.check(*also)}"
    finally:
        path.write_bytes(before)


def clock_jumps(scene, rng):
    jump = rng.choice([-1, 1]) * 10 ** rng.uniform(3, 9)

    def on_progress(*_):
        time.time = lambda clock=time.time: clock() + jump

    for path in scene.folder.parent.rglob("*"):
        if rng.random() < 0.1 and path.is_file():
            os.utime(path, (max(0, time.time() + jump),) * 2)
    assert outcome(scene.start(progress=on_progress)) == FINISHED
    assert scene.check() == "new"
    return "new"


def another_user(scene, rng):
    """Run as nobody into a folder that root's edition is in: refused, or the edition of nobody where it may write."""
    place = Path("/tmp") / f"chaos-{os.getpid()}"
    place.mkdir()
    place.chmod(0o777)
    environment = other_cache(place / "cache")
    for path in (place / "cache", scene.folder.parent):
        path.chmod(0o777)
    scene.folder.chmod(rng.choice([0o755, 0o777]))

    def as_nobody():
        os.environ.update(environment)
        os.environ["TMPDIR"] = str(place)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.umask(rng.choice([0o022, 0o077]))
        scene.run(scene.study["new"], scene.out)

    code = alone(as_nobody)
    scene.folder.chmod(0o755)
    shutil.rmtree(place)
    assert code in (FINISHED, REFUSED, DISK), code
    where = scene.check()
    assert (code == FINISHED) == (where == "new")
    return f"{where}, exit {code}"


ATTACKS = (killed, killed, killed, full_disk, flipped_cache, flipped_input, two_runs, changing_input, clock_jumps)
ATTACKS += (another_user,)


def skipped(attack):
    """Return why an attack cannot be made here; nothing where it can."""
    return "only root can run as another user" if attack is another_user and os.geteuid() else ""


def one_round(scene, number):
    """Return what one round did; raise AssertionError where the model does not hold."""
    rng = random.Random(f"{SEED} {number}")
    attack = rng.choice(ATTACKS)
    if reason := skipped(attack):
        return {"round": number, "attack": attack.__name__, "skipped": reason}
    began = time.monotonic()
    scene.reset(rng)
    result = attack(scene, rng)
    scene.finish("new")
    return {
        "round": number,
        "attack": attack.__name__,
        "left": result,
        "seconds": round(time.monotonic() - began, 1),
    }


def warm_up(folder):
    """Run once in this process, so that those forked from it have what depends on the package alone.

    A process that is forked first reads the files: their database has threads, which a fork would lose. Nothing that is
    known of this cache and these files applies to those of the scene.
    """
    place = folder / f"warm-{os.getpid()}"
    study, usual = world(place), os.environ["HUBRANK_CACHE"]
    os.environ.update(other_cache(place / "cache"))
    assert alone(lambda: run(study, place / "out")) == FINISHED
    run(study, place / "out")
    os.environ["HUBRANK_CACHE"] = usual
    shutil.rmtree(place)
    gc.collect()
    gc.freeze()  # no collection copies pages that the forked processes share


def main(rounds, folder, workers=1):
    """Make so many rounds in all; those that an earlier call made are not made again."""
    os.environ["HUBRANK_CACHE"] = str(folder / "cache")
    folder.mkdir(parents=True, exist_ok=True)
    pipeline.prepare(lambda *_: None)
    atlas()
    warm_up(folder)
    log = folder / "rounds.jsonl"
    done = len(log.read_text().splitlines()) if log.exists() else 0
    scene = Scene(folder, workers)
    with log.open("a") as file:
        for number in range(done, rounds):
            file.write(json.dumps(one_round(scene, number)) + "\n")
            file.flush()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    counts, seconds = Counter(line["attack"] for line in lines), round(sum(line.get("seconds", 0) for line in lines))
    summary = {"rounds": counts.total(), "seconds": seconds, "seconds of a run": round(scene.seconds, 1), **counts}
    sys.stdout.write(json.dumps(summary) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]).resolve(), *map(int, sys.argv[3:]))
