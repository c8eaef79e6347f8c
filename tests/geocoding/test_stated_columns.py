"""What a state's letters and a post code beside a city say of its country."""

import pytest

from locating import one


@pytest.mark.parametrize(
    ("address", "city", "region", "geonames_id"),
    [
        ("102 Broadview Ave", "NEWPORT CITY", "VT", 5239058),
        ("5 Foo St", "Newport City", "Wales", 2641598),
        ("5 Foo St", "Oklahoma City", "OK", 4544349),
        ("Rickmansworth Road, HA6 2RN", "Northwood", "Middlesex", 2641216),  # no county of Massachusetts
        ("5 Foo St, HA6 2RN", "Boston", "MA", 4930956),  # the state outweighs it
        ("5 Foo St, M5V 2T6", "London", "Ontario", 6058560),
    ],
)
def test_the_town_in_the_state_or_country_of_the_code_is_meant(address, city, region, geonames_id, alone):
    assert one(alone, address, city=city, region=region)["gazetteer_id"] == geonames_id


def test_a_street_by_the_word_before_its_name_is_not_where_it_leads(alone):
    assert one(alone, "28 Chaussée de Mons, Foobar-en-Hainaut, Belgium")["gazetteer_id"] is None
