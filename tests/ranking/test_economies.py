"""Economies and regions: a cross-border cluster counts once for each, its units once."""

from hubrank.ranking.tables import economies, top_shares
from ranking.small_rankings import rank_towns, row

ROWS = [
    row("patents", "a", 0, 60, economy="CH"),
    row("patents", "b", 0, 30, economy="DE"),
    row("patents", "c", 0, 10, economy="FR"),
    row("patents", "d", 5, 40, economy="DE"),
    row("patents", "e", 7, 20, economy="SG"),
    row("patents", "f", 9, 40, economy="FR"),  # in no cluster
    row("deals", "g", 7, 5, economy="SG"),
]
CLUSTERS = [("basel", ("CH", "DE", "FR"), [0]), ("berlin", ("DE",), [5]), ("singapore", ("SG",), [7])]
RANKED = rank_towns(ROWS, CLUSTERS, ("patents", "deals"))  # scores: 50, 20, 10 + 100


def test_ranks_of_the_example():
    assert RANKED.rank == [2, 3, 1]


def test_a_cluster_over_three_economies_counts_once_for_each_and_once_for_their_region():
    rows = {(r["level"], r["code"]): r for r in economies.counts(RANKED, 2).to_pylist()}
    columns = ("clusters", "clusters_top", "cross_border")
    assert {code: tuple(r[c] for c in columns) for (level, code), r in rows.items() if level == "economy"} == {
        "CH": (1, 1, 1),
        "DE": (2, 1, 1),
        "FR": (1, 1, 1),
        "SG": (1, 1, 0),
    }
    assert (rows["region", "Europe"]["clusters"], rows["subregion", "Western Europe"]["clusters"]) == (2, 2)
    assert (rows["world", "World"]["clusters"], rows["world", "World"]["clusters_top"]) == (3, 2)
    assert (rows["economy", "DE"]["best_rank"], rows["economy", "DE"]["best_cluster_id"]) == (2, "basel")
    assert (rows["economy", "SG"]["name"], rows["economy", "SG"]["within"]) == ("Singapore", "South-eastern Asia")


def test_a_cluster_across_a_border_counts_once_in_each_of_its_economies():
    counted = [r for r in economies.counts(RANKED, 2).to_pylist() if r["level"] == "economy"]
    assert sum(r["clusters"] for r in counted) == 5


def test_units_count_once_whatever_the_borders():
    rows = {(r["code"], r["metric"]): r for r in economies.output(RANKED, RANKED.points, 2).to_pylist()}
    units = {key: (r["units"], r["units_in_clusters"], r["units_in_top"]) for key, r in rows.items()}
    assert units["DE", "patents"] == (70, 70, 30)
    assert units["FR", "patents"] == (50, 10, 10)
    assert units["Europe", "patents"] == (180, 140, 100)
    assert units["World", "patents"] == (200, 160, 120)
    assert units["World", "deals"] == (5, 5, 5)
    assert str(rows["FR", "patents"]["share_pct"]) == "25.000000"
    assert ("DE", "deals") not in rows


def test_every_economy_has_code_and_name_and_a_region():
    codes = {"NA": "Namibia", "XK": "Kosovo", "TW": "Taiwan", "HK": "Hong Kong", "CI": "Côte d'Ivoire"}
    codes |= {"TR": "Türkiye", "KR": "Republic of Korea"}
    rows = [row("patents", code, n, 10, economy=code) for n, code in enumerate(codes)]
    ranked = rank_towns(rows, [(code.lower(), (code,), [n]) for n, code in enumerate(codes)], ("patents",))
    counted = [r for r in economies.counts(ranked, 100).to_pylist() if r["level"] == "economy"]
    assert {r["code"]: r["name"] for r in counted} == codes
    assert all(r["within"] not in {"", "(no region)"} for r in counted)


def test_listings_without_an_economy_are_in_the_world_alone():
    rows = [row("patents", "a", 0, 3, economy=None), row("patents", "b", 0, 1)]
    ranked = rank_towns(rows, [("a", ("FR",), [0])], ("patents",))
    units = {(r["level"], r["code"]): r["units"] for r in economies.output(ranked, ranked.points, 1).to_pylist()}
    assert units["economy", "(none)"] == 3
    assert units["region", "(no region)"] == 3
    assert units["world", "World"] == 4


def test_top_shares_are_what_the_first_ranks_make_together():
    table = top_shares.top_shares(RANKED, (1, 2, 100)).to_pylist()
    rows = {(r["metric"], r["top"]): (r["units"], str(r["share_pct"])) for r in table}
    assert rows["patents", 1] == (20, "10.000000")
    assert rows["patents", 2] == (120, "60.000000")
    assert rows["patents", 100] == (160, "80.000000")  # fewer than a hundred: all of them
    assert rows["deals", 1] == (5, "100.000000")


def test_the_leader_of_a_metric_has_most_of_it_whatever_its_rank():
    assert [tuple(r.values())[:3] for r in top_shares.leaders(RANKED).to_pylist()] == [
        ("patents", "basel", 100),
        ("deals", "singapore", 5),
    ]


def test_a_metric_that_no_cluster_has_has_no_leader():
    ranked = rank_towns(
        [row("patents", "a", 0, 1), row("deals", "b", 9, 1)], [("a", ("FR",), [0])], ("patents", "deals")
    )
    assert [r["metric"] for r in top_shares.leaders(ranked).to_pylist()] == ["patents"]
