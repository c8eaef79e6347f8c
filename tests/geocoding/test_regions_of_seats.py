"""A region that is called like a city, behind an organisation that has its seat in it."""

import pytest

from locating import one


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Colgate University, New York, USA", (42.83, -75.54)),
        ("Whitman College, Washington, USA", (46.06, -118.34)),  # the capital is not in the state
        ("Colgate University, New York", (42.83, -75.54)),
        ("Department of Biology, Colgate University, New York, USA", (42.83, -75.54)),  # addresses end in states here
        ("SUNY Brockport (United States), New York, USA", (43.21, -77.94)),  # a name across several segments
        ("Vassar College, New York, USA", (41.68, -73.90)),  # the place of its seat is not in the gazetteer
        ("Universidad Nacional de Mar del Plata, Buenos Aires, Argentina", (-38.0, -57.56)),
        ("Virginia Military Institute, Virginia", (37.78, -79.44)),  # and in none of the towns called so abroad
    ],
)
def test_a_region_called_like_a_city_behind_an_organisation_with_its_seat_in_it_is_the_region(text, spot, registered):
    answer = one(registered, text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.05)
    assert float(answer["location_probability"]) <= 0.8  # it may have another site in the city


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Fordham University, New York, USA", 5128581),  # its seat is there
        ("Foo Institute, New York, USA", 5128581),  # it has no known one
        ("New York, USA", 5128581),
        ("Colgate University, New York, NY, USA", 5128581),  # the region is named once more
        ("Colgate University, New York 10001", 5128581),  # which may be a code of the city
        ("Colgate University, Rochester, New York", 5134086),
        # Abroad a city stands behind a department.
        ("Department of Biology, Universidad Nacional de Mar del Plata, Buenos Aires, Argentina", 3435910),
        ("Shih Chien University, Kaohsiung, Taiwan", 1673820),  # the region is the city
    ],
)
def test_the_city_is_meant_where_the_seat_or_what_else_is_stated_does_not_say_the_region(text, geonames_id, registered):
    assert one(registered, text)["gazetteer_id"] == geonames_id


@pytest.mark.shared
def test_a_stated_state_binds_a_seat_in_a_place_that_is_not_in_the_gazetteer(registered):
    assert one(registered, "Des Arc, MO")["lat_e7"] is None  # the Arctic Research Consortium's station is in Alaska
