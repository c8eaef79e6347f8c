"""What all tests share: the folder of real files, a cache of their own that starts empty, a browser."""

import fcntl
import os
import pickle
import shutil
from itertools import chain
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
OWN = ("http://127.0.0.1", "file:", "data:", "blob:")
MOST_WORKERS = 4  # each takes up to 2 GB: the gazetteer, the demonstration, a browser


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Return what `-n auto` means here: one more than processors, as a third of the tests wait for other processes."""
    return min((os.cpu_count() or 1) + 1, MOST_WORKERS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What runs in a browser is JavaScript; the pages it is given are made, and held against each other, elsewhere."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.one_python)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real files, or skip."""
    folder = Path(os.environ.get("HUBRANK_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no real files at {folder}: set HUBRANK_SHARED to the folder that holds data/")
    return folder


@pytest.fixture(scope="session")
def all_workers(tmp_path_factory):
    """Return a folder of this run of the tests that all of its workers see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def users_cache():
    """Return the cache of who runs the tests; only to be read."""
    from hubrank.core.cache import cache_folder

    return cache_folder()


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory, users_cache):  # noqa: ARG001 (looked up before the tests have their own)
    """Keep compiled tables and finished shards apart from the user's."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUBRANK_CACHE", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def _compiled_elsewhere(cache, all_workers, users_cache):
    """Take the gazetteer and registers that are compiled elsewhere: whole files, named by what they are made of."""
    ready = [users_cache.glob(f"{kind}-*.parquet") for kind in ("gazetteer", "institutions")]
    for table in (*all_workers.glob("popen-*/cache*/*.parquet"), *chain(*ready)):
        if not (cache / table.name).exists():
            (cache / table.name).symlink_to(table)


@pytest.fixture(autouse=True)
def _no_finished_shards(cache):
    """Let no test find the shards of another."""
    shutil.rmtree(cache / "shards", ignore_errors=True)


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory, all_workers, cache):  # noqa: ARG001 (the cache must be set first)
    """Return the simulated world of the demonstration; its editions 2024 and 2025 lie in its folder, only to be read.

    The first worker that needs it makes it; another waits for it.
    """
    told = all_workers / "demo.pickle"
    with (all_workers / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_bytes(pickle.dumps(demonstration(tmp_path_factory.mktemp("demo"))))
    return pickle.loads(told.read_bytes())


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
def browser():
    """Return a browser, or skip."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium")
    with playwright.sync_playwright() as running:
        made = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def opened(browser):
    """Open pages; at the end nothing was complained of and nothing asked of another host."""
    faults, asked, contexts = [], [], []

    def open_page(url, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert [url for url in asked if not url.startswith(OWN)] == []
