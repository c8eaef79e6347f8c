"""Organisations that texts name often are meant before others of their names, and by their acronyms alone."""

import pytest

from hubrank import geocoding
from hubrank.geocoding.gazetteer import organisations
from locating import one
from ror_records import record, write_records

ALL_SIGNS = {
    "links": [
        {"type": "website", "value": "https://example.org"},
        {"type": "wikipedia", "value": "https://example.org/a"},
    ],
    "external_ids": [{"type": "fundref", "all": ["1"]}, {"type": "isni", "all": ["2"]}, {"type": "grid", "all": ["3"]}],
    "relationships": [{"type": "related", "id": f"https://ror.org/0{n:08d}", "label": "Other"} for n in range(90, 94)],
}


def acronym(number, name, short, *seat):
    """Return the record of an organisation with an acronym."""
    one_record = record(number, name, *seat)
    return one_record | {"names": [*one_record["names"], {"value": short, "types": ["acronym"], "lang": None}]}


OSLO, LAGOS = ("Oslo", "NO", 59.91, 10.75), ("Lagos", "NG", 6.45, 3.39)
OF_ONE_NAME = [record(1, "Meadowlark Institute", *OSLO), record(2, "Meadowlark Institute", *LAGOS)]
ACRONYMS = [
    acronym(3, "Quorn Xanthic Vector Institute", "QXVI", *OSLO),
    acronym(4, "Zephyr Quell Jargon Institute", "ZQJI", *LAGOS),
]


def resolver_of(folder, records):
    return geocoding.resolver_for(geocoding.Settings(institutions=(write_records(folder, records),)))


@pytest.mark.parametrize(
    ("signs", "prominence"),
    [
        (ALL_SIGNS, 4),
        (ALL_SIGNS | {"relationships": ALL_SIGNS["relationships"][:3]}, 3),
        (ALL_SIGNS | {"links": ALL_SIGNS["links"][:1]}, 3),
        (ALL_SIGNS | {"external_ids": ALL_SIGNS["external_ids"][1:]}, 3),
        ({"external_ids": [{"type": "ISNI", "all": ["2"]}]}, 1),
        ({"links": ["https://example.org"], "wikipedia_url": "https://example.org/a"}, 1),  # as v1 has them
        ({"external_ids": {"FundRef": {"all": ["1"]}, "ISNI": {"all": ["2"]}}, "wikipedia_url": ""}, 2),
        ({"external_ids": None, "links": None, "relationships": None, "wikipedia_url": None}, 0),
        ({}, 0),
    ],
)
def test_signs_of_prominence_are_counted_in_either_schema(signs, prominence, tmp_path):
    register = organisations.load((write_records(tmp_path, [OF_ONE_NAME[0] | signs]),))
    assert register.prominence[0] == prominence


def test_of_two_organisations_of_a_name_the_prominent_is_likelier(tmp_path):
    first, second = OF_ONE_NAME
    plain = one(resolver_of(tmp_path, OF_ONE_NAME), institution="Meadowlark Institute")
    assert plain["lat_e7"] is None
    for prominent, lat_e7 in (([first | ALL_SIGNS, second], 599_100_000), ([first, second | ALL_SIGNS], 64_500_000)):
        answer = one(resolver_of(tmp_path, prominent), institution="Meadowlark Institute")
        assert answer["lat_e7"] == lat_e7


def test_an_acronym_alone_is_a_prominent_organisation_and_no_other(tmp_path):
    answers = {
        text: one(resolver_of(tmp_path, [ACRONYMS[0] | ALL_SIGNS, ACRONYMS[1]]), institution=text)["lat_e7"]
        for text in ("QXVI", "ZQJI")
    }
    assert answers == {"QXVI": 599_100_000, "ZQJI": None}


def test_the_place_that_a_text_states_binds_a_prominent_organisation(tmp_path):
    resolver = resolver_of(tmp_path, [ACRONYMS[0] | ALL_SIGNS])
    answer = one(resolver, institution="QXVI", city="Lagos", country="Nigeria")
    assert round(answer["lat_e7"] / 1e7) == 6


def test_a_company_that_only_opens_a_text_is_not_likelier_for_its_prominence(tmp_path):
    company = record(5, "Zorquil", *OSLO) | {"types": ["company"]}
    answers = [
        one(resolver_of(tmp_path, [one_record]), institution="Zorquil Research")["location_probability"]
        for one_record in (company, company | ALL_SIGNS)
    ]
    assert answers[0] == answers[1]
