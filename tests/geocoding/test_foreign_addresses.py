"""Addresses abroad in Japanese, Korean and Chinese."""

import pytest

from hubrank.geocoding.gazetteer import regions
from hubrank.geocoding.text.foreign_addresses import foreign_parts
from locating import one

SAN_JOSE, MUNICH, OSAKA, BOSTON = 5392171, 2867714, 1853909, 4930956


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("米国カリフォルニア州サンノゼ", ["サンノゼ", "カリフォルニア州", "米国"]),
        ("ドイツ国 バイエルン州80331ミュンヘン市", ["ミュンヘン市", "80331", "バイエルン州", "ドイツ国"]),
        ("独国ミュンヘン", ["ミュンヘン", "独国"]),
        ("독일 D-80331 뮌헨 마리엔플라츠 1", ["마리엔플라츠 1", "뮌헨", "D-80331", "독일"]),
        ("일본 오사카부 오사카시", ["오사카시", "오사카부", "일본"]),
        ("美国马萨诸塞州波士顿", ["波士顿", "马萨诸塞州", "美国"]),  # the region is not listed by this name
        ("독일 쾨니히스브룬넨연구소", ["쾨니히스브룬넨연구소", "독일"]),
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
    ],
)
def test_an_address_abroad_in_east_asian_letters_is_at_its_town(address, geonames_id, alone):
    assert one(alone, **address)["gazetteer_id"] == geonames_id


@pytest.mark.parametrize(
    ("name", "economy", "region"),
    [
        ("カリフォルニア州", "US", "California"),
        ("カリフォルニア", "US", "California"),
        ("캘리포니아 주", "US", "California"),
        ("加利福尼亞州", "US", "California"),
        ("바이에른주", "DE", "Bayern"),
        ("노르트라인베스트팔렌", "DE", "Nordrhein-Westfalen"),
        ("カリフォルニア州", "DE", None),
    ],
)
def test_regions_abroad_are_known_in_japanese_korean_and_chinese(name, economy, region):
    assert [area.name for area in regions.find(name, economy)] == ([region] if region else [])
