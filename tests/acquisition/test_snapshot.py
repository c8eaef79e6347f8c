"""A fetched snapshot is read by the reader `openalex`, in both formats."""

import json

import pytest

from acquisition import providers
from hubrank import pipeline

STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "publications"
reader = "openalex"
[sources.files]
works = "openalex/data/FORMAT/works/*/part_*"
institutions = "openalex/data/FORMAT/institutions/*/part_*"
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 10
[robustness]
draws = 100
run = false
"""


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_a_fetched_snapshot_is_read_and_cited(form, stub, get, tmp_path):
    providers.openalex(stub, form)
    get("openalex", format=form)
    (tmp_path / "study.toml").write_text(STUDY.replace("FORMAT", form))
    pipeline.run(tmp_path / "study.toml", tmp_path / "edition")
    manifest = json.loads((tmp_path / "edition" / "edition.json").read_text())
    assert manifest["metrics"]["publications"]["records_located"] == 6_000
    assert manifest["sources"][0]["name"] == "OpenAlex snapshot"
    assert manifest["fetched"]["OpenAlex snapshot"]["licence"] == "CC0-1.0"
    assert all(entry["address"].endswith(entry["name"].removeprefix("openalex")) for entry in manifest["inputs"])
