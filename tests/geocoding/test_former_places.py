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
        ("Foo, Hyderabad, Pakistan (formerly Ahmedabad, India)", "Foo, Hyderabad, Pakistan"),
        ("Foo, Pune, Maharashtra (formerly Ahmedabad, India)", "Foo, Pune, Maharashtra (India)"),
        ("Foo, Salem, Oregon (formerly Ahmedabad, India)", "Foo, Salem, Oregon"),
        # the only country, in which the town lies
        ("Hyderabad (formerly Neroon Kot, Pakistan)", "Hyderabad (Pakistan)"),
        ("Tripoli (formerly Tarabulus, Lebanon)", "Tripoli (Lebanon)"),
        ("Kochi (formerly Cochin, India)", "Kochi (India)"),
        ("Salem (formerly Shalya India)", "Salem (India)"),
        ("Toledo (formerly Toletum, Spain)", "Toledo (Spain)"),
        ("Acme (anciennement Bar, France), Valence", "Acme (France), Valence"),
        ("Foo (formerly Bombay, India) Mumbai", "Foo (India) Mumbai"),
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
        ("Foo 1, Paris, France (Siège social)", "Foo 1, Paris, France"),
        *(  # regions and parts of names
            (text, text)
            for text in (
                "Suzhou, China (AH)",
                "Bilaspur, India (HP)",
                "Newport, UK (Shropshire)",
                "Richmond, UK (North Yorkshire)",
                "Saint-Martin, France (Hérault)",
                "Springfield, USA (Ill)",
                "Neustadt, Germany (Dosse)",
                "Frankfurt, Germany (Main)",
            )
        ),
        ("Foo Inc, Salem, IN (HQ)", "Foo Inc, Salem, IN (HQ)"),  # Indiana
        ("Foo, London, CA (office)", "Foo, London, CA (office)"),  # California
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


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Hyderabad (formerly Neroon Kot, Pakistan)", 1176734),
        ("Tripoli (formerly Tarabulus, Lebanon)", 266826),
        ("Kochi (formerly Cochin, India)", 1273874),
        ("Salem (formerly Shalya, India)", 1257629),
        ("Toledo (formerly Toletum, Spain)", 2510409),
        ("Acme (anciennement Bar, France), Valence", 2971053),
        ("Foo (formerly Bombay, India) Mumbai", 1275339),
        ("Suzhou, China (AH)", 1793743),
        ("Newport, UK (Shropshire)", 2641595),
        ("Whitchurch, UK (Shropshire)", 2634124),
        ("Foo Inc, Salem, IN (HQ)", 4264334),
    ],
)
def test_what_parentheses_say_of_the_place_stays(alone, text, number):
    assert one(alone, address=text)["gazetteer_id"] == number
