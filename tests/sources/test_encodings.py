"""Which encoding a text of East Asia or another alphabet is in: an error names it; no file is read by a guess."""

import pytest

from hubrank.core.errors import DataError
from hubrank.sources.formats import rows
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.encodings import likely

TEXTS = {
    "ja": (
        "出願番号,出願日,出願人,住所,国\n"
        "特願2020,2020,東京大学,東京都文京区本郷,日本\n"
        "特願2021,2021,大阪大学,大阪府吹田市山田丘,日本\n"
    ),
    "zh": (
        "申请号,申请日,申请人,地址,国家\n"
        "CN1,2020,清华大学,北京市海淀区清华园,中国\n"
        "CN2,2021,浙江大学,浙江省杭州市西湖区,中国\n"
    ),
    "zh-TW": (
        "申請號,申請日,申請人,地址,國家\n"
        "TW1,2020,國立臺灣大學,臺北市大安區羅斯福路,臺灣\n"
        "TW2,2021,國立清華大學,新竹市光復路,臺灣\n"
    ),
    "ko": (
        "출원번호,출원일,출원인,주소,국가\n"
        "1,2020,서울대학교,서울특별시 관악구 관악로,대한민국\n"
        "2,2021,한국과학기술원,대전광역시 유성구,대한민국\n"
    ),
    "ru": ("город,страна,год\nМосква,Россия,2020\nСанкт-Петербург,Россия,2021\nНовосибирск,Россия,2021\n"),
    "el": ("πόλη,χώρα,έτος\nΑθήνα,Ελλάδα,2020\nΘεσσαλονίκη,Ελλάδα,2021\nΠάτρα,Ελλάδα,2021\n"),
}
ENCODINGS = [
    *[("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gb18030"), ("zh-TW", "cp950"), ("ko", "cp949")],
    *[("ru", "cp1251"), ("ru", "koi8_r"), ("el", "cp1253")],
]


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_the_error_names_the_encoding_in_which_the_characters_are_common_and_shows_a_line(language, encoding):
    text = TEXTS[language]
    with pytest.raises(DataError) as raised:
        list(rows.rows(Member("t.csv", iter([text.encode(encoding)]))))
    assert f'options = {{ encoding = "{encoding}" }}' in str(raised.value)
    assert text.partition("\n")[0] in str(raised.value)


def test_of_a_few_characters_no_encoding_is_named():
    assert likely("北京市,中国\n".encode("gb18030")) is None


def test_bytes_that_are_no_text_are_said_to_be_none():
    with pytest.raises(DataError, match=r"t\.csv is no text: more than 5 % of its bytes are control characters"):
        list(rows.rows(Member("t.csv", iter([bytes(range(256)) * 40 + b"\n"]))))
