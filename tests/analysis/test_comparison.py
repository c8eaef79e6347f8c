"""Clusters of two editions and more, matched by where their weight lies; hand-made cases."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from fixtures_editions import EditionFactory, run_edition
from hubrank.analysis import comparison
from hubrank.analysis.comparison.matching import ListingOverlap, match_overlaps
from hubrank.analysis.lasting_ids import lasting_ids
from hubrank.analysis.pair_remarks import pair_remarks
from hubrank.core.errors import StudyError
from hubrank.study.study_file import parse

WEST, MIDDLE, EAST = (48.80, 2.00), (48.80, 2.10), (48.80, 2.20)  # 7.3 km from one to the next
PARIS, LYON, NICE = (48.85, 9.35), (45.75, 4.85), (43.70, 7.27)
NEAR = {"radius_km": 8, "min_listings": 3}


@pytest.fixture
def factory(tmp_path):
    editions = EditionFactory(tmp_path)
    with editions.engine:
        yield editions


def town(place, count, metric="patents"):
    return [(metric, f"{metric}{place}{i}", [place]) for i in range(count)]


def world(**counts):
    places = {"west": WEST, "middle": MIDDLE, "east": EAST, "paris": PARIS, "lyon": LYON, "nice": NICE}
    return [record for name, count in counts.items() for record in town(places[name], count)]


def pair(factory, first, second, old=None, new=None):
    """Compare two small worlds; return the rows of the later clusters, and of the earlier ones that have none."""
    editions = [
        factory.edition(world(**counts), str(number), **({"clusters": NEAR} | (choices or {})))
        for number, counts, choices in ((1, first, old), (2, second, new))
    ]
    rows = comparison.compared(editions).table.to_pylist()
    return [row for row in rows if row["rank"]], [row for row in rows if not row["rank"]]


def cells(rows, *columns):
    return [tuple(row[name] for name in columns) for row in rows]


PARTS = ("data", "boundary", "method")


def test_an_edition_compared_with_itself_moves_nothing(factory):
    later, gone = pair(factory, {"west": 5, "paris": 5, "lyon": 5}, {"west": 5, "paris": 5, "lyon": 5})
    assert cells(later, "rank", "kind", "change", "move", *PARTS) == [
        (rank, "kept", 0, 0, 0, 0, 0) for rank in (1, 2, 3)
    ]
    assert {row["score_data_pct"] for row in later} == {0}
    assert gone == []


def test_more_records_alone_are_data(factory):
    later, _ = pair(factory, {"paris": 5, "lyon": 6}, {"paris": 9, "lyon": 6})
    assert cells(later, "rank", "rank_before", "move", *PARTS) == [(1, 2, 1, 1, 0, 0), (2, 1, -1, -1, 0, 0)]
    assert cells(later, "previous_rank", "change") == [(2, 1), (1, -1)]
    scores = cells(later, "score_before_pct", "score_data_pct", "score_boundary_pct", "score_method_pct", "score_pct")
    assert scores[0] == tuple(Decimal(text) for text in ("45.454545", "14.545455", "0", "0", "60.000000"))


def test_other_weights_alone_are_method_and_the_previous_rank_is_recounted(factory):
    records = town(PARIS, 6) + town(LYON, 3) + town(PARIS, 3, "deals") + town(LYON, 6, "deals")
    both = {"metrics": ("patents", "deals"), "clusters": NEAR}
    old = factory.edition(records, "1", ranking={"weights": {"patents": 1}}, **both)
    new = factory.edition(records, "2", ranking={"weights": {"deals": 1}}, **both)
    rows = comparison.compared([old, new]).table.to_pylist()
    assert cells(rows, "rank_before", "rank", *PARTS) == [(2, 1, 0, 0, 1), (1, 2, 0, 0, -1)]
    assert cells(rows, "previous_rank", "change") == [(1, 0), (2, 0)]


def test_a_new_suburb_out_of_reach_of_the_old_cores_is_boundary(factory):
    # EAST is 14.6 km from WEST: not on its ground, but in one cluster with it once MIDDLE is dense.
    first, second = {"west": 5, "lyon": 9}, {"west": 5, "lyon": 9, "middle": 3, "east": 4}
    later, _ = pair(factory, first, second)
    assert cells(later, "rank_before", "rank", "move", *PARTS) == [(2, 1, 1, 0, 1, 0), (1, 2, -1, 0, -1, 0)]
    assert cells(later, "kind") == [("kept",), ("kept",)]


def test_a_cluster_whose_bridge_is_gone_is_split_and_prints_nothing(factory):
    later, lost = pair(factory, {"west": 6, "middle": 2, "east": 5, "lyon": 3}, {"west": 6, "east": 5, "lyon": 3})
    assert cells(later, "rank", "kind", "previous_rank", "change", "move", *PARTS) == [
        (1, "split", *[None] * 6),
        (2, "split", *[None] * 6),
        (3, "kept", 2, -1, -1, 0, -1, 0),
    ]
    assert cells(lost, "kind", "rank_before") == [("split", 1)]
    assert len(lost[0]["kin"]) == 2
    assert later[0]["kin"] == later[1]["kin"] == [lost[0]["cluster_id"]]


def test_what_keeps_two_thirds_goes_on_and_what_broke_off_is_split(factory):
    later, lost = pair(factory, {"west": 12, "middle": 2, "east": 4}, {"west": 12, "east": 4})
    assert cells(later, "kind", "rank_before", "move") == [("kept", 1, 0), ("split", None, None)]
    assert lost == []


def test_two_clusters_that_a_bridge_joins_go_on_as_the_heavier(factory):
    first, second = {"west": 6, "east": 5, "lyon": 8}, {"west": 6, "middle": 3, "east": 5, "lyon": 8}
    later, lost = pair(factory, first, second)
    assert cells(later, "rank", "kind", "rank_before", *PARTS) == [(1, "joined", 2, 1, 0, 0), (2, "kept", 1, -1, 0, 0)]
    assert cells(lost, "kind", "rank_before") == [("absorbed", 3)]
    assert lost[0]["kin"] == [later[0]["cluster_id"]]
    assert lost[0]["cluster_id"] in later[0]["kin"]


def test_a_join_by_radius_is_method(factory):
    records = {"west": 6, "east": 5, "lyon": 8}
    later, lost = pair(factory, records, records, new={"clusters": NEAR | {"radius_km": 15}})
    assert cells(later, "kind", "rank_before", "rank", *PARTS) == [("joined", 2, 1, 0, 0, 1), ("kept", 1, 2, 0, 0, -1)]
    assert cells(later, "previous_rank", "change") == [(1, 0), (2, 0)]
    assert cells(lost, "kind") == [("absorbed",)]


def test_a_cluster_with_another_name_is_the_same_cluster(factory):
    later, lost = pair(factory, {"west": 6, "middle": 3}, {"west": 3, "middle": 60})
    (row,) = later
    assert (row["kind"], row["move"], lost) == ("kept", 0, [])
    assert row["cluster"] != row["cluster_before"]
    assert row["cluster_id"] not in row["kin"]


def test_an_edition_is_compared_with_the_one_before_as_a_grouping_of_its_listings(factory):
    first = factory.edition(world(paris=6, lyon=5), "1", clusters=NEAR)
    same = factory.edition(world(paris=6, lyon=5), "2", clusters=NEAR)
    other = factory.edition(world(paris=6, lyon=5, nice=9), "3", clusters=NEAR)
    rows = comparison.compared([first, same, other]).partitions.to_pylist()
    assert cells(rows, "kind", "compared_with", "clusters", "moved", "lost", "largest_move") == [
        ("edition", "1", 2, 0, 0, 0),
        ("edition", "2", 2, 2, 1, 1),
    ]
    assert cells(rows, "adjusted_rand", "variation_bits")[0] == (1, 0)
    assert rows[1]["adjusted_rand"] == 1, "what was noise before is one group, and a cluster now"


def test_an_id_lasts_while_the_cluster_does_whatever_it_is_called(factory):
    earlier = factory.edition(world(west=6, middle=3), "1", clusters=NEAR)
    later = factory.edition(world(west=3, middle=60, nice=5), "2", clusters=NEAR)
    (old,) = earlier.as_published().names
    lasting = lasting_ids(later.study, later.as_published(), earlier)
    assert lasting.names[0].cluster_id == old.cluster_id != later.as_published().names[0].cluster_id
    assert lasting.names[0].cluster == later.as_published().names[0].cluster != old.cluster
    assert lasting.names[1] == later.as_published().names[1], "a new cluster is called as it comes out"
    assert lasting_ids(later.study, later.as_published(), None).names == later.as_published().names


def test_the_largest_part_of_a_split_cluster_has_its_id_and_is_it_in_a_series(factory):
    bridged, apart = {"west": 6, "middle": 2, "east": 5, "lyon": 3}, {"west": 6, "east": 5, "lyon": 3}
    editions = [
        factory.edition(world(**counts), str(number), clusters=NEAR)
        for number, counts in enumerate((bridged, apart, bridged))
    ]
    first, second, _ = editions
    compared = comparison.compared(editions)
    rows = compared.series.to_pylist()
    assert cells([row for row in rows if row["thread"] == 1], "edition", "kind", "rank", "previous_rank") == [
        ("0", "first", 1, None),
        ("1", "split", 1, None),
        ("2", "joined", 1, 1),
    ]
    assert cells([row for row in rows if row["thread"] == 3], "edition", "kind") == [("1", "split")]
    lasting = lasting_ids(second.study, second.as_published(), first).names
    old = [name.cluster_id for name in first.as_published().names]
    assert lasting[0].cluster_id == old[0]
    assert lasting[1].cluster_id not in old
    assert lasting[2].cluster_id == old[1]


def test_a_new_cluster_never_gets_the_id_of_an_earlier_one(factory):
    earlier = factory.edition(world(paris=5), "1", clusters=NEAR)
    later = factory.edition(world(lyon=5), "2", clusters=NEAR)
    taken = earlier.as_published().names[0].cluster_id
    ranked = later.as_published()
    called_alike = replace(ranked, names=[replace(ranked.names[0], cluster_id=taken)])
    assert lasting_ids(later.study, called_alike, earlier).names[0].cluster_id == f"{taken}--2"


def test_another_cluster_with_the_same_name_is_not_the_same(factory):
    first = factory.edition(world(paris=5), "1", clusters=NEAR)
    plain = factory.edition(world(lyon=5), "2", clusters=NEAR).as_published().names[0].cluster_id
    cities = list(first.as_published().names[0].cities)
    second = factory.edition(world(lyon=5), "2", clusters=NEAR, naming={plain: cities})
    rows = comparison.compared([first, second]).table.to_pylist()
    assert rows[0]["cluster"] == rows[1]["cluster"]
    assert cells(rows, "rank", "kind", "rank_before", "move") == [(1, "new", None, None), (None, "gone", 1, None)]


def test_new_and_gone_print_nothing_and_what_a_new_one_displaces_moves_by_boundary(factory):
    later, lost = pair(factory, {"paris": 5, "lyon": 4}, {"paris": 5, "nice": 6})
    assert cells(later, "rank", "kind", "previous_rank", "change", "rank_before", "move", *PARTS) == [
        (1, "new", *[None] * 7),
        (2, "kept", 1, -1, 1, -1, 0, -1, 0),
    ]
    assert cells(lost, "kind", "rank_before", "kin") == [("gone", 2, [])]


def test_new_to_the_list_by_method_alone_has_a_previous_rank(factory):
    records = {"paris": 9, "lyon": 5}
    later, _ = pair(factory, records, records, old={"clusters": NEAR | {"min_listings": 6}})
    assert cells(later, "kind", "rank_before", "previous_rank", "change") == [("kept", 1, 1, 0), ("new", None, 2, 0)]


def test_a_shrunken_and_a_grown_cluster_are_kept(factory):
    first, second = {"west": 6, "middle": 5, "lyon": 3}, {"west": 6, "lyon": 30}
    assert cells(pair(factory, first, second)[0], "kind") == [("kept",)] * 2
    assert cells(pair(factory, second, first)[0], "kind") == [("kept",)] * 2


def test_scattered_sites_that_never_coincide_are_one_cluster(factory):
    first = [("patents", f"a{i}", [(48.80 + i / 50, 2.00)]) for i in range(6)]
    second = [("patents", f"b{i}", [(48.81 + i / 50, 2.00)]) for i in range(6)]
    editions = [factory.edition(rows, str(n), clusters=NEAR) for n, rows in enumerate((first, second))]
    assert cells(comparison.compared(editions).table.to_pylist(), "kind", "move", *PARTS) == [("kept", 0, 0, 0, 0)]


def test_another_rounding_loses_no_cluster(factory):
    records = {"west": 6, "middle": 4, "lyon": 12}
    later, lost = pair(factory, records, records, new={"points": {"round_deg": 0.1}})
    assert cells(later, "kind", "move", *PARTS) == [("kept", 0, 0, 0, 0)] * 2
    assert lost == []


def test_every_cluster_may_be_gone_and_none_may_have_been(factory):
    later, lost = pair(factory, {"paris": 5}, {"paris": 2})
    assert (later, cells(lost, "kind")) == ([], [("gone",)])
    later, lost = pair(factory, {"paris": 2}, {"paris": 5})
    assert (cells(later, "kind", "move"), lost) == ([("new", None)], [])


def test_a_series_follows_clusters_through_absence_under_the_last_method(factory):
    worlds = [{"paris": 9, "lyon": 5}, {"paris": 9, "nice": 4}, {"paris": 3, "lyon": 5, "nice": 4}]
    records = [factory.edition(world(**counts), str(n), clusters=NEAR) for n, counts in enumerate(worlds, 2021)]
    compared = comparison.compared(records)
    rows = compared.series.to_pylist()
    assert cells(rows, "thread", "edition", "kind", "rank", "previous_rank", "change") == [
        (1, "2021", "first", 2, None, None),
        (1, "2023", "re-entered", 1, None, None),
        (2, "2022", "new", 2, None, None),
        (2, "2023", "kept", 2, 2, 0),
        (3, "2021", "first", 1, None, None),
        (3, "2022", "kept", 1, 1, 0),
        (3, "2023", "kept", 3, 1, -2),
    ]
    assert cells(compared.table.to_pylist(), "rank", "kind") == [(1, "re-entered"), (2, "kept"), (3, "kept")]
    assert compared.names == ("2021", "2022", "2023")


def test_a_cluster_that_is_gone_for_good_stands_last_in_a_series(factory):
    worlds = [{"lyon": 9, "paris": 5}, {"paris": 5}, {"paris": 5, "nice": 4}]
    records = [factory.edition(world(**counts), str(n), clusters=NEAR) for n, counts in enumerate(worlds)]
    rows = comparison.compared(records).series.to_pylist()
    assert cells(rows, "thread", "edition") == [(1, "0"), (1, "1"), (1, "2"), (2, "2"), (3, "0")]


def test_what_broke_off_two_editions_ago_is_new_where_the_whole_lives_on(factory):
    first, between, last, beyond = ((48.80, lon) for lon in (2.00, 2.07, 2.14, 2.21))  # 5.1 km from one to the next
    worlds = [
        town(first, 10) + town(between, 1) + town(last, 6),
        town(last, 6) + town(beyond, 3),
        town(first, 30) + town(last, 6) + town(beyond, 3),
    ]
    records = [factory.edition(rows, str(n), clusters=NEAR) for n, rows in enumerate(worlds)]
    rows = comparison.compared(records).series.to_pylist()
    assert cells(rows, "thread", "edition", "kind") == [
        (1, "2", "new"),
        (2, "0", "first"),
        (2, "1", "kept"),
        (2, "2", "kept"),
    ]


def test_previous_ranks_are_recounted_under_the_method_of_the_new_study(factory):
    records = town(PARIS, 6) + town(LYON, 3) + town(PARIS, 3, "deals") + town(LYON, 6, "deals")
    both = {"metrics": ("patents", "deals"), "clusters": NEAR}
    old = factory.edition(records, "1", ranking={"weights": {"patents": 1}}, **both)
    new = factory.edition(records, "2", ranking={"weights": {"deals": 1}}, **both)
    assert (
        comparison.previous_ranks(new.study, new.as_published(), old)
        == new.as_published().rank
        != old.as_published().rank
    )


def test_previous_ranks_are_those_of_the_comparison(factory):
    old = factory.edition(world(paris=5, lyon=6, nice=7), "1", clusters=NEAR)
    new = factory.edition(world(paris=9, lyon=6, west=4), "2", clusters=NEAR)
    ranked = new.as_published()
    ranks = comparison.previous_ranks(new.study, ranked, old)
    rows = comparison.compared([old, new]).table.to_pylist()
    expected = {row["cluster_id"]: row["previous_rank"] for row in rows if row["rank"]}
    assert dict(zip((name.cluster_id for name in ranked.names), ranks, strict=True)) == expected
    assert sorted(expected.values(), key=str) == [2, 3, None]


def test_one_edition_is_nothing_to_compare():
    with pytest.raises(StudyError, match="needs two editions or more, the older first; got 1"):
        comparison.compare(Path("2024"))


def test_a_folder_that_is_no_edition_is_refused(tmp_path):
    with pytest.raises(StudyError, match="is not an edition"):
        comparison.compare(tmp_path, tmp_path)


def test_simulated_editions_say_so(factory):
    first = factory.edition(world(paris=5), "1", clusters=NEAR)
    second = factory.edition(world(paris=5), "2", clusters=NEAR, synthetic=True)
    assert comparison.compared([first, first]).note == ""
    assert comparison.compared([first, second]).note.startswith("SIMULATED")


def test_editions_on_disk_are_compared_and_repeated_names_are_numbered(tmp_path):
    threshold = "[clusters]\nmin_listings = 3\n"
    rows = [[f"p{i}", 0, 2020, 48.85, 2.35, 1] for i in range(5)]
    more = [[f"l{i}", 0, 2020, 45.75, 4.85, 1] for i in range(9)]
    first, second = run_edition(tmp_path, "a", rows, threshold), run_edition(tmp_path, "b", rows + more, threshold)
    text = second.folder / "edition.json"
    text.write_text(text.read_text().replace('"edition": "b"', '"edition": "a"'))
    compared = comparison.compare(first.folder, second.folder)
    assert cells(compared.table.to_pylist(), "cluster", "kind", "move") == [
        ("Lyon", "new", None),
        ("Paris", "kept", -1),
    ]
    assert compared.names == ("a (1)", "a (2)")
    folders = (first.folder.name, second.folder.name)
    assert compared.remarks == (
        "a (1) is {}; a (2) is {}: they have one name (edition in the study).".format(*folders),
    )


def of_deals(**changes):
    """Return a study of deals of four years, read from a file called after the last of them."""
    stated = {"title": "Deals 2024", "years": [2021, 2024], "files": "raw/2024/deals-2024.csv", **changes}
    source = {"metric": "deals", "reader": "table", "files": stated["files"], "columns": {"city": "c", "year": "y"}}
    windows = {"deals": stated["years"]}
    return parse(
        {"title": stated["title"], "edition": "1", "windows": windows, "sources": [source], "clusters": DENSE},
        Path("study.toml"),
    )


DENSE = {"min_listings": 3}


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({}, None),
        ({"title": "Deals 2025", "years": [2022, 2025], "files": "raw/2025/deals-2025.csv"}, None),
        ({"title": "Capital", "years": [2022, 2025]}, None),  # the same files under another title
        ({"title": "Deals of 2025", "files": "export.csv", "years": [2022, 2025]}, "read different files"),
        ({"years": [2017, 2020]}, "the newer edition is named first, so that rises are shown as falls"),
    ],
)
def test_editions_in_the_wrong_order_or_of_other_files_are_named(changes, remark):
    remarks = list(pair_remarks(of_deals(), of_deals(**changes), ("a", "b")))
    assert len(remarks) == (remark is not None)
    assert all(remark in sentence for sentence in remarks)


def test_the_comparison_holds_the_interval_that_the_earlier_edition_printed(tmp_path):
    threshold = "[clusters]\nmin_listings = 3\n"
    rows = [[f"p{i}", 0, 2020, 48.85, 2.35, 1] for i in range(5)]
    more = [[f"l{i}", 0, 2020, 45.75, 4.85, 1] for i in range(6)]
    first, second = (run_edition(tmp_path, name, part, threshold) for name, part in (("a", rows + more), ("b", rows)))
    printed = {row["cluster"]: row for row in first.table("ranking").to_pylist()}
    assert printed["Paris"]["rank_low_places"] < printed["Paris"]["rank_high_places"]
    compared = comparison.compare(first.folder, second.folder).table.to_pylist()
    bounds = cells(compared, "cluster", "rank_before_low", "rank_before_high")
    assert bounds == [
        (name, printed[name]["rank_low_places"], printed[name]["rank_high_places"]) for name in ("Paris", "Lyon")
    ]


def test_only_nullable_columns_contain_nulls(factory):
    first = factory.edition(world(west=5, middle=9, east=5, nice=9), "1", clusters=NEAR)
    second = factory.edition(world(west=5, east=5, lyon=5), "2", clusters=NEAR)
    compared = comparison.compared([first, second, first])
    assert {"new", "split", "gone"} <= set(comparison.compared([first, second]).table["kind"].to_pylist())
    for table in (comparison.compared([first, second]).table, compared.table, compared.series):
        empty = {field.name for field in table.schema if table[field.name].null_count}
        assert empty <= {field.name for field in table.schema if field.nullable}


def test_half_of_either_and_a_little_more_relates_two_clusters_whichever_way_it_lies():
    old, new = ListingOverlap({}, [10]), ListingOverlap({(0, 0): 3}, [5])
    assert match_overlaps(old, new).before == [0]
    assert match_overlaps(old, ListingOverlap({(0, 0): 3}, [6])).before == [None]
    assert match_overlaps(ListingOverlap({(0, 0): 6}, [10]), ListingOverlap({}, [99])).before == [0]
    assert match_overlaps(ListingOverlap({(0, 0): 5}, [10]), ListingOverlap({}, [99])).before == [None]


def test_two_thirds_to_the_last_listing_continue_a_cluster():
    successors = ListingOverlap({(0, 0): 6, (1, 0): 3}, [6, 3])
    assert match_overlaps(ListingOverlap({}, [9]), successors).after == [0]
    assert match_overlaps(ListingOverlap({}, [9]), ListingOverlap({(0, 0): 5, (1, 0): 3}, [5, 3])).after == [None]


def test_a_comparison_begins_with_the_cluster():
    assert comparison.COMPARISON_SCHEMA.names[:5] == [
        "rank",
        "cluster_id",
        "cluster",
        "economies",
        "kind",
    ]
