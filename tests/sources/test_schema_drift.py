"""Sources change: a column, key or element is renamed, gone or of another type.

Each reader then says so, or accounts for the rows: `read` holds what is kept against rows read, out of scope and set
aside. What may not come is anything that is no error of ours.
"""

import csv
import io
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fuzzing import samples
from fuzzing.targets import COLUMNS
from hubrank.core.errors import DataError
from sources.reading_sources import read

CHANGES = ("renamed", "missing", "retyped")
STRANGE = '{"value": [1, "x"]}'
TABLES = {  # reader, options, and its tables by role, the main one first
    "patentsview": (
        "patentsview",
        {},
        {"inventors": samples.INVENTORS, "patents": samples.PATENTS, "locations": samples.LOCATIONS},
    ),
    "regpat": ("regpat", {}, {"inventors": samples.REGPAT, "ipc": samples.IPC}),
    "crunchbase": ("crunchbase", {}, {"rounds": samples.ROUNDS, "organizations": samples.FIRMS}),
    "crunchbase 2013": ("crunchbase", {}, {"rounds": samples.ROUNDS_2013}),
    "table": ("table", {"columns": COLUMNS}, {"table": samples.TABLE}),
}
DOCUMENTS = {  # reader, options, one document, as its JSON lines or Parquet hold it
    "openalex": ("openalex", {}, samples.WORK),
    "table": ("table", {"columns": COLUMNS}, samples.ROWS[0]),
}
MARKUP = {"uspto_xml": samples.GRANT, "epo_xml": samples.EUROPEAN}


def grid(data):
    """Return a delimited text as its sign and rows of cells."""
    lines = data.decode().splitlines()
    sign = max("\t|,", key=lines[0].count)
    return sign, list(csv.reader(lines, delimiter=sign))


def drifted(data, at, change):
    """Return a table in which one column has changed."""
    sign, rows = grid(data)
    for number, row in enumerate(rows):
        if change == "missing":
            del row[at]
        elif number == 0 and change == "renamed":
            row[at] = f"new_{row[at]}_of_2027"
        elif number and change == "retyped":
            row[at] = STRANGE
    sink = io.StringIO()
    csv.writer(sink, delimiter=sign, lineterminator="\n").writerows(rows)
    return sink.getvalue().encode()


def taken(folder, reader, options, files):
    """Read files by role; return how many rows were kept, or what the error says."""
    paths = {role: folder / role for role in files}
    for role, content in files.items():
        paths[role].write_bytes(content)
    main, *others = paths
    try:
        return read(reader, [paths[main]], roles={role: [paths[role]] for role in others}, **options)[1].rows_kept
    except DataError as error:
        return str(error)


def columns():
    for name, (_, _, tables) in TABLES.items():
        for role, data in tables.items():
            for at, column in enumerate(grid(data)[1][0]):
                yield from (pytest.param(name, role, at, c, id=f"{name} {role} {column} {c}") for c in CHANGES)


@pytest.mark.parametrize(("name", "role", "at", "change"), list(columns()))
def test_a_column_that_drifts_is_said_or_its_rows_are_counted(tmp_path, name, role, at, change):
    reader, options, tables = TABLES[name]
    column = grid(tables[role])[1][0][at]
    seen = taken(tmp_path, reader, options, tables | {role: drifted(tables[role], at, change)})
    if isinstance(seen, str):
        assert change != "retyped", seen
        assert f"{column!r}" in seen or "has no column" in seen or "none of the" in seen, seen


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_its_first_column_is_an_error_that_names_what_it_has(tmp_path, name):
    reader, options, tables = TABLES[name]
    main = next(iter(tables))
    if name.startswith("crunchbase"):
        pytest.skip("no column of a round is needed but its date and kind")
    seen = taken(tmp_path, reader, options, tables | {main: drifted(tables[main], 0, "renamed")})
    assert "new_" in str(seen)
    assert "has no column" in str(seen)


def changed(document, path, change):
    """Return a document in which what lies at a path of keys has changed."""
    key, *rest = path
    if isinstance(document, list):
        return [changed(item, path, change) for item in document]
    if rest:
        return document | {key: changed(document[key], rest, change)}
    others = {name: value for name, value in document.items() if name != key}
    if change == "missing":
        return others
    if change == "renamed":
        return others | {f"new_{key}": document[key]}
    return others | {key: 7 if isinstance(document[key], str | list | dict) else STRANGE}


def keys(document):
    """Yield the path of every key, down to the last."""
    for key, value in document.items():
        yield [key]
        within = value[0] if isinstance(value, list) and value else value
        if isinstance(within, dict):
            yield from ([key, *rest] for rest in keys(within))


def paths():
    for name, (_, _, document) in DOCUMENTS.items():
        for path in keys(document):
            yield from (pytest.param(name, path, c, id=f"{name} {'.'.join(path)} {c}") for c in CHANGES)


def without_holes(document, path, change):
    """Change every document of a list alike, where they have the key at all."""
    try:
        return changed(document, path, change)
    except KeyError:
        pytest.skip("not every item has the key")


def laid(folder, packed, good, spoilt):
    """Write a spoilt document as a Parquet file of its own, or as JSON lines below a good one; return the file."""
    if packed == "lines":
        (folder / "a.jsonl").write_bytes(samples.lines(good, spoilt))
        return folder / "a.jsonl"
    pq.write_table(pa.Table.from_pylist([spoilt]), folder / "a.parquet")
    return folder / "a.parquet"


@pytest.mark.parametrize(("name", "path", "change"), list(paths()))
def test_a_key_of_a_line_that_drifts_costs_no_line_but_its_own(tmp_path, name, path, change):
    reader, options, document = DOCUMENTS[name]
    file = laid(tmp_path, "lines", document, without_holes(document, path, change))
    _, ledger = read(reader, [file], **options)
    assert ledger.rows_read == 2
    assert ledger.rows_kept >= 1


@pytest.mark.parametrize(("name", "path", "change"), list(paths()))
def test_a_column_of_parquet_that_drifts_is_said_or_its_rows_are_counted(tmp_path, name, path, change):
    reader, options, document = DOCUMENTS[name]
    try:
        file = laid(tmp_path, "parquet", document, without_holes(document, path, change))
    except pa.ArrowNotImplementedError:
        pytest.skip("Parquet holds no structure without a field")
    seen = taken(tmp_path, reader, options, {file.name: file.read_bytes()})
    assert isinstance(seen, int) or file.name in seen


def elements():
    for reader, text in MARKUP.items():
        for element in sorted(set(re.findall(rb"<([\w-]+)[ >]", text))):
            yield from (pytest.param(reader, element, c, id=f"{reader} {element.decode()} {c}") for c in CHANGES)


@pytest.mark.parametrize(("reader", "element", "change"), list(elements()))
def test_an_element_that_drifts_is_said_or_its_documents_are_counted(tmp_path, reader, element, change):
    whole = rb"<%s(?=[ >])([^>]*)>(.*?)</%s>" % (element, element)
    put = {
        "renamed": rb"<new-%s\1>\2</new-%s>" % (element, element),
        "missing": b"",
        "retyped": rb"<%s>7<x/></%s>" % (element, element),
    }
    text = re.sub(whole, put[change], MARKUP[reader], flags=re.DOTALL)
    assert text != MARKUP[reader]
    seen = taken(tmp_path, reader, {}, {"main": text})
    assert isinstance(seen, int) or "main" in seen
