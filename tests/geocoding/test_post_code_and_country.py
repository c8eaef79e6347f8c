"""A post code or a region in full before two letters says whether these are a country's or a state's."""

import pytest

from hubrank.geocoding.explain_address import explain
from hubrank.geocoding.gazetteer.post_areas import area
from hubrank.geocoding.text.address_lines import economies_at_code, separate_line
from locating import one

SINGAPORE = 1880252


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Hofer Strasse 5, Noerdlingen Bavaria 86720, DE", (48.85, 10.49)),
        ("Rheinstr. 5, Darmstadt Hessen 64293, DE", (49.87, 8.65)),
        ("Descostraße 3-9, Karlsbad Baden-Württemberg 76307, DE", (48.92, 8.51)),
        ("Foo Division, Kanata Ontario K2K-2X3, CA", (45.30, -75.92)),
        ("15 Foo Court, Unit 116, Nepean Ontario, CA", (45.34, -75.72)),
        ("1000 West 14th Street, Canada V7P3P3, CA", (49.32, -123.11)),
        ("405 Foo, Sahar Plaza, Mumbai Maharashtra 400059, IN", (19.07, 72.88)),
        ("Foo 3, Tel Aviv 6713701, IL", (32.08, 34.78)),
        ("Foo 3, Buenos Aires Capital Federal C1437JCS, AR", (-34.61, -58.38)),
        ("1601 Tower C, Shenzhen Guangdong 518057, CN", (22.55, 114.07)),
        ("1601 Tower C, Shenzhen, Guangdong 518057, China", (22.55, 114.07)),
        # The code is the state's.
        ("Foo Road, Wilmington 19801, DE", (39.75, -75.55)),
        ("2 Foo St, Springfield 62701, IL", (39.80, -89.65)),
        ("2 Foo St, San Diego 92101, CA", (32.75, -117.12)),
        ("Foo Observatory, Kavalur, Alangayam, TN 635701", (12.62, 78.75)),
    ],
)
def test_two_letters_behind_a_post_code_or_region_are_a_country_s_where_no_state_has_it(text, spot, alone):
    answer = one(alone, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.12)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Foo 5, Noerdlingen Bavaria 86720, DE", "Foo 5, Noerdlingen, Bavaria 86720, Germany"),
        ("Foo 5, Nepean Ontario, CA", "Foo 5, Nepean, Ontario, Canada"),
        ("Foo 5, Paris Texas, FR", "Foo 5, Paris Texas, FR"),
        ("Foo 5, Wilmington 19801, DE", "Foo 5, Wilmington 19801, DE"),
        ("Foo 5, Oxford OX1 3PU, UK", "Foo 5, Oxford OX13PU, UK"),
    ],
)
def test_a_line_is_parted_before_its_region_and_the_country_is_written_out(text, line):
    assert separate_line(text) == line


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("2-10-23 Hikari-Machi, 732-0052, JP", (34.40, 132.46)),  # a quarter of Hiroshima
        ("Kohlstatt 3, 86706 Lichtenau, DE", (48.72, 11.32)),  # none of three towns
        ("Krakesvej 17, Hilleroed Copenhagen 3400, DK", (55.93, 12.31)),
        ("3970 Foo Court Suite 325 Suwanee, Atlanta GA 30024, US", (34.05, -84.07)),
    ],
)
def test_of_several_places_the_one_at_the_code_is_meant(text, spot, alone):
    answer = one(alone, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.15)


def test_a_country_no_wider_than_a_city_is_answered_beside_a_quarter_that_is_doubtful(alone):
    answer = one(alone, "31 Kaki Bukit Road 3, 417818, Singapore")
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (SINGAPORE, True)


def test_codes_of_two_places_reach_to_the_other():
    assert area(["518057"], "CN").contains(225455000, 1140683000)


def test_the_country_of_a_code_is_where_a_place_is_nearest_to_it():
    assert economies_at_code("santiago", ("15701",)) == {"ES"}


def test_an_economy_no_wider_than_a_city_is_explained(alone):
    (judgement, *_) = explain({"address": "31 Kaki Bukit Road 3, 417818, Singapore"}, alone)
    assert judgement.in_words == "Read as: Singapore (place), Singapore (country)."
