"""A town's name in a phrase that is no address says nothing of where something is."""

import pytest

from locating import one


@pytest.mark.parametrize(
    "text",
    [
        "Treaty of Versailles",
        "Helsinki Declaration",
        "Basel III",
        "Rome II Regulation",
        "Tom Sheffield",
        "Dr. Laura Lyon",
        "Elena K. Barcelona",
        "Lyon A., Nowak C.",
        "Bolton J. P., Essen-Meyer D.",
    ],
)
@pytest.mark.parametrize("column", ["address", "institution"])
def test_a_town_in_a_name_or_a_term_is_not_meant(registered, text, column):
    assert one(registered, **{column: text})["economy"] is None


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("Siemens Munich", "DE"),  # a registered name beside the town
        ("Chengdu Water Board", "CN"),  # a word of many registered names
        ("Technical University Munich", "DE"),
        ("IIT Tirupati", "IN"),
        ("Zurich or remote", "CH"),
        ("Tom Sheffield, United Kingdom", "GB"),
        ("CONICETUniversidad de Buenos Aires", "AR"),
    ],
)
def test_what_says_that_a_town_is_meant(registered, text, economy):
    assert one(registered, address=text)["economy"] == economy


def test_a_metropolitan_area_is_its_city(registered):
    for text, economy in (("Area metropolitana di Torino", "IT"), ("Grande Porto", "PT"), ("Gran Buenos Aires", "AR")):
        assert one(registered, address=text)["economy"] == economy


def test_an_underscore_stands_for_a_blank(alone):
    assert one(alone, address="San_Francisco, CA")["economy"] == "US"
    assert one(alone, address="Nagoya_Japan")["economy"] == "JP"


def test_the_town_that_a_street_is_named_after_is_not_meant(registered):
    assert one(registered, address="Rossi S.p.A., Via Roma, 107, Xyzzano (IT)")["gazetteer_id"] != 3169070
    assert one(registered, address="ACME, Rua de Lisboa 5, Porto")["gazetteer_id"] == 2735943


def test_what_goes_on_with_and_is_no_town(alone):
    assert one(alone, "University of British Columbia, School of Journalism, and Media")["gazetteer_id"] != 4559575
    assert one(alone, "School of Journalism, Media, PA, USA")["gazetteer_id"] == 4559575
