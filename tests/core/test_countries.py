import csv
from collections import Counter
from importlib.resources import files

import pytest

from hubrank.core import countries

# WIPO-like tables, USPTO and PatentsView codes, ISO 3, native and former names.
WRITTEN = {
    "NA": "NA",
    "Namibia": "NA",
    "UK": "GB",
    "EL": "GR",
    "DEX": "DE",
    "JPX": "JP",
    "GBX": "GB",
    "ROM": "RO",
    "DD": "DE",
    "SU": "RU",
    "AN": "CW",
    "P.R. China": "CN",
    "Peoples R China": "CN",
    "Republic of Korea": "KR",
    "Korea, Republic of": "KR",
    "대한민국": "KR",
    "Türkiye": "TR",
    "TURKEY": "TR",
    "Côte d'Ivoire": "CI",
    "Cote dIvoire": "CI",
    "Hong Kong SAR": "HK",
    "Macau": "MO",
    "Taiwan, Province of China": "TW",
    "Kosovo": "XK",
    "Deutschland": "DE",
    "U.S.A.": "US",
    "The Netherlands": "NL",
    "Iran (Islamic Republic of)": "IR",
    "Czech Republic": "CZ",
    "Swaziland": "SZ",
}


@pytest.mark.parametrize(("text", "iso2"), WRITTEN.items())
def test_a_country_is_known_however_it_is_written(text, iso2):
    assert countries.find(text) == iso2


@pytest.mark.parametrize("text", ["d.d.", "D.D.", "S.U."])
def test_letters_with_full_stops_are_no_former_code(text):
    assert countries.find(text) is None  # d.d. is a legal form


STATED = {
    "United Kingdom (England)": "GB",
    "GB - United Kingdom": "GB",
    "Turkey (Türkiye)": "TR",
    "Spain [ES]": "ES",
    "Venezuela, RB": "VE",
    "Pakistan (Islamic Republic of)": "PK",
    "Congo, Dem. Rep.": "CD",
    "Korea, Dem. People's Rep.": "KP",
    "Sudan (South)": "SS",
    "Ireland (Northern)": "GB",
    "China, Hong Kong SAR": "HK",
    "Jersey (UK)": "JE",
    "Georgia (USA)": None,
    "France/Germany": None,
    "Congo (Equator)": None,
    "Korea (Dem. People's Republic)": None,
    "Sudan (Nile)": None,
    "China (mainland)": "CN",
    "United Kingdom (excluding Scotland)": "GB",
    "Atlantis (the)": None,
    "England UK": "GB",
    "UK England": "GB",
    "New France": None,
    "D": "DE",
    " A": "AT",
    "a": None,
}


@pytest.mark.parametrize(("text", "iso2"), STATED.items())
def test_a_column_may_add_a_remark_to_its_country(text, iso2):
    assert countries.find_stated(text) == iso2
    assert countries.find(text) in (iso2, None)


@pytest.mark.parametrize("text", ["", "x", "Atlantis", "Bavaria", "??"])
def test_what_is_no_country_is_none(text):
    assert countries.find(text) is None


def test_there_are_250_economies_each_found_by_its_codes_and_name():
    table = countries.table()
    assert len(table) == 250
    for code, country in table.items():
        assert countries.find(code) == countries.find(country.iso3) == countries.find(country.name) == code
        assert countries.name(code) == country.name
    assert countries.name("ZZ") == "ZZ"


def test_every_economy_but_antarctica_lies_in_a_region_of_un_m49():
    assert [code for code, country in countries.table().items() if not country.subregion] == ["AQ"]
    regions = Counter(country.region for country in countries.table().values() if country.region)
    assert set(regions) == {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    assert countries.table()["NG"].subregion == "Sub-Saharan Africa"
    assert countries.table()["BR"].subregion == "Latin America and the Caribbean"
    assert countries.table()["TW"].subregion == "Eastern Asia"


def test_no_two_economies_share_an_iso_3_code_and_the_file_is_sorted():
    rows = list(csv.reader(files("hubrank.core").joinpath("countries.csv").read_text("utf-8").splitlines()[1:]))
    codes = [row[0] for row in rows]
    assert codes == sorted(codes)
    assert len({row[1] for row in rows}) == 250


def test_sources_file_hong_kong_macao_and_taiwan_under_china():
    assert countries.family("CN") == ("CN", "HK", "MO", "TW")
    assert countries.family("DE") == ("DE",)
    assert all(code in countries.table() for many in countries.BELONGING.values() for code in many)


@pytest.mark.parametrize(
    ("name", "iso2"),
    [
        ("Argentinien", "AR"),
        ("ARGENTINIEN", "AR"),
        ("Émirats arabes unis", "AE"),
        ("Emirados Arabes Unidos", "AE"),
        ("العراق", "IQ"),
        ("مصر", "EG"),
        ("भारत", "IN"),
        ("ประเทศไทย", "TH"),
        ("LRQ", None),  # the letters of Iraq in Arabic are no name in ASCII
        ("MSR", "MS"),
        ("FRANÇA", "FR"),
        ("Franca", None),  # a city in Brazil
        ("Tailândia", "TH"),  # a town of Brazil, too, of a thousandth
        ("Poole", None),  # Poland in a language of few, a town in England
        ("Salvador", None),
        ("Irã", "IR"),
        ("Ira", None),
        ("爱尔兰", "IE"),
        ("愛爾蘭", "IE"),
        ("俄罗斯联邦", "RU"),
        ("イタリア共和国", "IT"),
        ("大韓民国", "KR"),
        ("FRG", "DE"),
        ("कॅनडा", "CA"),  # Marathi, an official language of a part of India
        ("బ్రెజిల్", "BR"),
        ("ગુજરાત", None),
    ],
)
def test_names_in_other_languages(name, iso2):
    assert countries.find(name) == iso2


def test_the_table_of_names_in_other_languages_is_consistent():
    text = files("hubrank.core").joinpath("country_names.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    assert rows == sorted(rows, key=lambda row: (row[0], countries.is_latin(row[2]), row[1]))
    assert len({(row[1], countries.is_latin(row[2])) for row in rows}) == len(rows) > 10_000
    for economy, key, name in rows:
        assert key == countries.key(name)
        assert countries.find(name) == economy


def test_names_that_count_as_they_are_written_are_no_name_s_key():
    text = files("hubrank.core").joinpath("country_names_as_written.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    assert rows == sorted(rows)
    assert len(rows) > 100
    for economy, name in rows:
        assert countries.find(name) == economy


@pytest.mark.parametrize(
    ("name", "economy"),
    [
        ("米国", "US"),
        ("独国", "DE"),
        ("ドイツ国", "DE"),
        ("ドイツ連邦共和国", "DE"),
        ("ベトナム社会主義共和国", "VN"),
        ("ルクセンブルク大公国", "LU"),
        ("英国領ケイマン諸島", "KY"),
        ("독일연방공화국", "DE"),
        ("러시아연방", "RU"),
        ("이스라엘국", "IL"),
        ("호주", "AU"),
        ("미합중국", "US"),
        ("ドミニカ共和国", "DO"),  # not Dominica
        ("중앙아프리카공화국", "CF"),
        ("全国", None),
        ("ドイツ帝国", None),
    ],
)
def test_countries_as_patent_offices_of_japan_and_korea_write_them(name, economy):
    assert countries.find(name) == economy


@pytest.mark.parametrize(
    ("name", "economy"),
    [
        ("République Démocratique du Congo", "CD"),
        ("República Democrática do Congo", "CD"),
        ("Demokratische Republik Kongo", None),  # Kongo is two states' name
        ("República Popular Democrática de Corea", "KP"),
        ("República de Corea", "KR"),
        ("República de Chile", "CL"),
        ("Repubblica islamica dell'Afghanistan", "AF"),
        ("République d’Haïti", "HT"),
        ("Großherzogtum Luxemburg", "LU"),
        ("Koninkrijk België", "BE"),
        ("Republik Indonesia", "ID"),
        ("República Popular da China", "CN"),
        ("República de China", None),  # which of two
        ("Republik Dominica", None),  # Dominicana in Malay
        ("Principado de Asturias", None),
        ("Estado de México", None),  # one of the states of Mexico
        ("República del Salvador 56", None),  # a street
    ],
)
def test_countries_behind_the_form_of_the_state(name, economy):
    assert countries.find_stated(name) == economy
    assert countries.find_by_official_name(name) == economy
