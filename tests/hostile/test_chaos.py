"""Runs that are killed, starved, fed with damaged files or run into each other leave the old or the new edition, whole.

`make proof` makes 500 rounds in a folder that HUBRANK_CHAOS may name, so that an interrupted proof goes on there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hubrank.core.cache import cache_folder
from proof import cases

ROUNDS = cases(2, 500)


@pytest.mark.slow
def test_no_round_of_chaos_breaks_the_model(tmp_path):
    folder = Path(os.environ.get("HUBRANK_CHAOS", tmp_path / "chaos"))
    (folder / "cache").mkdir(parents=True, exist_ok=True)
    for path in cache_folder().glob("gazetteer-*"):
        if not (folder / "cache" / path.name).exists():
            (folder / "cache" / path.name).symlink_to(path.resolve())
    script = Path(__file__).with_name("chaos.py")
    command = [sys.executable, str(script), str(ROUNDS), str(folder), "2"]
    roots = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])  # the package as it is imported here
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": roots})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["rounds"] == ROUNDS
