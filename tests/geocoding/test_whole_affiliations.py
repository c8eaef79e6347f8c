"""What semicolons part although it is one affiliation."""

import pytest

from hubrank.geocoding.evidence.whole_affiliations import with_city_alone


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (
            "Foo School;Foo University;Lyon;Bar Institute;Paris",
            ["Foo School, Foo University, Lyon", "Bar Institute", "Paris"],
        ),
        ("Google;Reading", ["Google, Reading"]),  # Topeka was called so once
        ("Windsor;London", ["Windsor", "London"]),  # two places
        ("Lyon;Foo University", ["Lyon", "Foo University"]),
        ("Foo School, Bar;Lyon", ["Foo School, Bar", "Lyon"]),
        ("Foo Telecom;Orange", ["Foo Telecom", "Orange"]),  # a company
        ("Foo School;Auxerre", ["Foo School", "Auxerre"]),  # no city
        ("Foo;Bosch", ["Foo", "Bosch"]),  # another name of one
    ],
)
def test_a_city_alone_behind_what_is_no_place_belongs_to_it(text, joined):
    assert with_city_alone(text.split(";"), lambda name: name == "Orange") == joined
