"""Official names of towns and regions: with their article behind a comma, and in two languages."""

import pytest

from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.text.official_names import with_plain_names
from locating import one

VENDRELL, HAGUE, AQUILA, HAVRE = 3106180, 2747373, 3175121, 3003796
BOLZANO, ELCHE, ALICANTE, PAMPLONA, TURKU = 3181913, 2518559, 2521978, 3114472, 633679


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Vendrell, El", "El Vendrell"),
        ("VENDRELL, EL", "EL VENDRELL"),
        ("Haag, Den", "Den Haag"),
        ("Aquila, L'", "L'Aquila"),
        ("Havre (Le)", "Le Havre"),
        ("43700 Vendrell, El, Tarragona, España", "43700 El Vendrell, Tarragona, España"),
        ("Via Roma 3, 39100 Bolzano/Bozen, Italy", "Via Roma 3, 39100 Bolzano, Italy"),
        ("Bozen - Bolzano", "Bolzano"),
        ("Elx/Elche", "Elche"),
        ("Pamplona/Iruña", "Iruña"),  # a city of Colombia is called Pamplona, too
    ],
)
def test_an_official_name_is_one_that_a_town_has(text, plain):
    assert with_plain_names(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Monroe, La",  # the state
        "UNION, LA",  # a town of Louisiana
        "Vila, A",  # is not Ávila
        "Rio Verde/GO",
        "Minneapolis/St. Paul",
        "Foo / Bar - Baz",
        "Biel/Bienne",  # is the town's own name
        "Paris, France",
        "Haag",
    ],
)
def test_what_is_no_article_and_no_second_name_stays(text):
    assert with_plain_names(text) == text


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Vendrell, El"}, VENDRELL),
        ({"city": "Vendrell, El", "region": "Tarragona", "country": "ES"}, VENDRELL),
        ({"city": "Vendrell, El", "address": "43700"}, VENDRELL),
        ({"address": "Vendrell, El, Tarragona, España"}, VENDRELL),
        ({"city": "Haag, Den", "country": "NL"}, HAGUE),
        ({"city": "Hague, The"}, HAGUE),
        ({"city": "Aquila, L'", "country": "IT"}, AQUILA),
        ({"city": "Havre, Le"}, HAVRE),
        ({"city": "Elx/Elche", "country": "ES"}, ELCHE),
        ({"city": "Bozen/Bolzano"}, BOLZANO),
        ({"city": "Turku/Åbo", "country": "FI"}, TURKU),
        ({"city": "Pamplona/Iruña", "region": "Navarra", "country": "ES"}, PAMPLONA),
        ({"address": "Alicante/Alacant, España"}, ALICANTE),
    ],
)
def test_an_official_name_is_located(alone, address, geonames_id):
    answer = one(alone, **address)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.7) == (geonames_id, True)


@pytest.mark.parametrize(
    ("text", "economy", "name"),
    [
        ("Rioja, La", "ES", "La Rioja"),
        ("Balears, Illes", "ES", "Illes Balears"),
        ("Carolina, North", "US", "North Carolina"),
        ("Valencia/València", "ES", "Valencia"),
        ("Araba/Álava", "ES", "Álava"),
    ],
)
def test_an_official_name_of_a_region_is_known(text, economy, name):
    assert regions.find(text, economy) == regions.find(name, economy) != ()


@pytest.mark.parametrize("text", ["Madrid/Toledo", "Rioja, Alta", "Carolina, "])
def test_two_regions_are_none(text):
    assert regions.find(text, "ES") == ()
