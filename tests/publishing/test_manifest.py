"""An edition records where it comes from: a stranger with the same inputs gets the same hashes."""

import csv
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import hubrank
from hubrank import pipeline
from hubrank.core.cache import code_version

ROOT = Path(__file__).parents[2]
STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "table"
files = "patents.csv"
columns = {{ record = "id", listing = "no", city = "city", country = "country" }}
{patents}
[[sources]]
metric = "deals"
reader = "crunchbase"
files = "rounds.csv"
{deals}
[geocoding]
use = ["names"]
[clusters]
min_listings = 20
[robustness]
draws = 200
"""
ROUNDS = (
    "company_permalink,company_name,company_region,company_city,company_state_code,company_country_code,"
    "funding_round_type,funded_at\n"
)
CITIES = [("Lyon", "FR"), ("Geneva", "Switzerland"), ("Kyoto", "JP"), ("Grenoble", "France"), ("Nowhereville", "US")]


def write(folder, *, patents="", deals="", head=""):
    """Write a study and its raw files; return the study's path."""
    folder.mkdir(exist_ok=True)
    with (folder / "patents.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "no", "city", "country"])
        rows.writerows([f"p{i // 2}", i % 2, *CITIES[i * i % 7 % 5]] for i in range(400))
    companies = (f"/c/{i},C{i},Rhône,{CITIES[i % 4][0]},,FRA,angel,2012-08-{1 + i % 28:02}\n" for i in range(80))
    (folder / "rounds.csv").write_text(ROUNDS + "".join(companies), "utf-8")
    (folder / "study.toml").write_text(head + STUDY.format(patents=patents, deals=deals))
    return folder / "study.toml"


def run(folder, **choices):
    return pipeline.run(write(folder, **choices), folder / "out")


def entities(edition):
    crate = json.loads((edition.folder / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    by_id = {entity["@id"]: entity for entity in crate}
    assert len(by_id) == len(crate), "an identifier stands twice"
    return by_id


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return run(tmp_path_factory.mktemp("edition"), patents='licence = "CC-BY-4.0"')


def test_every_input_has_its_size_hash_and_licence_in_the_edition_and_the_crate(edition):
    inputs = {each["name"]: each for each in edition.manifest["inputs"]}
    assert inputs.keys() == {"patents.csv", "rounds.csv"}
    for name, each in inputs.items():
        content = (edition.folder.parent / name).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert inputs["patents.csv"]["licence"] == "CC-BY-4.0"
    assert inputs["rounds.csv"]["licence"].startswith("the terms of Crunchbase")
    graph = entities(edition)
    crate = {graph[reference["@id"]]["name"]: graph[reference["@id"]] for reference in graph["./"]["isBasedOn"]}
    for name, each in inputs.items():
        assert (crate[name]["contentSize"], crate[name]["sha256"]) == (str(each["bytes"]), each["sha256"])
        assert graph[crate[name]["license"]["@id"]]["name"] == each["licence"]
    package = json.loads((edition.folder / "datapackage.json").read_text("utf-8"))
    assert [source["licence"] for source in package["sources"]] == [
        inputs["patents.csv"]["licence"],
        inputs["rounds.csv"]["licence"],
    ]


def test_a_table_has_an_unknown_licence_unless_the_study_says_one(tmp_path):
    assert run(tmp_path).manifest["sources"][0]["licence"] == "unknown"


def test_simulated_files_do_not_take_the_licence_of_the_source_that_they_look_like(tmp_path):
    edition = run(tmp_path, head="synthetic = true\n")
    assert {each["licence"] for each in edition.manifest["inputs"]} == {"none: simulated records"}


def test_a_source_of_one_provider_is_named_by_its_reader_unless_the_study_names_it(tmp_path):
    first = run(tmp_path).manifest["sources"][1]
    assert (first["name"], first["publisher"], first["url"]) == (
        "Crunchbase",
        "Crunchbase",
        "https://www.crunchbase.com",
    )
    assert "name" not in run(tmp_path).manifest["sources"][0], "a table may come from anywhere"
    stated = run(tmp_path, deals='name = "An export"').manifest["sources"][1]
    assert (stated["name"], stated.get("publisher"), stated.get("url")) == ("An export", None, None)
    assert "name" not in run(tmp_path, head="synthetic = true\n").manifest["sources"][1]


def test_a_file_that_two_sources_read_keeps_what_both_say(tmp_path):
    columns = '{ record = "company_name", city = "company_city" }'
    more = f'[[sources]]\nmetric="firms"\nreader="table"\nfiles="rounds.csv"\nlicence="MIT"\ncolumns={columns}\n'
    edition = run(tmp_path, deals='licence = "CC0-1.0"\n' + more)
    assert edition.manifest["inputs"][1]["licence"] == "CC0-1.0; MIT"


def test_the_licence_is_the_same_where_a_finished_shard_is_reused(tmp_path):
    first = run(tmp_path).manifest
    assert run(tmp_path).manifest == first


def test_every_parameter_is_recorded_with_its_default_and_every_table_with_its_rows(edition):
    assert edition.manifest["parameters"]["clusters"]["radius_km"] == 15
    assert edition.manifest["parameters"]["robustness"]["draws"] == 200
    assert edition.manifest["sources"][1]["options"]["types"] == ["pre_seed", "seed", "angel", "series", "venture"]
    assert edition.manifest["rows"] == {
        path.stem: edition.table(path.stem).num_rows for path in (edition.folder / "tables").glob("*.parquet")
    }
    graph = entities(edition)
    assert graph["#parameter-[clusters] radius_km"]["value"] == 15
    assert graph["#parameter-[[sources]] 2 types"]["value"].startswith('["pre_seed"')
    assert graph["#rows-points"]["value"] == edition.manifest["rows"]["points"]
    used = {reference["@id"] for reference in graph["#run"]["object"] + graph["#run"]["result"]}
    assert used <= graph.keys()
    assert {name for name in graph if name.startswith(("#parameter-", "#rows-", "#input-"))} <= used


def test_the_program_is_recorded_by_version_and_by_a_hash_of_its_code(edition):
    assert edition.manifest["made_by"]["hubrank"] == hubrank.__version__
    assert edition.manifest["made_by"]["code"] == code_version()
    assert entities(edition)["#hubrank"]["softwareVersion"] == hubrank.__version__


def test_no_path_of_this_machine_stands_in_an_edition(tmp_path, monkeypatch):
    path = write(tmp_path / "study")
    (tmp_path / "raw").mkdir()
    (path.parent / "rounds.csv").rename(tmp_path / "raw" / "rounds.csv")
    monkeypatch.setenv("RAW_FILES", str(tmp_path / "raw"))
    path.write_text(path.read_text().replace('"rounds.csv"', '"${RAW_FILES}/rounds.csv"'))
    edition = pipeline.run(path, tmp_path / "out")
    assert [each["name"] for each in edition.manifest["inputs"]] == ["${RAW_FILES}/rounds.csv", "patents.csv"]
    for file in edition.folder.rglob("*"):
        assert file.is_dir() or str(tmp_path).encode() not in file.read_bytes(), file


def fresh_python(folder):
    """Make an environment, install the wheel of the package into it, and return its Python."""
    pytest.importorskip("hatchling", reason="needs hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist")]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, *map(str, (folder / "dist").glob("*.whl"))], check=True)
    site = next((folder / "lib").glob("python*/site-packages"))
    libraries = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (site / "libraries.pth").write_text("\n".join(sorted(libraries)) + "\n")
    return python


@pytest.mark.slow
def test_a_stranger_with_the_same_inputs_gets_the_same_hashes(tmp_path):
    mine = run(tmp_path / "mine").manifest
    home = tmp_path / "home"
    home.mkdir()
    python = fresh_python(tmp_path / "environment")
    study = write(tmp_path / "a stranger's folder")
    search_paths = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}
    environment = search_paths | {"HOME": str(home), "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "99"}
    command = [str(python), "-m", "hubrank", "run", "study.toml", "--out", "theirs"]
    seen = subprocess.run(command, cwd=study.parent, env=environment, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stderr
    theirs = json.loads((study.parent / "theirs" / "edition.json").read_text("utf-8"))
    assert theirs == mine
    assert list((home / ".cache" / "hubrank" / "shards").iterdir()), "nothing of ours was reused"
    assert list((tmp_path / "environment").rglob("*.nbi")), "it was the copy that ran"
