"""Hashes of texts, against the published values of FNV-1a."""

import pyarrow as pa

from hubrank.core.hashing import hashes


def test_hashes_are_those_that_were_published():
    # Landon Noll's test vectors for 64-bit FNV-1a.
    texts = pa.chunked_array([["", "a"], ["foobar"]])
    assert hashes(texts).tolist() == [0xCBF29CE484222325, 0xAF63DC4C8601EC8C, 0x85944171F73967E8]


def test_a_part_of_a_table_has_the_hashes_of_its_own_rows():
    texts = pa.chunked_array([[f"record {number}" for number in range(9)]])
    assert hashes(texts.slice(4, 3)).tolist() == hashes(texts).tolist()[4:7]
    assert hashes(texts.slice(0, 0)).tolist() == []
