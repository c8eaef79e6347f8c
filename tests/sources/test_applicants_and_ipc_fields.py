"""WIPO's fields of technology, and who is a person among applicants."""

import pytest

from hubrank.sources.applicants import INDIVIDUAL, applicant_name
from hubrank.sources.ipc_fields import SYMBOLS, technology_field


@pytest.mark.parametrize(
    ("symbol", "field"),
    [
        ("G01N 33/50", "Analysis of biological materials"),
        ("G01N0033500000", "Analysis of biological materials"),
        ("G01N 3/30", "Measurement"),
        ("A61K 8/02", "Organic fine chemistry"),
        ("A61K0008000", "Organic fine chemistry"),
        ("A61K 31/00", "Pharmaceuticals"),
        ("h04n 21/2", "Digital communication"),
        ("H04N 5/2", "Audio-visual technology"),
        ("H04N 1/00", "Telecommunications"),
        ("B01D 53/14", "Environmental technology"),
        ("B01D 11/02", "Chemical engineering"),
        ("C 07C 29/44", "Organic fine chemistry"),
        ("G06Q 10/00", "IT methods for management"),
        ("H01L 21 02", "Semiconductors"),
        ("E02F  9/20", "Civil engineering"),
        ("H04N 7/18", "Audio-visual technology"),
        ("A23P 10/20", "Other special machines"),
        ("C13B 15/00", "Other special machines"),
        ("C13B 20/00", "Food chemistry"),
        ("A62D 1/00", "Machine tools"),
    ],
)
def test_a_symbol_has_the_field_of_its_group_before_that_of_its_subclass(symbol, field):
    assert technology_field(symbol) == field


@pytest.mark.parametrize("symbol", ["", "2 52", "D14126", "Y02E 10/50", "7C 07C"])
def test_what_is_no_symbol_has_no_field(symbol):
    assert technology_field(symbol) is None


def test_there_are_35_fields():
    assert len(set(SYMBOLS.values())) == 35


@pytest.mark.parametrize(
    "name", ["Rankin, David", "LI, Wei", "Müller, Hans Peter", "Na, Young", "O’Neil, J.", "Dr. Smith, J."]
)
def test_a_person_who_applies_is_not_named(name):
    assert applicant_name(name) == INDIVIDUAL


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Teva, Ltd.",
            "CONSOLIDATED ENGINEERING COMPANY, INC.",
            "Foo, S.A.",
            "REGENTS, UNIVERSITY OF CALIFORNIA",
            "3M, Co",
        ),
        *(
            "Bayer AG",
            "BOE TECHNOLOGY GROUP CO., LTD.",
            "Smith & Nephew, plc",
            "Tsorng TA Enterprise Co., Ltd.",
            "Nestec S.A.",
        ),
    ],
)
def test_an_organisation_keeps_its_name(name):
    assert applicant_name(name) == name
