"""What a check says of the columns of a table: empty ones, patterns that match nothing, cells that look like lists."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import Files
from hubrank.sources import table
from hubrank.sources.amounts import undecided_counts, unstated_marks
from hubrank.sources.formats.day_numbers import as_day, is_day_number
from hubrank.sources.formats.table_parts import JSON_LIST, base
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import reader_connection
from hubrank.sources.table_options import OF_LISTINGS, QUALITY, Options
from hubrank.sources.totals import is_called_total, rows_of_regions, total_row
from hubrank.study.columns import Column, ColumnFrom
from hubrank.study.values import Window

PIECES = 2  # of each file: the first blocks
MOST_FILES = 5
MATCHES_NONE = "matches none of the first"
SEPARATORS = (";", "|")  # a comma is a part of an address
YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_HIJRI, _BUDDHIST = range(1300, 1500), range(2500, 2600)  # years of calendars that count from elsewhere
ADDRESSES = ("address", "institution")
TOTALLED = ("institution", "address", "city", "region", "country")  # what names a row of counts
# Of cells such as [Ito, H.; Li, A.] RIKEN, Wako, Japan; [Kim, M.] MIT, Cambridge, MA USA.
AUTHORS_SPLIT, AUTHORS_PATTERN = "; [", r"(?:^|\] ?)([^\[\]]+)$"
MOST_COPIES = 0.05  # of the rows: more are equal because they say little
FEWEST_AMOUNTS = 10  # counts: of fewer, most may be round by chance
_NAMES_SHOWN = 3
LIST_SHARE = 0.2  # of the cells with a value: a stray semicolon is no list


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
    yield from _of_rows(parts, rows, options, connection)
    for name, where in options.columns.items():
        key = "id" if name == "record" else name
        values = pa.chunked_array([chunk for part in parts for chunk in _texts(part, key)], pa.string())
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
            yield f"{says}: the pattern {where.pattern!r} {MATCHES_NONE} {rows:,} rows; correct it."
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


def are_merged(filled: Sequence[bool]) -> bool:
    """Return whether cells may be merged ones: the first has a value, and many after it have none.

    filled : whether each cell of a column has a value.
    """
    return bool(filled) and filled[0] and len(filled) - sum(filled) >= LIST_SHARE * len(filled)


def merged_cells(what: str, empty: int, rows: int) -> str:
    """Return a sentence on columns, `what`, that may have merged cells."""
    return (
        f"{what}: empty in {empty:,} of the first {rows:,} rows, below rows with a value; if these were merged cells, "
        f"unmerge them in the spreadsheet, fill each empty one with the value above it, and save the table again"
    )


def is_few(copied: int, rows: int) -> bool:
    """Return whether rows that are equal to others are so few that they may be copies."""
    return 0 < copied <= MOST_COPIES * rows


def equal_rows(copied: int, rows: int) -> str:
    """Return a sentence on rows that are equal to others."""
    return (
        f"{copied:,} of the first {rows:,} rows are equal to another row in every column, and each counts; if they are "
        f"copies remove them, or name the column of ids as record under [sources.columns]."
    )


def _of_rows(
    parts: list[pa.Table], rows: int, options: Options, connection: duckdb.DuckDBPyConnection
) -> Iterator[str]:
    """Name copies of rows, rows of totals, and merged cells."""
    ids = [bool(text) for part in parts for chunk in _texts(part, "id") for text in chunk.to_pylist()]
    if are_merged(ids):
        yield merged_cells("columns.record", len(ids) - sum(ids), rows) + "."
    if not {"record", "count"} & options.columns.keys():
        copied = sum(not key.endswith("-1") for part in parts for key in part["record_key"].to_pylist())
        if is_few(copied, rows):
            yield equal_rows(copied, rows)
    counted = _counted(parts, options, connection) if "count" in options.columns else []
    if (name := total_row(counted)) is not None:
        row = repr(name) if name else "without a place"
        yield f"the count of the row {row} is the sum of all others: remove rows of totals from the file."
    if named := rows_of_regions(counted):
        yield f"{regions_and_parts(named)}."


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
            f"{where.pattern!r}. They are no place: their records count at their other parts alone, or are not located."
        )


def regions_and_parts(named: Sequence[str]) -> str:
    """Return a sentence on rows of regions whose parts have rows, too."""
    shown = ", ".join(map(repr, named[:_NAMES_SHOWN]))
    return (
        f"the counts of {len(named):,} rows such as {shown} are the sums of rows beside them: regions and their parts "
        f"are both in the table, and each record counts twice. Leave the rows of one of them in the file"
    )


def _counted(
    parts: list[pa.Table], options: Options, connection: duckdb.DuckDBPyConnection
) -> list[tuple[str, str, str]]:
    """Return name, year and count of each row that is not left out as a total; no name where it states no place."""
    columns = {name for part in parts for name in part.column_names}
    stamp = "year" if "year" in columns else "date"
    rows = [row for part in parts for row in _without_totals(part, options, connection).to_pylist()]
    texts = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    placed = [", ".join(row.get(name, "").strip() for name in TOTALLED if _is_of_rows(name, options)) for row in texts]
    named = [", ".join(filter(None, (row.get(name) for name in TOTALLED))) for row in texts]
    named = [name if place.strip(", ") else "" for name, place in zip(named, placed, strict=True)]
    return [
        (name, f"{row['source_file']} {row.get(stamp, '')}", row.get("count", ""))
        for name, row in zip(named, texts, strict=True)
        if not any(is_called_total(row.get(column, "")) for column in TOTALLED)
    ]


def _without_totals(part: pa.Table, options: Options, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the rows of a part without those of totals that name no place, which do not count."""
    connection.register("rows", part)
    totals = pa.array(table.totals_without_place(part, options, connection), part["source_row"].type)
    return part.filter(pc.invert(pc.is_in(part["source_row"], totals)))


def _is_of_rows(name: str, options: Options) -> bool:
    """Tell whether each row states this, and not the study for all."""
    where = options.columns.get(name)
    return where is not None and (isinstance(where, str) or where.is_column)


def _texts(part: pa.Table, key: str) -> list[pa.Array]:
    column = part[key].cast(pa.string()) if key in part.column_names else pa.chunked_array([], pa.string())
    return list(pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column).chunks)


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
