"""What benchmarks measure of a command is what its users meet."""

import sys

from bench.measuring import measured

SAYS = "import json, sys; print(json.dumps({'kept': int(not sys.dont_write_bytecode)}))"


def test_a_measured_python_keeps_what_it_compiles(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert measured([sys.executable, "-c", SAYS]).stages == {"kept": 1}
