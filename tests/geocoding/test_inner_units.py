"""Units within a district behind a town: Hinjawadi, Mulshi Taluka, Pune."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.evidence.inner_units import without_inner_units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sarjapur | Anekal Taluk | Bengaluru 562125", "Sarjapur | Dist. Bengaluru 562125"),
        ("Waluj MIDC Phase III | Tal. Gangapur | Dist. Aurangabad", "Waluj | Dist. Aurangabad"),
        ("Gonda Road | Tarabganj Tehsil | Gonda", "Gonda Road | Tarabganj Tehsil | Gonda"),  # a street is no town
        ("Foobarville | Anekal Taluk | Bengaluru", "Foobarville | Anekal Taluk | Bengaluru"),
        ("Foobar Estate | Tehsil Nalagarh | Solan", "Foobar Estate | Nalagarh taluk | Solan"),
        ("Anekal Taluk | Bengaluru", "Anekal Taluk | Bengaluru"),
        ("Lucknow | Khed Taluka | Pune", "Lucknow | Khed Taluka | Pune"),  # far from both
        ("Vidya Prasarak Mandal | Thane", "Vidya Prasarak Mandal | Thane"),
        ("Pune | Foo Taluka", "Pune | Foo Taluka"),
    ],
)
def test_a_unit_within_a_district_behind_a_town_there_is_left_out(text, expected):
    assert without_inner_units(text.split(" | ")) == expected.split(" | ")


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Foobar Park, Phase III, Sarjapur, Anekal Taluk, Bengaluru 562125", 1257161),
        ("Waluj MIDC Phase III, Tal. Gangapur, Dist. Aurangabad, Maharashtra", 1252980),
        ("Tekkali, Tal. Tekkali, Dist. Tekkali 532201, Andhra Pradesh", 1254794),
    ],
)
def test_the_town_before_a_unit_is_meant_and_neither_the_unit_nor_the_city_behind(text, geonames_id, alone):
    answers = alone.locate(pa.Table.from_pylist([{"address": text}], ADDRESS_SCHEMA)).to_pylist()
    assert answers[0]["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Sarjapur, Dist. Bengaluru, India", 1257161),
        ("Plot 7, Bavla, District Ahmedabad, Gujarat", 1277196),
        ("Sarjapur, Distt. Bengaluru 562125", 1257161),
    ],
)
def test_a_district_by_its_word_that_is_not_listed_is_around_the_town_of_its_name(text, geonames_id, alone):
    answers = alone.locate(pa.Table.from_pylist([{"address": text}], ADDRESS_SCHEMA)).to_pylist()
    assert answers[0]["gazetteer_id"] == geonames_id


def test_a_district_is_read_where_no_district_of_the_country_is_listed(alone):
    text = "Foobar Township, Gulu District, Uganda"
    answer = alone.locate(pa.Table.from_pylist([{"address": text}], ADDRESS_SCHEMA)).to_pylist()[0]
    assert answer["gazetteer_id"] == 233346, "Gulu, near which an unknown township of its district lies"
    assert answer["location_probability"] <= 0.8
