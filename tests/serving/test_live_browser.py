"""The served page in a browser: sliders change the clusters, a click is explained, the console stays empty."""

import csv
import io
import json
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest

STATUS = ".live [role=status]"
DESKTOP = {"width": 1440, "height": 900}
SHENZHEN = "shenzhen-hong-kong-guangzhou-cn-hk"
ROWS = "hubrank.explorer.list.shown().slice(0, 50).map((row) => [row.rank, row.name, row.scoreText])"


def fetched(address, path):
    with urllib.request.urlopen(address + path) as answer:
        return answer.read()


def shown(page):
    """Return rank, cluster and score of each of the first rows."""
    return [tuple(row) for row in page.evaluate(ROWS)]


@pytest.fixture
def live(opened, served):
    """Return a function that opens the served page and waits for its sliders."""

    def open_page(query="", **options):
        page = opened(served + query, **{"viewport": DESKTOP, **options})
        page.locator(".live").wait_for(state="attached")
        return page

    return open_page


def box_of(page, selector="#map"):
    box = page.locator(selector).bounding_box()
    return box["x"], box["y"], box["width"], box["height"]


def test_a_slider_changes_clusters_in_list_map_link_and_files(live, served):
    page = live()
    before = box_of(page)
    ids = page.evaluate("hubrank.explorer.scene.clusters.map((c) => c.id)")
    radius = page.locator(".live input[type=range]").first
    radius.fill("30")
    page.locator(STATUS, has_text="30 km").wait_for()
    assert box_of(page) == before, "nothing moves under the pointer"
    rows = json.loads(fetched(served, "clusters.json?radius_km=30&min_listings=39"))["clusters"]
    assert shown(page) == [(row["rank"], row["cluster"], f"{row['score_pct']:.2f}") for row in rows[:50]]
    assert page.evaluate("hubrank.explorer.scene.clusters.map((c) => c.id)") != ids
    assert "radius_km=30" in urlsplit(page.url).query
    link = page.locator(".live .files a", has_text="CSV").get_attribute("href")
    table = list(csv.DictReader(io.StringIO(fetched(served, link).decode("utf-8"))))
    assert [row["cluster"] for row in table[:50]] == [cluster for _, cluster, _ in shown(page)]
    again = live("?" + urlsplit(page.url).query)
    again.locator(STATUS, has_text="30 km").wait_for()
    assert shown(again) == shown(page)
    page.get_by_role("button", name="Reset method").click()
    page.wait_for_function("() => !hubrank.explorer.scene.ghosts")
    assert page.evaluate("hubrank.explorer.scene.clusters.map((c) => c.id)") == ids
    assert urlsplit(page.url).query == ""


def test_the_outlines_of_the_edition_stay_under_those_of_the_choice(live):
    page = live(f"?radius_km=30&min_listings=50#c={SHENZHEN}")
    page.locator(STATUS, has_text="30 km").wait_for()
    page.evaluate("hubrank.explorer.map.show({ lon: 114, lat: 22.8, k: 60 })")
    page.wait_for_function("() => hubrank.explorer.scene.shapes")
    page.wait_for_function(
        "() => hubrank.explorer.map.svg().parts.filter((part) => part.includes('opacity=\"0.80\"')).length === 1"
    )
    areas = page.evaluate("hubrank.explorer.map.svg().parts.filter((part) => part.includes('fill=\"#e9cf9a\"')).length")
    assert areas > 0


def test_what_is_in_sight_is_drawn_first_and_all_when_no_other_choice_follows(live):
    page = live(f"#c={SHENZHEN}")
    page.evaluate("hubrank.explorer.map.show({ lon: 114, lat: 22.8, k: 60 })")
    page.wait_for_function("() => hubrank.explorer.map.camera().degree > 100")
    requests = []
    page.on(
        "request",
        lambda request: "outlines.json" in request.url and requests.append(parse_qs(urlsplit(request.url).query)),
    )
    radius = page.locator(".live input[type=range]").first
    for km in ("28", "29", "30"):
        radius.fill(km)
    page.locator(STATUS, has_text="30 km").wait_for()
    page.wait_for_function("() => Object.keys(hubrank.explorer.scene.shapes?.areas ?? {}).length > 100")
    *in_sight, whole = requests
    assert in_sight
    for box in in_sight:
        west, south, east, north = (float(box[side][0]) for side in ("west", "south", "east", "north"))
        assert 100 < west < 113
        assert 115 < east < 130
        assert 10 < south < 22
        assert 24 < north < 35
    assert set(whole) == {"radius_km", "min_listings"}
    assert whole["radius_km"] == ["30"]


def test_weights_and_search_act_on_the_live_ranking_too(live):
    page = live("?radius_km=25&min_listings=60")
    page.locator(STATUS, has_text="25 km and 60").wait_for()
    page.locator('#weights input[data-metric="1"]').fill("100")
    page.wait_for_function("() => hubrank.explorer.list.shown()[0].name === 'Beijing'")
    page.locator("#q").fill("zürich")
    page.wait_for_function("() => hubrank.explorer.list.shown().length === 1")
    assert [cluster for _, cluster, _ in shown(page)] == ["Zurich"]


def test_the_slider_passes_the_editions_threshold_and_its_ends(live):
    page = live()
    least = page.locator(".live input[type=range]").nth(1)
    least.focus()
    page.keyboard.press("End")
    page.locator(STATUS, has_text="3900 listings").wait_for()
    page.keyboard.press("Home")
    page.locator(STATUS, has_text="13 listings").wait_for()
    assert page.evaluate("hubrank.explorer.scene.clusters.length") > 1000


@pytest.mark.parametrize("query", ["", "?radius_km=30&min_listings=50"])
def test_a_click_on_the_map_is_explained_in_sight_and_a_drag_is_not(live, query):
    page = live(query)
    path = page.evaluate("location.pathname")
    x, y, width, height = box_of(page)
    page.mouse.click(x + width * 0.45, y + height * 0.75)
    card = page.locator("#card")
    card.locator("p").nth(2).wait_for()
    assert "SIMULATED" in card.inner_text()
    assert "It is in no cluster" in card.inner_text()
    left, top, wide, tall = box_of(page, "#card")
    assert left >= 0
    assert top >= 0
    assert left + wide <= DESKTOP["width"]
    assert top + tall <= DESKTOP["height"]
    assert page.evaluate("Boolean(hubrank.explorer.scene.pin)")
    assert page.evaluate("location.pathname") == path
    page.locator("#card .close").click()
    assert card.is_hidden()
    page.mouse.move(x + 300, y + 200)
    page.mouse.down()
    page.mouse.move(x + 400, y + 260, steps=5)
    page.mouse.up()
    assert card.is_hidden()


def test_a_place_is_explained_by_its_name_without_a_mouse(live):
    page = live()
    page.get_by_label("Explain a place").fill("Shenzhen")
    page.keyboard.press("Enter")
    page.locator("#card p", has_text="It is in Shenzhen–Hong Kong–Guangzhou").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_strip_has_no_fault_that_axe_finds(live, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = live("?radius_km=20", color_scheme=scheme, bypass_csp=True)
    page.locator(STATUS, has_text="20 km").wait_for()
    page.get_by_label("Explain a place").fill("Paris")
    page.keyboard.press("Enter")
    page.locator("#card p").first.wait_for()
    faults = {fault["id"]: fault["nodes"][0]["html"] for fault in axe.Axe().run(page).response["violations"]}
    assert not faults


def test_the_strip_fits_a_phone(live):
    page = live("?radius_km=20", viewport={"width": 320, "height": 700})
    page.locator("#mix-open").click()
    assert page.locator(".live").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
