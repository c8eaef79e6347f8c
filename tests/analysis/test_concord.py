"""A ranking against a published list: on the table itself, on a shuffled copy with planted differences, by hand."""

import csv
import json
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, spearmanr
from typer.testing import CliRunner

from hubrank.analysis.concord import agreement, concord
from hubrank.analysis.concord.listed import ListedCluster
from hubrank.analysis.concord.pairs import NEAR_KM, same_clusters
from hubrank.cli import app
from hubrank.core.errors import DataError
from hubrank.core.sphere import distance_km
from hubrank.publishing.site.concord_page import concord_page


@pytest.fixture
def published(shared):
    return shared / "reference" / "published-2023.csv"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def test_a_list_is_all_of_itself(published):
    result = concord(published, published)
    assert (result.listed, result.matched, result.ranked) == (34, 34, 34)
    assert (result.spearman, result.kendall) == (1.0, 1.0)
    assert result.overlaps == ((10, 10, 10),), "it has fewer than fifty ranks"
    assert all(row["listed_cluster"] == row["cluster"] for row in result.table.to_pylist())
    assert set(result.table["difference"].to_pylist()) == {0}
    assert set(result.table["difference_score_pct"].to_pylist()) == {Decimal(0)}


def test_economies_may_be_names_in_any_language_and_none_is_passed_over(published, tmp_path):
    rows = rows_of(published)
    names = {"US": "Estados Unidos", "JP": "Japón", "CN/HK": "China/Hong Kong", "DE": "Allemagne", "GB": "GBR"}
    for row in rows:
        row["economies"] = names.get(row["economies"], row["economies"])
    assert any(row["economies"] == "Estados Unidos" for row in rows)
    assert concord(published, written(tmp_path / "names.csv", rows)).matched == 34
    rows[3]["economies"] = "Ruritania"
    with pytest.raises(DataError, match=r"names.csv.*5.*'Ruritania' is neither a code nor a country's name"):
        concord(published, written(tmp_path / "names.csv", rows))


def test_planted_differences_are_listed_and_no_other(published, tmp_path):
    rows = rows_of(published)
    by_name = {row["cluster"]: row for row in rows}
    by_name["Paris"]["rank"], by_name["Daejeon"]["rank"] = "18", "12"
    by_name["Tehran"]["publications_share_pct"] = "0.3"
    by_name["Osaka–Kobe–Kyoto"]["cluster"] = "Osaka–Kyoto–Kobe"
    by_name["Cologne"]["cluster"] = "Köln"
    by_name["San Jose–San Francisco, CA"]["cluster"] = "San Francisco, CA"
    by_name["Munich"]["cluster"] = "Lagos"
    by_name["Munich"]["economies"] = "NG"
    random.Random(7).shuffle(rows)
    result = concord(written(tmp_path / "ranking.csv", rows), published)
    table = {row["listed_cluster"] or row["cluster"]: row for row in result.table.to_pylist()}
    assert result.matched == 33
    assert table["Munich"]["cluster"] is None
    assert table["Lagos"]["rank"] == 22
    moved = {name: row["difference"] for name, row in table.items() if row["difference"]}
    assert moved == {"Paris": -6, "Daejeon": 6}
    shares = {name for name, row in table.items() if row["difference_publications_share_pct"]}
    assert shares == {"Tehran"}
    assert table["Tehran"]["difference_publications_share_pct"] == Decimal("-0.5")
    assert table["Cologne"]["cluster"] == "Köln"
    assert table["San Jose–San Francisco, CA"]["cluster"] == "San Francisco, CA"
    first = [row["listed_rank"] for row in table.values() if row["rank"] and row["listed_rank"]]
    second = [row["rank"] for row in table.values() if row["rank"] and row["listed_rank"]]
    assert result.spearman == pytest.approx(spearmanr(first, second).statistic, abs=1e-6) != 1
    assert result.kendall == pytest.approx(kendalltau(first, second).statistic, abs=1e-6) != 1


def compared(tmp_path, ranking, published):
    paths = [tmp_path / "ranking.csv", tmp_path / "list.csv"]
    for path, rows in zip(paths, (ranking, published), strict=True):
        written(path, [dict(zip(("rank", "cluster", "economies"), row, strict=True)) for row in rows])
    return concord(*paths)


def listed(at, keys, spots, economies):
    keys = frozenset(f"city{key}" for key in keys)
    return ListedCluster(
        at + 1, "", "", frozenset(economies), keys, tuple((a * 10**6, b * 10**6) for a, b in spots), {}, None
    )


SPOTS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=2)
LISTS = st.lists(
    st.tuples(st.sets(st.integers(0, 5), min_size=1, max_size=2), SPOTS, st.sets(st.sampled_from("AB"), max_size=1)),
    max_size=12,
)


@given(LISTS, LISTS)
def test_matches_are_those_of_looking_at_every_pair(ranking, published):
    here, there = ([listed(at, *row) for at, row in enumerate(rows)] for rows in (ranking, published))
    pairs = []
    for at, one in enumerate(there):
        for row, other in enumerate(here):
            apart = min(
                (float(distance_km(*np.array([*a, *b])[:, None])[0]) for a in one.spots for b in other.spots),
                default=np.inf,
            )
            by_name = one.keys & other.keys and not (one.spots and other.spots)
            if (apart <= NEAR_KM or by_name) and not (
                one.economies and other.economies and not one.economies & other.economies
            ):
                pairs.append((one.keys != other.keys, -len(one.keys & other.keys), apart, at, row))
    expected, taken = [None] * len(there), set()
    for *_, at, row in sorted(pairs):
        if expected[at] is None and row not in taken:
            expected[at] = row
            taken.add(row)
    assert same_clusters(here, there) == expected


def test_shares_that_the_first_row_lacks_are_compared(tmp_path):
    first, second = (
        {"rank": n, "cluster": name, "economies": code, "patents_share_pct": share}
        for n, name, code, share in ((1, "Berlin", "DE", ""), (2, "Paris", "FR", "1.5"))
    )
    path = written(tmp_path / "ranking.csv", [first, second])
    assert concord(path, path).shares == ("patents_share_pct",)


def test_homonyms_are_told_apart_by_economy_and_state(tmp_path):
    ranking = [(1, "Cambridge", "GB"), (2, "Boston–Cambridge, MA", "US"), (3, "Portland, ME", "US")]
    result = compared(
        tmp_path, ranking, [(1, "Cambridge, MA", "US"), (2, "Cambridge", "GB"), (3, "Portland, OR", "US")]
    )
    assert result.table["rank"].to_pylist()[:3] == [2, 1, None]


def test_a_row_without_a_rank_is_matched_and_has_no_difference(tmp_path):
    result = compared(tmp_path, [(1, "Berlin", "DE"), (2, "Paris", "FR")], [(2, "Berlin", "DE"), ("", "Paris", "FR")])
    assert (result.matched, result.ranked) == (2, 1)
    assert result.table["difference"].to_pylist() == [1, None]
    assert (result.spearman, result.overlaps) == (None, ((10, 1, 1),))


def test_the_variant_that_brings_the_rank_nearest_explains_it():
    ranks = [("radius 12 km", 9), ("radius 20 km", 6), ("counting full", 4)]
    assert agreement._explained(5, 9, ranks) == {"variant": "counting full", "variant_rank": 4}
    assert agreement._explained(9, 9, ranks) == {}
    assert agreement._explained(12, 9, ranks) == {}, "none is nearer than the rank itself"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"place": "1", "name": "Berlin"}], "no column 'rank'; it has: place, name .*needs a column of ranks"),
        ([{"rank": "1", "share": "3"}], "no column 'cluster'; it has: rank, share"),
        ([{"rank": "first", "cluster": "Berlin"}], r"list.csv line 2: rank is 'first', which is not a number"),
        ([{"rank": "1.5", "cluster": "Berlin"}], r"line 2: rank is 1.5; a whole number"),
        ([{"rank": "1", "cluster": ""}], r"line 2: cluster is ''; a name was expected"),
    ],
)
def test_a_list_that_is_none_is_refused_with_its_place(tmp_path, published, rows, message):
    with pytest.raises(DataError, match=message):
        concord(published, written(tmp_path / "list.csv", rows))


def test_a_list_may_call_its_column_of_names_as_it_likes_and_end_in_a_total(published, tmp_path):
    rows = [
        ("Rank", "Land", "Stadt"),
        (1, "Japan", "Tokyo"),
        (2, "Japan", "Osaka"),
        (3, "Frankreich", "Paris"),
        ("", "", "Total"),
    ]
    listed = written(tmp_path / "list.csv", [dict(zip(rows[0], row, strict=True)) for row in rows[1:]])
    assert [row["listed_cluster"] for row in concord(published, listed).table.to_pylist()][:3] == [
        "Tokyo",
        "Osaka",
        "Paris",
    ]
    assert concord(published, listed).listed == 3
    answer = CliRunner().invoke(app, ["concord", str(published), str(listed), "--names", "Stadt", "--json"])
    assert json.loads(answer.stdout)["listed"] == 3
    answer = CliRunner().invoke(app, ["concord", str(published), str(listed), "--names", "City"])
    assert "no column 'City'" in str(answer.exception)


def test_the_names_are_the_column_that_agrees_with_the_ranking_and_what_was_read_is_printed(published, tmp_path):
    header = ("RANK", "Land", "Anmerkung", "Stadt", "Lat", "Lon")
    rows = [
        (1, "Japan", "wie 2022", "Tokio", 35.7, 139.7),
        (2, "Korea", "neu", "Seoul", 37.6, 127.0),
        (3, "Frankreich", "stabil", "Paris", 48.9, 2.4),
        (4, "Singapur", "kleiner Staat", "Singapore", 1.3, 103.8),
        ("", "Summe", "", "", "", ""),
    ]
    listed = written(tmp_path / "list.csv", [dict(zip(header, row, strict=True)) for row in rows])
    result = concord(published, listed)
    assert result.columns == {"rank": "RANK", "cluster": "Stadt", "lat": "Lat", "lon": "Lon"}
    assert [row["listed_cluster"] for row in result.table.to_pylist()][:4] == ["Tokio", "Seoul", "Paris", "Singapore"]
    assert result.left_out == ("'Summe' (line 6)",)
    shown = " ".join(CliRunner().invoke(app, ["concord", str(published), str(listed)]).stdout.split())
    assert "Columns of list.csv: ranks 'RANK', names 'Stadt', lat 'Lat', lon 'Lon' (--names states another" in shown
    assert "Rows of totals in the list, left out: 1 ('Summe' (line 6))." in shown
    assert "left out: 1 (" in concord_page(result).decode("utf-8")
    answer = CliRunner().invoke(app, ["concord", str(published), str(listed), "--json"])
    assert json.loads(answer.stdout)["columns"] == result.columns
    rows[1] = ("zwei", "Korea", "neu", "Seoul", "", "")
    with pytest.raises(DataError, match=r"line 3: RANK is 'zwei', which is not a number"):
        concord(published, written(tmp_path / "list.csv", [dict(zip(header, row, strict=True)) for row in rows]))


def test_a_column_of_names_that_is_called_cluster_is_taken_only_where_none_agrees_better(published, tmp_path):
    rows = [{"rank": 1, "cluster": "North", "hub": "Paris"}, {"rank": 2, "cluster": "South", "hub": "Munich"}]
    assert concord(published, written(tmp_path / "list.csv", rows)).columns["cluster"] == "hub"
    rows = [{"rank": 1, "hub": "North", "cluster": "Nowhere"}, {"rank": 2, "hub": "South", "cluster": "Elsewhere"}]
    assert concord(published, written(tmp_path / "list.csv", rows)).columns["cluster"] == "cluster"


def test_rows_of_totals_and_columns_with_gaps_are_no_names(published, tmp_path):
    rows = rows_of(published)[:6]
    noted = [
        {"rank": row["rank"], "City": row["cluster"], "Note": f"note {n}", "economies": row["economies"]}
        for n, row in enumerate(rows)
    ]
    noted.append({"rank": "", "City": "Total", "Note": "of all rows", "economies": "World"})
    result = concord(published, written(tmp_path / "total.csv", noted))
    assert (result.listed, result.matched, len(result.left_out)) == (6, 6, 1)
    gaps = [
        {"rank": row["rank"], "cluster": f"Area {n}", "Second": row["cluster"], "economies": row["economies"]}
        for n, row in enumerate(rows)
    ]
    gaps[2]["Second"] = ""
    assert concord(published, written(tmp_path / "gaps.csv", gaps)).listed == 6


def test_a_list_in_the_encoding_that_is_stated_is_read_in_it(published, tmp_path):
    listed = tmp_path / "list.csv"
    listed.write_bytes("rank,cluster,economies\n1,Łódź,PL\n2,Tokyo–Yokohama,JP\n".encode("cp1250"))
    answer = CliRunner().invoke(app, ["concord", str(published), str(listed), "--encoding", "cp1250", "--json"])
    assert [row["listed_cluster"] for row in json.loads(answer.stdout)["rows"]][:2] == ["Łódź", "Tokyo–Yokohama"]


def test_the_command_prints_rows_and_figures_and_writes_a_page(published, tmp_path):
    page = tmp_path / "page.html"
    shown = CliRunner().invoke(app, ["concord", str(published), str(published), "--page", str(page)])
    assert "34 of 34 rows of the list" in shown.stdout
    assert "Kendall's tau-b 1.000" in shown.stdout
    text = page.read_text("utf-8")
    assert text.count("<tr>") == 35
    assert "34 of 34 rows" in text
    assert page.read_bytes() == concord_page(concord(published, published))
    chinese = ["concord", str(published), str(published), "--page", str(page), "--language", "zh"]
    assert CliRunner().invoke(app, chinese).exit_code == 0
    assert page.read_bytes() == concord_page(concord(published, published), "zh")
    assert '<html lang="zh">' in page.read_text("utf-8")
    assert "名单的 34 行中有 34 行" in page.read_text("utf-8")
    as_json = json.loads(CliRunner().invoke(app, ["concord", str(published), str(published), "--json"]).stdout)
    assert (as_json["matched"], len(as_json["rows"]), as_json["overlap"][0]["in_both"]) == (34, 34, 10)


@pytest.mark.parametrize(("rank", "economy"), [("Rang", "Land"), ("順位", "国名"), ("Ranking 2023", "Countries")])
def test_ranks_and_economies_are_known_by_words_for_them(published, tmp_path, rank, economy):
    rows = [{rank: 1, "Stadt": "Tokio", economy: "Japan"}, {rank: 2, "Stadt": "Paris", economy: "Frankreich"}]
    result = concord(published, written(tmp_path / "list.csv", rows))
    assert result.columns == {"rank": rank, "cluster": "Stadt", "economies": economy}
    assert [row["listed_rank"] for row in result.table.to_pylist()][:2] == [1, 2]


def test_of_several_columns_of_ranks_one_has_to_be_called_so_and_no_change_of_rank_is_one(published, tmp_path):
    rows = [{"Rang 2022": 2, "Rang 2023": 1, "Stadt": "Paris", "Rangveränderung": 1}]
    with pytest.raises(
        DataError, match=r"no column 'rank' and several that may be it: Rang 2022, Rang 2023\. Call one"
    ):
        concord(published, written(tmp_path / "list.csv", rows))
