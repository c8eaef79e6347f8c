"""The seat of an organisation is believed in the area of the post code that the text ends in."""

import pytest

from hubrank import geocoding
from locating import one
from ror_records import record, write_records

NAME, BERLIN, BEERSHEBA, GRAZ = "Quersdorf Meadowlark University", 2950159, 295530, 2778067


@pytest.fixture
def seated(tmp_path):
    """Return a function that makes a resolver with the university in Berlin, or in another town."""

    def make(city="Berlin", economy="DE", spot=(52.52, 13.41), geonames_id=BERLIN):
        organisation = record(1, NAME, city, economy, *spot)
        organisation["locations"][0]["geonames_id"] = geonames_id
        return geocoding.resolver_for(geocoding.Settings(institutions=(write_records(tmp_path, [organisation]),)))

    return make


@pytest.mark.parametrize(
    "end", ["Germany", "10117 Qwertzburg, Germany", "80331 München-Qwertz, Berlin, Germany", "Qwertzburg, Germany"]
)
def test_the_seat_is_answered(seated, end):
    assert one(seated(), f"{NAME}, {end}")["gazetteer_id"] == BERLIN


@pytest.mark.parametrize(
    "end",
    [
        "80331 Qwertzburg, Germany",
        "D-80331 Qwertzburg",
        "Foo Straße 1, 80331 Qwertzburg, Germany",
        "80331 Qwertzburg, Bavaria, Germany",
    ],
)
def test_a_seat_far_from_the_post_code_is_not(seated, end):
    assert one(seated(), f"{NAME}, {end}")["gazetteer_id"] is None


def test_a_code_of_four_digits_is_one_where_it_opens_the_part(seated):
    resolver = seated("Graz", "AT", (47.07, 15.44), GRAZ)
    assert one(resolver, f"{NAME}, 8010 Qwertzburg, Austria")["gazetteer_id"] == GRAZ
    assert one(resolver, f"{NAME}, Quergasse 1010, Austria")["gazetteer_id"] == GRAZ
    assert one(resolver, f"{NAME}, 1010 Qwertzburg, Austria")["gazetteer_id"] is None


def test_a_code_of_which_no_area_is_known_is_elsewhere_too(seated):
    resolver = seated("Beersheba", "IL", (31.25, 34.79), BEERSHEBA)
    assert one(resolver, f"{NAME}, Israel")["gazetteer_id"] == BEERSHEBA
    assert one(resolver, f"{NAME}, IL-84990 Qwertzburg, Israel")["gazetteer_id"] is None
    assert one(resolver, f"{NAME}, IL-84105 Beersheba, Israel")["location_probability"] > 0.9


def test_a_text_without_parts_has_no_seat(seated):
    assert one(seated(), "- -")["gazetteer_id"] is None
