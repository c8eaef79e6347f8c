"""No place is meant by words that are a region's name with others, a region named after two towns, or general ones."""

import pytest

from hubrank.geocoding.evidence.name_parts import NameParts
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from locating import one

KOELN, VILLINGEN_SCHWENNINGEN = 2886242, 2817220


@pytest.fixture(scope="session")
def parts(alone):
    return NameParts(alone.finder.names)


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("Total Casablanca-Settat", "MA"),  # a region's name and another word
        ("Fès-Boulemane", "MA"),  # two towns far apart
        ("Bengaluru Rural", "IN"),  # a district that is not around the city
        ("Mid-State Airport", "US"),  # a general word, which a hamlet is called
        ("Drewish University", "US"),
        ("Foo Society of Manipur", "IN"),  # a state, and no misspelt Manikpur
        ("Virginia Energy", "US"),  # a state, and no town in Minnesota
        ("Foo Society of Nebraska", "US"),
        ("Qurshan Hsiang", "TW"),  # a word for a township, and not a misspelt Hsikang
    ],
)
def test_a_part_of_a_regions_name_and_a_general_word_mean_no_place(parts, text, economy):
    assert parts.candidates(text, Surroundings((economy,))) == []


@pytest.mark.parametrize(
    ("text", "economy"),
    [
        ("Jorf Lasfar", "MA"),
        ("Stuttgart-Vaihingen", "DE"),
        ("Bruxelles-Zaventem", "BE"),
        ("Salzburg Innsbruck", "AT"),
        ("Kraków-Śródmieście", "PL"),
        ("Bengaluru Urban", "IN"),
        ("Foo Society of Brașov", "RO"),  # in the region that has its name
        ("Washington Community Fund", "US"),  # a city
    ],
)
def test_other_parts_name_a_place(parts, text, economy):
    assert len(parts.candidates(text, Surroundings((economy,)))) == 1


def test_a_region_elsewhere_leaves_the_town_that_a_part_names(alone):
    assert one(alone, city="Fremont State", region="CA", country="US")["gazetteer_id"] == 5350734


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Ulm-Wiblingen", "Ulm"),  # no misspelt Waiblingen
        ("Bonn-Bad Godesberg", "Bonn"),  # no misspelt Gudensberg
        ("Frankfurt-Höchst", "Frankfurt am Main"),  # neither joined with Höchst im Odenwald to a region's name
    ],
)
def test_a_town_before_a_hyphen_is_meant_and_no_misspelt_quarter(parts, text, town):
    (place,) = parts.candidates(text, Surroundings(("DE",)))
    assert gazetteer.places().name[place.row] == town


@pytest.mark.parametrize("text", ["Köln-Chorweiler, DE", "Hauptstr. 3, Köln-Chorweiler (DE)"])
def test_a_code_behind_a_quarter_is_the_country_of_its_city(text, alone):
    assert one(alone, address=text)["gazetteer_id"] == KOELN


def test_letters_before_a_hyphen_are_a_towns_initials_or_a_city_of_which_a_quarter_follows(alone):
    assert one(alone, city="VS-Schwenningen", country="DE")["gazetteer_id"] == VILLINGEN_SCHWENNINGEN
    assert one(alone, city="HN-Schwenningen", country="DE")["gazetteer_id"] is None
