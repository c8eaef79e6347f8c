"""SIGKILL at random moments of every stage: nothing half, nothing lost, the old edition or the new one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 100 if "HUBRANK_PROOF" in os.environ else 1
STAGES = ["reading patents", "counting", "clustering", "writing listings", "describing", "writing", "variants"]


@pytest.mark.one_python
def test_no_moment_of_any_stage_is_one_at_which_a_kill_does_harm(cache):
    script = Path(__file__).with_name("killing.py")
    environment = os.environ | {"HUBRANK_CACHE": str(cache)}
    run = [sys.executable, str(script), str(KILLS)]
    seen = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    told = [json.loads(line) for line in seen.stdout.splitlines()]
    assert [each["stage"] for each in told] == [*STAGES, "weights and parts left out"]
    assert all(each["kills"] == KILLS for each in told), told
    assert all(each["finished again"] >= KILLS / 10 for each in told), told
