"""Make the picture in the README: the explorer of the demonstration, as small as it stays readable.

    python scripts/make_screenshot.py demo/2025/site docs/explorer.png

Needs Debian's Chromium, playwright and Pillow.
"""

import functools
import http.server
import io
import shutil
import sys
import threading
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

WIDTH, HEIGHT, COLOURS, MOST_BYTES = 1440, 900, 256, 120_000
VIEW = "index.html"
SETTLED_MS = 2_000  # until borders and the finer coast have come


class Silent(http.server.SimpleHTTPRequestHandler):
    """A server that prints nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(site: Path, out: Path) -> None:
    """Look at the page and write the picture; fail where it is too large for a README."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        picture = seen(f"http://127.0.0.1:{server.server_port}/{VIEW}")
        server.shutdown()
    content = packed(picture)
    if len(content) > MOST_BYTES:
        raise SystemExit(f"{out} would take {len(content):,} bytes, more than {MOST_BYTES:,}: take fewer COLOURS")
    out.write_bytes(content)
    print(f"{out}: {len(content):,} bytes")  # noqa: T201 (a script)


def seen(address: str) -> bytes:
    """Return what a reader sees."""
    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(address)
        page.locator("#q").wait_for()
        page.wait_for_timeout(SETTLED_MS)
        content = page.screenshot()
        browser.close()
    return content


def packed(picture: bytes) -> bytes:
    """Return the picture with few colours."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    few = whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)  # rare colours stay
    sink = io.BytesIO()
    few.save(sink, "PNG", optimize=True)
    return sink.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
