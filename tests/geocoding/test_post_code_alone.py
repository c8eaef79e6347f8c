"""A post code with letters says where an address is that names no place: its district is no wider than a town."""

import pytest

from hubrank.geocoding.gazetteer import post_areas
from locating import one

EARLEY = 2650555


@pytest.mark.parametrize(
    ("text", "geonames_id", "economy"),
    [
        ("RG6 5HZ, United Kingdom", EARLEY, "GB"),
        ("RG6 5HZ", EARLEY, "GB"),  # a British code states its country
        ("12 Foo Road, RG6 5HZ, United Kingdom", EARLEY, "GB"),
        ("K1A 0B1, Canada", 5919248, "CA"),
    ],
)
def test_a_district_is_a_place(text, geonames_id, economy, alone):
    answer = one(alone, text)
    assert (answer["gazetteer_id"], answer["economy"]) == (geonames_id, economy)
    assert float(answer["location_probability"]) == 0.9


@pytest.mark.parametrize(
    "text",
    [
        "IV27 4HP, United Kingdom",  # 48 km around Lochinver
        "R0G 2B3, Canada",  # one point for the south of Manitoba
        "75005, France",
    ],
)
def test_a_wide_district_or_digits_are_none(text, alone):
    assert one(alone, text)["gazetteer_id"] is None


def test_a_town_near_its_code_is_the_place(alone):
    answer = one(alone, "12 Foo Road, Twyford, RG10 9NJ, United Kingdom")
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (2635294, True)


def test_the_district_is_what_stands_before_the_last_three_characters():
    assert post_areas.district(["RG65HZ"], "GB").km <= 15
    assert post_areas.district(["65HZ", "M11AE"], "GB") == post_areas.district(["M11AE"], "GB")
    assert post_areas.district(["RG65HZ"], "CA") is None
