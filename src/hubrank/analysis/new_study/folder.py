"""The files of a folder, as far as a new study needs them: kind, header and first rows of each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from hubrank.core.errors import DataError
from hubrank.sources.formats import workbooks
from hubrank.sources.formats.archives import Member, is_workbook, members
from hubrank.sources.formats.east_asian import as_iso, as_number
from hubrank.sources.formats.file_names import SUFFIXES, is_about_data
from hubrank.sources.formats.header_lines import ROWS, Header, first_rows, header_of
from hubrank.sources.formats.json_lines import documents
from hubrank.sources.formats.json_nested import EACH, UP
from hubrank.sources.formats.json_rows import is_json
from hubrank.sources.formats.lines import EncodingError
from hubrank.sources.formats.parquet_rows import batches, is_parquet, opened
from hubrank.sources.formats.rows import Rows
from hubrank.sources.formats.rows import rows as table_rows

MOST_FILES = 5_000
DEPTH = 3  # of keys in JSON
Reading = tuple[tuple[str, str | int | tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a file, or a file in an archive, looks like.

    kind : table, json, parquet or xml.
    header : its columns, keys or paths of keys; of XML nothing.
    rows : the first ones, as text; numbers and dates in East Asian form are plain, as the reader of tables has them.
    start : the first characters of XML.
    rows_at : where the rows are inside JSON documents, as the option `rows` has it; inside : such looks at this file.
    reading : options with which the file was read.
    """

    path: Path
    name: str
    kind: str
    header: tuple[str, ...] = ()
    rows: tuple[dict[str, str], ...] = ()
    start: str = ""
    rows_at: str | None = None
    inside: tuple["Look", ...] = ()
    reading: Reading = ()

    def has(self, *columns: str) -> bool:
        """Return whether all of these columns are there, whatever their case."""
        return {column.casefold() for column in columns} <= {column.casefold() for column in self.header}

    def values(self, column: str) -> list[str]:
        """Return the values of a column that are not empty, nor empty lists."""
        return [value for row in self.rows if (value := row.get(column, "").strip()) not in ("", "[]")]


def data_files(folder: Path) -> list[Path]:
    """Return the files of a folder that may hold data, in the order of their names; finished editions are left out.

    A file is itself, whatever it is called.
    """
    if folder.is_file():
        return [folder]
    editions = {path.parent for path in folder.rglob("edition.json")}
    files = (
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not is_about_data(path.relative_to(folder))
        and editions.isdisjoint(path.parents)
    )
    return list(islice(files, MOST_FILES))


def looks(path: Path) -> Iterator[Look]:
    """Yield what a file looks like, or each file of an archive. Raises DataError where it cannot be read."""
    if is_parquet(path):
        yield _parquet(path)
        return
    if not is_workbook(path, path.name):
        for member in members(path, path.name):
            yield _look(path, member)
        return
    groups = workbooks.sheets_by_header(path, path.name)
    for group in groups:
        names = tuple(sheet for sheet, _ in group)
        for sheet, text in group if len(groups) == 1 else group[:1]:
            look = _look(path, Member(f"{path.name}/{sheet}", text))
            yield look if len(groups) == 1 else replace(look, reading=(("sheets", names), *look.reading))


def _look(path: Path, member: Member) -> Look:
    first = next(member.pieces, b"")
    whole = Member(member.name, chain([first], member.pieces))
    head = first.lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"<"):
        return Look(path, member.name, "xml", start=head[:4000].decode("utf-8", "replace"))
    if is_json(member.name) or head.startswith((b"{", b"[")):
        return _json(path, whole)
    encoding, header = None, Header(0, 1)

    def beginning(before: int, lines: int = 1) -> Rows | None:
        again = Member(member.name, iter([first]))
        return first_rows(table_rows(again, encoding=encoding, skip_lines=before, header_lines=lines))

    try:
        part = first_rows(table_rows(whole))
    except EncodingError as error:
        encoding = error.encoding
        part = beginning(0)
    if part:
        header = header_of(part.start, beginning)
        part = beginning(header.before, header.lines) if header != Header(0, 1) else part
    several = header.lines if header.lines > 1 else None
    options = (("encoding", encoding), ("skip_lines", header.before), ("header_lines", several))
    reading = tuple((name, value) for name, value in options if value)
    if part is None or not part.cells:
        raise DataError(f"{member.name} has no rows" + (" after its header." if part else "."))
    rows = tuple(dict(zip(part.header, map(_plain, row), strict=True)) for row in part.cells[:ROWS])
    return Look(path, member.name, "table", part.header, rows, reading=reading)


def _json(path: Path, member: Member) -> Look:
    part = next(documents(member, None, over_lines=True), pa.table({"line": pa.array([], pa.string())}))
    parsed = []
    for line in part["line"][:ROWS].to_pylist():
        try:
            parsed.append(json.loads(line))
        except (ValueError, RecursionError):
            continue
    return _of_documents(path, member.name, "json", [one for one in parsed if isinstance(one, dict)])


def _parquet(path: Path) -> Look:
    file = opened(path, path.name)
    first = next(batches(file, path.name, ROWS, None), None)
    look = _of_documents(path, path.name, "parquet", [] if first is None else first.to_pylist())
    return look if look.header else Look(path, path.name, "parquet", tuple(file.schema_arrow.names))


def _of_documents(path: Path, name: str, kind: str, objects: list[dict[str, Any]]) -> Look:
    """Describe documents by their keys; those of an object in them are paths such as `$.place.city`."""
    flat = [dict(_flat(document, "", 1)) for document in objects]
    inside = tuple(_inside(path, name, objects, "", {})) if kind == "json" else ()
    return Look(path, name, kind, _keys(flat), tuple(flat), inside=inside)


def _keys(flat: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for document in flat for key in document))


def _inside(
    path: Path, name: str, objects: list[dict[str, Any]], above: str, outer: dict[int, dict[str, str]]
) -> Iterator[Look]:
    """Yield looks at the lists of objects in documents; what a row is in has `../` before its keys.

    outer : by the identity of an object, the keys of what it is in.
    """
    lists = [dict(_lists(document, "", 1)) for document in objects]
    for key in dict.fromkeys(key for each in lists for key in each):
        rows_at = f"{above}{key}{EACH}"
        items: list[dict[str, Any]] = []
        within: dict[int, dict[str, str]] = {}
        for document, listed in zip(objects, lists, strict=True):
            scalars = {name: value for name, value in document.items() if not isinstance(value, list)}
            around = {**dict(_flat(scalars, "", 1)), **outer.get(id(document), {})}
            above_keys = {f"{UP}{name}": value for name, value in around.items()}
            rows = [row for row in listed.get(key, ()) if isinstance(row, dict)][: ROWS - len(items)]
            items += rows
            within |= {id(row): above_keys for row in rows}
        flat = [{**dict(_flat(row, "", 1)), **within[id(row)]} for row in items]
        yield Look(path, name, "json", _keys(flat), tuple(flat), rows_at=rows_at)
        if above.count(EACH) < 1:
            yield from _inside(path, name, items, f"{rows_at}.", within)


def _lists(document: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of objects in a document, also those in its objects, with the path to each."""
    for key, value in document.items():
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield f"{above}{key}", value
        elif isinstance(value, dict) and depth < DEPTH:
            yield from _lists(value, f"{above}{key}.", depth + 1)


def _flat(document: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in document.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict):
            yield name, ""
            if depth < DEPTH:
                yield from _flat(value, name if above else f"$.{key}", depth + 1)
        else:
            yield name, _text(value)


def _text(value: object) -> str:
    """Return a value of a document as text: a list in JSON."""
    if isinstance(value, str):
        return _plain(value)
    return "" if value is None else json.dumps(value, default=str) if isinstance(value, list) else str(value)


def _plain(value: str) -> str:
    """Return a date or number of any script in ASCII digits, as readers take it, any other text in half width."""
    return as_number(as_iso(value))


def stem(name: str) -> str:
    """Return the name of a file without its folders and endings."""
    return PurePosixPath(name).name.split(".")[0]
