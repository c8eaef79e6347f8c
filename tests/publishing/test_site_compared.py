"""Two editions compared, partners, and how sure the ranks are: what the pages hold is what the tables hold."""

import html
import json
import re
from decimal import Decimal
from itertools import islice
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.analysis.continuations import absorbed_by
from hubrank.analysis.equal_scores import moved_among_equals
from hubrank.publishing import page_words
from hubrank.publishing.robustness import groups
from hubrank.publishing.site import (
    changes,
    cluster_page,
    cluster_profile,
    comparison_page,
    documentation,
    index_page,
    report_page,
    robustness_page,
    site_content,
    whiskers,
)
from hubrank.publishing.site.cluster_profile import _says_something
from hubrank.publishing.site.ranking_rows import signed
from hubrank.publishing.site.site_content import SiteContent
from hubrank.ranking.tables.profiles import NONE
from hubrank.study.study_file import parse
from publishing import made_sites

ENGLISH = page_words.words("en")
NAMED = {"cluster": "Philadelphia, PA", "cluster_before": "Philadelphia, PA"}


def rows_of(page):
    """Return, per row of the page's table, its id and the exact values of its cells."""
    rows = {}
    for key, row in re.findall(r'<tr data-id="([^"]*)"[^>]*>(.*?)</tr>', page, re.DOTALL):
        cells = re.findall(r'<t[dh][^>]*?(?: data-v="([^"]*)")?>(.*?)</t[dh]>', row, re.DOTALL)
        rows[key] = [html.unescape(exact or re.sub("<[^>]*>", "", shown)) for exact, shown in cells]
    return rows


def test_the_page_holds_every_cell_of_the_comparison(demo, explorer):
    shown = rows_of((explorer / "moved.html").read_text("utf-8"))
    table = pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()
    assert len(shown) == len(table) == 237
    for row in table:
        rank, name, since, score, *numbers = shown[row["cluster_id"]]
        assert score == f"{row['score_before_pct']:.2f} → {row['score_pct']:.2f}", "deals count since: no difference"
        assert since == str(row["move"]), "what the column sorts by"
        assert rank == str(row["rank"])
        assert name.startswith(row["cluster"])
        assert numbers == [str(row[column]) for column in comparison_page.NUMBERS], row["cluster_id"]


def test_the_share_of_the_largest_organisation_says_of_what_it_is():
    content = SimpleNamespace(words=ENGLISH, study=SimpleNamespace(labels={}))
    leader = {"leader": "A works", "leader_share_pct": Decimal("10.9"), "one_organisation": False}
    figures = cluster_page._figures(content, {}, None, leader)
    assert figures == [("largest organisation", "A works (10.9\xa0% of the score of the cluster)")]


def test_half_of_nine_records_is_not_called_half_of_the_cluster():
    content = SimpleNamespace(words=ENGLISH, study=SimpleNamespace(labels={}, metrics=("patents", "deals")))
    leader = {"leader": "A works", "leader_share_pct": Decimal(90), "one_organisation": True}
    shown = [
        cluster_page._figures(content, {"patents": Decimal(patents), "deals": None}, None, leader)[0][1]
        for patents in ("9.5", "10")
    ]
    assert [text.endswith("at least half of the cluster") for text in shown] == [False, True]


def test_a_rank_within_an_economy_says_what_counts_leave_open():
    rows = [("FR", 1, 1, 2, "paris"), ("FR", 2, 1, 2, "lyon"), ("CH", 1, 1, 1, "basel")]
    columns = ("economy", "economy_rank", "economy_rank_low", "economy_rank_high", "cluster_id")
    of_table = [dict(zip(columns, row, strict=True)) for row in rows]
    content = SimpleNamespace(words=ENGLISH, rows_of={"economy_ranks": of_table}.get)
    assert cluster_page._economy_ranks(content) == {
        "paris": [("rank in France (interval by counts alone)", "1 (1–2) of 2")],
        "lyon": [("rank in France (interval by counts alone)", "2 (1–2) of 2")],
    }, "one alone has no rank to state"
    content = SimpleNamespace(words=ENGLISH, rows_of={"economy_ranks": of_table[:2]}.get)
    assert not cluster_page._economy_ranks(content), "of a ranking of one economy it is the rank"


def test_windows_and_the_threshold_that_follows_from_records_are_no_change_of_method():
    def manifest(last, radius_km, threshold):
        study = {"sources": [], "windows": {"patents": [2018, last]}, "clusters": {"radius_km": radius_km}}
        return {"study": study, "threshold_listings": threshold, "threshold_ppm": 1000}

    def differences(*pair):
        content = SimpleNamespace(previous=pair[0], manifest=pair[1], words=ENGLISH)
        return [(old, new) for _, old, new in comparison_page._differences(content)]

    assert differences(manifest(2022, 15, 80), manifest(2023, 15, 90)) == []
    assert differences(manifest(2022, 15, 80), manifest(2023, 20, 90)) == [("15", "20")]


def test_a_line_runs_from_the_published_rank_over_the_one_by_this_method_to_the_current_rank(demo, explorer):
    page = (explorer / "moved.html").read_text("utf-8")
    groups_ = re.findall(r'<g class="slope (\w+)"><title>(.*?)</title>(.*?)</g>', page)
    table = pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()
    shown = [row for row in table if min(row["rank"], row["rank_before"]) <= comparison_page.SHOWN]
    assert len(groups_) == len(shown) > 30
    for (way, name, marks), row in zip(groups_, shown, strict=True):
        heights = [int(y) for y in re.findall(r'cy="(\d+)"', marks)]
        ranks = [(y - comparison_page.HEAD + comparison_page.ROW // 2) / comparison_page.ROW for y in heights]
        of_row = [row[column] for column in ("rank_before", "previous_rank", "rank")]
        first = comparison_page.SHOWN
        assert [min(rank, first + 1) for rank in ranks] == [min(rank, first + 1) for rank in of_row]
        assert html.unescape(name) == row["cluster"]
        assert way == ("up" if row["move"] > 0 else "down" if row["move"] < 0 else "same")


def test_the_page_lists_what_of_the_method_is_new(explorer):
    page = (explorer / "moved.html").read_text("utf-8")
    assert "<li>weights: deals 0, patents 1, publications 1 → deals 1, patents 1, publications 1</li>" in page
    assert "radius" not in re.sub(
        "<[^>]*>", "", page.partition("Settings that differ")[2].partition("</ul>")[0]
    ).replace("within the radius", "")


def test_the_sentences_of_the_brief_on_what_moved_stand_on_the_page(demo, explorer):
    page = html.unescape((explorer / "moved.html").read_text("utf-8"))
    brief = json.loads((demo / "2025/brief.json").read_text("utf-8"))
    every = {each["key"]: each["parts"] for section in brief["sections"] for each in section["sentences"]}
    texts = {
        key: "".join(part if isinstance(part, str) else part["shown"] for part in parts) for key, parts in every.items()
    }
    moved = [key for key in texts if key.startswith("movers.")]
    assert len(moved) > 3
    assert all(texts[key] in page for key in [*moved, "lead.taken"])
    assert texts["lead.first"] not in page, "who is first is no move"
    assert page.index(texts[moved[0]]) < page.index(texts["lead.taken"])


def lost(**values):
    empty = dict.fromkeys((*comparison_page.NUMBERS, "rank", "score_pct", "score_before_pct", "cluster_before"))
    return {"cluster_id": "a", "cluster": "A", "economies": "FR", **empty, **values}


def test_a_cluster_that_is_gone_has_no_rank_and_a_line_that_ends(tmp_path):
    table = pa.Table.from_pylist([lost(kind="gone", rank_before=2, score_before_pct=Decimal("0.5")), lost(kind="new")])
    manifest = {"study": {"edition": "2", "sources": [{"metric": "patents"}]}, "threshold_listings": 3, "metrics": {}}
    tables = {"comparison": table, "ranking": table}
    content = SiteContent(tmp_path, tables, {}, {}, manifest, manifest, None, [], ENGLISH)
    shown = comparison_page.values(content)
    gone, new = shown["moves"]
    assert (gone.rank, gone.kind, new.numbers[3].shown) == (None, "gone", "")
    (line,) = shown["lines"]
    assert (line.points, line.before, line.label) == (((9, 63),), "2", "")


def test_an_edition_without_an_earlier_one_has_no_page_on_what_moved(demo):
    site = demo / "2024" / "site"
    assert not (site / "moved.html").exists()
    assert "moved.html" not in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("row", "new", "expected"),
    [
        (
            {"rank_before": 21, "move": 13, "method": 13, "data": 0, "boundary": 0},
            ["deals"],
            "▲ from 21: deals now count",
        ),
        (
            {"rank_before": 5, "move": -2, "method": 1, "data": -1, "boundary": -2},
            [],
            "▼ from 5: new boundaries or clusters, new records; against it: new method",
        ),
        ({"rank_before": 5, "move": 0, "method": 1, "data": -1, "boundary": 0}, [], "same rank as 2024"),
        ({"rank_before": None, "move": None, "kind": "re-entered"}, [], "re-entered since 2024"),
        ({"rank_before": 4, "move": 1, "method": None, "data": None, "boundary": None}, [], "▲ from 4"),
    ],
)
def test_a_change_names_the_causes_that_went_its_way_the_largest_first(row, new, expected):
    assert changes.change(NAMED | row, "2024", new, ENGLISH) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"move": 9, "method": -28, "data": 37},
            "Since 2024 it rose from rank 108 (new records; against it: new method).",
        ),
        ({"move": -4, "method": -4, "data": 0}, "Since 2024 it fell from rank 108 (new method)."),
        ({"move": 4, "method": None, "data": None}, "Since 2024 it rose from rank 108."),
        ({"move": 0, "method": 1, "data": -1}, "It had the same rank in 2024."),
        ({"move": None, "kind": "re-entered"}, "Since 2024: re-entered."),
    ],
)
def test_the_sentence_about_a_move_can_be_printed_as_it_is(row, expected):
    before = None if row["move"] is None else 108
    assert changes.sentence(NAMED | {"rank_before": before, "boundary": 0, **row}, "2024", [], ENGLISH) == expected


def test_a_move_that_may_be_chance_has_an_open_triangle_and_says_so():
    row = NAMED | {"rank_before": 14, "move": 4, "data": 4, "boundary": 0, "method": 0}
    assert changes.change(row, "2019", [], ENGLISH, by_chance=True) == "△ from 14 (may be chance): new records"
    down = row | {"move": -4, "data": -4}
    assert changes.change(down, "2019", [], ENGLISH, by_chance=True) == "▽ from 14 (may be chance): new records"
    row |= {"rank_before_low": 11, "rank_before_high": 27}
    rose = "Since 2019 it rose from rank 14 (new records). In 2019 ranks 11–27 were possible"
    assert changes.sentence(row, "2019", [], ENGLISH) == f"{rose}."
    assert changes.sentence(row, "2019", [], ENGLISH, by_chance=True) == f"{rose}: the move may be chance."


def test_a_cluster_that_continues_one_of_another_name_had_its_rank_under_that_name():
    absorbed = [{"cluster": "Philadelphia, PA", "rank_before": 23}]
    row = NAMED | {"cluster_before": "Malvern, PA", "rank_before": 17, "move": 5, "data": 0, "boundary": 5, "method": 0}
    why = "new boundaries or clusters"
    for merged, then, ended in (
        ([], "then called Malvern, PA", "."),
        (absorbed, "then called Malvern, PA, with Philadelphia, PA (23)", ", with Philadelphia, PA (rank 23)."),
    ):
        assert changes.change(row, "2019", [], ENGLISH, merged=merged) == f"▲ from 17, {then}: {why}"
        stated = f"It continues Malvern, PA, which had rank 17 in 2019{ended}"
        assert changes.sentence(row, "2019", [], ENGLISH, merged=merged) == f"{stated} What moved it: {why}."
        shown = changes.change(row, "2019", [], ENGLISH, merged=merged, by_chance=True)
        assert shown == f"△ from 17 (may be chance), {then}: {why}", "what is cut on a phone is not the doubt"
        same = row | {"move": 0, "boundary": 0}
        assert changes.change(same, "2019", [], ENGLISH, merged=merged) == f"same rank as 2019, {then}"
        assert changes.sentence(same, "2019", [], ENGLISH, merged=merged) == stated


def test_a_new_cluster_was_none_of_its_own_before():
    row = {"rank_before": None, "move": None, "kind": "new"}
    assert changes.change(row, "2019", [], ENGLISH) == "new: no cluster of its own in 2019"
    assert changes.sentence(row, "2019", [], ENGLISH) == (
        "In 2019 it was no cluster of its own: its places were below the threshold, or parts of other clusters."
    )
    areas = page_words.words("en", areas=True)
    assert changes.change(row, "2019", [], areas) == "new: no listing in 2019"


def test_scores_of_both_editions_have_a_difference_where_they_are_sums_of_the_same_shares():
    row = {"rank": 1, "score_pct": Decimal("28.412579"), "score_before_pct": Decimal("40.486726")}
    same, other = (
        SimpleNamespace(words=ENGLISH, has_same_weights=has, editions={"earlier": "2019", "later": "2025"})
        for has in (True, False)
    )
    shown = comparison_page.score_shown(row, same)
    assert (shown.value, shown.shown) == ("-12.074147", "40.49 → 28.41 (−12.07)")
    assert comparison_page.score_shown(row, other).shown == "40.49 → 28.41"
    assert comparison_page.score_shown(row | {"score_before_pct": None}, same).shown == ""
    assert cluster_page._scores(row, same) == [("score 2019 → 2025", "40.49 → 28.41 (−12.07)")]


def test_what_a_cluster_absorbed_is_listed_by_its_earlier_rank():
    columns = ("rank", "cluster_id", "kind", "rank_before", "kin")
    rows = [
        dict(zip(columns, row, strict=True))
        for row in (
            (1, "a", "joined", 2, ["a", "c", "d"]),
            (2, "b", "kept", 1, ["b"]),
            (None, "d", "absorbed", 9, ["a"]),
            (None, "c", "absorbed", 4, ["a", "b"]),
            (None, "e", "gone", 5, []),
        )
    ]
    assert {key: [row["cluster_id"] for row in of] for key, of in absorbed_by(rows).items()} == {"a": ["c", "d"]}


def test_the_first_line_and_the_feed_name_no_move_that_may_be_chance(tmp_path):
    columns = ("rank", "cluster_id", "cluster", "score_pct", "rank_before", "move", "rank_low", "rank_high")
    rows = [
        dict(zip(columns, row, strict=True))
        for row in (
            (1, "a", "A", Decimal(9), 1, 0, 1, 1),
            (2, "b", "B", Decimal(8), 9, 7, 2, 9),
            (3, "c", "C", Decimal(7), 5, 2, 2, 4),
        )
    ]
    table = pa.Table.from_pylist(rows)
    manifest = {"study": {"edition": "2", "sources": []}}
    content = SiteContent(tmp_path, {"comparison": table, "ranking": table}, {}, {}, manifest, None, None, [], ENGLISH)
    assert [row["cluster"] for row in content.moved] == ["C"]
    assert index_page.headline(content) == ["C 5 → 3."]


def test_clusters_of_equal_scores_have_not_moved_past_each_other():
    row = NAMED | {"rank": 2, "rank_before": 3, "move": 1, "data": 1, "boundary": 0, "method": 0}
    assert changes.change(row, "2024", [], ENGLISH, among_equals=True) == "= from 3: equal scores"
    assert changes.sentence(row, "2024", [], ENGLISH, among_equals=True).startswith("It had rank 3 in 2024, and shares")
    three = [{"cluster_id": name, "rank": rank, "rank_before": before, "score_pct": score, "move": before - rank}
             for name, rank, before, score in (("a", 1, 1, 9), ("b", 2, 3, 8), ("c", 3, 2, 8))]  # fmt: skip
    assert moved_among_equals(three) == {"b", "c"}
    assert moved_among_equals([{**three[1], "rank_before": 4}, three[2]]) == {"c"}
    assert moved_among_equals([{**row, "score_pct": None} for row in three]) == set()


@pytest.mark.parametrize(("cause", "words"), [("places", "places located otherwise"), ("records", "new records")])
def test_the_same_records_located_otherwise_are_not_called_new(cause, words):
    row = NAMED | {"rank_before": 6, "move": 1, "data": 1, "boundary": 0, "method": 0}
    assert changes.change(row, "2024", [], ENGLISH, cause) == f"▲ from 6: {words}"


def test_a_metric_counts_anew_where_it_had_no_weight():
    def study(weights):
        sources = [{"metric": name, "reader": "table", "files": "x.csv"} for name in ("patents", "deals")]
        raw = {
            "title": "A",
            "edition": "1",
            "sources": sources,
            "clusters": {"min_listings": 3},
            "ranking": {"weights": weights},
        }
        return parse(raw, "study.toml", with_files=False)

    before, after = study({"patents": 1, "deals": 0}), study({"patents": 1, "deals": 1})
    assert changes.metrics_that_count_now(after, before) == ["deals"]
    assert changes.metrics_that_count_now(before, after) == []


def test_a_portrait_says_what_counts_and_what_methods_leave_open_as_two_things(demo, explorer):
    rows = pq.read_table(demo / "2025/tables/robustness.parquet").to_pylist()
    both = [row for row in rows if row["tied_with_next"] and row["firm"]]
    assert both
    for row in both:
        page = html.unescape((explorer / "cluster" / f"{row['cluster_id']}.html").read_text("utf-8"))
        stated = re.search(r"<p>([^<]*do not tell it[^<]*)</p>", page)[1]
        assert "In a stricter test, of all pairs at once, counts do not tell it from " in stated
        assert "By method firm: no single choice moves it by more than one rank." in stated
        assert "within half the radius of its cores" in page


def test_a_portrait_names_ranks_before_and_after_that_counts_do_not_distinguish_or_none(demo):
    tables, shapes, manifest, _ = made_sites.parts(demo)
    until = {1: 1, 2: 3, 3: 5, 4: 5, 5: 5, 6: 6, 7: 9, 8: 10, 9: 10}
    rows = tables["robustness"].to_pylist()
    changed = [row | {"tied_until": until.get(row["rank"], row["rank"])} for row in rows]
    tables["robustness"] = pa.Table.from_pylist(changed, tables["robustness"].schema)
    pages = islice(cluster_page.pages(site_content.gather_content(demo / "2025", tables, shapes, manifest)), 11)
    sentences = [re.search(r"do not tell it from ([^:<]*):", page.decode()) for _, page in pages]
    assert [each and each[1] for each in sentences] == [
        None,
        "rank 3",
        "the other ranks from 2 to 5",
        *["the other ranks from 3 to 5"] * 2,
        None,
        "the other ranks from 7 to 9",
        *["the other ranks from 7 to 10"] * 2,
        "the other ranks from 8 to 10",
        None,
    ]


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (3, 0, "+3"),
        (-1234, 0, "−1,234"),
        (0, 0, "0"),
        (Decimal("-0.001"), 2, "0.00"),
        (Decimal("0.126"), 2, "+0.13"),
        (Decimal("-0.125"), 2, "−0.13"),
    ],
)
def test_a_difference_has_its_sign_and_nothing_has_none(value, decimals, shown):
    assert signed(value, decimals) == report_page.shown(value, signed=True) == shown


def test_the_largest_organisation_is_that_of_the_metrics_that_name_organisations(demo):
    tables, shapes, manifest, _ = made_sites.parts(demo)
    pages = {}
    for without in ([], ["publications"], ["publications", "patents"]):
        rows = tables["concentration"].to_pylist()
        less = [row | ({"organisations": 0} if row["metric"] in without else {}) for row in rows]
        changed = tables | {"concentration": pa.Table.from_pylist(less, tables["concentration"].schema)}
        content = site_content.gather_content(demo / "2025", changed, shapes, manifest)
        pages[len(without)] = next(cluster_page.pages(content))[1].decode()
    shown = [re.findall("<dt>largest organisation([^<]*)</dt>", page) for page in pages.values()]
    labels = content.labels
    assert shown == [[""], [f" ({labels['patents']}, {labels['deals']})"], [f" ({labels['deals']})"]]


def test_people_of_cities_that_the_ground_cannot_hold_stand_without_its_area(demo):
    tables, shapes, manifest, _ = made_sites.parts(demo)
    content = site_content.gather_content(demo / "2025", tables, shapes, manifest)
    for people, names in ((1_000_000, ["area of the cluster", "people of the cities in it (GeoNames)"]),
                          (9_000_000, ["people of the cities in it (GeoNames)"])):  # fmt: skip
        figures = cluster_page._figures(content, {"city_people": people}, Decimal(177), None)
        assert [name for name, _ in figures] == names


def test_the_parts_of_a_move_on_a_portrait_are_those_of_the_table(demo, explorer):
    for row in pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()[:40]:
        page = (explorer / "cluster" / f"{row['cluster_id']}.html").read_text("utf-8")
        shown = re.findall(r"<dt>(new method|new records|new boundaries or clusters)</dt><dd>(\S+)</dd>", page)
        assert [value for _, value in shown] == [signed(row[name]) for name in changes.CAUSES]


def test_clusters_that_leave_or_enter_the_first_ranks_have_a_row_of_the_chart_each(demo, explorer):
    rows = pq.read_table(demo / "2025/tables/comparison.parquet").to_pylist()
    of_chart = [row for row in rows if any((row[name] or 99) <= 30 for name in ("rank", "rank_before"))]
    page = html.unescape((explorer / "moved.html").read_text("utf-8"))
    labels = re.findall(r'<text class="whole"[^>]* y="(\d+)">(\d+) ([^<]+)</text>', page)
    expected = {(row["rank"], row["cluster"]) for row in of_chart if row["rank"] is not None}
    assert {(int(rank), name) for _, rank, name in labels} == expected
    assert max(rank for rank, _ in expected) > 30, "some left the first 30"
    by_height = sorted(labels, key=lambda label: int(label[0]))
    assert [int(rank) for _, rank, _ in by_height] == sorted(rank for rank, _ in expected)
    assert len({height for height, *_ in labels}) == len(labels), "no two at one height"
    gone = re.findall(r'<text class="gone"[^>]*>([^<]+)</text>', page)
    assert sorted(gone) == sorted(row["cluster"] for row in of_chart if row["rank"] is None)


def test_partners_are_those_of_the_links(demo, explorer):
    links = pq.read_table(demo / "2025/tables/links.parquet").to_pylist()
    key = "tokyo-yokohama-jp"
    shared = {}
    for row in links:
        if key in (row["cluster_a"], row["cluster_b"]):
            other = row["cluster_b"] if row["cluster_a"] == key else row["cluster_a"]
            shared[other] = shared.get(other, 0) + row["records"]
    page = (explorer / "cluster" / f"{key}.html").read_text("utf-8")
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    expected = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[: cluster_page.MOST_PARTNERS]
    listed = re.findall(r'<li><a href="([^"]+)\.html">', page[page.index("<h2>Partners") :])
    assert listed == [other for other, _ in expected]
    assert json.loads(text)["partners"] == [list(pair) for pair in expected[: cluster_page.ON_MAP]]


def test_the_rank_in_a_metric_is_one_more_than_those_with_more(demo, explorer):
    measures = pq.read_table(demo / "2025/tables/measures.parquet").to_pylist()
    units = {(row["cluster_id"], row["metric"]): row["units"] for row in measures}
    for key in ("london-gb", "abuja-ng"):
        page = (explorer / "cluster" / f"{key}.html").read_text("utf-8")
        shown = [int(rank) for rank in re.findall(r"%\) rank (\d+)</span>", page)]
        expected = [
            1 + sum(row["metric"] == metric and row["units"] > units[key, metric] for row in measures)
            for metric in ("patents", "publications", "deals")
            if units[key, metric]
        ]
        assert shown == expected


def test_nothing_has_no_rank_and_a_list_of_nothing_but_none_is_left_out():
    measures = [("here", 5), ("there", 0), ("yonder", 0), ("beyond", 7)]
    rows = [{"cluster_id": key, "metric": "deals", "units": units} for key, units in measures]
    content = SimpleNamespace(study=SimpleNamespace(metrics=("deals",)), rows_of=lambda _: rows)
    assert cluster_page.metric_ranks(content) == {("beyond", "deals"): 1, ("here", "deals"): 2}
    item = {"share_pct": Decimal(100), "rank_in_cluster": 1}
    lists = {
        ("here", "deals", "field"): [item | {"name": NONE}],
        ("here", "deals", "organisation"): [item | {"name": "A"}],
    }
    assert [kind for kind, _ in cluster_profile._lists(lists, "here", "deals")] == ["organisation"]


def test_pages_say_in_their_language_what_records_of_a_list_do_not_name():
    parts = [("A", 70), (NONE, 30)]
    items = [{"name": name, "share_pct": Decimal(share), "rank_in_cluster": n} for n, (name, share) in enumerate(parts)]
    lists = {("here", "deals", "organisation"): items}
    ((_, shown),) = cluster_profile._lists(
        lists, "here", "deals", unnamed=page_words.words("fr").say("profiles.unnamed")
    )
    assert [name for name, *_ in shown] == ["A", "non précisé"]


def test_lists_of_dust_are_left_out():
    assert _says_something([Decimal(5), Decimal(2)])
    assert _says_something([Decimal(60)])
    assert not _says_something([Decimal("0.9"), Decimal("0.5")])
    assert not _says_something([Decimal(2), Decimal(2)])
    assert not _says_something([])


def test_whiskers_lie_on_a_log_axis_and_name_every_kind_of_doubt():
    row = {"rank": 8, "rank_low": 8, "rank_high": 9, "rank_low_places": 7, "rank_high_places": 10, "weights_best": 1}
    row |= {"weights_worst": 100, "method_best": 8, "method_worst": 8, "without_field": 12, "without_year": 7}
    shown = whiskers.whiskers(row, 100)
    assert [(each.kind, each.shown) for each in shown] == [
        *(("counts", "8–9"), ("places", "7–10"), ("weights", "1–100"), ("method", "8"), ("parts", "7–12")),
    ]
    assert (shown[2].left, shown[2].width) == (0.0, 100.0)
    assert whiskers.position(10, 100) == 50.0
    assert [rank for rank, *_ in whiskers.ticks(237)] == [1, 2, 5, 10, 20, 50, 100, 237]
    assert [rank for rank, _, narrow in whiskers.ticks(237) if narrow] == [1, 10, 237]
    assert [rank for rank, *_ in whiskers.ticks(110)] == [1, 2, 5, 10, 20, 50, 110], "100 would touch 110"
    assert whiskers.ticks(1) == [(1, 0.0, True)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"rank": 8, "rank_low": 8, "rank_high": 9},
            "Chance in the counts leaves ranks 8–9 possible (90 % confidence).",
        ),
        (
            {"rank": 3, "rank_low": 3, "rank_high": 3},
            "Chance in the counts leaves only rank 3 possible (90 % confidence).",
        ),
        (
            {"rank": 8, "rank_low": 8, "rank_high": 8, "rank_low_places": 7, "rank_high_places": 9},
            "Chance in the counts and doubts about places leave ranks 7–9 possible (90 % confidence).",
        ),
        (None, ""),
    ],
)
def test_an_interval_says_what_it_rests_on(row, expected):
    assert whiskers.open_ranks(row, "90 %", ENGLISH) == expected


@pytest.mark.parametrize(
    ("until", "expected"), [([3, 3, 3, 4], [(1, 3)]), ([2, 3, 3, 4], [(1, 2), (2, 3)]), ([1, 2, 3, 4], [])]
)
def test_groups_that_are_not_distinguishable_may_overlap_but_none_is_part_of_another(until, expected):
    assert groups(until) == expected


def test_an_edition_of_one_cluster_is_not_called_one_of_1_places(demo):
    tables, shapes, manifest, previous = made_sites.one(demo)
    content = site_content.gather_content(demo / "2025", tables, shapes, manifest, previous=previous)
    assert content.lead.startswith("One cluster by ")
    assert index_page.described(content).startswith("One cluster by ")


def test_a_narrow_screen_lists_the_columns_of_a_wider_one_as_they_are_called(demo):
    tables, shapes, manifest, _ = made_sites.parts(demo)
    content = site_content.gather_content(demo / "2025", tables, shapes, manifest)
    expected = "counts; counts, all ranks at once; other weights; other methods; depends on the choice of"
    assert robustness_page.values(content)["hidden"] == expected


def test_every_interval_stands_on_the_page_on_how_sure_ranks_are(demo, explorer):
    page = (explorer / "robustness.html").read_text("utf-8")
    shown = {
        key: re.findall(r'<td class="n[^"]*" data-v="\d*">([^<]*)</td>', row)
        for key, row in re.findall(r'<tr data-id="([^"]*)"[^>]*>(.*?)</tr>', page, re.DOTALL)
    }
    robustness = pq.read_table(demo / "2025/tables/robustness.parquet").to_pylist()
    ranges = (("rank_low", "rank_high"), ("rank_low_places", "rank_high_places"))
    ranges += (("simultaneous_low", "simultaneous_high"), ("weights_best", "weights_worst"))
    ranges += (("method_best", "method_worst"),)
    for row in robustness:
        expected = [str(row[low]) if row[low] == row[high] else f"{row[low]}–{row[high]}" for low, high in ranges]
        assert shown[row["cluster_id"]] == expected


def test_the_choice_that_decides_a_rank_is_named():
    row = {"decisive_choice": "radius", "decisive_move": 7}
    assert whiskers.decisive_choice(row, ENGLISH) == "Depends on the choice of radius: up to 7 ranks."
    assert whiskers.decisive_choice(row, ENGLISH, short=True) == "radius: up to 7 ranks"
    row = {"decisive_choice": "merging", "decisive_move": None}
    assert whiskers.decisive_choice(row, ENGLISH, short=True) == "merging: another one splits, absorbs or loses it"
    expected = "Depends on the choice of merging: another one splits, absorbs or loses the cluster."
    assert whiskers.decisive_choice(row, ENGLISH) == expected
    assert whiskers.decisive_choice({"decisive_choice": None, "decisive_move": None}, ENGLISH) == ""


def test_one_company_clusters_are_marked(demo, explorer):
    rows = pq.read_table(demo / "2025/tables/concentration.parquet").to_pylist()
    marked = {row["cluster_id"] for row in rows if row["metric"] == "all" and row["one_organisation"]}
    assert marked
    for path in (explorer / "cluster").glob("*.html"):
        assert ("at least half of the cluster" in path.read_text("utf-8")) == (path.stem in marked), path.name


def test_notes_of_the_sources_stand_on_the_pages_and_every_file_is_linked(demo, explorer):
    data, method = ((explorer / f"{name}.html").read_text("utf-8") for name in ("data", "method"))
    for page in (data, method):
        assert "entered the United States national phase" in page
    linked = re.findall(r'href="\.\./([^"]+)"', data)
    assert {"ranking.csv", "ranking.xlsx", "clusters.geojson", "datapackage.json", "tables/fields.parquet"} <= set(
        linked
    )
    assert "tables/located.parquet" not in linked
    assert [name for name in linked if not (demo / "2025" / name).exists()] == []


def test_linked_data_of_the_page_is_the_catalogues_with_files_seen_from_the_page(demo, explorer):
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
