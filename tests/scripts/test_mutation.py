"""Faults are planted where the plan says, and tests that do not notice them are reported (CONTRIBUTING)."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAN = tomllib.loads((ROOT / "bench" / "mutation.toml").read_text(encoding="utf-8"))


@pytest.fixture
def mutants(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    import mutants

    return mutants


@pytest.mark.parametrize(
    ("source", "faults"),
    {
        "a < b": {"a <= b", "a >= b"},
        "a and not b": {"a or not b", "b"},
        "x[i:]": {"i + 1:"},
        "min(a)": {"max"},
        "7": {"8", "6"},
        "'plain words'": set(),
        "zip(a, b, strict=True)": set(),
        "q = 'SELECT MAX(n) FROM t WHERE n >= 3'": {
            "SELECT MIN(n) FROM t WHERE n >= 3",
            "SELECT MAX(n) FROM t WHERE n > 3",
            "SELECT MAX(n) FROM t WHERE n >= 4",
        },
    }.items(),
)
def test_each_operator_of_python_and_sql_is_changed(mutants, source, faults):
    mutated = mutants.mutants(f"f({source})" if "=" not in source or "(" in source[:4] else source)
    assert {one.replacement.split("   in ")[0] for one in mutated} - {"pass"} == faults


def test_a_mutant_is_the_source_but_for_one_fault(mutants):
    source = '"""A docstring: 1 + 1."""\n@same(1)\ndef double(n: int = 2) -> int:\n    "Say 2."\n    return n * 2\n'
    results = []
    for one in mutants.mutants(source):
        space = {"same": lambda _: lambda function: function}
        exec(one.code(source, "double.py"), space)
        results.append((one.line, space["double"](5), space["double"]()))
    assert results == [(3, 10, 6), (3, 10, 2), (5, None, None), (5, 7, 4), (5, 15, 6), (5, 5, 2)]


def test_every_file_and_test_of_the_plan_is_there():
    for file, tests in PLAN["tests"].items():
        assert (ROOT / "src" / "hubrank" / file).is_file(), file
        for test in tests:
            name = test.partition("::")[0]
            assert not name.endswith(".py") or (ROOT / "tests" / name).is_file(), test


@pytest.mark.slow
def test_a_few_faults_in_the_ranking_are_noticed(tmp_path):
    command = [sys.executable, "scripts/mutate.py", "--each", "3", "--only", "ranking/scores", "--out"]
    run = subprocess.run([*command, tmp_path / "page.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    page = (tmp_path / "page.md").read_text("utf-8")
    assert "| ranking/scores.py |" in page, run.stderr
    assert run.stderr.count("killed") >= 2, run.stderr
