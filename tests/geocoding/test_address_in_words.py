"""What an address states, the organisation that it names and the limit of a rule, in plain words."""

import pytest

from hubrank.cli.screens import addresses
from hubrank.geocoding.explain_address import explain
from hubrank.sources.register import Register


def words(resolver, text):
    return explain({"address": text}, resolver)[0].in_words


@pytest.mark.shared
def test_a_seat_that_a_rule_took_out_and_the_limit_of_the_place_are_stated(registered):
    stated, seat, limit = words(registered, "Tencent, Beijing, China").split(". ")
    assert stated == "Read as: Beijing (place), China (country)"
    assert seat == (
        "Registered organisation: Tencent, with its seat in Shenzhen, China: 0, as a stated place goes before the seat "
        "of an organisation"
    )
    assert limit.startswith("A rule limits the likeliest place to 0.800; the evidence alone gives 0.99")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Max Planck Society, Göttingen, Germany",
            (
                "Read as: Göttingen (place), Germany (country). Registered organisation: Max Planck Society, with its "
                "seat in Munich, Germany: 0, as a stated place goes before the seat of an organisation."
            ),
        ),
        (
            "University of Oxford, Paris, France",
            (
                "Read as: Paris (place), France (country). Registered organisation: University of Oxford, with its "
                "seat in Oxford, United Kingdom: 0, as it lies outside the stated country."
            ),
        ),
        ("Springfield, IL", "Read as: Springfield (place), Illinois (region)."),
        (
            "Tencent, China",
            "Read as: China (country). Registered organisation: Tencent, with its seat in Shenzhen, China: 0.9",
        ),
    ],
)
def test_what_is_stated_and_named_is_told_apart(registered, text, expected):
    assert words(registered, text).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("38240 Meylan", "Read as: Meylan (place), France (country)."),
        ("Mountain View, California", "Read as: Mountain View (place), California (region), United States (country)."),
    ],
)
def test_no_country_is_said_to_be_named_where_a_code_or_region_says_it(alone, text, expected):
    first = explain({"address": text}, alone)[0]
    assert first.in_words == expected
    assert not any("named" in reason.words.partition("country")[2] for reason in first.reasons)
    assert "Stated" not in first.in_words


def test_a_village_is_near_the_place_under_whose_name_it_stands(alone):
    assert words(alone, "My") == "Read as: a village or suburb near Izier (place)."


def test_coordinates_are_stated_and_only_the_first_place_has_words(alone):
    assert explain({"lat_e7": 481400000, "lon_e7": 115800000}, alone)[0].in_words == "Read as: coordinates."
    assert [bool(one.in_words) for one in explain({"city": "Springfield", "country": "US"}, alone)] == [True] + [
        False
    ] * 3


def test_the_screen_says_it_in_words_before_the_weights_of_the_evidence(alone, capsys):
    addresses.located(explain({"address": "Utrecht, Netherlands"}, alone), Register((), "missing"))
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first == "Read as: Utrecht (place), Netherlands (country)."
    assert second.startswith("→ ")
