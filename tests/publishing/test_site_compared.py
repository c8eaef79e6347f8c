"""Two editions side by side, partners on the map, and how sure the ranks are."""

import html
import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core.sphere import to_e7, unit_vectors
from hubrank.publishing.robustness import groups
from hubrank.publishing.site import (
    cluster_figures,
    comparison_page,
    documentation,
    page_words,
    partner_map,
    robustness_page,
)
from hubrank.publishing.site.partner_map import PartnerLines, great_circles
from hubrank.publishing.site.site_content import SiteContent

ENGLISH = page_words.words("en")


def rows_of(page):
    """Return, per row of the page's table, its id and the exact values of its cells."""
    rows = {}
    for key, row in re.findall(r'<tr data-id="([^"]*)">(.*?)</tr>', page, re.DOTALL):
        cells = re.findall(r'<t[dh][^>]*?(?: data-v="([^"]*)")?>(.*?)</t[dh]>', row, re.DOTALL)
        rows[key] = [html.unescape(exact or re.sub("<[^>]*>", "", shown)) for exact, shown in cells]
    return rows


def test_the_page_holds_every_cell_of_the_comparison(demo, explorer):
    page = (explorer / "compare.html").read_text("utf-8")
    headings = re.findall(r'data-sort="(\w+)"', page)
    shown = rows_of(page)
    table = pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()
    assert len(shown) == len(table) == 237
    for row in table:
        cells = dict(zip(headings, shown[row["cluster_id"]], strict=True))
        for name in (*comparison_page.NUMBERS, "rank", "score_pct", "score_before_pct", "cluster"):
            assert cells[name] == str(row[name]), (row["cluster_id"], name)


def test_a_line_runs_from_the_published_rank_over_the_one_by_this_method_to_the_current_rank(demo, explorer):
    page = (explorer / "compare.html").read_text("utf-8")
    lines = dict(re.findall(r'<g class="slope \w+" data-id="([^"]*)">.*?<path d="([^"]*)"', page))
    for row in pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist():
        heights = [float(y) for y in re.findall(r"[ML]\d+ (\d+)", lines[row["cluster_id"]])]
        ranks = [(y - comparison_page.HEAD + comparison_page.ROW / 2) / comparison_page.ROW for y in heights]
        assert ranks == [row["rank_before"], row["previous_rank"], row["rank"]]


def test_the_page_lists_what_of_the_method_is_new(explorer):
    page = (explorer / "compare.html").read_text("utf-8")
    assert '<th scope="row">[ranking] weights</th><td>deals 0, patents 1, publications 1</td>' in page
    assert "[clusters] radius_km" not in page


def lost(**values):
    empty = dict.fromkeys((*comparison_page.NUMBERS, "rank", "score_pct", "score_before_pct", "cluster_before"))
    return {"cluster_id": "a", "cluster": "A", "economies": "FR", **empty, **values}


def test_a_cluster_that_is_gone_has_no_link_and_a_line_that_ends():
    table = pa.Table.from_pylist([lost(kind="gone", rank_before=2, score_before_pct=Decimal("0.5")), lost(kind="new")])
    manifest = {"study": {"edition": "2"}, "threshold_listings": 3}
    tables = {"comparison": table, "ranking": table}
    content = SiteContent(None, tables, {}, {}, manifest, manifest, None, [], ENGLISH)
    gone, new = comparison_page.values(content)["moves"]
    assert (gone.linked, gone.kind, gone.line.spots, gone.line.right) == (False, "gone", ((300, 74),), (0, ""))
    assert (new.line.spots, new.numbers[3].shown) == ((), "–")


def test_an_edition_without_an_earlier_one_has_no_page_of_comparison(demo):
    site = demo / "2024" / "site"
    assert not (site / "compare.html").exists()
    assert "compare.html" not in (site / "index.html").read_text("utf-8")


def test_the_parts_of_a_move_on_a_cluster_page_are_those_of_the_table(demo, explorer):
    for row in pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()[:40]:
        page = (explorer / "cluster" / f"{row['cluster_id']}.html").read_text("utf-8")
        parts = re.findall(r"<dt>due to (?:new records|changed outlines|the new method)</dt><dd>(\S+) ranks", page)
        assert parts == [comparison_page.signed(row[name]) for name in ("data", "boundary", "method")]


def test_a_great_circle_is_the_shortest_way():
    (way,) = great_circles((114.0, 22.5), [(-122.0, 37.4)])
    spots = unit_vectors(to_e7(way[:, 1]), to_e7(way[:, 0]))
    steps = np.arccos(np.clip(np.sum(spots[1:] * spots[:-1], axis=1), -1, 1))
    whole = np.arccos(spots[0] @ spots[-1])
    np.testing.assert_allclose(steps.sum(), whole, rtol=1e-6)
    np.testing.assert_allclose(way[[0, -1]], [[114.0, 22.5], [-122.0, 37.4]], atol=1e-6)


def test_a_line_over_the_antimeridian_is_cut_there():
    places = pa.table({"cluster_id": ["a", "b", "c"], "lon": [170.0, -170.0, 171.0], "lat": [0.0, 0.0, 1.0]})
    links = pa.table({"cluster_a": ["a", "a", "a"], "cluster_b": ["b", "b", "c"], "records": [3, 1, 1]})
    strands = PartnerLines(links, places, {"a": "A", "b": "B", "c": "C"}).strands("a")
    assert [(strand.cluster, strand.records) for strand in strands] == [("C", 1), ("B", 4)]
    assert [strand.line.count("M") for strand in strands] == [1, 2]
    assert max(strand.stroke_width for strand in strands) == partner_map.BROADEST


def test_partners_are_those_of_the_links(demo, explorer):
    links = pq.read_table(demo / "2025/tables/links.parquet").to_pylist()
    key = "tokyo-yokohama-jp"
    shared = sum(row["records"] for row in links if key in (row["cluster_a"], row["cluster_b"]))
    page = (explorer / "cluster" / f"{key}.html").read_text("utf-8")
    counts = [int(count.replace(",", "")) for count in re.findall(r": ([\d,]+) shared records</title>", page)]
    assert 0 < sum(counts) <= shared
    assert len(counts) == page.count('class="strand"')


@pytest.mark.parametrize(
    ("until", "expected"), [([3, 3, 3, 4], [(1, 3)]), ([2, 3, 3, 4], [(1, 2), (2, 3)]), ([1, 2, 3, 4], [])]
)
def test_groups_that_are_not_distinguishable_may_overlap_but_none_is_part_of_another(until, expected):
    assert groups(until) == expected


def test_every_interval_stands_on_the_page_of_robustness(demo, explorer):
    page = (explorer / "robustness.html").read_text("utf-8")
    shown = {
        key: re.findall(r'<td class="n" data-v="\d*">([^<]*)</td>', row)
        for key, row in re.findall(r'<tr data-id="([^"]*)">(.*?)</tr>', page, re.DOTALL)
    }
    robustness = pq.read_table(demo / "2025/tables/robustness.parquet").to_pylist()
    ranges = (("rank_low", "rank_high"), ("rank_low_places", "rank_high_places"))
    ranges += (("simultaneous_low", "simultaneous_high"), ("weights_best", "weights_worst"))
    ranges += (("method_best", "method_worst"),)
    for row in robustness:
        assert shown[row["cluster_id"]] == [f"{row[low]}–{row[high]}" for low, high in ranges]


def test_the_choice_that_decides_a_rank_is_named():
    assert (
        robustness_page.decisive_choice({"decisive_choice": "radius", "decisive_move": 7}, ENGLISH)
        == "radius moves it by 7 ranks"
    )
    assert (
        robustness_page.decisive_choice({"decisive_choice": "merging", "decisive_move": None}, ENGLISH)
        == "merging loses it"
    )
    assert robustness_page.decisive_choice({"decisive_choice": None, "decisive_move": None}, ENGLISH) == ""


def test_one_company_clusters_are_marked():
    row = {"patents": Decimal(3), "patents_share_pct": Decimal(1)}
    details = {"leader": "Works", "leader_share_pct": Decimal(60), "one_organisation": True, "area_km2": None}
    figures = dict(cluster_figures.figures(row, details, {"patents": "patents"}, ENGLISH))
    assert figures == {
        "patents": "3.00 (1.00 % of the world)",
        "largest organisation": "Works (60.00 %) – at least half of the cluster",
    }


def test_notes_of_the_sources_stand_on_the_pages_and_every_file_is_linked(demo, explorer):
    sources, limits = ((explorer / f"{name}.html").read_text("utf-8") for name in ("sources", "limits"))
    for page in (sources, limits):
        assert "entered the United States national phase" in page
    linked = re.findall(r'href="\.\./([^"]+)"', sources)
    assert {"ranking.csv", "ranking.xlsx", "clusters.geojson", "datapackage.json", "tables/fields.parquet"} <= set(
        linked
    )
    assert "tables/located.parquet" not in linked
    assert [name for name in linked if not (demo / "2025" / name).exists()] == []


def test_linked_data_of_the_page_is_the_catalogues_with_files_seen_from_the_page(demo, explorer):
    import json

    page = (explorer / "index.html").read_text("utf-8")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    linked, published = json.loads(text), json.loads((demo / "2025/dataset.jsonld").read_text("utf-8"))
    assert linked["@type"] == "Dataset"
    for each, other in zip(linked.pop("distribution"), published.pop("distribution"), strict=True):
        assert each == other | {"contentUrl": f"../{other['contentUrl']}"}
    assert linked == published


def test_every_column_of_every_table_is_described(demo):
    tables = {path.stem: pq.read_table(path) for path in (demo / "2025/tables").glob("*.parquet")}
    described = documentation.tables_described(tables, ("patents", "publications", "deals"))
    assert described[0][0] == "ranking"
    assert [(name, column.name) for name, _, columns in described for column in columns if not column.meaning] == []
