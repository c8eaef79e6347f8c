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
ROWS = "hubrank.explorer.list.shown().slice(0, 50).map((row) => [row.rank, row.name, row.scoreText()])"


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
    assert page.locator(STATUS).evaluate("one => one.scrollHeight <= one.clientHeight"), "no sentence is cut"
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
    page.wait_for_function("() => hubrank.explorer.map.resting()")  # it has flown to the cluster
    page.evaluate("hubrank.explorer.map.show({ lon: 114, lat: 22.8, k: 60 })")
    page.wait_for_function("() => hubrank.explorer.scene.shapes")
    page.wait_for_function(
        "() => hubrank.explorer.map.svg().parts.filter((part) => part.includes('opacity=\"0.80\"')).length === 1"
    )
    page.wait_for_function(
        "() => hubrank.explorer.map.svg().parts.filter((part) => part.includes('fill=\"#e9cf9a\"')).length > 0"
    )


def test_what_is_in_sight_is_drawn_first_and_all_when_no_other_choice_follows(live):
    page = live(f"#c={SHENZHEN}")
    page.locator("#card h2").wait_for()
    page.wait_for_function("() => hubrank.explorer.map.resting()")  # it has flown to the cluster
    page.evaluate("hubrank.explorer.map.show({ lon: 114, lat: 22.8, k: 60 })")
    page.wait_for_function("() => hubrank.explorer.map.resting() && hubrank.explorer.map.camera().degree > 100")
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
    whole = requests[-1]
    in_sight = [request for request in requests if "west" in request]
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
    if query:  # the clusters of another choice close what was open when they arrive
        page.locator(STATUS, has_text="30 km").wait_for()
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
def test_the_strip_has_no_fault_that_axe_finds(live, accessibility_faults, scheme):
    page = live("?radius_km=20", color_scheme=scheme, bypass_csp=True)
    page.locator(STATUS, has_text="20 km").wait_for()
    page.get_by_label("Explain a place").fill("Paris")
    page.keyboard.press("Enter")
    page.locator("#card p").first.wait_for()
    assert not accessibility_faults(page)


def test_the_strip_fits_a_phone(live):
    page = live("?radius_km=20", viewport={"width": 320, "height": 700})
    page.locator("#mix-open").click()
    assert page.locator(".live").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_one_metric_and_one_field_are_switched_off_where_they_do_not_rank_and_the_page_says_why(live):
    page = live("#metric=deals")
    page.wait_for_function("() => hubrank.explorer.state().metric === 'deals'")
    page.locator("#filter-open").click()
    assert page.locator("#metric").is_enabled()
    assert page.locator("#filters-note").inner_text() == ""
    page.locator(".live input[type=range]").first.fill("30")
    page.locator(STATUS, has_text="30 km").wait_for()
    assert page.locator("#metric").is_disabled()
    assert page.locator("#field").is_disabled()
    assert "Reset the method" in page.locator("#filters-note").inner_text()
    assert page.locator("#chips button").count() == 0
    assert page.evaluate("hubrank.explorer.scene.clusters[0].parts.every((part) => part > 0)"), "all metrics count"
    assert "metric=" not in page.url
    page.get_by_role("button", name="Reset method").click()
    page.wait_for_function("() => !document.getElementById('metric').disabled")


def test_the_triangle_of_the_edition_is_away_while_other_clusters_are_shown(live):
    page = live()
    assert page.locator("#triangle").is_visible()
    page.locator(".live input[type=range]").first.fill("30")
    page.locator(STATUS, has_text="30 km").wait_for()
    assert not page.locator("#triangle").is_visible()
    assert not page.locator("#triangle-open").is_visible()
    page.get_by_role("button", name="Reset method").click()
    page.locator("#triangle").wait_for()


def test_another_address_is_ranked_by_the_server_and_its_own_clusters_are_selected(live):
    page = live("?radius_km=25&min_listings=60")
    page.locator(STATUS, has_text="25 km and 60").wait_for()
    page.evaluate("() => { location.hash = 'w=0-100-0'; }")
    page.wait_for_function("() => hubrank.explorer.list.shown()[0].name === 'Beijing'")
    assert page.evaluate("hubrank.explorer.list.shown()[0].rank") == 1
    row = page.evaluate(
        "(({ id, rank, editionRank }) => ({ id, rank, editionRank }))(hubrank.explorer.scene.clusters[9])"
    )
    page.evaluate("id => { location.hash = `w=0-100-0&c=${id}`; }", row["id"])
    page.wait_for_function("id => hubrank.explorer.scene.selected?.id === id", arg=row["id"])
    assert page.evaluate("hubrank.explorer.scene.clusters.includes(hubrank.explorer.scene.selected)")
    assert page.locator("#card .big").inner_text() == str(row["rank"])


def test_what_is_searched_or_selected_asks_the_server_for_nothing(live):
    page = live("?radius_km=25&min_listings=60")
    page.locator(STATUS, has_text="25 km and 60").wait_for()
    page.wait_for_function("() => hubrank.explorer.scene.shapes")
    paths = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    page.locator("#q").press_sequentially("zuri")
    page.wait_for_function("() => hubrank.explorer.list.shown().length === 1")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert [path for path in paths if path.startswith(("/clusters", "/map/"))] == []
    page.locator('#weights input[data-metric="1"]').fill("90")
    page.wait_for_function("() => hubrank.explorer.mix()?.[1] === 90")
    page.wait_for_timeout(500)
    assert paths.count("/clusters.json") == 1


def test_a_file_and_an_embedded_map_of_a_choice_hold_the_choice(live, opened, served):
    page = live("?radius_km=30&min_listings=50#w=50-25-25")
    page.locator(STATUS, has_text="30 km").wait_for()
    page.locator("#share-open").click()
    with page.expect_download() as got:
        page.locator('[data-action="csv"]').click()
    rows = list(csv.DictReader(got.value.path().read_text("utf-8").splitlines()))
    assert {row["view"].partition("#")[0] for row in rows} == {"?radius_km=30&min_listings=50"}
    assert all("w=50-25-25" in row["view"] for row in rows)
    page.locator('[data-action="embed"]').click()
    code = page.locator("#copy textarea").input_value()
    address = code.partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    assert address.startswith(f"{served}embed.html?radius_km=30&min_listings=50#")
    embedded = opened(address, viewport={"width": 600, "height": 400})
    embedded.locator(".whole [role=status]", has_text="30 km and 50").wait_for()
    names = "hubrank.explorer.scene.clusters.map((c) => [c.id, c.rank])"
    assert embedded.evaluate(names) == page.evaluate(names)
    assert embedded.locator("#whole").get_attribute("href").startswith("index.html?radius_km=30&min_listings=50#")
    assert embedded.evaluate("document.documentElement.scrollHeight") <= 400
