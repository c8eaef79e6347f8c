"""What stands behind a town's name to tell it from its namesakes: Brühl (Baden), Linz a. Rh."""

import pytest

from hubrank.geocoding.text.additions import without_addition
from locating import one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rotenburg a. d. Fulda", ("Rotenburg", "Fulda")),
        ("Freiburg i.Br.", ("Freiburg", "Br")),
        ("Kostelec n. Orlicí", ("Kostelec", "Orlicí")),
        ("Boulogne s/Mer", ("Boulogne", "Mer")),
        ("Altenkirchen (Ww.)", ("Altenkirchen", "Ww")),
        ("Spittal/Drau", ("Spittal", "Drau")),
        ("Garching near Munich", ("Garching", "Munich")),
        ("Saclay près de Paris", ("Saclay", "Paris")),
        ("Near Bus Stand", ("", "")),
        ("Castel S. Pietro Terme", ("", "")),  # its own name
        ("St. Veit an der Glan", ("", "")),
        ("Helios s.r.o. Praha", ("", "")),  # a legal form
    ],
)
def test_an_addition_is_a_word_in_parentheses_or_behind_an_abbreviated_preposition(text, expected):
    assert without_addition(text, slash=True) == expected


@pytest.mark.parametrize(
    ("city", "post_code", "latitude"),
    [
        ("Eisenberg (Pfalz)", "67304", 49.56),
        ("Weingarten (Baden)", "76356", 49.05),
        ("Rottenburg a.d. Laaber", "84056", 48.70),
        ("Gundelfingen a.d. Donau", "89423", 48.55),
        ("Neustadt i. H.", "23730", 54.11),  # Holstein, neither Harz nor Hessen
    ],
)
def test_a_post_code_decides_whatever_stands_behind_the_town(city, post_code, latitude, alone):
    answer = one(alone, city=city, address=post_code, country="DE")
    assert answer["lat_e7"] / 1e7 == pytest.approx(latitude, abs=0.1)


@pytest.mark.parametrize(
    ("city", "latitude"),
    [
        ("Brühl (Baden)", 49.40),  # a word of its region's name
        ("Eisenberg (Thür.)", 50.97),
        ("Münster b. Dieburg", 49.92),  # near that town
        ("Kirchheim b. Muenchen", 48.18),
        ("Wangen i. Allgäu", 47.69),  # by far the largest
        ("Gundelfingen a.d. Donau", None),  # of two of a size
    ],
)
def test_a_region_or_town_in_the_addition_decides_and_else_only_a_far_larger_town_is_likely(city, latitude, alone):
    answer = one(alone, city=city, country="DE")
    assert (answer["lat_e7"] and answer["lat_e7"] / 1e7) == (latitude and pytest.approx(latitude, abs=0.1))


@pytest.mark.parametrize(
    ("text", "economy", "latitude"),
    [
        ("53545 Linz a. Rh.", "DE", 50.57),
        ("36199 Rotenburg a. d. Fulda", "DE", 51.00),
        ("1700 Freiburg i. Ü.", "CH", 46.80),
        ("15230 Frankfurt/O.", "DE", 52.35),
        ("33790 Halle (Westf.)", "DE", 52.06),
        ("9800 Spittal/Drau", "AT", 46.80),
        ("20063 Cernusco s. Naviglio", "IT", 45.52),
        ("400 01 Ústí n. L.", "CZ", 50.66),
        ("D-68782 Brühl (Baden)", "DE", 49.40),
    ],
)
def test_the_country_is_that_of_the_town_without_its_addition_where_the_post_code_is(text, economy, latitude, alone):
    answer = one(alone, address=text)
    assert answer["economy"] == economy
    assert answer["lat_e7"] / 1e7 == pytest.approx(latitude, abs=0.1)


def test_the_quarter_of_a_city_that_others_call_so_is_not_the_town_at_a_post_code(alone):
    """Neustadt in the district of 53577 is in no list, and Neustadt/Süd is a part of Köln."""
    assert one(alone, city="Neustadt", address="53577", country="DE")["gazetteer_id"] != 8593856


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Foo Ltd, Habsheim near Mulhouse, France", 3014103),
        ("Foo Ltd, Habsheim near Nice, France", 2990440),  # too far from it to be meant
        ("Foo Ltd, Garching near Munich, Germany", 2922582),
        ("Foo, near Pune University, Pune, India", 1259229),
        ("Garching bei München, Germany", 2922582),  # which is its name
    ],
)
def test_a_town_near_another_is_not_that(text, geonames_id, alone):
    assert one(alone, text)["gazetteer_id"] == geonames_id
