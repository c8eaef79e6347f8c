"""Sources change: a column, key or element is renamed, gone or of another type.

Each reader then raises an error that names it, or accounts for the rows: `read` checks rows kept against rows read, out
of scope and set aside. Anything but a HubrankError is a failure. A few columns, keys and elements of each change are
tried, all of them under HUBRANK_PROOF=1.
"""

import csv
import functools
import io
import os
import re
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import samples
from fuzzing.targets import COLUMNS
from hubrank.core.errors import DataError
from sources.reading_sources import read

CHANGES = ("renamed", "missing", "retyped")
EXAMPLES = None if "HUBRANK_PROOF" in os.environ else 8  # of each law and change; None: all
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


def some(cases):
    """Run a test, for each change, on some of the cases (on all of them as a proof)."""

    def decorate(test):
        @pytest.mark.parametrize("change", CHANGES)
        @functools.wraps(test)
        def tried(change):
            if EXAMPLES is None:
                for case in cases:
                    test(case, change)
            else:
                example = given(case=st.sampled_from(cases))(lambda case: test(case, change))
                settings(max_examples=EXAMPLES, deadline=None)(example)()

        del tried.__wrapped__  # pytest reads the parameters of this one
        return tried

    return decorate


def grid(data):
    """Return the delimiter of a text and its rows of cells."""
    lines = data.decode().splitlines()
    delimiter = max("\t|,", key=lines[0].count)
    return delimiter, list(csv.reader(lines, delimiter=delimiter))


def drifted(data, at, change):
    """Return a table in which one column has changed."""
    delimiter, rows = grid(data)
    for number, row in enumerate(rows):
        if change == "missing":
            del row[at]
        elif number == 0 and change == "renamed":
            row[at] = f"new_{row[at]}_of_2027"
        elif number and change == "retyped":
            row[at] = STRANGE
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return sink.getvalue().encode()


def outcome(reader, options, files):
    """Read files by role; return how many rows were kept, or the message of the error."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {role: Path(folder, role) for role in files}
        for role, content in files.items():
            paths[role].write_bytes(content)
        main, *others = paths
        try:
            return read(reader, [paths[main]], roles={role: [paths[role]] for role in others}, **options)[1].rows_kept
        except DataError as error:
            return str(error)


COLUMN_CASES = [
    (name, role, at)
    for name, (_, _, tables) in TABLES.items()
    for role, data in tables.items()
    for at in range(len(grid(data)[1][0]))
]


@some(COLUMN_CASES)
def test_a_column_that_drifts_is_an_error_or_its_rows_are_counted(case, change):
    name, role, at = case
    reader, options, tables = TABLES[name]
    column = grid(tables[role])[1][0][at]
    result = outcome(reader, options, tables | {role: drifted(tables[role], at, change)})
    if isinstance(result, str):
        assert change != "retyped", (case, result)
        assert f"{column!r}" in result or "has no column" in result or "none of the" in result, (case, result)


@pytest.mark.parametrize("name", ["patentsview", "regpat", "table"])  # a round needs its date and kind only
def test_a_table_without_its_first_column_is_an_error_that_names_what_it_has(name):
    reader, options, tables = TABLES[name]
    main = next(iter(tables))
    result = outcome(reader, options, tables | {main: drifted(tables[main], 0, "renamed")})
    assert "new_" in str(result)
    assert "has no column" in str(result)


def changed(document, path, change):
    """Return a document in which the value at a path of keys has changed, wherever it is."""
    key, *rest = path
    if isinstance(document, list):
        return [changed(item, path, change) for item in document]
    if key not in document:
        return document
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


KEY_CASES = [(name, path) for name, (_, _, document) in DOCUMENTS.items() for path in keys(document)]


@some(KEY_CASES)
def test_a_key_of_a_line_that_drifts_costs_no_line_but_its_own(case, change):
    name, path = case
    reader, options, document = DOCUMENTS[name]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.jsonl")
        file.write_bytes(samples.lines(document, changed(document, path, change)))
        _, ledger = read(reader, [file], **options)
    assert ledger.rows_read == 2, case
    assert ledger.rows_kept >= 1, case


@some(KEY_CASES)
def test_a_column_of_parquet_that_drifts_is_an_error_or_its_rows_are_counted(case, change):
    name, path = case
    reader, options, document = DOCUMENTS[name]
    sink = io.BytesIO()
    try:
        pq.write_table(pa.Table.from_pylist([changed(document, path, change)]), sink)
    except pa.ArrowNotImplementedError:
        return  # Parquet holds no structure without a field
    result = outcome(reader, options, {"a.parquet": sink.getvalue()})
    assert isinstance(result, int) or "a.parquet" in result, (case, result)


ELEMENT_CASES = [
    (reader, element) for reader, text in MARKUP.items() for element in sorted(set(re.findall(rb"<([\w-]+)[ >]", text)))
]


@some(ELEMENT_CASES)
def test_an_element_that_drifts_is_an_error_or_its_documents_are_counted(case, change):
    reader, element = case
    whole = rb"<%s(?=[ >])([^>]*)>(.*?)</%s>" % (element, element)
    replacements = {
        "renamed": rb"<new-%s\1>\2</new-%s>" % (element, element),
        "missing": b"",
        "retyped": rb"<%s>7<x/></%s>" % (element, element),
    }
    text = re.sub(whole, replacements[change], MARKUP[reader], flags=re.DOTALL)
    assert text != MARKUP[reader]
    result = outcome(reader, {}, {"main": text})
    assert isinstance(result, int) or "main" in result, (case, result)
