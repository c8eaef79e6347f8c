"""Addresses that several processes of a run list: each is located by one of them."""

import pyarrow as pa

from hubrank.core.tables import ADDRESS_SCHEMA, ANSWER_SCHEMA
from hubrank.geocoding.shared_answers import FEW, PARTS, SharedAnswers


class Mirror:
    """Answers an address with its own text, counts what it is asked for, and may do something else meanwhile."""

    name = "mirror"

    def __init__(self, meanwhile=lambda: None):
        self.located, self.meanwhile = 0, meanwhile

    def locate(self, addresses):
        self.located += len(addresses)
        self.meanwhile()
        return pa.Table.from_pylist([{"contradictions": repr(row)} for row in addresses.to_pylist()], ANSWER_SCHEMA)


def towns(first, last):
    return pa.Table.from_pylist([{"city": f"Town {number}"} for number in range(first, last)], ADDRESS_SCHEMA)


MANY = towns(0, 2 * FEW)


def test_what_one_process_has_located_another_takes_over_and_locates_the_rest(tmp_path):
    one, other = Mirror(), Mirror()
    answers = SharedAnswers(one, tmp_path).locate(MANY)
    assert answers.equals(Mirror().locate(MANY))
    shifted = towns(FEW, 3 * FEW)
    assert SharedAnswers(other, tmp_path).locate(shifted).equals(Mirror().locate(shifted))
    assert (one.located, other.located) == (2 * FEW, FEW)


def test_two_processes_at_a_time_locate_each_address_once_but_for_the_part_that_one_is_at(tmp_path):
    other = Mirror()
    second = SharedAnswers(other, tmp_path)
    answers = []

    def half_way():
        if one.located > FEW and not answers:
            answers.append(second.locate(MANY))

    one = Mirror(half_way)
    answers.append(SharedAnswers(one, tmp_path).locate(MANY))
    assert all(each.equals(Mirror().locate(MANY)) for each in answers)
    assert 2 * FEW < one.located + other.located < 2 * FEW * (1 + 2 / PARTS)


def test_a_part_that_a_killed_process_has_taken_is_located_by_others(tmp_path):
    for part in range(PARTS):
        (tmp_path / f"{part}.taken").touch()
        (tmp_path / f"{part}.draft").write_bytes(b"half")
    mirror = Mirror()
    assert SharedAnswers(mirror, tmp_path).locate(MANY).equals(Mirror().locate(MANY))
    assert mirror.located == len(MANY)


def test_few_addresses_and_coordinates_alone_are_not_looked_up(tmp_path):
    spots = pa.Table.from_pylist([{"lat_e7": number, "lon_e7": 0} for number in range(2 * FEW)], ADDRESS_SCHEMA)
    for addresses in (towns(0, FEW - 1), spots):
        assert SharedAnswers(Mirror(), tmp_path).locate(addresses).equals(Mirror().locate(addresses))
    assert not list(tmp_path.iterdir())
