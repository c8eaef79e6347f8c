"""Parentheses about former places, and remarks behind a country."""

import pytest

from hubrank.geocoding.text.former_places import without_former_places, without_remark
from locating import one


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Foo, Sanandaj, Iran (formerly Ahmedabad, India)", "Foo, Sanandaj, Iran"),
        ("Foo, Ulm, Germany [vormals: Wien, Österreich]", "Foo, Ulm, Germany"),
        ("Foo, Lyon, France (anciennement Tunis)", "Foo, Lyon, France"),  # a country's name
        ("Mumbai (formerly Bombay), India", "Mumbai (formerly Bombay), India"),
        ("Foo University (formerly Bar College), Ulm", "Foo University (formerly Bar College), Ulm"),
        ("Foo (now in Ahmedabad, India)", "Foo (now in Ahmedabad, India)"),
        ("(formerly Ahmedabad, India)", "(formerly Ahmedabad, India)"),
    ],
)
def test_parentheses_about_a_former_place_are_left_out(text, read):
    assert without_former_places(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Foo 1, Köln, DE (HQ)", "Foo 1, Köln, DE"),
        ("Foo 1, Köln, 50679, DE [principal place of business]", "Foo 1, Köln, 50679, DE"),
        ("Foo, Georgia (Tbilisi)", "Foo, Georgia (Tbilisi)"),
        ("Foo, CAN (Ontario)", "Foo, CAN (Ontario)"),
        ("Foo, Paris (HQ)", "Foo, Paris (HQ)"),
    ],
)
def test_a_remark_behind_a_country_is_left_out(text, read):
    assert without_remark(text) == read


def test_a_former_place_is_not_where_an_address_is(alone):
    assert one(alone, address="Foo, Sanandaj, Iran (formerly Ahmedabad, India)")["economy"] == "IR"
    assert one(alone, address="Am Markt 1, Köln, DE (HQ)")["economy"] == "DE"
