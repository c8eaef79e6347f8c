"""A misspelt town beside its post code."""

import pytest

from hubrank.geocoding.explain_address import explain


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("Foo 63, Warszaawa, 00-697, PL", "Warsaw, Poland"),  # the code is a part of its own
        ("Foo 6, Budapset, 1053, Hungary", "Budapest, Hungary"),
    ],
)
def test_a_misspelt_town_is_read_before_a_post_code(address, place, alone):
    assert explain({"address": address}, alone)[0].place == place


@pytest.mark.parametrize(
    ("address", "least"),
    [
        ("Foo 6, Budapset, 1053, Hungary", 0.55),
        ("Foo 6, 1053 Budapset, Hungary", 0.55),
        ("Foo 6, Budapset, Hungary", 0.662),
    ],
)
def test_a_misspelt_town_that_may_have_its_post_code_is_no_guess(address, least, alone):
    assert explain({"address": address}, alone)[0].least == least


def test_a_misspelt_town_that_cannot_have_the_post_code_is_not_meant(alone):
    places = [one.place for one in explain({"address": "Foo 6, Budapset, 9700, Hungary"}, alone)]
    assert "Budapest, Hungary" not in places
