"""Towns of Türkiye right behind a street, before the province that another city has its name from."""

import pytest

from hubrank.geocoding.text.towns_behind_streets import separate_town_of_province
from locating import one

ALANYA, ANTALYA = 324190, 323777


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("106 Sokak Alanya, Antalya", "106 Sokak, Alanya, Antalya"),
        (
            "Foo Ltd, Gül Mah. 12. Sok. No:5/B Alanya, Antalya, Turkey",
            "Foo Ltd, Gül Mah. 12. Sok. No:5/B, Alanya, Antalya, Turkey",
        ),
        ("GÜL CAD. NO 5 ALANYA, ANTALYA", "GÜL CAD. NO 5, ALANYA, ANTALYA"),
        ("5 Otel Alanya, Antalya", "5 Otel Alanya, Antalya"),  # behind another word
        ("Alanya Caddesi 5, Antalya", "Alanya Caddesi 5, Antalya"),  # the street's own name
        ("106 Sokak Muratpaşa, Antalya", "106 Sokak Muratpaşa, Antalya"),  # a quarter of the city
        ("106 Sokak Alanya, Antalya, Germany", "106 Sokak Alanya, Antalya, Germany"),
        ("Sokak Alanya, Antalya", "Sokak Alanya, Antalya"),  # without a number
    ],
)
def test_a_town_behind_a_street_is_parted_from_it_before_its_province(text, parted):
    assert separate_town_of_province(text) == parted


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "106 Sokak Alanya, Antalya"}, ALANYA),
        ({"address": "106 Sokak Alanya", "city": "Antalya", "country": "TR"}, ALANYA),
        ({"address": "Alanya Caddesi 5, Antalya, Turkey"}, ANTALYA),
        ({"address": "106 Sokak Muratpaşa", "city": "Antalya", "country": "TR"}, ANTALYA),
    ],
)
def test_the_town_behind_a_street_is_meant_and_not_the_city_of_its_province(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id
