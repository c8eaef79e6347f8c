"""Texts as programs write them are read as a person would write them."""

import pytest

from hubrank.geocoding.text.machine_text import decoded, of_usual_width
from locating import one


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Foo &amp;amp; Bar, K&ouml;ln", "Foo & Bar, Köln"),
        ("M%C3%BCnster%2C%20Germany", "Münster, Germany"),
        ("R%C3%ADo+Cuarto", "Río Cuarto"),
        ("Tromso, C%C3%B3rdoba + Foo", "Tromso, Córdoba + Foo"),
        ("100%Foo, 50 %, 7%ab", "100%Foo, 50 %, 7%ab"),  # no bytes of UTF-8
        ("G\\u00f6teborg, Sweden", "Göteborg, Sweden"),
        ("\\ud83d Foo", "\\ud83d Foo"),  # half a character
        ("Lodi\\nCalifornia\\r\\nUnited States", "Lodi\nCalifornia\nUnited States"),
        ("$\\nu$ and \\neq", "$\\nu$ and \\neq"),
        ("Lodi<br/>Ohio</p><div class='x'>USA</div>", "Lodi\nOhio\n\nUSA"),
        ("<sup>1</sup>Univ<i>é</i>, CO<sub>2</sub> Lab", "1Univé, CO2 Lab"),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ('{"city": "Ulm", "state": null, "country": "DE"}', "Ulm, DE"),
        ("{'name': 'Foo', 'address': {'city': 'Ulm'}}", "Foo, Ulm"),
        ('{\\"O}rebro, Sweden', '{\\"O}rebro, Sweden'),
        ("city=Ulm;country=Germany", "Ulm, Germany"),
        ("City: Ulm Country: Germany", "Ulm, Germany"),
        ("Kansas City: Foo, Country: Bar", "Kansas City: Foo, Country: Bar"),  # opens with no field
        ("Statesville: Foo", "Statesville: Foo"),
        ("Europe/Vienna", "Vienna"),
        ("America/North_Dakota/Beulah", "Beulah, North Dakota"),
        ("Australia/Perth", "Perth, Australia"),
        ("Asia/Pacific", "Asia/Pacific"),  # no city
        ("Berlin/Brandenburg", "Berlin/Brandenburg"),
    ],
)
def test_what_programs_write_is_read_as_a_person_would_write_it(text, written):
    assert decoded(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ＡＢＣ　１２３，ｘｙｚ", "ABC　123,xyz"),
        ("ﾌﾗﾝｽ･ﾊﾟﾘ", "フランス・パリ"),
        ("大阪市北区", "大阪市北区"),
        ("（Ａ－１）〔／〕【＆】", "(A-1)(/)(&)"),
    ],
)
def test_letters_of_other_width_are_read_as_those_of_the_usual_one(text, written):
    assert of_usual_width(text) == written


def test_a_town_in_half_width_kana_is_located(alone):
    assert one(alone, city="ｻｯﾎﾟﾛ", country="ﾆﾎﾝ") == one(alone, city="サッポロ", country="ニホン")
    assert one(alone, address="ｻｯﾎﾟﾛ, ﾆﾎﾝ")["lat_e7"] is not None


@pytest.mark.parametrize(
    ("wide", "usual"),
    [
        ("架空研究所（茨城県つくば市）", "架空研究所(茨城県つくば市)"),
        ("架空研究所〔神戸市〕", "架空研究所(神戸市)"),
        ("가상연구소（강원도 평창군）", "가상연구소(강원도 평창군)"),
        ("虛構研究院（臺北市）", "虛構研究院(臺北市)"),
        ("某某研究院【苏州市】", "某某研究院(苏州市)"),
        ("Fictional Institute，Osaka（Japan）", "Fictional Institute,Osaka(Japan)"),
    ],
)
def test_punctuation_of_other_width_is_read_as_that_of_the_usual_one(alone, wide, usual):
    assert one(alone, institution=wide) == one(alone, institution=usual)
    assert one(alone, institution=wide)["lat_e7"] is not None


@pytest.mark.parametrize("start", ["{'a': ", "city:", "<a ", "%4", "\\n", "{{", "[{", ", ", "Asia/A"])
def test_the_time_of_a_coded_text_grows_with_its_length(start):
    assert len(decoded(start * 100_000)) <= len(start) * 100_000
