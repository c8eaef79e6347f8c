"""A region's name inside an organisation's name, where the text states none, tells namesakes apart."""

import pytest

from hubrank.geocoding.evidence.regions_in_names import region_in_name
from hubrank.geocoding.evidence.segments import segment
from hubrank.geocoding.gazetteer import gazetteer
from locating import one


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("University of Alabama at Birmingham School of Medicine", "AL"),
        ("University of Georgia, Athens", "GA"),
        ("University of Wisconsin - Superior", "WI"),
        ("Univ. of North Carolina Wilmington", "NC"),
        ("University of Maine at Augusta", "ME"),
        ("Florida Institute of Technology, Melbourne", "FL"),  # a city, if sixty times smaller than Australia's
        ("Department of Psychology, Ohio University, Athens.", "OH"),
        ("Kansas State Univ., Manhattan", "KS"),
    ],
)
def test_the_place_in_the_region_is_meant(alone, text, state):
    answer = one(alone, text)
    places = gazetteer.places()
    row = places.row(answer["gazetteer_id"])
    assert (places.economy[row], places.admin1[row]) == ("US", state)
    assert answer["location_probability"] > 0.9


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("University of Georgia, Tbilisi", "GE"),
        ("Georgia Augusta University, Göttingen", "DE"),  # a part of the text is a town elsewhere
        ("Royal Victoria Infirmary, Newcastle upon Tyne", "GB"),
        ("Virginia Mason Hospital, Leeds", "GB"),
        ("Alabama Shakes, Birmingham", "GB"),  # no organisation's word
    ],
)
def test_no_region_is_meant_without_a_place_in_it(alone, text, economy):
    assert one(alone, text)["economy"] == economy


def test_a_hamlet_of_the_region_is_not_meant():
    """The State of Georgia has an Oxford of 2,200 people; its university teaches in England's of 160,000."""
    assert region_in_name([segment("University of Georgia at Oxford")]) is None
    assert region_in_name([segment("University of Georgia at Athens")]).name == "Georgia"


def test_two_regions_are_none():
    college, town = segment("Georgia College"), segment("Columbus")
    assert region_in_name([college, town]).name == "Georgia"
    assert region_in_name([college, segment("Ohio College"), town]) is None


def test_a_transliteration_that_is_a_region_abroad_is_no_name_of_a_town(alone):
    """GeoNames has `ba li` for Paris, romanised from Chinese, and the code `GOA` for Genoa."""
    assert one(alone, "Foobar, Bali")["economy"] != "FR"
    assert one(alone, city="Goa")["economy"] != "IT"
    named = gazetteer.rows_named("bali")
    assert named
    assert "FR" not in {gazetteer.home_of(row)[0] for row in named}
