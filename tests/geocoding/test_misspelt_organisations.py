"""Names of organisations with an error in one word, and as bibliographies abbreviate them."""

import pytest

from hubrank.geocoding.evidence.register_words import RegisterWords
from hubrank.geocoding.gazetteer import organisations
from hubrank.geocoding.text.organisation_words import words
from locating import one

BALTIMORE, BRNO, STUTTGART, TURIN = 4347778, 3078610, 2825297, 3165524


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Johns Hopins University, United States", BALTIMORE),
        ("Department of Physics of the Masark University, Czechia", BRNO),  # a short word, several are near
        ("asaryk University Faculty of Science, Czechia", BRNO),  # its first letter
        ("LINKS Fdn, Italy", TURIN),
        ("Fraunhofer Inst Ind Engn, Germany", STUTTGART),
    ],
)
def test_a_misspelt_or_abbreviated_name_is_the_registered_one(text, geonames_id, registered):
    assert one(registered, text)["gazetteer_id"] == geonames_id


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Masark University", "Masaryk University"),
        ("Department Physics Masark University", "Department Physics Masaryk University"),  # a part that is a name
        ("IKEA Foundaton", "IKEA Foundation"),  # a word of one name, 50 times as many have the other
        ("Shanxi Normal University", "Shanxi Normal University"),  # a province, no misspelt Shaanxi
        ("Masark Plzenk University", "Masark Plzenk University"),  # two words that are none
        ("Masark Bakery", "Masark Bakery"),  # no name
        ("Masaryk Universi", "Masaryk University"),  # cut off
        ("Research Institute of Ph", "Research Institute of Ph"),  # of several names
    ],
)
def test_one_error_is_mended_where_a_registered_name_comes_of_it(text, mended, ror):
    in_register = RegisterWords(organisations.load((ror,)))
    assert in_register.mend(tuple(words(text))) == tuple(words(mended))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Airforce Engineering University", "Air Force Engineering University"),
        ("Postgraduate Institute of Medical Education", "Postgraduate Institute of Medical Education"),  # of no name
        ("Univer sity of Birmingham", "University of Birmingham"),
        ("Department of Biomedical Science", "Department of Biomedical Science"),  # Bio-Medical Science is a company
        ("Center for Cognitive Interaction Technology", "Center for Cognitive Interaction Technology"),  # Inter Action
        ("Harvard Stem Cell Institute", "Harvard Stem Cell Institute"),
    ],
)
def test_compounds_are_read_in_the_way_of_a_registered_name_that_a_third_of_the_names_have(text, parted, ror):
    in_register = RegisterWords(organisations.load((ror,)))
    assert in_register.part(tuple(words(text))) == tuple(words(parted))
