"""Ids of records that need no cleaning are recognised, and no others."""

import pyarrow as pa
import pytest

from hubrank.sources.formats.table_statement import are_plain
from sources.reading_sources import read

ODD = ["", " A1", "A1 ", "A 1", "A\t1", "É1", "1.0", "1e+20", "\u200bA1", "1.5E+16", "e\u0301", "A\x7f"]
PLAIN = ["A1", "W-1/2", "https://openalex.org/W1", "1", "1.05", ".0a", "0", "10", "1e20", "~"]


@pytest.mark.parametrize("odd", ODD)
def test_one_odd_id_among_plain_ones_is_seen(odd):
    assert not are_plain(pa.chunked_array([[*PLAIN, odd], PLAIN]))
    assert not are_plain(pa.chunked_array([PLAIN, [odd, *PLAIN]]))


def test_missing_ids_and_slices_are_no_hindrance():
    ids = pa.chunked_array([["é", *PLAIN, None, "é"]])
    assert are_plain(ids.slice(1, len(PLAIN) + 1))
    assert are_plain(pa.chunked_array([["é", *PLAIN, "é"]]).slice(1, len(PLAIN)))
    assert are_plain(pa.chunked_array([], pa.string()))
    assert are_plain(pa.chunked_array([[None]], pa.string()))
    assert not are_plain(pa.chunked_array([[17]]))


@pytest.mark.parametrize("odd", [*ODD, "é"])
def test_plain_ids_are_read_the_same_next_to_odd_ones_as_alone(written, odd):
    def ids_of(ids):
        text = "id,city\n" + "".join(f'"{one}",Basel\n' for one in ids)
        rows, _ = read("table", [written("file.csv", text)], columns={"record": "id", "city": "city"})
        return [row["record_key"] for row in rows]

    assert ids_of(PLAIN) == PLAIN
    assert [one for one in ids_of([*PLAIN, odd]) if one in PLAIN][: len(PLAIN)] == PLAIN
