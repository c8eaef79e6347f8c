"""What a check says of the columns of a table: empty ones, patterns that match nothing, cells that look like lists."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import duckdb
import pyarrow as pa

from hubrank.core.tables import Files
from hubrank.sources import table
from hubrank.sources.amounts import undecided_counts, unstated_marks
from hubrank.sources.formats.day_numbers import as_day, is_day_number
from hubrank.sources.formats.table_parts import JSON_LIST, base
from hubrank.sources.formats.table_values import YEAR
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import reader_connection
from hubrank.sources.row_remarks import LIST_SHARE, column_texts, row_remarks
from hubrank.sources.table_options import OF_LISTINGS, QUALITY, Options
from hubrank.study.columns import Column, ColumnFrom
from hubrank.study.values import Window

PIECES = 2  # of each file: the first blocks
MOST_FILES = 5
MATCHES_NONE = "matches none of the first"
SEPARATORS = (";", "|")  # a comma is a part of an address
_HIJRI, _BUDDHIST = range(1300, 1500), range(2500, 2600)  # years of calendars that count from elsewhere
ADDRESSES = ("address", "institution")
# Of cells such as [Ito, H.; Li, A.] RIKEN, Wako, Japan; [Kim, M.] MIT, Cambridge, MA USA.
AUTHORS_SPLIT, AUTHORS_PATTERN = "; [", r"(?:^|\] ?)([^\[\]]+)$"
FEWEST_AMOUNTS = 10  # counts: of fewer, most may be round by chance


def remarks(files: Files, options: ReaderOptions) -> tuple[str, ...]:
    """Return sentences about the columns that the study names, from the first rows of the first files of a table."""
    if not isinstance(options, Options):
        return ()
    with reader_connection() as connection:
        parts = [
            part
            for path in files.main[:MOST_FILES]
            for part in islice(table.raw_rows(path, files, options, RowLedger(), connection), PIECES)
            if len(part)
        ]
        return tuple(_sentences(parts, options, connection)) if parts else ()


def _sentences(parts: list[pa.Table], options: Options, connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    rows = sum(map(len, parts))
    if options.window and not {"year", "date"} & options.columns.keys():
        yield (
            "columns names neither a year nor a date, which a metric with a window needs: name the column under "
            '[sources.columns], as in year = "Year" (of 31/12/2024 the year is read), or leave the metric out of '
            "[windows]."
        )
    yield from row_remarks(parts, rows, options, connection)
    for name, where in options.columns.items():
        key = "id" if name == "record" else name
        values = pa.chunked_array([chunk for part in parts for chunk in column_texts(part, key)], pa.string())
        yield from _of_column(name, where, _filled(values.drop_null(), where), rows, options, connection)


def _of_column(
    name: str,
    where: Column,
    values: pa.ChunkedArray,
    rows: int,
    options: Options,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[str]:
    """Say what looks wrong in the cells of one column. rows : how many were looked at."""
    origin = where if isinstance(where, str) else where.from_ or where.value
    says = f"columns.{base(name)} ({origin})"
    if not len(values):
        if isinstance(where, ColumnFrom) and where.pattern:
            yield f"{says}: the pattern '{where.pattern}' {MATCHES_NONE} {rows:,} rows; correct it."
        elif not (isinstance(where, ColumnFrom) and where.optional):
            yield f"{says} is empty in the first {rows:,} rows; is it the right column?"
        return
    if isinstance(where, ColumnFrom) and where.pattern and (where.split or where.places):
        yield from _of_parts(says, where, values.to_pylist())
    if name == QUALITY and options.decimals is None and (options.thousands is None or "count" in options.columns):
        yield from unstated_marks(origin or "", values.to_pylist(), among_counts="count" in options.columns)
    elif name in ("date", "year"):
        yield from _of_date(says, name, origin or "", values, options.window, connection)
    elif name == "count":
        yield from _of_counts(says, values.to_pylist(), options)
    elif name in ADDRESSES and (broken := _broken(values.to_pylist(), where)):
        yield (
            f"{says}: {broken[:80]!r} has a bracket without its other half, or begins with one: it names authors. "
            f"Take the address after each bracket: {name} = "
            f'{{ from = "{origin}", split = "{AUTHORS_SPLIT}", pattern = \'{AUTHORS_PATTERN}\' }}.'
        )
    elif base(name) in OF_LISTINGS and not _is_split(name, options):
        yield from _of_list(says, values.to_pylist())


def _of_date(
    says: str,
    name: str,
    column: str,
    values: pa.ChunkedArray,
    window: Window | None,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[str]:
    """Say how to take the year of dates in a form that cannot be read, and which years there are if all are outside."""
    connection.register("stamps", pa.table({"stamp": values}))
    last = "last_year(trim(stamp))"
    year = f"coalesce(year_of(trim(stamp)), {last if name == 'year' else 'NULL'})"
    unread = connection.sql(f"SELECT stamp, {last} FROM stamps WHERE {year} IS NULL").fetchall()
    first, final = connection.sql(f"SELECT min({year}), max({year}) FROM stamps").fetchall()[0]
    if window and first is not None and (final < window[0] or first > window[1]):
        yield (
            f"{says} has years from {first} to {final} in the first {len(values):,} rows, none of them in the window "
            f"[{window[0]}, {window[1]}]; correct [windows]."
        )
    days = [value for value, _ in unread if is_day_number(value)]
    if len(days) >= LIST_SHARE * len(values):
        yield (
            f"{says} holds numbers of days, as spreadsheets keep dates: {days[0]} is {as_day(days[0])}. If they are "
            f"write options.day_numbers = true, or give the column the format YYYY-MM-DD in the spreadsheet."
        )
    if len(elsewhere := [value for value, _ in unread if _is_of_another_calendar(value)]) >= LIST_SHARE * len(values):
        yield (
            f"{says} has years of another calendar: {elsewhere[0]!r}. Those from 1300 to 1499 are of a Hijri calendar "
            f"(1445 AH began in July 2023, 1402 SH in March 2023), those from 2500 to 2599 Buddhist (2566 is 2023); "
            f"which one a table means it does not say, so none is converted: write Gregorian years."
        )
    other = [(value, at_end) for value, at_end in unread if re.search(YEAR, value)]
    if len(other) >= LIST_SHARE * len(values):
        is_last = all(at_end is not None for _, at_end in other)
        how = f'"{column}"' if is_last else f"{{ from = \"{column}\", pattern = '{YEAR}' }}"
        yield f"{says} is no date of the form YYYY-MM-DD: {other[0][0]!r}. Take its year instead: year = {how}."


def _is_of_another_calendar(stamp: str) -> bool:
    years = map(int, re.findall(r"(?<!\d)\d{4}(?!\d)", stamp))
    return not re.search(YEAR, stamp) and any(year in _HIJRI or year in _BUDDHIST for year in years)


def _of_counts(says: str, values: list[str], options: Options) -> Iterator[str]:
    """Say that counts are no amounts of money where most are round thousands, and what may divide thousands."""
    if options.thousands is None:
        yield from undecided_counts(says, values, options.decimals)
    numbers = [re.sub(r"\D", "", re.sub(r"[.,]00?$", "", value.strip())) for value in values]
    amounts = [
        value for value, number in zip(values, numbers, strict=True) if number.strip("0") and number[-3:] == "000"
    ]
    if len(values) >= FEWEST_AMOUNTS and 2 * len(amounts) > len(values):
        yield (
            f"{says} has round thousands for the most part ({amounts[0]!r}), as amounts of money are. A count is a "
            f"number of records: to count each row once leave out count, to weigh rows by amounts in one currency "
            f"write options.weight_by (docs/sources/table.md)."
        )


def _of_list(says: str, values: list[str]) -> Iterator[str]:
    if separator := list_separator(values):
        example = next(value for value in values if _is_list(value) or separator in value)[:80]
        yield (
            f'{says} looks like a list: {example!r}. If each part is a listing write split = "{separator}", if they '
            f'are places of one listing places = "{separator}"; organisations are divided by options.separator.'
        )


def _of_parts(says: str, where: ColumnFrom, values: Sequence[str]) -> Iterator[str]:
    """Say how many parts of lists a pattern leaves out, whose records are then of their other parts alone."""
    dividers = [divider for divider in (where.split, where.places) if divider and divider != JSON_LIST]
    parts = values
    for divider in dividers:
        parts = [part for value in parts for part in value.removesuffix(divider).split(divider)]
    if dividers and (left_out := sum(not part.strip() for part in parts)):
        yield (
            f"{says}: {left_out:,} of the first {len(parts):,} parts are empty or not matched by the pattern "
            f"'{where.pattern}'. They are no place: their records count at their other parts alone, or are not located."
        )


def _broken(values: Sequence[str], where: Column) -> str | None:
    """Return an address that begins with a bracket or has only half of one, if many do, as parts of a list."""
    divider = where.split or where.places if isinstance(where, ColumnFrom) else None
    texts = [value for value in values if not _is_list(value)]
    parts = [part.strip() for text in texts for part in (text.split(divider) if divider else [text])]
    broken = [part for part in parts if part.startswith("[") or part.count("[") != part.count("]")]
    return None if not broken or len(broken) < LIST_SHARE * len(parts) else broken[0]


def _filled(values: pa.ChunkedArray, where: Column) -> pa.ChunkedArray:
    """Return the values of a column without lists of which no element matches the pattern."""
    if isinstance(where, str) or not (where.pattern and (where.split or where.places)):
        return values
    dividers = f"{where.split or ''}{where.places or ''}"
    empty = f"{dividers} null," if JSON_LIST in dividers else f"{dividers} "
    return pa.chunked_array([[value for value in values.to_pylist() if value.strip(empty)]], pa.string())


def _is_split(name: str, options: Options) -> bool:
    where = options.columns[name]
    by_organisation = name == "organisation" and options.separator is not None
    return by_organisation or (isinstance(where, ColumnFrom) and bool(where.split or where.places))


def _is_list(value: str) -> bool:
    return value.startswith(('["', "[]", "[{", "[null")) and value.endswith("]")


def list_separator(values: Sequence[str]) -> str | None:
    """Return what seems to separate several values in many cells, if anything does; JSON_LIST for lists in JSON."""
    counts = {JSON_LIST: sum(map(_is_list, values))}
    counts |= {separator: sum(separator in value for value in values) for separator in SEPARATORS}
    separator = max(counts, key=lambda one: counts[one])
    return separator if values and counts[separator] >= LIST_SHARE * len(values) else None
