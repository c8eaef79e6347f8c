"""A source may say which evidence locates its addresses (METHOD 2)."""

import csv

import pytest

from fixtures_editions import without_pages
from hubrank.analysis.study_check import check
from hubrank.core.errors import StudyError
from hubrank.study import study_file

STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "rows.csv"
columns = { record = "id", lat = "lat", lon = "lon", city = "city", country = "country" }
use = ["coordinates"]
[[sources]]
metric = "deals"
reader = "table"
files = "rows.csv"
columns = { record = "id", lat = "lat", lon = "lon", city = "city", country = "country" }
[[sources]]
metric = "articles"
reader = "table"
files = "rows.csv"
columns = { record = "id", lat = "lat", lon = "lon", city = "city", country = "country" }
use = ["names"]
[clusters]
min_listings = 3
[robustness]
run = false
"""


@pytest.fixture
def folder(tmp_path):
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[f"r{n}", 48.85, 2.35, "Paris", "FR"] for n in range(5)]
        csv.writer(file).writerows([["id", "lat", "lon", "city", "country"], *rows])
    (tmp_path / "study.toml").write_text(STUDY)
    return tmp_path


def test_each_source_is_located_by_the_evidence_that_it_names(folder):
    edition = without_pages(folder / "study.toml", folder / "out")
    evidence = {row["metric"]: row["geocoding_evidence"] for row in edition.table("addresses").to_pylist()}
    assert evidence == {"patents": "coordinates", "deals": "coordinates+names", "articles": "names"}
    keys = {row["metric"]: row["address_key"] for row in edition.table("addresses").to_pylist()}
    assert len(set(keys.values())) == 3
    assert {r["metric"]: r["address_key"] for r in edition.table("located").to_pylist()} == keys


def test_a_check_locates_each_source_as_a_run_does(folder):
    sources = check(folder / "study.toml", rows=100, progress=lambda *_: None)["sources"]
    assert {s["metric"]: s["examples"][0]["geocoding_evidence"] for s in sources} == {
        "patents": "coordinates",
        "deals": "coordinates+names",
        "articles": "names",
    }


def test_a_register_is_used_where_any_source_uses_institutions(folder):
    text = STUDY.replace('use = ["names"]', 'use = ["institutions"]')
    for more, used in (("", True), ('[geocoding]\nuse = ["names"]\n', True)):
        (folder / "study.toml").write_text(text + more)
        assert study_file.read(folder / "study.toml").uses_institutions is used
    (folder / "study.toml").write_text(STUDY + '[geocoding]\nuse = ["names"]\n')
    assert not study_file.read(folder / "study.toml").uses_institutions


def test_evidence_that_does_not_exist_is_refused(folder):
    (folder / "study.toml").write_text(STUDY.replace('use = ["names"]', 'use = ["stars"]'))
    with pytest.raises(StudyError, match=r"sources.*use.*'stars'"):
        study_file.read(folder / "study.toml")
