"""Names of organisations in scripts that join them to their parts, or that open with their town."""

import pytest

from hubrank.geocoding.evidence.native_names import separate_native_names
from locating import one

REGISTERED = (
    *("北京大学", "東京大学", "東京大学医学部附属病院", "고려대학교", "고려대학교 구로병원", "中国科学院"),
    "学校法人沖縄学園",
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("北京大学生命科学学院", ["北京大学", "生命科学学院"]),
        ("生命科学学院 北京大学", ["生命科学学院", "北京大学"]),
        ("東京大学大学院工学系研究科", ["東京大学", "大学院工学系研究科"]),
        ("東京大学医学部附属病院 内科", ["東京大学医学部附属病院", "内科"]),  # the longest registered name
        ("고려대학교 물리학과", ["고려대학교", "물리학과"]),
        ("고려대학교 구로병원 내과", ["고려대학교 구로병원", "내과"]),  # of several words
        ("中国科学院上海药物研究所", ["中国科学院上海药物研究所"]),  # an academy has institutes elsewhere
        ("福州理工学院", ["理工学院", "福州"]),
        ("遵义医科大学计算机学院", ["医科大学计算机学院", "遵义"]),
        ("北京大学深圳医院", ["北京大学", "医院", "深圳"]),  # in another town
        ("吉林医药学院", ["吉林医药学院"]),  # a province, too
        ("福山大学", ["福山大学"]),  # in Japan, though it sounds like a prefecture of China
        ("福州理工有限公司", ["福州理工有限公司"]),
        ("北京市海淀区大学路1号", ["北京市海淀区大学路1号"]),
        ("国立大学法人東京大学 工学部", ["東京大学", "工学部"]),  # its legal form
        ("学校法人東京大学医学部附属病院", ["東京大学医学部附属病院"]),
        ("학교법인 고려대학교", ["고려대학교"]),
        ("学校法人沖縄学園", ["学校法人沖縄学園"]),  # registered with it
        ("Peking University 北京大学", ["Peking University", "北京大学"]),
    ],
)
def test_names_in_native_scripts_are_separated_from_their_parts(text, parts):
    separated = separate_native_names(text, REGISTERED.__contains__)
    assert [part.strip() for part in separated.split(",") if part.strip()] == parts


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("复旦大学生命科学学院", (31.22, 121.46)),
        ("大阪大学大学院工学研究科", (34.82, 135.53)),
        ("คณะวิศวกรรมศาสตร์ มหาวิทยาลัยเชียงใหม่", (18.79, 98.98)),
        ("부산대학교 기계공학부", (35.10, 129.04)),
        ("温州肯恩大学", (28.0, 120.67)),
        ("国立大学法人神戸大学, 大学院工学研究科", (34.73, 135.23)),
    ],
)
def test_a_part_of_an_organisation_is_where_it_is(text, spot, registered):
    answer = one(registered, address=text)
    assert (answer["lat_e7"] / 1e7, answer["lon_e7"] / 1e7) == pytest.approx(spot, abs=0.2)


@pytest.mark.shared
def test_names_in_chinese_characters_are_not_mended_by_their_sound(registered):
    assert one(registered, institution="泰川学院", country="CN")["lat_e7"] is None
