"""The number of a box or a room is no post code."""

import pytest

from hubrank.geocoding.text.post_codes import bare, codes_in
from locating import one

VALENCIA, PENRITH, AUCKLAND, LONGGANG = 2509954, 2153471, 2193733, 1802656


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Apdo 22085 Valencia, Spain", VALENCIA),  # 22085 is in Huesca
        ("Locked Bag 17975 Penrith NSW", PENRITH),
        ("Room 1072, Building 1, Longgang District, Shenzhen City, Guangdong Province", LONGGANG),
    ],
)
def test_the_number_of_a_box_or_room_is_no_post_code(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id


def test_it_does_not_speak_against_the_town(alone):
    answer = one(alone, "Private Bag 92019 Auckland")
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.95) == (AUCKLAND, True)


def test_the_post_code_behind_it_is_one():
    assert codes_in("P.O. Box 17975, 70011 Stuttgart") == ["70011"]
    assert codes_in("Sandbox 22085") == ["22085"]
    assert (codes_in("Ste 207"), bare("Apdo 22085")) == (["207"], "Apdo 22085")
