"""Size and speed of the explorer: `python bench/explorer.py [CLUSTERS]`.

A simulated edition of so many clusters (default 300) in Debian's Chromium, without WebGL. The first view is everything
that the browser requests before the reader does anything. A step of a slider is measured from the event to the end of
the layout that follows.
"""

import functools
import gzip
import http.server
import shutil
import statistics
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from hubrank import pipeline
from hubrank.simulation import simulate

LISTINGS, OPENINGS, STEPS = 400_000, 9, 60
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-webgl2", "--no-first-run"]
RAW, PACKED, PAINTED_MS, STEP_MS = 500_000, 200_000, 1_000.0, 50.0
STEP = """count => { const slider = document.querySelector('input[data-metric="deals"]'), times = [];
  for (let step = 0; step < count; step++) {
    slider.value = String((step % 29) / 10);
    const start = performance.now();
    slider.dispatchEvent(new Event("input"));
    document.getElementById("ranking").getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times; }"""
PAINTED = """() => [performance.getEntriesByType("navigation")[0].loadEventEnd,
  ...performance.getEntriesByName("first-contentful-paint").map((one) => one.startTime)]"""


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server that prints nothing."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def main() -> None:
    clusters = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        world = simulate(Path(folder) / "world", listings=LISTINGS, clusters=clusters)
        for name in ("2024", "2025"):
            pipeline.run(world.folder / f"{name}.toml", world.folder / name)
        site = world.folder / "2025" / "site"
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=site)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            measure(f"http://127.0.0.1:{server.server_port}/index.html", site)
            server.shutdown()


def measure(address: str, site: Path) -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        names, painted = zip(*(opened(browser, address) for _ in range(OPENINGS)), strict=True)
        loaded = [site / name for name in names[0]]
        raw = sum(path.stat().st_size for path in loaded)
        packed = sum(len(gzip.compress(path.read_bytes(), 6)) for path in loaded)
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.goto(address)
        rows = page.locator("#ranking tbody tr").count()
        steps = sorted(page.evaluate(STEP, STEPS))
        browser.close()
    print(f"{rows} clusters; first view: {', '.join(sorted(path.name for path in loaded))}")
    report("bytes of the first view", raw, RAW, "")
    report("bytes, packed with gzip", packed, PACKED, "")
    report(f"painted, median of {OPENINGS}", statistics.median(painted), PAINTED_MS, " ms")
    report(f"step of a slider, median of {STEPS}", statistics.median(steps), STEP_MS, " ms")
    report("step of a slider, 95th percentile", steps[int(0.95 * STEPS)], STEP_MS, " ms")


def opened(browser: Browser, address: str) -> tuple[list[str], float]:
    """Open the page with an empty cache; return the files it requested, and when it was painted and loaded."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    page: Page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(200)
    after = max(page.evaluate(PAINTED))
    context.close()
    base = address.rpartition("/")[0] + "/"
    outside = [url for url in requests if not url.startswith((base, "data:"))]
    if outside:
        raise SystemExit(f"requests to other hosts: {outside}")
    return [url.removeprefix(base) for url in requests if url.startswith(base)], after


def report(what: str, value: float, bound: float, unit: str) -> None:
    print(f"{what}: {value:,.0f}{unit} (bound {bound:,.0f}{unit}: {'met' if value < bound else 'MISSED'})")


if __name__ == "__main__":
    main()
