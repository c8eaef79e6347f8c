"""The header of a table of text: the lines before it, and the lines that it has.

Statistical offices write several: names in merged cells, below them years and units.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from hubrank.core import countries
from hubrank.sources.formats.rows import Rows, joined, lines_before_header
from hubrank.sources.formats.table_values import YEAR, is_amount

ROWS = 1_000  # in which a header is looked for
_PARTS = 50  # between rows that cannot be used, in which the first rows are looked for
MOST_LINES = 6  # of a header, and as many before the one that is filled like one
_MOST = 0.9  # of the cells of a column


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: how many lines there are before it, and how many it has."""

    before: int
    lines: int


def header_of(start: Sequence[str], beginning: Callable[[int], Rows | None]) -> Header:
    """Return the header of a table. start : its first lines. beginning : its first rows behind so many lines."""
    before = lines_before_header(start)
    return _of_several_lines(before, beginning) or Header(before, 1)


def are_names(header: Sequence[str]) -> bool:
    """Return whether a line may be a header: one with numbers is a row below a header that has not as many cells."""
    return all(map(_is_name, header))


def first_rows(parts: Iterator[Rows]) -> Rows | None:
    """Return the first rows of a table, over rows that cannot be used; None where there are none."""
    first = next(parts, None)
    if first is None:
        return None
    for part in islice(parts, _PARTS):
        if len(first.cells) >= ROWS:
            break
        first.cells.extend(part.cells)
    return first


def _of_several_lines(before: int, beginning: Callable[[int], Rows | None]) -> Header | None:
    """Return the header of a table that has several lines; None where it has one, or its names are not complete.

    before : lines before the one that is filled like a header; a line of merged cells above it is filled less.
    beginning : returns the first rows of the table behind so many lines.
    """
    for start in range(before, max(before - MOST_LINES, -1), -1):
        part = beginning(start)
        if part is None or not part.cells:
            continue
        further = _further_lines(part)
        names, body = joined([part.header, *part.cells[:further]]), part.cells[further:]
        if start == before and not further and _is_complete(names, body):
            return None
        if further and body and _is_complete(names, body):
            return Header(start, further + 1)
    return None


def _further_lines(part: Rows) -> int:
    """Return how many rows below the header go on with it.

    Their cells are names or years where the columns have numbers, and in the other columns only where the header has no
    name yet; or they are the names of the columns under merged cells.
    """
    body = part.cells[len(part.cells) // 2 :]
    numeric = [_is_numeric([row[column] for row in body]) for column in range(len(part.header))]
    header = part.header
    for number, row in enumerate(part.cells[: min(MOST_LINES, (len(part.cells) + 1) // 2)]):
        of_numbers = [cell for cell, is_number in zip(row, numeric, strict=True) if is_number and cell]
        others = [name for name, cell, is_number in zip(header, row, numeric, strict=True) if cell and not is_number]
        is_of_numbers = of_numbers and not any(others) and all(map(_is_name, of_numbers))
        if not is_of_numbers and not _names_merged(header, row, body):
            return number
        header = joined([header, row])
    return 0


def _names_merged(header: Sequence[str], row: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Return whether a row names all columns under merged cells of the header, and has nothing under the others.

    A merged cell is a name with columns without one behind it. Data would fill other columns as well, and their values
    may stand in further rows.
    """
    under: list[list[int]] = []
    for column, name in enumerate(header):
        if name or not under:
            under.append([column])
        else:
            under[-1].append(column)
    merged = [columns for columns in under if len(columns) > 1 and header[columns[0]] and row[columns[0]]]
    named = [column for columns in merged for column in columns]
    if not merged or len(named) == len(header) or {column for column, cell in enumerate(row) if cell} != set(named):
        return False
    if any(countries.find_stated(row[column]) for column in named):
        return False
    return all(_is_name(row[column]) and all(row[column] != other[column] for other in body) for column in named)


def _is_numeric(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(is_amount(cell) is not None for cell in filled) >= _MOST * len(filled)


def _is_name(cell: str) -> bool:
    return not is_amount(cell) or re.fullmatch(YEAR, cell) is not None


def _is_complete(names: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Return whether every column that is filled has a name, no number but years, and no two have the same."""
    filled = [name for at, name in enumerate(names) if 2 * sum(bool(row[at]) for row in body) >= len(body)]
    return all(map(_is_name, filled)) and all(filled) and len(set(filled)) == len(filled)
