"""A post code says where an address is that names no place, or leaves several: it is no wider than a town."""

import pytest

from hubrank.geocoding.explain_address import explain
from hubrank.geocoding.gazetteer import post_areas, post_points
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
        "75 005 123, France",
        "99999, Germany",
        "600 Mountain Avenue, NJ 00974",
        "110001, India",  # where codes are not known well
        "00000, United Arab Emirates",  # which has none
        "Calle Foo 1425, Argentina",
    ],
)
def test_a_wide_district_or_a_code_that_is_not_listed_is_none(text, alone):
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


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("75005, France", (48.85, 2.35)),
        ("600 Mountain Avenue, New Jersey 07974", (40.70, -74.40)),
        ("600 Mountain Avenue, NJ 07974-0636", (40.70, -74.40)),
        ("Bell Laboratories, Murray Hill, NJ 07974", (40.70, -74.40)),  # no larger Murray Hill in another state
        ("868 Madison Ave, Suite 5 Foobarville TX 78860", (28.51, -100.31)),
        ("12345 Foo Road, Foobarville, NJ 07974", (40.70, -74.40)),  # the last number
        ("USAF, Tyndall AFB, FL 32403 USA", (30.06, -85.58)),
        ("DE-04668 Parthenstein", (51.20, 12.71)),
        ("29590 Foobarilla (Málaga), España", (36.72, -4.55)),
        ("Xyntrax, 1348, Belgium", (50.67, 4.57)),
        ("Xyntrax, F-38054 cedex 9", (45.18, 5.71)),  # of an organisation
        ("Xyntrax, 38000, France", (45.18, 5.71)),  # far from most codes that begin so
        ("Rua Foo 5, 3000-548, Portugal", (40.21, -8.42)),
        ("630559, Новосибирская обл., р.п. Фубар, Россия", (54.94, 83.18)),
    ],
)
def test_a_code_of_digits_is_a_point(text, spot, alone):
    answer = one(alone, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.15)
    assert float(answer["location_probability"]) == 0.9


@pytest.mark.parametrize("text", ["Moshav Beit Shearim, 30046 (IL)", "Foobarville, Texas 07974", "Foobarville 07974"])
def test_a_code_out_of_the_region_or_without_any_is_none(text, alone):
    assert one(alone, text)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("code", "spot"), [("35108", (51.03, 8.67)), ("35469", (50.68, 8.82)), ("07426", (50.66, 11.17))]
)
def test_namesakes_are_told_apart_by_their_codes(code, spot, alone):
    answer = one(alone, f"Foostraße 1, {code} Allendorf, Germany")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.05)


def test_a_code_is_a_point_at_the_end_of_its_beginnings():
    assert post_points.point("07974", "US") == post_points.point("079740636", "US")
    assert post_points.point("7974", "US") is None
    assert post_points.point("75005", "FR") is not None
    assert post_points.point("75005", "US") != post_points.point("75005", "FR")
    assert post_points.last_point(["75005", "07974", "x"], ("US",)) == post_points.point("07974", "US")
    assert post_points.last_point(["75005"], ()) is None


def test_what_a_code_says_is_explained(alone):
    (judgement, *_) = explain({"address": "600 Mountain Avenue, New Jersey 07974"}, alone)
    assert "Read as: post code, New Jersey (region)" in judgement.in_words
