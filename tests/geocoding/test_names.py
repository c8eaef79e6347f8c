"""Cities as people write them: columns, variants, misspellings, parts, and regions that are no cities."""

from decimal import Decimal
from functools import cache

import pyarrow as pa
import pytest

from hubrank import geocoding
from hubrank.core.tables import ADDRESS_SCHEMA


def address_table(*rows):
    return pa.Table.from_pylist(rows, ADDRESS_SCHEMA)


@cache
def resolver():
    return geocoding.resolver_for(geocoding.Settings())


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Cambridge", "region": "MA", "country": "US"}, 4931972),
        ({"city": "Cambridge", "country": "GB"}, 2653941),
        ({"city": "CAMBRIDGE", "country": "GBX"}, 2653941),
        ({"city": "Muenchen", "country": "DE"}, 2867714),
        ({"city": "München", "country": "Deutschland"}, 2867714),
        ({"city": "Buean", "country": "KR"}, 1838524),  # no umlaut, as for Buan
        ({"city": "SF Bay Area", "country": "USA"}, 5391959),
        ({"city": "Hong Kong", "country": "CN"}, 1819729),
        ({"city": "Taipei", "country": "CHN"}, 1668341),
        ({"city": "Windhoek", "country": "NA"}, 3352136),
        ({"city": "北京", "country": "CN"}, 1816670),
        ({"city": "Saint Louis", "region": "Missouri", "country": "US"}, 4407066),
        ({"city": "Bogota DC", "region": "DC", "country": "CO"}, 3688689),
        ({"city": "г. Донецк", "region": "Ростовская обл.", "country": "RU"}, 565348),
        ({"city": "15230 Frankfurt", "country": "DE"}, 2925535),
        ({"city": "Frankfurt", "address": "Große Scharrnstr. 59, 15230", "country": "DE"}, 2925535),
        ({"city": "Dartford", "region": "Kent", "country": "GB"}, 2651500),  # far from its main town
        ({"city": "Newcastle", "region": "Staffordshire", "country": "GB"}, 2641674),  # under Lyme, not upon Tyne
        ({"city": "Lons", "region": "Jura", "country": "FR"}, 2997626),  # le-Saunier, not a Lons far from it
        ({"address": "Vilafranca, Barcelona, Spain"}, 3105600),  # del Penedès, 40 km from the city
        ({"address": "Foo Hospital, Canosa, Bari, Italy"}, 3180792),  # di Puglia
        ({"address": "Sarrià, Barcelona, Spain"}, 11549772),  # the quarter; Sarrià de Ter is in another province
        ({"city": "Haeundae-gu", "region": "Busan", "country": "KR"}, 1838524),
        ({"region": "서울특별시", "country": "KR"}, 1835848),
        ({"city": "Concelho de Loures", "country": "PT"}, 2266977),
        ({"city": "Boston", "country": "United Kingdom (England)"}, 2655138),
        ({"city": "Castellón de la Plana", "country": "Spain (Espa&ntilde;a)"}, 2519752),
        ({"address": "14, rue de Satory,F-78000 Versailles", "country": "FR"}, 2969679),
        ({"city": "Chiba-shi, Chiba 290-8566", "country": "JP"}, 2113015),
        ({"address": "Dept. of Physics, Konstanz, Baden-WÃ¼rttemberg, DE"}, 2885679),
    ],
)
def test_a_city_is_found_as_written(address, geonames_id):
    assert resolver().locate(address_table(address))["gazetteer_id"].to_pylist() == [geonames_id]


@pytest.mark.parametrize(
    ("city", "region", "country"),
    [
        ("Bromley", "Devon", "GB"),  # of London, and no misspelt village
        ("Xyzabc", "Kano", "NG"),  # a region is wider than the city that it is called after
        ("", "Kent", "GB"),
    ],
)
def test_nothing_is_answered_for_a_town_outside_of_its_region_nor_for_a_region(city, region, country):
    address = {"city": city or None, "region": region, "country": country}
    assert resolver().locate(address_table(address))["lat_e7"].to_pylist() == [None]


def located(**address):
    answer = resolver().locate(address_table(address)).to_pylist()[0]
    return answer if answer["lat_e7"] is not None else None


def likeliest(**address):
    return resolver().verdict(address_table(address)).judged[0].candidate.geonames_id


def test_a_village_too_small_for_the_gazetteer_stands_where_it_is():
    answer = located(city="Frensham", country="GB")
    assert (answer["lat_e7"], answer["lon_e7"]) == (511_670_000, -7_980_000)
    assert (answer["precision"], answer["economy"]) == ("city", "GB")


@pytest.mark.parametrize("name", ["Little London", "Langley", "Balmore"])
def test_of_many_villages_of_one_name_none_is_taken_nor_a_place_called_alike(name):
    assert located(city=name, country="GB") is None


def test_without_a_region_a_misspelt_name_must_be_more_alike():
    doubtful = located(city="Rodlin", country="DE")  # Rödlin is a village of its own, not Roding
    assert doubtful is None or doubtful["location_probability"] < Decimal("0.7")
    assert located(city="Rodlin", region="Bayern", country="DE")["geocoding_evidence"] == "names"


def test_a_wide_city_stands_amid_its_post_codes():
    answer = located(city="Los Angeles", country="US")
    assert answer["gazetteer_id"] == 5368361
    assert (answer["lat_e7"], answer["lon_e7"]) == (340_370_000, -1_182_960_000)  # 5 km west of the town hall


def test_a_former_name_of_an_american_city_does_not_outweigh_the_places_of_that_name():
    """GeoNames calls a city of 200,000 in California Mason too, and St. Paul San Pablo."""
    assert likeliest(city="Mason", country="US") == 4517698  # in Ohio
    assert likeliest(city="San Pablo", country="US") == 5392508  # in California


def test_a_region_or_county_is_not_a_village_of_its_name_elsewhere_nor_a_town_called_alike():
    assert located(city="Wales", country="GB") is None  # a village in Yorkshire
    assert located(city="Maine", country="US") is None  # Des Plaines, Illinois, was once called so
    assert located(city="Wiltshire", country="GB") is None
    assert located(city="Surrey", country="GB") is None  # nor the one in Canada
    assert located(city="Washington", region="PA", country="US")["gazetteer_id"] == 5218069
    assert located(city="Washington", country="US")["gazetteer_id"] == 4140963


def test_an_economy_no_wider_than_a_city_is_place_enough():
    singapore = located(country="SGP")
    assert (singapore["gazetteer_id"], singapore["precision"]) == (1880252, "city")
    assert located(city="Qwxyz Heights", country="Singapore")["gazetteer_id"] == 1880252
    assert located(address="12 Qwxyz Avenue, Singapore 138632")["gazetteer_id"] == 1880252
    assert located(city="Jersey", country="GBR")["economy"] == "JE"
    assert located(city="Malta", country="MLT")["economy"] == "MT"
    assert located(country="GBR") is None
    assert located(city="Luxembourg", country="LU")["gazetteer_id"] == 2960316


@pytest.mark.parametrize(
    ("city", "country", "geonames_id"),
    [
        ("Sydney NSW", "AUS", 2147714),
        ("Ottawa Ontario", "CAN", 6094817),
        ("Portland ME", "USA", 4975802),
        ("Portland OR", "USA", 5746545),
    ],
)
def test_a_town_may_stand_before_its_region(city, country, geonames_id):
    assert located(city=city, country=country)["gazetteer_id"] == geonames_id


def test_a_part_of_a_name_must_tell_the_place():
    assert located(city="Puerto de Andraitx", country="ESP")["gazetteer_id"] == 2521741  # not El Puerto de Santa María
    assert located(city="Nangor Road", country="IRL") is None
    assert located(city="Puchheim/Munich", country="DEU")["gazetteer_id"] == 2851782


def test_text_read_in_the_wrong_encoding_is_mended():
    assert located(city="GdaÅ„sk", country="POL")["gazetteer_id"] == 3099434
