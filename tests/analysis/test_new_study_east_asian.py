"""A first study of files of East Asia: dates of eras, full-width numbers, names of columns."""

import re

import pytest

from analysis.test_new_study import columns, written, written_again
from hubrank.analysis.new_study.folder import looks
from hubrank.analysis.new_study.guess import column_words
from hubrank.analysis.new_study.sought import REGION, SOUGHT
from hubrank.analysis.new_study.towns import nearest_to_towns

TOWNS = ("横浜市", "川崎市", "大阪市", "名古屋市", "福岡市", "札幌市", "仙台市", "京都市", "神戸市", "広島市")


def file_of(folder, name, header, rows):
    for old in folder.iterdir():
        old.unlink()
    (folder / name).write_text("\n".join([header, *rows]) + "\n", "utf-8")


@pytest.mark.parametrize("stamp", ["令和3年4月1日", "2021年度", "２０２１", "R3.4.1", "令和3年度"])
def test_a_column_of_which_some_are_dates_in_east_asian_form_is_that_of_the_years(tmp_path, stamp):
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("出願日", "年度"):
        rows = [f"A-{n:03},{town},{stamp if n % 2 else '2021'}" for n, town in enumerate(TOWNS * 2)]
        file_of(folder, "特許.csv", f"出願番号,発明者住所,{name}", rows)
        new, summary, study = written_again(folder, tmp_path) if name == "年度" else written(folder, tmp_path)
        assert name in (columns(new).get("date"), columns(new).get("year"))
        assert (study["windows"], summary["sources"][0]["rows_kept"]) == ({"patents": [2021, 2021]}, 20)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("機関名,国,年,論文数", ("institution", "country", "year", "count")),
        ("研究機関,国コード,年度,件数", ("institution", "country", "year", "count")),
        ("机构名称,国家,年份年,专利数量", ("institution", "country", "year", "count")),
        ("기관명,국가,연도,논문수", ("institution", "country", "year", "count")),
        ("著者所属,국가 코드,연도,특허 건수", ("institution", "country", "year", "count")),
        ("소속,国,年度,特許出願件数", ("institution", "country", "year", "count")),
        ("所属大学名,国名,年,国際出願番号", ("institution", "country", "year", "record")),
        ("所属機関,国,調達年,登録号", ("institution", "country", "year", "record")),
    ],
)
def test_columns_are_known_by_names_in_japanese_chinese_and_korean(tmp_path, header, expected):
    folder = tmp_path / "files"
    folder.mkdir()
    last = "A-{n}" if expected[-1] == "record" else "{n}"
    rows = [
        f"{town}大学,日本,{2019 + year},{last.format(n=10 * n + year)}"
        for n, town in enumerate(TOWNS)
        for year in (0, 1)
    ]
    file_of(folder, "table.csv", header, rows)
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == dict(zip(expected, header.split(","), strict=True))


def test_the_firm_is_the_organisation_of_deals_and_no_id(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    file_of(
        folder,
        "資金調達.csv",
        "企業名,所在地,調達日",
        [f"株式会社{n:04},{t},2021/05/0{n}" for n, t in enumerate(TOWNS[:9], 1)],
    )
    new, _, study = written(folder, tmp_path)
    assert columns(new) == {"address": "所在地", "date": "調達日", "organisation": "企業名"}
    assert study["sources"][0]["metric"] == "deals"


def test_a_column_of_numbers_is_never_one_of_towns(tmp_path):
    (tmp_path / "t.csv").write_text("\n".join(["数値", *["１０", "１１", "12", "13"] * 5]), "utf-8")
    (look,) = looks(tmp_path / "t.csv")
    assert nearest_to_towns(look) is None


@pytest.mark.parametrize(
    "header", ["国籍", "국적", "Nationality", "country of citizenship", "Staatsangehörigkeit", "国"]
)
def test_the_nationality_of_persons_is_not_the_country_of_their_address(tmp_path, header):
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [f"A-{n:03},2021,{town},日本" for n, town in enumerate(TOWNS * 2)]
    file_of(folder, "特許.csv", f"出願番号,年,市町村,{header}", rows)
    new, _, _ = written(folder, tmp_path)
    assert ("country" in columns(new)) is (header == "国")


def test_the_nationality_is_not_the_country_beside_an_address(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [f"A-{n:03},2021,{town}1-2,中国" for n, town in enumerate(TOWNS * 2)]
    file_of(folder, "特許.csv", "出願番号,年,発明者住所,国籍", rows)
    new, _, _ = written(folder, tmp_path)
    assert columns(new) == {"address": "発明者住所", "year": "年", "record": "出願番号"}


KOREAN = (
    ("부산광역시", "강서구"),
    ("강원특별자치도", "고성군"),
    ("경기도", "광주시"),
    ("울산광역시", "울주군"),
    ("인천광역시", "서구"),
)
JAPANESE = (("東京都", "府中市"), ("広島県", "府中市"), ("北海道", "伊達市"), ("福島県", "伊達市"), ("東京都", "港区"))
TAIWANESE = (("桃園市", "大溪區"), ("臺中市", "清水區"), ("屏東縣", "東港鎮"), ("彰化縣", "田中鎮"))
CHINESE = (("江苏省", "苏州市"), ("江西省", "抚州市"), ("福建省", "福州市"), ("广东省", "深圳市"))


@pytest.mark.parametrize(
    ("titles", "places"),
    [
        ("시도,시군구", KOREAN),
        ("시·도,시·군·구", KOREAN),
        ("발명자 시도명,발명자 시군구명", KOREAN),
        ("都道府県,市区町村", JAPANESE),
        ("都道府県名,市町村名", JAPANESE),
        ("縣市,鄉鎮市區", TAIWANESE),
        ("省份,城市", CHINESE),
        ("省,市", CHINESE),
        ("省（区、市）,地级市", CHINESE),
    ],
)
def test_titles_of_two_levels_are_region_and_city(tmp_path, titles, places):
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [f"{region},{city},2023,{n}" for n, (region, city) in enumerate(places, 5)]
    file_of(folder, "table.csv", f"{titles},年,件数", rows)
    new, _, _ = written(folder, tmp_path)
    region, city = titles.split(",")
    assert (columns(new)["region"], columns(new)["city"]) == (region, city)


@pytest.mark.parametrize("title", ["所管省", "県コード", "시도 횟수", "市場"])
def test_other_titles_with_such_words_are_no_places(title):
    names = [name for what in ("city", "region") for name in (*SOUGHT[what][0], REGION)]
    assert not any(re.fullmatch(name, column_words(title)) for name in names)


def test_regions_alone_are_no_region_beside_which_nothing_is_located(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    provinces = (
        "서울특별시",
        "부산광역시",
        "대구광역시",
        "인천광역시",
        "광주광역시",
        "대전광역시",
        "울산광역시",
        "세종특별자치시",
    )
    file_of(folder, "table.csv", "시도,연도,건수", [f"{one},2023,{n}" for n, one in enumerate(provinces, 5)])
    new, _, _ = written(folder, tmp_path)
    assert columns(new)["city"] == "시도"
