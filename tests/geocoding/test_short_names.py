"""Names of registered organisations without their general words, or with these abbreviated, as people say them."""

import pytest

from hubrank.geocoding.evidence.organisation_names import names_in_short
from hubrank.geocoding.evidence.similar_names import SimilarNames
from hubrank.geocoding.gazetteer import organisations
from hubrank.geocoding.text.cut_countries import with_country_of_organisation
from hubrank.geocoding.text.organisation_words import words
from locating import one
from ror_records import written

ORGANISATIONS = [
    ("Ohio State University", "Columbus", "US", 39.96, -83.0),
    ("Harvard University", "Cambridge", "US", 42.37, -71.11),
    ("Xanthic Cancer Research Institute", "Boston", "US", 42.36, -71.06),
    ("Mellow Boat National Hospital", "Oslo", "NO", 59.91, 10.75),
    ("Mellow Boat University", "Bergen", "NO", 60.39, 5.32),
    ("Celal Bayar University", "Manisa", "TR", 38.61, 27.43),
    ("Cape Town University", "Cape Town", "ZA", -33.93, 18.42),
    ("National Hospital Research Center", "Accra", "GH", 5.56, -0.2),
]


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    return organisations.load((written(tmp_path_factory.mktemp("register"), ORGANISATIONS),))


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Ohio State", "Columbus"),
        ("Ohio State Department of Physics", "Columbus"),
        ("Harvard Computing Group", "Cambridge"),
        ("Xanthic Cancer", "Boston"),
        ("Xanthic Cancer Group", None),  # another word
        ("Mellow Boat", "Bergen"),  # the university before others
        ("Ohio State Polytechnic", None),  # another organisation
        ("Celal Bayar Cad", None),  # a street
        ("Celal Bayar 12", None),
        ("Cape Town", None),  # a city
        ("State", None),
        ("National Hospital", None),  # of general words alone
    ],
)
def test_the_general_words_at_the_end_of_a_name_may_be_missing(text, city, register):
    hits = names_in_short(register, [tuple(words(text))], SimilarNames(register).longer.with_general_words)
    assert [register.city[row] for *_, named in hits for row, _ in named] == ([city] if city else [])


@pytest.mark.parametrize(
    ("text", "in_full"),
    [
        ("U. Michigan", "university michigan"),
        ("U Chicago", "university chicago"),
        ("U.S. Army", "united states army"),
        ("U.S.A. Swimming", "u s swimming"),  # initials, which are joined where the register has them so
        ("Museum of Us", "museum us"),
        ("US Army", "united states army"),
        ("Chiba U", "chiba u"),
    ],
)
def test_abbreviations_of_universities_and_states_are_read_in_full(text, in_full):
    assert " ".join(words(text)) == in_full


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Foo Hospital, Austral", "Foo Hospital, Australia"),  # a suburb of Sydney
        ("Foo Hospital, Austrlia", "Foo Hospital, Australia"),
        ("Foo Hospital, Bar, Austral.", "Foo Hospital, Bar, Australia"),
        ("Foo Hospital, Austria", "Foo Hospital, Austria"),  # a country
        ("Bar Hospital, Austral", "Bar Hospital, Austral"),  # not registered
        ("Foo Hospital, Fran", "Foo Hospital, Fran"),  # of another country
        ("Foo Hospital, Adelaid", "Foo Hospital, Adelaid"),
        ("Austral", "Austral"),
    ],
)
def test_a_country_that_is_cut_off_is_that_of_the_organisation(text, whole):
    assert with_country_of_organisation(text, lambda name: {"AU"} if name == "Foo Hospital" else set()) == whole


def test_a_town_is_no_country_with_an_error():
    assert with_country_of_organisation("Foo Research, Haifa", lambda _: {"CN"}) == "Foo Research, Haifa"  # Haina
    assert with_country_of_organisation("Foo, Alger", lambda _: {"DZ"}) == "Foo, Alger"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ohio State", "The Ohio State University"),
        ("Dana-Farber Cancer, USA", "Dana-Farber Cancer Institute"),
        ("Bristol Myers Squibb, Princeton, NJ, USA", None),  # no university, though one begins with the city's name
    ],
)
def test_an_organisation_is_named_by_its_name_in_short(text, name, registered):
    assert one(registered, institution=text)["registered_organisation"] == name


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Arizona State", 5317058),  # Tempe
        ("U. Michigan", 4984247),  # Ann Arbor
        ("U.S. Naval Research Laboratory", 4140963),  # Washington
        ("Shanghai Jiao Tong", 1796236),  # Shanghai
        ("University of Oxford's Biofoo Group", 2640729),  # Oxford
        ("From the University of Utah", 5780993),  # Salt Lake City
        ("Department of Physics at MIT, USA", 4931972),  # Cambridge
        ("University of Oxford1", 2640729),  # Oxford
        ("Corpus Christi", 4683416),  # Corpus Christi
    ],
)
def test_organisations_are_where_they_are_by_their_short_names(text, geonames_id, registered):
    assert one(registered, institution=text)["gazetteer_id"] == geonames_id
