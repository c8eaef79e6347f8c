"""The seat of an organisation is believed near the post code that the text ends in."""

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
        "München-Qwertz 80331, Germany",
    ],
)
def test_a_seat_far_from_the_post_code_is_not(seated, end):
    answer = one(seated(), f"{NAME}, {end}")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((48.14, 11.57), abs=0.05)
    assert float(answer["location_probability"]) == 0.9


def test_a_seat_out_of_the_area_of_a_code_that_is_not_listed_is_not(seated):
    assert one(seated(), f"{NAME}, 87999 Qwertzburg, Germany")["gazetteer_id"] is None


@pytest.mark.parametrize("street", ["Foo Straße 8033", "Room 80331"])
def test_the_number_of_a_house_or_room_is_no_code(seated, street):
    assert one(seated(), f"{NAME}, {street}, Germany")["gazetteer_id"] == BERLIN


def test_a_code_of_four_digits_is_one_where_it_opens_the_part(seated):
    resolver = seated("Graz", "AT", (47.07, 15.44), GRAZ)
    assert one(resolver, f"{NAME}, 8010 Qwertzburg, Austria")["gazetteer_id"] == GRAZ
    assert one(resolver, f"{NAME}, Quergasse 1010, Austria")["gazetteer_id"] == GRAZ
    assert one(resolver, f"{NAME}, 1010 Qwertzburg, Austria")["lat_e7"] == 482000000  # Vienna


def test_a_code_of_which_no_area_is_known_is_elsewhere_too(seated):
    resolver = seated("Beersheba", "IL", (31.25, 34.79), BEERSHEBA)
    assert one(resolver, f"{NAME}, Israel")["gazetteer_id"] == BEERSHEBA
    assert one(resolver, f"{NAME}, IL-84990 Qwertzburg, Israel")["gazetteer_id"] is None
    assert one(resolver, f"{NAME}, IL-84105 Beersheba, Israel")["location_probability"] > 0.9


def test_a_text_without_parts_has_no_seat(seated):
    assert one(seated(), "- -")["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Quersdorf Hospital, New York 14850, USA", (42.44, -76.50)),  # Ithaca
        ("Quersdorf Hospital, New York 10027, USA", (40.71, -74.01)),
        ("Quersdorf Observ, Kamioka, Gifu 5061205, Japan", (36.33, 137.21)),
        ("Quersdorf Observ, Gifu 5008384, Japan", (35.42, 136.76)),
        ("Tartu Observatory, 61602 Tõravere, Tartumaa, Estonia", (58.26, 26.47)),
        ("Universiti Quersdorf, 86400 Parit Raja, Batu Pahat, Johor Darul Takzim, Malaysia", (1.87, 103.11)),
        ("7 Elm Street, Nevada, MO 10027", (37.84, -94.35)),  # the code is in another state
        ("5 Sadovaya Str. Saratov Saratov region RU 410005", (51.54, 45.99)),
    ],
)
def test_a_city_called_like_its_region_is_not_meant_far_from_the_post_code(text, spot, alone):
    answer = one(alone, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.05)


def test_a_seat_in_another_town_than_the_one_named_at_the_code_is_not_meant(seated):
    resolver = seated("Tartu", "EE", (58.38, 26.72), 588335)  # 20 km from it
    assert one(resolver, f"{NAME}, Estonia")["gazetteer_id"] == 588335
    answer = one(resolver, f"{NAME}, 61602 Tõravere, Estonia")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((58.26, 26.47), abs=0.05)


@pytest.mark.shared
def test_a_city_in_the_name_of_a_registered_organisation_is_not_meant_far_from_the_code(registered):
    answer = one(registered, "Tartu Observ, EE-61602 Toravere, Estonia")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((58.26, 26.47), abs=0.05)
