"""Headers of several lines are joined, with the years of their columns; others stay as they are."""

import tomllib

import pytest
import xlsxwriter

from hubrank.analysis import new_study
from hubrank.analysis.new_study.folder import looks
from hubrank.core.errors import DataError
from hubrank.sources.formats.rows import joined
from sources.reading_sources import read

TOWNS = ["Bonn", "Ulm", "Köln", "Mainz", "Berlin", "Aalen", "Kiel", "Jena"]
# By the office whose tables are so: the lines of the header, and what a study of them states.
FORMS = {
    "Poland": (
        ["Kod;Nazwa;filings;filings", ";;all;all", ";;2022;2023", ";;[pcs];[pcs]"],
        ("Nazwa", ["filings all 2022 [pcs]", "filings all 2023 [pcs]"], {"header_lines": 4}),
    ),
    "merged cells": (
        ["A table", "Code;Town;filings;", ";;2022;2023"],
        ("Town", ["filings 2022", "filings 2023"], {"skip_lines": 1, "header_lines": 2}),
    ),
    "Spain": (
        ["A table", "", ";;Patents;;Marks;", "Code;Town;2022;2023;2022;2023"],
        ("Town", ["Patents 2022", "Patents 2023"], {"skip_lines": 2, "header_lines": 2}),
    ),
    "Italy": (
        ["Code;Town;Patents;Patents", ";;Year 2022;Year 2023"],
        ("Town", ["Patents Year 2022", "Patents Year 2023"], {"header_lines": 2}),
    ),
    "one line": (["Code;Town;2022;2023"], ("Town", ["2022", "2023"], {})),
    "years alone": (["Code;Town;;", ";;2022;2023"], ("Town", ["2022", "2023"], {"header_lines": 2})),
}


def rows():
    return [f"{n:04};{town};{3 * n + 10};{7 * n + 12}" for n, town in enumerate(TOWNS)]


def study_of(path, tmp_path):
    new_study.write(path, tmp_path / "s.toml")
    sources = tomllib.loads((tmp_path / "s.toml").read_text("utf-8"))["sources"]
    assert [source["columns"]["year"]["value"] for source in sources] == [2022, 2023]
    counts = [source["columns"]["count"] for source in sources]
    return sources[0]["columns"]["city"], counts, sources[0].get("options", {})


@pytest.mark.parametrize("form", FORMS)
def test_a_study_joins_the_lines_of_a_header(tmp_path, form):
    lines, stated = FORMS[form]
    more = ";1;2" * lines[-1].endswith("2022;2023;2022;2023")
    (tmp_path / "t.csv").write_text("\n".join([*lines, *(row + more for row in rows())]), "utf-8")
    assert study_of(tmp_path / "t.csv", tmp_path) == stated


def test_a_second_group_of_years_is_named_and_not_counted_as_it_may_be_a_part_of_the_first(tmp_path):
    lines = [*FORMS["Spain"][0], *(f"{row};1;2" for row in rows())]
    (tmp_path / "t.csv").write_text("\n".join(lines), "utf-8")
    first, second = new_study.write(tmp_path / "t.csv", tmp_path / "s.toml").drafts.sources
    (note,) = (note for note in first.notes if "counts of years as well" in note)
    assert note.startswith("'Marks 2022', 'Marks 2023' are counts of years")
    assert note.endswith("count = 'Marks 2022' for 'Patents 2022'")
    assert second.notes == ()


def test_merged_cells_of_a_workbook_are_a_header_of_several_lines(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet("Table")
    for column, name in enumerate(("Code", "Town")):
        sheet.merge_range(0, column, 1, column, name)
    sheet.merge_range(0, 2, 0, 3, "filings")
    sheet.write_row(1, 2, [2022, 2023])
    for number, row in enumerate(rows(), 2):
        code, town, *counts = row.split(";")
        sheet.write_row(number, 0, [code, town, *map(int, counts)])
    book.close()
    stated = ("Town", ["filings 2022", "filings 2023"], {"header_lines": 2})
    assert study_of(tmp_path / "t.xlsx", tmp_path) == stated


def test_a_row_of_data_is_no_line_of_the_header(tmp_path):
    """Nor is one whose count is a year, or unknown."""
    for first in (";Trier;2021;2020", "0009;Trier;;", ";;17;2020"):
        (tmp_path / "t.csv").write_text("\n".join(["Code;Town;2022;2023", first, *rows() * 3]), "utf-8")
        (tmp_path / "s.toml").unlink(missing_ok=True)
        assert study_of(tmp_path / "t.csv", tmp_path)[2] == {}


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([["a", "b", "", ""], ["", "1", "2", "3"]], ["a", "b 1", "b 2", "b 3"]),
        ([["a", "b", "", "c", ""], ["", "x", "", "y", ""], ["", "1", "2", "1", "2"]], "a,b x 1,b x 2,c y 1,c y 2"),
        ([["", "b"], ["a", "1", "2"]], ["a", "b 1", "b 2"]),
        ([["a", "a"], ["a", "b"]], ["a", "a b"]),
    ],
)
def test_names_are_joined_from_the_first_line_down(lines, names):
    assert list(joined(lines)) == (names.split(",") if isinstance(names, str) else names)


def test_rows_below_a_header_of_several_lines_keep_their_numbers(tmp_path):
    (tmp_path / "t.csv").write_text("Title\nTown;filings\n;2022\nBonn;7\nUlm;9\n")
    options = {"skip_lines": 1, "header_lines": 2}
    columns = {"city": "Town", "count": "filings 2022"}
    listings, _ = read("table", [tmp_path / "t.csv"], columns=columns, **options)
    assert [(row["city"], row["count"], row["source_row"]) for row in listings] == [("Bonn", 7, 4), ("Ulm", 9, 5)]
    with pytest.raises(DataError, match=r"t\.csv has no more than its 9 options\.header_lines\. Lower it\."):
        read("table", [tmp_path / "t.csv"], columns=columns, header_lines=9)


MERGED = "Filed on;Firm;Address;;Round", ";;Prefecture;Town;"


def _merged_study(tmp_path, *lines):
    body = [
        f"2022-01-{n:02};Firm {n};茨城県;{town};A" for n, town in enumerate(["つくば市", "水戸市", "日立市"] * 3, 1)
    ]
    (tmp_path / "t.csv").write_text("\n".join([*lines, *body]), "utf-8")
    new_study.write(tmp_path / "t.csv", tmp_path / "s.toml")
    return tomllib.loads((tmp_path / "s.toml").read_text("utf-8"))["sources"][0]


def test_names_of_texts_under_a_merged_cell_are_a_line_of_the_header(tmp_path):
    source = _merged_study(tmp_path, *MERGED)
    assert source["options"] == {"header_lines": 2}
    assert source["columns"]["city"] == "Address Town"


def test_a_first_row_of_data_is_no_line_of_the_header(tmp_path):
    for row in ("2022-01-01;;茨城県;牛久市;", ";;茨城県;つくば市;", ";;茨城県;;A"):
        assert "header_lines" not in _merged_study(tmp_path, MERGED[0], row).get("options", {})
        (tmp_path / "s.toml").unlink()


def test_a_header_of_two_lines_over_two_rows_is_one(tmp_path):
    (tmp_path / "t.csv").write_text("Firm;Seat;;Rounds\n;Town;Country;\na;Köln;Deutschland;1\nb;Wien;Österreich;2\n")
    (look,) = looks(tmp_path / "t.csv")
    assert look.header == ("Firm", "Seat Town", "Seat Country", "Rounds")
