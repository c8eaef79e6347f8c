"""Downloads of every source are killed at random moments and started again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from acquisition import providers
from proof import cases

KILLS = cases(1, 100)


@pytest.mark.slow
def test_a_killed_download_continues_and_every_file_is_whole_and_none_is_fetched_twice(cache):
    script = Path(__file__).with_name("killing.py")
    environment = os.environ | {"HUBRANK_CACHE": str(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = [sys.executable, str(script), str(KILLS)]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["source"] for each in results] == list(providers.INSTALL)
    assert all(each["kills"] == KILLS for each in results)
    assert sum(each["continued"] for each in results) >= KILLS, "no kill came after something was fetched"
