"""Places of one name: how they are shown."""

import pytest

from hubrank.geocoding.gazetteer import gazetteer


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (2988507, "Paris, FR"),
        (2653941, "Cambridge, GB"),  # the other is a village
        (3449319, "São Carlos, BR"),
        (3449316, "São Carlos, SC, BR"),
        (3474574, "Palmas, TO, BR"),
        (13512595, "Hamilton, BC, CA"),
        (2857919, "Oelsnitz, Sachsen, DE (50.41, 12.17)"),
        (5144948, "Woodbury, NY, US (41.36, -74.11)"),
    ],
)
def test_a_place_is_shown_with_its_region_or_coordinates_where_another_of_the_name_may_be_meant(number, name):
    assert gazetteer.place_name(number) == name
