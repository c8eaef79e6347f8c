"""A whole table of text by its columns, for tables that are small.

Delimiter, encoding and line ends are found as those of a source are; so is what the decimals of its numbers follow.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, get_args

from hubrank.core.errors import DataError, StudyError
from hubrank.core.remote import InputFile
from hubrank.sources.formats.archives import Member, members
from hubrank.sources.formats.lines import ENCODINGS, ESCAPED, EncodingError, is_encoding
from hubrank.sources.formats.rows import DELIMITERS, Rows, divided, lines_before_header, rows
from hubrank.sources.formats.table_values import DECIMALS

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
    """

    name: str
    header: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[Sequence[str]]
    delimiter: str

    def columns(self) -> dict[str, list[str]]:
        """Return the cells by column, trimmed. Raises DataError where two columns have one name."""
        expect_once(self.header, self.name)
        return {name: [row[at].strip() for row in self.rows] for at, name in enumerate(self.header)}

    @property
    def has(self) -> str:
        """Which columns it has and what divides them, for messages."""
        return f"{', '.join(self.header)} ({divided(self.header, self.delimiter)})"


def expect_once(names: Sequence[str], table: str) -> None:
    """Raise DataError where two columns of a table have one name."""
    for at, name in enumerate(names):
        if name in names[:at]:
            raise DataError(f"{table} has two columns {name!r}; give each its own name.")


def text_table(
    path: InputFile, name: str, encoding: str | None = None, *, over_titles: bool = False, alone: Collection[str] = ()
) -> TextTable:
    """Read a table. encoding : None guesses it. over_titles : whether lines before its header are left out.

    alone : names of a column that, as all of the first line, make the table one of one column, whatever its cells hold;
        a line with one of them below it is the header.

    Raises DataError naming the first line that has not as many cells as the header, or the encoding that the text seems
    to be in; StudyError where the encoding is none.
    """
    if encoding is not None and not is_encoding(encoding):
        raise StudyError(f"--encoding: {encoding!r} is not a text encoding such as {ENCODINGS}.")
    try:
        return _text_table(path, name, encoding, over_titles=over_titles, alone=alone)
    except EncodingError as error:
        advice = f"State it (--encoding {error.encoding or 'gb18030'}), or save the file as UTF-8."
        raise DataError(f"{error.finding} {advice}") from None


def _text_table(
    path: InputFile, name: str, encoding: str | None, *, over_titles: bool, alone: Collection[str]
) -> TextTable:
    header: tuple[str, ...] = ()
    lines: list[int] = []
    cells: list[list[str]] = []
    delimiter = ""
    for member in members(path, name):
        first = next(member.pieces, b"")
        start = _first_lines(Member(member.name, iter([first])), encoding) if over_titles or alone else ()
        is_column = _is_column(start, alone)
        skip_lines = lines_before_header(start) if over_titles and not is_column else 0
        whole = Member(member.name, chain([first], member.pieces))
        divider = _NONE if is_column else None
        for block in rows(whole, encoding=encoding, skip_lines=skip_lines, delimiter=divider):
            for line, reason in block.faults:
                one = "one column" if len(block.header) == 1 else f"{len(block.header)} columns"
                raise DataError(
                    f"{name} line {line:,}: {reason}. The header has {one} ({divided(block.header, block.delimiter)})."
                )
            if block.escaped:
                _expect_decoded(block, name)
            header, delimiter = block.header, block.delimiter
            lines += block.lines
            cells += block.cells
    return TextTable(name, header, lines, cells, delimiter)


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


def _first_lines(beginning: Member, encoding: str | None) -> Sequence[str]:
    """Return the first lines of a table, () of one without rows."""
    block = next(rows(beginning, encoding=encoding), None)
    return block.start if block else ()


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
