"""A run uses the register that was fetched, and says what is missed where there is none."""

import json

import pytest

from hubrank.core.errors import StudyError
from hubrank.sources import register
from hubrank.sources.inputs import Inputs
from hubrank.study import study_file

STUDY = """
title = "One table"
edition = "1"
{top}
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
[geocoding]
{geocoding}
[clusters]
min_listings = 1
"""


def inputs(folder, geocoding="", top=""):
    path = folder / "study.toml"
    path.write_text(STUDY.format(geocoding=geocoding, top=top))
    return Inputs(study_file.read(path), folder)


def put(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(json.dumps([]))


@pytest.fixture(autouse=True)
def _no_shared_folder(monkeypatch):
    monkeypatch.delenv(register.RAW, raising=False)


def test_the_newest_fetched_register_is_an_input_with_its_hash_and_licence(tmp_path):
    put(tmp_path / "raw/ror", "v1.9-2022-09-01-ror-data.zip", "v1.75-2026-10-01-ror-data.zip", "notes-ror-data.txt")
    files = inputs(tmp_path)
    assert files.register.origin == "fetched"
    assert (
        files.register_note
        == "Register of institutions, the newest in the folder of raw files: raw/ror/v1.75-2026-10-01-ror-data.zip."
    )
    (file,) = files.all
    assert (file.name, len(file.sha256)) == ("raw/ror/v1.75-2026-10-01-ror-data.zip", 64)
    assert files.licence(file) == "CC0-1.0"


def test_a_register_outside_of_the_folder_of_the_study_is_called_by_its_name_alone(tmp_path):
    put(tmp_path / "shared", "ror-records.json")
    (tmp_path / "study").mkdir()
    files = inputs(tmp_path / "study", 'institutions = "../shared/ror-records.json"')
    assert files.register_note == "Register of institutions, named by the study: ror-records.json."
    assert files.all[0].name == "../shared/ror-records.json"


def test_a_file_that_is_not_called_as_a_register_is_named_where_one_is_missing(tmp_path):
    put(tmp_path / "raw/ror", "my-ror.json", "manifest.json")
    assert inputs(tmp_path).register_note.startswith(
        "No register of institutions (raw/ror/ has my-ror.json, and a register is called *ror-data*.zip"
    )


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("v1.9-ror-data.json", "v1.75-ror-data.json"),
        ("v1.75-2026-10-01-ror-data.json", "v2.0-2026-10-02-ror-data.jsonl.gz"),
        ("v1.50-2024-07-29-ror-data.json", "v1.50-2024-07-29-ror-data_schema_v2.json"),
    ],
)
def test_the_newest_register_is_that_of_the_latest_date_then_version(tmp_path, older, newer):
    put(tmp_path, newer, older)
    assert register.newest(tmp_path).name == newer


def test_a_register_of_the_shared_folder_is_named_by_its_variable(tmp_path, monkeypatch):
    put(tmp_path / "shared/ror", "v1-ror-data.json")
    monkeypatch.setenv(register.RAW, str(tmp_path / "shared"))
    (tmp_path / "study").mkdir()
    files = inputs(tmp_path / "study")
    assert files.register_note.endswith(": ${HUBRANK_RAW}/ror/v1-ror-data.json.")


def test_the_register_next_to_the_study_comes_before_the_shared_one(tmp_path, monkeypatch):
    put(tmp_path / "shared/ror", "v2-ror-data.json")
    put(tmp_path / "study/raw/ror", "v1-ror-data.json")
    monkeypatch.setenv(register.RAW, str(tmp_path / "shared"))
    assert inputs(tmp_path / "study").register.paths[0].name == "v1-ror-data.json"


def test_a_study_that_names_a_register_keeps_it(tmp_path):
    put(tmp_path / "raw/ror", "v2-ror-data.json")
    put(tmp_path, "mine.json")
    files = inputs(tmp_path, 'institutions = "mine.json"')
    assert (files.register.origin, [path.name for path in files.register.paths]) == ("stated", ["mine.json"])


def test_an_empty_list_switches_the_register_off(tmp_path):
    put(tmp_path / "raw/ror", "v2-ror-data.json")
    files = inputs(tmp_path, "institutions = []")
    assert files.register.paths == ()
    assert files.register_note.startswith("No register of institutions, as the study has it: organisations are located")


def test_without_a_register_the_note_says_what_is_missed_in_one_sentence_for_every_reader(tmp_path):
    assert inputs(tmp_path).register_note == (
        "No register of institutions: organisations are located only by the city, region and country of their row."
    )


def test_simulated_records_do_not_depend_on_what_was_fetched(tmp_path):
    put(tmp_path / "raw/ror", "v2-ror-data.json")
    files = inputs(tmp_path, top="synthetic = true")
    assert (files.register.paths, files.register_note) == ((), "")


def test_corrections_are_an_input_with_the_licence_that_the_study_states(tmp_path):
    (tmp_path / "corrections.csv").write_text("text,geonames_id,who,why\n")
    files = inputs(tmp_path, 'corrections = "corrections.csv"\ncorrections_licence = "CC-BY-4.0"')
    assert files.corrections.path == tmp_path / "corrections.csv"
    assert [(file.name, files.licence(file)) for file in files.all] == [("corrections.csv", "CC-BY-4.0")]
    assert inputs(tmp_path).corrections is None


@pytest.mark.parametrize("pattern", ["absent.csv", "*.csv"])
def test_corrections_are_exactly_one_file(tmp_path, pattern):
    put(tmp_path, "a.csv", "b.csv")
    with pytest.raises(StudyError, match="corrections"):
        _ = inputs(tmp_path, f'corrections = "{pattern}"').corrections


@pytest.mark.parametrize(("column", "missed"), [("city", False), ("institution", True), ("address", True)])
def test_the_register_is_missed_only_where_rows_may_name_institutions(tmp_path, column, missed):
    path = tmp_path / "study.toml"
    columns = f'columns = {{ {column} = "x", organisation = "y" }}\n[geocoding]'
    path.write_text(STUDY.format(geocoding="", top="").replace("[geocoding]", columns))
    files = Inputs(study_file.read(path), tmp_path)
    assert bool(files.register_note) is missed
    put(tmp_path / "raw/ror", "v1-ror-data.json")
    assert Inputs(study_file.read(path), tmp_path).register.origin == register.FETCHED
