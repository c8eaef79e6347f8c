"""The served page in a browser: sliders change the clusters, a click is explained, the console stays empty."""

import csv
import io
import json
import urllib.request
from urllib.parse import urlsplit

import pytest

PANEL = ".live-panel"
STATUS = f"{PANEL} [role=status]"


def fetched(address, path):
    with urllib.request.urlopen(address + path) as answer:
        return answer.read()


def shown(page):
    """Return rank, cluster and score of each row that is seen."""
    rows = page.locator("#live-ranking tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return [(int(row[0]), row[2], row[4]) for row in rows]


def test_a_slider_changes_clusters_in_table_map_link_and_files(opened, served):
    page = opened(served)
    radius = page.locator(f"{PANEL} input[type=range]").first
    radius.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.locator(STATUS, has_text="18 km").wait_for()
    expected = json.loads(fetched(served, "clusters.json?radius_km=18"))["clusters"]
    assert shown(page) == [(row["rank"], row["cluster"], f"{row['score_pct']:.2f}") for row in expected]
    assert not page.locator("#ranking").is_visible()
    assert page.locator(".live-mark").count() == len(expected)
    assert not page.locator(".mark").first.is_visible()
    assert "radius_km=18" in urlsplit(page.url).query
    link = page.locator(PANEL).get_by_role("link", name="CSV").get_attribute("href")
    rows = list(csv.DictReader(io.StringIO(fetched(served, link).decode())))
    assert [row["cluster_id"] for row in rows] == [row["cluster_id"] for row in expected]

    again = opened(page.url)
    again.locator(STATUS, has_text="18 km").wait_for()
    assert shown(again) == shown(page)

    page.locator(PANEL).get_by_role("button", name="Reset radius and threshold").click()
    page.locator("#ranking").wait_for(state="visible")
    assert page.locator(".live-mark").count() == 0
    assert page.locator(".mark").first.is_visible()
    assert urlsplit(page.url).query == ""


def test_weights_and_search_act_on_the_live_ranking_too(opened, served):
    page = opened(f"{served}?radius_km=25&min_listings=60")
    page.locator(STATUS, has_text="25 km and 60").wait_for()
    page.locator('input[data-metric="patents"]').fill("0")
    page.locator('input[data-metric="deals"]').fill("0")
    page.locator('#live-ranking tbody th:text-is("Beijing")').wait_for()
    page.locator("#live-ranking tbody tr").first.locator('th:text-is("Beijing")').wait_for()
    page.locator("#q").fill("zürich")
    assert [cluster for _, cluster, _ in shown(page)] == ["Zürich"]


def test_the_slider_passes_the_editions_threshold_and_its_ends(opened, served):
    page = opened(served)
    least = page.locator(f"{PANEL} input[type=range]").nth(1)
    least.focus()
    page.keyboard.press("End")
    page.locator(STATUS, has_text="3900 listings").wait_for()
    page.keyboard.press("Home")
    page.locator(STATUS, has_text="13 listings").wait_for()
    assert page.locator(".live-mark").count() > 1000


@pytest.mark.parametrize("query", ["", "?radius_km=30&min_listings=50"])
def test_a_click_on_the_map_is_explained_and_a_drag_is_not(opened, served, query):
    page = opened(served + query)
    page.locator(PANEL).wait_for()
    explanation = page.locator(".live-explanation")
    page.locator("#world").scroll_into_view_if_needed()
    box = page.locator("#world").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.45)
    explanation.locator("p").nth(2).wait_for()
    assert "SIMULATED" in explanation.inner_text()
    assert "It is in no cluster" in explanation.inner_text()
    assert page.locator(".live-pin").count() == 1
    explanation.get_by_role("button", name="Close").click()
    assert not explanation.is_visible()
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 260, steps=5)
    page.mouse.up()
    assert not explanation.is_visible()


def test_a_place_is_explained_by_its_name_without_a_mouse(opened, served):
    page = opened(served)
    page.get_by_label("Explain a place").fill("Shenzhen")
    page.keyboard.press("Enter")
    explanation = page.locator(".live-explanation")
    explanation.locator("p", has_text="It is in Shenzhen–Hong Kong–Guangzhou").wait_for()


def test_the_outlines_of_the_choice_appear_where_the_reader_zooms_in(opened, served):
    page = opened(f"{served}?radius_km=30&min_listings=50")
    page.locator(STATUS, has_text="30 km").wait_for()
    page.locator("#world").focus()
    for _ in range(6):
        page.keyboard.press("+")
    page.locator(".live-outline").first.wait_for(state="attached")
    outlines = json.loads(fetched(served, "map/outlines.json?radius_km=30&min_listings=50"))["outlines"]
    assert page.locator(".live-outline").count() == len(outlines)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_has_no_fault_that_axe_finds(opened, served, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = opened(
        f"{served}?radius_km=20", color_scheme=scheme, viewport={"width": 320, "height": 700}, bypass_csp=True
    )
    page.locator(STATUS, has_text="20 km").wait_for()
    page.get_by_label("Explain a place").fill("Paris")
    page.keyboard.press("Enter")
    page.locator(".live-explanation p").first.wait_for()
    faults = {fault["id"]: fault["nodes"][0]["html"] for fault in axe.Axe().run(page).response["violations"]}
    assert not faults
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
