"""A town that is not known before a region that is called like a city."""

import math

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.evidence.reading_text import read
from hubrank.geocoding.evidence.unknown_towns import _rows_in, _share_near, region_behind
from hubrank.geocoding.gazetteer import gazetteer, regions
from hubrank.geocoding.gazetteer.surroundings import Surroundings

NEW_YORK, ZURICH, SEOUL = 5128581, 2657896, 1835848


def one(resolver, **address):
    return resolver.locate(pa.Table.from_pylist([address], ADDRESS_SCHEMA)).to_pylist()[0]


@pytest.mark.parametrize(
    "text",
    [
        "Foobarville, New York 12999, USA",
        "Foobarville, Washington, USA",  # nor the capital, which is in no such state
        "Foobarville, Oklahoma, USA",
        "Foobarville, Santa Fe, Argentina",  # Rosario is larger
        "Foobarville, Limburg, Netherlands",  # a village of the name
        "Belo Horizonte, Rio de Janeiro, BRA",  # a city elsewhere
        "Foobar County, Chengdou, Sichuan Province, China",  # an area by its last word
        "Foobar District, Plovdiv, Bulgaria",
        "Xyntrax, Plovdiv Province, Bulgaria",  # a region by its word
        "Foobar, jud. Mureş, România",
        "Foobar, okr. Olomouc, Czechia",
        "Foobar, wilaya de Bechar, Algérie",
        "Foobar PO, Dist. Mandya, Karnataka - 571436",
        "Foobar Township, Miaoli County 364, Taiwan (R.O.C.)",
        "с. Фубар, общ. Руен, обл. Бургас",  # neither the region's town nor the municipality's
    ],
)
def test_an_unknown_town_in_a_wide_region_is_not_the_city_of_the_regions_name(text, alone):
    assert one(alone, address=text)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "Distrito de Foobar, Londrina, PR, Brasil"}, 3458449),  # a part of the municipality
        ({"address": "Foobarville, Zurich, Switzerland"}, ZURICH),  # most places of the canton are near the city
        ({"address": "Jungnang-gu, Seoul, South Korea"}, SEOUL),  # the region is the city
        ({"address": "Poughkeepsie, New York, USA"}, 5132143),  # known
        ({"address": "Foobarville, New York, NY, USA"}, NEW_YORK),  # the state is named once more
        ({"address": "Columbia Engineering, New York 10027"}, NEW_YORK),  # what may have the post code is near it
        ({"address": "Foobarville, Washington 20052, USA"}, 4140963),
        ({"address": "Foo Hospital, New York, USA"}, NEW_YORK),
        ({"address": "Xyntrax (New York, USA)"}, NEW_YORK),
        ({"address": "12 Victoria Road, New York, USA"}, NEW_YORK),
        ({"institution": "Xyntrax, New York, USA"}, NEW_YORK),
    ],
)
def test_the_city_is_meant_where_the_region_is_hardly_wider_or_no_town_stands_before_it(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("text", "name", "sure"),
    [
        ("Xyntrax, Plovdiv, Bulgaria", "Plovdiv", 0.8),
        ("Xyntrax, Shanghai, China", "Shanghai", 0.8),
        ("Xyntrax Investigational Site, Pune, India", "Pune", 0.8),
        ("Ali Xyntrax, Tehran, Iran", "Tehran", 0.8),
        ("Xyntrax, Buenos Aires, Argentina", "Buenos Aires", 0.8),  # larger than all places of the province
        ("Xyntrax | São Paulo, Brazil", "São Paulo", 0.8),
        ("Xyntrax, Jinhua, Zhejiang, China", "Jinhua", 0.8),  # Yiwu is larger
        ("Xyntrax, New York, USA", "New York City", 0.612),  # the share of the state's people
        ("Xyntrax, New York City, USA", "New York City", None),  # no state is called so
        ("Xyntrax, Quebec City, Canada", "Québec", None),
        ("Xyntrax, Redwood City, USA", "Redwood City", None),
        ("Xyntrax Solutions, Alexandria, VA", "Alexandria", None),  # in the other region named
    ],
)
def test_behind_an_unknown_name_the_main_city_of_a_region_is_meant(text, name, sure, alone):
    answer = one(alone, address=text)
    assert gazetteer.places().name[gazetteer.places().row(answer["gazetteer_id"])] == name
    probability = float(answer["location_probability"])
    assert probability == sure if sure else probability > 0.9


def test_behind_an_area_the_probability_is_the_root_of_the_share_of_the_regions_places_near_the_city(alone):
    city = gazetteer.places().row(ZURICH)
    region = region_behind(read("Foobar District, Zurich, Switzerland", Surroundings()))
    share = _share_near(region, int(gazetteer.places().lat_e7[city]), int(gazetteer.places().lon_e7[city]))
    assert 0.5 < share < 0.8
    assert float(one(alone, address="Foobar District, Zurich, Switzerland")["location_probability"]) == round(
        math.sqrt(share), 3
    )


@pytest.mark.parametrize(
    "address",
    [
        "Foo Hospital, Nashik District, Maharashtra, India",
        "Foo University, Jaipur District, Rajasthan, India",
        "Foo Software Park, Foobar, Nashik District, Maharashtra, India",  # behind another part
    ],
)
def test_an_organisation_in_a_region_by_its_word_is_not_surely_in_the_main_town(address, alone):
    assert float(one(alone, address=address)["location_probability"]) == 0.8


def test_a_town_before_its_district_by_the_word_is_meant(alone):
    answer = one(alone, address="Foo Hospital, Sinnar, Nashik District, Maharashtra, India")
    assert answer["gazetteer_id"] == 1256119
    assert float(answer["location_probability"]) > 0.9


def test_a_place_counts_in_the_county_of_the_nearest_main_town():
    counties = [region for region, _ in regions.table() if region.economy == "NL" and region.admin2]
    rows = [row for region in counties for row in _rows_in(region)]
    assert len(counties) > 300
    assert len(set(rows)) > 0.95 * gazetteer.places().economy.count("NL")


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "四川省成都市邛崃市人民路71号"}, (30.4, 103.5)),  # Qionglai, known by its sound
        ({"address": "Qionglai City, Chengdu, Sichuan Province, China"}, (30.4, 103.5)),
        ({"address": "浙江省宁波市宁海县"}, (29.3, 121.4)),
        ({"city": "石阡县", "region": "贵州省"}, (27.5, 108.2)),
        ({"address": "四川省眉山市丹棱县2号"}, None),  # a county that is not known is not its prefecture's city
        ({"address": "Foobar County, Zhuzhou, Hunan Province, China"}, None),
        ({"address": "Yongjia County, Wenzhou, Zhejiang"}, (28.2, 120.7)),  # a name that the main town had once
        ({"address": "辽宁省铁岭市调兵山市人民路138号"}, None),  # nor is a city of a county's rank
        ({"city": "承德县", "country": "CN"}, None),  # nor one that is called like it
        ({"city": "邵阳县", "country": "CN"}, (27.0, 111.2)),  # which is known by its towns
        ({"address": "四川省眉山市东坡区2号"}, (30.0, 103.8)),  # a district lies in its city
        ({"address": "Dongpo District, Meishan, Sichuan Province, China"}, (30.0, 103.8)),
        ({"address": "Anji County People's Hospital, Huzhou, Zhejiang, China"}, (30.9, 120.1)),
    ],
)
def test_a_county_of_china_is_not_its_prefectures_city(address, spot, alone):
    answer = one(alone, **address)
    place = None if answer["lat_e7"] is None else (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1))
    assert place == spot


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("1-15-6, Yamaguchi, Kato-shi, Japan", (34.9, 135.0)),  # no prefecture, and not the city
        ("3-21-20, KASUGA, KASHIWAZAKI-SHI, Japan", (37.4, 138.6)),
        ("Yeonsan-ri, Gunsan-si, South Korea", (36.0, 126.7)),
        ("4-6-17 Ryogoku, Sumida-ku 130-0026, Japan", (35.7, 139.7)),
        ("Hyogo, Kato-shi, Japan", (34.9, 135.0)),  # from the general to the particular
        ("Yamaguchi, Yamaguchi, Japan", (34.2, 131.5)),
    ],
)
def test_what_stands_before_a_city_with_its_kind_lies_in_it(text, spot, alone):
    answer = one(alone, address=text)
    assert (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1)) == spot


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Brgy. Pilar, Bauang, La Union, Philippines", (16.5, 120.3)),  # no other Pilar, and no La Union elsewhere
        ("Barangay San Miguel, Siniloan, Laguna, Philippines", (14.4, 121.4)),
        ("Bgy. 3 - Centro, Mabini, Batangas, Philippines", (13.8, 120.9)),  # of several that near what follows
        ("Brgy. Foo, Foobarville, Quezon, Philippines", None),
        ("Barangay, Philippines", None),  # no place called so
        ("Brgy. Foo Makati City, Philippines", (14.6, 121.0)),  # its town in one part with it
        ("Brgy. 76, Zone 10, Pasay City, Metro Manila, Philippines", (14.5, 121.0)),
        ("Brgy. 659, Ermita, Manila, Philippines", (14.6, 121.0)),  # a city behind it is no province
        ("Brgy. Foo, Mabolo, Cebu City, Cebu, Philippines", (10.3, 123.9)),
        ("Brgy. Foo, Foobarville, Makati City, Philippines", (14.6, 121.0)),
        ("Brgy. Adia, Santa Maria, Laguna, Philippines", (14.5, 121.4)),  # one of twenty
        ("Brgy. Alabang, Filinvest City, Muntinlupa, Philippines", (14.4, 121.0)),
    ],
)
def test_a_barangay_is_a_part_of_the_municipality_behind_it_and_that_of_a_province(text, spot, alone):
    answer = one(alone, address=text)
    place = None if answer["lat_e7"] is None else (round(answer["lat_e7"] / 1e7, 1), round(answer["lon_e7"] / 1e7, 1))
    assert place == spot


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("ALIPINAR (IGDIR KOYU) MAHALLESI NO 12 ZARA - SIVAS TURKEY", 295982),
        ("Yeni Mahalle No 12 Zara, Sivas Turkey", 295982),
        ("Foo Sokak 12 Foobarville, Sivas Turkey", 300619),
        ("FOO MAH. BAR CAD. NO: 46/B TIRE IZMIR TURKIYE", 299137),  # a number with a letter
        ("FOO MAH. BAR CAD. NO:9A TIRE IZMIR TURKIYE", 299137),
    ],
)
def test_a_town_behind_a_number_is_parted_before_a_province_with_its_country(text, geonames_id, alone):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "address",
    [
        {"address": "Foo Vidya Mandal, Mumbai, Maharashtra, India"},
        {"institution": "Foo Prasarak Mandal, Thane", "country": "IN"},
    ],
)
def test_a_society_that_is_called_mandal_leaves_the_city_behind_it_as_sure_as_another(address, alone):
    other = {name: text.replace("Mandal", "Society") for name, text in address.items()}
    answer = one(alone, **address)
    assert answer["gazetteer_id"] is not None
    assert answer == one(alone, **other)


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Gandevi PO, Dist. Navsari, Gujarat - 396325", 1271722),
        ("Săcel, jud. Maramureş, România", 668320),
        ("Commune de Meskiana, wilaya de Oum El Bouaghi, Algérie", 2487805),
    ],
)
def test_a_small_place_is_meant_in_the_region_that_follows_by_its_word(text, geonames_id, alone):
    answer = one(alone, address=text)
    assert (answer["gazetteer_id"], answer["location_probability"] > 0.9) == (geonames_id, True)


def test_letters_of_a_province_are_no_word_for_a_region(alone):
    assert one(alone, address="Foobar, CORSO 90 TORINO (TO), 10100 TORINO, Italy")["gazetteer_id"] == 3165524


@pytest.mark.parametrize("text", ["diverse", "Unbekannt", "other"])
def test_a_word_that_says_that_no_place_is_known_is_no_organisation_without_a_country(text, registered):
    assert one(registered, institution=text)["lat_e7"] is None
    assert registered.finder.candidates("", text, "", "", "", "")[0] == []


@pytest.mark.parametrize(
    ("text", "geonames_id"),
    [
        ("Foobar District, Chongqing, China", None),  # three of four people of the region live elsewhere
        ("No. 5 Renmin Road, Foobar District, Chongqing, China", None),  # a street hides no district
        ("Foobar District, Bandung City, Jawa Barat, Indonesia", 1650357),  # a city by its word is narrow enough
        ("No. 5 Renmin Road, Foobar District, Nanjing, Jiangsu, China", 1799962),  # most people live in the city
        ("Distrito de Foobar, Lima, Lima, Perú", 3936456),
        ("Foobar District, Menston, United Kingdom", 2642743),  # a small town, whose districts are near it
        ("Foobar District, Nan, Thailand", None),  # a province as well
    ],
)
def test_behind_a_district_that_is_not_known_a_city_is_as_likely_as_people_of_the_region_live_there(
    text, geonames_id, alone
):
    assert one(alone, address=text)["gazetteer_id"] == geonames_id


def test_the_town_of_a_unit_around_a_district_that_is_not_known_is_not_sure(alone):
    texts = ("Kec. Foobar, Kab. Wonosobo, Jawa Tengah, Indonesia", "Wonosobo, Jawa Tengah, Indonesia")
    behind, whole = (float(one(alone, address=text)["location_probability"] or 0) for text in texts)
    assert behind < 0.8
    assert whole > 0.95


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Foobarilla (Barcelona), España", 0.7),
        ("Calle Mayor 3, Foobarilla (Barcelona), España", 0.7),
        ("Foobarello (Torino), Italia", None),  # most of the province is further away
        ("29999 Foobarilla (Málaga), España", None),  # so are the places of the post code
    ],
)
def test_an_unknown_town_before_its_province_in_parentheses_may_be_anywhere_in_it(text, most, alone):
    answer = one(alone, address=text)
    assert (answer["location_probability"] is None) if most is None else (answer["location_probability"] < most)


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ({"address": "Foobar S.A. (Barcelona), España"}, "Barcelona"),
        ({"institution": "Foobarilla (Barcelona), España"}, "Barcelona"),
        ({"address": "Calle Mayor 5 (Barcelona), España"}, "Barcelona"),
        ({"address": "Sabadell (Barcelona), España"}, "Sabadell"),
        ({"address": "Foobarilla (Lyon), France"}, "Lyon"),  # no region
        ({"address": "Foobarville (New York), USA"}, "New York City"),
    ],
)
def test_behind_no_unknown_town_a_city_in_parentheses_is_meant(address, city, alone):
    answer = one(alone, **address)
    assert gazetteer.places().name[gazetteer.places().row(answer["gazetteer_id"])] == city
    assert answer["location_probability"] > 0.9
