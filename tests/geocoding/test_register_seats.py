"""Seats that a register records in the middle of a region or municipality, or at a namesake of the town."""

import pytest

from hubrank import geocoding
from hubrank.geocoding.gazetteer import organisations
from locating import one
from ror_records import record, write_records


def located(folder, city, economy, spot, geonames_id, **address):
    """Locate an organisation with this seat, by its id or what is stated."""
    organisation = record(1, "Quersdorf Meadowlark University", city, economy, *spot)
    organisation["locations"][0]["geonames_id"] = geonames_id
    path = write_records(folder, [organisation])
    resolver = geocoding.resolver_for(geocoding.Settings(institutions=(path,)))
    return one(resolver, **(address or {"institution_id": organisation["id"]}))


@pytest.mark.parametrize(
    ("city", "economy", "middle", "geonames_id", "town"),
    [
        ("Faro", "PT", (37.2, -8.16667), 2268337, (37.02, -7.93)),
        ("Konya", "TR", (38.16667, 32.5), 306569, (37.87, 32.48)),
        ("Dalian Shi", "CN", (39.74028, 122.25583), 1814068, (38.91, 121.60)),  # the town has a part of the name
        ("Montes Claros", "BR", (-16.58789, -43.89995), 99_999_999, (-16.735, -43.862)),  # a municipality, not listed
    ],
)
def test_a_seat_in_the_middle_of_an_area_is_in_the_town_of_its_name(tmp_path, city, economy, middle, geonames_id, town):
    place = located(tmp_path, city, economy, middle, geonames_id)
    assert (place["lat_e7"] / 1e7, place["lon_e7"] / 1e7) == pytest.approx(town, abs=0.05)


@pytest.mark.parametrize(
    ("city", "economy", "middle", "geonames_id"),
    [
        ("Kerala", "IN", (10.41667, 76.5), 1267254),
        ("Hidalgo", "MX", (20.5, -99.0), 3527115),  # has a village of the name
        ("Tochigi", "JP", (36.7, 139.81667), 1850310),  # has a city of the name, and a larger one
    ],
)
def test_a_seat_in_the_middle_of_a_region_without_a_town_of_its_name_is_none(
    tmp_path, city, economy, middle, geonames_id
):
    assert located(tmp_path, city, economy, middle, geonames_id)["lat_e7"] is None
    stated = located(tmp_path, city, economy, middle, geonames_id, institution="Quersdorf Meadowlark University")
    assert stated["lat_e7"] is None


def test_a_seat_near_the_main_town_of_a_region_stays(tmp_path):
    place = located(tmp_path, "Kurukshetra", "IN", (30.0, 76.75), 1265468)
    assert (place["lat_e7"], place["lon_e7"]) == (300000000, 767500000)


@pytest.mark.parametrize(
    ("city", "economy", "seat", "geonames_id", "place"),
    [
        ("Xinxiang", "CN", (30.49999, 108.27278), 8403878, (35.19, 113.80)),
        ("Amberg", "DE", (48.06667, 10.68333), 2956657, (49.44, 11.86)),
        ("Oakland", "US", (39.40787, -79.40671), 4364231, (39.41, -79.41)),  # looked up with its state
        ("Minato", "JP", (34.66371, 135.46057), 99_999_999, (34.66, 135.46)),  # a ward, far from the town
    ],
)
def test_a_seat_at_a_small_namesake_is_in_the_town_unless_its_state_is_stated(
    tmp_path, city, economy, seat, geonames_id, place
):
    answer = located(tmp_path, city, economy, seat, geonames_id)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(place, abs=0.05)


def test_a_namesake_outside_of_the_stated_region_hides_no_town_in_it(tmp_path):
    text = "Quersdorf Meadowlark University, Albany, New York, USA"
    place = located(tmp_path, "Albany", "US", (31.57851, -84.15574), 4179320, address=text)
    assert (place["lat_e7"] / 1e7, place["lon_e7"] / 1e7) == pytest.approx((42.65, -73.76), abs=0.05)


def test_a_unit_in_the_middle_of_a_region_is_not_in_another_place(tmp_path):
    university = record(1, "Quersdorf Meadowlark University", "Thiruvananthapuram", "IN", 8.4855, 76.94924)
    unit = record(2, "Quersdorf Institute", "Kerala", "IN", 10.41667, 76.5)
    for number, elsewhere in ((1267254, {}), (102, {0: (1,)})):
        unit["locations"][0]["geonames_id"] = number
        child = {"type": "child", "id": unit["id"], "label": "Quersdorf Institute"}
        path = write_records(tmp_path, [university | {"relationships": [child]}, unit])
        assert organisations.load((path,)).units_elsewhere == elsewhere
