"""Units of universities that are elsewhere than the seat."""

import pytest

from hubrank.geocoding.evidence import units
from hubrank.geocoding.evidence.segments import segment
from locating import one


@pytest.mark.parametrize(
    ("institution", "country", "spot"),
    [
        ("Universidade de São Paulo (USP). Faculdade de Odontologia de Bauru (FOB)", "BR", (-22.3, -49.1)),
        ("Universidade de São Paulo (USP). Escola de Engenharia de Lorena (EEL)", "BR", (-22.7, -45.1)),
        ("Faculdade de Odontologia de Piracicaba, Universidade Estadual de Campinas", "BR", (-22.7, -47.6)),
        ("University of Sao Paulo, Faculty of Pharmacy of Ribeirão Preto", "BR", (-21.2, -47.8)),
        ("Université de Lille, Institut Universitaire de Technologie de Béthune", "FR", (50.5, 2.6)),
    ],
)
def test_a_unit_is_in_the_town_of_its_university_s_region_after_which_it_is_called(
    institution, country, spot, registered
):
    answer = one(registered, institution=institution, country=country)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot


@pytest.mark.parametrize(
    ("institution", "country", "spot"),
    [
        ("Universidade de São Paulo. Faculdade de Medicina", "BR", (-23.5, -46.6)),
        # Queiroz is a village, and Salvador is in another region.
        ("Universidade de São Paulo, Escola Luiz de Queiroz", "BR", (-23.5, -46.6)),
        ("Universidade de São Paulo, Departamento de Estudos de Salvador", "BR", (-23.5, -46.6)),
        ("Universidade de São Paulo, Faculdade de Odontologia de Bauru, Franca", "BR", (-20.5, -47.4)),
    ],
)
def test_what_is_no_town_of_a_unit_leaves_the_seat_or_the_town_that_the_text_names(
    institution, country, spot, registered
):
    answer = one(registered, institution=institution, country=country)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot


@pytest.mark.parametrize("text", ["Rua Barão de Piracicaba", "Largo de Bauru 12", "Universidade de Franca"])
def test_a_street_or_another_university_is_no_unit(text):
    assert not units._may_be_unit(segment(text))


@pytest.mark.parametrize(
    ("institution", "is_answered"),
    [("BITS Pilani, K K Birla Goa Campus", False), ("BITS Pilani, Rajasthan Campus", True), ("BITS Pilani", True)],
)
def test_a_seat_is_not_in_another_region_than_the_one_of_its_campus(institution, is_answered, registered):
    assert (one(registered, institution=institution, country="IN")["lat_e7"] is not None) is is_answered
