"""The built site: no warning, searched without a server, readable on a phone, nothing from other hosts.

`make docs` builds it; these tests build it once more and open it, so `make slow` runs them.
"""

import json
import os
import re
import subprocess
import sys

import pytest

from documentation.pages import DOCS, PAGES

pytestmark = [pytest.mark.one_python, pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory, demo):
    """Return the folder of the built site, as `make docs` builds it."""
    pytest.importorskip("sphinx", reason="needs the extra docs")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "--fail-on-warning", "--keep-going", "--quiet"]
    command += ["-d", str(folder / "doctrees"), str(DOCS), str(folder / "html")]
    seen = subprocess.run(
        command, env={**os.environ, "HUBRANK_DEMO": str(demo)}, capture_output=True, text=True, check=False
    )
    assert seen.returncode == 0, seen.stderr
    return folder / "html"


def test_every_page_is_built_and_asks_no_other_host(built):
    for page in PAGES:
        if page.is_relative_to(DOCS):
            html = (built / page.relative_to(DOCS)).with_suffix(".html").read_text("utf-8")
            loaded = re.findall(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="(https?:[^"]*)"', html)
            assert not loaded, (page, loaded)


def test_every_link_within_the_site_leads_to_a_file_and_an_element(built):
    ids = {}
    for path in built.rglob("*.html"):
        if "explorer" not in path.relative_to(built).parts:
            ids[path] = set(re.findall(r'\bid="([^"]+)"', path.read_text("utf-8")))
    for path in ids:
        for target in re.findall(r'<a [^>]*href="([^"]+)"', path.read_text("utf-8")):
            address, _, fragment = target.partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            file = (path.parent / address).resolve() if address else path
            assert file.exists(), (path, target)
            assert not fragment or file not in ids or fragment in ids[file], (path, target)


def test_the_inventory_has_every_public_name(built):
    from sphinx.util.inventory import InventoryFile

    inventory = InventoryFile.loads((built / "objects.inv").read_bytes(), uri="")
    names = {name for kind in inventory.data.values() for name in kind}
    import hubrank

    assert {f"hubrank.{name}" for name in hubrank.__all__} <= names


def test_notebooks_are_executed_and_show_pictures(built):
    for name in ("first-ranking", "sensitivity", "areas", "portrait"):
        html = (built / "notebooks" / f"{name}.html").read_text("utf-8")
        assert '<img alt="../_images/' in html, name
        assert "Traceback" not in html


def test_the_explorer_of_the_demonstration_is_part_of_it_and_marked(built):
    assert "SIMULATED" in (built / "explorer" / "index.html").read_text("utf-8")


def test_it_is_searched_from_disk(built, browser):
    page = browser.new_page()  # without excerpts: a browser fetches no page from disk
    page.goto(f"file://{built}/search.html?q=strongest+partner")
    page.wait_for_selector("#search-results li a", timeout=20_000)
    links = page.eval_on_selector_all("#search-results li a", "links => links.map(link => link.href)")
    page.close()
    assert any("reference/method.html" in link for link in links)


def test_pages_fit_a_phone(built, opened):
    page = opened(f"file://{built}/index.html", viewport={"width": 360, "height": 740})
    wide = {}
    for name in (
        "index",
        "tutorials/own-table",
        "reference/commands",
        "reference/method",
        "study",
        "notebooks/portrait",
    ):
        page.goto(f"file://{built}/{name}.html")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[name] = width
    assert json.dumps(wide) == "{}"
