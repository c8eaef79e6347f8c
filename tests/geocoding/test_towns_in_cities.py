"""A name before a town: a quarter of it, a suburb, or a place elsewhere that is only called like its quarter."""

import pytest

from locating import one

KAMOKE, KAMALIA, ADONI, COTTBUS = 1175088, 1175156, 1279335, 2939811
LONDON, LOS_ANGELES, BARNET = 2643743, 5368361, 2656295


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("12 Foo Street, Model Town, Kamoke, Pakistan", KAMOKE),  # that of Lahore is 56 km off
        ("Unit 2, Model Town, Kamalia, Pakistan", KAMALIA),  # 181 km
        ("No. 98, Shivaji Nagar, Adoni, India", ADONI),  # a section of Pune, larger than Adoni
        ("12 Foo Street, Kreuzberg, Cottbus, Germany", COTTBUS),  # in Berlin, at half the distance
    ],
)
def test_a_place_far_from_the_town_behind_it_is_none_of_its_quarters(text, geonames_id, alone):
    answer = one(alone, text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (geonames_id, True)


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("12 Foo Street, Waltham Abbey, London, United Kingdom", 2634843),
        ("12 Foo Street, Tema, Accra, Ghana", 2294700),
        ("12 Foo Street, Palo Alto, San Francisco, CA, United States", 5380748),  # San Jose is nearer, but not by half
        ("12 Foo Street, Vigo, Pontevedra, Spain", 3105976),  # larger than the city of its province
    ],
)
def test_a_town_in_the_surroundings_of_the_city_behind_it_is_meant(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


def test_a_village_of_a_name_says_nothing_of_what_is_around_it(alone):
    assert one(alone, "Uxbridge, Middlesex, UK")["gazetteer_id"] == 2635042


def test_a_larger_place_is_meant_before_a_smaller_one(alone):
    assert one(alone, "12 Foo Street, Lahore, Kamalia, Pakistan")["gazetteer_id"] == 1172451


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        *((f"{suburb}, London", LONDON) for suburb in ("Barnet", "Romford", "Epsom", "Esher")),
        *((f"{suburb}, Los Angeles", LOS_ANGELES) for suburb in ("Venice", "Northridge", "Encino")),
        ("12 Foo Street, Barnet, London", BARNET),  # no person's name
    ],
)
def test_a_pair_that_may_be_a_name_is_in_the_city_where_its_suburb_is_unsure(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id
