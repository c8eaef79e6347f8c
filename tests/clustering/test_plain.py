"""The kernels say the same as machine code and as the plain Python that they are written in."""

import json
import os
import subprocess
import sys
from pathlib import Path

from clustering import plain_answers, test_layout

PLAIN = {**os.environ, "NUMBA_DISABLE_JIT": "1"}


def test_machine_code_says_what_plain_python_says():
    done = subprocess.run(
        [sys.executable, "-W", "error", str(Path(plain_answers.__file__))],
        env=PLAIN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    plain = json.loads(done.stdout)
    assert [len(part) for part in plain] == [48, 2, 6]
    assert plain == json.loads(json.dumps(plain_answers.answers()))


def test_the_parts_hold_what_they_promise_in_plain_python():
    tests = Path(test_layout.__file__)
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(tests)]
    done = subprocess.run(run, env=PLAIN, cwd=tests.parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
