"""200 hostile strings as names of clusters, cities, organisations and fields: nothing runs, nothing is added."""

import json
import re
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.publishing import brief, site
from hubrank.publishing.publish import publish_downloads
from hubrank.publishing.site.site_content import PAGES
from publishing.hostile import STRINGS

BLOCK = re.compile(r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', re.DOTALL)
COUNT = "text => new DOMParser().parseFromString(text, 'text/html').querySelectorAll('*').length"


def test_there_are_as_many_as_promised():
    assert len(set(STRINGS)) == len(STRINGS) == 200
    assert sum("hit(" in text for text in STRINGS) > 100


def renamed(table, column, name):
    if column not in table.column_names:
        return table
    values = [None if value is None else name(value, row) for row, value in enumerate(table[column].to_pylist())]
    return table.set_column(table.column_names.index(column), column, pa.array(values, pa.string()))


def edition(demo, hostile):
    """Return tables, shapes, this manifest and the one before of the demonstration, names replaced where `hostile`."""
    folder = demo / "2025"
    tables = {path.stem: pq.read_table(path) for path in (folder / "tables").glob("*.parquet")}
    tables["located"] = tables["located"].slice(0, 0)
    shapes = {f["id"]: f["geometry"] for f in json.loads((folder / "clusters.geojson").read_text("utf-8"))["features"]}
    manifest, before = (json.loads((demo / name / "edition.json").read_text("utf-8")) for name in ("2025", "2024"))
    if not hostile:
        return tables, shapes, manifest, before
    ids = tables["ranking"]["cluster_id"].to_pylist()
    new_names = dict(zip(ids, STRINGS, strict=False))
    for name in ("ranking", "comparison"):
        keys = tables[name]["cluster_id"].to_pylist()
        for column in ("cluster", "cluster_before"):
            tables[name] = renamed(tables[name], column, lambda old, row, keys=keys: new_names.get(keys[row], old))
    tables["concentration"] = renamed(tables["concentration"], "leader", lambda _, row: STRINGS[row % 200])
    fields = {old: STRINGS[n] for n, old in enumerate(sorted(set(tables["fields"]["name"].to_pylist()) - {"(none)"}))}
    tables["fields"] = renamed(tables["fields"], "name", lambda old, _: fields.get(old, old))
    kinds = tables["profiles"]["kind"].to_pylist()
    others = {"field": lambda old, _: fields.get(old, old), "organisation": lambda _, row: STRINGS[row % 200]}
    tables["profiles"] = renamed(
        tables["profiles"], "name", lambda old, row: others.get(kinds[row], lambda same, _: same)(old, row)
    )
    for column in ("text", "place", "subject"):
        tables["location_report"] = renamed(tables["location_report"], column, lambda _, row: STRINGS[row % 200])
    manifest["study"]["title"] = f"{STRINGS[0]} {STRINGS[-1]}"
    manifest["study"]["edition"], before["study"]["edition"] = STRINGS[1], STRINGS[2]
    manifest["sources"][0]["notes"] = [STRINGS[3]]
    return tables, shapes, manifest, before


def written(folder, parts):
    tables, shapes, manifest, before = parts
    brief.publish(folder, tables, manifest, previous=before)
    publish_downloads(folder, {**tables, "ranking": tables["ranking"].sort_by("rank")}, shapes, manifest)
    site.publish(site.gather_content(folder, tables, shapes, manifest, previous=before))
    return folder


@pytest.fixture(scope="module")
def hostile(demo, tmp_path_factory):
    return written(tmp_path_factory.mktemp("hostile_pages"), edition(demo, hostile=True))


@pytest.fixture(scope="module")
def plain(demo, tmp_path_factory):
    return written(tmp_path_factory.mktemp("plain_pages"), edition(demo, hostile=False))


def pages(folder):
    return [path.relative_to(folder) for path in sorted([*folder.rglob("*.html")])]


def test_no_page_has_a_node_more_than_with_plain_names(hostile, plain, browser):
    assert pages(hostile) == pages(plain)
    page = browser.new_page()
    counted = {}
    for name in pages(hostile):
        here, there = (page.evaluate(COUNT, (folder / name).read_text("utf-8")) for folder in (hostile, plain))
        counted[str(name)] = (here, there)
    page.close()
    assert len(counted) > 240
    assert {name: both for name, both in counted.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize(
    "name",
    [*(name for name in PAGES if name != "areas"), "embed", "explorer", "brief"],  # the demonstration has no areas
)
def test_nothing_of_a_name_runs(opened, served, hostile, plain, name):
    hits = []
    path = "brief.html" if name == "brief" else f"site/{name}.html"
    here, there = (opened(served(folder) + path) for folder in (hostile, plain))
    here.expose_function("hit", lambda *_: hits.append(1))
    here.on("dialog", lambda dialog: (hits.append(1), dialog.dismiss()))
    here.reload()
    for box in here.locator("#q:visible").all():
        box.fill("<img src=x onerror=hit()>")
        box.fill("")
    here.mouse.move(400, 400)
    rows = "document.querySelectorAll('#ranking tr[data-id]').length"
    listed = f"() => !document.querySelector('#map') || (window.hubrank?.explorer?.map.resting() && {rows} === 237)"
    for page in (here, there):
        page.wait_for_function(listed)
    # What is under the pointer is a matter of when, and so are the files that an idle page loads.
    count = "document.querySelectorAll(':not(#tip *):not(head > script[src])').length"
    assert here.evaluate(count) == there.evaluate(count)
    assert hits == []


def test_names_are_shown_as_they_are_in_list_map_and_card(opened, served, hostile):
    page = opened(served(hostile) + "site/index.html")
    page.wait_for_function("() => window.hubrank?.explorer && performance.getEntriesByName('drawn').length")
    shown = page.evaluate("hubrank.explorer.scene.clusters.slice(0, 200).map((one) => one.name)")
    assert shown == STRINGS
    page.wait_for_function("() => document.querySelectorAll('#ranking tbody tr[data-id]').length > 200")
    listed = page.locator("#ranking tbody th a").evaluate_all("all => all.slice(0, 200).map(one => one.textContent)")
    assert listed == STRINGS
    names = page.evaluate("hubrank.explorer.map.names().map((one) => one.text)")
    assert set(names) & {f"{rank} {name}" for rank, name in enumerate(STRINGS, start=1)}
    page.locator("#map").focus()
    for rank in range(1, 6):
        page.keyboard.press("n")
        assert page.locator("#card h2").evaluate("one => one.textContent") == STRINGS[rank - 1]
    fields = page.locator("#field option").evaluate_all("all => all.slice(1).map(one => one.textContent)")
    assert len(fields) > 30
    page.locator("#filter-open").click()
    page.locator("#field").select_option(index=3)
    page.wait_for_function("() => typeof hubrank.explorer.scene.clusters[0]?.scoreText === 'function'")
    assert page.locator("#chips button").count() == 2


def test_blocks_of_data_read_back_and_hold_the_names(hostile):
    text = (hostile / "site/explorer.html").read_text("utf-8")
    blocks = [json.loads(block) for block in BLOCK.findall(text)]
    named = dict(zip(re.findall(r'id="(data[\w-]*)">', text), blocks[1:], strict=True))
    assert blocks[0]["name"] == named["data"]["title"] == f"{STRINGS[0]} {STRINGS[-1]}"
    assert {field["name"] for field in named["data-fields"]} <= set(STRINGS)


def test_pictures_taken_away_hold_no_node_of_a_name(opened, served, hostile):
    page = opened(f"{served(hostile)}site/index.html")
    page.wait_for_function("() => window.hubrank?.explorer && performance.getEntriesByName('drawn').length")
    page.locator("#share-open").click()
    with page.expect_download() as got:
        page.locator('[data-action="svg"]').click()
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(got.value.path().read_text("utf-8")).iter()}
    assert tags <= {"svg", "path", "rect", "text"}


def test_data_files_hold_names_as_text_only(hostile):
    for path in (hostile / "site/assets/data").rglob("*.js"):
        text = path.read_text("utf-8")
        assert "<" not in text, path.name
        assert text.startswith("hubrank("), path.name
        json.loads(text[text.index(",") + 1 : text.rindex(")")])


def without_scripts(path):
    return re.sub(r"<script.*?</script>", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_links_lead_to_our_own_pages_only(hostile):
    for name in pages(hostile):
        for target in re.findall(r'(?:href|src|action)="([^"]*)"', without_scripts(hostile / name)):
            assert re.fullmatch(r"#\w+|data:,|(\.\./)*[\w./-]+(#(c=)?[\w,-]+)?", target), (name, target)


def test_the_brief_keeps_names_as_text(hostile):
    text = (hostile / "brief.md").read_text("utf-8")
    assert not re.findall(r"(?<!\\)<|(?<!\\)\]\(", text)
