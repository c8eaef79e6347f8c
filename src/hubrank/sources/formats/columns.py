"""Rows become the columns that a reader asks for, whatever the order and the case of the header."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import pyarrow as pa

from hubrank.core.errors import DataError, nearest
from hubrank.core.tables import CODED, Files, Ledger
from hubrank.sources.formats.archives import Member, members_of
from hubrank.sources.formats.east_asian import as_iso
from hubrank.sources.formats.lines import ESCAPED
from hubrank.sources.formats.rows import LONGEST_LINE, Rows, lines_before_header, rows
from hubrank.sources.formats.stated_encoding import NO_ENCODING, other_header, remark_undecoded, remark_utf8
from hubrank.sources.formats.table_parts import JSON_LIST
from hubrank.sources.options import ReaderOptions
from hubrank.study.columns import ColumnFrom

LONGEST_CELL = 10_000  # characters of a cell that is used
Where = Mapping[str, str | ColumnFrom]
Names = Mapping[str, tuple[str, ...]]
Header = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What a reader wants of a table.

    what : the table in words, for messages ("owner table").
    columns : the reader's name for each column, and where it stands in the file.
    need : the reader's names without which the file cannot be used.
    keyed : whether to add `row_key`, a hash of all cells of the row, for tables without an id.
    """

    what: str
    columns: Where
    need: frozenset[str] = frozenset()
    keyed: bool = False


def tables(
    members: Iterable[Member],
    choose: Callable[[Header], TableSpec],
    ledger: Ledger | None,
    options: ReaderOptions,
    *,
    quoted: bool = True,
) -> Iterator[pa.Table]:
    """Yield the wanted columns as text, with `source_file` and `source_row`; a column that is not there is null.

    choose : returns for a header what is wanted of the table.
    quoted : whether quotes enclose cells; otherwise they are characters like others.

    Cells are trimmed, empty ones are null. Rows that cannot be split, and rows with undecodable bytes or more than
    10,000 characters in a wanted cell, are set aside. Without a ledger (a table that others refer to) they are
    passed over: rows that need them are then set aside.
    Raises DataError where a needed column is missing.
    """
    for member in members:
        utf8: set[bool | None] = set()
        count, undecoded, examples = 0, 0, list[str]()
        for part in rows(
            member,
            encoding=options.encoding,
            delimiter=options.delimiter,
            quoted=quoted,
            skip_lines=options.skip_lines,
            header_lines=options.header_lines,
        ):
            count += len(part.lines)
            utf8.add(part.is_utf8)
            if options.encoding and part.escaped:
                bad = [row for row in map("\t".join, part.cells) if ESCAPED.search(row)]
                undecoded, examples = undecoded + len(bad), examples or bad
            if ledger is not None:
                ledger.read(len(part.lines) + len(part.faults))
                for line, reason in part.faults:
                    ledger.set_aside(member.name, line, reason, "(line)", None)
            spec = choose(part.header)
            positions = _positions(part, spec, member.name, options)
            if part.lines:
                yield _table(part, positions, spec, member.name, ledger)
        if ledger is not None and options.encoding and True in utf8 and False not in utf8:
            remark_utf8(options.encoding, count, ledger)
        if ledger is not None and options.encoding and undecoded:
            remark_undecoded(options.encoding, undecoded, examples, member.name, ledger)


def role_tables(
    role: str, names: Names, need: set[str], files: Files, options: ReaderOptions, ledger: Ledger | None
) -> Iterator[pa.Table]:
    """Yield the tables of one role of a source; the columns that a study renames are those of the main files.

    names : by the reader's name for a column, the names that it may have in a file: the first that is there counts.
    ledger : of the main files; None for the tables that they refer to.
    """

    def spec(header: Header) -> TableSpec:
        """Return the columns to read from a table with this header."""
        there = set(map(plain, header))
        first = {
            name: next((one for one in theirs if plain(one) in there), theirs[0]) for name, theirs in names.items()
        }
        stated = options.columns if main else {}
        return TableSpec(f"table of {role}", {**first, **stated}, frozenset(need).union(stated))

    main = ledger is not None
    paths = files.main if main else files.roles.get(role, ())
    sheets = options.sheets if main else ()
    return tables(members_of(paths, files, sheets), spec, ledger, options)


def plain(name: str) -> str:
    """Return a column's name as it is compared: case, spaces and quotes do not matter."""
    return re.sub(r"[\s\"']+", " ", name).strip().casefold()


def column_of(where: str | ColumnFrom) -> str:
    """Return the column of the file that a value is in, or is read out of."""
    return where if isinstance(where, str) else where.from_ or ""


_UNDECODED = re.compile(r"\\x[89a-f][0-9a-f]")  # how a name shows a byte that is no character


def require(header: Header, spec: TableSpec, file: str) -> None:
    """Raise DataError naming the first needed column that is missing, what is there, and the nearest match.

    Raises it as well where a wanted column is there twice: which of them is meant is unknown.
    """
    there = Counter(map(plain, header))
    for name, where in spec.columns.items():
        column = column_of(where)
        if column and there[plain(column)] > 1:
            raise DataError(f"{file} has {there[plain(column)]} columns {column!r}. Rename all but one.")
        if name in spec.need and plain(column) not in there:
            shown = [*header[:40], "…"] if len(header) > 40 else [*header]
            undecoded = any(map(_UNDECODED.search, header))
            raise DataError(
                f"{file} has no column {column!r}; it has: {', '.join(shown)}. "
                + (NO_ENCODING if undecoded else f"Is this the {spec.what}?{nearest(column, list(header))}")
            )


def _has_needed(header: Header, spec: TableSpec) -> bool:
    there = set(map(plain, header))
    return all(plain(column_of(spec.columns[name])) in there for name in spec.need if column_of(spec.columns[name]))


def _positions(part: Rows, spec: TableSpec, file: str, options: ReaderOptions) -> dict[str, int]:
    """Return the position of each wanted column that the header has. Raises DataError as `require` does.

    options : what the study says of the encoding and of lines before the header; advice names others only.
    """
    try:
        require(part.header, spec, file)
    except DataError as error:
        encoding = options.encoding
        if encoding and (advice := other_header(part, encoding, file, lambda header: _has_needed(header, spec))):
            message = str(error).replace(NO_ENCODING, "").partition(" Is this the ")[0].rstrip()
            raise DataError(f"{message} {advice}") from None
        before = lines_before_header(part.start)
        if before in (0, options.skip_lines):
            raise
        raise DataError(
            f"{error} Its header seems to be in line {before + 1}: {part.start[before][:200]}. Delete the lines before "
            f"it, or write options = {{ skip_lines = {before} }} in the [[sources]]."
        ) from None
    places = {plain(name): at for at, name in reversed(list(enumerate(part.header)))}
    columns = {name: plain(column_of(where)) for name, where in spec.columns.items()}
    return {name: places[column] for name, column in columns.items() if column and column in places}


def _table(part: Rows, positions: dict[str, int], spec: TableSpec, file: str, ledger: Ledger | None) -> pa.Table:
    """Turn rows into Arrow columns of text."""
    across = list(zip(*part.cells, strict=True))
    faults = {
        at: fault
        for name, column in reversed(positions.items())  # of several faults of a row that of the first column is named
        for at, fault in _unusable(name, across[column], part, _longest(spec.columns[name])).items()
    }
    if faults:
        part = _without(part, faults, file, ledger)
        across = list(zip(*part.cells, strict=True)) or [()] * len(part.header)
    columns = {
        name: cells(across[positions[name]], where) if name in positions else pa.nulls(len(part.lines), pa.string())
        for name, where in spec.columns.items()
    }
    if spec.keyed:
        columns["row_key"] = pa.array(_keys(part), pa.string())
    columns["source_file"] = pa.repeat(pa.scalar(file, CODED), len(part.lines))
    columns["source_row"] = pa.array(part.lines, pa.int64())
    return pa.table(columns)


def cells(values: Sequence[str | None], where: str | ColumnFrom) -> pa.Array:
    """Trim values, make empty ones null, and take the part of each that the study's pattern matches.

    A pattern that does not match a value as it is written is tried on it in half width, and as an ISO date.

    Of a cell that holds several values the pattern is that of each: what does not match is empty in its list.
    """
    if isinstance(where, str) or where.pattern is None:
        return pa.array([value.strip() or None if value else None for value in values], pa.string())
    pattern = re.compile(where.pattern)
    dividers = [divider for divider in (where.split, where.places) if divider]
    return pa.array([_taken(value, pattern, dividers) if value else None for value in values], pa.string())


def _taken(value: str, pattern: re.Pattern[str], dividers: Sequence[str]) -> str | None:
    """Return the group of a pattern, None where it does not match; of a list the same list of what is in it."""
    if not dividers:
        match = pattern.search(value) or pattern.search(as_iso(value))
        return match.group(1) if match else None
    by, further = dividers[0], dividers[1:]
    if by != JSON_LIST:
        return by.join(_taken(part.strip(), pattern, further) or "" for part in value.split(by))
    try:
        items = json.loads(value)
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list):
        return _taken(value, pattern, further)
    texts = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items]
    return json.dumps([_taken(text, pattern, further) for text in texts], ensure_ascii=False)


def _longest(where: str | ColumnFrom) -> int:
    """Return how many characters a cell may have: a list of places may be long."""
    return LONGEST_CELL if isinstance(where, str) or not (where.split or where.places) else LONGEST_LINE


def _unusable(name: str, values: Sequence[str], part: Rows, longest: int) -> dict[int, tuple[str, str]]:
    """Return which values of a wanted column are too long or hold bytes that are no characters: (reason, column)."""
    faults: dict[int, tuple[str, str]] = {}
    if part.escaped and ESCAPED.search("".join(values)):
        undecoded = ("bytes that are no characters in the encoding of the file", name)
        faults |= {at: undecoded for at, value in enumerate(values) if ESCAPED.search(value)}
    if max(map(len, values)) > longest:
        long = (f"a cell of more than {longest:,} characters", name)
        faults |= {at: long for at, value in enumerate(values) if len(value) > longest}
    return faults


def _without(part: Rows, faults: dict[int, tuple[str, str]], file: str, ledger: Ledger | None) -> Rows:
    """Set rows aside that cannot be used."""
    if ledger is not None:
        for at, (reason, name) in sorted(faults.items()):
            ledger.set_aside(file, part.lines[at], reason, name, None)
    good = [at for at in range(len(part.lines)) if at not in faults]
    return Rows(part.header, [part.lines[at] for at in good], [part.cells[at] for at in good], escaped=part.escaped)


def _keys(part: Rows) -> list[str]:
    """Hash each row with the names of its columns, whatever their order."""
    order = sorted(range(len(part.header)), key=lambda at: part.header[at])
    names = [part.header[at] for at in order]

    def key(row: list[str]) -> str:
        text = "\x1f".join(f"{name}={row[at].strip()}" for name, at in zip(names, order, strict=True))
        return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()

    return [key(row) for row in part.cells]
