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
