"""Who and what stands behind a cluster: every unit is credited once."""

import dataclasses
from collections import defaultdict
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.core.errors import CheckFailed
from hubrank.ranking.tables.profiles import SCHEMA, fields, profiles
from ranking.small_rankings import on_engine, profile, rank_towns, records_of, row

CLUSTERS = [("first", ("FR",), [0, 1]), ("second", ("DE",), [5])]


def profiled(rows, folder, clusters=CLUSTERS, metrics=("patents",)):
    ranked = rank_towns(rows, clusters, metrics)
    return on_engine(
        ranked,
        partial(profile, ranked),
        folder,
    )


def named(table, kind, cluster="first"):
    """Return (name, units) in their order."""
    rows = [r for r in table.to_pylist() if r["kind"] == kind and r["cluster_id"] == cluster]
    return [(r["name"], r["units"]) for r in sorted(rows, key=lambda r: r["rank_in_cluster"])]


def test_a_record_is_shared_equally_what_is_left_goes_to_the_first_names(tmp_path):
    table = profiled([row("patents", "a", 0, 11, organisations=["Zeta", "Alpha", "Mid"])], tmp_path)
    assert named(table, "organisation") == [("Alpha", 4), ("Mid", 4), ("Zeta", 3)]
    assert table.schema == SCHEMA


def test_what_is_made_on_the_way_is_given_back(tmp_path):
    count = "SELECT COUNT(*) AS tables FROM duckdb_tables()"

    def more(rounded, labels, engine):
        ranked = rank_towns(rows, CLUSTERS, ("patents",))
        records = records_of(ranked, rounded, labels, engine)
        world, before = fields(records.cells, engine), engine.rows(count)
        profiles(ranked, records, world, engine)
        return before, engine.rows(count)

    rows = [row("patents", "a", 0, 10, organisations=["A"])]
    before, after = on_engine(rank_towns(rows, CLUSTERS, ("patents",)), more, tmp_path)
    assert after == before


def test_the_listings_of_one_record_in_one_cluster_are_shared_together(tmp_path):
    rows = [row("patents", "a", lat, 5, organisations=["B", "A", "C"], listing=lat) for lat in (0, 1)]
    assert named(profiled(rows, tmp_path), "organisation") == [("A", 4), ("B", 3), ("C", 3)]


def test_each_record_is_shared_by_itself(tmp_path):
    rows = [row("patents", record, 0, 5, organisations=["B", "A"]) for record in ("a", "b")]
    rows += [row("patents", record, 0, 5, organisations=["C"]) for record in ("c", "d")]
    assert named(profiled(rows, tmp_path), "organisation") == [("C", 10), ("A", 6), ("B", 4)]


def test_an_organisation_named_twice_counts_once_and_blank_names_not_at_all(tmp_path):
    table = profiled([row("patents", "a", 0, 10, organisations=["A", "A ", "", None, "B"])], tmp_path)
    assert named(table, "organisation") == [("A", 5), ("B", 5)]


@pytest.mark.parametrize("nothing", [None, [], [""], [None]])
def test_what_names_no_organisation_is_none_and_stands_last(tmp_path, nothing):
    rows = [row("patents", "a", 0, 100, organisations=nothing), row("patents", "b", 0, 1, organisations=["A"])]
    assert named(profiled(rows, tmp_path), "organisation") == [("A", 1), ("(none)", 100)]


def test_natural_persons_stand_behind_organisations(tmp_path):
    rows = [row("patents", "a", 0, 9, organisations=["individual"]), row("patents", "b", 0, 1, organisations=["A"])]
    assert named(profiled(rows, tmp_path), "organisation") == [("A", 1), ("individual", 9)]


def test_a_listing_that_names_its_own_organisation_credits_that_one_alone(tmp_path):
    rows = [
        row("patents", "a", 0, 5, organisations=["Tokyo"], listing=1),
        row("patents", "a", 5, 5, organisations=["Boston"], listing=2),
    ]
    table = profiled(rows, tmp_path)
    assert named(table, "organisation") == [("Tokyo", 5)]
    assert named(table, "organisation", "second") == [("Boston", 5)]


def test_specialisation_is_the_share_in_the_cluster_over_that_in_the_world(tmp_path):
    rows = [
        row("patents", "a", 0, 30, field="Optics"),
        row("patents", "b", 0, 10, field="Dyes"),
        row("patents", "c", 5, 10, field="Optics"),
        row("patents", "d", 9, 30, field="Dyes"),  # noise is part of the world
    ]
    table = profiled(rows, tmp_path).to_pylist()
    special = {(r["cluster_id"], r["name"]): r["specialisation"] for r in table if r["kind"] == "field"}
    assert special == {
        ("first", "Optics"): Decimal("1.500000"),  # 75 % of the cluster, 50 % of the world
        ("first", "Dyes"): Decimal("0.500000"),
        ("second", "Optics"): Decimal("2.000000"),
    }
    assert all(r["specialisation"] is None for r in table if r["kind"] != "field")


def test_shares_are_percent_of_the_cluster_half_even(tmp_path):
    rows = [row("patents", str(n), 0, units, year=year) for n, units, year in ((1, 2, 2020), (2, 1, None))]
    shares = {r["name"]: r["share_pct"] for r in profiled(rows, tmp_path).to_pylist() if r["kind"] == "year"}
    assert shares == {"2020": Decimal("66.666667"), "(none)": Decimal("33.333333")}


def test_economies_have_code_and_name_namibia_and_kosovo_too(tmp_path):
    codes = ["NA", "XK", "TW", "HK", "CI", "TR", "KR", None]
    rows = [row("patents", str(n), 0, 100 - n, economy=code) for n, code in enumerate(codes)]
    table = [r for r in profiled(rows, tmp_path).to_pylist() if r["kind"] == "economy"]
    assert [(r["code"], r["name"]) for r in sorted(table, key=lambda r: r["rank_in_cluster"])] == [
        ("NA", "Namibia"),
        ("XK", "Kosovo"),
        ("TW", "Taiwan"),
        ("HK", "Hong Kong"),
        ("CI", "Côte d'Ivoire"),
        ("TR", "Türkiye"),
        ("KR", "Republic of Korea"),
        (None, "(none)"),
    ]


def test_a_cluster_whose_units_are_not_all_credited_stops_the_run(tmp_path):
    ranked = rank_towns([row("patents", "a", 0, 10)], CLUSTERS[:1], ("patents",))
    broken = dataclasses.replace(ranked, units=ranked.units + 1)
    with pytest.raises(CheckFailed, match="first, patents: by economy the profile has 10 units, the cluster 11"):
        on_engine(
            ranked,
            partial(profile, broken),
            tmp_path,
        )


def counted_by_hand(rows):
    """Count in plain Python: units by cluster, metric and organisation."""
    together = defaultdict(int)
    for r in rows:
        cluster = {0: "first", 1: "first", 5: "second"}.get(r["lat_e7"] // 10_000_000)
        if cluster:
            names = tuple(sorted({name.strip() for name in r["organisations"] or () if name.strip()}))
            together[cluster, r["metric"], r["record_key"], tuple(r["organisations"] or ()), names] += r["units"]
    sums = defaultdict(int)
    for (cluster, metric, _, _, names), units in together.items():
        for nth, name in enumerate(names or ("(none)",)):
            each, left = divmod(units, len(names) or 1)
            sums[cluster, metric, name] += each + (nth < left)
    return {key: units for key, units in sums.items() if units}


names = st.lists(st.sampled_from(["A", "B ", "B", "é", "Ω", ""]), max_size=4)
listings = st.builds(
    lambda metric, record, lat, units, organisations: row(
        metric, record, lat, units, organisations=organisations, field=None
    ),
    st.sampled_from(["patents", "deals"]),
    st.sampled_from("abc"),
    st.sampled_from([0, 1, 5, 9]),
    st.integers(1, 10**9),
    st.one_of(st.none(), names),
)


@given(st.lists(listings, min_size=1, max_size=25))
def test_organisations_are_credited_as_a_plain_count_does(tmp_path_factory, rows):
    rows += [row(metric, "z", lat, 1) for metric in ("patents", "deals") for lat in (0, 5)]
    table = profiled(rows, tmp_path_factory.mktemp("spill"), metrics=("patents", "deals")).to_pylist()
    credited = {(r["cluster_id"], r["metric"], r["name"]): r["units"] for r in table if r["kind"] == "organisation"}
    assert credited == counted_by_hand(rows)


def test_the_fields_of_the_world_add_up_to_all_that_was_located(tmp_path):
    rows = [row("patents", "a", 0, 7, field="Optics"), row("patents", "b", 60, 5, field="Optics")]
    rows += [row("patents", "c", 5, 3, field=" "), row("deals", "d", 5, 2)]
    ranked = rank_towns(rows, CLUSTERS, ("patents", "deals"))
    table = on_engine(ranked, lambda rounded, labels, engine: fields(rounded, engine), tmp_path)  # noqa: ARG005
    units = {(r["metric"], r["name"]): r["units"] for r in table.to_pylist()}
    assert units == {("patents", "Optics"): 12, ("patents", "(none)"): 3, ("deals", "(none)"): 2}
