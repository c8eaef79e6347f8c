"""What a check says of the columns of a table: empty ones, patterns that match nothing, cells that look like lists."""

from collections.abc import Iterator
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from hubrank.core.tables import Files
from hubrank.sources import table
from hubrank.sources.formats.table_parts import base
from hubrank.sources.ledger import RowLedger
from hubrank.sources.options import ReaderOptions
from hubrank.sources.row_checks import reader_connection
from hubrank.sources.table_options import OF_LISTINGS, Options
from hubrank.study.sections import ColumnFrom

PIECES = 2  # of each file: the first blocks
MOST_FILES = 5
SEPARATORS = (";", "|")  # a comma is a part of an address
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
    return tuple(_sentences(parts, options)) if parts else ()


def _sentences(parts: list[pa.Table], options: Options) -> Iterator[str]:
    rows = sum(map(len, parts))
    for name, where in options.columns.items():
        key = "id" if name == "record" else name
        values = pa.chunked_array([chunk for part in parts for chunk in _texts(part, key)], pa.string())
        values = values.drop_null()
        origin = where if isinstance(where, str) else where.from_ or where.value
        says = f"columns.{base(name)} ({origin})"
        if not len(values):
            if isinstance(where, ColumnFrom) and where.pattern:
                yield f"{says}: the pattern {where.pattern!r} matches none of the first {rows:,} rows; correct it."
            else:
                yield f"{says} is empty in the first {rows:,} rows; is it the right column?"
        elif base(name) in OF_LISTINGS and (separator := _separator(values)) and not _is_split(name, options):
            yield (
                f"{says} looks like a list: {values[_first(values, separator)].as_py()[:80]!r}. If each part is a "
                f'listing write split = "{separator}", if they are places of one listing places = "{separator}"; '
                f"organisations are divided by options.separator."
            )


def _texts(part: pa.Table, key: str) -> list[pa.Array]:
    column = part[key].cast(pa.string()) if key in part.column_names else pa.chunked_array([], pa.string())
    return list(pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column).chunks)


def _is_split(name: str, options: Options) -> bool:
    where = options.columns[name]
    by_organisation = name == "organisation" and options.separator is not None
    return by_organisation or (isinstance(where, ColumnFrom) and bool(where.split or where.places))


def _separator(values: pa.ChunkedArray) -> str | None:
    """Return what seems to separate several values in many cells, if anything does."""
    counts = {one: pc.sum(pc.match_substring(values, one)).as_py() or 0 for one in SEPARATORS}
    separator = max(counts, key=lambda one: counts[one])
    return separator if counts[separator] >= LIST_SHARE * len(values) else None


def _first(values: pa.ChunkedArray, separator: str) -> int:
    return int(pc.index(pc.match_substring(values, separator), pa.scalar(value=True)).as_py())
