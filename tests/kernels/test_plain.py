"""The kernels say the same as machine code and as the plain Python that they are written in."""

import json
import os
import subprocess
import sys
from pathlib import Path

from kernels import plain_answers


def test_machine_code_says_what_plain_python_says():
    done = subprocess.run(
        [sys.executable, "-W", "error", str(Path(plain_answers.__file__))],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [len(part) for part in found] == [48, 2, 6]
    assert found == json.loads(json.dumps(plain_answers.answers()))
