"""What a killed run leaves is removed by the next run; what a run still uses stays, however old it is."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from hostile.small_worlds import run, world
from hubrank.analysis import edition_records
from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.engines.workspace import local_engine

HOLDING = """
import sys, time
from pathlib import Path
from hubrank.core.atomic_folder import atomic_cache_folder
from hubrank.engines.workspace import local_engine
from hubrank.sources.row_checks import reader_connection
with local_engine(memory=None, threads=1), reader_connection(), atomic_cache_folder(Path(sys.argv[1])) as folder:
    (folder / "located.parquet").write_bytes(b"half")
    print("holding", flush=True)
    sys.stdin.readline()
"""
READING = "from hubrank.sources.row_checks import reader_connection\nwith reader_connection(): pass"


@pytest.fixture
def holder(tmp_path, monkeypatch):
    """Return a process that uses every kind of temporary folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-c", HOLDING, str(tmp_path / "cache/shard")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"holding\n"
        yield run
        run.stdin.close()


def use_all(tmp_path):
    with local_engine(memory=None, threads=1), atomic_cache_folder(tmp_path / "cache/other"):
        subprocess.run([sys.executable, "-c", READING], check=True)


def folders(tmp_path):
    patterns = ("tmp/hubrank-*", "cache/.shard.*")
    names = [path.name for pattern in patterns for path in tmp_path.glob(pattern)]
    return sorted(re.sub(r"[-.]\w+$", "", name) for name in names)


def test_the_folders_of_a_killed_run_are_removed_by_the_next(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert folders(tmp_path) == [".shard", "hubrank-spill", "hubrank-spill-read"]
    use_all(tmp_path)
    assert folders(tmp_path) == []


def test_the_folders_of_a_run_stay_while_it_uses_them_however_old_they_are(tmp_path, holder):
    week_ago = time.time() - 7 * 86_400
    for path in (*tmp_path.glob("tmp/hubrank-*"), *tmp_path.glob("cache/.shard.*")):
        os.utime(path, (week_ago, week_ago))
    use_all(tmp_path)
    assert folders(tmp_path) == [".shard", "hubrank-spill", "hubrank-spill-read"]
    holder.communicate(b"\n")
    assert holder.returncode == 0
    assert (Path(tmp_path) / "cache/shard/located.parquet").exists()
    assert folders(tmp_path) == []


def test_a_run_leaves_the_folders_of_commands_that_read_an_edition(tmp_path, monkeypatch):
    folder = run(world(tmp_path / "world"), tmp_path / "out").folder
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with edition_records.opened(folder):
        assert folders(tmp_path) == ["hubrank-spill"]
        use_all(tmp_path)
        assert folders(tmp_path) == ["hubrank-spill"]
    assert folders(tmp_path) == []
