"""A second process takes work off a run; it changes no byte, and goes with the process that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fixtures_editions import run_edition
from hubrank import pipeline
from hubrank.core import processes
from hubrank.core.errors import DataError, HubrankError
from hubrank.core.processes import ahead

TOWNS = [(48.85, 2.35), (45.75, 4.85), (43.70, 7.27), (50.63, 3.06)]
ORPHAN = """
import os, time
from hubrank.core.processes import worker
if __name__ == "__main__":
    with worker("json") as other:
        print(other.submit(os.getpid).result(), flush=True)
        other.submit(time.sleep, 600)
        time.sleep(600)
"""


def refused(name):
    raise DataError(f"{name} is no file of ours")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(processes, "cores", lambda: 2)


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def rows(many):
    return [(f"r{place}{n}", 1, 2020, *TOWNS[place], 1) for place, count in enumerate(many) for n in range(count)]


def test_a_run_with_a_worker_leaves_the_same_bytes(tmp_path):
    sections = "[clusters]\nmin_listings = 3\n"
    run_edition(tmp_path, "before", rows([9, 7, 8, 3]), sections)
    compared = sections + '[compare]\nprevious = "before"\n'
    alone = contents(run_edition(tmp_path, "now", rows([9, 8, 5, 4]), compared, site=True).folder)
    with processes.worker() as process:
        assert process.submit(os.getpid).result() != os.getpid()
        together = contents(pipeline.run(tmp_path / "now.toml", tmp_path / "again", worker=process).folder)
    assert {"rank-intervals.svg", "site/cluster/paris-fr.html", "tables/weights.parquet"} <= set(alone)
    assert together == alone


def test_a_second_process_that_the_system_ended_is_no_fault_of_the_program():
    with pytest.raises(HubrankError, match=r"ended by the system.*Run again"), processes.worker() as process:
        process.submit(os.kill, process.submit(os.getpid).result(), signal.SIGKILL).result()


def test_what_goes_wrong_in_the_second_process_is_raised_here():
    with processes.worker() as process, pytest.raises(DataError, match=r"^a\.csv is no file of ours$"):
        process.submit(refused, "a.csv").result()
    with pytest.raises(DataError, match=r"b\.csv"):
        processes.InlineExecutor().submit(refused, "b.csv")


def fails_while_a_long_task_runs(pids):
    with processes.worker() as process:
        pids.append(process.submit(os.getpid).result())
        process.submit(time.sleep, 60)
        refused("c.csv")


def test_the_second_process_does_not_end_its_task_where_something_fails_here():
    began, pids = time.monotonic(), []
    with pytest.raises(DataError, match=r"c\.csv"):
        fails_while_a_long_task_runs(pids)
    assert time.monotonic() - began < 30
    assert not (Path("/proc") / str(pids[0])).exists()


def test_one_core_gets_no_second_process(monkeypatch):
    monkeypatch.setattr(processes, "cores", lambda: 1)
    with processes.worker("a_module_that_is_not_there") as process:
        assert process.submit(os.getpid).result() == os.getpid()


def test_the_second_process_ends_with_the_first_however_that_ends(tmp_path):
    (tmp_path / "orphan.py").write_text(ORPHAN)
    first = subprocess.Popen([sys.executable, tmp_path / "orphan.py"], stdout=subprocess.PIPE)
    second = Path("/proc") / first.stdout.readline().decode().strip()
    assert second.exists()
    first.send_signal(signal.SIGKILL)
    first.wait()
    end = time.monotonic() + 20
    while second.exists() and time.monotonic() < end:
        time.sleep(0.05)
    first.stdout.close()
    assert not second.exists()


def blocked():
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_ctrl_c_reaches_no_other_process_not_even_while_it_starts():
    with processes.worker() as process:
        assert process.submit(blocked).result(), "from its first moment, as it inherits that"
    assert not blocked(), "here it is received as before"


def test_what_the_second_process_imports_is_light():
    code = (
        "import sys, pkgutil; from hubrank.cli.run import WORKER_MODULES as names; [*map(pkgutil.resolve_name, names)]"
    )
    done = subprocess.run([sys.executable, "-c", f"{code}; print(*sys.modules)"], capture_output=True, check=True)
    assert not {"numba", "duckdb"} & set(done.stdout.decode().split())


@pytest.mark.parametrize("most", [1, 3])
def test_items_are_prepared_ahead_in_their_order_and_no_more_than_asked(most):
    prepared, taken = [], []

    def items():
        for number in range(9):
            assert number <= len(taken) + most
            prepared.append(number)
            yield number

    for number in ahead(items(), most):
        taken.append(number)
        time.sleep(0.01)
    assert taken == prepared == [*range(9)]


def test_what_preparing_an_item_raises_is_raised_where_it_is_taken():
    def items():
        yield 1
        raise OSError("broken")

    taken = []
    with pytest.raises(OSError, match="broken"):
        taken.extend(ahead(items(), 2))
    assert taken == [1]
