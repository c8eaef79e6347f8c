"""Places of one name: which the stated region means, and how they are shown."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.gazetteer import gazetteer, place_labels
from locating import one


@pytest.mark.parametrize(
    "address",
    [
        {"address": "Campo Grande, RJ, Brasil"},  # a part of Rio, 1,000 km from the city of that name
        {"city": "Campo Grande", "region": "RJ", "country": "BR"},
        {"city": "Campo Grande", "region": "Rio de Janeiro", "country": "Brazil"},
        {"city": "Aurora", "region": "NM", "country": "US"},
    ],
)
def test_of_several_places_of_a_name_none_is_meant_outside_the_stated_region(address, alone):
    assert one(alone, **address)["lat_e7"] is None


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Campo Grande", "region": "MS", "country": "BR"}, 3467747),
        ({"city": "Hyderabad", "region": "Andhra Pradesh", "country": "IN"}, 1269843),  # until 2014
        ({"city": "Chelyabinsk", "region": "Sverdlovsk", "country": "RU"}, 1508291),
    ],
)
def test_the_only_place_of_a_name_is_meant_under_a_former_or_wrong_region_too(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


def test_a_place_near_the_largest_city_of_the_region_may_be_in_its_metropolitan_area(alone):
    candidates, _ = alone.finder.candidates("", "", "", "Leesburg", "Washington, D.C.", "USA")
    limited = {c.geonames_id for c in candidates if c.at_most < 1}
    assert 4769125 not in limited  # Virginia
    assert 4161771 in limited  # Florida


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (2988507, "Paris, FR"),
        (2653941, "Cambridge, GB"),  # the other is a village
        (3449319, "São Carlos, BR"),
        (3449316, "São Carlos, SC, BR"),
        (3474574, "Palmas, TO, BR"),
        (13512595, "Hamilton, BC, CA"),
        (2857919, "Oelsnitz, Sachsen, DE (50.41, 12.17)"),
        (5144948, "Woodbury, NY, US (41.36, -74.11)"),
    ],
)
def test_a_place_is_shown_with_its_region_or_coordinates_where_another_of_the_name_may_be_meant(number, name):
    assert place_labels.place_name(number) == name


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("Vitória, ES", "BR"),  # by its marks
        ("Serra, ES", "BR"),  # a city, and a village of Spain
        ("Salamanca, CL", "ES"),  # Castilla y León; a tenth as large in Chile
        ("Toledo, ES", "ES"),
    ],
)
def test_two_letters_are_those_of_the_larger_town_or_of_the_one_with_the_marks(registered, text, economy):
    answer = one(registered, text)
    assert (answer["economy"], answer["location_probability"] > 0.9) == (economy, True)


@pytest.mark.parametrize(("text", "economies"), [("Vitoria, ES", {"BR", "ES"}), ("Victoria, AR", {"AR", "CL"})])
def test_two_letters_that_are_as_likely_a_country_s_as_a_state_s_are_in_doubt(registered, text, economies):
    verdict = registered.verdict(
        pa.Table.from_pylist([dict.fromkeys(ADDRESS_SCHEMA.names) | {"address": text}], ADDRESS_SCHEMA)
    )
    assert {one.candidate.economy for one in verdict.judged[:2]} == economies
    assert verdict.judged[0].probability < 0.8


@pytest.mark.parametrize(
    ("city", "economy"), [("San José", "CR"), ("San Jose", "US"), ("Vitória", "BR"), ("Ferrières", "BE")]
)
def test_marks_tell_namesakes_apart_where_no_country_is_stated(registered, city, economy):
    assert one(registered, city=city)["economy"] == economy


def test_both_names_of_a_town_are_its_own():
    names = gazetteer.names()
    for name in ("gasteiz", "vitoria"):
        assert [kind for row, kind in names.rows(name) if gazetteer.spot_of(row)[2] == 3104499] == [gazetteer.PRIMARY]
