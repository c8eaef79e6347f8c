"""A disk that is full, a folder that may not be written, a run that is killed: the old edition stays, nothing half."""

import os
import random
import subprocess
import sys
import time

import pytest

from cli import golden_errors
from hubrank import pipeline
from hubrank.analysis.verify import verify

KILLS = 100 if "HUBRANK_PROOF" in os.environ else 6


def mounted(folder, options):
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("only root may mount a small disk")


@pytest.fixture
def disk(tmp_path):
    """Return a function that mounts a small disk; they are taken off again."""
    taken = []

    def mount(options):
        folder = tmp_path / f"disk{len(taken)}"
        mounted(folder, options)
        taken.append(folder)
        return folder

    yield mount
    for folder in taken:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def study(tmp_path):
    golden_errors.base(tmp_path)
    return tmp_path / "study.toml"


def shown(study, out, monkeypatch):
    """Run the command line where the study lies; return what the user sees."""
    return golden_errors.shown(f"run {study.name} --out {out}", study.parent, monkeypatch.chdir)


def test_a_full_disk_is_said_and_leaves_the_old_edition(study, disk, monkeypatch):
    folder = disk("size=5m")
    assert shown(study, folder / "out", monkeypatch).startswith("exit 0")
    before = sorted(path.name for path in folder.rglob("*"))
    free = os.statvfs(folder)
    (folder / "filler").write_bytes(bytes(free.f_bavail * free.f_bsize - 300_000))
    seen = shown(study, folder / "out", monkeypatch)
    assert seen.startswith("exit 2\nhubrank: no room is left on ")
    assert seen.endswith("An edition that was there before is as it was.")
    (folder / "filler").unlink()
    assert sorted(path.name for path in folder.rglob("*")) == before
    assert not verify(folder / "out").faults


def test_a_folder_that_may_not_be_written_is_named(study, disk, monkeypatch):
    folder = disk("ro")
    assert shown(study, folder / "out", monkeypatch).startswith("exit 2\nhubrank: /home/you/disk0/")


def test_a_file_where_a_folder_is_wanted_is_named(study, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("hello")
    seen = shown(study, tmp_path / "file" / "out", monkeypatch)
    assert seen.startswith("exit 2\nhubrank: /home/you/file is a file where a folder is wanted")
    assert (tmp_path / "file").read_text() == "hello"


@pytest.mark.one_python
def test_a_run_killed_at_random_moments_leaves_the_old_edition_or_the_new_one(study, tmp_path):
    folder = tmp_path / "out"
    started = time.monotonic()
    command = [sys.executable, "-m", "hubrank", "run", str(study), "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    whole = time.monotonic() - started
    bytes_of = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "run.json"}
    rng = random.Random(3)
    for _ in range(KILLS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.random() * whole)
        process.kill()
        process.wait()
        assert not verify(folder).faults
        assert all(path.read_bytes() == content for path, content in bytes_of.items())
    pipeline.run(study, folder)
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")], "leftovers are swept"
    assert all(path.read_bytes() == content for path, content in bytes_of.items())
