"""Cities and countries in other languages: without the article of a name, and in Portuguese and Spanish."""

import pytest

from hubrank.geocoding.gazetteer import compile as compile_module
from locating import one

THE_HAGUE, SINGAPORE = 2747373, 1880252


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "HAIA, PAÍSES BAIXOS"}, THE_HAGUE),  # GeoNames has "A Haia"
        ({"city": "Haya", "country": "Países Bajos"}, THE_HAGUE),
        ({"address": "CINGAPURA"}, SINGAPORE),
        ({"address": "Praga, República Tcheca"}, 3067696),
        ({"address": "Nova Iorque, Estados Unidos da América"}, 5128581),
    ],
)
def test_cities_and_countries_in_portuguese_and_spanish(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(("people", "is_name"), [(200_000, True), (20_000, False)])
def test_the_article_before_another_name_is_left_out_of_large_cities(people, is_name):
    others = ["La Wexela", "Las Dos Wexelas"]
    city = {"name": "Wexel", "countrycode": "NL", "population": people, "alternatenames": others}
    spelt = compile_module.spellings(city)
    assert ("wexela" in spelt) == is_name
    assert "doswexelas" not in spelt
    assert "lawexela" in spelt
