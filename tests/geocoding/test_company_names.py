"""Names of companies that hold a town or a country in parentheses."""

import pytest

from hubrank.geocoding.text.affiliations import split
from locating import one


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Acme (Tianjin) Co., Ltd., Wuhan, China", ["Acme", "Co", "Ltd", "Wuhan", "China"]),
        ("Acme(Mumbai)Pvt. Ltd., Pune 411001, India", ["Acme", "Pvt. Ltd", "Pune 411001", "India"]),
        ("Acme (Tianjin) Co., Ltd., China", ["Acme", "Tianjin", "Co", "Ltd", "China"]),  # no other town
        ("Acme (Tianjin) Co., Ltd., Nobody Road, China", ["Acme", "Tianjin", "Co", "Ltd", "Nobody Road", "China"]),
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
