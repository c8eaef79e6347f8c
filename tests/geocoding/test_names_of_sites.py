"""Names of hospitals, sites and companies that another place or company is called like."""

import pytest

from locating import one

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(
    "site", ["Novartis Investigative Site", "Bayer Study Site", "Pfizer - Clinical Sites", "Siemens Research Site 12"]
)
def test_the_site_of_a_companys_trial_is_not_at_its_seat(site, registered):
    assert one(registered, institution=site, country="DE")["lat_e7"] is None
    assert one(registered, f"{site}, Bologna, Italy")["lat_e7"] // 10**7 == 44


def test_a_company_is_at_its_seat(registered):
    assert one(registered, institution="Bayer", country="DE")["lat_e7"] is not None


@pytest.mark.parametrize(
    ("name", "economy"),
    [("Abbott Northwestern Hospital", "US"), ("Amgen Childrens Clinic", "US"), ("Samsung Foo College", "KR")],
)
def test_a_hospital_or_school_is_not_at_the_seat_of_the_company_whose_name_it_begins_with(name, economy, registered):
    assert one(registered, institution=name, country=economy)["lat_e7"] is None
