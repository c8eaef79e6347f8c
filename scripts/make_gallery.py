"""Make the six pictures of docs/gallery.md: `python scripts/make_gallery.py demo/2025/site docs/gallery`.

Needs Debian's Chromium, playwright and Pillow.
"""

import functools
import http.server
import shutil
import sys
import threading
from pathlib import Path

from make_screenshot import Silent, packed
from playwright.sync_api import sync_playwright

DESKTOP, PHONE = (1440, 900), (390, 844)
VIEWS = {  # name: page, size, script to run first
    "world": ("index.html", DESKTOP, ""),
    "cluster": ("index.html#c=shenzhen-hong-kong-guangzhou-cn-hk", DESKTOP, ""),
    "weights": ("index.html#c=london-gb&w=20-20-60", DESKTOP, "document.querySelector('#triangle-open').click()"),
    "portrait": ("cluster/london-gb.html", DESKTOP, ""),
    "moved": ("moved.html", DESKTOP, "scrollTo(0, 330)"),
    "phone": ("index.html", PHONE, ""),
}
SETTLED_MS = 2_500  # until the map has flown and the finest coast has come


def main(site: Path, out: Path) -> None:
    """Look at each view and write its picture."""
    out.mkdir(exist_ok=True)
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=site)) as server,
        sync_playwright() as running,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = running.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        for name, (page_name, (width, height), script) in VIEWS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto(f"http://127.0.0.1:{server.server_port}/{page_name}")
            page.wait_for_timeout(SETTLED_MS)
            if script:
                page.evaluate(script)
                page.wait_for_timeout(300)
            (out / f"{name}.png").write_bytes(packed(page.screenshot()))
            page.close()
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
