"""Whole tables of text: any delimiter, encoding and decimal mark, as those of sources."""

import openpyxl
import pytest

from hubrank.core.errors import DataError
from hubrank.sources.formats.text_table import decimal_mark, plain_number, text_table


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234,5", "987"], ","),
        (["987,4", "1.234"], ","),
        (["1,234.5", "987"], "."),
        (["1,234,567", "1"], "."),
        (["1,23,456", "98,765"], "."),
        (["1 234,5"], ","),
        (["0.5", "12.25"], "."),
        (["1,234", "5"], None),  # either
        (["1.234", "5"], None),
        (["12", "5"], None),
        (["Kärnten", "Tirol", "1,5"], None),  # no numbers
        ([], None),
    ],
)
def test_a_column_shows_what_its_decimals_follow_or_leaves_it_open(cells, mark):
    assert decimal_mark(cells) == mark


def test_a_number_is_written_with_a_point_and_without_thousands():
    assert [plain_number(cell, ",") for cell in ("1.234,5", "-48,21", "1.710.000", "12", "many", "")] == [
        "1234.5",
        "-48.21",
        "1710000",
        "12",
        "many",
        "",
    ]
    assert plain_number("1,234.50", ".") == "1234.50"


def test_messages_name_what_divides_the_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Ort;Anmeldungen\nKärnten;1;2\n".encode("cp1252"))
    with pytest.raises(DataError, match=r"a\.csv line 2: a wrong number of columns.*2 columns \(divided by ';'\)"):
        text_table(path, path.name)
    path.write_bytes(b"Ort:Anmeldungen\n")
    assert text_table(path, path.name).has == "Ort:Anmeldungen (divided by none of tab, '|', ';' and ',')"
    path.write_bytes("Ort\tAnmeldungen\nKärnten\t1\n".encode("cp1252"))
    read = text_table(path, path.name)
    assert (read.rows, read.has) == ([["Kärnten", "1"]], "Ort, Anmeldungen (divided by tabs)")


@pytest.mark.parametrize("others", ["Graz,AT", "São Paulo,BR"])
def test_a_line_with_bytes_that_are_no_characters_is_named(tmp_path, others):
    path = tmp_path / "t.csv"
    path.write_bytes(f"city,country\n{others}\n".encode() + b"Boston\xed\xa0\xbd,US\n" + f"{others}\n".encode())
    with pytest.raises(
        DataError, match=r"t\.csv line 3 has bytes that are no characters .*: Boston\\xed\\xa0\\xbd US\."
    ):
        text_table(path, "t.csv")


def test_a_column_without_a_name_and_a_cell_is_none_and_others_are_named_with_their_sheet_and_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("A title\n\nTown;;Count;\nBonn;;1;\nUlm;;2;\n", "utf-8")
    assert text_table(path, path.name).columns() == {"Town": ["Bonn", "Ulm"], "Count": ["1", "2"]}
    path.write_text("A title\n\nTown;;Count;;Year\nBonn;a;1;b;2021\nUlm;b;2;c;2022\n", "utf-8")
    with pytest.raises(
        DataError, match=r"t\.csv has 2 columns without a name \(numbers 2, 4\); it has: Town, '', Count.*line 3"
    ):
        text_table(path, path.name).columns()
    book = openpyxl.Workbook()
    book.active.title = "Rounds"
    for row in (["Town"], [], ["Town", "Count", "Year"], ["Bonn", "1", "2"], ["Ulm", "3", "4"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert text_table(tmp_path / "t.xlsx", "t.xlsx").has == "Town, Count, Year (sheet 'Rounds', header in line 3)"


def test_where_several_sheets_have_a_table_the_advice_is_one_that_a_command_without_a_study_can_follow(tmp_path):
    book = openpyxl.Workbook()
    for sheet, header in ((book.active, ["Town", "Count"]), (book.create_sheet("Others"), ["City", "Rounds"])):
        sheet.append(header)
        sheet.append(["Bonn", "1"])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(DataError, match=r"'Others' \(City, Rounds.*Save the one that has the rows") as caught:
        text_table(tmp_path / "t.xlsx", "t.xlsx")
    assert "[[sources]]" not in str(caught.value)
