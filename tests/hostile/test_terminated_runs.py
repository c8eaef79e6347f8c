"""A run that SIGTERM ends (of `timeout`, a queue of jobs, a container) leaves what Ctrl-C leaves: nothing half."""

import os
import signal
import subprocess
import sys
import time

import pytest

import killing


def leftovers(folder, cache):
    paths = (
        *folder.glob(".out.*"),
        *folder.glob("out*"),
        *cache.glob("shards/.shard.*"),
        *folder.glob("tmp/hubrank-*"),
    )
    return sorted(path.name for path in paths)


def processes_of(group):
    """Return the processes of a group that run; one that ended stays until its parent asks for it."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(maxsplit=2) for line in listed.splitlines())
    return [row for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


@pytest.mark.parametrize(
    ("where", "drafts", "send"),
    [
        (lambda _, cache: cache.glob("shards/.shard.*"), 2, os.killpg),
        (lambda out, _: out.glob(".out.draft.*/*"), 1, os.kill),
    ],
    ids=["two processes read, both get it", "files are written"],
)
def test_sigterm_leaves_no_draft_and_no_process(tmp_path, cache, where, drafts, send):
    killing.write(tmp_path, files=4, records=20_000)
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "hubrank", "run", str(tmp_path / "old.toml"), "--out", str(tmp_path / "out")]
    run = subprocess.Popen(
        [*command, "--json", "--workers", "2"],
        env=os.environ | {"HUBRANK_CACHE": str(cache), "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while len([*where(tmp_path, cache)]) < drafts:
        assert run.poll() is None, run.stderr.read()
        time.sleep(0.002)
    for _ in range(2):  # as `timeout` does
        send(run.pid, signal.SIGTERM)
    _, errors = run.communicate(timeout=60)
    assert (run.returncode, leftovers(tmp_path, cache)) == (143, []), errors.decode()
    assert b"interrupted; no incomplete output was left." in errors
    end = time.monotonic() + 20
    while (left := processes_of(run.pid)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left
