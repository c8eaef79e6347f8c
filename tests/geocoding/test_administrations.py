"""Administrations of municipalities, whose names say that a place follows: Ayuntamiento de Alcaraz."""

import pytest

from hubrank.geocoding.misplaced_values import rearranged
from hubrank.geocoding.text.administrations import town_of_administration
from locating import one

ALCARAZ, BIGUACU, YOKOHAMA, LE_MANS, PAVIE = 2522143, 3470003, 1848354, 3003603, 2988309


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("H. Ayuntamiento de Chumatlán", "Chumatlán"),
        ("Comune di La Spezia", "La Spezia"),
        ("Mairie du Mans", "Le Mans"),
        ("Mairie d'Arras", "Arras"),
        ("Câmara Municipal do Porto", "Porto"),
        ("Администрация города Оханск", "Оханск"),
        ("Karabük Belediyesi", "Karabük"),
        ("松野町役場", "松野町"),
        ("Stadt Wien", "Wien"),
        ("Stadt Wien GmbH", ""),
        ("Commune Research Institute", ""),
        ("Prefeitura", ""),
        ("City of Hope", ""),  # an organisation's name as often as a town's
    ],
)
def test_words_for_an_administration_tell_the_town(text, town):
    assert town_of_administration(text)[0] == town


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"institution": "Ayuntamiento de Alcaraz", "region": "Albacete", "country": "ES"}, ALCARAZ),
        ({"institution": "Prefeitura Municipal de Biguaçu/SC"}, BIGUACU),
        ({"address": "Prefeitura Municipal de Biguaçu, Santa Catarina, Brazil"}, BIGUACU),
        ({"institution": "Mairie de Pavie", "address": "32550"}, PAVIE),
        ({"institution": "Mairie du Mans"}, LE_MANS),
        ({"institution": "横浜市役所"}, YOKOHAMA),
    ],
)
def test_an_administration_is_in_its_town(alone, address, geonames_id):
    answer = one(alone, **address)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.85) == (geonames_id, True)


def test_an_administration_of_an_unknown_town_is_not_at_the_seat_of_its_province(alone):
    answer = one(alone, institution="Ayuntamiento de Foobar del Xyz", region="Albacete", country="ES")
    assert answer["gazetteer_id"] is None


def test_an_administration_states_the_country_where_one_alone_has_it():
    assert rearranged("", "Prefeitura de Lagoa Seca", "", "", "", "").country == "BR"
    assert rearranged("", "Ayuntamiento de Guadalajara", "", "", "", "").country == ""
    assert rearranged("", "Comune di Lugano", "", "", "", "CH").country == "CH"


def test_a_street_beside_an_administration_leaves_it_as_it_is():
    columns = rearranged("", "Mairie de Pavie", "1 place de la Mairie, 32550 Pavie", "", "", "France")
    assert columns.institution == "Mairie de Pavie"
