"""Exports of bibliographic databases: tagged lines of Web of Science and RIS are tables, BibTeX is refused."""

import csv
import io
import zipfile

import pytest

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import members

WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Ito, H
   Li, A
TI On "quoted" words that go
   on in a second line
C1 [Ito, H.; Li, A.] RIKEN, Wako, Japan.
   [Kim, M.] MIT, Cambridge, MA USA.
PY 2021
UT WOS:1
ER

PT J
AU Kim, M
PY 2022
WC Engineering, Chemical; Computer Science,
   Information Systems
UT WOS:2
ER

EF
"""
RIS = """TY  - JOUR
AU  - Ito, H.
AD  - RIKEN, Wako, Japan
AD  - MIT, Cambridge, United
States
PY  - 2021///
DO  - 10.1/a
ER  -
TY  - JOUR
AD  - CERN, Genève, Switzerland
PY  - 2022
DO  - 10.1/b
ER  -
"""


def table(path):
    member = next(members(path, path.name))
    text = b"".join(member.pieces).decode("utf-8-sig")
    lines = text.splitlines()
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    return lines, [{key: value for key, value in row.items() if value} for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_tagged_lines_of_web_of_science_are_the_rows_of_its_table(tmp_path, end, mark):
    path = tmp_path / "savedrecs.txt"
    path.write_bytes((mark + WOS).replace("\n", end).encode())
    lines, rows = table(path)
    assert rows == [
        {
            "PT": "J",
            "AU": "Ito, H; Li, A",
            "TI": 'On "quoted" words that go on in a second line',
            "C1": "[Ito, H.; Li, A.] RIKEN, Wako, Japan; [Kim, M.] MIT, Cambridge, MA USA",
            "PY": "2021",
            "UT": "WOS:1",
        },
        {
            "PT": "J",
            "AU": "Kim, M",
            "PY": "2022",
            "WC": "Engineering, Chemical; Computer Science, Information Systems",
            "UT": "WOS:2",
        },
    ]
    ends = [at for at, line in enumerate(WOS.splitlines()) if line == "ER"]
    assert [at for at, line in enumerate(lines) if line and at] == ends  # each in the line that ends it


def test_ris_is_a_table_with_an_address_for_each_of_its_lines(tmp_path):
    path = tmp_path / "scopus.ris"
    path.write_text(RIS, encoding="utf-8")
    assert table(path)[1] == [
        {
            "TY": "JOUR",
            "AU": "Ito, H.",
            "Author Address": "RIKEN, Wako, Japan; MIT, Cambridge, United States",
            "PY": "2021",
            "DOI": "10.1/a",
        },
        {"TY": "JOUR", "Author Address": "CERN, Genève, Switzerland", "PY": "2022", "DOI": "10.1/b"},
    ]


@pytest.mark.parametrize("text", [WOS, RIS])
def test_an_export_that_is_cut_short_is_refused(tmp_path, text):
    path = tmp_path / "export.txt"
    path.write_text(text[: text.rindex("PY")], encoding="utf-8")
    with pytest.raises(DataError, match=r"export\.txt is cut short: its last record has no line ER"):
        table(path)


def test_bibtex_is_refused_with_the_format_to_export_also_in_a_zip(tmp_path):
    text = "Scopus\nEXPORT DATE: 29 November 2026\n\n@ARTICLE{Li2021,\n author={Li, A.}\n}\n"
    path, packed = tmp_path / "scopus.bib", tmp_path / "scopus.zip"
    path.write_text(text)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("scopus.bib", text)
    for each in (path, packed):
        with pytest.raises(DataError, match=r"is BibTeX, which is not read.*from Scopus as CSV with affiliations"):
            [next(member.pieces) for member in members(each, each.name)]
