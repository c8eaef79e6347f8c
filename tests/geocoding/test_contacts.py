"""Contacts at the end of an address, and the country that they tell."""

import pytest

from hubrank.geocoding.text.contacts import without_last_contacts
from locating import one


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Acme Ltd, Linares. Tel. +56 38 2603971", "Acme Ltd, Linares, Chile"),
        ("Acme Ltd, Latina - www.foo.it", "Acme Ltd, Latina, Italy"),
        ("Acme Ltd, Hastings, a.b@foo.co.uk", "Acme Ltd, Hastings, United Kingdom"),
        ("Acme Ltd, Hastings. T +64 6 123 4567; a@b.co.nz", "Acme Ltd, Hastings, New Zealand"),
        ("Am Markt 1, Heidelberg, 69115, DE - Tel. 0123 456 789", "Am Markt 1, Heidelberg, 69115, DE"),
        ("Boston, Lincolnshire. Phone: +57 1 234 5678", "Boston, Lincolnshire"),  # Colombia has no place of the name
        ("Madrid, Spain. Tel. +57 73 9579315", "Madrid, Spain"),  # a stated country
        ("Madrid. Tel. +57 73 9579315, a@b.es", "Madrid"),  # of two countries
        ("Medellín, a@b.io", "Medellín"),  # a domain of anywhere
        ("Medellín, a@b.us", "Medellín"),
        ("Nassau, +1 242 397 2600", "Nassau, Bahamas"),  # of a code of many countries
        ("Almaty, +7 (727) 123 4567", "Almaty, Kazakhstan"),
        ("Kazan, +7 843 123 4567", "Kazan, Russian Federation"),
        ("Santo Domingo, +1 809 123 4567", "Santo Domingo, Dominican Republic"),
        ("Toronto. +1 416 555 0199", "Toronto. +1 416 555 0199"),  # none of the two tells more
        ("Springfield, IL. Phone +1 217 555 0199", "Springfield, IL"),
        ("12 Main Street, 53132-9001", "12 Main Street, 53132-9001"),
        ("Tel Aviv 61000", "Tel Aviv 61000"),
        ("Tel Aviv", "Tel Aviv"),
    ],
)
def test_contacts_at_the_end_are_left_out_and_tell_the_country_of_the_town_before_them(text, read):
    assert without_last_contacts(text) == read


def test_a_town_is_in_the_country_of_its_telephone(alone):
    assert one(alone, address="Acme Ltd, Guadalajara, a@foo.es")["economy"] == "ES"
    assert one(alone, address="Acme Ltd, Guadalajara")["economy"] != "ES"


@pytest.mark.parametrize(
    ("text", "geonames_id", "least"),
    [
        ("Nassau, +1 242 397 2600", 3571824, 0.9),
        ("Oral, +7 7112 123456", 608668, 0.9),
        ("Almaty, +7 727 123 4567", 1526384, 0.98),
        ("Toronto. +1 416 555 0199", 6167865, 0.92),
    ],
)
def test_a_number_of_a_shared_code_takes_no_certainty_away(text, geonames_id, least, alone):
    answer = one(alone, text)
    assert (answer["gazetteer_id"], answer["location_probability"] >= least) == (geonames_id, True)
