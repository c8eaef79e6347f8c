"""Addresses that several files of a source list."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from hubrank.geocoding.places import RepeatedAddresses

TEXTS = st.none() | st.sampled_from(["", "1", "\x1f", "a", "a\x1fb", "\x1fb", "München", "1\x1f1"])
ADDRESSES = st.lists(
    st.fixed_dictionaries({"institution": TEXTS, "address": TEXTS, "city": TEXTS, "lat_e7": st.none() | st.just(1)}),
    max_size=12,
)


class Mirror:
    """Answers an address with its own text, and counts what it is asked for."""

    name = "mirror"

    def __init__(self) -> None:
        self.rows: list[str] = []

    def locate(self, addresses: pa.Table) -> pa.Table:
        rows = [repr(row) for row in addresses.to_pylist()]
        self.rows += rows
        return pa.Table.from_pylist([{"contradictions": row} for row in rows], ANSWER_SCHEMA)


def table(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


@given(st.lists(ADDRESSES, max_size=6), st.integers(0, 8))
def test_an_address_has_the_same_answer_however_often_it_is_listed(tables, most):
    repeated = RepeatedAddresses(Mirror(), most)
    for rows in tables:
        addresses = table(*rows)
        assert repeated.locate(addresses).equals(Mirror().locate(addresses))


def test_an_address_of_the_file_before_is_not_located_again():
    mirror = Mirror()
    repeated = RepeatedAddresses(mirror)
    first, second = {"institution": "Nankai University"}, {"institution": "Tsinghua University"}
    repeated.locate(table(first))
    repeated.locate(table(second, first))
    assert [row.count("Nankai") for row in mirror.rows] == [1, 0]


@pytest.mark.parametrize(("most", "located"), [(2, 3), (3, 3), (1, 4), (0, 4)])
def test_no_more_addresses_are_remembered_than_fit(most, located):
    mirror = Mirror()
    repeated = RepeatedAddresses(mirror, most)
    towns = [{"city": name} for name in ("Bern", "Basel", "Chur")]
    repeated.locate(table(*towns[:1]))
    repeated.locate(table(*towns[1:]))
    repeated.locate(table(*towns[2:]))
    assert len(mirror.rows) == located
