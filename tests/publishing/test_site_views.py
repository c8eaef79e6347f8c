"""Views in a browser: one metric, one field, two editions, an embedded page, pictures to take away."""

import json
import re

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

SHENZHEN = "shenzhen-hong-kong-guangzhou-cn-hk"
IDS = "rows => rows.filter(row => !row.hidden).map(row => row.dataset.id)"


def ids(page):
    return page.locator("#ranking tbody tr").evaluate_all(IDS)


def in_field(demo, metric, name):
    """Return the clusters with anything in a field by their exact units there, and the world's units."""
    folder = demo / "2025/tables"
    rows = pq.read_table(folder / "profiles.parquet", filters=[("kind", "=", "field"), ("name", "=", name)])
    rows = rows.filter(pc.equal(rows["metric"], metric)).to_pylist()
    whole = {row["cluster_id"]: 0 for row in rows}
    for row in pq.read_table(folder / "measures.parquet").to_pylist():
        if row["cluster_id"] in whole:
            whole[row["cluster_id"]] += row["units"]
    (world,) = pq.read_table(
        folder / "fields.parquet", filters=[("metric", "=", metric), ("name", "=", name)]
    ).to_pylist()
    return sorted(rows, key=lambda row: (-row["units"], row["cluster_id"])), world["units"]


def test_a_field_alone_ranks_by_its_records_and_shares_the_worlds(opened, address, demo):
    page = opened(address + "index.html")
    page.locator("#field").select_option("Optics")
    page.locator(f'#outlines [data-id="{SHENZHEN}"]').wait_for(state="attached")
    rows, world = in_field(demo, "patents", "Optics")
    assert set(ids(page)) == {row["cluster_id"] for row in rows}
    scores = page.locator("tbody tr:visible td:nth-child(7)").evaluate_all("cells => cells.map(cell => cell.dataset.v)")
    assert scores == [f"{100 * row['units'] / world:.6f}" for row in rows]
    assert page.locator("#metric").input_value() == "patents"
    assert page.locator('input[data-metric="deals"]').is_disabled()
    assert "Optics" in page.locator("#reweighted").inner_text()
    assert not page.locator('th[data-sort="deals_share_pct"]').is_visible()
    again = opened(page.url)
    again.locator(f'#outlines [data-id="{SHENZHEN}"]').wait_for(state="attached")
    assert ids(again) == ids(page)


def test_a_field_of_one_name_in_two_metrics_is_taken_from_the_right_one(opened, address, demo):
    fields = pq.read_table(demo / "2025/tables/fields.parquet").to_pylist()
    names = [row["name"] for row in fields if row["name"] != "(none)"]
    page = opened(address + "index.html")
    offered = page.locator("#field option").evaluate_all(
        "all => all.slice(1).map(one => [one.dataset.metric, one.value])"
    )
    assert sorted(map(tuple, offered)) == sorted((row["metric"], row["name"]) for row in fields if row["name"] in names)


def test_a_metric_alone_ranks_as_its_share_does(opened, address):
    page = opened(address + "index.html#metric=deals")
    by_share = opened(address + "index.html#sort=deals_share_pct&down=1")
    assert page.locator("#reweighted").is_visible()
    shares = dict(
        by_share.locator("tbody tr").evaluate_all("rows => rows.map(row => [row.dataset.id, row.cells[9].dataset.v])")
    )
    shown = page.locator("tbody tr:visible").evaluate_all(
        "rows => rows.map(row => [row.dataset.id, row.cells[6].dataset.v])"
    )
    assert [score for _, score in shown] == sorted((score for _, score in shown), key=float, reverse=True)
    assert all(shares[cluster] == score for cluster, score in shown)
    assert len(shown) == sum(float(share) > 0 for share in shares.values())


def test_filters_and_weights_hold_together(opened, address):
    page = opened(address + "index.html#w.deals=3&region=Europe&sort=score_pct&down=1")
    ranks = [int(rank) for rank in page.locator("tbody tr:visible td:first-child").all_inner_texts()]
    assert len(ranks) > 20
    assert ranks == sorted(ranks)
    assert ranks[0] > 1  # a place among all clusters, not among those that are seen
    page.locator("#economy").select_option("FR")
    assert "w.deals=3" in page.url
    assert "economy=FR" in page.url


def test_the_table_agrees_with_the_ranking_after_coming_back_from_other_weights(opened, address, demo):
    import csv

    page = opened(address + "index.html#w.deals=2")
    page.get_by_role("button", name="Reset weights and filters").click()
    with page.expect_download() as got:
        page.get_by_text("Table as CSV").click()
    shown = list(csv.DictReader(got.value.path().read_text("utf-8").splitlines()))
    with (demo / "2025/ranking.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert shown == [{name: row[name] for name in shown[0]} for row in rows]


def test_the_comparison_filters_its_chart_and_its_table_together(opened, address):
    page = opened(address + "compare.html")
    low = page.locator("#slopes").bounding_box()["height"]
    page.locator("#top").select_option("100")
    assert page.locator("#slopes").bounding_box()["height"] > 2 * low
    page.locator("#economy").select_option("CH")
    seen = ids(page)
    bright = page.locator(".slope:not(.dim)").evaluate_all("all => all.map(one => one.dataset.id)")
    assert 0 < len(seen) < 20
    assert sorted(seen) == sorted(bright)
    page.locator('th[data-sort="method"] button').click()
    again = opened(page.url)
    assert ids(again) == ids(page)
    with again.expect_download() as got:
        again.get_by_text("Table as CSV").click()
    lines = got.value.path().read_text("utf-8").splitlines()
    assert len(lines) == len(seen) + 1
    assert lines[0].startswith("rank,cluster,economies,kind,rank_before,previous_rank,change,move,data,boundary,method")


@pytest.mark.parametrize(("name", "button"), [("index", "Map as PNG"), ("compare", "Chart as PNG")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_is_taken_away_as_a_picture(opened, address, name, button, scheme):
    import io

    from PIL import Image

    page = opened(address + f"{name}.html", color_scheme=scheme)
    with page.expect_download() as got:
        page.get_by_text(button).click()
    picture = Image.open(io.BytesIO(got.value.path().read_bytes())).convert("RGB")
    assert picture.width == 2000
    assert len(picture.getcolors(maxcolors=1 << 24)) > 20
    bright = sum(picture.getpixel((1990, picture.height - 10))) > 380
    assert bright == (scheme == "light")


def test_an_embedded_view_is_that_view_and_leads_to_the_whole(opened, address):
    page = opened(address + "index.html#w.deals=0&economy=JP")
    page.get_by_text("Embed this map").click()
    code = page.locator("#copy textarea").input_value()
    (source,) = re.findall(r'src="([^"]*)"', code)
    inside = opened(source.replace("&amp;", "&"))
    assert inside.locator("#world").is_visible()
    assert not inside.locator("#ranking").is_visible()
    assert not inside.locator("#q").is_visible()
    marks = inside.locator(".mark:not([hidden])")
    assert marks.count() == len(ids(page))
    whole = inside.locator("#whole").evaluate("link => link.href")
    assert sorted(whole.partition("#")[2].split("&")) == ["economy=JP", "w.deals=0"]


def test_only_what_is_asked_for_is_loaded_after_the_first_view(opened, address):
    page = opened(address + "index.html")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert not [name for name in loaded if name.endswith("details.json")]
    page.get_by_role("button", name="Borders").click()
    page.locator(".borders[d]").wait_for()
    assert "borders=1" in page.url
    again = opened(page.url)
    again.locator(".borders[d]").wait_for()
    assert again.get_by_role("button", name="Borders").get_attribute("aria-pressed") == "true"
    assert page.locator(".borders").is_visible()


def test_all_can_be_done_by_keyboard(opened, address):
    page = opened(address + "index.html")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.action || ''"))
    assert {"q", "economy", "region", "metric", "field", "reset", "world", "borders", "svg", "png"} <= reached


def test_a_page_on_paper_holds_map_and_table_and_no_buttons(opened, address):
    page = opened(address + "index.html")
    page.emulate_media(media="print")
    assert page.locator("#world").is_visible()
    assert page.locator("#ranking").is_visible()
    assert not page.locator("button[data-action]").first.is_visible()
    assert not page.locator("nav").is_visible()


def test_nothing_moves_for_who_wants_nothing_to_move(opened, address):
    page = opened(address + "index.html", reduced_motion="reduce")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => { const s = getComputedStyle(one);"
        " return parseFloat(s.transitionDuration) > 0 || s.animationName !== 'none'; }).length"
    )
    assert moving == 0


def test_a_sorted_page_of_robustness_has_an_address(opened, address, demo):
    page = opened(address + "robustness.html")
    page.locator('th[data-sort="method"] button').click()
    widest = max(
        pq.read_table(demo / "2025/tables/robustness.parquet").to_pylist(),
        key=lambda row: (row["method_worst"] - row["method_best"], -row["rank"]),
    )
    assert ids(page)[0] == ids(opened(page.url))[0] == widest["cluster_id"]


def test_the_data_of_the_page_is_json_that_ends_no_script(explorer):
    page = (explorer / "index.html").read_text("utf-8")
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert len(json.loads(text)["clusters"]) == 237
