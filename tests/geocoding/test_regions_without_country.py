"""Regions in a column of their own without a country: they say which of the places of one name is meant, and doubt."""

import pytest

from locating import one

TOLEDO, JAEN = 2510409, 2516395


@pytest.mark.parametrize(
    ("city", "region", "geonames_id"),
    [
        ("Toledo", "Toledo", TOLEDO),  # in whose province another town is larger
        ("Jaén", "Jaén", JAEN),
        ("Granada", "Granada", 2517117),
        ("Chauchina", "Granada", 2519534),
        ("Trujillo", "Trujillo", 3691175),  # of Peru, not the state of Venezuela: it is larger
        ("Trujillo", "Cáceres", 2510145),
    ],
)
def test_the_larger_town_in_a_region_of_the_name_is_meant(alone, city, region, geonames_id):
    answer = one(alone, city=city, region=region)
    assert answer["gazetteer_id"] == geonames_id


@pytest.mark.parametrize("name", ["Granada", "Córdoba", "León", "Durham"])
def test_two_countries_with_a_region_of_the_name_are_in_doubt(alone, name):
    answer = one(alone, city=name, region=name)
    assert 0.5 < answer["location_probability"] < 0.9
    assert len({other["economy"] for other in answer["alternatives"]} | {answer["economy"]}) > 1


@pytest.mark.parametrize(("city", "region"), [("Vich", "Huelva"), ("Lund", "Bizkaia")])
def test_a_place_in_no_region_of_the_name_is_not_answered(alone, city, region):
    assert one(alone, city=city, region=region)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Motril, Granada", 2513477),  # not the region of Nicaragua, in which no Motril lies
        ("Ponferrada (León)", 3113236),
        ("Lucena, Córdoba", 2514392),
        ("Azuqueca de Henares, Guadalajara", 3129046),  # near the city of the name, which is not that of Mexico
        ("Hasselt, Limburg", 2796491),
        ("Maastricht, Limburg", 2751283),
        ("San Pedro Sula, Cortés", 3601782),
    ],
)
def test_the_region_behind_a_town_is_the_one_around_it(alone, text, geonames_id):
    answer = one(alone, address=text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (geonames_id, True)


def test_a_name_behind_what_is_no_town_of_it_stays_in_doubt(alone):
    assert one(alone, address="Foobar Institute, León")["gazetteer_id"] is None


@pytest.mark.parametrize("text", ["León (León)", "C/ Mayor 3, Granada (Granada)", "Córdoba, Córdoba"])
def test_a_text_with_a_region_of_the_name_in_two_countries_is_in_doubt_too(registered, text):
    answer = one(registered, address=text)
    assert 0.5 < answer["location_probability"] < 0.95
    assert {"ES"} < {other["economy"] for other in answer["alternatives"]} | {answer["economy"]}
