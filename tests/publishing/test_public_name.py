"""What pages call the files of a study."""

import json

import pytest

from hubrank.core.edition import public_name
from hubrank.publishing import crate
from hubrank.publishing.page_words import words
from hubrank.publishing.site import documentation


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("raw/ror/ror-data.zip", "raw/ror/ror-data.zip"),
        ("../../shared/ror-records.jsonl.gz", "ror-records.jsonl.gz"),
        ("/home/someone/rows.csv", "rows.csv"),
        ("${HUBRANK_RAW}/rows.csv", "${HUBRANK_RAW}/rows.csv"),
        ("https://example.org/a/../rows.csv", "https://example.org/a/../rows.csv"),
        ("/", "/"),
        ("dbscan", "dbscan"),
    ],
)
def test_a_file_outside_of_the_study_is_called_by_its_name_alone(path, shown):
    assert public_name(path) == shown


def test_pages_and_the_crate_show_no_folder_above_the_edition():
    outside = "../../../shared/ror/ror-records.jsonl.gz"
    manifest = {
        "study": {"sources": [], "geocoding": {"institutions": f"/home/someone/{outside}"}},
        "parameters": {"compare": {"previous": "../2024"}},
        "inputs": [{"name": outside, "bytes": 1, "sha256": "0", "licence": "CC0"}],
        "threshold_listings": 3,
    }
    manifest["study"]["population"] = {"table": "../people.csv"}
    shown = dict(documentation.settings(manifest, words("en")))
    assert shown["table of people"] == "people.csv"
    assert "table of people" not in documentation.method(manifest, words("en"))
    assert shown["geocoding: institutions"] == "ror-records.jsonl.gz"
    described = json.dumps(
        [crate._input(1, manifest["inputs"][0], {"CC0": {"@id": "x"}}), *crate._parameters(manifest)]
    )
    assert "../shared" not in described
    assert crate._value("parameter", "previous", "../2024")["value"] == "2024"
