"""Workbooks in OpenDocument: cells as spreadsheet programs write them, and what they may not do to the memory."""

import zipfile

import pytest

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import members
from sources.reading_sources import read

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
EMPTY = "<table:table-cell/>"
LAST = '<table:table-cell table:number-columns-repeated="16384"/>'
END = f'<table:table-row table:number-rows-repeated="1048000">{LAST}</table:table-row>'


def cell(value, times=1):
    kind, attribute = ("float", f' office:value="{value}"') if isinstance(value, float) else ("string", "")
    repeated = f' table:number-columns-repeated="{times}"' if times != 1 else ""
    text = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="{kind}"{attribute}{repeated}>{text}</table:table-cell>'


def day(iso):
    attributes = f'office:value-type="date" office:date-value="{iso}"'
    return f"<table:table-cell {attributes}><text:p>9.11.</text:p></table:table-cell>"


def row(*cells, times=1):
    repeated = f' table:number-rows-repeated="{times}"' if times != 1 else ""
    return f"<table:table-row{repeated}>{''.join(cells)}</table:table-row>"


def written(path, *sheets, start='<?xml version="1.0" encoding="UTF-8"?>', kind="spreadsheet"):
    """Write sheets, each of rows in XML, with rows and columns of formatted empty cells at their end."""
    hidden = (
        '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    )
    tables = "".join(
        f'<table:table table:name="{name}"{style}>{rows}{END}</table:table>' for name, style, rows in sheets
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f"<office:document-content {_NAMES}><office:automatic-styles>{hidden}</office:automatic-styles>{body}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        archive.writestr("content.xml", f"{start}{content}</office:document-content>")
        archive.writestr(
            "META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return path


def text_of(path):
    return {member.name: b"".join(member.pieces).decode() for member in members(path, path.name)}


def test_cells_are_text_dates_are_iso_and_repeated_ones_are_there_as_often(tmp_path):
    rows = [
        row(cell("Stadt"), cell("Datum"), cell("Zahl")),
        row(cell("Wien"), day("2023-11-09"), cell(12.0), '<table:table-cell table:number-columns-repeated="16381"/>'),
        row('<table:table-cell table:number-columns-repeated="16384"/>', times=2),
        row(cell("x", times=2), cell(0.5), times=2),
    ]
    path = written(tmp_path / "a.ods", ("Daten", "", "".join(rows)), ("Alt", ' table:style-name="h"', "".join(rows)))
    assert text_of(path) == {"a.ods/Daten": "Stadt\tDatum\tZahl\nWien\t2023-11-09\t12\n\n\nx\tx\t0.5\nx\tx\t0.5\n"}


def test_listings_are_those_of_the_same_table_as_csv(tmp_path):
    rows = row(cell("Nr"), cell("Stadt"), cell("Jahr")) + row(cell("A"), cell("Wien"), cell(2020.0))
    book = written(tmp_path / "a.ods", ("Daten", "", rows))
    (tmp_path / "a.csv").write_text("Nr,Stadt,Jahr\nA,Wien,2020\n")
    columns = {"record": "Nr", "city": "Stadt", "year": "Jahr"}
    (of_book,), _ = read("table", [book], columns=columns)
    (of_text,), _ = read("table", [tmp_path / "a.csv"], columns=columns)
    assert of_book == of_text | {"source_file": "a.ods/Daten"}


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (row(cell("x", times=9_000_000), times=9_000_000), "to column 9,000,000 and row 9,000,001"),
        (row('<table:table-cell table:number-columns-repeated="16383"/>', cell("x")) + row(EMPTY, times=1_000_000)
         + row(cell("x")), "to column 16,384 and row 1,000,003"),
        (row(cell("x", times=-1)), "number-columns-repeated is '-1'"),
        (row(cell("x"), times=10**20), "number-rows-repeated is '100000000000000000000'"),
        ("<table:table-row>", "its content is no XML"),
    ],
)  # fmt: skip
def test_repeated_cells_that_would_fill_the_memory_are_refused_before_the_sheet_is_opened(tmp_path, last, words):
    head = row(cell("Stadt"), cell("Zahl"))
    with pytest.raises(DataError, match=words):
        text_of(written(tmp_path / "a.ods", ("Daten", "", head + last)))


def test_sheets_that_fill_the_memory_together_are_refused(tmp_path):
    far = row(cell("Stadt"), cell("Zahl")) + row(EMPTY, times=99_997) + row(EMPTY * 99, cell("x"))
    written(tmp_path / "one.ods", ("A", "", far))
    assert text_of(tmp_path / "one.ods")
    with pytest.raises(DataError, match="the sheet 'A' has 3 cells with a value"):
        text_of(written(tmp_path / "a.ods", ("A", "", far), ("B", "", far), ("C", "", far)))


def test_a_document_type_is_refused_as_it_may_declare_entities(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(DataError, match="has a document type in its content"):
        text_of(written(tmp_path / "a.ods", ("Daten", "", row(cell("x"))), start=bomb))
