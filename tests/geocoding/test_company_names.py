"""Names of companies that hold a town or a country in parentheses."""

import pytest

from hubrank.geocoding.text.affiliations import split
from hubrank.geocoding.text.organisation_words import economies_of_form
from locating import one


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Acme (Tianjin) Co., Ltd., Wuhan, China", ["Acme", "Co", "Ltd", "Wuhan", "China"]),
        ("Acme(Mumbai)Pvt. Ltd., Pune 411001, India", ["Acme", "Pvt. Ltd", "Pune 411001", "India"]),
        ("Acme (Tianjin) Co., Ltd., China", ["Acme", "Tianjin", "Co", "Ltd", "China"]),  # no other town
        ("Acme (Tianjin) Co., Ltd., Nobody Road, China", ["Acme", "Tianjin", "Co", "Ltd", "Nobody Road", "China"]),
        ("Hitachi, Ltd., Wuhan, China", ["Hitachi Ltd", "Wuhan", "China"]),
        ("Xyzzyplugh, Inc., Wuhan, China", ["Xyzzyplugh", "Inc", "Wuhan", "China"]),
        ("London, GBR", ["London", "GBR"]),  # a country
        ("Adelaide, SA, Australia", ["Adelaide", "SA", "Australia"]),  # a state
        ("Theux, Spa, Belgium", ["Theux", "Spa", "Belgium"]),  # a town
        ("Acme (US), Boulder, CO, Denver, USA", ["Acme", "US", "Boulder", "CO", "Denver", "USA"]),  # a state
    ],
)
def test_a_town_in_a_companys_name_is_left_out_before_another(text, parts):
    assert split(text) == parts


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "economy", "spot"),
    [("Cobham (United Kingdom)", "GB", (50.72, -1.88)), ("Shimizu (Japan)", "JP", (35.69, 139.69))],
)
def test_a_company_registered_with_its_country_is_no_village(text, economy, spot, registered):
    answer = one(registered, institution=text, country=economy)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)


@pytest.mark.shared
def test_a_town_that_is_also_an_acronym_is_no_company(registered):
    assert one(registered, address="Ulm (DE)")["gazetteer_id"] == 2820256


@pytest.mark.parametrize("name", ["Hitachi, Ltd.", "Hitachi Ltd", "Nagano Corporation", "Osaka, Inc.", "Potsdam GmbH"])
def test_a_company_that_is_called_as_a_place_and_states_no_other_is_not_there(alone, name):
    economy = "DE" if "GmbH" in name else "JP"
    assert one(alone, institution=name, country=economy)["lat_e7"] is None
    assert one(alone, institution=f"{name}, {name.split(',')[0].split()[0]}", country=economy)["lat_e7"] is not None


@pytest.mark.shared
@pytest.mark.parametrize("name", ["Hitachi, Ltd.", "Hitachi Ltd."])
def test_a_registered_company_that_is_called_as_a_place_is_at_its_seat(registered, name):
    answer = one(registered, institution=name, country="JP")
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx((35.68, 139.77), abs=0.15)


@pytest.mark.parametrize(
    ("name", "is_answered"), [("TechNova Inc", True), ("TechNova B.V.", False), ("TechNova GmbH", False)]
)
def test_a_legal_form_of_another_country_leaves_a_company_in_doubt(registered, name, is_answered):
    answer = one(registered, institution=name)
    assert (answer["lat_e7"] is not None) is is_answered


@pytest.mark.parametrize(
    ("name", "economies"),
    [("Foo B.V.", "NL"), ("Foo Oy", "FI"), ("Foo S.p.A.", "IT"), ("Foo Inc", ""), ("Foo Ltd.", ""), ("BV", "")],
)
def test_some_legal_forms_tell_the_country(name, economies):
    assert set(economies.split()) <= economies_of_form(name)
    assert bool(economies) is bool(economies_of_form(name))


def test_a_company_s_name_in_a_column_of_cities_is_no_other_name_of_a_town(registered):
    assert one(registered, city="Google")["lat_e7"] is None
    assert one(registered, city="Auburn University", country="US")["economy"] == "US"


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Google, USA", None),  # a nickname of Topeka
        ("Nonantum, MA, USA", 4945421),  # with its state a name in use
        ("Toluca Lake, USA", 5377654),  # of several words: a quarter
        ("Research Triangle Park, USA", 4464368),  # the nickname of a metropolitan area
        ("Nova Iorque, Estados Unidos da América", 5128581),  # of a large city in another language
        ("Pressburg, Slovakia", 3060972),  # elsewhere names of other languages
    ],
)
def test_a_name_unlike_its_own_one_is_no_place_s_where_only_the_united_states_are_stated(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


def test_a_registered_first_name_with_its_country_is_no_other_name_of_a_town(registered):
    assert one(registered, address="Google, United States")["gazetteer_id"] == 5375480  # Mountain View
