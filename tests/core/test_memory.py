import gc
import subprocess
import sys

import pytest

from hubrank import pipeline
from hubrank.core.memory import machine_bytes, relaxed_gc

STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
[clusters]
min_listings = 3
"""


def test_cycles_are_looked_for_seldom_and_then_as_often_as_before_even_where_a_run_fails():
    before, seen = gc.get_threshold(), []

    def failing_run():
        with relaxed_gc():
            seen.append(gc.get_threshold()[0])
            assert gc.isenabled(), "a run of many days must not drown in its cycles"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_run()
    assert seen[0] > 100 * before[0]
    assert gc.get_threshold() == before


def test_a_run_looks_for_cycles_seldom(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(pipeline, "expect_prerequisites", lambda *_: None)
    monkeypatch.setattr(pipeline, "locate_shards", lambda *_: seen.append(gc.get_threshold()[0]) or 1 / 0)
    (tmp_path / "study.toml").write_text(STUDY)
    with pytest.raises(ZeroDivisionError):
        pipeline.run(tmp_path / "study.toml", tmp_path / "out")
    assert seen
    assert seen[0] > 100 * gc.get_threshold()[0]


def test_a_command_ends_without_a_walk_over_what_it_imported():
    code = (
        "import atexit, gc, hubrank.cli as cli; atexit.register(lambda: print(gc.get_freeze_count())); "
        "import sys; sys.argv = ['hubrank', '--version']; cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    version, frozen = done.stdout.splitlines()
    assert version.startswith("hubrank ")
    assert int(frozen) > 1_000


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_a_container_has_as_much_memory_as_it_may_use(tmp_path, name):
    machine = machine_bytes(tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("1073741824\n")
    assert machine_bytes(tmp_path) == min(machine, 1 << 30)
    (tmp_path / name).write_text("max\n" if name == "memory.max" else f"{2**63 - 4096}\n")
    assert machine_bytes(tmp_path) == machine
