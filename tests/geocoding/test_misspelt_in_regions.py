"""A misspelt town right before a region that is called like its main city, or between a street and the country."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA


def one(resolver, address):
    return resolver.locate(pa.Table.from_pylist([{"address": address}], ADDRESS_SCHEMA)).to_pylist()[0]


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ("Saray Mah. No:29/A, ANMUR, MERSİN, Turkey", (36.1, 32.8)),
        ("Av. Hidalgo 12, Salamaca, Guanajuato 36770, Mexico", (20.6, -101.2)),
        ("Foo Cad. No:55, EREĞĞLİ, KONYA, Türkiye", (37.5, 34.0)),
        ("12 Foo Street, Baldwinsvile, New York, USA", (43.2, -76.3)),  # a small town by a long name
        ("12 Foo Street, San Juan Guichiovi, Oaxaca, Mexico", (17.0, -95.1)),
    ],
)
def test_a_slip_before_a_region_is_its_town_and_not_its_main_city(address, spot, alone):
    answer = one(alone, address)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot
    assert float(answer["location_probability"]) <= 0.85


@pytest.mark.parametrize(
    ("address", "lat"),
    [
        ("Foo Cad. No:55, Foobar, KONYA, Türkiye", 37.9),
        ("12 Foo Street, Göl, Konya, Türkiye", 37.9),  # too short for the village of Göle
        ("12 Foo Street, Paulista, São Paulo, Brazil", -23.5),
    ],
)
def test_a_name_that_is_no_slip_of_a_town_there_leaves_the_city(address, lat, alone):
    assert round(one(alone, address)["lat_e7"] / 1e7, 1) == lat


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ("12 Foo Street, Untergriesbch, Germany", (48.6, 13.7)),  # a small town by ten letters and more
        ("Foo Ltd, 12 Foo Street, Wolverhamton, UK", (52.6, -2.1)),
        ("5 Rue Foo, Villeurbane, France", (45.8, 4.9)),
    ],
)
def test_a_slip_between_a_street_and_the_country_is_that_town(address, spot, alone):
    answer = one(alone, address)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot
    assert float(answer["location_probability"]) <= 0.8


@pytest.mark.parametrize(
    "address",
    [
        "12 Foo Street, Foobarhausen, Germany",
        "12 Foo Street, Ground Floor, Germany",
        "12 Foo Street, Grüben, Germany",  # short, as others are in the country
        "Foo Ltd, Wolverhamton, UK",  # behind no street: it may be an organisation
        "12 Foo Street, Wolverhamton Foo, UK",
    ],
)
def test_other_names_between_a_street_and_the_country_are_no_misspelt_towns(address, alone):
    assert one(alone, address)["lat_e7"] is None
