"""Which encoding a text of East Asia, another alphabet or Central Europe is in: an error names it."""

import re

import pytest

from hubrank.core.errors import DataError
from hubrank.sources.formats import rows
from hubrank.sources.formats.archives import Member
from hubrank.sources.formats.encodings import likely
from hubrank.sources.formats.letters import not_western
from hubrank.sources.formats.lines import guess

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
    "pl": (
        "miejscowość;województwo;rok\nŁódź;łódzkie;2020\nKraków;małopolskie;2021\nWrocław;dolnośląskie;2021\n"
        "Gdańsk;pomorskie;2021\nŚwidnica;dolnośląskie;2021\nŻyrardów;mazowieckie;2021\nBiałystok;podlaskie;2021\nŁomża;podlaskie;2021\n"
    ),
    "cs": (
        "město;kraj;rok\nPlzeň;Plzeňský;2020\nČeské Budějovice;Jihočeský;2021\nTřebíč;Vysočina;2021\n"
        "Ústí nad Labem;Ústecký;2021\nPříbram;Středočeský;2021\nZlín;Zlínský;2021\nJičín;Královéhradecký;2021\n"
    ),
    "hu": (
        "város;megye;év\nGyőr;Győr-Moson-Sopron;2020\nKecskemét;Bács-Kiskun;2021\nNyíregyháza;Szabolcs;2021\n"
        "Székesfehérvár;Fejér;2021\nBékéscsaba;Békés;2021\nHódmezővásárhely;Csongrád;2021\nSzűcsi;Heves;2021\n"
    ),
    "tr": (
        "şehir;bölge;yıl\nİzmir;Ege;2020\nEskişehir;İç Anadolu;2021\nDiyarbakır;Güneydoğu;2021\n"
        "Şanlıurfa;Güneydoğu;2021\nMuğla;Ege;2021\nBalıkesir;Marmara;2021\nAydın;Ege;2021\nKırıkkale;İç;2021\n"
    ),
    "lt": (
        "miestas;apskritis;metai\nŠiauliai;Šiaulių;2020\nPanevėžys;Panevėžio;2021\nKlaipėda;Klaipėdos;2021\n"
        "Mažeikiai;Telšių;2021\nUkmergė;Vilniaus;2021\nPlungė;Telšių;2021\nJonišķis;Šiaulių;2021\n"
        "Kėdainiai;Kauno;2021\nBiržai;Panevėžio;2021\n"
    ),
    "ar": (
        "المدينة;الدولة;السنة\nالقاهرة;مصر;2020\nالرياض;المملكة العربية السعودية;2021\nالدار البيضاء;المغرب;2021\n"
        "تونس;تونس;2021\nدبي;الإمارات;2021\n"
    ),
    "fa": ("شهر;کشور;سال\nتهران;ایران;2020\nمشهد;ایران;2021\nگرگان;ایران;2021\nاصفهان;ایران;2021\n").replace("ی", "ي"),
    "el": ("πόλη,χώρα,έτος\nΑθήνα,Ελλάδα,2020\nΘεσσαλονίκη,Ελλάδα,2021\nΠάτρα,Ελλάδα,2021\n"),
}
ENCODINGS = [
    *[("ja", "cp932"), ("ja", "euc_jp"), ("zh", "gb18030"), ("zh-TW", "cp950"), ("ko", "cp949")],
    *[("ru", "cp1251"), ("ru", "koi8_r"), ("el", "cp1253"), ("ar", "cp1256"), ("fa", "cp1256")],
    *[("pl", "cp1250"), ("pl", "iso8859_2"), ("cs", "cp1250"), ("hu", "cp1250"), ("tr", "cp1254"), ("lt", "cp1257")],
]
WESTERN = {
    "world": "city\nMálaga\nKöln\nSão Luís\nMontréal\nTromsø\nSèvres\nMünchen\nCórdoba\nGenève\nForlì\nÖlde\n",
    "is": "borg\nReykjavík\nÍsafjörður\nHafnarfjörður\nSelfoss\nHöfn\nÞorlákshöfn\nSeyðisfjörður\nÓlafsvík\n",
    "pt": "cidade\nSão João\nGuimarães\nViana do Castelo\nÉvora\nSetúbal\nBragança\nSantarém\nÁgueda\nCovilhã\nLoulé\n",
}


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_the_error_names_the_encoding_in_which_the_characters_are_common_and_shows_a_line(language, encoding):
    text = TEXTS[language]
    with pytest.raises(DataError) as raised:
        list(rows.rows(Member("t.csv", iter([text.encode(encoding)]))))
    assert f'options = {{ encoding = "{encoding}" }}' in str(raised.value)
    lines = [line for line in text.splitlines() if line.encode(encoding).decode("cp1252", "replace") != line]
    assert lines[0] in str(raised.value)  # the first that is another one in Windows-1252


@pytest.mark.parametrize("text", ["małopolskie\nszkoła\n", "wątek\nśruba\n"])
def test_a_word_with_a_mathematical_sign_in_it_is_not_mac_roman(text):
    data = text.encode("cp1250")
    assert re.search("[≥π]", data.decode("mac_roman"))
    assert guess(data, "t.csv") == "cp1252"
    assert guess(data.replace(b"\n", b"\r"), "t.csv") == "cp1252"
    assert guess("café\rMünchen a ≥ b\r".encode("mac_roman"), "t.csv") == "mac_roman"


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("language", WESTERN)
def test_western_text_is_read_as_before_in_small_and_in_capital_letters(language, encoding):
    for text in (WESTERN[language], WESTERN[language].upper().replace("ß", "SS")):
        data = 9 * text.encode(encoding, "ignore")
        assert not_western(data) is None
        assert list(rows.rows(Member("t.csv", iter([data]))))


def test_polish_is_known_in_capitals_and_by_six_letters_but_not_by_four():
    assert not_western(TEXTS["pl"].upper().encode("cp1250")) == "cp1250"
    assert not_western("Gdańsk, Wrocław, Białystok, Elbląg, Częstochowa, Dąbrowa".encode("cp1250")) == "cp1250"
    assert not_western("Łódź".encode("cp1250")) is None


def test_signs_that_are_no_letters_amid_words_tell_of_two_words_that_text_is_not_western():
    assert not_western("Wrocław\nŁódź\nKraków\n".encode("cp1250")) == "cp1250"
    assert not_western("Świeradów\nDąbrowa\nWałbrzych\n".encode("cp1250")) == "cp1250"
    assert not_western("małopolskie\nszkoła w śląskie\n".encode("cp1250")) == "cp1250"
    formulas = 3 * "Besançon, Orléans, Nîmes, été, Angoulême, Mâcon, £30, là où ça " + "¿Qué? Nm³h, xy¹z, Nm³h, Nm³s"
    for text in (formulas, "Nm³h, Nm³s, Wien"):
        assert not_western(text.encode("cp1252")) is None


def test_of_a_few_characters_no_encoding_is_named():
    assert likely("北京市,中国\n".encode("gb18030")) is None


def test_bytes_that_are_no_text_are_said_to_be_none():
    with pytest.raises(DataError, match=r"t\.csv is no text: more than 5 % of its bytes are control characters"):
        list(rows.rows(Member("t.csv", iter([bytes(range(256)) * 40 + b"\n"]))))
