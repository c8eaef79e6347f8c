"""Municipalities of Japan, Korea and Taiwan, and counties of China, by their names in their scripts.

Coordinates were checked by hand on maps.
"""

import pyarrow as pa
import pytest

from hubrank.geocoding.gazetteer import compile as compile_module
from hubrank.geocoding.gazetteer import gazetteer, packaged, place_labels, regions
from hubrank.geocoding.text.native_addresses import native_parts
from hubrank.geocoding.text.normalise import key
from locating import one

KAISEI, FUCHU_NEAR_HIROSHIMA, BUNKYO, NAGAOKAKYO = (35.33, 139.12), (34.39, 132.50), (35.71, 139.75), (34.93, 135.70)
CHUO_IN_SAGAMIHARA, TAMA_IN_KAWASAKI, SEKI, MIHAMA = (35.57, 139.37), (35.62, 139.56), (35.50, 136.92), (34.77, 136.90)
LUKANG, BAIHE, QISHAN = (24.06, 120.43), (23.35, 120.42), (22.89, 120.48)
XINYI_IN_NANTOU, CHANGBIN = (23.66, 120.86), (23.32, 121.45)
HSINCHU, KAOHSIUNG = (24.80, 120.97), (22.63, 120.31)


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "神奈川県足柄上郡開成町延沢773"}, KAISEI),
        ({"address": "神奈川県開成町延沢773"}, KAISEI),  # without its county
        ({"address": "足柄上郡開成町延沢773"}, KAISEI),  # without its prefecture
        ({"city": "開成町", "region": "神奈川県", "country": "JP"}, KAISEI),
        ({"city": "足柄上郡開成町", "country": "JP"}, KAISEI),
        ({"address": "広島県安芸郡府中町大通3-5-1"}, FUCHU_NEAR_HIROSHIMA),  # Fuchū is a city of the prefecture, too
        ({"city": "府中町", "region": "広島県", "country": "JP"}, FUCHU_NEAR_HIROSHIMA),
        ({"address": "神奈川県相模原市中央区中央2-11-15"}, CHUO_IN_SAGAMIHARA),
        ({"address": "神奈川県川崎市多摩区登戸1775"}, TAMA_IN_KAWASAKI),  # 19 km from the middle of the city
        ({"address": "東京都文京区本郷7-3-1"}, BUNKYO),
        ({"address": "文京区本郷7-3-1"}, BUNKYO),
        ({"address": "京都府長岡京市開田1-1-1"}, NAGAOKAKYO),
        ({"address": "〒501-3894 岐阜県関市若草通3-1"}, SEKI),
        ({"address": "知多郡美浜町河和北田面106"}, MIHAMA),  # one of four towns of the name
    ],
)
def test_a_municipality_of_japan_is_where_its_register_has_it(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        # A county tells which of the towns of a name is meant, and is no town itself.
        ({"address": "3-1, Shinchi, Fuchu-cho, Aki-gun, Hiroshima 730-8670 (JP)"}, FUCHU_NEAR_HIROSHIMA),
        ({"address": "Hiroshima-ken, Aki-gun, Fuchu-cho, Shinchi 3-1, Japan"}, FUCHU_NEAR_HIROSHIMA),
        ({"city": "Fuchu-cho, Aki-gun", "country": "JP"}, FUCHU_NEAR_HIROSHIMA),
        ({"address": "Onna-son, Kunigami-gun Okinawa 904-0495 (JP)"}, (26.50, 127.85)),
        ({"address": "Tokai, Naka-gun, Ibaraki 319-1195, Japan"}, (36.47, 140.57)),
        ({"address": "Kamiyama-cho, Myozai-gun, Tokushima, Japan"}, (33.97, 134.35)),
        ({"address": "Ooi-machi Ashigarakami-gun Kanagawa-ken, Japan"}, (35.33, 139.15)),
        # A city by its word is no town of the name, nor a place whose name ends like the word.
        ({"address": "Fuchu-shi, Hiroshima, Japan"}, (34.57, 133.24)),
        ({"address": "Naka-shi, Ibaraki (JP)"}, (36.46, 140.49)),
        ({"city": "Tosa-shi", "region": "Kochi", "country": "JP"}, (33.50, 133.43)),
        ({"city": "Shiroishi", "region": "Miyagi", "country": "JP"}, (38.00, 140.62)),
        # A ward with its city, of which other cities have one as well.
        ({"city": "Kita-ku, Sapporo", "country": "JP"}, (43.06, 141.35)),
        ({"city": "Aoba-ku, Sendai-shi", "country": "JP"}, (38.27, 140.87)),
        ({"address": "Aoba-ku Sendai"}, (38.27, 140.87)),
        ({"address": "Foo Laboratory, Midori-ku Yokohama 226-8503"}, (35.45, 139.64)),
    ],
)
def test_a_municipality_of_japan_in_latin_letters_is_told_from_its_namesakes(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)


@pytest.mark.parametrize(
    ("ward", "latin", "spot"),
    [
        ("文京区", "Bunkyo", BUNKYO),
        ("江東区", "Koto", (35.67, 139.82)),
        ("品川区", "Shinagawa", (35.61, 139.73)),
        ("杉並区", "Suginami", (35.70, 139.64)),
    ],
)
def test_a_ward_that_geonames_has_in_another_prefecture_is_at_its_hall(alone, ward, latin, spot):
    for name in (ward, latin):
        answer = one(alone, city=name, region="Tokyo", country="JP")
        assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.01)


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("龍{}崎市", "茨城県"),
        ("鎌{}谷市", "千葉県"),
        ("茅{}崎市", "神奈川県"),
        ("関{}原町", "岐阜県"),
        ("七{}宿町", "宮城県"),
    ],
)
def test_small_and_large_ke_are_one_letter(alone, name, region):
    small, large = (one(alone, city=name.format(letter), region=region, country="JP") for letter in "ヶケ")
    assert small["lat_e7"] is not None
    assert small == large


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"city": "中央区", "region": "北海道"}, (43.06, 141.34)),  # Sapporo, not Tokyo
        ({"city": "中央区", "region": "福岡県", "country": "JP"}, (33.59, 130.39)),
        ({"address": "兵庫県中央区1-2-3"}, (34.70, 135.20)),
        ({"city": "中央区", "region": "東京都"}, (35.67, 139.77)),
        ({"city": "中央区", "region": "札幌市", "country": "JP"}, (43.06, 141.34)),
        ({"city": "中央区", "region": "札幌市"}, (43.06, 141.34)),
        ({"city": "葵区", "country": "JP"}, (34.98, 138.38)),  # Shizuoka alone has one
        ({"city": "中央区", "country": "JP"}, None),  # of ten cities
    ],
)
def test_a_ward_without_its_city_is_the_one_of_its_prefecture(address, spot, alone):
    answer = one(alone, **address)
    lat, lon = answer["lat_e7"], answer["lon_e7"]
    assert (None if lat is None else (lat / 1e7, lon / 1e7)) == (pytest.approx(spot, abs=0.08) if spot else None)


@pytest.mark.parametrize(
    ("ward", "city"), [("전주시 덕진구", "Jeonju"), ("수원시 영통구", "Suwon"), ("창원시 성산구", "Changwon")]
)
def test_a_ward_of_a_city_of_korea_is_shown_as_that_city(alone, ward, city):
    assert place_labels.place_name(one(alone, city=ward, country="KR")["gazetteer_id"]).startswith(city)


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "강원특별자치도 횡성군 횡성읍 한우로 1"}, (37.49, 127.98)),
        ({"address": "경기도 동두천시 방죽로 23"}, (37.90, 127.06)),  # not among the places of GeoNames
        ({"address": "경기 동두천시 방죽로 23"}, (37.90, 127.06)),
        ({"city": "과천시", "region": "경기도", "country": "KR"}, (37.43, 126.99)),
        ({"city": "Jecheon", "country": "KR"}, (37.13, 128.19)),
        (
            {"address": "세종특별자치시 한누리대로 2130"},
            (36.59, 127.29),
        ),  # a city that is a region, and no village in it
        ({"address": "경기도 성남시 분당구 불정로 6"}, (37.38, 127.12)),
        ({"city": "장안구", "region": "경기도", "country": "KR"}, (37.30, 127.01)),
        ({"address": "부산광역시 서구 구덕로 120"}, (35.10, 129.02)),  # six cities have a ward of the name
        ({"city": "용인시", "region": "경기도", "country": "KR"}, (37.24, 127.18)),  # known by its wards alone
        ({"city": "Yongin", "region": "Gyeonggi", "country": "KR"}, (37.24, 127.18)),
        ({"address": "용인, 대한민국"}, (37.24, 127.18)),
        ({"address": "대구광역시 군위군"}, (36.24, 128.57)),  # since 2023
        ({"address": "경상북도 군위군"}, (36.24, 128.57)),
        ({"address": "Gunwi-gun, Daegu, Korea"}, (36.24, 128.57)),
    ],
)
def test_a_municipality_of_korea_is_amid_its_post_codes(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "彰化縣鹿港鎮中山路430號"}, LUKANG),
        ({"address": "505彰化縣鹿港鎮"}, LUKANG),
        ({"city": "鹿港鎮", "region": "彰化縣", "country": "TW"}, LUKANG),
        ({"address": "Lukang Township, Changhua County 505, Taiwan (R.O.C.)"}, LUKANG),
        ({"address": "Lugang Township, Changhua County"}, LUKANG),
        ({"address": "Sanzhi District, New Taipei City 252, Taiwan (R.O.C.)"}, (25.26, 121.50)),
        ({"address": "台南市白河區中山路130號"}, BAIHE),
        ({"address": "Paiho Dist., Tainan City, Taiwan, R.O.C."}, BAIHE),  # as Wade and Giles wrote
        ({"address": "No. 30, Zhongshan Rd., Cishan Dist., Kaohsiung City 842, Taiwan"}, QISHAN),  # in Tongyong
        ({"city": "信義鄉", "region": "南投縣", "country": "TW"}, XINYI_IN_NANTOU),  # Taipei has a district of the name
        ({"address": "Xinyi Township, Nantou County"}, XINYI_IN_NANTOU),
        ({"address": "台東縣長濱鄉"}, CHANGBIN),  # far from the county's main town
        ({"address": "300新竹市東區光復路二段101號"}, HSINCHU),
        ({"address": "East District, Hsinchu City 300, Taiwan"}, HSINCHU),
        ({"address": "高雄市三民區十全一路100號"}, KAOHSIUNG),  # not where 三民鄉 was
        ({"address": "桃園縣中壢市中大路300號"}, (24.96, 121.22)),  # as both were called before 2014
    ],
)
def test_a_township_of_taiwan_is_known_in_chinese_and_in_its_romanisations(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


def test_a_district_at_its_city_has_names_that_are_not_the_citys():
    rows = gazetteer.names().rows(key("Yancheng"))
    places = gazetteer.places()
    assert not [row for row, _ in rows if row < len(places.name) and places.economy[row] == "TW"]


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "广东省阳江市阳西县中山路1号"}, (21.75, 111.62)),  # stands for itself, where its seat is
        ({"city": "阳西县", "region": "广东省", "country": "CN"}, (21.75, 111.62)),
        ({"city": "阳西", "region": "广东省", "country": "CN"}, (21.75, 111.62)),
        ({"address": "贵州省六盘水市六枝特区"}, (26.21, 105.48)),  # GeoNames has it as Liuzhi
        ({"city": "赫章县", "region": "贵州省", "country": "中国"}, (27.12, 104.73)),
        ({"city": "鼓楼区", "region": "福州市", "country": "CN"}, (26.08, 119.30)),  # four cities have one
        ({"city": "鼓楼区", "region": "南京市", "country": "CN"}, (32.07, 118.78)),
        ({"city": "市中区", "region": "乐山市", "country": "CN"}, (29.56, 103.76)),  # an urban one, in its city
        ({"address": "Chongchuan District, Nantong, Jiangsu"}, (32.03, 120.87)),
        ({"address": "深圳市龙岗区龙城大道1号"}, (22.72, 114.26)),  # a prefecture by its name of today
        ({"address": "西藏自治区日喀则市萨迦县"}, (28.91, 88.03)),
        ({"city": "乐清市", "region": "浙江省"}, (28.18, 121.03)),  # its 城东街道 is not the one of Wenling
        ({"address": "天津市蓟州区"}, (39.91, 117.33)),  # amid eleven of its towns
    ],
)
def test_a_county_of_china_is_where_its_name_and_its_towns_are(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


def test_a_county_is_no_main_town_of_another_prefecture_by_another_of_its_names(alone):
    assert one(alone, address="陕西省渭南市潼关县")["gazetteer_id"] != 7064006  # Tongchuan


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "612嘉義縣太保市"}, (23.46, 120.33)),  # a post code written together with the county
        ({"address": "220新北市板橋區文化路1號"}, (25.01, 121.46)),
    ],
)
def test_a_post_code_before_an_address_in_characters_is_no_part_of_its_county(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("612嘉義縣太保市", ["612", "太保市", "嘉義縣", "臺灣"]),
        ("〒100-0001東京都千代田区", ["〒100-0001", "千代田区", "東京都"]),
        ("908屏東縣長治鄉", ["908", "長治鄉", "屏東縣", "臺灣"]),  # Changzhi is a city of China, too
        ("908屏東縣長甲鄉", ["908屏東縣長甲鄉"]),  # there is none of the name
        ("福建省福州市连江县", ["连江县", "福州市", "福建省"]),  # Taiwan has a county of the name
        ("北海道留萌市本町1丁目", ["本町1丁目", "留萌市", "北海道"]),  # 本町 is a neighbourhood, no town elsewhere
        ("埼玉県鴻巣市市ノ縄1-2", ["市ノ縄1-2", "鴻巣市", "埼玉県"]),
        ("福岡県八女市立花町1-2", ["立花町1-2", "八女市", "福岡県"]),  # no 市立, a city's institution
        ("つくば市天王台1-1-1", ["天王台1-1-1", "つくば市", "日本"]),  # begins with no Chinese character
        ("山梨県 西八代郡市川三郷町 市川大門1", ["市川大門1", "市川三郷町", "西八代郡", "山梨県"]),
        ("知多郡美浜町河和1", ["河和1", "知多郡美浜町", "日本"]),  # the county tells it from its namesakes
        ("南陽市池黒1", ["池黒1", "南陽市"]),  # Nanyang in China, too
        ("名古屋市立大学", ["名古屋市立大学"]),
        ("竹北市", ["竹北市", "臺灣"]),
        ("江阴市", ["江阴市", "中国"]),
        ("鼓楼东市", ["鼓楼东市"]),  # of which there is none
        ("06236 서울특별시 강남구 테헤란로 152", ["06236", "테헤란로 152", "강남구", "서울특별시"]),
        ("대한민국 서울특별시 강남구", ["강남구", "서울특별시", "대한민국"]),
        ("경기도수원시영통구", ["영통구", "수원시", "경기도"]),
        ("대한민국 학술원", ["대한민국 학술원"]),
    ],
)
def test_a_municipality_is_parted_from_its_neighbourhood(text, parts):
    assert native_parts(text) == parts


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"address": "Shizuoka-ken Hamamatsu-shi"}, (34.71, 137.73)),
        ({"address": "Gyeonggi-do Yongin-si Giheung-gu"}, (37.27, 127.15)),
        ({"address": "3-5 Owa 3-chome, Suwa-shi Nagano-ken 392-8502"}, (36.04, 138.11)),  # was Nagano
        ({"address": "1-1 Showa-cho, Kariya-shi Aichi 448-8661 (JP)"}, (34.98, 136.98)),
        ({"address": "1-1, Showa-cho, Kariya-city, Aichi-pref. 448-8661, Japan"}, (34.98, 136.98)),
        ({"city": "トウキョウ", "country": "JP"}, (35.69, 139.69)),
        ({"city": "ﾄｳｷｮｳ", "country": "JP"}, (35.69, 139.69)),
    ],
)
def test_levels_without_commas_and_small_kana_are_read(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


@pytest.mark.parametrize(
    "layout",
    ["{town}-shi {region}-ken", "1-2-3 Foo, {town}-shi {region}-ken 123-4567", "{town}-shi {region} 123-4567 (JP)"],
)
def test_cities_of_japan_before_their_prefecture_without_a_comma_are_read(layout, alone):
    places, names = gazetteer.places(), {r.first_level: r.name for r, _ in regions.table() if not r.admin2}
    rows = [row for row in gazetteer.rows_in("JP") if places.population[row] >= 100_000 and not places.part_of[row]]
    right = []
    for row in rows:
        town, region = (name.removesuffix("-shi") for name in (places.name[row], names["JP", places.admin1[row]]))
        answer = one(alone, address=layout.format(town=town, region=region.removesuffix("-ken")))
        right.append(answer["gazetteer_id"] == places.geonames_id[row])
    assert len(right) > 200
    assert sum(right) >= 0.97 * len(right)


def test_a_ward_has_the_id_of_its_city():
    (row,) = {row for row, _ in gazetteer.names().rows(key("相模原市中央区"))}
    villages = gazetteer.villages()
    assert villages["geonames_id"][row - len(gazetteer.places().name)].as_py() == 11611609


def test_another_place_of_the_region_loses_the_name_of_a_municipality():
    names = pa.table({"key": ["府中町", "府中町", "府中町", "fuchu"], "place": [0, 1, 2, 0]})
    regions = [("JP", "11"), ("JP", "11"), ("JP", "36")]
    left = compile_module.without_namesakes(names, {("府中町", 1), ("fuchu", 1)}, regions)
    assert left.to_pylist() == [
        {"key": "府中町", "place": 1},
        {"key": "府中町", "place": 2},
        {"key": "fuchu", "place": 0},
    ]


def test_every_municipality_is_a_place_of_the_gazetteer_or_has_coordinates():
    places = gazetteer.places()
    every = packaged.municipalities()
    assert len(every) > 4_500
    assert all(places.row(one.geonames_id) is not None for one in every if one.geonames_id)
    assert all(one.geonames_id or (one.lat and one.lon) for one in every)


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ({"city": "Üsküdar", "region": "İstanbul", "country": "TR"}, (41.02, 29.01)),
        ({"city": "Kadıköy", "region": "İstanbul", "country": "TR"}, (40.98, 29.05)),  # and not the village in Silivri
        ({"address": "Kadıköy ilçesi, İstanbul ili"}, (40.98, 29.05)),
        ({"address": "KADIKOY ISTANBUL TR"}, (40.98, 29.05)),
        ({"address": "Bakırköy/İstanbul"}, (40.98, 28.87)),
        ({"city": "Kadıköy", "region": "Yalova", "country": "TR"}, (40.62, 29.23)),  # a town elsewhere stays one
        ({"address": "Huyện Chương Mỹ, Thành phố Hà Nội"}, (20.90, 105.58)),  # whose town is Xuân Mai
        ({"address": "Tan Hiep District, Kien Giang Province, Vietnam"}, (10.10, 105.25)),
        ({"city": "Upplands-Bro", "country": "Sweden"}, (59.48, 17.75)),
    ],
)
def test_a_district_that_no_place_of_its_own_is_called_like_is_at_its_main_place(address, spot, alone):
    answer = one(alone, **address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.08)


@pytest.mark.parametrize("column", ["address", "city"])
@pytest.mark.parametrize(
    ("ward", "is_known"), [("青葉区", False), ("中央区", False), ("千代田区", True), ("仙台市青葉区", True)]
)
def test_a_ward_of_several_cities_has_no_answer_alone(column, ward, is_known, alone):
    answer = one(alone, **{"address": None, column: ward, "country": "JP"})
    assert (answer["gazetteer_id"] is not None) == is_known


@pytest.mark.parametrize(
    ("address", "spot"),
    [
        ("Yuetang District, Xiangtan City, Hunan Province, China", (27.87, 112.95)),
        ("Yuetang District, Hunan, China", (27.87, 112.95)),  # stands in the main town with other districts
        ("Foo Institute, No. 8 Renmin Road, Ruijin City, Ganzhou, Jiangxi, P.R. China", (25.89, 116.03)),
        ("Jianyang City, Chengdu, Sichuan, China", (30.40, 104.55)),
        ("Pinggu District, Beijing, China", (40.14, 117.11)),
        ("Chaoyang District, Beijing, China", (39.92, 116.45)),  # 朝阳 is also read Zhaoyang
        ("Wuchang District, Wuhan, Hubei, China", (30.55, 114.32)),
        ("Lanshan District, Linyi, Shandong, China", (35.06, 118.34)),
        ("Lanshan District, Rizhao, Shandong, China", (35.12, 119.30)),  # 岚山, not 兰山
        ("山东省临沂市兰山区", (35.06, 118.34)),
    ],
)
def test_a_county_or_district_of_china_is_known_in_latin_letters(address, spot, alone):
    answer = one(alone, address)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.1)
