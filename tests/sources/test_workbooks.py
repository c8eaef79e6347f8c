"""Sheets of workbooks are read as tables of text; what is read is what another library wrote into the cells."""

import datetime as dt
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import members
from hubrank.sources.formats.rows import rows
from sources.reading_sources import read

HEADER = ["Nummer", "Datum", "Stadt", "Zahl"]


def text_of(path, sheets=()):
    return {member.name: b"".join(member.pieces).decode() for member in members(path, path.name, sheets)}


def cells(path, sheets=()):
    return {
        member.name: [row for part in rows(member) for row in [list(part.header), *part.cells]]
        for member in members(path, path.name, sheets)
    }


def written(path, **sheets):
    """Write sheets with xlsxwriter: dates in German format, everything else as it is."""
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        for at, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, value, day)
                else:
                    sheet.write(at, column, value)
    book.close()
    return path


def test_cells_are_text_dates_are_iso_and_numbers_are_as_shown(tmp_path):
    noon = dt.datetime.fromisoformat("2023-11-09T12:30")
    lines = [HEADER, ["A1", dt.date(2023, 11, 9), "Wien\nX\tY", 12], ["B", noon, True, 0.1 + 0.2]]
    path = written(tmp_path / "a.xlsx", Daten=lines)
    assert cells(path) == {
        "a.xlsx/Daten": [HEADER, ["A1", "2023-11-09", "Wien X Y", "12"], ["B", "2023-11-09 12:30:00", "TRUE", "0.3"]]
    }


def test_a_workbook_of_another_library_is_read_alike(tmp_path):
    book = openpyxl.Workbook()
    for line in ([*HEADER], ["A", dt.date(2020, 2, 1), 'Bonn "am Rhein"', 7.5]):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    assert cells(tmp_path / "a.xlsx") == {"a.xlsx/Sheet": [HEADER, ["A", "2020-02-01", 'Bonn "am Rhein"', "7.5"]]}


def test_listings_are_those_of_the_same_table_as_csv_with_the_numbers_of_the_rows(tmp_path):
    lines = [["P-1", 2020, "Wien", 3], [], ["P-2", 2021, "Graz", 10]]
    in_b3 = [[None, *line] if line else [] for line in [HEADER, *lines]]
    book = written(tmp_path / "a.xlsx", Daten=[[None, "Bericht 2023"], [], *in_b3])
    (tmp_path / "a.csv").write_text("Nummer,Datum,Stadt,Zahl\nP-1,2020,Wien,3\nP-2,2021,Graz,10\n")
    columns = {"record": "Nummer", "year": "Datum", "city": "Stadt", "count": "Zahl"}
    of_book, ledger = read("table", [book], columns=columns, skip_lines=2)
    of_text, _ = read("table", [tmp_path / "a.csv"], columns=columns)
    assert [row.pop("source_row") for row in of_book] == [4, 6]
    assert next(iter(cells(book).values()))[0][0] == "Bericht 2023"  # the empty column before it is none
    assert {row.pop("source_file") for row in of_book} == {"a.xlsx/Daten"}
    assert of_book == [{k: v for k, v in row.items() if not k.startswith("source_")} for row in of_text]
    assert not ledger.reasons()


def test_sheets_of_one_header_are_read_one_after_the_other_and_hidden_ones_are_not(tmp_path):
    path = written(tmp_path / "a.xlsx", **{"2020": [HEADER, ["A"]], "2021": [HEADER, ["B"]], "Notes": [["only text"]]})
    assert list(cells(path)) == ["a.xlsx/2020", "a.xlsx/2021"]
    book = openpyxl.load_workbook(path)
    book["2020"].sheet_state = "hidden"
    book.save(path)
    assert list(cells(path)) == ["a.xlsx/2021"]


def test_of_sheets_of_other_headers_the_study_names_those_with_the_rows(tmp_path):
    about = [["Source", "Office"], ["As of", "2024"]]
    path = written(tmp_path / "a.xlsx", About=about, Daten=[HEADER, ["A", 2020, "Wien", 1]])
    with pytest.raises(
        DataError,
        match=r"a\.xlsx has 2 sheets with a table, whose headers differ: 'About' \(Source, Office.*\), 'Daten' "
        r"\(Nummer.*\)\. Name those that have the rows in the \[\[sources\]\]: options = \{ sheets = \[\"About\"\] \}",
    ):
        text_of(path)
    assert list(cells(path, ("Daten",))) == ["a.xlsx/Daten"]
    with pytest.raises(DataError, match=r"a\.xlsx has no sheet 'Date'; .*'About'.*'Daten'.*Did you mean 'Daten'"):
        text_of(path, ("Date",))
    path = written(tmp_path / "b.xlsx", Daten=[HEADER, ["A", 2020, "Wien", 1]], Notes=[["only text"]])
    with pytest.raises(DataError, match=r"b\.xlsx has a sheet 'Notes' that is hidden, or without a header and a row"):
        text_of(path, ("Notes",))
    path = tmp_path / "a.xlsx"
    listings, _ = read("table", [path], columns={"record": "Nummer", "city": "Stadt"}, sheets=("Daten",))
    assert [row["city"] for row in listings] == ["Wien"]


def test_what_is_no_workbook_or_has_no_table_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "projects.xls"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500))
    with pytest.raises(DataError, match=r"projects\.xls cannot be read as a workbook .*CSV UTF-8"):
        text_of(path)
    path = written(tmp_path / "a.xlsx", Notes=[["only text"], ["more"]])
    with pytest.raises(DataError, match=r"a\.xlsx has no visible sheet with a header and a row"):
        text_of(path)


def test_a_workbook_that_unpacks_beyond_reason_is_refused_before_it_is_opened(tmp_path):
    path = written(tmp_path / "a.xlsx", Daten=[HEADER, ["A", 2020, "Wien", 1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(80 << 20))
    with pytest.raises(DataError, match=r"a\.xlsx unpacks to more than 250 times its size"):
        text_of(path)


@pytest.mark.parametrize(("row", "column", "named"), [(1_048_575, 300, "KO and row 1,048,576"), (9, 16_383, None)])
def test_a_cell_so_far_from_the_table_that_what_is_between_fills_the_memory_is_named(tmp_path, row, column, named):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("Daten")
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, ["A", 2020, "Wien", 1])
    sheet.write(row, column, "stray")
    book.close()
    if named is None:
        assert cells(tmp_path / "a.xlsx")["a.xlsx/Daten"][1][:4] == ["A", "2020", "Wien", "1"]
        return
    with pytest.raises(
        DataError, match=rf"a\.xlsx: xl/worksheets/sheet1\.xml has 9 cells, but reaches to column {named}"
    ):
        text_of(tmp_path / "a.xlsx")


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_sheets_of_a_file_that_is_no_workbook_are_refused(tmp_path, name):
    table = pa.table({"town": ["Basel"]})
    (pacsv.write_csv if name.endswith("csv") else pq.write_table)(table, tmp_path / name)
    with pytest.raises(DataError, match=rf"^{name} is no workbook, .* sheets of one \('Data'\)\."):
        read("table", [tmp_path / name], columns={"city": "town"}, sheets=("Data",))
