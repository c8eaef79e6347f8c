"""Post codes beside cities without a country: the town of the name where the code is says the country."""

import pytest

from locating import one

BIRMINGHAM_AL, BIRMINGHAM, TOLEDO_ES, TOLEDO_OH, FRANKFURT_ODER = 4049979, 2655603, 2510409, 5174035, 2925535


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Birmingham", "address": "35203"}, BIRMINGHAM_AL),
        ({"city": "Birmingham", "address": "B15 2TT"}, BIRMINGHAM),
        ({"city": "Toledo", "address": "45001"}, TOLEDO_ES),
        ({"city": "Toledo", "address": "43604"}, TOLEDO_OH),
        ({"city": "45001 Toledo"}, TOLEDO_ES),
        ({"city": "Toledo", "address": "Foo 95, ES-45999"}, TOLEDO_ES),  # its letters say the country
        ({"city": "Toledo", "address": "Calle Real 5, 45001"}, TOLEDO_ES),
        ({"city": "Santiago", "address": "15701"}, 3109642),  # another of its names
        ({"city": "Frankfurt", "address": "15230"}, FRANKFURT_ODER),
        ({"city": "Cambridge", "address": "2139"}, 4931972),  # whose zero a spreadsheet left out
    ],
)
def test_the_town_of_a_name_where_the_code_is_says_the_country(alone, address, geonames_id):
    answer = one(alone, **address)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (geonames_id, True)


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Birmingham", "address": "35203 High St"},  # a house's number
        {"city": "Birmingham", "address": "99999"},
        {"city": "Birmingham", "address": "35203", "country": "GB"},
    ],
)
def test_a_number_that_is_no_code_of_such_a_town_says_nothing(alone, address):
    assert one(alone, **address)["gazetteer_id"] == BIRMINGHAM
