"""Corrections decide places in a run and in a check, and the edition cites them."""

import csv
import hashlib
import json
import pickle

import pyarrow as pa
import pytest
import yaml

from cli import golden_errors
from hubrank import pipeline
from hubrank.cli.screens import editions, locations
from hubrank.core.errors import DataError
from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.counting.shards import settings
from hubrank.geocoding.parallel import LoadedGeocoder
from hubrank.sources.inputs import Inputs
from hubrank.study import study_file

STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
columns = { record = "id", listing = "no", institution = "owner", city = "city", country = "country" }
[geocoding]
corrections = "corrections.csv"
corrections_licence = "CC0-1.0"
[clusters]
min_listings = 5
[robustness]
run = false
draws = 100
"""
CORRECTIONS = """text,geonames_id,drop,who,why
"NOWHEREVILLE, US",2984114,,A. Editor,the plant is in France
"Kyoto, JP",,yes,B. Writer,not an address
"Springfield, US",,,,
"""
CITIES = [("Lyon", "FR"), ("Kyoto", "JP"), ("Nowhereville", "US")]


def write(folder):
    folder.mkdir(exist_ok=True)
    with (folder / "patents.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "no", "owner", "city", "country"])
        rows.writerows([f"p{i}", 0, "", *CITIES[i % 3]] for i in range(60))
    (folder / "corrections.csv").write_text(CORRECTIONS)
    (folder / "study.toml").write_text(STUDY)
    return folder / "study.toml"


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corrected")
    return pipeline.run(write(folder), folder / "out")


def test_a_corrected_address_makes_a_cluster_where_it_was_put_and_a_dropped_one_none(edition):
    assert sorted(edition.table("ranking")["cluster"].to_pylist()) == ["Lyon", "Reims"]
    totals = edition.manifest["metrics"]["patents"]
    assert (totals["listings"], totals["unlocated"]) == (60, 20)


def test_the_edition_says_how_many_places_were_corrected_by_whom_and_under_which_licence(edition):
    assert edition.manifest["corrections"] == {
        "file": "corrections.csv",
        "texts": 2,
        "institutions": 0,
        "dropped": 1,
        "unfilled": 1,
        "who": ["A. Editor", "B. Writer"],
        "used": {"texts": 2, "institutions": 0, "dropped": 1},
    }
    files = {file["name"]: file for file in edition.manifest["inputs"]}
    assert files["corrections.csv"]["sha256"] == hashlib.sha256(CORRECTIONS.encode()).hexdigest()
    assert files["corrections.csv"]["licence"] == "CC0-1.0"


def test_the_citation_and_the_page_of_sources_name_the_corrections(edition):
    citation = yaml.safe_load((edition.folder / "CITATION.cff").read_text("utf-8"))
    reference = citation["references"][-1]
    assert reference["title"] == "Places corrected by hand, corrections.csv"
    assert [author["name"] for author in reference["authors"]] == ["A. Editor", "B. Writer"]
    page = (edition.folder / "site/data.html").read_text("utf-8")
    assert (
        "corrections.csv decides places, whatever the evidence says: 2 by the text of an address, 0 by the id" in page
    )
    assert "Decided by: A. Editor, B. Writer." in page
    assert "No register of institutions: organisations are located only by" in page


def test_a_table_says_who_decided_what_and_why(edition):
    shown = ("correction_line", "text", "place", "who", "why", "source_rows", "listings")
    rows = [tuple(row[name] for name in shown) for row in edition.table("corrections").to_pylist()]
    assert rows == [
        (2, "US", "Reims, FR", "A. Editor", "the plant is in France", 20, 20),
        (3, "Kyoto, JP", None, "B. Writer", "not an address", 20, 20),
    ]
    addresses = [row for row in edition.table("addresses").to_pylist() if row["correction_line"]]
    assert sorted((row["correction_line"], row["city"]) for row in addresses) == [(2, "Nowhereville"), (3, "Kyoto")]


def test_a_row_of_no_address_is_named_although_another_row_has_its_place(tmp_path):
    path = write(tmp_path)
    more = '"NOWHEREVILLE 12, US",2984114,,C. Reader,as shown\n"Nowhere, XX",,yes,C. Reader,not an address\n'
    (tmp_path / "corrections.csv").write_text(CORRECTIONS + more)
    edition = pipeline.run(path, tmp_path / "out")
    assert edition.manifest["corrections"]["unused_lines"] == [5, 6]
    assert edition.manifest["corrections"]["used"] == {"texts": 2, "institutions": 0, "dropped": 1}
    assert edition.table("corrections")["listings"].to_pylist() == [20, 20, 0, 0]
    assert "2 by the text of an address" in (edition.folder / "site/data.html").read_text("utf-8")


def test_the_end_of_a_run_says_what_is_missed_without_a_register(edition, capsys):
    editions.edition(edition, 20)
    seen = capsys.readouterr().out
    assert "No register of institutions: organisations are located only by the city, region and country" in seen
    assert "their row. `hubrank get ror` fetches a register (docs/sources/ror.md)." in seen
    assert "hubrank get ror" not in (edition.folder / "site/data.html").read_text("utf-8")
    assert edition.manifest["register"]["origin"] == "missing"


def test_a_check_names_the_corrections_that_apply_to_no_address_of_the_sample(tmp_path, monkeypatch):
    path = write(tmp_path)
    assert "anywhere" not in golden_errors.shown(f"check {path.name}", tmp_path, monkeypatch.chdir)
    with (tmp_path / "corrections.csv").open("a") as file:
        file.write('"NOWHEREVILLE 12, US",2657896,,C. Reader,as shown\n')
    seen = golden_errors.shown(f"check {path.name}", tmp_path, monkeypatch.chdir)
    assert "3 texts" in seen
    assert "no address of the sample is put anywhere by 1 row (line 5)" in seen


def test_a_changed_correction_is_in_the_next_run(tmp_path):
    path = write(tmp_path)
    (tmp_path / "corrections.csv").write_text(CORRECTIONS.replace("2984114", "2657896"))
    edition = pipeline.run(path, tmp_path / "out")
    assert sorted(edition.table("ranking")["cluster"].to_pylist()) == ["Lyon", "Zurich"]


def test_a_correction_of_no_address_is_named_by_its_line(tmp_path):
    path = write(tmp_path)
    (tmp_path / "corrections.csv").write_text(CORRECTIONS + '"NOWHEREVILLE 12, US",2657896,,C. Reader,as shown\n')
    edition = pipeline.run(path, tmp_path / "out")
    assert edition.manifest["corrections"]["unused_lines"] == [5]
    assert any("no address is put anywhere by 1 row (line 5)" in line for line in locations.of_edition(edition))


def test_faults_in_corrections_stop_a_run_before_files_are_read(tmp_path, monkeypatch):
    path = write(tmp_path)
    (tmp_path / "corrections.csv").write_text(CORRECTIONS.replace("2984114", "7"))
    monkeypatch.setattr("hubrank.counting.shards.cached_shard", None)
    with pytest.raises(DataError, match=r"corrections\.csv, line 2: geonames_id '7'"):
        pipeline.run(path, tmp_path / "out")


def test_corrections_travel_to_other_machines(tmp_path):
    parsed = study_file.read(write(tmp_path))
    resolver = pickle.loads(pickle.dumps(LoadedGeocoder(settings(parsed, Inputs(parsed, tmp_path))(parsed.sources[0]))))
    address = pa.Table.from_pylist([{"city": "Nowhereville", "country": "US"}], ADDRESS_SCHEMA)
    (answer,) = resolver().locate(address).to_pylist()
    assert (answer["gazetteer_id"], answer["geocoding_evidence"]) == (2984114, "correction")


def test_a_check_shows_corrections_and_suggests_others(tmp_path, monkeypatch):
    write(tmp_path)
    (tmp_path / "corrections.csv").write_text("text,geonames_id,who,why\n")
    seen = golden_errors.shown("check study.toml --suggest more.csv", tmp_path, monkeypatch.chdir)
    assert "Doubtful addresses: 1 row written to more.csv" in seen
    assert "Corrections (corrections.csv): 0 texts, 0 institutions" in seen
    assert "No register of institutions" in seen
    with (tmp_path / "more.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["text"], row["listings"], row["answer"]) == ("Nowhereville, US", "20", "")
    (tmp_path / "more.csv").replace(tmp_path / "corrections.csv")
    summary = golden_errors.shown("check study.toml --json", tmp_path, monkeypatch.chdir)
    assert json.loads(summary.removeprefix("exit 0\n"))["corrections"]["unfilled"] == 1


def test_a_check_does_not_overwrite_a_table(tmp_path, monkeypatch):
    write(tmp_path)
    seen = golden_errors.shown("check study.toml --suggest corrections.csv", tmp_path, monkeypatch.chdir)
    assert seen.startswith("exit 2\n")
    assert (tmp_path / "corrections.csv").read_text() == CORRECTIONS
