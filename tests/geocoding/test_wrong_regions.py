"""A city beside a region in which it does not lie, and in which a place is called nearly so."""

import pytest

from locating import one


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Boston", "region": "California", "country": "US"},  # Bostonia
        {"city": "Chicago", "region": "CA", "country": "US"},  # Chico
        {"city": "New York", "region": "CA", "country": "US"},  # Pittsburg, once New York of the Pacific
        {"address": "Denver, CA, USA"},  # Denair
        {"address": "Boston, MD, USA"},
    ],
)
def test_a_large_city_is_no_slip_of_a_town_in_a_wrong_region(address, alone):
    assert one(alone, **address)["lat_e7"] is None


@pytest.mark.parametrize(
    ("city", "region", "geonames_id"),
    [
        ("Irving", "CA", 5359777),  # Irvine, as large as Irving in Texas
        ("Concordia", "CA", 5339111),  # Concord
        ("Berkley", "CA", 5327684),  # a small Berkley lies in Michigan
        ("Astin", "PA", 5178713),  # Austin; Astin is only another name of that in Texas
        ("Scottsdale", "PA", None),  # rather Scottsdale in Arizona than Scottdale
    ],
)
def test_of_places_of_one_size_the_slip_in_the_stated_region_is_meant(city, region, geonames_id, alone):
    assert one(alone, city=city, region=region, country="US")["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "address",
    [
        {"city": "Seattle", "region": "West Virginia", "country": "US"},
        {"address": "Seattle, WV, USA"},  # a city, its region and country alone are read as columns are
    ],
)
def test_the_only_large_city_of_a_name_is_meant_and_contradicts_its_region(address, alone):
    answer = one(alone, **address)
    assert answer["gazetteer_id"] == 5809844
    assert answer["contradictions"] == "place lies outside the stated region"


@pytest.mark.parametrize(
    ("city", "region", "country", "geonames_id"),
    [
        ("Key Biscayne", "Georgia", "US", 4160789),
        ("Hasselt", "Brussels", "BE", 2796491),
    ],
)
def test_a_place_whose_name_no_other_has_is_likely_meant_under_a_wrong_region(
    city, region, country, geonames_id, alone
):
    answer = one(alone, city=city, region=region, country=country)
    assert answer["gazetteer_id"] == geonames_id
    assert 0.55 <= answer["location_probability"] <= 0.85
    assert answer["contradictions"] == "place lies outside the stated region"


def test_of_several_places_outside_of_the_stated_region_none_is_meant(alone):
    assert one(alone, city="Springfield", region="Nevada", country="US")["lat_e7"] is None


def test_coordinates_at_a_namesake_contradict_the_place_that_is_answered(alone):
    cambridge = {"city": "Cambridge", "region": "Massachusetts", "country": "US"}
    answer = one(alone, **cambridge, lat_e7=385_600_000, lon_e7=-760_700_000)  # in Maryland
    assert answer["gazetteer_id"] == 4931972
    assert "coordinates are far from the place named" in answer["contradictions"]


@pytest.mark.parametrize(
    ("institution", "contradicts"),
    [
        ("Massachusetts Institute of Technology", True),
        ("University of Oxford", True),
        ("Institute of Physics", False),  # opens the names of many
        ("University of Tokyo", False),
    ],
)
def test_an_organisation_elsewhere_than_the_city_of_its_row_is_a_contradiction(institution, contradicts, registered):
    answer = one(registered, institution=institution, city="Tokyo", country="JP")
    assert answer["gazetteer_id"] == 1850147
    assert (answer["contradictions"] == "institution has its seat elsewhere") == contradicts
