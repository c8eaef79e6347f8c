"""A text that is a region by its word and its country enters no point."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.gazetteer import regions

UJI, KAOHSIUNG, TORONTO = 1849372, 1673820, 6167865


def one(resolver, **address):
    row = dict.fromkeys(ADDRESS_SCHEMA.names) | address
    return resolver.locate(pa.Table.from_pylist([row], ADDRESS_SCHEMA)).to_pylist()[0]["gazetteer_id"]


@pytest.mark.parametrize(
    "address",
    [
        {"address": "Ilocos Norte Province, Philippines"},
        {"address": "Usak Province", "country": "TR"},
        {"address": "Chonburi Province Thailand"},
        {"address": "Kyoto Prefecture, Japan"},
        {"address": "La Guajira Department, Colombia"},  # no department of an organisation
        {"address": "Cluj County, Romania"},
        {"region": "Zamora", "country": "ES"},  # a second-level region with a main town of its name
        {"institution": "Acme Industrias SL", "region": "Udine", "country": "IT"},
        {"address": "Orange County, California"},  # another name of Irvine
        {"address": "12 Main St, Orange County, California"},
        {"address": "Fairfax County, VA"},
        {"city": "Los Angeles County", "region": "CA", "country": "US"},
        {"city": "Orange County", "region": "California", "country": "US"},
        {"address": "Kanagawa, Japan"},  # a ward of Yokohama
        {"city": "Kenya"},
        {"city": "Kanada"},
        {"city": "بلژیک"},  # Belgium in Persian
        {"city": "Uruguay"},  # a village there
        {"city": "Arizona"},
        {"address": "Oklahoma, USA"},  # another name of Oklahoma City
        {"address": "Montana, USA"},
        {"city": "Total Casablanca-Settat", "country": "MA"},
        {"city": "Fès-Boulemane", "country": "MA"},  # named after towns that are 78 km apart
        {"address": "Tanger-Tétouan, Maroc"},
    ],
)
def test_a_region_by_its_word_is_not_its_main_town(alone, address):
    assert one(alone, **address) is None


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Uji, Kyoto Prefecture, Japan"}, UJI),
        ({"address": "Kaohsiung City, Taiwan"}, KAOHSIUNG),
        ({"address": "Kyoto, Japan"}, 1857910),
        ({"address": "Bangkok Province, Thailand"}, 1609350),  # a region that is a city
        ({"address": "5 Sadovaya Str. Saratov Saratov region RU 410005"}, 498677),  # a town is before it
        ({"city": "Usak Province", "country": "TR"}, 298299),
        ({"region": "Paris", "country": "FR"}, 2988507),  # main towns of others are as near as its suburbs
        ({"region": "Leeds", "country": "GB"}, 2644688),  # more than half of its people
        ({"city": "Carson City", "region": "NV", "country": "US"}, 5501344),
        ({"city": "Luxembourg"}, 2960316),
        ({"city": "Québec"}, 6325494),
        ({"city": "Mecca"}, 104515),
        ({"address": "New York, USA"}, 5128581),  # half of the state's people live there
        ({"city": "Oklahoma", "country": "US"}, 4544349),
        ({"city": "Monterrey-Nord", "country": "MX"}, 3995465),
        ({"city": "Bruxelles-Zaventem", "country": "BE"}, 2800866),  # near each other
        ({"address": "Dakhla, Maroc"}, 2463447),  # in Western Sahara, no neighbourhood of Agadir
    ],
)
def test_a_town_before_a_region_and_a_city_by_its_word_are_meant(alone, address, geonames_id):
    assert one(alone, **address) == geonames_id


def test_a_county_is_no_town_only_where_it_is_of_the_first_level():
    assert regions.is_wide("Cebu Province", first_level=False)
    assert regions.is_wide("Cluj County", first_level=True)
    assert not regions.is_wide("Panyu County", first_level=False)
    assert not regions.is_wide("Province", first_level=False)


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"city": "Leningrad Region", "country": "Russia"}, None),
        ({"city": "Moscow Region", "country": "RU"}, None),  # the city lies in none of it
        ({"city": "Minsk Region", "country": "Belarus"}, None),
        ({"city": "Sverdlovsk Region", "country": "Russia"}, 1486209),
        ({"city": "Prague Region", "country": "CZ"}, 3067696),
        ({"institution": "Makkah Region, Saudi Arabia"}, None),
        ({"institution": "Leningrad Region, Russia"}, None),
    ],
)
def test_no_city_outside_of_a_region_by_its_word_is_meant(alone, address, geonames_id):
    assert one(alone, **address) == geonames_id


@pytest.mark.parametrize(
    "text",
    [
        "Midwestern US",  # where a Midwestern University is registered
        "Northeast US",  # North East is a town in Maryland
        "Central Italy",
        "European Union (EU)",  # an organisation as well
        "European Union (EU), Europe",
        "Asia-Pacific (APAC)",  # Apac is in Uganda
    ],
)
def test_what_is_wider_than_a_region_is_no_place(registered, text):
    assert one(registered, address=text) is None


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [("North East, MD, USA", 4363889), ("Belfast, Northern Ireland", 2655984), ("Nairobi, Kenya, Africa", 184745)],
)
def test_a_direction_or_continent_is_left_out_only_alone(registered, text, geonames_id):
    assert one(registered, address=text) == geonames_id
