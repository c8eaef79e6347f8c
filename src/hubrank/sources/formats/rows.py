"""Lines become the rows of a table: delimited text with quotes, however damaged."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Literal

from hubrank.core.errors import DataError
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.lines import Block, blocks

LONGEST_LINE = 100_000  # characters; no cell that places or dates a record comes near it
MOST_LINES = 1_000  # of one quoted cell; beyond them the quote is a stray
STRETCH = 500  # lines parsed together; where that fails, one by one
FIRST_LINES = 30
SEP = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\s]*', re.IGNORECASE)  # with which spreadsheets state the delimiter
DELIMITERS = "\t|;,"
OPEN = "a quote that is never closed"
END = "\0end"  # a line that no text holds: NUL lines are set aside before


@dataclass(slots=True)
class Rows:
    """Some rows of one table. `faults` holds (line, reason) of those that could not be split.

    delimiter : between the cells.
    is_utf8 : whether all bytes beyond ASCII are valid UTF-8, where they are read otherwise; None where there are none.
    start : the first lines of the file, as they are.
    """

    header: tuple[str, ...]
    lines: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    escaped: bool = False
    is_utf8: bool | None = None
    start: tuple[str, ...] = ()
    delimiter: str = DELIMITERS[-1]

    def take(self, cells: list[list[str]], first: int) -> None:
        """Add rows of one line each, of which `first` is the number of the first; blank ones are left out."""
        for line, row in enumerate(cells, first):
            if row:
                self.lines.append(line)
                self.cells.append(row)


def rows(
    member: Member,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    quoted: bool = True,
    skip_lines: int = 0,
    header_lines: int = 1,
) -> Iterator[Rows]:
    """Yield the rows of a table with a header line, block by block; blank lines are no rows.

    quoted : whether quotes enclose cells; otherwise they are characters like others.
    skip_lines : before the header. A line such as sep=; before it states the delimiter.
    header_lines : of the header, which are joined.

    A row that has not as many cells as the header, a quote that never closes, a NUL or a line of more than
    100,000 characters is a fault of that row alone: reading goes on with the next line.
    Raises DataError where there is no header, or one that cannot be split.
    """
    texts = (block for block in blocks(member, encoding=encoding))
    first = next(texts, None)
    if first is None or not first.data.strip():
        raise DataError(f"{member.name} is empty; a table needs a header line.")
    start = tuple(first.data[:LONGEST_LINE].decode(first.encoding, "backslashreplace").split("\n")[:FIRST_LINES])
    for _ in range(skip_lines):
        first = _without_line(first, member.name, skip_lines)
    head, first = _behead(first)
    if stated := SEP.fullmatch(head):
        delimiter = delimiter or stated[1]
        if not first.data.strip():
            raise DataError(f"{member.name} has only the line {head!r}; a table needs a header line after it.")
        head, first = _behead(first)
    delimiter = delimiter or max(DELIMITERS, key=head.count)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    heads = [_header(head, delimiter, member.name)]
    for _ in range(header_lines - 1):
        if not first.data.strip():
            raise DataError(f"{member.name} has no more than its {header_lines} options.header_lines. Lower it.")
        head, first = _behead(first)
        heads.append(_header(head, delimiter, member.name))
    header = joined(heads) if len(heads) > 1 else heads[0]
    parts = _Parser(header, delimiter, quoting).parse(chain([first], texts))
    for part in parts:
        part.start = start
        yield part


def joined(heads: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of columns out of the lines of their header: what stands in a column, from the first line down.

    A merged cell has a text in its first column alone, and names below it in all of them. A name with nothing below it
    is one column's.
    """
    wide = max(map(len, heads))
    lines = [[*line, *[""] * (wide - len(line))] for line in heads]
    for at, line in enumerate(lines[:-1]):
        below = [any(other[column] for other in lines[at + 1 :]) for column in range(wide)]
        for column in range(1, wide):
            if not line[column] and below[column] and below[column - 1]:
                line[column] = line[column - 1]
    return tuple(" ".join(dict.fromkeys(filter(None, texts))) for texts in zip(*lines, strict=True))


def divided(header: Sequence[str], delimiter: str = "") -> str:
    """Say what divides the columns of a header, for messages."""
    if len(header) == 1:
        return "divided by none of tab, '|', ';' and ','"
    return "divided by tabs" if delimiter == "\t" else f"divided by {delimiter!r}"


def lines_before_header(start: Sequence[str]) -> int:
    """Return how many lines of a table seem to be no part of it, as they have far fewer cells than those after them."""
    if start and SEP.fullmatch(start[0]):
        before = lines_before_header(start[1:])
        return before + 1 if before else 0
    # The delimiter is the one by which most records have the same number of cells; text in cells has commas as well,
    # and numbers with a decimal comma: what seems to be the header has to be divided by it, too.
    headers = [(_regularity(records), line) for records, line in _headers(start)]
    return max(headers, key=lambda header: header[0], default=((0, 0), 0))[1]


def _headers(start: Sequence[str]) -> Iterator[tuple[Sequence[tuple[int, int, int]], int]]:
    """Yield, by each delimiter, the records of a table and the line that seems to be its header."""
    for delimiter in DELIMITERS:
        records = _records(start, delimiter)
        share, wide = _regularity(records)
        filled = sorted(filled for _, width, filled in records if width == wide)
        regular = wide >= 2 and share >= 0.5
        wanted = (line for line, width, cells in records if width == wide and 2 * cells > filled[len(filled) // 2])
        line = next(wanted, 0) if regular else 0
        if not line or delimiter == max(DELIMITERS, key=start[line].count):
            yield records, line


def _records(start: Sequence[str], delimiter: str) -> list[tuple[int, int, int]]:
    """Return the line at which each record begins, how many cells it has, and how many of these are filled."""
    reader = csv.reader(start, delimiter=delimiter)
    records, line = [], 0
    try:
        for row in reader:
            records += [(line, len(row), sum(map(bool, map(str.strip, row))))] if row else []
            line = reader.line_num
    except csv.Error:
        pass
    return records


def _regularity(records: Sequence[tuple[int, int, int]]) -> tuple[float, int]:
    """Return the share of records that have the most frequent number of cells above one, and that number."""
    widths = Counter(width for _, width, _ in records if width > 1)
    wide = max(widths, key=lambda width: (widths[width], width), default=0)
    return (widths[wide] / len(records) if wide else 0), wide


def _header(head: str, delimiter: str, name: str) -> tuple[str, ...]:
    """Split the header line. Its length is checked here: any library may have changed how long a cell csv takes."""
    reason = f"it has {len(head):,} characters"
    if len(head) <= LONGEST_LINE:
        try:
            return tuple(column.strip() for column in next(csv.reader([head], delimiter=delimiter)))
        except csv.Error as error:
            reason = str(error)
    raise DataError(f"{name} begins with a line that is not a header: {reason}. Is this a table?")


def _without_line(block: Block, name: str, skip_lines: int) -> Block:
    _, _, rest = block.data.partition(b"\n")
    if not rest.strip():
        raise DataError(
            f"{name} has no more than the {skip_lines:,} lines that options.skip_lines leaves out. Lower it."
        )
    return Block(rest, block.first + 1, block.encoding)


def _behead(block: Block) -> tuple[str, Block]:
    """Split a block into the header, its first line that is not blank, and the rest."""
    skipped = len(block.data) - len(block.data.lstrip(b"\n"))
    end = block.data.index(b"\n", skipped)
    head = block.data[skipped:end].decode(block.encoding, "backslashreplace")
    return head, Block(block.data[end + 1 :], block.first + skipped + 1, block.encoding)


@dataclass(slots=True)
class _Parser:
    header: tuple[str, ...]
    delimiter: str
    quoting: Literal[0, 3]

    def parse(self, texts: Iterable[Block]) -> Iterator[Rows]:
        """Parse blocks; the lines of a cell that spans two blocks are carried over."""
        carried: list[str] = []
        last = None
        for block in texts:
            text = block.text()
            escaped = not (text.isascii() and all(line.isascii() for line in carried))
            lines = [*carried, *text.split("\n")[:-1]]
            result, carried = self._rows(lines, block.first - len(carried), final=False)
            result.is_utf8 = None if block.encoding == "utf-8" else block.is_utf8()
            result.escaped = escaped and block.encoding != "mac_roman"
            last = block.first + block.data.count(b"\n")
            yield result
        if carried and last is not None:
            result, _ = self._rows(carried, last - len(carried), final=True)
            result.escaped = True
            yield result

    def _split(self, lines: list[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.delimiter, quoting=self.quoting)

    def _together(self, lines: list[str]) -> list[list[str]] | None:
        """Parse lines that are one whole row each; None where any is not."""
        if max(map(len, lines), default=0) > LONGEST_LINE or any("\0" in line for line in lines):
            return None
        try:
            cells = list(self._split(lines))
        except csv.Error:
            return None
        widths = set(map(len, cells)) - {0, len(self.header)}
        # As many rows as lines means that no row took two; but the last may be open into the next block.
        return None if widths or len(cells) != len(lines) or self._open(lines[-1:]) else cells

    def _open(self, lines: list[str]) -> bool:
        return len(list(self._split([*lines, END]))) < len(lines) + 1

    def _rows(self, lines: list[str], first: int, *, final: bool) -> tuple[Rows, list[str]]:
        """Parse lines a stretch at a time, and where a fault is among them, one by one; return what is left open."""
        result = Rows(self.header, delimiter=self.delimiter)
        at = 0
        while at < len(lines):
            stretch = lines[at : at + STRETCH]
            if (cells := self._together(stretch)) is not None:
                result.take(cells, first + at)
                at += len(stretch)
                continue
            end = at + len(stretch)
            while at < end:
                used, row, reason = self._row(lines, at)
                if reason == OPEN and not final and len(lines) - at < MOST_LINES:
                    return result, lines[at:]
                if reason:
                    result.faults.append((first + at, reason))
                else:
                    result.take([row], first + at)
                at += used
        return result, []

    def _row(self, lines: list[str], at: int) -> tuple[int, list[str], str]:
        """Return how many lines the row takes, its cells, and why it cannot be used, if it cannot."""
        line = lines[at]
        if not line.strip():
            return 1, [], ""
        if "\0" in line:
            return 1, [], "a NUL character"
        if len(line) > LONGEST_LINE:
            return 1, [], f"a line of more than {LONGEST_LINE:,} characters"
        row, used = self._joined(lines, at)
        if used == 0:
            return 1, [], OPEN
        row = self._trimmed(row)
        if len(row) != len(self.header):
            return 1, [], "a wrong number of columns"
        return used, row, ""

    def _joined(self, lines: list[str], at: int) -> tuple[list[str], int]:
        """Parse one row that may span lines; 0 lines where its quote never closes.

        Over several lines the rules are strict: a stray quote must not swallow the good rows after it.
        """
        alone = list(self._split([lines[at], END]))
        if len(alone) == 2:
            return alone[0], 1
        several = (f"{line}\n" for line in islice(lines, at, at + MOST_LINES))
        reader = csv.reader(chain(several, [END]), delimiter=self.delimiter, quoting=self.quoting, strict=True)
        try:
            row = next(reader)
        except csv.Error:
            return [], 0
        open_still = any(END in cell for cell in row)
        return ([], 0) if open_still else (row, reader.line_num)

    def _trimmed(self, row: list[str]) -> list[str]:
        """Drop empty cells beyond the header: spreadsheets leave them."""
        wide = len(self.header)
        return row[:wide] if len(row) > wide and not any(row[wide:]) else row
