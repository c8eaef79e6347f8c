"""A town or district before the city whose area it lies in."""

import pyarrow as pa
import pytest

from hubrank.core.tables import ADDRESS_SCHEMA
from hubrank.geocoding.explain_address import explain


def one(resolver, address):
    return resolver.locate(pa.Table.from_pylist([{"address": address}], ADDRESS_SCHEMA)).to_pylist()[0]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("Jimo, Qingdao, Shandong, China", "Jimo"),  # its post code's village is at the middle of the city
        ("5 Foo Road, Feicheng, Taian, Taian, Shandong, China", "Feicheng"),  # the city twice
        ("1270 Foo Road, Jinhui Town, Fengxian District, Shanghai, China", "Fengxiang"),  # a region of the first level
        ("5 Foo Road, Lili Town, Wujiang, Suzhou, Jiangsu, China", "Lili"),  # a name between that is not known there
        ("Ganjingzi District, Dalian, Liaoning, China", "Dalian"),  # known at the middle of its post code only
        ("Azuqueca de Henares, Guadalajara, Spain", "Azuqueca de Henares"),
        ("Foo, Dublin, Ballsbridge, Ireland", "Dublin"),  # a quarter that is known as another name of the city alone
    ],
)
def test_a_town_is_meant_before_the_city_around_it(address, place, alone):
    first = explain({"address": address}, alone)[0]
    assert first.answered
    assert first.place.split(",")[0] == place


def test_of_two_places_with_the_name_of_the_region_the_one_near_the_town_is_meant(alone):
    answer = one(alone, "55 Foo Park, Tongan, Xiamen, 361100, Fujian, China")
    assert answer["lat_e7"] > 246_000_000  # 25 km north of the city's centre


@pytest.mark.parametrize(
    "address",
    [
        "Foo Ltd, 5 Bar Road, Foobar Town, Tianjin, China",
        "Foo Ltd, Hamlet 4, Foobar District, Bien Hoa, Vietnam",
        "Foo Ltd, 5 Bar Road, Foobar Town, Rugao City, Jiangsu, China",
    ],
)
def test_a_city_behind_a_unit_that_is_not_known_is_not_sure(address, alone):
    answer = one(alone, address)
    assert answer["gazetteer_id"] is not None
    assert float(answer["location_probability"]) < 0.9


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("Chengguan District, Lanzhou", "Lanzhou"),
        ("Hongshan District, Wuhan", "Guanshan"),  # a place of its own in the city
        ("Hongshan District, Chifeng", "Chifeng"),
        ("Heping District, Shenyang", "Shenyang"),
        ("Xinhua District, Shijiazhuang", "Shijiazhuang"),
        ("Gulou District, Kaifeng", "Kaifeng"),
        ("Gulou District, Xuzhou", "Xuzhou"),
        ("Xihu District, Hangzhou", "Hangzhou"),
        ("Nangang District, Harbin", "Harbin"),
        ("Baiyun District, Guiyang", "Guiyang"),
        ("Xincheng District, Xi'an", "Xi’an"),
        ("Zhongshan District, Dalian", "Dalian"),
        ("Hedong District, Linyi", "Linyi"),
        ("Furong District, Changsha", "Changsha"),
    ],
)
def test_without_a_country_a_district_that_has_a_namesake_elsewhere_in_it_is_in_its_city(address, place, alone):
    first = explain({"address": address}, alone)[0]
    assert first.answered
    assert first.place.split(",")[0] == place
