"""Words and marks around a place: the order of parts, an unknown place in a country, a municipality's word."""

import pytest

from locating import one


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("somewhere in Guinea-Bissau", None),  # and not in its capital
        ("Somewhere in the Netherlands", None),
        ("Bogotá, D.C.", 3688689),
        ("Bogotá D.C.", 3688689),
        ("Spijk, gem. Delfzijl (Groningen)", 2746935),
        ("Foobardijk, gem. Delfzijl (Groningen)", 2757340),  # Delfzijl
    ],
)
def test_what_stands_around_a_place(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id
