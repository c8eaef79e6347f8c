"""Misspelt names: which of the places an error away is meant, in a country and without one."""

import pytest

from hubrank.geocoding.text.slips import is_slip
from locating import one

LIMIT = 0.85


@pytest.mark.parametrize(
    ("written", "name", "slip"),
    [
        ("goteborg", "goteborgg", True),  # left out at the end
        ("otawa", "ottawa", True),
        ("nannjing", "nanjing", True),  # twice
        ("leedss", "leeds", True),
        ("brimingham", "birmingham", True),  # swapped
        ("nannjing", "nanning", False),  # another letter put in
        ("leedsx", "leeds", False),
        ("gothenberg", "gothenburg", False),  # one for another
        ("brimnigham", "birmingham", False),
        ("leeds", "leeds", False),
    ],
)
def test_a_slip_leaves_a_letter_out_or_writes_it_twice_or_swaps_two(written, name, slip):
    assert is_slip(written, name) is slip


@pytest.mark.parametrize(("city", "spot"), [("Nannjing", (32.06, 118.78)), ("Changhsa", (28.20, 112.97))])
def test_a_slip_is_believed_before_a_rarer_error_but_not_too_much(city, spot, alone):
    answer = one(alone, city=city, country="CN")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)
    assert float(answer["location_probability"]) <= LIMIT


@pytest.mark.parametrize(
    ("city", "spot"), [("Milwakee", (43.04, -87.91)), ("Philadephia", (39.95, -75.16)), ("Tuscon", (32.22, -110.95))]
)
def test_a_misspelt_city_needs_no_country_if_it_can_be_no_other(city, spot, alone):
    answer = one(alone, city=city)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)
    assert float(answer["location_probability"]) <= LIMIT


@pytest.mark.parametrize(
    "city",
    [
        "Remote",
        "Kerala",  # a region, and an error away from Karbala
        "Dubln",  # short
        "Burlingtn",  # a town
        "Arlingotn",  # in two states
    ],
)
def test_without_a_country_other_misspelt_names_are_nowhere(city, alone):
    assert one(alone, city=city)["lat_e7"] is None
