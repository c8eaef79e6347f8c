"""Addresses abroad in Japanese, Korean and Chinese."""

import pytest

from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.text.foreign_addresses import foreign_parts
from locating import one

SAN_JOSE, MUNICH, OSAKA, BOSTON = 5392171, 2867714, 1853909, 4930956
SEATTLE, LYON, MILAN, FLORENCE, MARSEILLE = 5809844, 2996944, 3173435, 3176959, 2995469
PORTLAND_OREGON = 5746545
COLUMBUS_GEORGIA, FRANKFURT_AM_MAIN, MINATO = 4188985, 2925533, 13353696


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("米国カリフォルニア州サンノゼ", ["サンノゼ", "カリフォルニア州", "米国"]),
        ("ドイツ国 バイエルン州80331ミュンヘン市", ["ミュンヘン市", "80331", "バイエルン州", "ドイツ国"]),
        ("独国ミュンヘン", ["ミュンヘン", "独国"]),
        ("독일 D-80331 뮌헨 마리엔플라츠 1", ["마리엔플라츠 1", "뮌헨", "D-80331", "독일"]),
        ("일본 오사카부 오사카시", ["오사카시", "오사카부", "일본"]),
        ("美国马萨诸塞州波士顿", ["波士顿", "马萨诸塞州", "美国"]),
        ("美国明尼苏达州罗切斯特", ["明尼苏达州罗切斯特", "美国"]),  # the town is not known
        ("美国新泽西州麦迪逊", ["新泽西州麦迪逊", "美国"]),  # known in another state alone
        ("美国加里福尼亚州 波士顿", ["加里福尼亚州波士顿", "美国"]),  # the state is not known by this spelling
        ("法国罗讷省里昂", ["里昂", "罗讷省", "法国"]),
        ("法国伊泽尔省里昂", ["伊泽尔省里昂", "法国"]),  # Lyon is in another department
        ("독일 쾨니히스브룬넨연구소", []),
        ("アメリカ 屋 東京都", []),  # at home
        ("美国加利福尼亚大学", []),  # no region: the University of California
        ("美国波士顿科学", []),  # no town: Boston Scientific
        ("ドイツ銀行", []),
        ("대한민국 서울특별시", []),  # at home
        ("日本東京都", []),
        ("米国", []),
        ("Café, France", []),
    ],
)
def test_an_address_abroad_is_parted_behind_country_region_and_town(text, parts):
    assert foreign_parts(text) == parts


@pytest.mark.parametrize(
    ("address", "geonames_id"),
    [
        ({"address": "米国カリフォルニア州サンノゼ"}, SAN_JOSE),
        ({"address": "アメリカ合衆国、カリフォルニア州95134、サンノゼ、ファースト・ストリート 100"}, SAN_JOSE),
        ({"address": "미합중국 캘리포니아주 산호세"}, SAN_JOSE),
        ({"city": "サンノゼ", "region": "カリフォルニア州", "country": "アメリカ合衆国"}, SAN_JOSE),
        ({"address": "ドイツ連邦共和国 ミュンヘン"}, MUNICH),
        ({"address": "독일 뮌헨"}, MUNICH),
        ({"city": "ミュンヘン", "country": "独国"}, MUNICH),
        ({"address": "일본 오사카부 오사카시"}, OSAKA),
        ({"address": "美国马萨诸塞州波士顿"}, BOSTON),
        ({"address": "美国佐治亚州哥伦布"}, COLUMBUS_GEORGIA),
        ({"address": "美国华盛顿州西雅图"}, SEATTLE),  # GeoNames has the name in traditional characters
        ({"address": "美国俄勒冈州波特兰"}, PORTLAND_OREGON),
        ({"address": "法国罗讷省里昂"}, LYON),
        ({"address": "フランス国ローヌ県リヨン"}, LYON),
        ({"address": "프랑스 론주 리옹"}, LYON),
        ({"address": "美国西弗吉尼亚州摩根敦"}, 4815352),
        ({"address": "德国巴登-符腾堡州斯图加特"}, 2825297),
        ({"address": "意大利米兰省米兰"}, MILAN),
        ({"address": "意大利托斯卡纳大区佛罗伦萨"}, FLORENCE),
        ({"address": "法国普罗旺斯-阿尔卑斯-蓝色海岸大区马赛"}, MARSEILLE),
        ({"address": "ドイツ国フランクフルト"}, FRANKFURT_AM_MAIN),
        ({"address": "ドイツ国 60598 フランクフルト"}, FRANKFURT_AM_MAIN),
        ({"address": "チリ 工業 東京都港区"}, MINATO),
    ],
)
def test_an_address_abroad_in_east_asian_letters_is_at_its_town(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    "address",
    [
        {"address": "美国明尼苏达州罗切斯特"},  # GeoNames has the state's name for Arden Hills
        {"address": "明尼苏达州", "country": "美国"},
        {"address": "美国新泽西州麦迪逊"},
        {"address": "美国加里福尼亚州波士顿"},
    ],
)
def test_a_town_that_is_not_known_in_its_region_has_no_answer(address, alone):
    assert one(alone, **address)["gazetteer_id"] is None


@pytest.mark.parametrize(
    ("name", "economy", "region"),
    [
        ("カリフォルニア州", "US", "California"),
        ("カリフォルニア", "US", "California"),
        ("캘리포니아 주", "US", "California"),
        ("加利福尼亞州", "US", "California"),
        ("佐治亚州", "US", "Georgia"),
        ("德克萨斯州", "US", "Texas"),
        ("바이에른주", "DE", "Bayern"),
        ("노르트라인베스트팔렌", "DE", "Nordrhein-Westfalen"),
        ("カリフォルニア州", "DE", None),
    ],
)
def test_regions_abroad_are_known_in_japanese_korean_and_chinese(name, economy, region):
    assert [area.name for area in regions.find(name, economy)] == ([region] if region else [])
