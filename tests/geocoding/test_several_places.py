"""Cells that hold several places or organisations, of which one is read."""

import pytest

from hubrank.geocoding.text.several_places import one_place
from locating import one

CHENNAI, HANOI = 1264527, 1581130


@pytest.mark.parametrize(
    ("text", "economy", "place"),
    [
        ("Chennai / Palo Alto", "", "Chennai"),
        ("Hanoi & Seoul", "", "Hanoi"),
        ("Berlin und Wien", "", "Berlin"),
        ("Lyon/Geneva/Milan", "", "Lyon"),
        ("Pune / US", "", "Pune"),
        ("Hanoi/California", "", "Hanoi"),
        ("Seattle / Chennai", "IN", "Chennai"),
        ("Seattle / Chennai", "FR", "Seattle"),
        ("Éragny and Montpellier", "FR", "Éragny"),  # a town of the stated country
        ("Panama/Colón", "PA", "Panama"),
        ("Mexico & Monterrey", "", "Mexico"),
        ("Singapore/Kuala Lumpur", "", "Singapore"),
        ("Tunis/Sfax", "", "Tunis"),  # the country in other languages only
        ("Trier or Bonn, Germany", "", "Trier, Germany"),
        ("Boston and Ulm, Germany", "", "Ulm, Germany"),
        ("Tyne and Wear, United Kingdom", "", "Tyne and Wear, United Kingdom"),
        ("Oberwil/Zug", "CH", "Oberwil b. Zug"),  # a village, and no town far away
    ],
)
def test_of_several_places_one_is_read(text, economy, place):
    assert one_place(text, economy) == place


@pytest.mark.parametrize(
    "text",
    [
        "Nusaybin/Mardin",  # a town and its province, and the other way round
        "Mardin/Nusaybin",
        "Berlin/Germany",
        "Madrid/Getafe",
        "Boston / Massachusetts",
        "Tyne and Wear",
        "Brighton and Hove",
        "Bosnia and Herzegovina",
        "Johnson & Johnson",
        "Berlin and Foobar",
        "Lyon 5 / Geneva",
        "SFO / Chennai",
        "Lyon, France / Geneva, Switzerland",
        "Mexico/San Pedro Garza García",  # a country and a town in it
        "Peru/Paramonga",
        "Cambridge/Boston",  # near Boston, and not the largest Cambridge
    ],
)
def test_a_place_with_its_region_and_names_stay_whole(text):
    assert one_place(text, "") == text


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Chennai / USA"}, CHENNAI),
        ({"city": "Seattle / Chennai", "country": "India"}, CHENNAI),
        ({"institution": "Acme", "city": "Hanoi & Seoul"}, HANOI),
        ({"address": "Chennai/Wien"}, CHENNAI),
        ({"institution": "Acme", "address": "Hanoi and Seoul"}, HANOI),
    ],
)
def test_a_city_before_another_is_answered(alone, address, geonames_id):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.shared
def test_names_of_a_person_part_no_address(registered):
    for text in ("Rosen; David; Miami, FL", "Windham; Thomas W.; Miami, FL", "Wang; Andrew; Miami, FL"):
        assert one(registered, text)["gazetteer_id"] == 4164138, text
    assert one(registered, "University of Illinois and University of Illinois at Chicago")["gazetteer_id"] == 4914570
    assert one(registered, "Duke University; Yale University; Miami, FL")["gazetteer_id"] == 4464368


def test_a_town_near_another_is_not_the_largest_of_its_name():
    assert one_place("Fitchburg/Madison", "US") == "Fitchburg/Madison"
