"""Towns right behind the name of a registered organisation, without a comma."""

import pytest

from hubrank.geocoding.evidence.towns_behind_names import read_with_names
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from locating import one

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Technical University of Munich Landshut, Germany", (48.5, 12.2)),
        ("Technical University of Munich at Landshut, Germany", (48.5, 12.2)),
        ("Harbin Institute of Technology Weihai, China", (37.5, 122.1)),
        ("Foo Laboratory, National Research Council Pisa, Italy", (43.7, 10.4)),
        ("Kyoto University Uji, Japan", (34.9, 135.8)),
        ("Monash University Clayton, Australia", (-37.9, 145.1)),  # in the state of its seat
        ("Rutgers University Newark, USA", (40.7, -74.2)),  # of several Newarks that in the state of its seat
        ("Peking University Shenzhen, China", (22.5, 114.1)),  # by far the largest of its name
    ],
)
def test_the_town_behind_a_registered_name_is_meant_and_not_its_seat(text, spot, registered):
    answer = one(registered, text)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot
    assert answer["location_probability"] > 0.8


@pytest.mark.parametrize(
    "text",
    [
        "University of Tokyo Hongo, Japan",  # a quarter of the seat, and towns elsewhere
        "King's College London Waterloo, UK",  # a small place
        "University of Stuttgart Vaihingen, Germany",  # a campus
        "Hannover Medical School Buchholz, Germany",
        "Stanford University Hoover, USA",  # a town in another state, and a person
        "University of California San Diego, USA",  # a name in whole
        "Oxford University Press, UK",
        "University of Bern Insel, Switzerland",  # a village
        "Siemens Landshut, Germany",  # a word that may be anything
        "Technical University of Munich Landshut",  # without a country
        "Foobar University Landshut, Germany",  # not registered
    ],
)
def test_other_names_stay_whole(text, registered):
    reading = read_with_names(text, Surroundings(), registered.finder.institutions)
    assert reading.segments[0].text == text.partition(",")[0]


@pytest.mark.parametrize("text", ["University of Stuttgart Vaihingen, Germany", "Livraria Lello Fronteira, Portugal"])
def test_before_what_may_be_a_small_town_a_seat_is_not_sure(text, registered):
    assert float(one(registered, text)["location_probability"]) <= 0.85


def test_towns_are_parted_in_each_column_of_names(registered):
    answer = one(registered, institution="Harbin Institute of Technology Weihai", country="CN")
    assert round(answer["lat_e7"] / 1e7, 1) == 37.5


@pytest.mark.parametrize(
    "text",
    [
        "Department of Chemistry, Indian Institute of Technology Roorkee, Roorkee-247667, India",
        "University of Toronto Mississauga, Mississauga, ON, Canada",
        "University of Texas at Arlington, Arlington, TX, USA",
        "University of Stuttgart Vaihingen, Vaihingen, Germany",
    ],
)
def test_a_town_that_the_text_states_is_not_parted_from_a_name_before_it(text, registered):
    reading = read_with_names(text, Surroundings(), registered.finder.institutions)
    assert (reading.joined_town, reading.may_be_town) == (False, False)


def test_a_town_that_the_text_states_is_sure(registered):
    answer = one(registered, "Department of Mathematics, University of Massachusetts Lowell, Lowell, MA, USA")
    assert float(answer["location_probability"]) > 0.95
