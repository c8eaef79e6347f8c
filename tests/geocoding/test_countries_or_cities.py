"""Names that a country and a city in it share, at the end of a text."""

import pytest

from locating import one

TUNIS, LUXEMBOURG, BRASILIA, MEXICO_CITY, DJIBOUTI = 2464470, 2960316, 3469058, 3530597, 223817
SFAX, ESCH, GUADALAJARA, ARMENIA = 2467454, 2960596, 4005539, 3689560


@pytest.mark.parametrize(
    ("text", "country", "geonames_id"),
    [
        ("12 rue de Marseille, 1000 Tunis", "TN", TUNIS),
        ("12 rue de Marseille, Tunis", "Tunisie", TUNIS),
        ("Brasília", "BR", BRASILIA),
        ("Rua Augusta 11, Brasília", None, BRASILIA),
        ("46A, Avenue J.F. Kennedy, L-1855 Luxembourg", "LU", LUXEMBOURG),
        ("46A, Avenue J.F. Kennedy, Luxembourg", "LU", LUXEMBOURG),
        ("BP 12, Djibouti", "DJ", DJIBOUTI),
        ("Av. Reforma 10, 06600 México, D.F.", "MX", MEXICO_CITY),
        ("Av. Reforma 10, Mexico, DF, Mexico", None, MEXICO_CITY),
        ("Carrera 14, Armenia", "CO", ARMENIA),
        ("12 Foo Street, Himi, Toyama", "JP", 11611221),
        ("Rua Foo 12, Tailândia, Pará", "BR", 6318732),
        ("ul. Foo 12, Włochy, Mazowieckie", "PL", 755475),
    ],
)
def test_a_country_s_name_is_the_city_s_where_the_country_is_stated_or_only_other_languages_call_it_so(
    alone,
    text,
    country,
    geonames_id,
):
    assert one(alone, address=text, country=country)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "country", "geonames_id"),
    [
        ("12 rue de Marseille, Sfax, Tunis", "TN", SFAX),
        ("12, rue X, 4002 Esch-sur-Alzette, Luxembourg", "LU", ESCH),
        ("Av. Reforma 10, Guadalajara, México", "MX", GUADALAJARA),
        ("Universite de Sfax, Tunis", "TN", SFAX),
        ("Hopital Hedi Chaker Sfax, Tunis", "TN", SFAX),
        ("LIST, Esch/Alzette, Luxembourg", "LU", ESCH),
        ("Dudelage, Luxembourg", "LU", 2960634),  # misspelt
        ("Bangkok, Tailândia", "BR", 1609350),
        ("Beirut, Líbano", "CO", 276781),
        ("Yerevan, Armenia", "CO", 616052),
    ],
)
def test_behind_a_town_or_an_organisation_it_is_the_country_s(alone, text, country, geonames_id):
    assert one(alone, address=text, country=country)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "country"),
    [("Luxembourg", "LU"), ("Universidad de Sonora, México", "MX"), ("12 Foo Street, Lebanon", "US")],
)
def test_the_usual_name_of_a_country_alone_is_no_city(alone, text, country):
    assert one(alone, address=text, country=country)["gazetteer_id"] is None
