"""robustness.md says what its tables say."""

import re
from decimal import Decimal

import matplotlib as mpl
import pyarrow as pa

from hubrank.analysis.equal_scores import of_equal_score
from hubrank.analysis.robustness.summary import moves, summary
from hubrank.publishing import rank_charts
from hubrank.publishing.robustness import page, publish
from hubrank.ranking import rank_intervals

CHOICES = ("radius", "threshold", "rounding", "merging", "counting", "balance")
MANIFEST = {"study": {"title": "A test", "clusters": {"radius_km": 15, "min_listings": 1}}}


def variant(cluster, rank, **replaced):
    name = ", ".join(f"{choice} {level}" for choice, level in replaced.items()) or "study"
    return {"cluster_id": cluster, "variant": name, **dict.fromkeys(CHOICES, "own"), **replaced, "rank": rank}


def tables():
    """Give a a firm rank, b and c one that is not distinguishable; c is lost at 20 km, d moves 6 places by counting."""
    ids = "abcd"
    ranking = [{"rank": n, "cluster_id": i, "cluster": f"Town_{i}", "economies": "FR", "rank_low": n,
                "rank_high": n + (i == "b")} for n, i in enumerate(ids, start=1)]  # fmt: skip
    sure = [{**r, "rank_low_places": r["rank_low"], "rank_high_places": r["rank_high"],
             "simultaneous_low": 1, "simultaneous_high": 4, "possible_top_10": True,
             "tied_with_next": r["cluster_id"] == "b", "tied_until": 3 if r["cluster_id"] == "b" else r["rank"]}
            for r in ranking]  # fmt: skip
    variants = [variant(i, n) for n, i in enumerate(ids, start=1)]
    variants += [variant(i, None if i == "c" else n, radius="20 km") for n, i in enumerate(ids, start=1)]
    variants += [variant(i, 10 if i == "d" else n, counting="full") for n, i in enumerate(ids, start=1)]
    weights = [{"cluster_id": i, "best_rank": 1, "worst_rank": 4, "draws_low": 1, "draws_high": 3} for i in ids]
    left = [{"cluster_id": "b", "left_out": "field", "name": "Optics", "rank_without": 9, "fall": 7}]
    tables = [pa.Table.from_pylist(rows) for rows in (sure, variants, weights, left)]
    choices = [{"choice": "radius", "moved": 0, "lost": 1, "largest_move": 0, "share_pct": Decimal("12.345678")}]
    rows_by_table = {
        "ranking": ranking,
        "variants": variants,
        "method_choices": choices,
        "weights": weights,
        "leave_one_out": left,
    }
    by_name = {name: pa.Table.from_pylist(rows) for name, rows in rows_by_table.items()}
    return {**by_name, "robustness": summary(*tables)}


def test_one_row_holds_how_far_each_choice_moves_a_cluster():
    rows = {row["cluster_id"]: row for row in tables()["robustness"].to_pylist()}
    assert [rows[i]["firm"] for i in "abcd"] == [True, True, False, False]
    spans = [(rows[i]["method_best"], rows[i]["method_worst"], rows[i]["method_lost"]) for i in "abcd"]
    assert spans == [(1, 1, 0), (2, 2, 0), (3, 3, 1), (4, 10, 0)]
    decisive = [(rows[i]["decisive_choice"], rows[i]["decisive_move"]) for i in "abcd"]
    assert decisive == [(None, None), (None, None), ("radius", None), ("counting", 6)]
    assert [rows[i]["without_field"] for i in "abcd"] == [None, 9, None, None]
    assert {(row["weights_best"], row["weights_worst"], row["weights_high"]) for row in rows.values()} == {(1, 4, 3)}


def test_no_rank_that_equal_scores_share_is_firm():
    by_name = tables()
    parts = (by_name[name] for name in ("robustness", "variants", "weights", "leave_one_out"))
    rows = summary(*parts, not_firm={"a", "b"}).to_pylist()
    assert [row["firm"] for row in rows] == [False, False, False, False]
    scores = [{"cluster_id": name, "score_pct": Decimal(score)} for name, score in zip("abc", "332", strict=True)]
    assert of_equal_score(scores) == {"a", "b"}


def test_a_rank_that_several_choices_move_has_no_decisive_choice():
    rows = [variant("a", 1), variant("a", 7, radius="20 km"), variant("a", None, counting="full")]
    largest_moves = moves([*rows, variant("a", 90, radius="20 km", counting="full")])
    assert largest_moves == {"a": {"radius": 6, "counting": None}}
    sure = {field.name: pa.array([1]).cast(field.type) for field in rank_intervals.SCHEMA} | {
        "cluster_id": pa.array(["a"])
    }
    weights = {name: pa.array([1]) for name in ("best_rank", "worst_rank", "draws_low", "draws_high")}
    left = pa.table({name: pa.array([], pa.string()) for name in ("cluster_id", "left_out", "rank_without")})
    summarised = summary(pa.table(sure), pa.Table.from_pylist(rows), pa.table({"cluster_id": ["a"], **weights}), left)
    assert summarised["decisive_choice"].to_pylist() == [None]
    assert summarised["firm"].to_pylist() == [False]


def test_combinations_widen_the_range_and_are_reported_apart_from_single_choices():
    by_name = tables()
    both = [variant(i, r, radius="20 km", counting="full") for i, r in zip("abcd", (3, 1, None, 20), strict=True)]
    by_name["variants"] = pa.concat_tables([by_name["variants"], pa.Table.from_pylist(both)])
    names = ("robustness", "variants", "weights", "leave_one_out")
    by_name["robustness"] = summary(*(by_name[name] for name in names))
    rows = {row["cluster_id"]: row for row in by_name["robustness"].to_pylist()}
    ends = [tuple(rows[i][f"combined_{end}"] for end in ("best", "worst", "lost")) for i in "abcd"]
    assert ends == [(1, 3, 0), (1, 2, 0), (3, 3, 2), (4, 20, 0)]
    assert (rows["d"]["method_best"], rows["d"]["method_worst"], rows["d"]["firm"]) == (4, 10, False)
    assert rows["a"]["firm"]
    assert "| 4 | Town\\_d (FR) | 4–10 | 0 | 4–20 | 0 |" in section(page(by_name, MANIFEST), "Other methods")


def alone(wide, moved):
    """Sum up one cluster of rank 20 with an interval so wide and one choice that moves it so far."""
    rows = [variant("a", 20), variant("a", 20 + moved, radius="20 km"), variant("a", 20, balance="equal")]
    assert moves(rows) == {"a": {"radius": moved, "balance": 0}}
    ends = {"rank": 20, "rank_low": 20, "rank_low_places": 20 - wide, "rank_high": 20, "rank_high_places": 20}
    sure = {field.name: pa.array([ends.get(field.name, 1)]).cast(field.type) for field in rank_intervals.SCHEMA}
    weights = {name: pa.array([1]) for name in ("best_rank", "worst_rank", "draws_low", "draws_high")}
    left = pa.table({name: pa.array([], pa.string()) for name in ("cluster_id", "left_out", "rank_without")})
    intervals = pa.table({**sure, "cluster_id": pa.array(["a"])})
    summarised = summary(intervals, pa.Table.from_pylist(rows), pa.table({"cluster_id": ["a"], **weights}), left)
    assert "combined_best" not in summarised.column_names
    return summarised.to_pylist()[0]


def test_firm_is_within_one_rank_and_decisive_begins_at_five():
    assert [alone(wide, moved)["firm"] for wide, moved in ((1, 1), (2, 0), (0, 2), (0, 0))] == [
        True,
        False,
        False,
        True,
    ]
    assert [alone(0, moved)["decisive_choice"] for moved in (4, 5)] == [None, "radius"]


def section(text, head):
    return text.split(f"## {head}\n")[1].split("\n## ")[0]


def test_the_page_separates_firm_tied_and_decided_ranks():
    text = page(tables(), MANIFEST, note="SIMULATED")
    assert text.startswith("**SIMULATED**\n")
    firm = section(text, "Firm ranks")
    assert "1. Town\\_a (FR)\n" in firm
    assert "2. Town\\_b (FR), not distinguishable from a neighbour\n" in firm
    assert "Town\\_c" not in firm
    assert "Town\\_d" not in firm
    tied = section(text, "Groups that are not statistically distinguishable")
    assert "2. Town\\_b (FR) to 3. Town\\_c (FR): 2 clusters" in tied
    assert "Town\\_d" not in tied
    decided = section(text, "Ranks that one choice decides")
    assert "3. Town\\_c (FR): radius splits, absorbs or loses it" in decided
    assert "Town\\_b" not in decided
    assert "4. Town\\_d (FR): counting moves it by 6 ranks" in decided
    assert "| radius | 0 | 1 | 0 | 12.3 % |" in text
    assert "| 4 | Town\\_d (FR) | 4–10 | 0 |" in section(text, "Other methods")
    assert "2. Town\\_b (FR) without the field Optics: 9" in text


def test_charts_are_the_same_bytes_each_time_and_carry_the_note(tmp_path):
    for folder in ("one", "two"):
        publish(tmp_path / folder, tables(), MANIFEST)
        rank_charts.publish(tmp_path / folder, tables(), MANIFEST, note="SIMULATED: made up")
    names = ["rank-intervals.svg", "rank-radius.svg", "robustness.md"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    for name in names[:2]:
        chart = (tmp_path / "one" / name).read_text("utf-8")
        assert "SIMULATED: made up" in chart
        assert "Town_a" in chart
        assert "<dc:date>" not in chart


def test_the_chart_of_intervals_says_what_it_shows_of_what_and_draws_what_brief_and_pages_state(tmp_path):
    by_name = tables()
    wide = [{**row, "rank_low_places": 1, "rank_high_places": 40} for row in by_name["ranking"].to_pylist()]
    by_name["ranking"] = pa.Table.from_pylist(wide)
    study = {**MANIFEST["study"], "edition": "2025", "publish": {"authors": ["An Office"], "date": "2026-01-31"}}
    study["sources"] = [{"metric": "patents"}, {"metric": "deals"}]
    sources = [{"name": "Patents of X", "metric": "patents"}, {"metric": "deals", "reader": "table"}]
    rank_charts.publish(tmp_path, by_name, {"study": study, "sources": sources})
    chart = (tmp_path / "rank-intervals.svg").read_text("utf-8")
    for text in ("A test", "possible ranks", "90 %", "counts and places", "Town_a, FR", "of 4", "2025"):
        assert text in chart, text
    for text in ("Patents of X", "An Office", "2026-01-31", "hubrank"):
        assert text in chart, text
    marks = re.findall(r">(\d+)</text>", chart)
    assert marks[0] == "1", "no rank is 0"
    assert "40" in marks, "the axis reaches as far as the interval with places"


def test_each_chart_says_of_what_and_of_which_years_it_is_and_whose_it_is_not(tmp_path):
    windows = {"patents": [2020, 2024], "deals": [2024, 2024]}
    study = {**MANIFEST["study"], "edition": "2025", "windows": windows}
    study["sources"] = [{"metric": "patents"}, {"metric": "deals"}]
    rank_charts.publish(tmp_path, tables(), {"study": study, "sources": study["sources"]})
    for name in ("rank-intervals.svg", "rank-radius.svg"):
        chart = " ".join(re.findall(r">([^<]+)</t", (tmp_path / name).read_text("utf-8")))
        assert "A test 2025: " in chart, name
        assert "Years counted: patents 2020–2024, deals 2024." in chart, name
        assert "hubrank is independent of WIPO" in chart, name


def test_names_are_drawn_as_they_are_written(tmp_path):
    """A dollar begins no formula, and what the bundled font lacks is no fault."""
    by_name = tables()
    names = pa.array(["A$B$ <b>", "深圳", "Town_c", "Town_d"])
    by_name["ranking"] = by_name["ranking"].set_column(2, "cluster", names)
    rank_charts.publish(tmp_path, by_name, MANIFEST)
    for name in ("rank-intervals.svg", "rank-radius.svg"):
        chart = (tmp_path / name).read_text("utf-8")
        assert re.search(r">A\$B\$ &lt;b&gt;(, FR)?</text>", chart)
        assert re.search(r">深圳(, FR)?</text>", chart)


def test_the_settings_of_a_user_change_no_chart(tmp_path):
    charts = {}
    for size in (10, 20):
        with mpl.rc_context({"font.size": size}):
            rank_charts.publish(tmp_path / str(size), tables(), MANIFEST)
            assert mpl.rcParams["font.size"] == size
        charts[size] = (tmp_path / str(size) / "rank-intervals.svg").read_bytes()
    assert charts[10] == charts[20]


def test_without_a_grid_of_weights_the_report_says_why_and_has_no_column_of_dashes():
    four = tables()
    ends = four["weights"].drop_columns(["best_rank", "worst_rank"])
    for name in ("best_rank", "worst_rank"):
        ends = ends.append_column(name, pa.nulls(ends.num_rows, pa.int64()))
    text = page(four | {"weights": ends}, {"study": {"title": "T", "sources": []}})
    section = text.split("## Other weights")[1].split("##")[0]
    assert "are computed for up to 3 metrics" in section
    assert "| rank | cluster | in 90 % of draws around equal weights |" in section
    assert "| 1 | Town\\_a (FR) | 1–3 |" in section
    assert "| rank | cluster | best | worst |" in page(tables(), {"study": {"title": "T", "sources": []}})


def test_the_chart_of_radii_names_each_line_where_it_ends_and_marks_the_first_rank():
    rows = [{"cluster_id": key, "cluster": key.title()} for key in ("paris", "lyon")]
    ranks = {"paris": {10.0: 1, 15.0: 1, 20.0: 1}, "lyon": {10.0: 5, 15.0: 2, 20.0: None}}
    with rank_charts.same_everywhere():
        chart = rank_charts._lines(rows, ranks, MANIFEST, "").decode()
    at = {name: float(x) for x, name in re.findall(r' x="([\d.]+)"[^>]*>(\w+)</text>', chart)}
    assert at["Lyon"] < at["Paris"], "where its line ends"
    marks = re.findall(r">(\d+)</text>", chart)
    assert {"1", "5"} <= set(marks)
    assert "no cluster of that radius is the same one" in chart
