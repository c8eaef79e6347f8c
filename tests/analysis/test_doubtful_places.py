"""A cluster of which 14 % of the records have a doubtful address is not called firm (METHOD 13)."""

import csv

import numpy as np
import pytest

from fixtures_editions import without_pages

STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
columns = { record = "id", count = "records", city = "city", region = "region", country = "country" }
[geocoding]
use = ["names"]
[clusters]
min_listings = 1000
"""
TOWNS = [("London", "", "GB", 48_000), ("Boston", "MA", "US", 30_960), ("Paris", "", "FR", 34_500)]
TOWNS += [("Tokyo", "", "JP", 33_000), ("Berlin", "", "DE", 25_000), ("Sydney", "", "AU", 15_000)]
DOUBTFUL = 5_040  # of 36,000 records: 14 %


def run(folder, *cambridge):
    folder.mkdir()
    rows = [(name, *town) for name, *town in ((f"{t[0]}", *t) for t in TOWNS)] + [("c", *cambridge, DOUBTFUL)]
    with (folder / "patents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "city", "region", "country", "records"), *rows])
    (folder / "study.toml").write_text(STUDY)
    edition = without_pages(folder / "study.toml", folder / "out")
    return edition, {row["cluster"].partition(",")[0]: row for row in edition.table("ranking").to_pylist()}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("worlds")
    return run(folder / "doubtful", "Cambridge", "", "US"), run(folder / "sure", "Cambridge", "MA", "US")


def test_the_planted_address_is_doubtful_and_the_other_is_not(worlds):
    alternatives = []
    for edition, _ in worlds:
        rows = edition.table("addresses").to_pylist()
        alternatives.append(next(row["alternatives"] for row in rows if row["city"] == "Cambridge") or [])
    doubtful, sure = (sum(one["location_probability"] for one in each) for each in alternatives)
    assert doubtful > 0.2
    assert sure < 0.01


def test_it_is_not_called_firm_while_it_is_where_the_address_is_sure(worlds):
    for (_, ranking), is_sure in zip(worlds, (False, True), strict=True):
        row = ranking["Boston"]
        assert row["patents"] == 36_000
        assert (row["rank"], row["rank_low"], row["rank_high"]) == (2, 2, 2)  # by counts alone it would be firm
        assert (row["rank_low_places"], row["rank_high_places"]) == ((2, 2) if is_sure else (2, 4))
        assert row["firm"] is is_sure
        assert all(other["firm"] for other in ranking.values() if other is not row)


def test_the_sets_of_places_include_those_of_counts(worlds):
    for _, ranking in worlds:
        for row in ranking.values():
            assert row["rank_low_places"] <= row["rank_low"] <= row["rank"]
            assert row["rank"] <= row["rank_high"] <= row["rank_high_places"]


def test_rounding_of_addresses_is_that_of_the_points():
    from hubrank.counting.points import rounded_spots

    lat, lon = rounded_spots(np.array([15, -15, -14, 900_000_000]), np.array([1_799_999_995, 4, -5, 77]), 10)
    assert lat.tolist() == [20, -10, -10, 900_000_000]
    assert lon.tolist() == [-1_800_000_000, 0, 0, 0]
