"""The same records give the same outputs, whatever their order, the threads, the seed of Python's hashes or Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from proof import PROOF, cases

SCRIPT = Path(__file__).parents[1] / "scripts" / "determinism.py"


def other_python():
    """Return the second Python that has hubrank installed: HUBRANK_OTHER_PYTHON, which `make proof` sets."""
    return os.environ.get("HUBRANK_OTHER_PYTHON", "")


def compared(*arguments):
    run = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(run, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_neither_order_nor_threads_nor_hash_seeds_nor_time_zones_change_an_output(cache):
    shutil.rmtree(cache / "shards", ignore_errors=True)
    runs = str(cases(2, 4))  # with 1 thread, then with 2 on shuffled files; as a proof, first both on the same files
    done = compared(runs, "--editions", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| .")]
    assert {row[0] for row in rows} >= {"| .csv", "| .json", "| .geojson", "| .xlsx", "| .html", "| .sqlite"}
    assert all(row[2:] == ["1", "1 |"] for row in rows)


@pytest.mark.skipif(not PROOF, reason="20 runs are a proof: make proof")
def test_twenty_runs_on_two_pythons_give_one_hash_of_each_output():
    if not other_python():
        pytest.skip("needs a second Python: set HUBRANK_OTHER_PYTHON, as make proof does where it finds one")
    done = compared("20", "--python", other_python())
    assert done.returncode == 0, done.stdout + done.stderr
