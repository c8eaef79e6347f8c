"""Delimited text however damaged: line ends, encodings, quotes; a fault costs its row and no other."""

import csv
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubrank.core.errors import DataError
from hubrank.sources.formats import lines, rows
from hubrank.sources.formats.archives import Member

MORE = 6 if os.environ.get("HUBRANK_PROOF") else 1  # times as many examples


def parsed(data, pieces=None, **how):
    """Return cells by line number, and faults by line number."""
    parts = list(rows.rows(Member("t.csv", iter(pieces or [data])), **how))
    cells = {line: row for part in parts for line, row in zip(part.lines, part.cells, strict=True)}
    return cells, {line: reason for part in parts for line, reason in part.faults}


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_gives_the_same_rows_and_line_numbers(end):
    assert parsed(end.join([b"a,b", b"1,2", b"", b"3,4"])) == ({2: ["1", "2"], 4: ["3", "4"]}, {})


def test_line_ends_may_be_mixed_within_one_file():
    assert parsed(b"a,b\r\n1,2\n3,4\r5,6") == ({2: ["1", "2"], 3: ["3", "4"], 4: ["5", "6"]}, {})


@pytest.mark.parametrize("cut", range(1, 16))
def test_it_never_matters_where_a_file_is_cut_into_pieces(cut, monkeypatch):
    monkeypatch.setattr(lines, "BLOCK", 1)
    data = b'a,b\r\n1,"x\r\ny"\r\n3,4\r\n'
    assert parsed(data, [data[:cut], data[cut:]]) == ({2: ["1", "x\ny"], 4: ["3", "4"]}, {})


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", "a,b\nZürich,Genève\n".encode()),
        ("utf-8 with a byte order mark", "\ufeffa,b\nZürich,Genève\n".encode()),
        ("utf-16", "a,b\nZürich,Genève\n".encode("utf-16")),
        ("windows-1252", "a,b\nZürich,Genève\n".encode("cp1252")),
        ("mac roman", "a,b\nZürich,Genève\n".encode("mac_roman")),
        ("mac roman as old Macs end lines", "a,b\rZürich,Genève\r".encode("mac_roman")),
    ],
)
def test_the_encoding_is_detected(encoding, data):
    assert parsed(data)[0] == {2: ["Zürich", "Genève"]}, encoding


def test_english_text_with_windows_quotes_is_not_taken_for_mac_roman():
    assert parsed("a\nRock \u2019n\u2019 Roll \u2013 caf\u00e9\n".encode("cp1252"))[0] == {2: ["Rock ’n’ Roll – café"]}


def test_a_stated_encoding_is_not_guessed():
    assert parsed(b"a\n\x8e\n", encoding="cp1252")[0] == {2: ["Ž"]}


@pytest.mark.parametrize("delimiter", ["\t", "|", ";", ","])
def test_the_delimiter_is_the_most_frequent_one_of_the_header(delimiter):
    assert parsed(f"a{delimiter}b{delimiter}c d\n1{delimiter}2{delimiter}3\n".encode())[0] == {2: ["1", "2", "3"]}


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends():
    assert parsed(b'a,b\n"x, ""y""","1\n2"\n3,4\n') == ({2: ['x, "y"', "1\n2"], 4: ["3", "4"]}, {})


def test_inch_marks_are_no_quotes():
    assert parsed(b'a|b\n5" disk|x\n3.5" drive|y\n') == ({2: ['5" disk', "x"], 3: ['3.5" drive', "y"]}, {})


def test_a_quote_that_never_closes_costs_its_row_only():
    cells, faults = parsed(b'a,b\n"x,1\ny,2\nz,3\n')
    assert (cells, faults) == ({3: ["y", "2"], 4: ["z", "3"]}, {2: rows.OPEN})


def test_a_stray_quote_does_not_swallow_rows_up_to_the_next_quoted_cell():
    cells, faults = parsed(b'a,b,c\n1,"x,3\n2,y,"z, w"\n4,5,6\n')
    assert (cells, faults) == ({3: ["2", "y", "z, w"], 4: ["4", "5", "6"]}, {2: rows.OPEN})


def test_nul_wrong_width_and_endless_lines_are_faults_of_their_rows():
    cells, faults = parsed(b"a,b\n1,\x002\n1\n1,2,3\n1," + b"x" * 100_001 + b"\n5,6,,\n7,8\n")
    assert cells == {6: ["5", "6"], 7: ["7", "8"]}
    assert list(faults) == [2, 3, 4, 5]
    assert set(faults.values()) == {
        "a NUL character",
        "a wrong number of columns",
        "a line of more than 100,000 characters",
    }


def test_control_characters_become_spaces_and_tabs_stay():
    assert parsed(b"a,b\nx\x07y,\x1b[0mz\tw\n")[0] == {2: ["x y", " [0mz\tw"]}


def test_a_table_without_a_header_line_is_refused():
    for data in (b"", b"\n\n  \n"):
        with pytest.raises(DataError, match=r"t\.csv is empty"):
            parsed(data)


def test_a_header_alone_is_a_table_without_rows():
    assert parsed(b"a,b\n") == ({}, {})


CELLS = st.text(st.sampled_from('ab ",\n|é'), max_size=6)


@settings(max_examples=50 * MORE, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8), st.integers(1, 40))
def test_what_pythons_csv_writes_is_read_back(table, size):
    written = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in [("a", "b", "c"), *table]
    )
    data = written.encode()
    cells, faults = parsed(data, [data[at : at + size] for at in range(0, len(data), size)])
    assert faults == {}
    assert list(cells.values()) == [list(row) for row in table]
    assert list(csv.reader(written.splitlines(keepends=True)))[1:] == [list(row) for row in table]


@settings(max_examples=60 * MORE, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_it_fail(data):
    try:
        cells, faults = parsed(b"a,b\n" + data)
    except DataError:
        return
    assert not set(cells) & set(faults)
    assert all(len(row) == 2 for row in cells.values())


@pytest.mark.parametrize("longest_cell", [1_000, 131_072, 10_000_000])
def test_a_first_line_that_is_no_header_is_an_error_whatever_the_limit_of_csv(longest_cell):
    before = csv.field_size_limit(longest_cell)
    try:
        _refused()
    finally:
        csv.field_size_limit(before)


def _refused():
    with pytest.raises(DataError, match=r"t\.csv begins with a line that is not a header"):
        list(rows.rows(Member("t.csv", iter([b"x" * 200_000 + b"\n1\n"]))))


@pytest.mark.parametrize("sep", ["sep=;", '"sep=;"', "SEP=;,,,"])
def test_a_line_of_spreadsheets_states_the_delimiter(sep):
    assert parsed(f"{sep}\na;b,c\n1;2,3\n".encode()) == ({3: ["1", "2,3"]}, {})
    with pytest.raises(DataError, match="has only the line"):
        parsed(f"{sep}\n".encode())


def test_lines_before_the_header_are_skipped_and_lines_keep_their_numbers():
    assert parsed(b"Projects\n\na,b\n1,2\n", skip_lines=2) == ({4: ["1", "2"]}, {})
    with pytest.raises(DataError, match=r"no more than the 9 lines that options\.skip_lines leaves out"):
        parsed(b"a,b\n1,2\n", skip_lines=9)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("a,b\n1,2\n3,4\n", 0),
        ("Projects\na,b\n1,2\n3,4\n", 1),
        ("Projects;;\n;;\na;b;c\n1;2;3\n1;2;3\n1;2;3\n", 2),
        ("sep=,\na,b\n1,2\n3,4\n", 0),
        ("sep=,\nProjects\na,b\n1,2\n3,4\n", 2),
        ('a,b\n1,"x, y, z,\n and, w, v, u"\n2,"q, q, q, q"\n', 0),
        ("a,b,c,d,e\n1,,,,\n2,,,,\n", 0),
        ("a\nx, y, z\nu\n", 0),
        ("a\tb\n1\tx, y, z; u\n2\tx, y, z; v\n3\tx, y, z; w\n", 0),
        ("Projects, by year\na\tb\n1\tx, y, z\n2\tx, y\n", 1),
        ('a;n\n1;2,5\n2;3,5\n"3;4,5\n4;5,5\n5;6,5\n', 0),  # a quote that is never closed, and decimal commas
        ("", 0),
    ],
)
def test_lines_before_a_header_have_far_fewer_cells_than_the_table(text, before):
    assert rows.lines_before_header(text.split("\n")) == before
