"""Units: hand-computed cases and laws, through the engine."""

from collections import Counter, defaultdict

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank.core.errors import CheckFailed
from hubrank.core.tables import LISTING_SCHEMA
from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.counting import located as located_stage
from hubrank.counting.copies import without_copies
from hubrank.counting.located import located
from hubrank.engines.duckdb import DuckEngine
from hubrank.geocoding.places import PLACE_SCHEMA, addresses


def listing(record, no, city, **more):
    row = dict.fromkeys(LISTING_SCHEMA.names)
    row |= {"record_key": record, "listing_no": no, "record_version": 0, "weight": WEIGHT_ONE, "count": 1, "city": city}
    return row | {"record_units": UNIT, "source_file": "a.csv", "source_row": no} | more


def counted(rows, tmp_path, *, unlocated=()):
    """Run the stage; each city lies at a longitude of its own."""
    cities = sorted({row["city"] for row in rows})
    with DuckEngine(spill=tmp_path, threads=2) as engine:
        listings = engine.load(iter([pa.Table.from_pylist(rows, LISTING_SCHEMA)]), LISTING_SCHEMA)
        address_relation = addresses(listings, engine)
        address_table = engine.arrow(address_relation)
        answers = [
            {
                "place_no": no,
                "address_key": cities.index(city),
                "lat_e7": None if city in unlocated else 0,
                "lon_e7": None if city in unlocated else cities.index(city),
            }
            for no, city in zip(address_table["place_no"].to_pylist(), address_table["city"].to_pylist(), strict=True)
        ]
        places = engine.load(iter([pa.Table.from_pylist(answers, PLACE_SCHEMA)]), PLACE_SCHEMA)
        stored = engine.arrow(located(listings, address_relation, places, engine)[0]).to_pylist()
        gone = {cities.index(city) for city in unlocated if city in cities}
        return [row | {"lon_e7": None if row["address_key"] in gone else row["address_key"]} for row in stored]


def test_two_places_of_one_key_of_an_address_stop_a_run(tmp_path):
    rows = [{"address_key": key, "lat_e7": lat, "lon_e7": 0, "economy": "FR"} for key, lat in ((1, 0), (1, 0), (2, 0))]
    with DuckEngine(spill=tmp_path, threads=2) as engine:
        table = pa.Table.from_pylist(rows)
        assert engine.rows_in(located_stage.places_of(engine.load(iter([table]), table.schema), engine)) == 2
        table = pa.Table.from_pylist([*rows, {**rows[0], "lat_e7": 5}])
        with pytest.raises(CheckFailed, match="1 keys of addresses stand for two places"):
            located_stage.places_of(engine.load(iter([table]), table.schema), engine)


def units_by_listing(rows):
    return {(row["record_key"], row["listing_no"], row["lon_e7"]): row["units"] for row in rows}


def test_three_inventors_share_a_record_and_the_first_takes_the_odd_unit(tmp_path):
    rows = counted([listing("r", no, "x") for no in (1, 2, 3)], tmp_path)
    assert units_by_listing(rows) == {("r", 1, 0): 333_333_334, ("r", 2, 0): 333_333_333, ("r", 3, 0): 333_333_333}


def test_an_author_at_two_places_gives_each_half_of_the_share(tmp_path):
    half = WEIGHT_ONE // 2
    rows = counted(
        [listing("r", 1, "a", weight=half), listing("r", 1, "b", weight=half), listing("r", 2, "a")], tmp_path
    )
    assert units_by_listing(rows) == {("r", 1, 0): UNIT // 4, ("r", 1, 1): UNIT // 4, ("r", 2, 0): UNIT // 2}


def test_an_inventor_on_two_rows_of_a_record_weighs_no_more_than_one_on_one_row(tmp_path):
    family = [listing("f", 1, "a"), listing("f", 1, "b", source_row=7), listing("f", 2, "a")]
    rows = counted(family, tmp_path)
    assert units_by_listing(rows) == {("f", 1, 0): UNIT // 4, ("f", 1, 1): UNIT // 4, ("f", 2, 0): UNIT // 2}
    assert sum(row["listings"] for row in rows) == 2


@pytest.mark.parametrize(
    "differing", [({"year": 2018}, {"year": 2021}), ({"organisations": ["Acme"]}, {"organisations": ["Zeta"]})]
)
def test_rows_of_one_listing_at_one_place_that_say_different_things_share_it_in_any_order(tmp_path, differing):
    rows = [listing("r", 1, "a", source_row=line, **more) for line, more in enumerate(differing)]
    swapped = [listing("r", 1, "a", source_row=line, **more) for line, more in enumerate(differing[::-1])]
    (name,) = differing[0]

    def content(rows):
        stored = counted(rows, tmp_path)
        return sorted((str(row[name]), row["units"], row["listings"], row["records"]) for row in stored)

    assert content(rows) == content(swapped)
    assert [row[1] for row in content(rows)] == [UNIT // 2, UNIT // 2]
    assert [sum(row[at] for row in content(rows)) for at in (2, 3)] == [1, 1]


def test_a_row_without_a_place_takes_nothing_from_the_other_rows_of_its_listing(tmp_path):
    family = [listing("f", 1, "a"), listing("f", 1, "gone", source_row=7), listing("f", 2, "b")]
    rows = counted(family, tmp_path, unlocated={"gone"})
    assert sorted(row["units"] for row in rows) == [0, UNIT // 2, UNIT // 2]


def test_rows_of_a_listing_that_no_weight_divides_have_all_of_it_together(tmp_path):
    many = [listing("f", 1, f"{city:02}", source_row=city) for city in range(17)]
    rows = counted([*many, listing("f", 2, "00")], tmp_path)
    assert sum(row["units"] for row in rows if row["listing_no"] == 1) == UNIT // 2


def test_a_located_row_with_a_trace_of_an_overstated_listing_has_all_of_its_record(tmp_path):
    overstated = [listing("f", 1, "a", weight=1), listing("f", 1, "gone", source_row=7)]
    rows = counted(overstated, tmp_path, unlocated={"gone"})
    assert {row["lon_e7"]: row["units"] for row in rows} == {0: UNIT, None: 0}


def test_a_listing_at_two_places_counts_once_at_the_heaviest(tmp_path):
    rows = counted([listing("r", 1, "a", weight=1), listing("r", 1, "b", weight=2)], tmp_path)
    assert {row["lon_e7"]: row["listings"] for row in rows} == {0: 0, 1: 1}


def test_what_was_not_located_weighs_nothing_and_the_rest_weighs_it_all(tmp_path):
    rows = counted(
        [listing("r", 1, "a"), listing("r", 2, "gone"), listing("s", 1, "gone")], tmp_path, unlocated={"gone"}
    )
    assert {(row["record_key"], row["listing_no"]): row["units"] for row in rows} == {
        ("r", 1): UNIT,
        ("r", 2): 0,
        ("s", 1): 0,
    }
    assert sum(row["listings"] for row in rows) == 3


def test_a_row_that_stands_for_many_records_weighs_as_many(tmp_path):
    rows = counted([listing("r", 1, "a", count=7)], tmp_path)
    assert [(row["units"], row["listings"]) for row in rows] == [(7 * UNIT, 7)]


def test_the_same_listing_written_twice_counts_once(tmp_path):
    rows = counted([listing("r", 1, "a"), listing("r", 1, "a", source_row=9), listing("r", 2, "a")], tmp_path)
    assert [row["units"] for row in rows] == [UNIT // 2, UNIT // 2]


@given(
    st.lists(
        st.tuples(st.sampled_from("rst"), st.integers(1, 5), st.sampled_from("abcx"), st.integers(1, WEIGHT_ONE)),
        min_size=1,
        max_size=30,
        unique_by=lambda t: t[:3],
    ),
    st.randoms(use_true_random=False),
)
def test_records_weigh_a_unit_or_nothing_and_row_order_never_matters(tmp_path_factory, drawn_listings, random):
    rows = [
        listing(record, no, city, weight=weight, source_row=i)
        for i, (record, no, city, weight) in enumerate(drawn_listings)
    ]
    folder = tmp_path_factory.mktemp("spill")
    first = counted(rows, folder, unlocated={"x"})
    total = defaultdict(int)
    for row in first:
        total[row["record_key"]] += row["units"]
    has_place = {record: any(city != "x" for r, _, city, _ in drawn_listings if r == record) for record in total}
    assert total == {record: UNIT if has_place[record] else 0 for record in total}
    assert sum(row["listings"] for row in first) == len({(r, no) for r, no, _, _ in drawn_listings})
    shuffled = random.sample(rows, len(rows))
    assert units_by_listing(counted(shuffled, folder, unlocated={"x"})) == units_by_listing(first)


ROW = st.fixed_dictionaries(
    {
        "record": st.sampled_from("rs"),
        "no": st.integers(1, 2),
        "city": st.sampled_from("abx"),
        "weight": st.sampled_from([WEIGHT_ONE, WEIGHT_ONE // 2, 7]),
        "year": st.sampled_from([2018, 2021]),
        "organisations": st.sampled_from([None, ["Acme"], ["Zeta"]]),
        "field": st.sampled_from([None, "A61"]),
    }
)


@given(st.lists(ROW, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_no_order_of_the_lines_of_a_file_changes_what_any_row_counts(tmp_path_factory, drawn_rows, random):
    def counts(rows):
        stored = counted([listing(**row, source_row=line) for line, row in enumerate(rows)], folder, unlocated={"x"})
        names = ("record_key", "listing_no", "address_key", "year", "organisations", "field")
        return sorted(str([*(row[name] for name in (*names, "units", "listings", "records"))]) for row in stored)

    folder = tmp_path_factory.mktemp("spill")
    assert counts(drawn_rows) == counts(random.sample(drawn_rows, len(drawn_rows)))


COPY = {
    "lat_e7": 1,
    "lon_e7": 1,
    "weight": 1,
    "count": 1,
    "record_units": UNIT,
    "field": None,
    "source_row": 1,
    "year": None,
    "listing_no": 1,
}


def winners_of(copies, tmp_path):
    schema = pa.schema(
        [(name, pa.string()) for name in ("record_key", "source_file", "date", "field")]
        + [("organisations", pa.list_(pa.string()))]
        + [
            (name, pa.int64())
            for name in (
                "address_key",
                "shard",
                "record_version",
                "listing_no",
                "year",
                "lat_e7",
                "lon_e7",
                "weight",
                "count",
                "record_units",
                "source_row",
            )
        ]
    )
    with DuckEngine(spill=tmp_path) as engine:
        relation = engine.load(iter([pa.Table.from_pylist([COPY | copy for copy in copies], schema)]), schema)
        several = Counter(key for key, _ in {(copy["record_key"], copy["shard"]) for copy in copies})
        suspects = pa.table({"record_key": [key for key, many in several.items() if many > 1]})
        unnumbered = engine.plan("SELECT * EXCLUDE (shard) FROM located", located=relation)
        winners, lost, losers = without_copies(unnumbered, relation, suspects, engine)
        rows = engine.arrow(winners).to_pylist()
        versions = (
            {(row["source_file"], row["record_key"], row["record_version"]) for row in side} for side in (copies, rows)
        )
        before, after = map(len, versions)
        assert lost.copies == len(losers) == before - after
        return rows


def test_the_latest_copy_of_a_record_counts(tmp_path):
    copies = [
        {"record_key": "r", "shard": 0, "record_version": 0, "source_file": "a", "date": "2024-05-01"},
        {"record_key": "r", "shard": 1, "record_version": 0, "source_file": "b", "date": "2024-06-01"},
        {"record_key": "r", "shard": 2, "record_version": 0, "source_file": "c", "date": None},
        {"record_key": "s", "shard": 2, "record_version": 0, "source_file": "c", "date": None},
    ]
    assert sorted((row["record_key"], row["source_file"]) for row in winners_of(copies, tmp_path)) == [
        ("r", "b"),
        ("s", "c"),
    ]


@pytest.mark.parametrize("swapped", [False, True])
def test_of_equally_late_copies_the_larger_content_counts_whatever_the_file(tmp_path, swapped):
    one = {"record_key": "r", "record_version": 0, "date": "2024", "lon_e7": 5}
    other = {"record_key": "r", "record_version": 0, "date": "2024", "lon_e7": 6}
    pair = [one, other] if swapped else [other, one]
    copies = [part | {"shard": i, "source_file": "ab"[i]} for i, part in enumerate(pair)]
    (winner,) = winners_of(copies, tmp_path)
    (again,) = winners_of([c | {"shard": 1 - c["shard"]} for c in copies], tmp_path)
    assert winner["lon_e7"] == again["lon_e7"]
    assert (
        winner["lon_e7"]
        == winners_of([one | {"shard": 0, "source_file": "z"}, other | {"shard": 1, "source_file": "y"}], tmp_path)[0][
            "lon_e7"
        ]
    )


@pytest.mark.parametrize("content", [{"organisations": ["Acme"]}, {"address_key": 7}])
def test_what_copies_say_of_organisation_and_address_decides_and_not_the_file(tmp_path, content):
    copies = [
        {"record_key": "r", "record_version": 0, "date": "2024", "organisations": ["Zeta"], "address_key": 8} | more
        for more in ({}, content)
    ]
    for files in ("ab", "ba"):
        parts = [part | {"shard": i, "source_file": files[i]} for i, part in enumerate(copies)]
        (winner,) = winners_of(parts, tmp_path)
        if files == "ab":
            first = winner
        assert (winner["organisations"], winner["address_key"]) == (first["organisations"], first["address_key"])


def test_a_second_file_of_equal_content_counts_once(tmp_path):
    copies = [
        {"record_key": "r", "shard": i, "record_version": 0, "source_file": "ab"[i], "date": None, "listing_no": no}
        for i in (0, 1)
        for no in (1, 2)
    ]
    assert len(winners_of(copies, tmp_path)) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abcz"), min_size=1, max_size=9), min_size=1, max_size=6), st.integers(0, 70))
def test_records_shared_out_without_sorting_are_those_shared_out_by_sorting(tmp_path_factory, records, first):
    rows = [
        listing(f"r{number}", first + place, city)
        for number, cities in enumerate(records)
        for place, city in enumerate(cities)
    ]
    folder = tmp_path_factory.mktemp("spill")
    quickly = counted(rows, folder, unlocated=("z",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            located_stage,
            "COPIES_PLACED",
            located_stage.COPIES_PLACED.replace("MIN(listing_no) >= 0", "MIN(listing_no) < 0"),
        )
        slowly = counted(rows, folder, unlocated=("z",))
    assert sorted(map(str, quickly)) == sorted(map(str, slowly))


def test_what_is_dropped_stays_as_long_as_a_plan_reads_it(tmp_path):
    with DuckEngine(spill=tmp_path) as engine:
        base = engine.run("SELECT 7 AS n")
        doubled = engine.plan("SELECT 2 * n AS n FROM base", base=base)
        again = engine.plan("SELECT n + 1 AS n FROM doubled", doubled=doubled)
        engine.drop(base, doubled)
        assert engine.arrow(again).to_pylist() == [{"n": 15}]
        engine.drop(again)
        assert engine.rows("SELECT COUNT(*) AS n FROM duckdb_tables() WHERE table_name = 'r1'").to_pylist() == [
            {"n": 0}
        ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abz"), min_size=1, max_size=6), min_size=1, max_size=6), st.booleans())
def test_each_record_is_counted_on_one_row_a_located_one_where_there_is_any(tmp_path_factory, records, uneven):
    rows = [
        listing(f"r{number}", place // (1 + uneven), city, count=1 + number)
        for number, cities in enumerate(records)
        for place, city in enumerate(dict.fromkeys(cities) if uneven else cities)
    ]
    located_rows = counted(rows, tmp_path_factory.mktemp("spill"), unlocated=("z",))
    for number, cities in enumerate(records):
        heads = [row for row in located_rows if row["record_key"] == f"r{number}" and row["records"]]
        assert [row["records"] for row in heads] == [1 + number]
        assert (heads[0]["lon_e7"] is None) == (set(cities) == {"z"})
