"""A country's code that opens an address, and a street behind a semicolon."""

import pytest

from hubrank.geocoding.text.address_lines import separate_street_behind
from hubrank.geocoding.text.affiliations import affiliations, split
from locating import one


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("DE, Kiel, Niemannsweg 147", ["Germany", "Kiel", "Niemannsweg 147"]),
        ("AR, Buenos Aires, Jean Jaures 1015", ["Argentina", "Buenos Aires", "Jean Jaures 1015"]),
        ("DE, Dover, 12 Main Street", ["DE", "Dover", "12 Main Street"]),  # in the state of that code, too
        ("PT, Braga, Foo, Indonesia", ["PT", "Braga", "Foo", "Indonesia"]),
        ("DE, Kiel, Wisconsin", ["DE", "Kiel", "Wisconsin"]),  # a region of another country
        ("DE, Kiel, WI 53042", ["DE", "Kiel", "WI 53042"]),
        ("DE, Hamburg, Foo Street, New York", ["DE", "Hamburg", "Foo Street", "New York"]),
        ("EL, Paso, Texas", ["EL", "Paso", "Texas"]),
        ("DE, Kiel, Chicago", ["DE", "Kiel", "Chicago"]),  # a larger city of another country
        ("DE, Kiel, Schleswig-Holstein", ["Germany", "Kiel", "Schleswig-Holstein"]),
        ("GB, London, Richmond", ["United Kingdom", "London", "Richmond"]),  # a smaller one
        ("DE, Foo, 12 Main Street", ["DE", "Foo", "12 Main Street"]),  # no town there
    ],
)
def test_the_code_that_opens_a_text_is_the_country_of_the_town_behind_it(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("Foo GmbH, DE-Dürrwangen", ["Foo GmbH", "Dürrwangen", "Germany"]),
        ("Foo GmbH, D-Dürrwangen", ["Foo GmbH", "Dürrwangen", "Germany"]),  # as cars have it
        ("Foo, L-Esch-sur-Alzette", ["Foo", "Esch-sur-Alzette", "Luxembourg"]),
        ("Foo Inc, DE-Dover", ["Foo Inc", "DE-Dover"]),  # in the state of that code
        ("Foo, IN-Kharian", ["Foo", "IN-Kharian"]),  # no town there
        ("Foo, New Delhi, D-Block", ["Foo", "New Delhi", "D-Block"]),
        ("Foo, S-Hertogenbosch", ["Foo", "S-Hertogenbosch"]),
        ("Foo, D-Kiel, Wisconsin", ["Foo", "D-Kiel", "Wisconsin"]),
    ],
)
def test_a_code_joined_to_the_last_part_is_the_country_of_that_town(text, segments):
    assert split(text) == segments


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Nemocnice Foo, a. s.; Karla Čapka 589, 39701 Písek, Czechia", 1),
        ("MMN, a. s., nemocnice Foo; Metyšova 465, 514 01 Jilemnice, Czechia", 1),
        ("Acme, s. r. o.; 12 Main Street, Springfield, IL, USA", 1),
        ("Acme Ltd, Berlin; Gartenweg 7, Wien, Austria", 2),  # behind a town
        ("Acme Ltd, Germany; Gartenweg 7, Wien, Austria", 2),
        ("Acme Ltd, 10115 Mitte; Gartenweg 7, Wien, Austria", 2),
        ("Acme, Ltd; Univ. of Foo, Wien, Austria", 2),  # no street
        *(  # organisations and laboratories with a number
            (text, 2)
            for text in (
                "University of Leeds; CNRS UMR 5554, Montpellier, France",
                "University of Leeds; CNRS UMR 5554, 34095 Montpellier, France",
                "Harvard Medical School; INSERM U 1016, 75014 Paris, France",
                "ETH Zurich; Univ Toulouse 3, Toulouse, France",
                "Acme Foo; Univ Lyon 1, 69100 Villeurbanne, France",
                "Acme Foo; Paris Diderot 7, 75013 Paris, France",
                "Stanford University; Institut Curie UMR 168, Paris, France",
                "University of York; Building 5, CERN, Geneva, Switzerland",
                "Kyoto University; Spring 8, Hyogo, Japan",
                "Kyoto University; Spring 8, 679-5198 Hyogo, Japan",
            )
        ),
    ],
)
def test_a_street_opens_no_affiliation(text, number):
    assert len(affiliations(text)) == number


def test_both_say_where_an_address_is(alone):
    assert one(alone, address="DE, Kiel, Niemannsweg 147")["gazetteer_id"] == 2891122
    assert one(alone, address="DE, Kiel, Wisconsin")["gazetteer_id"] == 5258525
    assert one(alone, address="MMN, a. s., nemocnice Foo; Metyšova 465, 514 01 Jilemnice, Czechia")["economy"] == "CZ"


def test_an_organisation_with_a_number_is_another_affiliation(alone):
    assert one(alone, address="University of Leeds; CNRS UMR 5554, Montpellier, France")["economy"] == "GB"
    assert one(alone, address="Kyoto University; Spring 8, Hyogo, Japan")["economy"] == "JP"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("83316 Buhl 1100 Burley Ave", "1100 Burley Ave, 83316 Buhl"),
        ("21046-2091 Columbia 9315 Snowden River Pkwy", "9315 Snowden River Pkwy, 21046-2091 Columbia"),
        ("49074 Osnabrück Hasestraße 35, Germany", "Hasestraße 35, 49074 Osnabrück, Germany"),
        ("96132 Schlüsselfeld Weinberg 1", "Weinberg 1, 96132 Schlüsselfeld"),  # a street called like a town
        ("84700 Sorgues 123 ALLEE DE BRANTES", "123 ALLEE DE BRANTES, 84700 Sorgues"),
    ],
)
def test_a_street_behind_the_town_of_a_post_code_stands_before_it(text, parted):
    assert separate_street_behind(text) == parted


@pytest.mark.parametrize(
    "text",
    [
        "12345 Florence Ave 300, Los Angeles",  # a house's number
        "3000 Richmond Rd 5",
        "1500 Portland Building 4",  # no code of Portland
        "110 00 Praha 1",
        "1010 Wien 1",
        "8000 Essington Ave, 19153 Philadelphia",
        "10115 Berlin Mitte",
        "49074 Osnabrück, Hasestraße 35",
    ],
)
def test_other_numbers_that_open_a_line_part_nothing(text):
    assert separate_street_behind(text) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Bridge Brewing; 1211 Lonsdale Ave; North Vancouver; V7J 1H2; CA", 1),
        ("St James; Locksway Road; Southsea; PO4 8LD", 1),
        ("Univ Oslo; 0316; Oslo, Norway; Univ Bergen; Bergen, Norway", 3),
        ("Univ Lyon, Lyon, France; Inst Curie, Paris; 75005", 3),  # the first is an address
        ("Univ A, Rome 00185, Italy; Univ B, Paris, France", 2),
        ("Dept of Physics; University of Delaware; Newark, DE 19716", 3),
    ],
)
def test_semicolons_up_to_a_post_code_alone_part_one_address(text, pieces):
    assert len(affiliations(text)) == pieces
