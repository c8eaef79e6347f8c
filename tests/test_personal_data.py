"""Names and street lines of inventors and authors are read to identify and locate, and reach no output."""

import csv
import re

from typer.testing import CliRunner

from hubrank import cli
from hubrank.core.edition import load
from sources.test_epo_xml import document
from whole_text import texts

PLANTED = ("Simulated Author", "Person 1", "Inventor 0", "Inventor 5101", "SIM-I-", "ASIM")


def raw(folder):
    """Return the head of every raw file of people, unpacked."""
    import gzip
    import zipfile

    parts = []
    for path in folder.glob("raw/patentsview/*.zip"):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name).decode() for name in archive.namelist()]
    parts += [gzip.decompress(path.read_bytes()).decode() for path in folder.glob("raw/openalex/works/*/*.gz")]
    return "".join(parts)


def test_no_name_of_an_inventor_or_author_reaches_an_output(demo):
    names = raw(demo)
    assert all(name in names for name in PLANTED), "nothing was planted"
    files = 0
    for edition in ("2024", "2025"):
        for name, text in texts(demo / edition):
            files += 1
            assert not [planted for planted in PLANTED if planted in text], f"{edition}/{name}"
    assert files > 500


def test_natural_persons_who_hold_a_patent_are_called_individual(demo):
    organisations = dict(texts(demo / "2025"))["tables/profiles.parquet"]
    assert "individual" in organisations
    assert not re.search(r"Person \d", organisations)


STREETS = ("Planted Lane", "Hidden Alley", "Secret Street", "Nowhere Road", "Doe, Jane", "Rue Longue")
STUDY = """
title = "A test"
edition = "1"
[[sources]]
metric = "patents"
reader = "epo_xml"
files = "ep.xml"
[[sources]]
metric = "other_patents"
reader = "table"
files = "inventors*.csv"
columns = { record = "id", listing = "no", date = "day", address = "address", city = "city", country = "country" }
options = { whole_records = true }
[geocoding]
use = ["names"]
[clusters]
min_listings = 2
[robustness]
run = false
"""


def planted(folder):
    """Write patents whose inventors have street lines: next to a city, instead of one, in free text, not located."""
    one = "<B721><snm>Doe, Jane</snm><adr><str>{street}</str>{city}<ctry>FR</ctry></adr></B721>"
    streets = [("10, Planted Lane", "<city>75001 Paris</city>"), ("7 Hidden Alley, Paris", ""), ("9 Nowhere Road", "")]
    inventors = "".join(one.format(street=street, city=city) for street, city in streets)
    (folder / "ep.xml").write_text(document(inventors=inventors))
    rows = [
        ("a", 1, "2020-05-05", "Doe, Jane, 12 Secret Street, Paris", "Paris", "FR"),
        ("b", 1, "2020-05-05", "14 Secret Street, 75001 Paris", "", "FR"),
        ("c", 1, "2020-05-05", "1 Nowhere Road, Xqzptvllb", "", "FR"),
        ("d", 1, "never", "16 Secret Street, Paris", "Paris", "FR"),  # set aside, for its date
        ("e", 1, "2020-05-05", "Rue Longue " * 1000, "Paris", "FR"),  # set aside, for its address
        *((f"f{n}", 1, "2020-05-05", f"{n} Secret Street, Paris", "Paris", "FR") for n in range(60)),
    ]
    copy = ("f1", 1, "2020-05-05", "1 Secret Street, Paris", "Paris", "FR")
    for name, lines in (("inventors.csv", rows), ("inventors-2.csv", [copy])):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["id", "no", "day", "address", "city", "country"], *lines])
    (folder / "study.toml").write_text(STUDY)


def test_no_street_line_of_an_inventor_reaches_an_output(tmp_path):
    planted(tmp_path)
    inputs = (tmp_path / "ep.xml").read_text() + (tmp_path / "inventors.csv").read_text()
    assert all(words in inputs for words in STREETS), "nothing was planted"
    out, lines = tmp_path / "out", tmp_path / "lines"
    lines.mkdir()
    screens = {}
    for name, arguments in {
        "run": ["run", str(tmp_path / "study.toml"), "--out", str(out)],
        "trace": ["trace", str(out), "Paris", "patents", "--out", str(lines / "1.csv")],
        "trace others": ["trace", str(out), "Paris", "other_patents", "--out", str(lines / "2.csv")],
        "trace as JSON": ["trace", str(out), "Paris", "other_patents", "--json"],
    }.items():
        result = CliRunner().invoke(cli.app, arguments, env={"COLUMNS": "200"})
        assert result.exit_code == 0, (name, result.exception)
        screens[name] = result.output
    assert "set aside" in screens["run"]
    assert "copy: record 'f1'" in screens["run"]
    assert "Paris, FR" in screens["trace"]
    addresses = load(out).table("addresses").to_pylist()
    shown = {(row["metric"], row["address"], row["city"], row["place"]): row["source_rows"] for row in addresses}
    assert shown["other_patents", "Paris", "Paris", "Paris, FR"] == 61  # one row for all inventors of the city
    assert sum(shown.values()) == 66
    outputs = [*texts(out), *texts(lines), *screens.items()]
    assert len(outputs) > 40
    for name, text in outputs:
        assert not [words for words in STREETS if words in text], name
