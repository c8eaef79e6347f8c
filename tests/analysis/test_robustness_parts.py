"""Parts left out, draws of weights, and all tables of one edition."""

import csv

import pytest

from fixtures_editions import without_pages
from hubrank.analysis.robustness.all_tables import robustness

STUDY = """
title = "A test"
edition = "1"
[clusters]
min_listings = 3
[robustness]
draws = 400
[geocoding]
use = ["coordinates"]
"""
SOURCE = """
[[sources]]
metric = "{metric}"
reader = "table"
files = "{metric}.csv"
[sources.columns]
record = "id"
listing = "no"
year = "year"
lat = "lat"
lon = "lon"
organisation = "org"
field = "f"
"""
TOWNS = {"Paris": (48.85, 2.35), "Lyon": (45.75, 4.85), "Lille": (50.63, 3.06)}
# Town, metric, organisation, field, year, records: Paris 13, Lyon 12, Lille 8 of 33.
PATENTS = [
    ("Paris", "Works", "Optics", 2020, 6), ("Paris", "Mill", "Food", 2021, 7),
    ("Lyon", "Lab", "Optics", 2020, 4), ("Lyon", "Firm", "Food", 2021, 4), ("Lyon", "Shop", "Toys", 2021, 4),
    ("Lille", "Yard", "Toys", 2020, 8),
]  # fmt: skip


@pytest.fixture(scope="module")
def edition_and_tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    with (folder / "patents.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "no", "year", "lat", "lon", "org", "f"])
        for number, (town, org, field, year, records) in enumerate(PATENTS):
            out.writerows([f"{number}-{n}", 1, year, *TOWNS[town], org, field] for n in range(records))
    (folder / "study.toml").write_text(STUDY + SOURCE.format(metric="patents"))
    edition = without_pages(folder / "study.toml", folder / "edition")
    return edition, robustness(edition.folder, lambda *_: None)


def test_every_cluster_falls_as_far_as_what_is_left_out_is_worth(edition_and_tables):
    edition, tables = edition_and_tables
    town = {row["cluster_id"]: row["cluster"].split("–")[0] for row in edition.table("ranking").to_pylist()}
    left = {(town[row["cluster_id"]], row["left_out"]): row for row in tables["leave_one_out"][0].to_pylist()}
    falls = {key: (row["name"], row["rank"], row["rank_without"], row["fall"]) for key, row in left.items()}
    assert falls["Paris", "organisation"] == ("Mill", 1, 3, 2)  # 6 left, against 12 and 8
    assert falls["Lyon", "organisation"] == ("Firm", 2, 3, 1)  # 8 as Lille: by the alphabet
    assert falls["Lille", "field"] == ("Toys", 3, 3, 0)
    assert falls["Paris", "year"] == ("2020", 1, 2, 1)  # second without either year: the earlier is named
    assert falls["Lyon", "year"] == ("2021", 2, 3, 1)
    assert left["Paris", "field"]["metric"] == "patents"


def test_one_metric_leaves_nothing_to_weigh(edition_and_tables):
    for row in edition_and_tables[1]["weights"][0].to_pylist():
        assert row["best_rank"] == row["worst_rank"] == row["draws_low"] == row["draws_high"] == row["rank"]
        assert row["draws_top_10_pct"] == 100


def test_the_variants_hold_each_cluster_once_and_the_shares_add_up(edition_and_tables):
    edition, tables = edition_and_tables
    variants, key = tables["variants"]
    rows = variants.to_pylist()
    assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
    study_ranks = {row["cluster_id"]: row["rank"] for row in rows if row["variant"] == "study"}
    assert study_ranks == {row["cluster_id"]: row["rank"] for row in edition.table("ranking").to_pylist()}
    assert tables["weight_shares"][0].num_rows == 0  # one metric
    shares = [row["share_pct"] for row in tables["method_choices"][0].to_pylist()]
    assert None in shares or abs(sum(shares) - 100) < 1e-5
