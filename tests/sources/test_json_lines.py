"""Lines of JSON are the lines of the file, however its bytes come and however long lines are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.core.errors import DataError
from hubrank.sources.formats import json_lines, lines
from hubrank.sources.formats.archives import Member

SHORT, LONG = "{}", '{"a": "' + "x" * json_lines.LONG_LINE + '"}'


def documents(text, cuts):
    """Return the lines, and their numbers, of a text that comes in pieces."""
    data, edges = text.encode(), [0, *sorted(cuts), None]
    pieces = [data[first:last] for first, last in pairwise(edges)]
    parts = list(json_lines.documents(Member("works.jsonl", iter(pieces)), None))
    return [(row["source_row"], row["line"].rstrip("\n")) for part in parts for row in part.to_pylist()]


@pytest.mark.usefixtures("small_blocks")
@given(
    st.lists(st.sampled_from([SHORT, LONG, ""]), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.lists(st.integers(0, 9_000), max_size=6),
)
def test_lines_are_split_where_they_end(rows, line_end, ends, cuts):
    text = line_end.join(["{}", *rows]) + line_end * ends
    expected = [(number, row) for number, row in enumerate(["{}", *rows], 1) if row]
    assert documents(text, cuts) == expected


@pytest.fixture(scope="module")
def small_blocks():
    """Cut blocks of a few lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "BLOCK", 6_000)
        yield


def test_a_file_without_line_ends_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(lines, "LONGEST", 1_000_000)
    read = []

    def pieces():
        for number in range(100):
            read.append(number)
            yield b"{" * 100_000

    with pytest.raises(DataError, match="has a line of more than"):
        list(json_lines.documents(Member("works.jsonl", pieces()), None))
    assert len(read) == 11
