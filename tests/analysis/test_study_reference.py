"""The page about the study file, its JSON Schema and the models say the same."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from hubrank.analysis import study_reference
from hubrank.core.errors import StudyError
from hubrank.study.study_file import parse

ROOT = Path(__file__).parents[2]
LEAST = {
    "title": "T",
    "edition": "1",
    "sources": [{"metric": "deals", "reader": "table", "files": "deals.csv", "columns": {"city": "city"}}],
    "clusters": {"min_listings": 5},
}
KEYS = [path for path, _ in study_reference.model_keys()]
ABOUT = study_reference.keys()
SCHEMA = study_reference.json_schema()
BY_SCHEMA = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)


def test_every_key_of_the_models_is_explained_and_no_other():
    assert sorted(ABOUT) == sorted(KEYS)
    for path, about in ABOUT.items():
        assert set(about) == {"what", "example", "moves", "method"}, path


def test_the_sections_of_method_that_are_cited_exist():
    sections = set(re.findall(r"^## (\d+) ", (ROOT / "METHOD.md").read_text("utf-8"), re.MULTILINE))
    assert {about["method"] for about in ABOUT.values()} <= sections


def study_of(path, example):
    """Return a small study with the example of a key in its section."""
    study = json.loads(json.dumps(LEAST))
    values = tomllib.loads(example)
    section = path.split(".")[0] if "." in path else ""
    if section == "sources":
        study["sources"][0] |= values
        if "years" in values:
            study["windows"] = {"deals": [2020, 2024]}
    elif section == "clusters":
        study["clusters"] = values if {"min_share_ppm", "threshold"} & set(values) else {"min_listings": 5} | values
    elif section == "metrics" or not section:
        study |= values
    else:
        study[section] = values
    return study


@pytest.mark.parametrize("path", KEYS)
def test_the_example_of_each_key_is_a_study_by_the_models_and_by_the_schema(path):
    study = study_of(path, ABOUT[path]["example"])
    parse(study, Path("study.toml"))
    BY_SCHEMA.validate(plain(study))


def plain(value):
    """Return a TOML value as JSON has it: a date is text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", sorted((ROOT / "studies").glob("*.toml")), ids=lambda path: path.name)
def test_the_studies_of_this_repository_fit_the_schema(path):
    BY_SCHEMA.validate(plain(tomllib.loads(path.read_text("utf-8"))))


@pytest.mark.parametrize(
    "change",
    [
        {"clusters": {"radus_km": 15}},
        {"edition": 2025},
        {"windows": {"deals": [2020]}},
        {"merging": {"gap_km": -1}},
        {"sources": [LEAST["sources"][0] | {"options": {"seperator": ";"}}]},
        {"sources": [LEAST["sources"][0] | {"copies": "keep"}]},
    ],
    ids=str,
)
def test_what_the_schema_refuses_the_models_refuse(change):
    study = LEAST | change
    with pytest.raises(jsonschema.ValidationError):
        BY_SCHEMA.validate(study)
    if "options" not in study["sources"][0]:
        with pytest.raises(StudyError):
            parse(study, Path("study.toml"))


def test_every_option_of_a_reader_is_explained():
    for reader, options in study_reference.readers().items():
        missing = set(options.model_fields) - set(study_reference.option_texts(options))
        assert not missing, reader


def test_the_schema_is_a_schema():
    BY_SCHEMA.check_schema(SCHEMA)


def test_the_page_and_the_schema_in_docs_are_those_of_the_models():
    again = "Run: python scripts/make_study_reference.py"
    assert (ROOT / "docs" / "study.md").read_text("utf-8") == study_reference.page(), again
    schema = json.loads((ROOT / "docs" / "study.schema.json").read_text("utf-8"))
    assert schema == json.loads(json.dumps(SCHEMA)), again
