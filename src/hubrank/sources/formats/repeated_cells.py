"""Cells and rows of OpenDocument sheets that state how often they come again: how far a sheet reaches with them."""

import re
from dataclasses import dataclass
from xml.parsers import expat
from zipfile import ZipFile

from hubrank.core.errors import DataError
from hubrank.sources.formats.workbooks import FAR_CELLS, is_sparse

_CELLS = ("table:table-cell", "table:covered-table-cell")
_MOST = re.compile(r"\d{1,7}")  # times


@dataclass(slots=True)
class _Sheet:
    """How far a sheet reaches, up to its last cell with a value; empty ones that end it do not count.

    rows, columns : the last ones with a value; cells : how many elements have one.
    below, right : where the row and the cell end that are read; times : how often that row comes.
    """

    name: str
    rows: int = 0
    columns: int = 0
    cells: int = 0
    below: int = 0
    right: int = 0
    times: int = 1

    @property
    def area(self) -> int:
        """How many cells it has in memory."""
        return self.rows * self.columns


def expect_dense(archive: ZipFile, name: str) -> None:
    """Raise DataError where a sheet has so many repeated or empty cells that they would fill the memory.

    Raises it as well where the content is no XML, declares entities, or a number of repetitions is none.
    """
    sheets: list[_Sheet] = []

    def refuse(*_: object) -> None:
        """Refuse what a document type may declare."""
        raise DataError(f"{name} has a document type in its content, which no spreadsheet program writes.")

    def start(tag: str, attributes: dict[str, str]) -> None:
        """Follow a sheet, its rows and its cells."""
        if tag == "table:table":
            sheets.append(_Sheet(attributes.get("table:name", "")))
        elif sheets and tag == "table:table-row":
            sheet = sheets[-1]
            sheet.times, sheet.right = _times(attributes, "table:number-rows-repeated", name), 0
            sheet.below += sheet.times
        elif sheets and tag in _CELLS:
            _follow(sheets[-1], _times(attributes, "table:number-columns-repeated", name), attributes)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    try:
        with archive.open("content.xml") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise DataError(f"{name} is damaged: its content is no XML ({error}). Save it again.") from None
    if is_sparse(sum(sheet.area for sheet in sheets), sum(sheet.cells for sheet in sheets)):
        raise DataError(_too_far(max(sheets, key=lambda sheet: sheet.area), name))


def _follow(sheet: _Sheet, times: int, attributes: dict[str, str]) -> None:
    sheet.right += times
    if any(key.startswith(("office:", "table:formula")) for key in attributes):
        sheet.cells += 1
        sheet.rows, sheet.columns = max(sheet.rows, sheet.below), max(sheet.columns, sheet.right)


def _times(attributes: dict[str, str], key: str, name: str) -> int:
    stated = attributes.get(key, "1")
    if not _MOST.fullmatch(stated):
        raise DataError(f"{name} is damaged: {key} is {stated[:40]!r}, not a number below 10 million. Save it again.")
    return int(stated)


def _too_far(sheet: _Sheet, name: str) -> str:
    return (
        f"{name}: the sheet {sheet.name!r} has {sheet.cells:,} cells with a value, but reaches to column "
        f"{sheet.columns:,} and row {sheet.rows:,}. {FAR_CELLS}"
    )
