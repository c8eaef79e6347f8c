"""Cities and countries in other languages: Portuguese and Spanish, without an article, villages in Bulgarian."""

import pytest

from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.spellings import spellings
from hubrank.geocoding.text.normalise import key
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
    spelt = spellings(city)
    assert ("wexela" in spelt) == is_name
    assert "doswexelas" not in spelt
    assert "lawexela" in spelt


def kind_of(name, geonames_id):
    row = gazetteer.places().row(geonames_id)
    return next(kind for at, kind in gazetteer.names().rows(key(name)) if at == row)


@pytest.mark.parametrize(
    ("name", "geonames_id"),
    [("Warszawa", 756135), ("Milano", 3173435), ("Göteborg", 2711537), ("Αθήνα", 264371), ("Вінниця", 689558)],
)
def test_the_name_of_a_place_in_its_own_country_is_its_own(name, geonames_id, alone):
    assert kind_of(name, geonames_id) == gazetteer.PRIMARY
    economy = gazetteer.places().economy[gazetteer.places().row(geonames_id)]
    answer = one(alone, city=name, country=economy)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.96) == (geonames_id, True)


@pytest.mark.parametrize(
    ("name", "geonames_id"),
    [
        ("Varsovie", 756135),  # in another language than the country's
        ("New York", 5128581),  # the state
        ("San Fernando City", 1690039),  # a larger place of the country is also called so
    ],
)
def test_other_names_of_a_place_are_not_its_own(name, geonames_id):
    assert kind_of(name, geonames_id) == gazetteer.ALIAS


ROME, MILAN, WARSAW = 3169070, 3173435, 756135


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Rzym, Włochy", ROME),
        ("Mediolan, Włochy", MILAN),
        ("ul. Foo 5, Włochy, Warszawa", WARSAW),
        ("Warszawa, Włochy", WARSAW),
    ],
)
def test_a_country_is_no_part_of_a_city_that_is_called_so_but_beside_that_city(text, geonames_id, alone):
    answer = one(alone, address=text)
    assert gazetteer.city_of(answer["gazetteer_id"]) == geonames_id


@pytest.mark.shared
def test_a_part_behind_its_city_without_a_comma_is_no_country(registered):
    assert one(registered, address="Warszawa Włochy")["gazetteer_id"] == WARSAW


LISTETS = (42.86, 27.13)


@pytest.mark.parametrize(
    "address",
    [
        {"address": "с. Листец, общ. Руен, обл. Бургас"},
        {"address": "с. Листец, обл. Бургас, България"},
        {"address": "8553 Listets, municipality Ruen, Bulgaria"},
        {"city": "Листец", "region": "Бургас", "country": "BG"},
        {"city": "Listets", "region": "Бургас", "country": "България"},
    ],
)
def test_a_village_of_bulgaria_is_located_in_both_scripts(address, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(LISTETS, abs=0.08)


@pytest.mark.parametrize(
    ("city", "spot"),
    [("Щръклево", (43.73, 26.05)), ("Shtraklevo", (43.73, 26.05)), ("Sofronievo", (43.61, 23.87))],
)
def test_bulgarian_letters_are_written_as_on_signs(city, spot, alone):
    answer = one(alone, city=city, country="BG")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)
