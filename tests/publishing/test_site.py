"""The explorer: what its pages hold is what the edition's tables hold."""

import csv
import gzip
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hubrank
from hubrank import api
from hubrank.core import coastlines
from hubrank.publishing import site
from hubrank.publishing.site import bundle
from hubrank.publishing.site.citations import citations
from hubrank.publishing.site.projection import local, path, world

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
    """Elements by name, rows of the table by heading, and the data block."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.rows, self.heads, self.data = [], [], [], ""
        self._block = self._cell = self._exact = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.elements.append(tag)
        self._block = named.get("id") == "data"
        if tag == "th" and "data-sort" in named:
            self.heads.append(named["data-sort"])
        if tag == "tr" and "data-id" in named:
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append(named.get("data-v", ""))
            self._cell, self._exact = True, "data-v" in named

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data):
        if self._block:
            self.data, self._block = data, False
        if self._cell and not self._exact:
            self.rows[-1][-1] += data


def edition_tables(folder):
    return {path.stem: pq.read_table(path) for path in (folder / "tables").glob("*.parquet")}


def published(folder, out, tables=None):
    shapes = json.loads((folder / "clusters.geojson").read_text("utf-8"))["features"]
    manifest = json.loads((folder / "edition.json").read_text("utf-8"))
    before = json.loads((folder.parent / "2024/edition.json").read_text("utf-8"))
    for name in ("datapackage.json", "dataset.jsonld"):
        shutil.copy(folder / name, out)
    tables = tables or edition_tables(folder)
    geometry = {feature["id"]: feature["geometry"] for feature in shapes}
    site.publish(site.gather_content(out, tables, geometry, manifest, previous=before))
    return out / "site"


def test_the_table_agrees_with_the_ranking_on_every_figure(demo, explorer):
    page = Page((explorer / "index.html").read_text("utf-8"))
    with (demo / "2025/ranking.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row[: len(page.heads)] for row in page.rows] == [[row[name] for name in page.heads] for row in rows]
    assert {"rank", "rank_low", "rank_high", "score_pct", "deals_share_pct"} <= set(page.heads)


def test_the_map_agrees_with_the_ranking_on_every_mark(demo, explorer):
    page = (explorer / "index.html").read_text("utf-8")
    marks = re.findall(
        r'class="mark shade(\d)" data-id="([^"]*)".*?<title>(.*?)</title><circle cx="(-?\d+)" cy="(-?\d+)" r="(\d+)"/>',
        page,
    )
    ranking = pq.read_table(demo / "2025/tables/ranking.parquet").to_pylist()
    where = {row["cluster_id"]: row for row in pq.read_table(demo / "2025/tables/clusters.parquet").to_pylist()}
    best = float(ranking[0]["score_pct"])
    marks_by_cluster = {
        key: (int(shade), html.unescape(title), int(x), int(y), int(r)) for shade, key, title, x, y, r in marks
    }
    assert len(marks) == len(marks_by_cluster) == len(ranking)
    for row in ranking:
        part = (float(row["score_pct"]) / best) ** 0.5
        place = where[row["cluster_id"]]
        ((x, y),) = world().spots([float(place["lon"])], [float(place["lat"])]).tolist()
        shade, title, *spot, radius = marks_by_cluster[row["cluster_id"]]
        assert title == f"{row['rank']} {row['cluster']}"
        assert np.allclose([*spot, radius], [x, y, max(14, 130 * part)], atol=0.51)
        assert shade == min(4, int(part * 5))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
@pytest.mark.parametrize(
    "weights", [(1, 1, 1), (0, 1, 0), ("0.1", "2.9", 3), ("0.3", "0.3", "0.3"), (3, 0, "0.1")], ids=str
)
def test_the_page_ranks_every_cluster_as_python_does(demo, explorer, weights):
    edition = api.Edition(demo / "2025", json.loads((demo / "2025/edition.json").read_text("utf-8")))
    weights_by_metric = dict(zip(edition.metrics, map(str, weights), strict=True))
    expected = edition.rerank(weights_by_metric).select(["cluster_id", "rank", "score_pct"]).to_pylist()
    program = (
        f"import {{ reranker, weightUnits }} from {json.dumps((SCRIPTS / 'reweighting.js').as_uri())};"
        "import { readFileSync } from 'node:fs';"
        "const { data, weights } = JSON.parse(readFileSync(0, 'utf-8'));"
        "console.log(JSON.stringify(reranker(data)(weights.map(weightUnits)).map((r) => [r.id, r.rank, r.score])));"
    )
    program_input = {
        "data": json.loads(Page((explorer / "index.html").read_text("utf-8")).data),
        "weights": list(weights_by_metric.values()),
    }
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", program],
        input=json.dumps(program_input),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [[row["cluster_id"], row["rank"], str(row["score_pct"])] for row in expected]


def test_the_same_edition_gives_the_same_bytes(demo, explorer, tmp_path):
    again = published(demo / "2025", tmp_path)
    names = sorted(path.relative_to(explorer) for path in explorer.rglob("*") if path.is_file())
    assert len(names) > 200
    assert [(again / name).read_bytes() for name in names] == [(explorer / name).read_bytes() for name in names]


def test_the_first_view_is_small(explorer):
    loaded = [explorer / "index.html", *(path for path in (explorer / "assets").iterdir() if path.suffix != ".json")]
    assert sum(path.stat().st_size for path in loaded) < 450_000  # 237 clusters; bench/explorer.py measures 300
    assert sum(len(gzip.compress(path.read_bytes())) for path in loaded) < 150_000


def test_names_are_text_whatever_they_hold(demo, explorer, tmp_path):
    tables = edition_tables(demo / "2025")
    for table, column in (("ranking", "cluster"), ("profiles", "name")):
        names = tables[table][column].to_pylist()
        years = tables[table]["kind"].to_pylist() if table == "profiles" else [""] * len(names)
        hostile = [
            name if kind == "year" else HOSTILE[number % len(HOSTILE)]
            for number, (name, kind) in enumerate(zip(names, years, strict=True))
        ]
        place = tables[table].column_names.index(column)
        tables[table] = tables[table].set_column(place, column, pa.array(hostile))
    out = published(demo / "2025", tmp_path, tables)
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


def test_every_module_is_published_and_no_import_is_left_in_the_one_script():
    script = bundle.script()
    assert {path.name for path in SCRIPTS.glob("*.js")} == set(bundle.MODULES)
    assert "function restrictCounts(" in script
    assert "import " not in script.replace("// ", "")
    assert "export " not in script


def test_land_covers_what_it_covers_on_earth():
    frame = world()
    disc = frame.unit_km**-2 * 4 * np.pi * 6371.0088**2
    assert 0.28 < sum(frame.shape(part.buffer(0)).area for part in coastlines.land()) / disc < 0.30


def test_a_place_is_drawn_where_equal_earth_puts_it():
    x, y = world().spots([0.0, 180.0], [0.0, 0.0]).T
    np.testing.assert_allclose(x, [5000, 10000], atol=1e-6)
    np.testing.assert_allclose(y, world().height / 2, atol=1e-6)


def test_a_local_map_keeps_distances_about_its_middle():
    frame = local(10.0, 50.0, 100.0, 400, 300)
    (spot,) = frame.spots([10.0], [50.0 + 50 / 111.195])
    np.testing.assert_allclose(spot, [200, 150 - 50 / frame.unit_km], atol=0.01)


def test_a_path_of_steps_ends_where_it_began():
    from shapely.geometry import box

    assert path(box(0, 0, 10, 5)) == "M10 0l0 5-10 0 0-5z"


def test_a_citation_holds_no_mark_of_its_format():
    manifest = {"study": {"title": "A {b} 50 % \n\u2028c", "edition": "2025"}, "note": ""}
    texts = citations(manifest, "X\\}", "x")
    assert texts["BibTeX"].startswith("@misc{hubrank-2025-x,\n  title = {X, in: A b 50 \\%  c},\n")
    assert json.loads(texts["CSL"])[0]["version"] == "2025"
    assert [line[:6] for line in texts["RIS"].splitlines()] == ["TY  - ", "TI  - ", "ET  - ", "PB  - ", "ER  - "]
