"""Beginnings of post codes that reach far tell towns of one name apart all the same."""

import pytest

from hubrank.geocoding.gazetteer.post_areas import area
from locating import one


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Peoria, 85345, USA", 5308480),  # in Arizona, not the larger one in Illinois
        ("Apple Valley, 92307, US", 5324363),  # in California
        ("Железногорск, 307170, Россия", 463343),  # near Kursk, not Krasnoyarsk
        ("15230 Frankfurt, DE", 2925535),  # a code that may be a state's as well
    ],
)
def test_the_town_at_the_code_is_meant(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


def test_half_a_country_is_no_area():
    assert area(["99501"], "US") is None  # Alaska
