"""One address explained, and a file written back."""

import csv

import openpyxl
import pytest

from hubrank.analysis import locate_address, locate_file
from hubrank.cli.screens import addresses
from hubrank.core.errors import DataError, StudyError
from hubrank.sources.formats import text_table
from hubrank.sources.register import Register


@pytest.fixture(scope="module")
def gazetteer():
    return locate_address.load_resolver([], "city")


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_comes_back_with_places_and_all_its_columns(tmp_path, gazetteer):
    source = write(
        tmp_path / "in.csv", 'id,City,country\n007,München,DE\n2,"Paris, ",FRA\n3,Xyzzyplugh,FR\n4,Cambridge,\n'
    )
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    located = rows(tmp_path / "out.csv")
    assert [row["id"] for row in located] == ["007", "2", "3", "4"]
    assert (done.rows, done.located) == (4, sum(bool(row["lat"]) for row in located))
    assert abs(float(located[0]["lat"]) - 48.14) < 0.1
    assert abs(float(located[1]["lon"]) - 2.35) < 0.1
    assert located[0]["precision"] == "city"
    assert [located[2][name] for name in locate_file.ADDED] == [""] * len(locate_file.ADDED)


@pytest.mark.parametrize(
    ("titles", "country", "places"),
    [
        (
            "시도,시군구",
            "KR",
            [("강원도", "고성군", 38.38), ("경상남도", "고성군", 34.97), ("부산광역시", "강서구", 35.2)],
        ),
        (
            "都道府県,市区町村",
            "JP",
            [("東京都", "府中市", 35.67), ("広島県", "府中市", 34.57), ("北海道", "伊達市", 42.47)],
        ),
    ],
)
def test_regions_and_towns_are_known_by_their_titles(tmp_path, gazetteer, titles, country, places):
    text = "\n".join([titles, *(f"{region},{town}" for region, town, _ in places)]) + "\n"
    locate_file.locate_file(write(tmp_path / "in.csv", text), tmp_path / "out.csv", gazetteer, country=country)
    located_at = [float(row["lat"]) for row in rows(tmp_path / "out.csv")]
    assert located_at == pytest.approx([lat for *_, lat in places], abs=0.15)


def test_cells_of_several_places_are_said_to_have_one_answer(tmp_path, gazetteer, capsys):
    text = 'address\n"Meylan, France | Lyon, France"\n"Munich, Germany | Bonn, Germany"\n"Turin, Italy"\n'
    source = write(tmp_path / "in.csv", text)
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert done.several == {"address": ("|", 2)}
    assert len(rows(tmp_path / "out.csv")) == 3
    addresses.located_file(done, tmp_path / "out.csv", Register((), "missing"))
    seen = capsys.readouterr().out
    assert "Several places in a cell, divided by |: 2 of 3 rows in 'address'. Each row has one place" in seen
    assert "hubrank new" in seen


def test_affiliations_come_back_with_the_organisation_that_they_name(tmp_path, ror):
    source = write(
        tmp_path / "in.csv", 'address\n"Fac. of Law, Utrecht Univ., Utrecht"\n"Bakery, Utrecht, Netherlands"\n'
    )
    locate_file.locate_file(source, tmp_path / "out.csv", locate_address.load_resolver((ror,), "city"))
    assert [row["registered_organisation"] for row in rows(tmp_path / "out.csv")] == ["Utrecht University", ""]


def test_the_country_of_rows_that_state_none_is_that_of_the_option(tmp_path, gazetteer):
    text = 'city,address,country\nToledo,,\nCambridge,,United Kingdom\n,"Guadalajara, Mexico",\n,12.5 -70.1,\n'
    source = write(tmp_path / "in.csv", text)
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer, country="ES")
    assert [row["economy"] for row in rows(tmp_path / "out.csv")] == ["ES", "GB", "MX", "AW"]
    assert (done.without_country, done.within) == (0, {})
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert (done.without_country, done.within) == (3, {"MX": 1, "AW": 1})


def test_the_country_of_an_address_is_that_of_the_option_where_it_states_none(gazetteer):
    first = [locate_address.explained(text, gazetteer, "ES")[0].sentence for text in ("Vitoria", "Braga, Portugal")]
    assert [sentence.partition(":")[0].rpartition(", ")[2] for sentence in first] == ["Spain", "Portugal"]


@pytest.mark.parametrize(("country", "economy"), [("", ""), ("Spanien", "ES"), ("ESP", "ES")])
def test_a_country_of_the_option_is_a_name_or_a_code(country, economy):
    assert locate_address.economy_of(country) == economy


def test_a_country_that_is_none_is_refused():
    with pytest.raises(StudyError, match="'Atlantis' is no country that is known"):
        locate_address.economy_of("Atlantis")


def test_a_person_can_check_a_row_by_the_name_of_its_place(tmp_path, gazetteer):
    source = write(tmp_path / "in.csv", "place,city,country\nhome,Springfield IL,USA\nwork,Casablanca,Maroc\n")
    locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    first, second = rows(tmp_path / "out.csv")
    assert (first["place"], first["economy"]) == ("Springfield, IL, US", "US")
    assert (second["place"], second["economy"]) == ("Casablanca, MA", "MA")
    assert [first["place_before"], second["place_before"]] == ["home", "work"]


def test_a_post_code_in_its_own_column_tells_towns_of_one_name_apart(tmp_path, gazetteer):
    towns = [("62701", "IL"), ("65806", "MO"), ("01103", "MA"), ("1103", "MA"), ("unknown", "")]
    lines = "".join(f"Springfield,{code},US\n" for code, _ in towns)
    source = write(tmp_path / "in.csv", f"city,Postcode,country\n{lines}")
    locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    located = rows(tmp_path / "out.csv")
    assert [row["place"] for row in located] == [f"Springfield, {state}, US" if state else "" for _, state in towns]
    assert [row["Postcode"] for row in located] == [code for code, _ in towns]
    source = write(tmp_path / "text.csv", 'address,postcode\n"5 Main St, Springfield, USA",01103\n')
    locate_file.locate_file(source, tmp_path / "of_text.csv", gazetteer)
    assert rows(tmp_path / "of_text.csv")[0]["place"] == "Springfield, MA, US"
    source = write(tmp_path / "codes.csv", "postcode\n01103\n")
    with pytest.raises(DataError, match="no column address, institution, city, region or country; it has: postcode"):
        locate_file.locate_file(source, tmp_path / "none.csv", gazetteer)


def test_a_column_of_countries_is_known_by_its_towns_whatever_it_is_called(tmp_path, gazetteer):
    towns = (("Freiburg", "Deutschland"), ("Freiburg", "Schweiz"), ("Salzburg", "Österreich"), ("Xyzzy", "Ungarn"))
    source = write(tmp_path / "land.csv", "city,Land\n" + "".join(f"{town},{land}\n" for town, land in towns))
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert done.columns == {"city": "city", "country": "Land"}
    assert [row["economy"] for row in rows(tmp_path / "out.csv")] == ["DE", "CH", "AT", ""]
    source = write(tmp_path / "of_mothers.csv", "city,Mutter\nFreiburg,Japan\nSalzburg,Japan\nUlm,Deutschland\n")
    assert locate_file.locate_file(source, tmp_path / "out.csv", gazetteer).columns == {"city": "city"}


def test_a_word_in_the_column_of_post_codes_is_the_town_of_a_row_without_one(tmp_path, gazetteer):
    lines = "Bonn,53113,Germany\n,Ulm,Germany\nBonn,Ulm,Germany\n,unknown,Germany\n,-,Germany\n"
    source = write(tmp_path / "in.csv", f"city,postcode,country\n{lines}")
    locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert [row["place"].split(",")[0] for row in rows(tmp_path / "out.csv")] == ["Bonn", "Ulm", "Bonn", "", ""]
    source = write(tmp_path / "codes.csv", "postcode,country\nUlm,Germany\n89073,Germany\n")
    locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert rows(tmp_path / "out.csv")[0]["place"].split(",")[0] == "Ulm"


@pytest.mark.parametrize("text", ["48.14, 11.58", "(48.14 11.58)", "48.14°;11.58°"])
def test_an_address_that_is_nothing_but_coordinates_is_there(text, tmp_path, gazetteer):
    first = locate_address.explained(text, gazetteer)[0]
    assert (first.lat_e7, first.lon_e7, first.evidence) == (481_400_000, 115_800_000, "coordinates")
    source = write(tmp_path / "in.csv", f'address\n"{text}"\n"Ulm, Germany"\n')
    locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert [row["place"].split(",")[0] for row in rows(tmp_path / "out.csv")] == ["Munich", "Ulm"]
    assert not any(one.evidence == "coordinates" for one in locate_address.explained("98.14, 11.58", gazetteer))


POLISH = "city;country\n" + "".join(
    f"{city};PL\n"
    for city in ("Łódź", "Gdańsk", "Poznań", "Świdnica", "Żyrardów", "Białystok", "Wrocław", "Kędzierzyn-Koźle")
)


def test_a_file_is_read_in_the_encoding_that_is_stated(tmp_path, gazetteer):
    source = tmp_path / "in.csv"
    source.write_bytes(POLISH.encode("cp1250"))
    with pytest.raises(DataError, match=r"in cp1250 it has: Łódź;PL. State it \(--encoding cp1250\)"):
        locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer, "cp1250")
    assert done.located == done.rows == 8
    assert rows(tmp_path / "out.csv")[0]["city"] == "Łódź"
    with pytest.raises(StudyError, match="--encoding: 'rot13' is not a text encoding"):
        locate_file.locate_file(source, tmp_path / "out.csv", gazetteer, "rot13")


def test_a_region_alone_is_located_only_where_that_is_asked_for(tmp_path, gazetteer):
    source = write(tmp_path / "in.csv", "region,country\nBavaria,DE\n")
    assert locate_file.locate_file(source, tmp_path / "city.csv", gazetteer).located == 0
    coarse = locate_address.load_resolver([], "region")
    assert locate_file.locate_file(source, tmp_path / "region.csv", coarse).located == 1


def test_a_probability_stands_beside_each_place(tmp_path, gazetteer):
    source = write(tmp_path / "in.csv", "city,country,score\nBonn,DE,7\nXyzzyplugh,DE,8\n")
    locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    first, second = rows(tmp_path / "out.csv")
    assert 0.9 < float(first["probability"]) <= 1
    assert (first["geocoding_evidence"], first["score"]) == ("names", "7")
    assert second["probability"] == ""


def test_one_address_is_explained(gazetteer):
    first, *_ = locate_address.explained("Nankai University, Tianjin, China", gazetteer)
    assert first.answered
    assert first.place.startswith("Tianjin")
    assert any("country read" in reason.words for reason in first.reasons)


def test_what_cannot_be_located_says_so(tmp_path, gazetteer):
    with pytest.raises(StudyError, match="empty"):
        locate_address.explained(" ", gazetteer)
    with pytest.raises(DataError, match=r"has no column address.*it has: a, b"):
        locate_file.locate_file(write(tmp_path / "in.csv", "a,b\n1,2\n"), tmp_path / "out.csv", gazetteer)
    with pytest.raises(DataError, match="no file"):
        locate_file.locate_file(tmp_path / "none.csv", tmp_path / "out.csv", gazetteer)
    same = write(tmp_path / "in.csv", "city\nParis\n")
    with pytest.raises(StudyError, match="file to read"):
        locate_file.locate_file(same, same, gazetteer)


def test_a_file_is_not_written_over_itself_whatever_it_is_called(tmp_path, gazetteer):
    source = write(tmp_path / "in.csv", "city,country\nBonn,DE\n")
    (tmp_path / "linked").symlink_to(tmp_path)
    for out in (source, tmp_path / "linked" / ".." / tmp_path.name / "in.csv", tmp_path / "linked" / "in.csv"):
        with pytest.raises(StudyError, match="is the file to read"):
            locate_file.locate_file(source, out, gazetteer)
    assert source.read_text() == "city,country\nBonn,DE\n"


@pytest.mark.parametrize(
    ("text", "words"), [("", "is empty"), ("x,x,city,City\n1,2,Bonn,Berlin\n", "has 2 columns 'city'")]
)
def test_a_file_that_is_no_table_of_one_meaning_is_refused(tmp_path, gazetteer, text, words):
    with pytest.raises(DataError, match=words):
        locate_file.locate_file(write(tmp_path / "in.csv", text), tmp_path / "out.csv", gazetteer)


@pytest.mark.parametrize(
    ("table", "columns", "places"),
    [
        (
            "Pedido;Município;UF;País\n1;Santa Maria;RS;Brasil\n2;Campinas;SP;Brasil\n3;Barra;BA;Brasil\n",
            {"city": "Município", "region": "UF", "country": "País"},
            ["Santa Maria, RS, BR", "Campinas, BR", "Barra, BR"],
        ),
        (
            "Start-up;HQ City;HQ Country\nA;Gurgaon;India\nB;Boston;USA\n",
            {"city": "HQ City", "country": "HQ Country"},
            ["Gurugram, IN", "Boston, MA, US"],
        ),
        (
            "Einrichtung;Ort;Land\n;Bonn;Deutschland\n;Wien;Österreich\n",
            {"city": "Ort", "country": "Land"},
            ["Bonn, DE", "Vienna, AT"],
        ),
        ("city,HQ Country\nBonn,DE\n", {"city": "city", "country": "HQ Country"}, ["Bonn, DE"]),
    ],
)
def test_columns_are_recognised_as_a_new_study_does(tmp_path, gazetteer, table, columns, places):
    done = locate_file.locate_file(write(tmp_path / "in.csv", table), tmp_path / "out.csv", gazetteer)
    assert done.columns == columns
    assert [row["place"] for row in rows(tmp_path / "out.csv")] == places


def test_the_first_piece_of_a_file_is_read_once(tmp_path, gazetteer, monkeypatch):
    source, opened = write(tmp_path / "in.csv", "List;\n;\nid;City\n1;Bonn\n2;Paris\n3;Lyon\n"), []
    members = text_table.members
    monkeypatch.setattr(text_table, "members", lambda *of: opened.append(of) or members(*of))
    assert locate_file.locate_file(source, tmp_path / "out.csv", gazetteer).located == 3
    assert len(opened) == 1


def test_a_file_of_a_spreadsheet_in_german_is_read(tmp_path, gazetteer):
    source = tmp_path / "in.csv"
    source.write_bytes("id;Ort;city;country\r\n1;A, B;München;DE\r\n2;;Windhoek;NA\r\n".encode("cp1252"))
    assert locate_file.locate_file(source, tmp_path / "out.csv", gazetteer).located == 2
    first, second = rows(tmp_path / "out.csv")
    assert (first["city"], first["Ort"], second["Ort"], second["country"]) == ("München", "A, B", "", "NA")
    with pytest.raises(DataError, match=r"has no column address.*it has: a:b \(divided by none of"):
        locate_file.locate_file(write(source, "a:b\n1:2\n"), tmp_path / "out.csv", gazetteer)


def test_lines_of_titles_before_the_header_are_left_out(tmp_path, gazetteer):
    table = "List of offices;;\n;;\nid;City;Country\n1;München;DE\n2;Paris;FR\n3;Lyon;FR\n"
    source = write(tmp_path / "in.csv", table)
    assert locate_file.locate_file(source, tmp_path / "out.csv", gazetteer).located == 3
    assert [row["City"] for row in rows(tmp_path / "out.csv")] == ["München", "Paris", "Lyon"]
    write(source, table.replace("offices;;", "offices").replace("\n;;\n", "\n\n"))
    assert locate_file.locate_file(source, tmp_path / "out.csv", gazetteer).located == 3


def test_the_names_below_merged_cells_of_a_workbook_are_those_of_columns(tmp_path, gazetteer):
    book = openpyxl.Workbook()
    book.active.append(["Read me first"])
    sheet = book.create_sheet("Rounds")
    for row in (["Rounds of finance"], ["Firm", "Seat", "", "", "Sum"], ["", "Town", "Country", "", ""][:4]):
        sheet.append(row)
    sheet["D3"] = "Post code"
    for row in (["a", "Köln", "Deutschland", "50667", 1], ["b", "Wien", "Österreich", "1010", 2]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    done = locate_file.locate_file(tmp_path / "t.xlsx", tmp_path / "out.csv", gazetteer)
    assert (done.rows, done.located) == (2, 2)
    assert done.columns == {"city": "Seat Town", "country": "Seat Country", "postcode": "Seat Post code"}


def test_a_table_of_addresses_alone_may_have_tabs_in_them(tmp_path, gazetteer):
    source = write(tmp_path / "in.csv", "\ufeffaddress\nLyon\tFrance\nBonn\tGermany\nRome, Italy\n")
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    located = rows(tmp_path / "out.csv")
    assert (done.rows, [row["economy"] for row in located]) == (3, ["FR", "DE", "IT"])
    assert located[0]["address"] == "Lyon\tFrance"


def test_a_column_name_above_a_header_is_a_title(tmp_path, gazetteer):
    source = write(tmp_path / "in.csv", "Address\nCity\tCountry\nLyon\tFrance\nBonn\tGermany\n")
    assert locate_file.locate_file(source, tmp_path / "out.csv", gazetteer).columns == {
        "city": "City",
        "country": "Country",
    }


@pytest.mark.parametrize("name", ["organisation", "Organization", "Organisation name"])
def test_a_column_of_organisations_locates_where_no_other_does(tmp_path, gazetteer, name):
    source = write(tmp_path / "in.csv", f'{name}\n"Acme Ltd, Lyon, France"\n"Foo, Bonn, Germany"\n')
    done = locate_file.locate_file(source, tmp_path / "out.csv", gazetteer)
    assert (done.located, done.columns) == (2, {"institution": name})


def test_a_column_of_names_alone_does_not_locate(tmp_path, gazetteer):
    with pytest.raises(DataError, match="no column address"):
        locate_file.locate_file(write(tmp_path / "in.csv", "name\nLyon\nBonn\n"), tmp_path / "out.csv", gazetteer)
