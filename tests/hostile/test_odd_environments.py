"""In odd environments a run gives the same bytes, or one clear sentence before a row is read (`odd.py`)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from proof import PROOF


@pytest.mark.slow
@pytest.mark.skipif(not PROOF, reason="43 runs are a proof: make proof")
def test_odd_environments_give_the_same_bytes_or_one_sentence(tmp_path):
    tmp_path.chmod(0o755)
    script = Path(__file__).with_name("odd.py")
    done = subprocess.run([sys.executable, str(script), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) >= 36
    for result in results:
        refused = result["exit"] in (1, 2, 3) and len(result["messages"]) == 1 and not result["read"]
        assert refused or (result["exit"] == 0 and result["same"]), result
