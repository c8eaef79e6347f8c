"""Pairs of words that may be a person's name: `Simon, David` is in no town called David."""

from pathlib import Path

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.tables import ADDRESS_SCHEMA

STEVENAGE, XANTEN, TURIN, LILLE, ALMERE, UMAN, VENLO = 2636940, 2805385, 3165524, 2998324, 2759879, 690688, 2745641


def one(resolver, **address):
    row = {name: address.get(name) for name in ADDRESS_SCHEMA.names}
    return resolver.locate(pa.Table.from_pylist([row], ADDRESS_SCHEMA)).to_pylist()[0]["gazetteer_id"]


@pytest.mark.parametrize(
    "address",
    [
        {"address": "Moreau, Hang"},  # Hangzhou
        {"address": "Rossi, Leonardo"},  # a town of 2,757
        {"address": "Lefevre, Rosalia"},
        {"address": "Schneider, Veland"},  # Welland
        {"institution": "DUPONT, Fabrizia", "country": "IT"},
        {"institution": "MACHADO, Pedro", "country": "BR"},
        {"institution": "Sakata, Naoyuki", "country": "JP"},  # a city of 100,000, before the name
        {"institution": "Yamagata, Naoyuki", "country": "JP"},  # a region, too
        {"address": "Norcross, Ernestus"},  # a town of 17,000, before the name
        {"address": "PETERSEN, FABRIZIA"},
        {"address": "Escondido, Ernestus M."},  # a city of 100,000, before an initial
        {"institution": "HUDSON WILHELMINA [US]"},
        {"address": "Jansen, David"},  # a town of 82,000; Saint David
        {"address": "Escondido, Peter"},  # a city before a given name
        {"institution": "Lille, Thomas"},
        {"institution": "LUBIN, Jan", "country": "PL"},
        {"institution": "DE SA, DAVID", "country": "PA"},
    ],
)
def test_a_pair_of_words_that_may_be_a_person_is_at_no_small_town(alone, address):
    assert one(alone, **address) is None


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Foobar, Xanten"}, XANTEN),  # 20,000 people call it so
        ({"address": "Moreau, Lille"}, LILLE),
        ({"address": "Moreau Almere, Almere"}, ALMERE),  # another name of Almere Stad, named twice
        ({"institution": "DUPONT, Torino", "country": "IT"}, TURIN),
        ({"institution": "Dupont, Fabrizia", "country": "IT"}, 2524808),
        ({"address": "University of Foo, Human"}, UMAN),
        ({"institution": "GLENCORE AG, BAAR", "country": "CH"}, 2661653),
        ({"institution": "FOOBARBANK, POLOTSK", "country": "Belarus"}, 623317),  # no given name
        ({"address": "Foobar (Human)"}, UMAN),
        ({"address": "Foobar, HUMAN"}, UMAN),
        ({"address": "Stevenage, Herts."}, STEVENAGE),
        ({"address": "Escondido, Ernestus"}, 5346827),
        ({"address": "Foobar Human Foo Bar, Human"}, UMAN),
        ({"address": "Foobar, Human 20300"}, UMAN),
        ({"address": "Foobar Telecom, David"}, 3711668),  # no surname
        ({"address": "Jansen, Turin"}, TURIN),
        ({"address": "Moreau, Rosario"}, 3838583),  # a city of more than 300,000
    ],
)
def test_what_says_that_a_pair_of_words_is_an_address_is_enough(alone, address, geonames_id):
    assert one(alone, **address) == geonames_id


def test_a_city_before_a_word_that_names_nothing_is_not_sure(alone):
    row = dict.fromkeys(ADDRESS_SCHEMA.names) | {"address": "Munich, Ernestus"}
    answer = alone.locate(pa.Table.from_pylist([row], ADDRESS_SCHEMA)).to_pylist()[0]
    assert answer["gazetteer_id"] == 2867714
    assert float(answer["location_probability"]) == 0.8


@pytest.mark.parametrize("address", ["SAKATA NAOYUKI [JP]", "Hudson Wilhelmina [US]", "Foobarix Venlo Q. [NL]"])
def test_a_town_that_opens_a_name_before_a_country_code_is_a_persons(alone, address):
    assert one(alone, address=address) is None


@pytest.mark.parametrize("address", ["Foobarix Venlo [NL]", "VENLO FOOBARIX, Netherlands", "Venlo [NL]"])
def test_a_town_behind_a_name_or_before_a_country_in_full_is_meant(alone, address):
    assert one(alone, address=address) == VENLO


@pytest.mark.parametrize("address", ["48 Old Mill Rd, Ste 310", "48 Old Mill Rd, ste 310", "9F, No.217"])
def test_a_room_or_house_with_its_number_is_no_town(alone, address):
    assert one(alone, address=address) is None


def test_a_street_number_in_a_segment_of_its_own_leaves_the_town_behind(alone):
    assert one(alone, address="Markt 3, Nr. 118, Xanten") == XANTEN


@pytest.mark.shared
def test_a_registered_organisation_before_a_small_town_is_no_person(ror: Path):
    registered = geocoding.resolver_for(geocoding.Settings(institutions=(ror,)))
    assert one(registered, address="Elsevier, Human") == UMAN
    assert one(registered, address="Moreau, Human") is None
    assert one(registered, address="YAMAGATA NAOYUKI [JP]") is None  # universities begin so
