"""The explorer in a browser: what a reader sees and does."""

import csv
import shutil

import pytest

from hubrank.core.edition import SIMULATED

# All of the first page, and of those with the same table a part: their rows are alike.
PAGES = [
    "index.html",
    "index.html#w.deals=2&economy=JP&borders=1",
    "explorer.html#economy=JP",
    "embed.html#metric=deals&economy=CN",
    "compare.html#economy=US",
    *(f"{name}.html" for name in ("robustness", "locations", "method", "columns", "sources", "limits")),
]
SHENZHEN = "shenzhen-hong-kong-guangzhou-cn-hk"


def test_a_slider_ranks_table_and_map_anew_and_the_link_says_it(opened, address):
    page = opened(address + "index.html")
    radius = page.get_attribute(f'.mark[data-id="{SHENZHEN}"] circle', "r")
    page.locator('input[data-metric="patents"]').fill("0")
    page.locator('input[data-metric="deals"]').fill("0")
    assert page.locator("tbody tr th").first.inner_text() == "Beijing"
    assert page.get_attribute(f'.mark[data-id="{SHENZHEN}"] circle', "r") != radius
    assert page.locator("#reweighted").is_visible()
    again = opened(page.url)
    assert again.locator("tbody tr").evaluate_all("rows => rows.map(row => row.dataset.id)") == page.locator(
        "tbody tr"
    ).evaluate_all("rows => rows.map(row => row.dataset.id)")
    page.get_by_text("Reset weights and filters").click()
    assert page.locator("tbody tr th").first.inner_text() == "Shenzhen–Hong Kong–Guangzhou"
    assert "#" not in page.url


def test_what_is_searched_and_filtered_is_seen_in_table_and_map(opened, address):
    page = opened(address + "index.html")
    page.locator("#economy").select_option("CH")
    seen = page.locator("tbody tr:visible").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert seen
    assert all(cluster.endswith("-ch") or "-ch-" in cluster for cluster in seen)
    marks = page.locator(".mark:not([hidden])").evaluate_all("marks => marks.map(mark => mark.dataset.id)")
    assert sorted(marks) == sorted(seen)
    page.locator("#economy").select_option("")
    page.locator("#q").fill("tokyo")
    assert page.locator("tbody tr:visible").count() == 1


def test_the_table_sorts_by_keyboard(opened, address):
    page = opened(address + "index.html")
    page.locator('th[data-sort="deals_share_pct"] button').focus()
    page.keyboard.press("Enter")
    assert page.get_attribute('th[data-sort="deals_share_pct"]', "aria-sort") == "descending"
    assert page.locator("tbody tr th").first.inner_text() == "San Jose–San Francisco, CA"


def test_the_map_zooms_by_keyboard_and_then_draws_outlines(opened, address):
    page = opened(address + "index.html")
    outline = page.locator(f'.outline[data-id="{SHENZHEN}"]')
    assert outline.count() == 0
    page.locator("#world").focus()
    for _ in range(5):
        page.keyboard.press("+")
    assert page.evaluate("document.getElementById('world').classList.contains('near')")
    assert "map=" in page.url
    outline.wait_for()
    assert outline.is_visible()


def test_shenzhen_lies_over_shenzhen(opened, address):
    from hubrank.publishing.site.projection import world

    page = opened(address + "index.html")
    ((x, y),) = world().spots([114.06], [22.54])
    at = [float(page.get_attribute(f'.mark[data-id="{SHENZHEN}"] circle', name)) for name in ("cx", "cy")]
    assert abs(at[0] - x) < 30
    assert abs(at[1] - y) < 30
    inside = page.evaluate(
        """([x, y]) => { const s = document.getElementById("world"), p = s.createSVGPoint(); p.x = x; p.y = y;
        return document.querySelector(".land").isPointInFill(p); }""",
        [x, y],
    )
    assert inside


def test_the_outline_of_shenzhen_lies_over_shenzhen_and_not_over_the_world(opened, address):
    from hubrank.publishing.site.projection import world

    page = opened(address + "index.html#map=8000,1500,8")  # near enough for outlines
    outline = page.locator(f'.outline[data-id="{SHENZHEN}"]')
    outline.wait_for()
    box = outline.evaluate("path => { const b = path.getBBox(); return [b.x, b.y, b.width, b.height]; }")
    shenzhen, guangzhou, tokyo = world().spots([114.06, 113.26, 139.7], [22.54, 23.12, 35.7]).tolist()
    assert [lies_in(box, spot) for spot in (shenzhen, guangzhou, tokyo)] == [True, True, False]
    assert box[2] * box[3] < 10_000  # square units of 3.4 km: a ring the wrong way round would hold the globe


def lies_in(box, spot, air=3):
    """Whether a place lies in a box, or no farther from it than `air` units (10 km)."""
    return all(box[axis] - air <= spot[axis] <= box[axis] + box[axis + 2] + air for axis in (0, 1))


def test_land_and_clusters_cover_the_right_part_of_the_picture(opened, address):
    page = opened(address + "index.html", viewport={"width": 1280, "height": 1000})
    land, cluster = page.evaluate(
        """() => { const s = document.getElementById("world"), { width, height } = s.viewBox.baseVal;
        const [sphere, land] = [".sphere", ".land"].map((name) => document.querySelector(name));
        const round = (c) => ["cx", "cy", "r"].map((name) => Number(c.getAttribute(name)));
        const marks = [...document.querySelectorAll(".mark circle")].map(round);
        let [all, on, in_] = [0, 0, 0]; const p = s.createSVGPoint();
        for (p.x = 20; p.x < width; p.x += 60) for (p.y = 20; p.y < height; p.y += 60) {
          if (!sphere.isPointInFill(p)) continue;
          all += 1; on += land.isPointInFill(p);
          in_ += marks.some(([x, y, r]) => Math.hypot(p.x - x, p.y - y) < r); }
        return [on / all, in_ / all]; }"""
    )
    assert 0.20 < land < 0.35
    assert 0 < cluster < 0.10


@pytest.mark.parametrize(
    ("width", "height", "visible"), [(1366, 768, 3), (1440, 900, 5), (1700, 1000, 10), (1280, 900, 0)]
)
def test_the_first_screen_holds_the_whole_map_and_as_many_ranks_as_fit(opened, address, width, height, visible):
    page = opened(address + "index.html", viewport={"width": width, "height": height})
    map_box = page.locator(".map").bounding_box()
    rows = [row.bounding_box() for row in page.locator("tbody tr").all()[: visible + 1]]
    assert map_box["y"] + map_box["height"] <= height
    assert all(row["y"] + row["height"] <= height for row in rows[:visible])
    wide, table = page.locator(".wide").first, page.locator(".wide table").first
    assert table.bounding_box()["width"] <= wide.bounding_box()["width"] + 1, "no column is out of sight"


def test_the_one_file_works_from_disk(opened, explorer, tmp_path):
    alone = tmp_path / "taken away.html"
    shutil.copyfile(explorer / "explorer.html", alone)
    page = opened(alone.as_uri())
    page.locator('input[data-metric="patents"]').fill("0")
    page.locator('input[data-metric="deals"]').fill("0")
    assert page.locator("tbody tr th").first.inner_text() == "Beijing"


def test_without_script_map_and_table_stand(opened, address):
    page = opened(address + "index.html", java_script_enabled=False)
    assert page.locator("tbody tr").count() > 200
    assert page.locator(".mark").count() > 200
    assert not page.locator("#q").is_visible()


def test_the_rows_on_screen_are_taken_away_as_csv(opened, address):
    page = opened(address + "index.html")
    page.locator("#q").fill("tokyo")
    with page.expect_download() as got:
        page.get_by_text("Table as CSV").click()
    lines = got.value.path().read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("2,1,2,")
    assert "SIMULATED" in lines[1]


def test_what_holds_for_the_edition_only_is_not_taken_away_under_other_weights(opened, address):
    page = opened(address + "index.html#w.deals=2")
    with page.expect_download() as got:
        page.get_by_text("Table as CSV").click()
    heads, *rows = csv.reader(got.value.path().read_text("utf-8").splitlines())
    assert heads[:5] == ["rank", "places_from_edition", "cluster", "economies", "score_pct"]
    assert "score_pct_per_million" not in heads
    seen = [head for head in page.locator("th[data-sort]:visible").all_inner_texts() if head]
    assert len(seen) == len(heads) - 2  # beside them: the view, and that the figures are simulated
    assert rows[0][-2:] == ["w.deals=2", SIMULATED]


def test_the_map_on_screen_is_taken_away_as_svg(opened, address):
    from xml.etree import ElementTree as ET

    page = opened(address + "index.html")
    with page.expect_download() as got:
        page.get_by_text("Map as SVG").click()
    text = got.value.path().read_text("utf-8")
    root = ET.fromstring(text)
    assert "SIMULATED" in text
    circles = [element for element in root.iter() if element.tag.endswith("circle")]
    assert len(circles) == page.locator(".mark").count()
    assert circles[0].get("fill").startswith("rgb")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, f"cluster/{SHENZHEN}.html"])
def test_nothing_stands_in_the_way_of_anyone(opened, address, scheme, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = opened(address + name, color_scheme=scheme, viewport={"width": 320, "height": 800}, bypass_csp=True)
    assert not {fault["id"]: fault["nodes"][0]["html"] for fault in axe.Axe().run(page).response["violations"]}
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
