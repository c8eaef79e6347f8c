"""Size and speed of the explorer: `python bench/explorer.py DEMO [CLUSTERS]`.

DEMO is the folder of the demonstration. With CLUSTERS, its tables are copied to so many clusters first. In Debian's
Chromium without a GPU. The first view is what the map needs to be drawn; later is what the page loads when idle.
"""

import functools
import gzip
import http.server
import io
import shutil
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from publishing import made_sites

OPENINGS, STEPS, FRAMES = 9, 60, 120
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
FIRST = ("index.html", "site.css", "explorer.js", "land0.js")
READY = "() => Boolean(window.hubrank?.explorer && performance.getEntriesByName('drawn').length)"
# The script of a frame is all that is called in it, the drawing of the map included.
COUNT_SCRIPT = """(() => { window.script = 0; const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (call) => request((now) => {
    const start = performance.now();
    call(now);
    window.script += performance.now() - start;
  }); })()"""
STEP = """count => { const slider = document.querySelector('input[data-metric="2"]'), times = [];
  for (let step = 0; step < count; step++) {
    slider.value = String(10 + (step % 60));
    const start = performance.now();
    slider.dispatchEvent(new Event("input"));
    times.push(performance.now() - start);
  }
  return times; }"""
ZOOM = """async count => { const { map } = hubrank.explorer, frames = [], scripts = [];
  map.show({ lon: 10, lat: 48, k: 1.5 });
  let before = 0;
  for (let at = 0; at < count; at++) {
    await new Promise((done) => requestAnimationFrame((now) => {
      if (before) frames.push(now - before);
      before = now;
      scripts.push(script);
      script = 0;
      done();
    }));
    const start = performance.now();
    map.zoomAt(at < count / 2 ? 1.06 : 1 / 1.06, 700, 240);
    script += performance.now() - start;
  }
  return [frames, scripts]; }"""


class QuietServer(http.server.ThreadingHTTPServer):
    """A server to which it is no matter that a page closes before all is sent."""

    def handle_error(self, *_: object) -> None:
        """Print nothing."""


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server that prints nothing and packs texts, as web hosts do."""

    def send_head(self) -> BinaryIO | None:
        """Send a text packed; anything else as it is."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in {".html", ".css", ".js"} or not path.is_file():
            return super().send_head()
        content = gzip.compress(path.read_bytes(), 9, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def main() -> None:
    demo = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        site = demo / "2025" / "site"
        if len(sys.argv) > 2:
            site = made_sites.published(demo, Path(folder), made_sites.many(demo, int(sys.argv[2])))
        with QuietServer(("127.0.0.1", 0), functools.partial(Silent, directory=site)) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            measure(f"http://127.0.0.1:{server.server_port}/index.html")
            server.shutdown()


def measure(address: str) -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=FLAGS
        )
        sizes, times = zip(*(opened(browser, address) for _ in range(OPENINGS)), strict=True)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(COUNT_SCRIPT)
        page.goto(address)
        page.wait_for_function(READY)
        page.wait_for_load_state("networkidle")
        rows = page.evaluate("hubrank.explorer.edition.length")
        steps = sorted(page.evaluate(STEP, STEPS))
        processor = processor_ms(page, STEP, STEPS) / STEPS
        frames, scripts = page.evaluate(ZOOM, FRAMES)
        drawing = processor_ms(page, ZOOM, FRAMES) / FRAMES
        slow = statistics.median(opened(browser, address, slow=True)[1] for _ in range(3))
        browser.close()
    few = rows < 300
    first = sum(size for name, size in sizes[0].items() if name in FIRST)
    print(f"{rows} clusters")
    report("first view, packed with gzip", first, 100_000 if few else 60_000 + 40 * rows, " bytes")
    report("all that is loaded when idle", sum(sizes[0].values()), 330_000, " bytes") if few else None
    report(f"map drawn, median of {OPENINGS}", statistics.median(times), 700, " ms")
    report("the same at 4 Mbit/s, 100 ms and a quarter of the processor", slow, 1500, " ms")
    report("frame of a zoom, median", statistics.median(frames), 17.5, " ms")
    report("frame of a zoom, 95th percentile", sorted(frames)[int(0.95 * len(frames))], 34 if few else 50, " ms")
    report("script of a frame, 95th percentile", sorted(scripts)[int(0.95 * len(scripts))], 16, " ms")
    report("script of a frame, mean of processor time", drawing, 16, " ms")
    report(f"script of a step of a slider, median of {STEPS}", statistics.median(steps), 10 if few else 20, " ms")
    report("the same, 95th percentile", steps[int(0.95 * STEPS)], 10 if few else 20, " ms")
    report("the same, mean of processor time", processor, 10 if few else 20, " ms")


def processor_ms(page: Page, script: str, count: int) -> float:
    """Return the processor time of a script, which other processes on the machine do not add to."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def total() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))

    before = total()
    page.evaluate(script, count)
    return 1000 * (total() - before)


def opened(browser: Browser, address: str, *, slow: bool = False) -> tuple[dict[str, int], float]:
    """Open the page with an empty cache; return the packed size of each file, and when the map was drawn.

    slow : over a line of 4 Mbit/s with 100 ms, on a quarter of the processor, from a host that packs what it sends.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 100, "downloadThroughput": 5e5, "uploadThroughput": 5e5},
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: dict[str, int] = {}
    base = address.rpartition("/")[0] + "/"
    outside: list[str] = []

    def size(response: object) -> None:
        if response.url.startswith(base):
            sizes[response.url.rpartition("/")[2]] = len(gzip.compress(response.body(), 9))
        elif not response.url.startswith("data:"):
            outside.append(response.url)

    page.on("response", size)
    page.goto(address)
    page.wait_for_function(READY)
    painted = page.evaluate("performance.getEntriesByName('drawn')[0].startTime")
    page.wait_for_load_state("networkidle")
    context.close()
    if outside:
        raise SystemExit(f"requests to other hosts: {outside}")
    return sizes, painted


def report(what: str, value: float, bound: float, unit: str) -> None:
    print(f"{what}: {value:,.1f}{unit} (bound {bound:,.0f}{unit}: {'met' if value <= bound else 'MISSED'})")


if __name__ == "__main__":
    main()
