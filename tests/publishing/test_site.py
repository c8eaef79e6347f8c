"""The explorer: what its pages hold is what the edition's tables hold."""

import html
import io
import json
import math
import re
from decimal import Decimal
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from PIL import Image
from shapely.geometry import Point, Polygon, box

import hubrank
from hostile.small_worlds import run, world
from hubrank.cli.screens.screen import rounded
from hubrank.publishing.brief.writer import number as brief_number
from hubrank.publishing.page_words import words
from hubrank.publishing.site import bundle, map_data, ranking_rows, report_page, world_picture
from hubrank.publishing.site.citations import citations
from publishing.made_sites import parts, published

SCRIPTS = Path(hubrank.__file__).parent / "publishing" / "site" / "static"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "line\u2028break \u202egnp.exe",
    "{{ 7*7 }} & <b>bold</b>",
    "]]><svg/onload=alert(1)>",
)


class Page(HTMLParser):
    """Elements by name, and the rows of the list."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.rows, self._cells = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        named = dict(attributes)
        if tag == "tr" and "data-p" in named:
            self.rows.append({**named, "cells": []})
        if tag in ("td", "th") and self.rows:
            self.rows[-1]["cells"].append("")
            self._cells = self.rows[-1]["cells"]

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tbody"):
            self._cells = None

    def handle_data(self, data):
        if self._cells is not None:
            self._cells[-1] += data.strip("\n")


def test_the_list_agrees_with_the_tables_on_every_figure(demo, explorer):
    rows = Page((explorer / "index.html").read_text("utf-8")).rows
    ranking = pq.read_table(demo / "2025/tables/ranking.parquet").sort_by("rank").to_pylist()
    where = {row["cluster_id"]: row for row in pq.read_table(demo / "2025/tables/clusters.parquet").to_pylist()}
    more = script_content(explorer / "assets/data/clusters.js")
    assert [row[0] for row in more] == [row["cluster_id"] for row in ranking]
    moves = {
        row["cluster_id"]: row["move"] for row in pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()
    }
    for shown, row, (key, *_, exact, ranges, why, _, move, codes) in zip(rows, ranking, more, strict=True):
        assert (move, "/".join(codes)) == (moves[key], row["economies"])
        rank, name, score, interval, change = shown["cells"]
        assert (key, why) == (row["cluster_id"], change)
        low, high = row["rank_low_places"], row["rank_high_places"]
        assert (rank, score) == (str(row["rank"]), f"{row['score_pct']:.2f}")
        assert interval == (str(low) if low == high else f"{low}–{high}")
        assert name.startswith(row["cluster"])
        ends = ("rank_low", "rank_high", "rank_low_places", "rank_high_places", "weights_best", "weights_worst")
        assert ranges == [row[end] for end in ends]
        shares = [float(row[f"{metric}_share_pct"]) for metric in ("patents", "publications", "deals")]
        np.testing.assert_allclose([float(part) for part in shown["data-s"].split()], shares, rtol=6e-3)
        assert exact == shares
        place = where[row["cluster_id"]]
        np.testing.assert_allclose(
            [float(part) for part in shown["data-p"].split()], [float(place["lon"]), float(place["lat"])], atol=6e-3
        )


def script_content(path):
    """Return what a data file hands to the page."""
    text = path.read_text("utf-8")
    return json.loads(text[text.index(",") + 1 : text.rindex(")")])


def test_data_files_hold_the_exact_units(demo, explorer):
    units = script_content(explorer / "assets/data/units.js")
    ranking = pq.read_table(demo / "2025/tables/ranking.parquet").sort_by("rank")["cluster_id"].to_pylist()
    for row in pq.read_table(demo / "2025/tables/measures.parquet").to_pylist():
        metric = ("patents", "publications", "deals").index(row["metric"])
        assert units[metric][ranking.index(row["cluster_id"])] == str(row["units"])


def test_the_same_edition_gives_the_same_bytes(demo, explorer, tmp_path):
    again = published(demo, tmp_path, parts(demo), pages=True)
    names = sorted(path.relative_to(explorer) for path in explorer.rglob("*") if path.is_file())
    assert len(names) > 400
    assert [(again / name).read_bytes() for name in names] == [(explorer / name).read_bytes() for name in names]


def test_names_are_text_whatever_they_hold(demo, explorer, tmp_path):
    changed = parts(demo)
    tables = changed[0]
    for table, column in (("ranking", "cluster"), ("profiles", "name")):
        names = tables[table][column].to_pylist()
        years = tables[table]["kind"].to_pylist() if table == "profiles" else [""] * len(names)
        hostile = [
            name if kind == "year" else HOSTILE[number % len(HOSTILE)]
            for number, (name, kind) in enumerate(zip(names, years, strict=True))
        ]
        place = tables[table].column_names.index(column)
        tables[table] = tables[table].set_column(place, column, pa.array(hostile))
    out = published(demo, tmp_path, changed, pages=True)
    for name in ("index.html", "explorer.html", "cluster/tokyo-yokohama-jp.html"):
        hostile, plain = (Page((folder / name).read_text("utf-8")) for folder in (out, explorer))
        assert hostile.elements == plain.elements, name


def test_every_page_says_that_it_was_simulated(explorer):
    pages = list(explorer.rglob("*.html"))
    assert len(pages) > 200
    assert all("SIMULATED" in page.read_text("utf-8") for page in pages)


def test_no_page_allows_what_is_not_its_own(explorer):
    for page in explorer.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "unsafe" not in text
        assert "default-src &#39;none&#39;" in text


def test_every_module_is_in_the_script_and_no_import_is_left():
    script = bundle.script()
    assert {path.name for path in SCRIPTS.glob("*.js")} == set(bundle.MODULES)
    assert "function restrictCounts(" in script
    assert not re.findall(r"^(?:import|export) ", script, re.MULTILINE)
    for name in bundle.MODULES:
        assert f'modules["{name}"] = ' in script


def test_land_covers_what_it_covers_on_earth():
    rings = map_data.unpacked(map_data.ground("land1"))
    flat = [Polygon(world_picture.equal_earth(ring)) for ring in rings]
    area = sum(ring.area * (1 if shapely.is_ccw(shapely.LinearRing(ring.exterior.coords)) else -1) for ring in flat)
    assert 0.28 < area / (4 * np.pi) < 0.30


def test_the_picture_uses_equal_earth():
    x, y = world_picture.equal_earth(np.array([[180.0, 0.0], [0.0, 90.0]])).T * 6371.0088
    np.testing.assert_allclose([x[0], y[1]], [17243.96344447, 8392.92973138], rtol=1e-9)  # as PROJ gives them


def test_rings_are_whole_steps_each_the_difference_to_the_one_before():
    assert map_data.packed_rings(box(0, 0, 1, 0.5), step=10) == [[10, 0, 0, 5, -10, 0, 0, -5, 10, 0]]
    content = {"step": 10, "rings": [[10, 0, 0, 5, -10, 0, 0, -5]]}
    assert map_data.unpacked(content)[0].tolist() == [[1.0, 0.0], [1.0, 0.5], [0.0, 0.5], [0.0, 0.0]]


def test_cells_in_sight_of_a_cluster_wrap_around_the_antimeridian():
    cells = map_data.cells_near(np.array([179.5]), np.array([-17.0]))
    assert {x for x, _ in cells} == {35, -36}


def test_a_cell_holds_its_heaviest_sites_and_the_towns_that_are_not_named_everywhere(monkeypatch):
    monkeypatch.setattr(map_data, "MOST_SITES", 2)
    spots = np.array([[7.12345, -3.0], [2.5, 51.0], [6.0, -2.0], [9.99, -4.99], [-178.0, -17.0]])
    listings = np.array([[9, 1], [8, 0], [5, 5], [1, 0], [1, 1]])
    cities = [("Town", 7.0004, -4.0, 20_999), ("City", 7.0, -4.0, 400_000), ("Far", 100.0, 0.0, 50_000)]
    near = [(-36, -4), (0, 10), (1, -1), (3, 3)]
    assert list(map_data.place_cells(spots, listings, iter(cities), near)) == [
        ("places/-36_-4", {"sites": [[-178.0, -17.0, 1, 1]], "towns": []}),
        ("places/0_10", {"sites": [[2.5, 51.0, 8, 0]], "towns": []}),
        ("places/1_-1", {"sites": [[7.123, -3.0, 9, 1], [6.0, -2.0, 5, 5]], "towns": [["Town", 7.0, -4.0, 20]]}),
    ]


def test_sites_of_several_metrics_are_one_place_and_the_heaviest_come_first():
    rows = [("deals", 10, 20, 1), ("patents", 10, 20, 4), ("patents", 30, 40, 9)]
    points = pa.table(
        {name: [row[at] for row in rows] for at, name in enumerate(("metric", "lat_e7", "lon_e7", "listings"))}
    )
    spots, listings = map_data.sites(points, ["patents", "deals"])
    assert listings.tolist() == [[9, 0], [4, 1]]
    np.testing.assert_allclose(spots[0], [40e-7, 30e-7])


def test_a_study_with_an_address_has_a_picture_with_the_same_bytes_each_time():
    marks = [("A $b$ </svg>", 10.0, 50.0, 3.0), ("B", 170.0, -40.0, 1.0)]
    one, other = (world_picture.pictures(marks, "A title", "A lead", "A note", "A credit", png=True) for _ in range(2))
    assert one == other
    assert set(one) == {"world.svg", "picture.png"}
    assert set(world_picture.pictures([], "", "", "", "", png=False)) == {"world.svg"}


def test_names_of_the_picture_lie_on_no_other_name_and_on_no_mark_however_close_their_clusters_are():
    frame = (0.0, 36.0, 1200.0, 518.0)
    marks = [(600.0 + 9 * number, 300.0 + 5 * (-1) ** number, 20.0) for number in range(8)]
    boxes = world_picture.labels([210.0, 150.0, 90.0, 300.0, 120.0, 80.0, 160.0, 200.0], marks, frame)
    rectangles = [box(*each) for each in boxes if each]
    assert len(rectangles) == 8
    assert not any(one.intersection(other).area for one, other in combinations(rectangles, 2))
    assert not any(each.distance(Point(x, y)) < radius for each in rectangles for x, y, radius in marks)
    assert all(box(*frame).contains(each) for each in rectangles)
    assert world_picture.labels([1300.0], marks[:1], frame) == [None], "what has no room is left out"


def test_title_lead_and_note_of_the_picture_have_an_area_of_their_own_and_fit_it():
    marks = [("A", 10.0, 80.0, 3.0), ("B", 170.0, -50.0, 1.0)]
    for title in ("Short", "A title that is too long for one line of the picture " * 4):
        picture = world_picture.pictures(marks, title, "A lead", "A note", "A credit", png=True)["picture.png"]
        image = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)
        assert image.shape == (world_picture.HEIGHT, world_picture.WIDTH, 3)
        head = image[: world_picture.HEAD - 2]
        assert head[:, -world_picture.EDGE :].min() == 255, "nothing is cut off at the right"
        assert np.ptp(head, axis=2).max() < 30, "no sea, land or mark"
        below = image[-world_picture.FOOT - world_picture.CREDIT + 2 :, 0]
        assert (below[: world_picture.FOOT - 4] == (0x8A, 0x1C, 0x1C)).all()
        assert below[world_picture.FOOT :].min() == 255, "the credit below the note"


def test_clusters_of_one_part_of_the_world_are_shown_there_and_as_they_lie():
    frame = (0.0, 0.0, 1200.0, 518.0)
    korea = world_picture.view(np.array([[126.7, 37.6], [127.4, 36.3]]), frame)
    seoul, east, north = korea.pixels([[127.0, 37.0], [127.1, 37.0], [127.0, 37.0 + 0.1 * np.cos(np.radians(37))]])
    assert korea.finer
    assert math.dist(seoul, east) == pytest.approx(math.dist(seoul, north), rel=0.02)
    both = world_picture.view(np.array([[-122.0, 37.0], [127.0, 37.0]]), frame)
    assert not both.finer


def test_a_citation_holds_no_mark_of_its_format():
    manifest = {"study": {"title": "A {b} 50 % \n\u2028c", "edition": "2025"}, "note": ""}
    texts = citations(manifest)
    assert texts["BibTeX"].startswith("@misc{a-b-50-c-2025,\n  title = {A b 50 \\%  c},\n")
    assert json.loads(texts["CSL"])[0]["version"] == "2025"
    assert [line[:6] for line in texts["RIS"].splitlines()] == ["TY  - ", "TI  - ", "ET  - ", "PY  - ", "ER  - "]


def test_a_citation_names_who_made_the_edition_when_and_where():
    publish = {"authors": ["Office of {A} & B", "Ada Lovelace"], "date": "2026-05-31", "base_url": "https://a.org/x_y/"}
    texts = citations({"study": {"title": "Clusters", "edition": "spring", "publish": publish}})
    assert texts["BibTeX"] == (
        "@misc{clusters-spring,\n  author = {{Office of A \\& B} and {Ada Lovelace}},\n  title = {Clusters},\n"
        "  edition = {spring},\n  year = {2026},\n  howpublished = {Made with hubrank},\n  url = {https://a.org/x_y/}\n}"
    )
    assert texts["RIS"].splitlines()[1:3] == ["AU  - Office of {A} & B", "AU  - Ada Lovelace"]
    (item,) = json.loads(texts["CSL"])
    assert item["author"][1] == {"literal": "Ada Lovelace"}
    assert item["issued"] == {"date-parts": [[2026]]}
    assert "issued" not in json.loads(citations({"study": {"title": "A", "edition": "spring"}})["CSL"])[0]


def test_the_citation_of_a_simulated_cluster_says_that_it_is_simulated(explorer):
    page = next((explorer / "cluster").glob("*.html")).read_text("utf-8")
    cited = re.search(r'<details class="noprint cite">.*?</details>', page, re.DOTALL).group()
    assert "Produced with hubrank. SIMULATED: made by" in html.unescape(cited)


def test_halves_are_rounded_away_from_zero_in_whatever_is_shown():
    for exact, decimals, shown in [
        ("9.5", 0, "10"),
        ("10.5", 0, "11"),
        ("0.125", 2, "0.13"),
        ("1234.565", 2, "1,234.57"),
    ]:
        value = Decimal(exact)
        written = [ranking_rows.cell(value, decimals).shown, brief_number(value, decimals), rounded(value, decimals)]
        assert written == [shown] * 3
        assert ranking_rows.signed(-value, decimals) == f"−{shown}"
    assert report_page.shown(2.675) == "2.68"  # the decimal value, not that of its bits


def test_of_one_metric_there_are_no_other_weights_and_large_shares_have_two_decimals():
    row = {"rank": 1, "cluster_id": "a", "cluster": "A", "economies": "FR", "score_pct": Decimal("31.494")}
    row |= {"rank_low": 1, "rank_high": 2, "rank_low_places": 1, "rank_high_places": 3}
    row |= {"weights_best": 1, "weights_worst": 1, "deals_share_pct": Decimal("31.494"), "patents_share_pct": None}
    shown = {count: ranking_rows.rows([row], ("deals", "patents")[:count], {}, {}, words("en"))[0] for count in (1, 2)}
    assert (shown[1].shares_text, shown[1].intervals) == ("31.49", "1 2 1 3")
    assert (shown[2].shares_text, shown[2].intervals) == ("31.49 0", "1 2 1 3 1 1")


def test_pages_of_one_metric_do_not_speak_of_other_weights(tmp_path, demo):
    text = [page.read_text("utf-8") for page in (demo / "2025/site/cluster").glob("*.html")]
    assert all(re.search(r"Other weights (could|leave it at rank \d+\.)", page) for page in text)
    assert not any(re.search(r"anywhere from (\d+) to \1\.", page) for page in text)
    (tmp_path / "world").mkdir()
    edition = run(world(tmp_path / "world"), tmp_path / "out")
    pages = [*(edition.folder / "site/cluster").glob("*.html"), edition.folder / "site/robustness.html"]
    assert len(pages) > 1
    assert not any("ther weights" in page.read_text("utf-8") for page in pages)
    assert "ther weights" in (demo / "2025/site/robustness.html").read_text("utf-8")


def test_the_list_of_one_metric_does_not_speak_of_published_weights(tmp_path, demo, browser):
    (tmp_path / "world").mkdir()
    edition = run(world(tmp_path / "world"), tmp_path / "out")
    page = browser.new_page()
    notes = []
    for folder in (edition.folder, demo / "2025"):
        page.goto((folder / "site/index.html").absolute().as_uri())
        page.locator("tbody tr:not(.pad)").first.wait_for()
        notes.append(page.locator("#count").inner_text())
    page.close()
    assert notes == ["", "Published weights."]
