"""The location report says where texts were put, how sure that is, and what it could do to ranks (METHOD 2)."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest

from hubrank import pipeline
from hubrank.analysis import location_report
from hubrank.cli.screens import locations
from hubrank.core.units import share_pct
from hubrank.counting.addresses import SCHEMA
from hubrank.engines.duckdb import DuckEngine
from hubrank.geocoding.gazetteer import place_labels

STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
columns = { record = "id", listing = "no", lat = "lat", lon = "lon", city = "city", country = "country" }
[[sources]]
metric = "deals"
reader = "table"
files = "deals.csv"
columns = { record = "id", listing = "no", institution = "firm", address = "address" }
[geocoding]
use = ["coordinates", "names"]
[clusters]
min_listings = 5
[robustness]
run = false
"""
SOMEWHERE = "Xqzptvllb"


def write(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    cities = ["Paris"] * 30 + ["Boulogne-Billancourt"] * 10 + ["Lyon"] * 20 + [SOMEWHERE] * 15
    rows = [[f"p{n}", 1, "", "", city, "", "FR"] for n, city in enumerate(cities)]
    rows += [["sea", 1, 30, 150, "Paris", "", "FR"], ["far", 1, 43.3, 5.4, "Paris", "", "FR"]]
    rows += [[f"j{n}", 1, "", "", "Tokyo", "", "JP"] for n in range(25)]
    write(folder / "patents.csv", ["id", "no", "lat", "lon", "city", "region", "country"], rows)
    firms = [["Acme", "Tokyo, Japan"]] * 8 + [["Secret Street Partners, 12 Secret Street", "Paris, France"]] * 2
    firms += [["", f"Doe Jane, {SOMEWHERE}, France"]] * 3
    write(folder / "deals.csv", ["id", "no", "firm", "address"], [[f"d{n}", 1, *firm] for n, firm in enumerate(firms)])
    (folder / "study.toml").write_text(STUDY)
    return pipeline.run(folder / "study.toml", folder / "out")


def part(edition, name, **where):
    rows = [row for row in edition.table("location_report").to_pylist() if row["part"] == name]
    return [row for row in rows if all(row[key] == value for key, value in where.items())]


def test_every_listing_is_in_one_row_of_evidence_and_band(edition):
    for metric, listings in (("patents", 102), ("deals", 13)):
        rows = part(edition, "evidence", metric=metric)
        assert sum(row["listings"] for row in rows) == listings
        assert sum(row["share_pct"] for row in rows) == pytest.approx(100, abs=Decimal("1e-5"))
    (missing,) = part(edition, "evidence", metric="patents", text="not located")
    assert (missing["listings"], missing["records"], missing["subject"]) == (15, 15, "none")


def test_a_place_without_a_name_is_its_coordinates_and_an_address_without_a_text_its_organisation(tmp_path):
    row = dict.fromkeys(SCHEMA.names) | {
        "source": 1,
        "metric": "papers",
        "registered_organisation": "INRIA",
        "address_key": 1,
    }
    row |= {
        "lat_e7": 488_205_000,
        "lon_e7": 21_311_000,
        "gazetteer_id": 10375,
        "location_probability": Decimal("0.809"),
    }
    row |= {"source_rows": 25, "listings": 25, "records": 25, "units": 25}
    with DuckEngine(spill=tmp_path, threads=1) as engine:
        addresses = engine.load(iter([pa.Table.from_pylist([row], SCHEMA)]), SCHEMA)
        report = location_report.as_table([*location_report.of_addresses(addresses, engine)]).to_pylist()
    rows = [(each["text"], each["place"]) for each in report if each["part"] == "pair"]
    assert rows == [("INRIA", "48.82, 2.13 (near Le Chesnay, FR)")]


def test_coordinates_are_named_after_a_place_that_is_near_and_after_no_other():
    assert place_labels.with_nearest("48.82, 2.13") == "48.82, 2.13 (near Le Chesnay, FR)"
    assert place_labels.with_nearest("-32.40, 20.67") == "-32.40, 20.67"  # the nearest is 60 km away
    assert place_labels.with_nearest("Paris, FR") == "Paris, FR"


def test_the_heaviest_pairs_come_first_and_name_text_and_place(edition):
    rows = part(edition, "pair", metric="patents")
    assert [(row["text"], row["place"], row["listings"]) for row in rows][:3] == [
        ("Paris, FR", "Paris, FR", 31),  # the one with coordinates elsewhere among them
        ("Tokyo, JP", "Tokyo, JP", 25),
        ("Lyon, FR", "Lyon, FR", 20),
    ]
    assert all(Decimal("0.5") <= row["location_probability"] <= 1 for row in rows)
    assert [row["listings"] for row in rows] == sorted((row["listings"] for row in rows), reverse=True)


def test_no_street_of_an_organisation_and_no_person_is_in_the_report(edition):
    texts = "\n".join(str(row) for row in edition.table("location_report").to_pylist())
    assert "Acme" in texts
    assert not [word for word in ("Secret", "Doe", "12") if f"'{word}" in texts or f" {word} " in texts]


def test_what_contradicts_is_counted_with_examples(edition):
    subjects = {row["subject"]: row["listings"] for row in part(edition, "contradiction", metric="patents")}
    assert sum(subjects.values()) == 2
    assert any("coordinates are far from the place named" in subject for subject in subjects)
    examples = part(edition, "contradicted pair", metric="patents")
    assert {row["text"] for row in examples} == {"Paris, FR"}


def test_a_cluster_of_which_one_text_makes_more_than_half_is_named(edition):
    rows = {row["subject"]: row for row in part(edition, "one text")}
    assert rows["Tokyo"]["text"] == "Tokyo, JP"
    assert rows["Tokyo"]["share_pct"] == share_pct(25, 33)
    assert "Lyon" in rows
    assert rows["Tokyo"]["place"] == "Tokyo, JP"


def test_many_coordinates_under_one_text_are_not_one_address(tmp_path):
    rows = [[f"t{n}", 1, 48.2 + n / 1000, 16.37, "", "", "AT"] for n in range(30)]
    write(tmp_path / "patents.csv", ["id", "no", "lat", "lon", "city", "region", "country"], rows)
    patents, _, rest = STUDY.partition('[[sources]]\nmetric = "deals"')
    (tmp_path / "study.toml").write_text(patents + rest.partition('address" }\n')[2])
    finished = pipeline.run(tmp_path / "study.toml", tmp_path / "out")
    assert finished.table("ranking").num_rows == 1
    assert part(finished, "one text") == []
    assert not any("have one address" in line for line in locations.of_edition(finished))


def test_one_row_with_coordinates_that_makes_a_cluster_is_named_on_the_screen_and_on_its_page(tmp_path):
    rows = [["c1", 38.56, -76.08, "Cambridge", "US", 90], ["c2", 38.57, -76.07, "Cambridge", "US", 9]]
    rows += [[f"v{n}", 48.2 + n / 1000, 16.37, "Wien", "AT", 1] for n in range(30)]
    write(tmp_path / "deals.csv", ["id", "lat", "lon", "city", "country", "deals"], rows)
    columns = '{ count = "deals", lat = "lat", lon = "lon", city = "city", country = "country" }'
    source = f'[[sources]]\nmetric = "deals"\nreader = "table"\nfiles = "deals.csv"\ncolumns = {columns}\n'
    (tmp_path / "study.toml").write_text('title = "T"\nedition = "1"\n' + source + "[clusters]\nmin_listings = 5\n")
    finished = pipeline.run(tmp_path / "study.toml", tmp_path / "out")
    (row,) = part(finished, "one text")
    assert (row["rank"], row["text"], row["listings"], row["share_pct"]) == (1, "Cambridge, US", 90, share_pct(90, 99))
    (line,) = (line for line in locations.of_edition(finished) if "have one address" in line)
    assert (
        line == f"Of 1 cluster more than half of the listings have one address: {row['subject']} (Cambridge, US, 91 %)"
    )
    page = (finished.folder / "site" / "cluster" / f"{row['cluster_id']}.html").read_text("utf-8")
    assert "<dt>one address</dt><dd>Cambridge, US, put in" in page
    assert ": 91\N{NO-BREAK SPACE}% of the listings</dd>" in page


def test_coverage_is_by_stated_economy_also_where_a_text_names_it(edition):
    coverage = {(row["metric"], row["economy"]): row for row in part(edition, "coverage")}
    france = coverage["patents", "FR"]
    assert (france["listings"], france["records"]) == (77, 15)
    assert france["share_pct"] == share_pct(62, 77)
    assert coverage["deals", "FR"]["records"] == 3
    assert coverage["patents", "JP"]["records"] == 0


def test_unlocated_records_give_the_ranks_that_a_ranking_of_each_case_gives(edition):
    """An oracle with fractions: all unlocated records of France in one of its clusters, or in none."""
    measures = edition.table("measures").to_pylist()
    clusters = edition.table("clusters").to_pylist()
    unlocated = {"patents": 15, "deals": 3}
    units = {(row["cluster_id"], row["metric"]): row["units"] for row in measures}
    totals = {metric: edition.manifest["metrics"][metric]["units"] for metric in unlocated}
    french = [row["cluster_id"] for row in clusters if "FR" in row["economies"].split("/")]
    ranks = {cluster: [] for cluster in french}
    for target in (*french, None):

        def score(cluster, target=target):
            return sum(
                Fraction(units[cluster, m] + 10**9 * n * (cluster == target), totals[m] + 10**9 * n)
                for m, n in unlocated.items()
            )

        ordered = sorted((row["cluster_id"] for row in clusters), key=score, reverse=True)
        for cluster in french:
            ranks[cluster].append(ordered.index(cluster) + 1)
    rows = {row["cluster_id"]: (row["rank_best"], row["rank_worst"]) for row in part(edition, "unlocated")}
    assert rows == {cluster: (min(reached), max(reached)) for cluster, reached in ranks.items()}
    assert any(best != worst for best, worst in rows.values())


def test_the_end_of_a_run_names_the_page_that_has_the_report(edition):
    *_, last = locations.of_edition(edition)
    page, _, part = last.removeprefix("Where records were put: ").partition("#")
    assert f'id="{part}"' in Path(page).read_text("utf-8")


def test_records_without_any_economy_are_not_said_to_be_of_one():
    """They may lie in any cluster of the world, so that they widen more ranks than those of one economy."""
    row = {"part": "unlocated", "subject": "Paris", "cluster_id": "1", "rank": 4}
    of_france = row | {"economy": "FR", "records": 6, "rank_best": 4, "rank_worst": 6}
    of_nowhere = row | {"economy": None, "records": 1469, "rank_best": 1, "rank_worst": 9}
    lines = list(locations.could_move([of_france, of_nowhere], "cluster"))
    assert lines == [
        "Unlocated records of one economy could move 1 cluster by two ranks or more: Paris, 4 (4–6)",
        (
            "Unlocated records of which no economy is known (1,469) could move 1 cluster by two ranks or more, "
            "if all of them lay in one cluster: Paris, 4 (1–9)"
        ),
    ]
    assert list(locations.could_move([of_france | {"rank_worst": 5}], "area")) == []
