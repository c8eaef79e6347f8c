"""Workbooks (xlsx, xlsm, xls, ods): a sheet as the text of a table.

Each row of a sheet is a line, so that the number of a line is that of the row; cells are divided by tabs. A sheet is
held in memory from its first to its last cell, also where most between them are empty.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from zipfile import ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hubrank.core.errors import DataError, nearest
from hubrank.core.remote import InputFile

_ROWS = 5_000  # handed on at a time
_BEGINNING = 30  # rows in which the header is
_PIECE = 1 << 20  # bytes of a sheet looked at together
_CELL = re.compile(rb"""\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_LONGEST_REFERENCE = 16  # bytes of what it matches
_EMPTY_CELLS, _EMPTY_SHARE = 20_000_000, 20  # so many in memory, and so many times those with a value, are too many
FAR_CELLS = "Delete what stands far from the table, or save the sheet as CSV UTF-8 (File, Save As)."
_WIDTH, _HEIGHT = 2, 2  # columns and rows, of which a sheet with fewer is no table
_ADVICE = (
    "Name those that have the rows in the [[sources]]: options = {{ sheets = [{first}] }}; several of them must have "
    "the same header."
)


class SheetsError(DataError):
    """Several sheets that may have the rows, where nobody stated which.

    finding : which they are; advice : what to do where a study can state it.
    """

    def __init__(self, finding: str, advice: str) -> None:
        super().__init__(f"{finding} {advice}")
        self.finding, self.advice = finding, advice

    def __reduce__(self) -> tuple[type["SheetsError"], tuple[str, str]]:
        """Return what makes it anew, since it may be raised in another process than the one that tells it."""
        return SheetsError, (self.finding, self.advice)


def sheets(path: InputFile, name: str, wanted: Sequence[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the names and the text (UTF-8) of the sheets that have the rows.

    wanted : names of sheets; of none, all visible sheets that are tables, if they have the same header.

    Raises DataError where the workbook cannot be opened, has no such sheet, or has several tables of other headers.
    """
    tables = _tables(path, name)
    if wanted:
        for sheet in wanted:
            if sheet not in tables:
                what = f"has no sheet {sheet!r}"
                if sheet in _names(path):
                    what = (
                        f"has a sheet {sheet!r} that is hidden, or without a header and a row below it in two columns"
                    )
                raise DataError(
                    f"{name} {what}; its sheets with a table are: {_listed(tables)}.{nearest(sheet, list(tables))}"
                )
        tables = {sheet: tables[sheet] for sheet in wanted}
    elif len({_header(sheet) for sheet in tables.values()}) > 1:
        raise SheetsError(
            f"{name} has {len(tables)} sheets with a table, whose headers differ: {_listed(tables)}.",
            _ADVICE.format(first=json.dumps(next(iter(tables)), ensure_ascii=False)),
        )
    for sheet, rows in tables.items():
        yield sheet, _text(rows)


def sheets_by_header(path: InputFile, name: str) -> list[list[tuple[str, Iterator[bytes]]]]:
    """Return the visible sheets that are tables, those of one header together: their names and text.

    Raises DataError where the workbook cannot be opened, or no sheet is a table.
    """
    groups: dict[tuple[str, ...], list[tuple[str, Iterator[bytes]]]] = {}
    for sheet, rows in _tables(path, name).items():
        groups.setdefault(_header(rows), []).append((sheet, _text(rows)))
    return list(groups.values())


def expect_dense(archive: ZipFile, name: str) -> None:
    """Raise DataError where the cells of a sheet are so far apart that those between them would fill the memory."""
    for sheet in (info for info in archive.namelist() if info.startswith("xl/worksheets/")):
        rows, columns, count = 0, b"", 0
        with archive.open(sheet) as file:
            before = b""
            while piece := file.read(_PIECE):
                cells = _CELL.findall(before + piece)
                count += len(cells)
                rows = max([rows, *(int(row) for _, row in cells)])
                columns = max([columns, *{column.upper() for column, _ in cells}], key=lambda one: (len(one), one))
                before = piece[-_LONGEST_REFERENCE:]
        if is_sparse(rows * _number(columns), count):
            raise DataError(
                f"{name}: {sheet} has {count:,} cells, but reaches to column {columns.decode()} and row {rows:,}. "
                + FAR_CELLS
            )


def is_sparse(area: int, count: int) -> bool:
    """Return whether a sheet with so many cells, from its first to its last one, has too few that are there."""
    return area > _EMPTY_CELLS and area > _EMPTY_SHARE * count


def _number(column: bytes) -> int:
    """Return the number of a column by its letters: AA is the 27th."""
    number = 0
    for letter in column:
        number = 26 * number + letter - 64
    return number


def _names(path: InputFile) -> list[str]:
    """Return the names of all sheets of a workbook that can be opened."""
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(io.BytesIO(file.read())).sheet_names


def _tables(path: InputFile, name: str) -> dict[str, CalamineSheet]:
    """Return the visible sheets that have rows and columns enough to be a table, in their order."""
    try:
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
        visible = [
            one.name
            for one in book.sheets_metadata
            if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
        ]
        all_rows = {sheet: book.get_sheet_by_name(sheet) for sheet in visible}
    except PasswordError:
        raise DataError(f"{name} is protected by a password. Save it without one.") from None
    except CalamineError as error:
        raise DataError(
            f"{name} cannot be read as a workbook ({error}). If a spreadsheet program opens it, save the sheet with "
            f"the rows as CSV UTF-8 (File, Save As), with its header in the first line, and name that file."
        ) from None
    tables = {sheet: rows for sheet, rows in all_rows.items() if rows.width >= _WIDTH and rows.height >= _HEIGHT}
    if not tables:
        raise DataError(f"{name} has no visible sheet with a header and a row below it, in two columns or more.")
    return tables


def _header(sheet: CalamineSheet) -> tuple[str, ...]:
    """Return the texts of the first row that is filled like a header: the title above one has a cell or two."""
    start = [list(map(_cell, row)) for row in islice(sheet.iter_rows(), _BEGINNING)]
    filled = [sum(map(bool, row)) for row in start]
    return tuple(start[next(at for at, cells in enumerate(filled) if 2 * cells > max(filled))])


def _listed(tables: dict[str, CalamineSheet]) -> str:
    return ", ".join(
        f"{sheet!r} ({', '.join(list(filter(None, _header(rows)))[:4])}, …)" for sheet, rows in tables.items()
    )


def _text(sheet: CalamineSheet) -> Iterator[bytes]:
    rows = sheet.iter_rows()
    while part := list(islice(rows, _ROWS)):
        text = io.StringIO()
        csv.writer(text, delimiter="\t", lineterminator="\n").writerows(map(_row, part))
        yield text.getvalue().encode()


def _row(cells: Sequence[object]) -> list[str]:
    """Return the text of a row; nothing of an empty one, which is a blank line."""
    row = [_cell(cell) for cell in cells]
    return row if any(row) else []


def _cell(value: object) -> str:
    """Return what a cell holds: dates as ISO 8601, numbers with 15 digits, as spreadsheet programs show them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(re.split(r"[\r\n\t]+", str(value)))
