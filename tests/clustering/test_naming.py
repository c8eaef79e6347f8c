"""What clusters are called, by hand (METHOD 7)."""

from dataclasses import dataclass

import numpy as np
import pytest

from hubrank.clustering.naming import City, exact_scores, main_cities, main_economies, naming, spelled
from hubrank.core.errors import StudyError
from hubrank.core.slug import slug
from hubrank.counting.points import Sites

BASEL = City(1, "Basel", "CH", "", 170_000)
LYON = City(2, "Lyon", "FR", "", 520_000)
SAN_JOSE = City(3, "San José", "US", "CA", 1_000_000)
OAKLAND = City(4, "Oakland", "US", "CA", 430_000)
RENO = City(5, "Reno", "US", "NV", 260_000)
HAMLET = City(6, "Wyhlen", "DE", "", 99_999)
CITIES = {city.geonames_id: city for city in (BASEL, LYON, SAN_JOSE, OAKLAND, RENO, HAMLET)}


@dataclass
class SmallAtlas:
    """An atlas that credits each site to the city of its latitude."""

    def credit(self, lat_e7, lon_e7):  # noqa: ARG002 (the interface has both)
        return lat_e7

    def cities(self, ids):
        return {number: CITIES[number] for number in ids}


def test_a_city_is_named_from_ten_percent_and_a_hundred_thousand_people_on():
    assert main_cities({1: 900, 2: 100}, CITIES) == [BASEL, LYON]
    assert main_cities({1: 901, 2: 99}, CITIES) == [BASEL]
    assert main_cities({1: 500, 6: 500}, CITIES) == [BASEL]
    just = City(7, "Just", "FR", "", 100_000)
    assert main_cities({7: 1, 1: 2}, CITIES | {7: just}) == [BASEL, just]


def test_the_heaviest_place_is_named_where_no_city_is_large():
    small = City(8, "Efringen", "DE", "", 8_000)
    assert main_cities({6: 1, 8: 2}, CITIES | {8: small}) == [small]


def test_three_cities_at_most_by_score_then_by_number():
    assert main_cities({5: 20, 4: 30, 3: 20, 2: 30}, CITIES) == [LYON, OAKLAND, SAN_JOSE]


def test_the_state_stands_once_where_it_is_the_same_for_all():
    assert spelled([SAN_JOSE, OAKLAND]) == "San José–Oakland, CA"
    assert spelled([RENO, OAKLAND]) == "Reno, NV–Oakland, CA"
    assert spelled([BASEL, LYON]) == "Basel–Lyon"
    assert spelled([BASEL, RENO]) == "Basel–Reno, NV"


def test_economies_are_named_from_one_percent_on_by_score_then_by_code():
    assert main_economies({"FR": 10, "CH": 980, "DE": 10}) == ("CH", "DE", "FR")
    assert main_economies({"FR": 9, "CH": 991}) == ("CH",)
    assert main_economies({"FR": 199, "CH": 19_801}) == ("CH",), "0.995 % is less than one"


def test_a_slug_is_of_plain_letters_and_digits():
    assert slug("San José–Oakland, CA 2") == "san-jose-oakland-ca-2"
    assert slug("-Zürich-") == "zurich"
    assert slug("–") == "cluster"


def test_scores_are_sums_of_units_times_what_one_scores_and_noise_has_none():
    cluster, key = np.array([0, 0, 1, -1, 0]), np.array([7, 8, 7, 7, 7])
    scores = exact_scores(cluster, key, np.array([0, 0, 1, 0, 1]), np.array([2, 3, 4, 100, 5]), [10, 1000])
    assert scores == [{7: 20 + 5000, 8: 30}, {7: 4000}]


def _named(rows, overrides):
    """Name clusters of one metric; rows : (city, cluster, units), sorted by city."""
    city, label, units = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    sites = Sites(city, np.zeros_like(city), units[None], units[None], ("patents",))
    economies = [{"CH": 99, "FR": 1}] * (int(label.max()) + 1)
    return naming(sites, label.astype(np.int32), economies, [3], SmallAtlas(), overrides)


def test_a_name_has_cities_economies_and_an_id_of_its_own():
    (first, second) = _named([(1, 0, 5), (2, 0, 6), (3, 1, 1), (4, -1, 9)], {})
    assert (first.cluster, first.cluster_id, first.cities) == ("Lyon–Basel", "lyon-basel-ch-fr", (2, 1))
    assert (second.cluster, second.cluster_id, second.economies) == ("San José, CA", "san-jose-ch-fr", ("CH", "FR"))


def test_a_study_may_name_a_cluster_and_what_then_has_one_name_has_numbers():
    names = _named([(1, 0, 5), (2, 1, 6), (3, 2, 1)], {"lyon-ch-fr": [1], "san-jose-ch-fr": [1]})
    assert [name.cluster for name in names] == ["Basel"] * 3
    assert [name.cluster_id for name in names] == ["basel-ch-fr", "basel-ch-fr--2", "basel-ch-fr--3"]


def test_a_name_for_no_cluster_or_by_no_place_is_refused():
    with pytest.raises(StudyError, match=r"'lyons-ch-fr' that did not come out.*lyon-ch-fr"):
        _named([(2, 0, 6)], {"lyons-ch-fr": [1]})
    with pytest.raises(StudyError, match="lyon-ch-fr: 99 is no GeoNames id"):
        _named([(2, 0, 6)], {"lyon-ch-fr": [99]})


def test_a_cluster_of_listings_that_weigh_nothing_has_a_name_too():
    named = _named([(1, 0, 10), (2, 1, 0), (6, 1, 0), (3, 2, 0)], {})
    assert [name.cluster for name in named] == ["Basel", "Lyon", "San José, CA"]
