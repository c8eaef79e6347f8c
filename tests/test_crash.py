"""A disk that is full, a folder that may not be written, a file in the way: the old edition stays, nothing half."""

import os
import subprocess

import pytest

from cli import golden_errors
from hubrank.analysis.verify import verify


def mounted(folder, options):
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("only root may mount a small disk")


@pytest.fixture
def disk(tmp_path):
    """Return a function that mounts a small disk, which is unmounted after the test."""
    disks = []

    def mount(options):
        folder = tmp_path / f"disk{len(disks)}"
        mounted(folder, options)
        disks.append(folder)
        return folder

    yield mount
    for folder in disks:
        # Lazily: on a busy machine the kernel may still be releasing files that are closed.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def study(tmp_path):
    golden_errors.base(tmp_path)
    return tmp_path / "study.toml"


def shown(study, out, monkeypatch):
    """Run the command line where the study lies; return what the user sees."""
    return golden_errors.shown(f"run {study.name} --out {out}", study.parent, monkeypatch.chdir)


def test_a_full_disk_is_reported_and_leaves_the_old_edition(study, disk, monkeypatch):
    folder = disk("size=5m")
    assert shown(study, folder / "out", monkeypatch).startswith("exit 0")
    before = sorted(path.name for path in folder.rglob("*"))
    free = os.statvfs(folder)
    (folder / "filler").write_bytes(bytes(free.f_bavail * free.f_bsize - 300_000))
    screen = shown(study, folder / "out", monkeypatch)
    assert screen.startswith("exit 2\nhubrank: no space is left on ")
    assert screen.endswith("An existing edition is unchanged.")
    (folder / "filler").unlink()
    assert sorted(path.name for path in folder.rglob("*")) == before
    assert not verify(folder / "out").faults


def test_a_folder_that_may_not_be_written_is_named(study, disk, monkeypatch):
    folder = disk("ro")
    assert shown(study, folder / "out", monkeypatch).startswith("exit 2\nhubrank: /home/you/disk0 is not writable")


def test_a_file_where_a_folder_is_wanted_is_named(study, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("hello")
    screen = shown(study, tmp_path / "file" / "out", monkeypatch)
    assert screen.startswith("exit 2\nhubrank: /home/you/file is a file where a folder is expected")
    assert (tmp_path / "file").read_text() == "hello"
