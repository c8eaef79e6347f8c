"""A street with a house number names no town, whatever country is stated."""

import pytest

from hubrank.geocoding.text.street_lines import is_street_line
from locating import one


@pytest.mark.parametrize(
    "text",
    [
        "292 4th St",
        "601 W Holly St.",
        "1044 NW Bond St",
        "4730 Pan American Fwy NE Ste D",
        "20 Fairchild Sq # 1",
        "148 S Broadway",
        "Hanauer Landstraße 568",
        "Hofer Str. 22/23",
        "Rm 545",
        "Bldg. 94",
        "Calle Real 5",
        "C/ Mayor 12",
        "Jl. Diponegoro No. 179",
        "12 rue de Lyon",
        "Ankara Bulvarı 5",
        "9 Berlin Close",
    ],
)
def test_a_number_and_a_word_for_a_street_are_a_street(text):
    assert is_street_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "Holly",
        "Broadway",
        "1 Hacker Way Menlo Park",
        "75001 Paris",
        "Ut 84026",
        "Street",
        "22",
        "",
        "#",
        "1 N",
        "5 rue de la Paix Paris",
        "Via Roma 5 Torino",
        "Rua Augusta",
        "Piazza Armerina",
    ],
)
def test_other_texts_are_none(text):
    assert not is_street_line(text)


@pytest.mark.parametrize(
    "address",
    [
        {"address": "601 W Holly St", "country": "US"},
        {"address": "601 W Holly St, United States"},
        {"address": "3361 Dogwood Dr", "country": "United States"},
        {"address": "Schriesheimer Straße 101", "country": "Germany"},
        {"address": "Bldg. 94, Rm 545"},
        {"address": "Rua de Lisboa, 100"},
        {"address": "Av. Coimbra, 34 - sala 17"},
        {"address": "117, avenue de Leipzig, bât. B"},
        {"address": "שדרות ירושלים 4"},
    ],
)
def test_a_street_alone_is_nowhere(registered, address):
    assert one(registered, **address)["lat_e7"] is None


def test_the_town_behind_a_street_is_meant(registered):
    for text, economy in (
        ("Rua de Coimbra 5, Lisboa", "PT"),
        ("12 rue de Lyon, 75012 Paris", "FR"),
        ("Via Roma 5, Torino", "IT"),
    ):
        assert one(registered, address=text)["economy"] == economy


def test_a_street_in_an_economy_no_wider_than_a_city_is_there(alone):
    assert one(alone, "5 Raffles Road, Singapore")["economy"] == "SG"


@pytest.mark.parametrize(
    "text",
    [
        "12 Northampton Street, Foovillage, UK",
        "12 London Road, Foovillage, UK",
        "Foo Institute, Bangalore Road, India",
        "12 MUSOMA STREET FOO TANZANIA",
        "28 Chaussée de Mons, Foobar, Belgium",
        "Route de Lyon 5, Foobar, France",
    ],
)
def test_a_street_called_after_a_town_is_not_in_it(text, alone):
    assert one(alone, text)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Foo Ltd Nairobi Box 30197, Kenya", 184745),  # a box is no street
        ("Islamabad Street 5, Sector G-8, Pakistan", 1176615),  # of streets that have only numbers
        ("TU Berlin Straße des 17. Juni 135, Germany", 2950159),  # the word for a street opens its name
        ("Foo University of Leeds Woodhouse Lane, UK", 2644688),  # a name lies between
        ("12 Northampton Street, Northampton, UK", 2641430),
    ],
)
def test_a_town_before_another_word_for_a_street_is_named(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("55 Brīvības iela Riga 1010, Latvia", 456172),
        ("Ministry of Foo, Naamsestraat 22 Leuven 3000, Belgium", 2792482),
        ("Universitätsspital Basel 4031, Switzerland", 2661604),  # no street
    ],
)
def test_a_town_behind_a_street_and_before_its_post_code_is_parted_from_it(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id
