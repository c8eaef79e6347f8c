"""The country of the letters in which an address is written."""

import pytest

from hubrank.geocoding.text.scripts import economy_of_script
from locating import one


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("עפולה", "IL"),
        ("Λαγκαδάς", "GR"),
        ("г. Тюмень", "RU"),
        ("г. Минск", "BY"),
        ("Тюмень", ""),  # without its kind it may be a person
        ("с. Александровка", ""),  # in several
        ("Λευκωσία", ""),  # not in Greece
        ("ניו יורק", ""),  # a city abroad
        ("גת", ""),  # too short
        ("Afula", ""),
        ("42", ""),
    ],
)
def test_letters_say_the_country_where_a_place_of_the_name_is(text, economy):
    assert economy_of_script(text.removeprefix("г. ").removeprefix("с. "), text) == economy


@pytest.mark.parametrize(
    ("text", "geonames_id"), [("שדרות רוטשילד 56, עפולה", 295740), ("г. Тюмень", 1488754), ("ք. Մասիս, ՀՀ", 616435)]
)
def test_a_town_in_the_letters_of_its_country_is_there(text, geonames_id, alone):
    answer = one(alone, text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.8) == (geonames_id, True)
