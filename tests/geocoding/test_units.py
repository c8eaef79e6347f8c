"""Units of universities that are elsewhere than the seat."""

import pytest

from hubrank.geocoding.evidence import units
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.segments import segment
from hubrank.geocoding.gazetteer.surroundings import Surroundings
from locating import one


@pytest.mark.parametrize(
    ("institution", "country", "spot"),
    [
        ("Universidade de São Paulo (USP). Faculdade de Odontologia de Bauru (FOB)", "BR", (-22.3, -49.1)),
        ("Universidade de São Paulo (USP). Escola de Engenharia de Lorena (EEL)", "BR", (-22.7, -45.1)),
        ("Faculdade de Odontologia de Piracicaba, Universidade Estadual de Campinas", "BR", (-22.7, -47.6)),
        ("University of Sao Paulo, Faculty of Pharmacy of Ribeirão Preto", "BR", (-21.2, -47.8)),
        ("Université de Lille, Institut Universitaire de Technologie de Béthune", "FR", (50.5, 2.6)),
        ("Univ Sao Paulo, Fac Ciencias Farmaceut Ribeirao Preto", "BR", (-21.2, -47.8)),  # a unit is registered there
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


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Universidade de São Paulo (USP). Instituto de Ciências Matemáticas (ICMC)", 0.7),
        ("Univ Sao Paulo, Fac Med, Brazil", 0.7),
        ("Universidade de São Paulo, Brazil", 1.0),  # no unit of it
        ("Universidade de São Paulo, Faculdade de Medicina, São Paulo, Brazil", 1.0),
        ("Department of Mathematics, ETH Zurich, Switzerland", 1.0),  # few of its units are elsewhere
    ],
)
def test_a_unit_of_an_organisation_with_many_units_elsewhere_is_not_surely_at_its_seat(text, most, registered):
    sure = float(one(registered, address=text)["location_probability"])
    assert most - 0.2 < sure <= most


@pytest.mark.parametrize(
    ("text", "is_answered"),
    [
        ("Department of Virology", False),  # of any hospital, and registered of one
        ("Department of Virology, Institut Pasteur", True),
        ("Israel Institute of Technology", False),  # no Israel Institute, but a part of Technion's name
        ("Israel Institute", True),
    ],
)
def test_a_name_that_is_a_part_of_others_is_no_organisation_alone(text, is_answered, registered):
    assert (one(registered, address=text)["lat_e7"] is not None) is is_answered


@pytest.mark.parametrize(
    ("institution", "geonames_id"),
    [
        ("Shenzhen Res Inst Nankai Univ", 1795565),
        ("Lu’an Hospital of Anhui Medical University", 1802206),
        ("Anqing Hospital Affiliated to Anhui Medical University", 1817993),
        ("Nankai University", 1792947),
        ("Birmingham Hospital of the University of Alabama", 4049979),  # of the university's country
    ],
)
def test_a_site_of_a_university_is_in_the_city_after_which_it_is_called(institution, geonames_id, registered):
    assert one(registered, institution=institution)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "is_site"),
    [
        ("Florence First People’s Hospital of Foo University", True),
        ("Florence Nightingale Hospital of Foo University", False),  # a person
        ("Boston University Hospital", False),  # the university's own city
        ("Lyon Research Institute", False),  # of no university
        ("Zhongshan Hospital of Foo University", False),  # registered elsewhere
        ("Virginia Polytechnic Institute and State University", False),  # in whole
    ],
)
def test_a_site_has_its_city_a_word_for_it_and_a_university_in_this_order(text, is_site, registered):
    reading = read(text, Surroundings((), ()))
    town, *_ = registered.finder._texts.candidates(reading, named=True)
    assert units._opens_site(reading.segments[0], town, registered.finder.institutions) is is_site


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("UNESP Campus Jaboticabal", ["UNESP", "Campus Jaboticabal"]),
        ("Foo University seccional Bucaramanga, Colombia", ["Foo University", "seccional Bucaramanga", "Colombia"]),
        ("Univ. Foo, campus d'Edmundston", ["Univ. Foo", "campus Edmundston"]),
        ("Politecnico di Foo sede di Piacenza", ["Politecnico di Foo", "sede Piacenza"]),
        ("Foo University Campus Qwertz", ["Foo University Campus Qwertz"]),  # no town
        ("Biomedical Campus Cambridge", ["Biomedical Campus Cambridge"]),  # no organisation before it
    ],
)
def test_a_branch_in_a_town_is_a_part_of_its_own(text, parts):
    assert [part.text for part in read(text, Surroundings()).segments] == parts


def test_the_town_of_a_branch_is_meant_and_not_the_seat(registered):
    answer = one(registered, institution="Universidade Estadual Paulista Campus de Botucatu")
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == (-22.9, -48.4)
