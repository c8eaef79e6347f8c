"""A post code with letters says where an address is that names no place: its district is no wider than a town."""

import pytest

from hubrank.geocoding.gazetteer import post_areas
from locating import one

EARLEY = 2650555


@pytest.mark.parametrize(
    ("text", "geonames_id", "economy"),
    [
        ("RG6 5HZ, United Kingdom", EARLEY, "GB"),
        ("RG6 5HZ UK", EARLEY, "GB"),
        ("12 Foo Road, RG6 5HZ, United Kingdom", EARLEY, "GB"),
        ("K1A 0B1, Canada", 5919248, "CA"),
        ("K1A 0B1, Ontario, Canada", 5919248, "CA"),
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


@pytest.mark.parametrize(
    "text",
    [
        "RG6 5HZ",
        "Foo Ltd, Paris, M1 1AE",
        "Foo Ltd, Berlin N2H 1A1",
        "Harvard University, E1 4NS",
        "Plot E6 1AA, MIDC Chakan, Pune",
        "PL4 8AA, Warszawa",
        "AB12 3CD Stockholm",
    ],
)
def test_what_looks_like_a_code_is_none_where_no_country_is_stated(text, alone):
    assert one(alone, text)["gazetteer_id"] is None


def test_a_town_is_meant_before_what_looks_like_a_code(alone):
    answer = one(alone, "Nairobi M1 1AE")
    assert (answer["economy"], answer["location_probability"] > 0.9) == ("KE", True)


def test_a_column_states_the_country(alone):
    assert one(alone, "RG6 5HZ", country="GB")["gazetteer_id"] == EARLEY
    assert one(alone, "SW1A 1AA", region="England", country="GB")["economy"] == "GB"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("K1A 0B1, British Columbia, Canada", {}),
        ("EH1 1AA, Wales, UK", {}),
        ("SW1A 1AA", {"region": "Scotland"}),
        ("SW1A 1AA", {"region": "Scotland", "country": "GB"}),
        ("K1A 0B1, British Columbia", {"country": "CA"}),
    ],
)
def test_a_district_outside_of_the_stated_region_is_none(text, columns, alone):
    assert one(alone, text, **columns)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("text", "columns", "organisation"),
    [
        ("University of British Columbia, V1V 1V7, Canada", {}, "University of British Columbia"),
        ("GlaxoSmithKline, SG1 2NY, UK", {}, "GlaxoSmithKline"),
        ("K1A 0B1", {"institution": "McGill University", "country": "Canada"}, "McGill University"),
    ],
)
def test_the_seat_of_an_organisation_stays(text, columns, organisation, registered):
    answer = one(registered, text, **columns)
    assert (answer["registered_organisation"], answer["location_probability"] > 0.85) == (organisation, True)


def test_a_town_near_its_code_is_the_place(alone):
    answer = one(alone, "12 Foo Road, Twyford, RG10 9NJ, United Kingdom")
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (2635294, True)


def test_the_district_is_what_stands_before_the_last_three_characters():
    assert post_areas.district(["RG65HZ"], "GB").km <= 15
    assert post_areas.district(["65HZ", "M11AE"], "GB") == post_areas.district(["M11AE"], "GB")
    assert post_areas.district(["RG65HZ"], "CA") is None
