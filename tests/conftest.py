"""Fixtures of all tests: the folder of real files, a separate cache that starts empty, the demonstration, a browser."""

import fcntl
import gc
import os
import pickle
import shutil
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import settings

from proof import PROOF

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")  # the first has no windows to draw
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LOCAL = ("http://127.0.0.1", "file:", "data:", "blob:")
settings.register_profile("test", max_examples=20, deadline=None)  # a shared machine is slow at times
settings.register_profile("proof", max_examples=1_000, deadline=None)
settings.load_profile("proof" if PROOF else "test")
LONGEST = (  # files that take longest, and of the demonstration only the first
    "publishing/test_explorer.py",
    "analysis/test_partitions.py",
    "hostile/test_screens_that_cannot_be_written.py",
    "acquisition/test_world.py",
    "geocoding/test_accuracy.py",
    "test_real_files.py",
    "engines/test_spark.py",
    "analysis/test_new_study.py",
    "simulation/test_world.py",
    "simulation/test_tasks.py",
)
SYSTEM = ("hostile", "serving", "engines")  # folders of tests that start servers, Java and commands under faults
MOST_WORKERS = 4  # each takes up to 2 GB: the gazetteer, the demonstration, a browser


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Return the workers of `-n auto`: one more than processors, as a third of the tests wait for other processes."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Mark tests by their fixtures: those of a browser test JavaScript; those of the demonstration take its time.

    Under a second Python, `scripts/fingerprint.py` compares every output of a smaller world instead. Tests of the whole
    system, `make full` alone runs. The tests that are left are sorted by the turn of their files.
    """
    for item in items:
        if {"browser", "demo_world"} & set(item.fixturenames):
            item.add_marker(pytest.mark.one_python)
        if {"launched", "bucket"} & set(item.fixturenames) or item.path.parent.name in SYSTEM:
            item.add_marker(pytest.mark.system)
    result = yield
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    demonstrated = {item.path for item in items if "demo_world" in item.fixturenames}
    items.sort(key=lambda item: turn(item.path, slow, demonstrated))
    return result


def turn(path, slow, demonstrated):
    """Return when a file has its turn, so that no worker waits for the demonstration or is alone with a long file.

    Files whose tests are marked as slow come first, then those of LONGEST: the first of them has the demonstration
    made, which other files that need it find when the rest of LONGEST are done.
    """
    name = path.relative_to(Path(__file__).parent).as_posix()
    if path in slow:
        return 0, 0
    if name in LONGEST:
        return 1, LONGEST.index(name)
    return (2, 0) if path in demonstrated else (3, 0)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real files, or skip."""
    folder = Path(os.environ.get("HUBRANK_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no real files at {folder}: set HUBRANK_SHARED to the folder that holds data/")
    return folder


@pytest.fixture(scope="session")
def all_workers(tmp_path_factory):
    """Return a folder of this run of the tests that all of its workers share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def users_cache():
    """Return the cache of the user who runs the tests, to be read only."""
    from hubrank.core.cache import cache_folder

    return cache_folder()


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory, all_workers, users_cache):
    """Separate compiled tables and finished shards from the user's."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBRANK_CACHE", str(folder))
        link_compiled(folder, all_workers, users_cache)
        yield folder


@pytest.fixture(scope="module", autouse=True)
def _compiled_elsewhere(cache, all_workers, users_cache):
    """Take what others compiled meanwhile, before any other fixture of a module."""
    link_compiled(cache, all_workers, users_cache)


@pytest.fixture(scope="module", autouse=True)
def _long_lived():
    """Keep the garbage collector from walking, again and again, what lives on: names of places, tests, modules."""
    gc.freeze()


def link_compiled(cache, all_workers, users_cache):
    """Link the gazetteer and registers that others compiled: whole folders, named by the hash of their sources."""
    kinds = ("gazetteer", "institutions")
    compiled = [users_cache.glob(f"{kind}-*") for kind in kinds]
    compiled += [all_workers.glob(f"popen-*/cache*/{kind}-*") for kind in kinds]
    for table in chain(*compiled):
        if not (cache / table.name).exists():
            (cache / table.name).symlink_to(table)


@pytest.fixture(scope="module")
def store():
    """Return a client of an S3 server on the loopback interface, and what disturbs its answers."""
    from object_store import s3

    with pytest.MonkeyPatch.context() as patch, s3(patch) as served:
        yield served


@pytest.fixture(scope="session")
def ror(shared, cache, all_workers, users_cache):
    """Return the register of institutions among the real files, which the first worker that needs it compiles."""
    from hubrank.geocoding.gazetteer import organisations

    path = shared / "data/institutions/ror/ror-records.jsonl.gz"
    with first_worker(all_workers, "ror"):
        link_compiled(cache, all_workers, users_cache)
        organisations.compile_tables((path,))
    return path


@contextmanager
def first_worker(all_workers, name):
    """Let one worker after the other do what only the first has to."""
    with (all_workers / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def _no_finished_shards(cache):
    """Remove the shards of other tests."""
    shutil.rmtree(cache / "shards", ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _one_process():
    """Let commands that are called in this process start no second one: tests/core/test_processes.py does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hubrank.core.processes.cores", lambda: 1)
        yield


def by_first_worker(all_workers, name, make):
    """Return what `make` returns: the first worker that needs it calls it, another waits for the result."""
    pickled = all_workers / f"{name}.pickle"
    with first_worker(all_workers, name):
        if not pickled.exists():
            pickled.write_bytes(pickle.dumps(make()))
    return pickle.loads(pickled.read_bytes())


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory, all_workers, cache):  # noqa: ARG001 (the cache must be set first)
    """Return the world of the demonstration; its editions 2024 and 2025 lie in its folder, to be read only."""
    return by_first_worker(all_workers, "demo", lambda: demonstration(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="session")
def smallest_world(tmp_path_factory, all_workers):
    """Return the smallest simulated world that there is, not ranked, to be read only."""
    from hubrank.simulation import simulate

    folder = tmp_path_factory.mktemp("world")
    return by_first_worker(all_workers, "world", lambda: simulate(folder, listings=80_000))


def demonstration(folder):
    """Simulate the world of the demonstration and rank both of its editions."""
    from hubrank import pipeline
    from hubrank.simulation import simulate

    world = simulate(folder, listings=300_000)
    for name in ("2024", "2025"):
        pipeline.run(world.folder / f"{name}.toml", world.folder / name)
    return world


@pytest.fixture(scope="session")
def demo(demo_world):
    """Return the folder of the demonstration: its raw files, truth, and both editions."""
    return demo_world.folder


@pytest.fixture(scope="session")
def launched():
    """Return a function that starts a browser with flags, or skip."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium")
    with playwright.sync_playwright() as running:
        yield lambda flags: running.chromium.launch(executable_path=CHROMIUM, args=flags)


@pytest.fixture(scope="session")
def browser(launched):
    """Return a browser, one for all tests of a worker."""
    chromium = launched(FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture
def opened(browser):
    """Return a function that opens pages; at the end, none has logged an error or sent a request to another host."""
    faults, requests, contexts = [], [], []

    def open_page(url, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert [url for url in requests if not url.startswith(LOCAL)] == []


@pytest.fixture(scope="session")
def accessibility_faults():
    """Return a function that returns what axe finds on a page, or skip.

    Rows of one table are made alike and take seconds by the hundred: but for `make proof` the first thirty are enough.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    context = None if PROOF else {"exclude": ["tbody tr:nth-child(n+31)"]}

    def faults(page):
        response = axe.Axe().run(page, context=context, options={"resultTypes": ["violations"]}).response
        return {fault["id"]: fault["nodes"][0]["html"] for fault in response["violations"]}

    return faults
