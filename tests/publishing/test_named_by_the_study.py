"""Outputs call metrics and sources what the study calls them."""

import csv
import json

import pytest
import yaml
from typer.testing import CliRunner

from hubrank import cli
from hubrank.core import edition
from hubrank.publishing import citation, page_words
from hubrank.publishing.site import documentation
from whole_text import texts

STUDY = """
title = "Acquisitions of start-ups"
edition = "2024"
[windows]
deals = [2020, 2024]
[metrics.deals]
label = "Acquisitions <all>"
[[sources]]
metric = "deals"
reader = "table"
files = "rows.csv"
columns = { record = "id", year = "year", lat = "lat", lon = "lon", organisation = "who" }
name = "Register of mergers & acquisitions"
publisher = "The Office, Ltd."
url = "https://example.org/mergers?year=2024&all=1"
accessed = 2026-05-31
licence = "CC-BY-4.0"
[[sources]]
metric = "rounds_of_money"
reader = "table"
files = "rows.csv"
columns = { record = "id", lat = "lat", lon = "lon" }
[geocoding]
use = ["coordinates"]
[clusters]
min_listings = 3
[robustness]
draws = 100
[publish]
authors = ["Office of Mergers", "Ada Lovelace"]
date = 2026-06-01
base_url = "https://example.org/clusters/"
"""
LABEL, NAME, PUBLISHER = "Acquisitions <all>", "Register of mergers & acquisitions", "The Office, Ltd."
URL = "https://example.org/mergers?year=2024&all=1"


@pytest.fixture(scope="module")
def finished_run(tmp_path_factory):
    """Return the edition and what the run printed."""
    folder = tmp_path_factory.mktemp("acquisitions")
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(f"a{n}", 2020 + n % 5, 48.85, 2.35, f"Firm {n // 5}") for n in range(12)]
        rows += [(f"b{n}", 2020 + n % 5, 35.68, 139.69, f"Firm {n % 3}") for n in range(9)]
        csv.writer(file).writerows([["id", "year", "lat", "lon", "who"], *rows])
    (folder / "study.toml").write_text(STUDY)
    result = CliRunner().invoke(
        cli.app, ["run", str(folder / "study.toml"), "--out", str(folder / "out")], env={"COLUMNS": "200"}
    )
    assert result.exit_code == 0, result.exception
    return edition.load(folder / "out"), result.output


def test_no_output_calls_acquisitions_venture_capital_deals(finished_run):
    finished, screen = finished_run
    files = [*texts(finished.folder), ("screen", screen)]
    assert len(files) > 40
    wrong = [name for name, text in files if "venture-capital" in text.lower() or "venture capital" in text.lower()]
    assert not wrong


def test_the_brief_lists_every_source_and_says_which_the_study_does_not_name(finished_run):
    finished, _ = finished_run
    brief = (finished.folder / "brief.md").read_text("utf-8").replace("\\", "")
    assert "accessed 2026-05-31 and records of rounds of money (source not named)." in brief
    assert f"listings (places named on records of {LABEL} and rounds of money) within" in brief
    assert "inventors" not in brief, "this study has none"


def test_a_citation_leaves_out_what_is_unknown_and_says_what_to_state_where_its_format_wants_something(tmp_path):
    sources = [{"metric": "offices", "reader": "table"}, {"metric": "rounds", "reader": "table", "name": "A map"}]
    study = {"title": "T", "edition": "1", "sources": sources}
    citation.publish(tmp_path / "c", {"study": study, "sources": sources}, abstract="A")
    text = (tmp_path / "c").read_text("utf-8")
    cited = yaml.safe_load(text)
    assert cited["authors"] == [{"name": "Not stated"}]
    assert "# [publish] authors" in text
    assert [(each["title"], each["authors"][0]["name"]) for each in cited["references"][1:]] == [
        ("A map", "Not stated")
    ]


def test_files_of_people_and_areas_are_cited_but_those_fetched_which_have_a_title(tmp_path):
    study = {"title": "T", "edition": "1", "sources": []}
    study |= {"population": {"table": "people.csv", "licence": "CC-BY-4.0"}, "areas": {"file": "raw/nuts/a.geojson"}}
    fetched = {"publisher": "Eurostat", "url": "https://example.org", "accessed": "2026-01-01", "licence": "CC0-1.0"}
    manifest = {"study": study, "inputs": [{"name": "people.csv"}, {"name": "raw/nuts/a.geojson", "fetched": "2026"}]}
    citation.publish(tmp_path / "c", {**manifest, "fetched": {"NUTS": fetched}}, abstract="A")
    _, nuts, people = yaml.safe_load((tmp_path / "c").read_text("utf-8"))["references"]
    assert nuts["title"] == "NUTS"
    assert (people["title"], people["notes"]) == ("Population, people.csv", "Licence: CC-BY-4.0")
    citation.publish(tmp_path / "c", {**manifest, "inputs": []}, abstract="A")
    assert yaml.safe_load((tmp_path / "c").read_text("utf-8"))["references"][-1]["title"] == "Areas, raw/nuts/a.geojson"


def test_every_output_for_readers_uses_the_words_of_the_study(finished_run):
    finished, screen = finished_run
    content = dict(texts(finished.folder))
    in_html = "Acquisitions &lt;all&gt;"
    assert LABEL in content["brief.md"].replace("\\", "")
    for name, words in {
        "brief.html": [in_html, "Register of mergers &amp; acquisitions", "2026-05-31"],
        "site/index.html": [f">{in_html}</option>", f"Weight of {in_html}", f"<span>{in_html}</span>"],
        "site/explorer.html": [f">{in_html}</option>"],
        "site/data.html": [
            f"share of all located {in_html}",
            *("Register of mergers &amp; acquisitions</a>", PUBLISHER, "accessed 2026-05-31"),
        ],
        "site/cluster/paris-fr.html": [f"<h2>{in_html}</h2>", f"<span>{in_html}</span>"],
        "ranking.xlsx/xl/sharedStrings.xml": [f"share of all located {in_html}", f"{in_html}, rounds_of_money"],
        "edition.sqlite": [f"share of all located {LABEL}", NAME],
        "CITATION.cff": [f'title: "{NAME}"', f'url: "{URL}"', 'date-accessed: "2026-05-31"', f'name: "{PUBLISHER}"'],
    }.items():
        for word in words:
            assert word in content[name], (name, word)
    assert f"{NAME} (table): 21 rows read" in screen
    assert f"{LABEL}: 21 listings" in screen


def test_the_first_page_says_what_is_counted_in_the_words_of_the_study(finished_run):
    page = (finished_run[0].folder / "site" / "index.html").read_text("utf-8")
    assert "2 places with the most Acquisitions &lt;all&gt; and rounds_of_money, ranked from raw records." in page


def test_who_made_the_edition_is_cited_and_the_author_of_its_feeds(finished_run):
    folder = finished_run[0].folder
    cited = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert [author["name"] for author in cited["authors"]] == ["Office of Mergers", "Ada Lovelace"]
    of_title = {reference["title"]: reference for reference in cited["references"]}
    assert of_title[NAME]["notes"] == "Licence: CC-BY-4.0"
    assert (cited["url"], cited["date-released"]) == ("https://example.org/clusters/", "2026-06-01")
    assert json.loads((folder / "site/feed.json").read_text("utf-8"))["authors"] == [
        {"name": "Office of Mergers, Ada Lovelace"}
    ]
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert package["contributors"] == [{"title": "Office of Mergers"}, {"title": "Ada Lovelace"}]
    page = (folder / "site/method.html").read_text("utf-8")
    assert "author = {{Office of Mergers} and {Ada Lovelace}}" in page


def test_catalogues_and_the_manifest_name_metrics_and_sources(finished_run):
    finished, _ = finished_run
    manifest = finished.manifest
    origin = {"name": NAME, "publisher": PUBLISHER, "url": URL, "accessed": "2026-05-31"}
    assert {key: manifest["sources"][0][key] for key in origin} == origin
    assert not origin.keys() & manifest["sources"][1].keys()
    assert [each["label"] for each in manifest["metrics"].values()] == [LABEL, "rounds_of_money"]
    package = json.loads((finished.folder / "datapackage.json").read_text("utf-8"))
    assert package["sources"][0] | {"title": NAME, "path": URL, "publisher": PUBLISHER} == package["sources"][0]
    assert package["sources"][1]["title"] == "rounds_of_money, read as table"
    assert LABEL in package["keywords"]
    linked = json.loads((finished.folder / "dataset.jsonld").read_text("utf-8"))
    publisher = {"@type": "Organization", "name": PUBLISHER}
    assert linked["isBasedOn"] == [{"@type": "Dataset", "name": NAME, "url": URL, "publisher": publisher}]


def test_dcat_and_ro_crate_name_the_source_with_publisher_page_and_day(finished_run):
    finished, _ = finished_run
    dcat = json.loads((finished.folder / "dcat.jsonld").read_text("utf-8"))
    (source,) = dcat["dct:source"]
    assert source["dct:title"] == NAME
    assert source["dct:publisher"] == {"@type": "foaf:Agent", "foaf:name": PUBLISHER}
    assert (source["dcat:landingPage"]["@id"], source["dct:date"]["@value"]) == (URL, "2026-05-31")
    assert "foaf" in dcat["@context"]
    crate = json.loads((finished.folder / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    by_id = {entity["@id"]: entity for entity in crate}
    assert {"@id": "#source-1"} in by_id["./"]["isBasedOn"]
    work = by_id["#source-1"]
    assert (work["name"], work["url"]) == (NAME, URL)
    assert by_id[work["publisher"]["@id"]]["name"] == PUBLISHER
    assert "accessed 2026-05-31" in work["description"]
    assert "#source-2" not in by_id
    assert LABEL in by_id["./"]["keywords"]


def test_headers_of_trace_and_check_are_words_of_the_study(finished_run):
    finished, _ = finished_run
    study = finished.folder.parent / "study.toml"
    for arguments in (
        ["trace", str(finished.folder), "1", "deals"],
        ["rank", str(finished.folder)],
        ["check", str(study)],
    ):
        result = CliRunner().invoke(cli.app, arguments, env={"COLUMNS": "200"})
        assert result.exit_code == 0, result.exception
        assert LABEL in result.output
        assert arguments[0] != "check" or f"{NAME}, {LABEL} (table)" in result.output


def test_sources_that_are_called_alike_are_told_apart_by_their_files():
    rows = {"reader": "table", "rows_read": 1, "rows_kept": 1, "out_of_scope": {}, "set_aside": {}}
    metrics = ("deals", "papers", "papers")
    files = ("a.csv", {"works": ["../b-*.csv", "c.csv"]}, "/home/d.csv")
    manifest = {
        "sources": [rows | {"metric": name} for name in metrics],
        "study": {"sources": [{"metric": name, "files": each} for name, each in zip(metrics, files, strict=True)]},
    }
    shown = documentation.sources(manifest, page_words.words("en"))
    assert [source["files"] for source in shown] == ["", "b-*.csv, c.csv", "d.csv"]


def test_the_brief_names_sources_and_metrics(finished_run):
    finished, _ = finished_run
    brief = json.loads((finished.folder / "brief.json").read_text("utf-8"))
    text = json.dumps(brief, ensure_ascii=False)
    assert "Most " in text
    (line,) = [each for each in (finished.folder / "brief.md").read_text("utf-8").splitlines() if "Sources: " in each]
    sentence = line[line.index("Sources: ") :].replace("\\", "")
    assert sentence.startswith(
        f"Sources: {NAME}, {PUBLISHER}, {URL}, accessed 2026-05-31 and records of rounds of money (source not named)."
    )
    assert "rounds of money" in text
