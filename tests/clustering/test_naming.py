"""What clusters are called, by hand (METHOD 7)."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest

from hubrank.clustering.cities import City, atlas
from hubrank.clustering.cluster_cities import exact_scores
from hubrank.clustering.main_cities import main_cities
from hubrank.clustering.naming import distinct, main_economies, naming, renamed, spelled
from hubrank.core.errors import StudyError
from hubrank.core.slug import slug
from hubrank.core.sphere import E7
from hubrank.counting.points import Sites


def city(number, name, where, population, lat, lon):
    """Return a city; where : economy, or economy and state."""
    economy, _, state = where.partition("/")
    at = (round(lat * E7), round(lon * E7))
    return City(number, name, economy, state, population, 0, *at, *at)


BASEL = city(1, "Basel", "CH", 170_000, 47.6, 7.6)
LYON = city(2, "Lyon", "FR", 520_000, 45.8, 4.8)
SAN_JOSE = city(3, "San José", "US/CA", 1_000_000, 37.3, -121.9)
OAKLAND = city(4, "Oakland", "US/CA", 430_000, 37.8, -122.3)
RENO = city(5, "Reno", "US/NV", 260_000, 39.5, -119.8)
HAMLET = city(6, "Wyhlen", "DE", 99_999, 47.5, 7.7)
CITIES = {each.geonames_id: each for each in (BASEL, LYON, SAN_JOSE, OAKLAND, RENO, HAMLET)}


@dataclass
class SmallAtlas:
    """An atlas that credits each site to the city of its latitude."""

    def credit(self, lat_e7, lon_e7):  # noqa: ARG002 (the interface has both)
        return lat_e7

    def cities(self, ids):
        return {number: CITIES[number] for number in ids}

    def nearest(self, lat_e7, lon_e7):  # noqa: ARG002 (the interface has both)
        return lat_e7


def test_a_city_is_named_from_ten_percent_and_a_hundred_thousand_people_on():
    assert main_cities({1: 900, 2: 100}, {}, CITIES) == [BASEL, LYON]
    assert main_cities({1: 901, 2: 99}, {}, CITIES) == [BASEL]
    assert main_cities({1: 500, 6: 500}, {}, CITIES) == [BASEL]
    just = city(7, "Just", "FR", 100_000, 48.0, 0.0)
    assert main_cities({7: 1, 1: 2}, {}, CITIES | {7: just}) == [BASEL, just]


def test_the_heaviest_place_is_named_where_no_city_is_large():
    small = city(8, "Efringen", "DE", 8_000, 49.0, 7.0)
    assert main_cities({6: 1, 8: 2}, {}, CITIES | {8: small}) == [small]


def test_three_cities_at_most_by_score_then_by_number():
    assert main_cities({5: 20, 4: 30, 3: 20, 2: 30}, {}, CITIES) == [LYON, OAKLAND, SAN_JOSE]


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


def _named(rows):
    """Name clusters of one metric; rows : (city, cluster, units), sorted by city."""
    places, label, units = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    sites = Sites(places, np.zeros_like(places), units[None], units[None], ("patents",))
    economies = [{"CH": 99, "FR": 1}] * (int(label.max()) + 1)
    return naming(sites, label.astype(np.int32), economies, [3], SmallAtlas(), "en")


def test_a_name_has_cities_economies_and_an_id_of_its_own():
    (first, second) = _named([(1, 0, 5), (2, 0, 6), (3, 1, 1), (4, -1, 9)])
    assert (first.cluster, first.cluster_id, first.cities) == ("Lyon–Basel", "lyon-basel-ch-fr", (2, 1))
    assert (second.cluster, second.cluster_id, second.economies) == ("San José, CA", "san-jose-ch-fr", ("CH", "FR"))


def test_a_study_may_name_a_cluster_and_its_id_stays():
    names = renamed(_named([(1, 0, 5), (2, 1, 6)]), {"lyon-ch-fr": [1]}, SmallAtlas(), "en")
    assert [name.cluster for name in names] == ["Basel", "Basel"]
    assert [name.cluster_id for name in names] == ["basel-ch-fr", "lyon-ch-fr"]
    assert names[1].cities == (1,)


def test_what_has_one_name_has_numbers_that_no_other_has():
    assert distinct(["basel-ch"] * 3) == ["basel-ch", "basel-ch--2", "basel-ch--3"]
    assert distinct(["basel-ch", "lyon-fr"], ["basel-ch", "basel-ch--2"]) == ["basel-ch--3", "lyon-fr"]


def test_a_name_for_no_cluster_or_by_no_place_is_refused():
    with pytest.raises(StudyError, match=r"'lyons-ch-fr' that did not come out.*lyon-ch-fr"):
        renamed(_named([(2, 0, 6)]), {"lyons-ch-fr": [1]}, SmallAtlas(), "en")
    with pytest.raises(StudyError, match="lyon-ch-fr: 99 is no GeoNames id"):
        renamed(_named([(2, 0, 6)]), {"lyon-ch-fr": [99]}, SmallAtlas(), "en")


def test_a_cluster_of_listings_that_weigh_nothing_has_a_name_too():
    named = _named([(1, 0, 10), (2, 1, 0), (6, 1, 0), (3, 2, 0)])
    assert [name.cluster for name in named] == ["Basel", "Lyon", "San José, CA"]


def places_named(*clusters, language="en", economy="XX"):
    """Name clusters of the gazetteer's cities in an economy: of each, (latitude, longitude, what lies there)."""
    rows = [(*row, number) for number, cluster in enumerate(clusters) for row in cluster]
    lat, lon, units, label = (np.array(column) for column in zip(*rows, strict=True))
    at = [np.round(axis * E7).astype(np.int64) for axis in (lat, lon)]
    sites = Sites(*at, units[None].astype(np.int64), units[None].astype(np.int64), ("patents",))
    return naming(sites, label.astype(np.int32), [{economy: 1}] * len(clusters), [1], atlas(), language)


WASHINGTON, ARLINGTON, RESTON, BALTIMORE = (38.90, -77.04), (38.88, -77.10), (38.95, -77.35), (39.29, -76.61)
THE_HAGUE, DELFT, ROTTERDAM = (52.08, 4.30), (52.00, 4.37), (51.92, 4.48)


def test_clusters_are_named_in_english_and_by_the_gazetteer_where_the_study_says_so():
    cities = [[(50.94, 6.96, 9)], [(48.14, 11.58, 9)], [(48.21, 16.37, 9)], [(31.89, 34.81, 9)]]
    assert [name.cluster for name in places_named(*cities)] == ["Cologne", "Munich", "Vienna", "Rehovot"]
    renamed = places_named([(9.94, 76.26, 9)], [(-33.96, 25.61, 9)], [(35.69, 139.98, 9)])
    assert [name.cluster for name in renamed] == ["Kochi", "Gqeberha", "Funabashi"], "Honchō is no section"
    local = places_named(*cities, language="gazetteer")
    assert [name.cluster for name in local] == ["Köln", "München", "Wien", "Reẖovot"]
    assert [name.cluster_id for name in local] == [name.cluster_id for name in places_named(*cities)]


def test_names_at_home_have_latin_letters_and_are_no_longer_forms_of_the_name():
    def at_home(place):
        return atlas().cities([place])[place].local_name

    assert [at_home(place) for place in (3173435, 3165524, 2711537, 2861650)] == [
        "Milano",
        "Torino",
        "Göteborg",
        "Nürnberg",
    ]
    assert [at_home(place) for place in (1850147, 524901, 264371)] == ["Tokyo", "Moscow", "Athens"]
    assert [at_home(place) for place in (658225, 2925177, 1856035)] == ["Helsinki", "Freiburg", "Naha"], (
        "of two languages"
    )
    assert [at_home(place) for place in (3457001, 3412093)] == ["Mogi das Cruzes", "Vestmannaeyjar"], (
        "no organisation there has the name of the postal service"
    )
    (muenchen,) = renamed(places_named([(50.94, 6.96, 9)]), {"cologne-xx": [2867714]}, atlas(), "gazetteer")
    assert (muenchen.cluster, muenchen.cluster_id) == ("München", "cologne-xx")


def test_a_suburb_never_names_a_cluster_beside_its_city():
    (name,) = places_named([(*WASHINGTON, 25), (*ARLINGTON, 10), (*RESTON, 20), (*BALTIMORE, 12)])
    assert name.cluster == "Washington, DC–Baltimore, MD"
    (name,) = places_named([(35.84, -78.85, 40), (35.78, -78.64, 20), (35.99, -78.90, 40)])
    assert name.cluster == "Raleigh–Durham, NC", "Cary counts as Raleigh"
    (name,) = places_named([(25.77, -80.23, 60), (25.72, -80.27, 20)])
    assert name.cluster == "Miami, FL", "Little Havana is a section of it"
    (name,) = places_named([(32.08, 34.78, 30), (32.05, 34.75, 20), (32.16, 34.84, 20)])
    assert name.cluster == "Tel Aviv", "Jaffa is a section, Herzliya a suburb"
    (name,) = places_named([(35.69, 139.69, 62), (35.44, 139.64, 30), (35.53, 139.70, 8)])
    assert name.cluster == "Tokyo–Yokohama", "a city of a million people is no suburb"


def test_a_suburb_whose_centre_scores_like_its_city_stands_beside_it():
    (name,) = places_named([(*THE_HAGUE, 30), (*DELFT, 40), (*ROTTERDAM, 30)])
    assert name.cluster == "Delft–The Hague–Rotterdam"
    (name,) = places_named([(*THE_HAGUE, 41), (*DELFT, 40), (*ROTTERDAM, 60)])
    assert name.cluster == "The Hague–Rotterdam", "Delft has fewer than 100,000 people and less than The Hague"
    (name,) = places_named([(42.36, -71.06, 50), (42.37, -71.11, 25)])
    assert name.cluster == "Boston–Cambridge, MA"
    (name,) = places_named([(42.36, -71.06, 51), (42.37, -71.11, 25)])
    assert name.cluster == "Boston, MA"


TOKYO, YOKOSUKA, ATSUGI, FUJISAWA = (35.69, 139.69), (35.28, 139.67), (35.44, 139.36), (35.34, 139.49)


def test_a_city_that_lies_in_another_cluster_names_none_and_has_no_suburbs_there():
    kanagawa = [(*YOKOSUKA, 45), (*ATSUGI, 25), (*FUJISAWA, 20), (35.60, 139.61, 10)]
    (name,) = places_named(kanagawa)
    assert name.cluster == "Tokyo–Yokosuka", "ten listings of Setagaya make Atsugi and Fujisawa suburbs"
    tokyo, name = places_named([(*TOKYO, 90)], kanagawa)
    assert (tokyo.cluster, name.cluster) == ("Tokyo", "Yokosuka–Atsugi–Fujisawa")
    name, tokyo = places_named(kanagawa, [(*TOKYO, 5)])
    assert (tokyo.cluster, name.cluster) == ("Tokyo", "Tokyo–Yokosuka"), "most of Tokyo is in Kanagawa's"


def test_a_suburb_that_lies_in_another_cluster_counts_as_its_city_and_names_none_but_its_own():
    washington, reston = places_named([(*WASHINGTON, 20), (*RESTON, 4)], [(*RESTON, 9)])
    assert (washington.cluster, reston.cluster) == ("Washington, DC", "Reston, VA")
    scores, central = {1: 60, 2: 40}, {1: 60, 2: 40}
    assert main_cities(scores, central, CITIES, {2}) == [BASEL]
    assert main_cities(scores, central, CITIES, {1}) == [BASEL, LYON], "what has most names it wherever it lies"
    assert main_cities(scores, central, CITIES, {1, 2}) == [BASEL]


def test_neighbouring_cities_of_one_size_name_a_cluster_together():
    (name,) = places_named([(37.34, -121.89, 30), (37.44, -122.14, 25), (37.77, -122.42, 45)])
    assert name.cluster == "San Jose–San Francisco, CA", "Palo Alto counts as San Jose"
    (name,) = places_named([(35.69, 139.69, 60), (35.44, 139.64, 40)])
    assert name.cluster == "Tokyo–Yokohama"
    (name,) = places_named([(40.01, -105.27, 35), (39.74, -104.98, 40)])
    assert name.cluster == "Denver–Boulder, CO"


def test_the_city_with_the_largest_part_of_a_cluster_has_its_share_with_suburbs():
    (name,) = places_named([(*WASHINGTON, 25), (*ARLINGTON, 10), (*RESTON, 20), (*BALTIMORE, 25)])
    assert (name.largest_city, name.largest_city_share_pct) == ("Washington", Decimal("68.75"))
    (name,) = places_named([(50.94, 6.96, 9)], language="gazetteer")
    assert (name.largest_city, name.largest_city_share_pct) == ("Köln", 100)
    (name,) = renamed(_named([(1, 0, 1), (2, 0, 2)]), {"lyon-basel-ch-fr": [1]}, SmallAtlas(), "en")
    assert (name.cluster, name.largest_city, name.largest_city_share_pct) == ("Basel", "Lyon", Decimal("66.666667"))


def test_two_clusters_of_one_city_are_told_apart_by_a_second_name():
    first, second = places_named([(51.51, -0.13, 90)], [(51.55, -0.48, 50)])
    assert (first.cluster, first.cluster_id) == ("London", "london-xx")
    assert second.cluster == "London (Uxbridge)"
    assert second.cluster_id == "london-uxbridge-xx"


def test_clusters_that_are_all_of_one_city_are_told_apart_by_their_nearest_place_or_else_by_a_number():
    """Each has listings of São Paulo only; that of Embu das Artes is 25 km from its centre."""
    sao_paulo, embu = [(-23.55, -46.63, 9)], [(-23.65, -46.85, 5)]
    first, second = places_named(sao_paulo, embu)
    assert (first.cluster, second.cluster) == ("São Paulo", "São Paulo (Embu das Artes)")
    assert second.cluster_id == "sao-paulo-embu-das-artes-xx"
    names = places_named(sao_paulo, embu, embu, [(-23.55, -46.64, 1)])
    assert len({name.cluster for name in names}) == 4
    same = _named([(1, 0, 5), (1, 1, 4), (1, 2, 3)])
    assert [name.cluster for name in same] == ["Basel", "Basel (2)", "Basel (3)"]
    assert [name.cluster_id for name in same] == ["basel-ch-fr", "basel-ch-fr--2", "basel-ch-fr--3"]


def test_clusters_of_cities_of_one_name_have_their_economy_or_else_their_region():
    london = [[(51.51, -0.13, 90)], [(42.98, -81.25, 50)]]
    assert [name.cluster for name in places_named(*london)] == ["London (United Kingdom)", "London (Canada)"]
    assert [name.cluster_id for name in places_named(*london)] == ["london-xx", "london-xx--2"]
    suzhou = [[(31.30, 120.60, 90)], [(33.64, 116.98, 50)]]
    assert [name.cluster for name in places_named(*suzhou)] == ["Suzhou (Jiangsu Sheng)", "Suzhou (Anhui Sheng)"]
    assert places_named(london[0])[0].cluster == "London"


STUTTGART, BOBLINGEN, KEHL, WEIL = (48.78, 9.18), (48.69, 9.02), (48.57, 7.81), (47.59, 7.62)


def test_a_larger_place_nearby_names_a_cluster_only_where_it_has_listings():
    (name,) = places_named([(*BOBLINGEN, 9)], economy="DE")
    assert name.cluster == "Böblingen", "the nearest place of 50,000 people is Sindelfingen, where nothing is"
    (name,) = places_named([(*STUTTGART, 1), (*BOBLINGEN, 9)], economy="DE")
    assert name.cluster == "Böblingen–Stuttgart"
    (name,) = places_named([(*BOBLINGEN, 3), (48.71, 9.00, 1)], economy="DE")
    assert name.cluster == "Sindelfingen"


def test_a_cluster_is_named_after_a_place_in_one_of_its_economies():
    assert [name.cluster for name in places_named([(*KEHL, 9)], economy="DE")] == ["Kehl"]
    assert [name.cluster for name in places_named([(*WEIL, 9)], economy="DE")] == ["Weil am Rhein"]
    assert places_named([(*KEHL, 9), (48.58, 7.75, 1)], economy="DE")[0].cluster == "Kehl", "one listing over there"
    assert places_named([(*KEHL, 9), (48.58, 7.75, 9)], economy="FR")[0].cluster == "Strasbourg"
