"""Records whose rows follow each other are divided in memory as the statements of the database divide them."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank import pipeline
from hubrank.core.tables import ADDRESS_SCHEMA, LISTING_SCHEMA
from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.counting import contiguous, duplicates, shards
from hubrank.counting import located as located_stage
from hubrank.counting.contiguous import ContiguousRecords
from hubrank.counting.listings import ORDER
from hubrank.counting.shard_files import shard_folder
from hubrank.engines.duckdb import DuckEngine
from hubrank.geocoding.places import PLACE_SCHEMA

CITIES = ("a", "b", "nowhere")
INSTITUTIONS = (None, "x", "unregistered")


def listing(record, no, city="a", **more):
    row = dict.fromkeys(LISTING_SCHEMA.names)
    row |= {"record_key": record, "listing_no": no, "record_version": 0, "weight": WEIGHT_ONE, "count": 1, "city": city}
    return row | {"record_units": UNIT, "source_file": "a.csv", "source_row": 1} | more


def table(rows):
    """Return listings, each on a line of its own."""
    lines = [row | {"source_row": number} for number, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(lines, LISTING_SCHEMA)


def places_of(addresses):
    """Put each city at a longitude of its own, and one nowhere; the register has one institution."""
    rows = []
    for address in addresses.to_pylist():
        at = None if address["city"] == "nowhere" else CITIES.index(address["city"])
        key = CITIES.index(address["city"]) * len(INSTITUTIONS) + INSTITUTIONS.index(address["institution"])
        row = {"place_no": address["place_no"], "address_key": key, "lat_e7": at, "lon_e7": at}
        rows.append(row | {"registered_organisation": "X University" if address["institution"] == "x" else None})
    return pa.Table.from_pylist(rows, PLACE_SCHEMA)


def by_statements(listings, folder):
    """Return what the statements of the database make of listings."""
    with DuckEngine(spill=folder, threads=2) as engine:
        relation = engine.load(iter([listings]), LISTING_SCHEMA)
        addresses = shards.places_stage.addresses(relation, engine)
        places = engine.load(iter([places_of(engine.arrow(addresses))]), PLACE_SCHEMA)
        stored, straddling, largest = located_stage.located(relation, addresses, places, engine)
        rows = engine.arrow(stored).sort_by([(name, "ascending") for name in ORDER])
        return rows.to_pylist(), straddling, largest


def in_memory(listings, folder):
    """Return the same of the arrays, and which rows are located."""
    with DuckEngine(spill=folder, threads=2) as engine:
        records = ContiguousRecords.of(listings)
        piece, straddling, largest = contiguous.located(records, places_of(records.addresses), engine)
        if piece.copies is not None:
            for passed_on, counted in zip(piece.copies, duplicates.copies_in(piece.rows), strict=True):
                assert passed_on.tolist() == counted.tolist()
        return (piece.rows.to_pylist(), straddling, largest), piece.is_located.tolist()


LISTING = st.fixed_dictionaries(
    {
        "listing_no": st.integers(1, 70),
        "city": st.sampled_from(CITIES),
        "year": st.none() | st.integers(2020, 2022),
        "weight": st.sampled_from([WEIGHT_ONE, WEIGHT_ONE // 2, 1]),
        "institution": st.sampled_from(INSTITUTIONS),
        "institution_id": st.sampled_from([None, None, "1"]),
        "address": st.sampled_from([None, None, "y"]),
        "organisations": st.none() | st.sampled_from([["x"], ["y"], ["x", "y"]]),
    }
)
RECORD = st.fixed_dictionaries(
    {
        "rows": st.lists(LISTING, min_size=1, max_size=5),
        "same": st.fixed_dictionaries({"count": st.sampled_from([1, 3]), "record_units": st.sampled_from([UNIT, 7])}),
        "is_plain": st.booleans(),
        "on_a_line": st.booleans(),
        "begins_file": st.integers(0, 9).map(lambda tenth: tenth == 0),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(RECORD, min_size=1, max_size=6), st.booleans())
def test_what_is_divided_in_memory_is_what_the_statements_divide(tmp_path, records, backwards):
    rows, line, file = [], 1, ord("m")
    for number, record in enumerate(records):
        file += record["begins_file"] * (-1 if backwards else 1)
        listings = sorted(record["rows"], key=lambda row: row["listing_no"])
        for nth, row in enumerate(listings, 1):
            plain = {"listing_no": nth, "weight": WEIGHT_ONE} if record["is_plain"] else {}
            copy = {"record_version": number % 2, "source_file": chr(file)}
            rows.append(
                listing(f"r{number // 2}", **copy, **{"no": nth} | row | record["same"] | plain, source_row=line)
            )
            line += not record["on_a_line"]
        line += 1
    if backwards:  # the lines of the file come from the last to the first
        rows = [row | {"source_row": line - row["source_row"]} for row in rows]
    listings = pa.Table.from_pylist(rows, LISTING_SCHEMA)
    divided, is_located = in_memory(listings, tmp_path)
    assert divided == by_statements(listings, tmp_path)
    assert is_located == [row["address_key"] // len(INSTITUTIONS) != CITIES.index("nowhere") for row in divided[0]]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [listing("r", 1), listing("s", 1), listing("r", 2)],
        [listing("r", 1), listing("r", 2, record_version=1), listing("r", 3)],
    ],
    ids=["none", "apart", "around another version"],
)
def test_records_whose_rows_lie_apart_are_left_to_the_statements(rows):
    assert ContiguousRecords.of(table(rows)) is None


@pytest.mark.parametrize(
    "second",
    [
        listing("r", 1),
        listing("r", 2, "b"),
        listing("r", 3, weight=1),
        listing("r", 3, count=2),
        listing("r", 3, record_units=2),
    ],
    ids=["backwards", "at two places", "of two weights", "counts", "units"],
)
def test_records_that_are_not_plain_are_told_from_others(second):
    records = ContiguousRecords.of(table([listing("q", 1), listing("r", 2), second, listing("s", 1), listing("s", 2)]))
    assert records.is_plain.tolist() == [True, False, True]


def test_addresses_are_coded_by_all_of_their_columns():
    at = ({"lat_e7": 1, "lon_e7": 2}, {"lat_e7": 2, "lon_e7": 1}, {"lat_e7": 1, "lon_e7": None}, {})
    rows = [listing("r", no, city, **at[no % 4]) for no, city in enumerate("abaabbabab" * 3)]
    records = ContiguousRecords.of(table(rows))
    written = records.addresses.select(ADDRESS_SCHEMA.names).to_pylist()
    assert len(written) == len({repr(address) for address in written}) == 8
    assert [written[number] for number in records.place_no] == table(rows).select(ADDRESS_SCHEMA.names).to_pylist()


STUDY = """
title = "Three records"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "rows.csv"
columns = { record = "id", listing = "no", year = "year", city = "city", country = "country" }
[clusters]
min_listings = 1
[robustness]
run = false
"""
ROWS = """id,no,year,city,country
a,1,2020,Paris,FR
a,2,2021,Lyon,FR
a,2,2021,Nice,FR
b,1,2020,Nowherehausen,DE
B,1,2020,Berlin,DE
"""


def test_a_shard_has_the_same_rows_either_way(tmp_path, monkeypatch):
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, "utf-8")

    def shard():
        pipeline.run(tmp_path / "study.toml", tmp_path / "edition")
        (folder,) = shard_folder().iterdir()
        tables = [pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("located", "addresses")]
        others = [(folder / name).read_bytes() for name in ("records.npy", "account.json")]
        shutil.rmtree(shard_folder())
        return tables, others

    with monkeypatch.context() as patch:
        patch.setattr(located_stage, "located", None)
        by_arrays = shard()
    with monkeypatch.context() as patch:
        patch.setattr(contiguous, "located", None)
        patch.setattr(ContiguousRecords, "of", lambda _: None)
        assert shard() == by_arrays
