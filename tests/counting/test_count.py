"""Files → points, by hand: windows, copies, what adds up, what stops the run (METHOD 1, 2)."""

import csv
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from counting.test_years import COPY, ROWS
from fixtures_editions import run_edition
from hubrank.core.errors import CheckFailed, DataError
from hubrank.core.units import UNIT
from hubrank.counting import addresses
from hubrank.counting import count as counting
from hubrank.counting.count import _within_limit, count
from hubrank.counting.shards import locate_shards
from hubrank.engines.duckdb import DuckEngine
from hubrank.geocoding import fast_paths
from hubrank.geocoding.gazetteer import gazetteer, place_labels
from hubrank.sources.account import Account
from hubrank.sources.inputs import Inputs
from hubrank.study import study_file

STUDY = """
title = "A test"
edition = "1"
{windows}
[[sources]]
metric = "patents"
reader = "table"
files = "patents*.csv"
columns = {{ record = "id", listing = "no", date = "day", lat = "lat", lon = "lon" }}
options = {{ whole_records = true }}
{more}
[[sources]]
metric = "deals"
reader = "table"
files = "deals.csv"
columns = {{ record = "id", listing = "no", date = "day", lat = "lat", lon = "lon" }}
[geocoding]
use = ["coordinates"]
[points]
round_deg = 1.0
[clusters]
min_listings = 2
"""
PARIS, TOKYO, SYDNEY = (49, 2), (36, 140), (-34, 151)
THIRD = UNIT // 3
HALF = [("half", 1, 2010, 35.68, 139.69), ("half", 2, 2012, 48.85, 2.35)]  # begins before the window, ends within it


@pytest.fixture(autouse=True)
def _one_place(monkeypatch):
    """Let all the world be one place: no count depends on the gazetteer, and making it takes long."""
    place = SimpleNamespace(geonames_id=np.array([1]), economy=["FR"], name=["Paris"], admin1=[""], row=lambda _: 0)
    monkeypatch.setattr(place_labels, "_namesakes", lambda _: [])
    monkeypatch.setattr(place_labels, "places", lambda: place)
    monkeypatch.setattr(gazetteer, "places", lambda: place)
    monkeypatch.setattr(fast_paths, "nearest_places", lambda lat, _: (np.zeros(len(lat), int), np.zeros(len(lat))))


def locate_and_count(study, folder, engine, progress):
    shards = locate_shards(study, Inputs(study, folder), engine, progress)
    return count(study, shards, engine, progress)


def _counted(folder, *, windows="", more="", messages=None):
    """Count the records; return what was counted, and per metric and place its units and listings."""
    deals = [("d1", 1, 2012, 36.0, 140.0), ("d2", 1, 2019, 36.0, 140.0)]
    for file, rows in (("patents-a.csv", ROWS + HALF), ("patents-b.csv", COPY), ("deals.csv", deals)):
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerow(["id", "no", "day", "lat", "lon"])
            csv.writer(out).writerows((record, no, f"{year}-06-30", lat, lon) for record, no, year, lat, lon in rows)
    (folder / "study.toml").write_text(STUDY.format(windows=windows, more=more))
    path = folder / "study.toml"
    parsed = study_file.parse(study_file.read_raw(path), path)
    with DuckEngine(spill=folder) as engine:
        counted = locate_and_count(parsed, folder, engine, lambda *_: None if messages is None else messages.append(_))
        _expect_the_same_listings(counted, engine)
    rows = counted.points.to_pylist()
    places = {(r["metric"], r["lat_e7"] // 10**7, r["lon_e7"] // 10**7): (r["units"], r["listings"]) for r in rows}
    return counted, places


def _expect_the_same_listings(counted, engine):
    """Listings that are streamed from the shards are those that were counted, in the order of files and lines."""
    columns = ("source_file", "source_row", "record_key", "units", "listings")
    streamed = [
        (*(row[name] for name in columns), int(places.lat_e7[row["place"]]), int(places.lon_e7[row["place"]]))
        for source in counted.sources
        for piece, places, _ in source.located()
        for row in piece.to_pylist()
    ]
    exact = (*columns, "exact_lat_e7", "exact_lon_e7")
    rows = engine.arrow(counted.rounded).to_pylist()
    assert sorted(streamed) == sorted(tuple(row[name] for name in exact) for row in rows)
    of_patents = [row[:2] for row in streamed if row[0].startswith("patents")]
    assert of_patents == sorted(of_patents)


def test_all_years_count_where_there_is_no_window_and_of_two_copies_the_later(tmp_path):
    messages = []
    counted, places = _counted(tmp_path, messages=messages)
    assert places == {
        ("deals", *TOKYO): (2 * UNIT, 2),
        ("patents", *SYDNEY): (UNIT + THIRD + 1, 2),  # the odd unit goes to the first listing
        ("patents", *PARIS): (12 * UNIT + UNIT // 2 + THIRD, 14),
        ("patents", *TOKYO): (5 * UNIT + UNIT // 2 + THIRD, 7),
    }
    assert [places[key][0] for key in places] == [row["units"] for row in counted.points.to_pylist()]
    keys = [(row["metric"], row["lat_e7"], row["lon_e7"]) for row in counted.points.to_pylist()]
    assert keys == sorted(keys)
    assert counted.totals["patents"] == {
        "units": 20 * UNIT,
        "listings": 23,
        "unlocated": 0,
        "records": 20,
        "records_located": 20,
    }
    assert counted.totals["deals"] == {
        "units": 2 * UNIT,
        "listings": 2,
        "unlocated": 0,
        "records": 2,
        "records_located": 2,
    }
    patents, deals = counted.accounts
    assert (patents["metric"], patents["reader"], patents["files"], patents["copies"]) == ("patents", "table", 2, 1)
    assert (patents["rows_read"], patents["rows_kept"], sum(patents["set_aside"].values())) == (25, 24, 1)
    assert patents["notes"] == []
    assert (deals["metric"], deals["rows_read"], deals["rows_kept"], deals["copies"]) == ("deals", 2, 2, 0)
    assert counted.set_aside.num_rows == 1
    assert messages[0] == ("reading patents: patents-a.csv", 0, 3)
    assert messages[-1] == ("counting", 3, 3)


@pytest.mark.parametrize("more", ["", "years = [2010, 2015]", "years = [2011, 2013]"])
def test_a_window_counts_its_years_whatever_else_was_read(tmp_path, more):
    counted, places = _counted(tmp_path, windows="[windows]\npatents = [2011, 2013]\ndeals = [2012, 2012]", more=more)
    assert places == {
        ("deals", *TOKYO): (UNIT, 1),
        ("patents", *PARIS): (7 * UNIT + UNIT // 2, 8),
        ("patents", *TOKYO): (6 * UNIT + UNIT // 2, 7),
    }
    assert counted.totals["patents"] == {
        "units": 14 * UNIT,
        "listings": 15,
        "unlocated": 0,
        "records": 14,
        "records_located": 14,
    }
    assert [account["copies"] for account in counted.accounts] == [0, 0]
    assert counted.sites(("deals", "patents")).totals == [UNIT, 14 * UNIT]


def test_too_many_rows_that_cannot_be_used_stop_the_run_and_the_three_worst_reasons_are_told():
    section = SimpleNamespace(metric="patents", reader="table", max_set_aside_pct=5)
    reasons = {"no date": 1, "no id": 3, "no place": 2, "no year": 4}
    _within_limit(section, Account(rows_read=200, rows_kept=190, set_aside=reasons))
    with pytest.raises(CheckFailed) as stopped:
        _within_limit(section, Account(rows_read=199, rows_kept=189, set_aside=reasons))
    message = str(stopped.value)
    assert "10 of 199 rows could not be used, more than the 5 % that" in message
    assert "4 × no year; 3 × no id; 2 × no place. " in message
    with pytest.raises(CheckFailed, match=r"200,001 of 200,200 rows could not be used.*: 200,001 × no year\."):
        _within_limit(section, Account(rows_read=200_200, rows_kept=199, set_aside={"no year": 200_001}))


LOCATED = [  # record, latitude, units, listings, records
    ("a", 1, 600_000_000, 1, 1),
    ("a", 2, 400_000_000, 1, 0),
    ("b", 1, 3 * UNIT, 3, 3),
    ("b", None, 0, 2, 0),
    ("c", None, 0, 1, 1),
]
OF_POINTS = [(600_000_000, 1), (400_000_000, 1), (3 * UNIT, 3)]


def _totals(folder, rows, of_points):
    """Check the sums of addresses against points of one metric."""
    names = ("lat_e7", "units", "listings", "records")
    table = pa.Table.from_pylist(
        [{"metric": "m", "due": row[-1] * UNIT} | dict(zip(names, row[1:], strict=True)) for row in rows]
    )
    units, listings = ([part[i] for part in of_points] for i in (0, 1))
    points = pa.table({"metric": pa.array(["m"] * len(of_points), pa.string()), "units": units, "listings": listings})
    with DuckEngine(spill=folder) as engine:
        totals = counting._totals(engine.load(iter([table]), table.schema), engine)
    counting._expect_conserved(totals, points)
    return totals


def test_what_a_metric_adds_up_to_and_listings_without_a_place_are_told(tmp_path):
    totals = _totals(tmp_path, LOCATED, OF_POINTS)
    assert totals == {"m": {"units": 4 * UNIT, "listings": 8, "unlocated": 3, "records": 5, "records_located": 4}}


def test_a_metric_that_was_located_nowhere_has_no_points(tmp_path):
    assert _totals(tmp_path, LOCATED[-1:], [])["m"]["unlocated"] == 1


@pytest.mark.parametrize(
    "of_points", [OF_POINTS[:2], [*OF_POINTS[:2], (3 * UNIT, 4)], [*OF_POINTS[:2], (3 * UNIT + 1, 3)]]
)
def test_points_that_lost_or_gained_something_stop_the_run(tmp_path, of_points):
    with pytest.raises(CheckFailed, match="m: located records have 4000000000 units, points"):
        _totals(tmp_path, LOCATED, of_points)


@pytest.mark.parametrize("units", [UNIT - 1, UNIT + 1, 2 * UNIT, 0])
def test_located_records_that_do_not_weigh_a_unit_each_stop_the_run(tmp_path, units):
    rows = [("a", 1, units, 1, 1), ("b", 1, UNIT, 1, 1)]
    with pytest.raises(CheckFailed, match=f"m: located records of {2 * UNIT} units weigh {units + UNIT} units"):
        _totals(tmp_path, rows, [(units, 1), (UNIT, 1)])


def test_rows_of_a_record_that_stand_for_different_numbers_of_records_are_named(tmp_path):
    rows = [("a", 1, 2020, 48.85, 2.35, 10), ("b", 1, 2020, 48.85, 2.35, 7), ("a", 2, 2020, 45.75, 4.85, 5)]
    with pytest.raises(DataError, match=r"record 'a' has rows .*: now\.csv line 2 for 10, now\.csv line 4 for 5\."):
        run_edition(tmp_path, "now", rows, "[clusters]\nmin_listings = 1\n")


def test_more_records_than_shares_are_exact_for_are_refused(tmp_path):
    rows = [(f"a{n}", 1, 2020, 48.85, 2.35, 10**8) for n in range(5)]
    with pytest.raises(DataError, match=r"patents: 500,000,000 records exceed 461,168,601, the most of which"):
        run_edition(tmp_path, "now", rows, "[clusters]\nmin_listings = 1\n")


LEAST_KEY = "(SELECT MIN(address_key) FROM shown)"


def test_a_listing_whose_address_its_source_does_not_have_stops_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(addresses, "DESCRIBED", f"{addresses.DESCRIBED} AND address_key = {LEAST_KEY}")
    with pytest.raises(CheckFailed, match=r"\d+ located rows have \d+ at an address of their source"):
        _counted(tmp_path)


def test_more_records_than_whole_units_are_divided_for_are_refused_at_several_addresses_too(tmp_path):
    many = [("a", 1, 6 * 10**18, 1, 6 * 10**9), ("b", 2, 6 * 10**18, 1, 6 * 10**9)]  # their sum is no number of 64 bits
    with pytest.raises(DataError, match="m: 12,000,000,000 records exceed 461,168,601"):
        _totals(tmp_path, many, [])
