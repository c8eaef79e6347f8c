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


@pytest.mark.parametrize(
    ("name", "economy"), [("Hospital San Pedro Alcántara", "ES"), ("Hospital Santa Brígida", "ES")]
)
def test_a_hospital_is_not_in_a_town_that_has_its_patrons_name(name, economy, registered):
    assert one(registered, institution=name, country=economy)["lat_e7"] is None


def test_a_hospital_of_a_town_called_like_a_saint_is_in_it(registered):
    answer = one(registered, institution="Centre Hospitalier Saint-Quentin", country="FR")
    assert answer["lat_e7"] / 1e7 == pytest.approx(49.85, abs=0.1)


@pytest.mark.parametrize("name", ["Cleveland, TX", "Springfield, MA"])
def test_a_town_in_the_column_of_institutions_is_one(name, registered):
    assert one(registered, institution=name, country="US")["lat_e7"] is not None


@pytest.mark.parametrize("country", ["US", None])
@pytest.mark.parametrize("quarter", ["West", "North", "South"])
def test_a_quarter_behind_a_name_is_no_town(quarter, country, registered):
    # Regions of Cameroon and Rwanda are called so, too, and are none behind a name.
    assert one(registered, institution=f"Foobar Cancer Center - {quarter}", country=country)["lat_e7"] is None


def test_a_town_called_like_a_quarter_is_one_in_its_state(registered):
    answer = one(registered, "Joe's Diner, North, South Carolina, USA")
    assert answer["lat_e7"] / 1e7 == pytest.approx(33.6, abs=0.1)


def test_letters_with_dots_are_no_town(registered):
    answer = one(registered, institution="RANG du FLIERS - C.H.A.M.", country="FR")
    assert answer["lat_e7"] / 1e7 == pytest.approx(50.42, abs=0.1)
