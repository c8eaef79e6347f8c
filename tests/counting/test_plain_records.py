"""Plain records are divided by arrays as the statements of the database divide them."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubrank import pipeline
from hubrank.core.tables import ADDRESS_SCHEMA, LISTING_SCHEMA
from hubrank.core.units import UNIT, WEIGHT_ONE
from hubrank.counting import located as located_stage
from hubrank.counting import plain_records, shards
from hubrank.counting.listings import ORDER
from hubrank.counting.plain_records import PlainRecords
from hubrank.counting.shard_files import shard_folder
from hubrank.engines.duckdb import DuckEngine
from hubrank.geocoding.places import PLACE_SCHEMA

CITIES = ("a", "b", "nowhere")


def listing(record, no, city="a", **more):
    row = dict.fromkeys(LISTING_SCHEMA.names)
    row |= {"record_key": record, "listing_no": no, "record_version": 0, "weight": WEIGHT_ONE, "count": 1, "city": city}
    return row | {"record_units": UNIT, "source_file": "a.csv", "source_row": 1} | more


def table(rows):
    """Return listings, each on a line of its own."""
    lines = [row | {"source_row": number} for number, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(lines, LISTING_SCHEMA)


def places_of(addresses):
    """Put each city at a longitude of its own, and one nowhere."""
    rows = []
    for number, city in zip(addresses["place_no"].to_pylist(), addresses["city"].to_pylist(), strict=True):
        at = None if city == "nowhere" else CITIES.index(city)
        rows.append({"place_no": number, "address_key": CITIES.index(city), "lat_e7": at, "lon_e7": at})
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


RECORD = st.fixed_dictionaries(
    {
        "cities": st.lists(st.sampled_from(CITIES), min_size=1, max_size=5),
        "years": st.lists(st.none() | st.integers(2020, 2022), min_size=5, max_size=5),
        "count": st.sampled_from([1, 3]),
        "record_units": st.sampled_from([UNIT, 7, 0]),
        "weight": st.sampled_from([WEIGHT_ONE, WEIGHT_ONE // 2]),
        "steps": st.lists(st.integers(1, 9), min_size=5, max_size=5),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(RECORD, min_size=1, max_size=6), st.booleans())
def test_arrays_give_what_the_statements_give(tmp_path, records, backwards):
    rows = []
    for number, record in enumerate(records):
        no = 0
        for city, year, step in zip(record["cities"], record["years"], record["steps"], strict=False):
            no += step
            same = {name: record[name] for name in ("count", "record_units", "weight")}
            rows.append(listing(f"r{number}", no, city, year=year, field=f"f{no}", **same))
    listings = table(rows)
    if backwards:  # the lines of the file come from the last to the first
        last = len(rows)
        lines = [row | {"source_row": last - number} for number, row in enumerate(listings.to_pylist())]
        listings = pa.Table.from_pylist(lines, LISTING_SCHEMA)
    plain = PlainRecords.of(listings)
    stored, is_located, straddling, largest = plain_records.located(plain, places_of(plain.addresses))
    assert (stored.to_pylist(), straddling, largest) == by_statements(listings, tmp_path)
    assert is_located.tolist() == [row["address_key"] != CITIES.index("nowhere") for row in stored.to_pylist()]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [listing("r", 1), listing("s", 1), listing("r", 2)],
        [listing("r", 1), listing("r", 2, record_version=1)],
        [listing("r", 2), listing("r", 1)],
        [listing("r", 1), listing("r", 1, "b")],
        [listing("r", 1), listing("r", 2, weight=1)],
        [listing("r", 1), listing("r", 2, count=2)],
        [listing("r", 1), listing("r", 2, record_units=2)],
    ],
    ids=["none", "apart", "two versions", "backwards", "at two places", "of two weights", "counts", "units"],
)
def test_records_that_are_not_plain_are_left_to_the_statements(rows):
    assert PlainRecords.of(table(rows)) is None


def test_addresses_are_coded_by_all_of_their_columns():
    at = ({"lat_e7": 1, "lon_e7": 2}, {"lat_e7": 2, "lon_e7": 1}, {"lat_e7": 1, "lon_e7": None}, {})
    rows = [listing("r", no, city, **at[no % 4]) for no, city in enumerate("abaabbabab" * 3)]
    plain = PlainRecords.of(table(rows))
    written = plain.addresses.select(ADDRESS_SCHEMA.names).to_pylist()
    assert len(written) == len({repr(address) for address in written}) == 8
    assert [written[number] for number in plain.place_no] == table(rows).select(ADDRESS_SCHEMA.names).to_pylist()


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
ROWS = "id,no,year,city,country\na,1,2020,Paris,FR\na,2,2021,Lyon,FR\nb,1,2020,Nowherehausen,DE\nB,1,2020,Berlin,DE\n"


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
        patch.setattr(plain_records, "located", None)
        patch.setattr(PlainRecords, "of", lambda _: None)
        assert shard() == by_arrays
