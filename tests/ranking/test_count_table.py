"""Any table of counts per cluster can be ranked; a published table comes out as it was printed."""

import csv
import json
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.core.errors import DataError, StudyError
from hubrank.ranking.count_table import as_json, pairs, rank_counts, rank_table

PUBLISHED = files("hubrank.ranking.count_table").joinpath("published-2023.csv")
WORLD = {"patents": 1_255_570, "publications": 7_459_270}


def write(folder, text, name="counts.csv"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_the_published_2023_table_comes_out_to_the_last_printed_cell():
    printed = list(csv.DictReader(PUBLISHED.read_text("utf-8").splitlines()))
    ranking = rank_counts(str(PUBLISHED), totals=WORLD, decimals=1).to_pylist()
    assert [row["cluster"] for row in ranking] == [row["cluster"] for row in printed]
    assert [row["rank"] for row in ranking] == [int(row["rank"]) for row in printed] == list(range(1, 35))
    shown = [f"{row[name]}" for row in ranking for name in ("patents_share_pct", "publications_share_pct", "score_pct")]
    expected = [row[name] for row in printed for name in ("patents_share_pct", "publications_share_pct", "score_pct")]
    assert len(shown) == 102
    assert shown == expected


def test_ranks_and_shares_that_a_table_carries_are_compared_with_its_counts():
    agreement = rank_table(str(PUBLISHED), totals=WORLD).agreement
    assert (agreement.agreeing(ranks=True), agreement.ranks) == (34, 34)
    assert (agreement.agreeing(ranks=False), agreement.cells) == (102, 102)
    assert agreement.differences == []


def test_a_printed_cell_that_does_not_come_out_is_named(tmp_path):
    text = PUBLISHED.read_text("utf-8").replace("127418,115020,10.1,1.5,11.7,1", "127418,115020,10.2,1.5,11.7,1")
    agreement = rank_table(write(tmp_path, text), totals=WORLD).agreement
    (wrong,) = agreement.differences
    assert (wrong.cluster, wrong.column, wrong.printed, wrong.computed) == (
        "Tokyo–Yokohama",
        "patents_share_pct",
        "10.2",
        "10.1",
    )
    assert (agreement.agreeing(ranks=True), agreement.agreeing(ranks=False)) == (34, 101)


def test_a_wrong_printed_rank_is_named(tmp_path):
    text = "rank,cluster,patents\n2,a,5\n1,b,3\n"
    agreement = rank_table(write(tmp_path, text)).agreement
    assert [(d.cluster, d.column, d.printed, d.computed) for d in agreement.differences] == [
        ("a", "rank", "2", "1"),
        ("b", "rank", "1", "2"),
    ]


@pytest.mark.shared
def test_the_packaged_facts_are_those_of_the_reference_folder(shared):
    assert PUBLISHED.read_bytes() == (shared / "reference" / "published-2023.csv").read_bytes()


def test_a_patent_weight_of_two_fifths_moves_tehran_seven_places():
    equal = {row["cluster"]: row["rank"] for row in rank_counts(str(PUBLISHED), totals=WORLD).to_pylist()}
    weights = {"patents": "0.4", "publications": "0.6"}
    other = {
        row["cluster"]: row["rank"] for row in rank_counts(str(PUBLISHED), totals=WORLD, weights=weights).to_pylist()
    }
    assert equal["Tehran"] - other["Tehran"] == 7


def test_without_world_totals_the_clusters_are_the_world():
    ranked = rank_table({"cluster": ["a", "b"], "patents": [3, 1]})
    assert [row["score_pct"] for row in ranked.ranking.to_pylist()] == [75, 25]
    assert (ranked.totals, ranked.summed) == ({"patents": 4}, ("patents",))


def test_weights_score_as_in_an_edition():
    """M × Σ w·share / Σ w over the metrics that weigh something: 2 × (3·75 + 1·25) / 4 = 125."""
    ranking = rank_counts({"cluster": ["a", "b"], "p": [3, 1], "q": [1, 3]}, weights={"p": 3, "q": 1})
    assert [row["score_pct"] for row in ranking.to_pylist()] == [125, 75]


def test_where_some_weights_are_given_the_others_are_zero():
    ranked = rank_table({"cluster": ["a", "b"], "p": [3, 1], "q": [0, 9]}, weights={"p": "1"})
    assert ranked.weights == {"p": 1, "q": 0}
    assert [row["cluster"] for row in ranked.ranking.to_pylist()] == ["a", "b"]


def test_decimals_are_exact_not_binary():
    """In binary 0.1 + 0.2 is more than 0.3; here the two clusters are tied and the name decides."""
    ranking = rank_counts({"cluster": ["b", "a"], "p": ["0.1", "0.3"], "q": ["0.2", "0"]}, totals={"p": 1, "q": 1})
    assert [(row["cluster"], row["score_pct"]) for row in ranking.to_pylist()] == [("a", 30), ("b", 30)]


def test_scores_that_differ_in_the_last_of_24_digits_are_ranked():
    ranking = rank_counts({"cluster": ["a", "b"], "p": ["999999999999999.000000001", "999999999999999.000000002"]})
    assert [row["cluster"] for row in ranking.to_pylist()] == ["b", "a"]
    assert ranking["p"].to_pylist()[0] == Decimal("999999999999999.000000002")


@given(
    st.lists(st.decimals(0, 10**9, places=3), min_size=1, max_size=12),
    st.decimals("0.001", 9, places=3),
    st.randoms(use_true_random=False),
)
def test_row_order_never_matters_and_scores_are_those_of_fractions(counts, weight, rng):
    names = [f"c{i}" for i in range(len(counts))]
    rows = list(zip(names, counts, reversed(counts), strict=True))
    shuffled = rng.sample(rows, len(rows))
    given_totals = {"p": sum(counts) + 1, "q": sum(counts) + 7}
    one, other = (
        rank_counts(
            dict(zip(("cluster", "p", "q"), map(list, zip(*some, strict=True)), strict=True)),
            totals=given_totals,
            weights={"p": weight, "q": 1},
        )
        for some in (rows, shuffled)
    )
    assert one == other
    exact = {
        name: 2
        * 100
        * (Fraction(weight) * Fraction(p) / Fraction(given_totals["p"]) + Fraction(q) / Fraction(given_totals["q"]))
        / (Fraction(weight) + 1)
        for name, p, q in rows
    }
    expected = sorted(rows, key=lambda row: (-exact[row[0]], -(row[1] + row[2]), row[0]))
    assert [row["cluster"] for row in one.to_pylist()] == [row[0] for row in expected]
    assert [row["score_pct"] for row in one.to_pylist()] == [
        Decimal(round(exact[row[0]] * 10**6)).scaleb(-6) for row in expected
    ]


def test_columns_of_numbers_are_metrics_unless_their_name_says_otherwise(tmp_path):
    path = write(
        tmp_path,
        "rank,cluster,economies,Patents,patents_share_pct,trademarks,previous_rank,score_pct,population,"
        "deals per million,lat,lon,year,high_tech,remark,growth %,growth rate,(%)\n"
        "1,a,FR,5,1.0,7,2,3.3,100,2.1,48.8,2.3,2024,4,steady,4.5,4.5,9\n",
    )
    assert list(rank_table(path).weights) == ["Patents", "trademarks", "high_tech"]


@pytest.mark.parametrize(
    ("counts", "others"),
    [
        ("特許 令和5年 2023年", "順位 構成比（％） 前年比 人口 人口10万人当たり 団体コード 年度"),
        ("특허건수 법률 차세대", "순위 구성비 비율(%) 전년대비 인구 1인당 연도 연번"),
        ("专利数", "排名 占比 增长率 同比 人口 年份 代码"),
        ("brevets publications_par_equipe", "Rang Part Évolution Population habitants année"),
        ("patent Yatırım 2022_yılı", "Sıra Pay Yüzdesi Büyüme Nüfus Kişi_başına_patent Yıl"),
        ("Patent", "Artış Oran Artis Puanlar Hisse_payları İndeks İl_kodları Kod Sira_No"),
        ("patent", "oran ilce_kodu"),
        ("patents Oran IL_filings", "kod"),
        ("Pay-TV_patents pay fair_pay_deals Alger Oran patents_(Oran) Artis Kod_Bilim puan", "kod"),
        ("براءات عدد_المنشورات سنة_2022", "الترتيب النسبة معدل_النمو عدد_السكان لكل_مليون السنة"),
        ("patentes", "Puesto Participación Tasa_de_crecimiento Población Año"),
        ("pedidos", "Posição Taxa Variação População ano"),
        ("brevetti", "Posizione Quota Tasso Popolazione Anno"),
        ("Patente Handel Gedichte", "Rang Anteil Marktanteil Veränderung Wachstumsrate Einwohnerzahl Jahr"),
        ("octrooien Corporate_deals", "Aandeel Inwoners Andel Udział Ｒａｎｋ år"),
        (
            "ar_vr_patents code_commits id_patents spare_parts_makers climate_change_papers",
            "zip_code change_2020 parts",
        ),
        ("brevets", "part_de_marché change_since_2020"),
    ],
)
def test_ranks_shares_changes_and_inhabitants_are_no_metrics_in_other_languages_either(counts, others):
    names = [*counts.split(), *others.split()]
    ranked = rank_table({"cluster": ["a", "b"]} | {name: [4, 2] for name in names})
    assert (list(ranked.weights), list(ranked.not_counted)) == (counts.split(), others.split())
    assert as_json(ranked)["not_counted"] == others.split()
    assert rank_table({"cluster": ["a"], "patents": [7], "patents_per_million": [1]}).not_counted == ()
    named = rank_table({"cluster": ["a"], names[-1]: [7]}, metrics=[names[-1]])
    assert (list(named.weights), named.not_counted) == ([names[-1]], ())


def test_counts_in_lakhs_are_read_and_a_total_in_hindi_is_no_cluster(tmp_path):
    path = write(
        tmp_path, 'Cluster,Patents,Deals\nBengaluru,"1,23,456","1,234"\nPune,"45,678",321\nकुल,"1,69,134","1,555"\n'
    )
    ranked = rank_table(path).ranking.to_pylist()
    assert [(row["cluster"], row["Patents"], row["Deals"]) for row in ranked] == [
        ("Bengaluru", 123_456, 1234),
        ("Pune", 45_678, 321),
    ]


def test_a_named_metric_is_taken_whatever_its_name():
    assert list(rank_table({"cluster": ["a"], "area_km2": [7]}, metrics=["area_km2"]).weights) == ["area_km2"]


def test_a_ranking_of_an_edition_is_ranked_by_its_counts(tmp_path):
    """Cambridge stands in two economies; cluster_id tells them apart."""
    path = write(
        tmp_path,
        "rank,cluster_id,cluster,economies,score_pct,patents,patents_share_pct,rank_low,rank_high,note\n"
        "1,cambridge-gb,Cambridge,GB,60.000000,6.000,60.000000,1,2,x\n2,cambridge-us,Cambridge,US,40.000000,4.000,40,1,2,x\n",
    )
    ranked = rank_table(path)
    assert ranked.ranking.column_names == [
        "rank",
        "cluster_id",
        "cluster",
        "economies",
        "score_pct",
        "patents",
        "patents_share_pct",
    ]
    assert ranked.ranking["patents"].to_pylist() == [6, 4]
    assert (ranked.agreement.agreeing(ranks=True), ranked.agreement.agreeing(ranks=False)) == (2, 4)
    assert (ranked.note, ranked.ranking.schema.metadata, as_json(ranked)["note"]) == ("x", {b"note": b"x"}, "x")


def test_rows_of_totals_are_no_clusters_and_the_case_of_columns_does_not_matter(tmp_path):
    path = write(tmp_path, "Cluster;ECONOMIES;Patents\nA;FR;1234\nB;DE;10\nTotaal;;1244\n")
    ranked = rank_table(path, metrics=["patents"])
    assert ranked.ranking["cluster"].to_pylist() == ["A", "B"]
    assert ranked.ranking["economies"].to_pylist() == ["FR", "DE"]
    assert (ranked.totals, ranked.left_out) == ({"Patents": 1244}, ("Totaal (line 4)",))
    assert as_json(ranked)["left_out"] == ["Totaal (line 4)"]
    assert rank_counts({"cluster": ["Totana", "Total FR"], "All": [3, 3]}).num_rows == 1, "Totana is a town"


def test_quoted_thousands_between_commas_and_full_width_digits_are_read(tmp_path):
    text = 'cluster,令和4年,令和5年\n茨城県,"1,234","１，５６７"\n東京都,900,８００\n'
    ranked = rank_table(write(tmp_path, text)).ranking.to_pylist()
    assert [(row["令和4年"], row["令和5年"]) for row in ranked] == [(1234, 1567), (900, 800)]
    with pytest.raises(DataError, match=r"patents is '1,234', whose , may divide thousands or decimals"):
        rank_table(write(tmp_path, "cluster;patents\na;1,234\nb;900\n"))


def test_counts_that_may_be_in_thousands_between_commas_are_named(tmp_path):
    text = "cluster,patents,papers\nRabat,350.000,1.5\nDakar,12.000,2\nTunis,7,3\n"
    ranked = rank_table(write(tmp_path, text))
    assert (ranked.totals["patents"], ranked.with_decimals) == (369, ("patents (350.000)",))
    assert as_json(ranked)["with_decimals"] == ["patents (350.000)"]
    of_hubrank = rank_table(write(tmp_path, "cluster,score_pct,patents\nRabat,60,350.125\nDakar,40,12.500\n"))
    assert of_hubrank.with_decimals == (), "hubrank's own counts have three decimals"


def test_digits_and_signs_of_arabic_are_read(tmp_path):
    text = "cluster;براءات;منشورات\nالرياض;١٬٢٣٤;٢٬٣٠٠\nدبي;٩٨٧٫٥;١٬١٠٠\nالمجموع;٢٬٢٢١٫٥;٣٬٤٠٠\n"
    ranked = rank_table(write(tmp_path, text))
    counts = [(row["براءات"], row["منشورات"]) for row in ranked.ranking.to_pylist()]
    assert counts == [(1234, 2300), (Decimal("987.5"), 1100)]
    assert ranked.left_out == ("المجموع (line 4)",)


def test_thousands_that_a_blank_divides_need_no_decimals_elsewhere(tmp_path):
    text = "cluster;Brevets;Publications;Population\nRabat;2 300;987,5;600 000\nDakar;999;12,5;1 200 000\nTotal;;;\n"
    ranked = rank_table(write(tmp_path, text))
    assert ranked.totals == {"Brevets": 3299, "Publications": 1000}
    assert ranked.not_counted == ("Population",)


def test_rows_of_totals_in_japanese_and_korean_are_no_clusters():
    names = ["水戸市", "県計", "茨城県計", "小 計", "総数", "계", "전국"]
    ranked = rank_table({"cluster": names, "特許": [3] * len(names)})
    assert ranked.ranking["cluster"].to_pylist() == names[:1]


def test_a_point_before_three_digits_is_of_decimals_where_the_column_or_its_commas_say_so(tmp_path):
    decided = write(tmp_path, "cluster;patents\na;1.234\nb;2.5\n")
    assert rank_counts(decided)["patents"].to_pylist() == [Decimal("2.5"), Decimal("1.234")]
    by_commas = write(tmp_path, "cluster,patents\na,1.234\nb,2.345\n")
    assert rank_counts(by_commas)["patents"].to_pylist() == [Decimal("2.345"), Decimal("1.234")]


@pytest.mark.parametrize("make", [pa.table, pl.DataFrame, dict], ids=["arrow", "polars", "dict"])
def test_tables_of_any_make_are_taken(make):
    ranking = rank_counts(make({"cluster": ["a", "b"], "patents": [1, 2]}))
    assert pl.DataFrame(ranking)["cluster"].to_list() == ["b", "a"]


def test_a_table_is_read_in_the_encoding_that_is_stated(tmp_path):
    (tmp_path / "counts.csv").write_bytes("cluster;patents\nmałopolskie;2\nśląskie;1\n".encode("cp1250"))
    ranking = rank_counts(tmp_path / "counts.csv", encoding="cp1250")
    assert ranking["cluster"].to_pylist() == ["małopolskie", "śląskie"]
    with pytest.raises(DataError, match="in cp1250 it has: małopolskie;2"):
        rank_counts(tmp_path / "counts.csv")


def test_parquet_semicolons_tabs_and_windows_bytes_are_read(tmp_path):
    pq.write_table(pa.table({"cluster": ["São Paulo", "Köln"], "patents": [1, 2]}), tmp_path / "counts.parquet")
    (tmp_path / "counts.csv").write_bytes("cluster;patents\r\nSão Paulo;1\r\nKöln;2\r\n".encode("cp1252"))
    write(tmp_path, "﻿cluster\tpatents\nSão Paulo\t1\nKöln\t2\n", "counts.tsv")
    rankings = [rank_counts(tmp_path / name) for name in ("counts.parquet", "counts.csv", "counts.tsv")]
    assert rankings[0] == rankings[1] == rankings[2]


def test_counts_of_a_spreadsheet_in_german_are_read(tmp_path):
    text = "cluster;Anmeldungen;Publikationen\nWien;1.234,5;100,25\nGraz;987,4;80\n"
    (tmp_path / "counts.csv").write_bytes(text.encode("cp1252"))
    ranking = rank_counts(tmp_path / "counts.csv")
    assert ranking["Anmeldungen"].to_pylist() == [Decimal("1234.5"), Decimal("987.4")]
    assert ranking["Publikationen"].to_pylist() == [Decimal("100.25"), Decimal(80)]


def test_points_divide_thousands_where_another_column_has_decimal_commas(tmp_path):
    text = "cluster;patents;publications;deals\nVallès;1.234;2.345,5;10,5\nBages;567;89;3,2\n"
    ranking = rank_counts(write(tmp_path, text))
    assert ranking["patents"].to_pylist() == [1234, 567]
    assert ranking["publications"].to_pylist() == [Decimal("2345.5"), 89]


@pytest.mark.parametrize(
    "text",
    [
        "cluster;patents;deals\na;1.234;10.5\nb;2.345;3.2\n",  # as many decimals as that, or thousands
        "cluster;patents;deals;rounds\na;1.234;10.5;2,5\nb;2.345;3.2;7,25\n",  # the file has both
        "cluster;patents;deals\na;1.234;10,5\nb;2,345;3,2\n",
    ],
)
def test_what_a_point_divides_stays_open_where_no_other_column_says_it(tmp_path, text):
    with pytest.raises(DataError, match=r"may divide thousands or decimals|not a number"):
        rank_counts(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Comarca;n\nVallès;1\nBages;2\nTotal;3\n", "Comarca"),
        ("n;都市\n1;水戸市\n2;日立市\n", "都市"),
        ("Code;Country;City;n\nX1;Spain;Vallès;1\nX2;Spain;Bages;2\n", "City"),
    ],
)
def test_without_a_column_called_cluster_names_are_the_first_with_another_text_in_each_row(tmp_path, text, column):
    path = write(tmp_path, text)
    ranked = rank_table(path)
    assert (ranked.names, ranked.ranking["rank"].to_pylist(), ranked.totals) == (column, [1, 2], {"n": 3})
    assert as_json(ranked)["names"] == column
    assert rank_table(path, names=column.lower()).ranking == ranked.ranking
    assert rank_table({"cluster": ["a", "b"], column: ["c", "d"], "n": [1, 2]}).names == ""


def test_a_stated_column_has_the_names_in_place_of_one_called_cluster():
    counts = {"cluster": ["1", "1"], "Town": ["a", "b"], "n": [1, 2]}
    ranked = rank_table(counts, names="town")
    assert (ranked.names, ranked.ranking["cluster"].to_pylist()) == ("Town", ["b", "a"])
    with pytest.raises(DataError, match=r"no column 'Twon'; it has: cluster, Town, n\. Did you mean 'Town'\?"):
        rank_table(counts, names="Twon")


@pytest.mark.parametrize(("codes", "names"), [("economies", "city"), ("iso", "name"), ("iso", "n")])
def test_codes_of_countries_are_names_only_where_no_other_column_has_words(codes, names):
    ranked = rank_table({codes: ["FR", "DE"], names: ["Paris", "Berlin"] if names != "n" else [2, 1], "m": [2, 1]})
    assert ranked.names == (names if names != "n" else codes)
    assert ("economies" in ranked.ranking.column_names) == (codes == "economies")


def test_what_a_table_without_names_has_is_said_with_the_option_that_states_them(tmp_path):
    for text in ("Town;n\nVallès;1\nVallès;2\n", "Town;n\n1;1\n2;2\n", "Town code;n\nX1;1\nX2;2\n"):
        with pytest.raises(
            DataError, match=r"no column 'cluster'; it has: Town.*, n \(divided by ';'\)\. Each row .*, --names\)\.$"
        ):
            rank_counts(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Clusters,patents\na,1\na,2\n",
            r"has no column 'cluster'; it has: Clusters, patents \(divided by ','\). Did you mean 'Clusters'\?",
        ),
        ("cluster,patents\na,1\nb,2\na,3\n", r"counts.csv line 4: 'a' occurs already \(line 2\)"),
        ("cluster,patents\na,1\n,2\n", "counts.csv line 3: the name of the cluster is empty"),
        ("cluster,patents\na,1\nb,-2\n", "counts.csv line 3: patents is -2; a count is 0 or more"),
        ("cluster,patents\na,1\nb,many\n", "counts.csv line 3: patents is 'many', not a number.*name those that are"),
        (
            'cluster,patents\na,1\n\n"b\nc","1,234 or so"\n',
            "counts.csv line 4: patents is '1,234 or so', not a number; write it as 1234.5",
        ),
        (
            "cluster;patents\na;1.234\nb;2.345\n",
            r"patents is '1\.234', whose \. may divide thousands or decimals; write 1234, or 1\.2340",
        ),
        ("cluster,patents\na,1\nb,\n", "counts.csv line 3: patents is empty; write 0"),
        ("cluster,patents\na,NaN\nb,1\n", "counts.csv line 2: patents is 'NaN', not a number"),
        ("cluster,patents\na,1e99\n", "line 2: patents is 1e99; a count has at most 15 digits"),
        ("cluster,patents\na,0.1234567891\n", r"15 digits and 9 decimals; round it, .* by .round\(9\)"),
        ("cluster,patents,patents\na,1,2\n", "counts.csv has two columns 'patents'"),
        ("cluster,economies\na,FR\n", "counts.csv has no column of counts; it has: cluster, economies"),
        ("cluster,patents\na,1,2\n", "counts.csv line 2: a wrong number of columns"),
        ("", "counts.csv is empty"),
    ],
)
def test_what_cannot_be_ranked_is_said_with_its_line(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        rank_counts(write(tmp_path, text))


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        (
            {"weights": {"patent": 1}},
            r"weight names 'patent', which is not a metric here; .* are: patents, deals. Did you mean 'patents'\?",
        ),
        ({"totals": {"dealz": 9}}, r"total names 'dealz'.*mean 'deals'\?"),
        ({"weights": {"patents": -1}}, "weight of patents is -1; a number of 0 or more"),
        ({"weights": {"patents": "half"}}, "weight of patents is 'half'"),
        ({"weights": {"patents": 0}}, "all weights are 0"),
        ({"totals": {"patents": 2.5}}, r"the world total of patents is 2.5, but the clusters together have 1,003"),
        ({"metrics": ["deals"], "weights": {"patents": 1}}, "the metrics are: deals"),
        ({"decimals": 40}, "decimals is 40"),
    ],
)
def test_wrong_choices_are_said_with_the_nearest_right_one(choices, message):
    with pytest.raises(StudyError, match=message):
        rank_counts({"cluster": ["a", "b"], "patents": [1000, 3], "deals": [1, 1]}, **choices)


def test_the_world_may_be_just_the_clusters_but_not_a_thousandth_less():
    table = {"cluster": ["a", "b"], "patents": ["0.5", "1"]}
    assert rank_counts(table, totals={"patents": "1.5"}) == rank_counts(table)
    with pytest.raises(StudyError, match=r"the world total of patents is 1.499, but the clusters together have 1.5"):
        rank_counts(table, totals={"patents": "1.499"})


def test_a_metric_that_no_one_has_is_refused_unless_it_weighs_nothing():
    table = {"cluster": ["a"], "patents": [1], "deals": [0]}
    with pytest.raises(StudyError, match="deals has a world total of 0"):
        rank_counts(table)
    (row,) = rank_counts(table, weights={"patents": 1}).to_pylist()
    assert row["deals_share_pct"] is None


def test_a_missing_metric_is_a_fault_of_the_table():
    with pytest.raises(DataError, match=r"no column 'patent'; it has: cluster, patents. Did you mean 'patents'\?"):
        rank_counts({"cluster": ["a"], "patents": [1]}, metrics=["patent"])


def test_numbers_by_metric_are_read_as_they_are_typed():
    assert pairs(["patents=0.1", "New deals = 2"], "--weight") == {"patents": "0.1", "New deals": "2"}
    assert pairs(None, "--weight") is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["patents"], r"--weight is 'patents'; write it as METRIC=NUMBER, such as --weight patents=1"),
        (["=1"], r"--weight is '=1'"),
        (["a=1", "a=2"], r"--weight gives 'a' twice"),
    ],
)
def test_numbers_by_metric_that_cannot_be_read_are_refused(arguments, message):
    with pytest.raises(StudyError, match=message):
        pairs(arguments, "--weight")


@pytest.mark.parametrize(
    "weight",
    [
        1 / 3,
        0.1 + 0.2,
        np.int64(1),
        np.float32(0.1),
        Fraction(1, 3),
        10**30,
        "1e30",
        "0.3333333333333",
        Decimal("1e-9"),
    ],
    ids=repr,
)
def test_a_weight_counts_as_it_is_written(weight):
    table = {"cluster": ["a", "b"], "patents": [3, 1], "deals": [1, 4]}
    ranking = rank_counts(table, weights={"patents": weight, "deals": 1}).to_pylist()
    exact = weight if isinstance(weight, Fraction) else Fraction(str(weight))
    score = {"a": (3 * exact / 4 + Fraction(1, 5)), "b": (exact / 4 + Fraction(4, 5))}
    for row in ranking:
        assert abs(Fraction(row["score_pct"]) - 200 * score[row["cluster"]] / (exact + 1)) <= Fraction(1, 2 * 10**6)
    shown = as_json(rank_table(table, weights={"patents": weight, "deals": 1}))["weights"]
    assert json.loads(json.dumps(shown)) == {"patents": float(exact), "deals": 1}


@pytest.mark.parametrize("make", [dict, pd.Series], ids=["dict", "Series"])
def test_weights_and_totals_are_a_dict_or_a_series(make):
    table = {"cluster": ["a", "b"], "patents": [3, 1], "deals": [1, 4]}
    assert rank_counts(table, weights=make({"deals": 1}))["cluster"].to_pylist() == ["b", "a"]
    assert rank_table(table, totals=make({"patents": 8})).totals == {"patents": 8, "deals": 5}


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (
            {"weights": {"patents": 1e300}},
            r"patents is 1e\+300; a weight is 0, or from 1E-99 to 1E\+99 with at most 100 d",
        ),
        ({"weights": {"patents": "0." + 101 * "3"}}, "a weight is 0, or from 1E-99 to"),
        ({"weights": {"patents": Fraction(1, 10**100)}}, "a weight is 0, or from 1E-99 to"),
        ({"weights": {"patents": float("nan")}}, "weight of patents is nan; a number of 0 or more is expected"),
        ({"weights": {"patents": True}}, "weight of patents is True; a number of 0 or more"),
        ({"weights": {"patents": Fraction(-1, 3)}}, "a number of 0 or more is expected"),
        ({"weights": [1, 2]}, r"weights are \[1, 2\]; a number by metric is expected, such as \{'patents': 1\}"),
        ({"totals": {"patents": 1e30}}, r"total of patents is 1e\+30; it has at most 15 digits and 9 decimals"),
        ({"totals": {"patents": "much"}}, "total of patents is 'much'; a number of 0 or more is expected"),
    ],
)
def test_what_is_the_matter_with_a_weight_or_total_is_said(choice, message):
    with pytest.raises(StudyError, match=message):
        rank_counts({"cluster": ["a", "b"], "patents": [3, 1], "deals": [1, 4]}, **choice)


def test_as_json_a_ranking_says_what_it_was_made_with():
    ranked = rank_table({"cluster": ["a", "b"], "patents": [3, 1], "rank": [1, 1]}, weights={"patents": "0.5"})
    assert json.loads(json.dumps(as_json(ranked))) == {
        "ranking": [
            {"rank": 1, "cluster": "a", "score_pct": 75.0, "patents": 3, "patents_share_pct": 75.0},
            {"rank": 2, "cluster": "b", "score_pct": 25.0, "patents": 1, "patents_share_pct": 25.0},
        ],
        "weights": {"patents": 0.5},
        "totals": {"patents": 4.0},
        "summed": ["patents"],
        "agreement": {
            "ranks": 2,
            "ranks_agreeing": 1,
            "cells": 0,
            "cells_agreeing": 0,
            "differences": [{"cluster": "b", "column": "rank", "printed": "1", "computed": "2"}],
        },
    }


def test_ties_go_to_the_larger_sum_of_counts_then_to_the_name():
    totals = {"p": 10, "q": 100}
    ranking = rank_counts({"cluster": ["a", "c", "b"], "p": [1, 0, 0], "q": [0, 10, 10]}, totals=totals)
    assert [(row["cluster"], row["score_pct"]) for row in ranking.to_pylist()] == [("b", 10), ("c", 10), ("a", 10)]


def test_a_table_without_lines_is_told_by_its_row():
    with pytest.raises(DataError, match="the table row 2: patents is -1; a count is 0 or more"):
        rank_counts(pa.table({"cluster": ["a", "b"], "patents": [1, -1]}))


def test_what_is_no_table_is_refused(tmp_path):
    with pytest.raises(StudyError, match="counts is a int"):
        rank_counts(7)
    with pytest.raises(StudyError, match="There is no file"):
        rank_counts(tmp_path / "nowhere.csv")


def test_one_cluster_has_everything():
    (row,) = rank_counts({"cluster": ["a"], "patents": [7]}).to_pylist()
    assert (row["rank"], row["score_pct"]) == (1, 100)


def sets_of(ranking):
    return {row["cluster"]: (row["rank_low"], row["rank_high"]) for row in ranking.to_pylist()}


SETS = ("rank_low", "rank_high")


def test_rank_ranges_of_a_table_are_computed_where_sets_is_true():
    ranking = rank_counts(str(PUBLISHED), totals=WORLD, sets=True)
    assert ranking.column_names[-2:] == list(SETS)
    rank_ranges = sets_of(ranking)
    assert rank_ranges["Tokyo–Yokohama"] == (1, 1)
    assert rank_ranges["Wuhan"][1] >= rank_ranges["Hangzhou"][0]
    assert all(low <= rank <= high for rank, (low, high) in enumerate(rank_ranges.values(), start=1))
    assert not set(SETS) & set(rank_counts(str(PUBLISHED), totals=WORLD).column_names)


def test_whole_counts_of_one_metric_have_exact_sets():
    """Fifteen to five is statistically distinguishable, fourteen to six is not (fair coins, two-sided test at 5 %)."""
    for counts, expected in (((15, 5), [(1, 1), (2, 2)]), ((14, 6), [(1, 2), (1, 2)])):
        for more in ({}, {"deals": [9, 0]}):
            table = {"cluster": ["a", "b"], "patents": list(counts), **more}
            ranked = rank_counts(table, weights={"patents": 1}, sets=True)
            assert list(sets_of(ranked).values()) == expected


def test_sets_of_fractional_counts_go_by_records_however_they_are_written():
    table = {"cluster": ["b", "a", "c"], "patents": ["40.5", "190", "41"], "deals": ["8", "90.5", "9"]}
    rank_ranges = sets_of(rank_counts(table, sets=True))
    longer = {**table, "patents": ["40.500", "190.000", "41.000"]}
    assert rank_ranges == sets_of(rank_counts(longer, sets=True)) == {"a": (1, 1), "c": (2, 3), "b": (2, 3)}


def test_sets_are_computed_of_tables_only(demo):
    command = [sys.executable, "-m", "hubrank", "rank", "--sets", "--json"]
    completed = subprocess.run([*command, PUBLISHED], capture_output=True, check=True)
    assert json.loads(completed.stdout)["ranking"][0]["rank_low"] == 1
    refused = subprocess.run([*command, demo / "2025"], capture_output=True, check=False)
    assert refused.returncode == 2


@pytest.mark.parametrize("title", ["Rounds by metro", "Rounds by metro;;", "Rounds by metro\n", "City;Counts;"])
def test_lines_above_the_names_of_columns_are_read_as_those_of_a_study(tmp_path, title):
    below = ";Rounds;Patents" if title.startswith("City") else "City;Rounds;Patents"
    path = write(tmp_path, f"{title}\n{below}\nBoston;12;3\nAustin;4;1\nDenver;1;0\n")
    ranking = rank_counts(path)
    assert ranking["cluster"].to_pylist() == ["Boston", "Austin", "Denver"]
    assert ranking.column_names[3:4] == ["Counts Rounds" if title.startswith("City") else "Rounds"]


def test_a_table_without_counts_is_described_as_it_is_written(tmp_path):
    with pytest.raises(
        DataError, match=r"no column of counts; it has: City, Land \(header in line 2, divided by ';'\)"
    ):
        rank_counts(write(tmp_path, "A title\nCity;Land\nKöln;DE\nWien;AT\nBern;CH\n"))
