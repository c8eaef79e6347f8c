"""A whole table of text by its columns, for tables that are small.

Delimiter, encoding and line ends are found as those of a source are; so is what the decimals of its numbers follow.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal, get_args

from hubrank.core.errors import DataError, StudyError
from hubrank.core.remote import InputFile
from hubrank.sources.formats.archives import Member, members
from hubrank.sources.formats.header_lines import Header, are_names, first_rows, header_of
from hubrank.sources.formats.lines import ENCODINGS, ESCAPED, EncodingError, is_encoding
from hubrank.sources.formats.rows import DELIMITERS, SEP, Rows, divided, rows
from hubrank.sources.formats.table_values import DECIMALS
from hubrank.sources.formats.workbooks import SheetsError

Mark = Literal[".", ","]
_NUMBERS: dict[Mark, re.Pattern[str]] = {mark: re.compile(rf"[+-]?({DECIMALS[mark]})") for mark in get_args(Mark)}
_DIGITS = re.compile(r"[+-]?\d*")
_NONE = "\x1f"  # divides no text
_DIVIDERS = re.compile(f"[{re.escape(DELIMITERS)}]")
_SHOWN = 30  # characters of a row in a message, before and behind a byte
_FIRST = 0xDC00  # what a byte that is no character is escaped by, plus the byte
_MOST = 0.5  # of the cells of a column that are numbers: what it is where more are


@dataclass(frozen=True, slots=True)
class TextTable:
    """Columns of cells as they are written, each row with its line.

    header : the names of the columns. rows : their cells. delimiter : what divides them.
    header_line : the line at which the header begins. sheet : of a workbook, the first that has rows.
    """

    name: str
    header: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[Sequence[str]]
    delimiter: str
    header_line: int = 1
    sheet: str = ""

    def columns(self) -> dict[str, list[str]]:
        """Return the cells by column, trimmed, without columns that have neither a name nor a cell.

        Raises DataError where two columns have one name, or none.
        """
        used = [at for at, name in enumerate(self.header) if name or any(row[at].strip() for row in self.rows)]
        unnamed = [at for at in used if not self.header[at]]
        if len(unnamed) > 1:
            raise DataError(self._without_names(unnamed))
        expect_once(self.header, self.name)
        return {self.header[at]: [row[at].strip() for row in self.rows] for at in used}

    @property
    def has(self) -> str:
        """Which columns it has, where its header is and what divides them, for messages."""
        return f"{', '.join(name or repr(name) for name in self.header)} ({self.where})"

    @property
    def where(self) -> str:
        """In which line its header is, of the first line left out, and what divides its columns, or its sheet."""
        line = f"header in line {self.header_line:,}"
        if self.sheet:
            return f"sheet {self.sheet!r}, {line}"
        divider = divided(self.header, self.delimiter)
        return divider if self.header_line == 1 else f"{line}, {divider}"

    def _without_names(self, columns: Sequence[int]) -> str:
        numbers = ", ".join(str(at + 1) for at in columns)
        return (
            f"{self.name} has {len(columns)} columns without a name (numbers {numbers}); it has: {self.has}. Give each "
            f"its own name in one line above the rows, or remove them."
        )


def expect_once(names: Sequence[str], table: str) -> None:
    """Raise DataError where two columns of a table have one name."""
    for at, name in enumerate(names):
        if name and name in names[:at]:
            raise DataError(f"{table} has two columns {name!r}; give each its own name.")


def text_table(path: InputFile, name: str, encoding: str | None = None, *, alone: Collection[str] = ()) -> TextTable:
    """Read a table, over lines before its header, whose lines are joined. encoding : None guesses it.

    alone : names of a column that, as all of the first line, make the table one of one column, whatever its cells hold;
        a line with one of them below it is the header.

    Raises DataError naming the first line that has not as many cells as the header, or the encoding that the text seems
    to be in; StudyError where the encoding is none.
    """
    if encoding is not None and not is_encoding(encoding):
        raise StudyError(f"--encoding: {encoding!r} is not a text encoding such as {ENCODINGS}.")
    try:
        return _text_table(path, name, encoding, alone)
    except EncodingError as error:
        advice = f"State it (--encoding {error.encoding or 'gb18030'}), or save the file as UTF-8."
        raise DataError(f"{error.finding} {advice}") from None
    except SheetsError as error:
        raise DataError(f"{error.finding} Save the one that has the rows as a file of its own.") from None


def _text_table(path: InputFile, name: str, encoding: str | None, alone: Collection[str]) -> TextTable:
    parts = [_of_member(member, name, encoding, alone) for member in members(path, name)]
    if not parts:
        return TextTable(name, (), [], [], "")
    lines = [line for part in parts for line in part.lines]
    return replace(parts[0], lines=lines, rows=[row for part in parts for row in part.rows])


def _of_member(member: Member, name: str, encoding: str | None, alone: Collection[str]) -> TextTable:
    first = next(member.pieces, b"")

    def beginning(before: int) -> Rows | None:
        return first_rows(rows(Member(member.name, iter([first])), encoding=encoding, skip_lines=before))

    part = beginning(0)
    start = part.start if part else ()
    is_column = _is_column(start, alone)
    header = header_of(start, beginning) if start and not is_column else Header(0, 1)
    if header.before and (below := beginning(header.before)) and not are_names(below.header):
        header = Header(0, 1)
    lines: list[int] = []
    cells: list[list[str]] = []
    table = TextTable(name, (), lines, cells, "", _line(header, start), member.sheet)
    for block in rows(
        Member(member.name, chain([first], member.pieces)),
        encoding=encoding,
        skip_lines=header.before,
        header_lines=header.lines,
        delimiter=_NONE if is_column else None,
    ):
        table = replace(table, header=block.header, delimiter=block.delimiter)
        for line, reason in block.faults:
            one = "one column" if len(block.header) == 1 else f"{len(block.header)} columns"
            raise DataError(f"{name} line {line:,}: {reason}. The header has {one} ({table.where}).")
        if block.escaped:
            _expect_decoded(block, name)
        lines += block.lines
        cells += block.cells
    return table


def _line(header: Header, start: Sequence[str]) -> int:
    """Return the number of the line at which a header begins: over blank lines, and one that states the delimiter."""
    behind = (at for at, line in enumerate(start, 1) if at > header.before and line and not SEP.fullmatch(line))
    return next(behind, header.before + 1)


def _expect_decoded(block: Rows, name: str) -> None:
    """Raise DataError naming the first line with bytes that are no characters in the encoding of the table."""
    for line, row in zip(block.lines, map("\t".join, block.cells), strict=True):
        if bad := ESCAPED.search(row):
            shown = row[max(0, bad.start() - _SHOWN) : bad.start() + _SHOWN]
            shown = ESCAPED.sub(lambda byte: f"\\x{ord(byte[0]) - _FIRST:02x}", shown).replace("\t", " ")
            raise DataError(
                f"{name} line {line:,} has bytes that are no characters in the encoding of the other lines: {shown}. "
                f"Correct that line, or state the encoding of the table (--encoding)."
            )


def _is_column(start: Sequence[str], alone: Collection[str]) -> bool:
    """Say whether the first line of a table is the name of its only column."""
    title, below = ([_name(cell) for cell in _DIVIDERS.split(line)] for line in (*start[:2], "", "")[:2])
    return len(title) == 1 and title[0] in alone and not any(name in alone for name in below)


def _name(cell: str) -> str:
    return cell.strip('\ufeff" \r').lower()


def decimal_mark(cells: Sequence[str]) -> Mark | None:
    """Return what the decimals of a column of numbers follow; None where its cells leave that open, or are no numbers.

    1.234,5 and 987,4 have a decimal comma, 1,234.5 and 1,234,567 a point; 1,234 alone may be either.
    """
    written = [cell for cell in cells if cell and not _DIGITS.fullmatch(cell)]
    fitting = {mark: sum(pattern.fullmatch(cell) is not None for cell in written) for mark, pattern in _NUMBERS.items()}
    digits = sum(_DIGITS.fullmatch(cell) is not None for cell in cells if cell)
    mark: Mark = "," if fitting[","] > fitting["."] else "."
    is_number = fitting[mark] + digits > _MOST * sum(map(bool, cells))
    return mark if is_number and fitting[","] != fitting["."] else None


def plain_number(cell: str, mark: Mark) -> str:
    """Return a number with a decimal point and undivided thousands; as it is where it is none.

    mark : what its decimals follow.
    """
    if not _NUMBERS[mark].fullmatch(cell):
        return cell
    return "".join(char for char in cell if char.isdigit() or char in ("+", "-", mark)).replace(",", ".")
