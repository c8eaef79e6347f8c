"""Machine code is compiled once, is stored where it can be written, and does not change the answer."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hubrank
from hubrank.core.compiled import in_threads

PACKAGE = Path(hubrank.__file__).parent
ASK = """
import numpy as np
from hubrank.core import compiled as compiling
from hubrank.clustering.dbscan.dbscan import cluster_sites, compiled
before = compiled()
lat = np.array([0, 10_000, 20_000_000] * 40)
clustering = cluster_sites(lat, lat[::-1].copy(), np.arange(120), radius_km=15, min_weight=60)
print(before, compiled(), compiling._FOLDER, clustering.label.tolist(), clustering.is_core.tolist())
"""
# One of the kernels, which takes a second to compile where all of ASK take some: where is latitude 90, and 80?
ASK_ONE = """
import numpy as np
from hubrank.clustering.dbscan import dbscan
from hubrank.core import compiled as compiling
before = compiling.ready("hubrank.clustering.dbscan.dbscan")
lat, key = np.array([900_000_000, 800_000_000]), np.empty(2, np.int64)
dbscan._place(lat, np.array([7, 7]), np.empty((3, 2)), key, 0, 2)
print(before, compiling.ready("hubrank.clustering.dbscan.dbscan"), compiling._FOLDER, (key & 1).tolist())
"""


def _ask(source, question=ASK, **environment):
    """Run ASK or ASK_ONE in a new process on a copy of the package."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    variables = {**inherited, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", question], env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    before, after, folder, answer = done.stdout.strip().split(" ", 3)
    return before == "True", after == "True", folder, answer


def _copy(source):
    """Copy the sources that the kernel is made of."""
    for room in ("core", "clustering", "clustering/dbscan", "ranking", "ranking/rank_sets"):
        (source / "hubrank" / room).mkdir(parents=True)
        for file in (PACKAGE / room).glob("*.py"):
            shutil.copy(file, source / "hubrank" / file.relative_to(PACKAGE))
    shutil.copy(PACKAGE / "__init__.py", source / "hubrank")
    return source


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return a copy of the sources on which the kernel ran once, and what it said."""
    source = _copy(tmp_path_factory.mktemp("first") / "source")
    return source, _ask(source)


@pytest.mark.slow
def test_machine_code_is_kept_beside_the_package(first):
    source, (before, after, folder, answer) = first
    assert (before, after) == (False, True)
    assert Path(folder).is_relative_to(source)
    assert _ask(source) == (True, True, folder, answer)


@pytest.mark.slow
def test_without_machine_code_the_answer_is_the_same(first):
    source, (*_, answer) = first
    assert _ask(source, NUMBA_DISABLE_JIT="1")[3] == answer


def test_machine_code_is_made_anew_when_any_source_changes(tmp_path):
    """The constants of one module are compiled into the functions of another, which numba does not notice."""
    source = _copy(tmp_path / "source")
    (before, after, folder, answer), again = _ask(source, ASK_ONE), _ask(source, ASK_ONE)
    assert (before, after, answer) == (False, True, "[0, 1]")
    assert again == (True, True, folder, "[0, 1]")
    sphere = source / "hubrank" / "core" / "sphere.py"
    sphere.write_text(sphere.read_text(encoding="utf-8").replace("POLE_E7 = 90 ", "POLE_E7 = 80 "), encoding="utf-8")
    before, after, other, answer = _ask(source, ASK_ONE)
    assert (before, after, answer) == (False, True, "[1, 0]")
    assert Path(other).name != Path(folder).name


def test_where_the_package_cannot_be_written_the_users_cache_takes_it_or_memory(tmp_path):
    source, nowhere = _copy(tmp_path / "source"), tmp_path / "a file"
    for place in (source / "hubrank" / "__pycache__", nowhere):
        place.write_text("no folder can be made here", encoding="utf-8")
    cache = tmp_path / "cache"
    before, after, folder, answer = _ask(source, ASK_ONE, XDG_CACHE_HOME=str(cache))
    assert (before, after, answer) == (False, True, "[0, 1]")
    assert Path(folder).is_relative_to(cache)
    assert any(Path(folder).rglob("*.nbc")), "machine code lies there"
    assert _ask(source, ASK_ONE, XDG_CACHE_HOME=str(nowhere)) == (False, True, "None", "[0, 1]")


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("items", [0, 1, 3, 100])
def test_pieces_of_work_cover_all_items_once(threads, items):
    done = np.zeros(items, np.int64)

    def job(first, last):
        done[first:last] += 1

    in_threads(threads, job, items)
    assert (done == 1).all()


def test_an_error_in_a_thread_is_raised():
    with pytest.raises(ZeroDivisionError):
        in_threads(2, lambda first, _: 1 // (first - 1), 32)
