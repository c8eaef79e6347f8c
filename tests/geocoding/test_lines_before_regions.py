"""Lines without any marks, of a town before its region and country: 12 FOO STREET BASSANO ROMANO LAZIO ITALY."""

import pytest

from hubrank.geocoding.text.lines_before_regions import separate_before_region
from locating import one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 PARMA STREET BASSANO ROMANO LAZIO ITALY", "12 PARMA STREET, BASSANO ROMANO, LAZIO, Italy"),
        ("FOO LTD JUCURUTU RIO GRANDE DO NORTE BRAZIL", "FOO LTD, JUCURUTU, RIO GRANDE DO NORTE, Brazil"),
        ("Foo University Manhattan Kansas USA", "Foo University, Manhattan, Kansas, United States"),
        ("Universität Foo Homburg Saarland Germany", "Universität Foo, Homburg, Saarland, Germany"),
        ("4 Nanmen Road Zhangjiagang Suzhou Jiangsu China", "4 Nanmen Road, Zhangjiagang, Suzhou, Jiangsu, China"),
        ("Hotel Paris Dallas Texas USA", "Hotel Paris, Dallas, Texas, United States"),
        ("12 Foo Street Landshut Germany", "12 Foo Street, Landshut, Germany"),
        ("Foo College Bangalore Road Mysore India", "Foo College Bangalore Road, Mysore, India"),
    ],
)
def test_a_town_in_the_region_behind_it_is_parted_from_the_words_before_it(text, expected):
    assert separate_before_region(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "University of Richmond Virginia USA",  # the town is a part of the name
        "Universidade Federal de Santa Maria Rio Grande do Sul Brazil",  # nor is it Maria
        "Foo School of Medicine at Mount Sinai New York USA",  # a village in the state of New York
        "Embry-Riddle University Florida USA",  # a town in Florida is called so
        "University of South Florida USA",
        "Hospital Santa Rosa Lima Peru",  # its patron
        "Policlinico San Matteo Lombardia Italy",
        "IRCCS San Martino Liguria Italy",
        "Johns Hopkins Bayview Maryland USA",  # a small place
        "Kyoto Prefectural University Kyoto Japan",
        "Foo Ltd, Bassano Romano Lazio Italy",  # a mark says where the parts are
        "Bassano Romano Lazio Italy",  # nothing stands before the town
        "Foo Hospital Ulm Lazio Italy",  # in another region
        "Foo Hospital Homburg Saarland",
        "12 Foo Road North India",
        "Foo Lab Landshut Germany",  # behind no street
    ],
)
def test_other_lines_stay_as_they_are(text):
    assert separate_before_region(text) == text


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("12 PARMA STREET BASSANO ROMANO LAZIO ITALY", 3182295),
        ("Foo University Manhattan Kansas USA", 4274994),  # was Manhattan, New York
        ("Universite Foo Saint Denis Ile de France France", 2980916),
        ("Foo College Bangalore Road Mysore India", 1262321),
        ("Foo Ltd Bath Road Bristol UK", 2654675),  # no town called Road
    ],
)
def test_the_town_of_such_a_line_is_located(text, geonames_id, alone):
    answer = one(alone, text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (geonames_id, True)
