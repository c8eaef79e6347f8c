"""A file of corrections says where addresses are; what is wrong with it is named by file and line."""

import pytest

from hubrank.core.errors import DataError
from hubrank.geocoding import corrections
from hubrank.geocoding.correction_rows import DROPPED, Target, text_key

HEADER = "text,institution_id,geonames_id,lat,lon,drop,who,why\n"
WHO = "A. Editor,head office"


def read(tmp_path, rows, header=HEADER):
    path = tmp_path / "corrections.csv"
    path.write_text(header + "\n".join(rows) + "\n", "utf-8")
    return corrections.read(path, "corrections.csv")


def test_a_text_is_put_where_the_geonames_id_is(tmp_path):
    (target,) = read(tmp_path, [f'"German Aerospace Center (DLR), Wessling",,2810587,,,,{WHO}']).texts.values()
    assert target.geonames_id == 2810587
    assert target.economy == "DE"
    assert abs(target.lat_e7 / 1e7 - 48.07) < 0.05
    assert abs(target.lon_e7 / 1e7 - 11.25) < 0.05


def test_stated_coordinates_are_exact_and_lie_in_the_economy_of_the_nearest_place(tmp_path):
    (target,) = read(tmp_path, [f"Garching Campus,,,48.2625001,11.6679999,,{WHO}"]).texts.values()
    assert target == Target(482625001, 116679999, 0, "DE")


def test_a_comma_in_degrees_is_that_of_their_decimals_as_in_tables(tmp_path):
    (target,) = read(tmp_path, [f'Garching Campus,,,"48,2625001","11,6679999",,{WHO}']).texts.values()
    assert target == Target(482625001, 116679999, 0, "DE")


def test_an_institution_is_corrected_by_its_id_with_or_without_its_address(tmp_path):
    both = read(tmp_path, [f",https://ror.org/04bwf3e34,2810587,,,,{WHO}", f",04BWF3E34,2810587,,,,{WHO}"])
    assert list(both.institutions) == ["04bwf3e34"]


@pytest.mark.parametrize("word", ["yes", "TRUE", "x", "drop"])
def test_an_address_is_dropped(tmp_path, word):
    assert list(read(tmp_path, [f"Unknown,,,,,{word},{WHO}"]).texts.values()) == [DROPPED]


def test_rows_that_nobody_has_filled_in_are_counted_and_correct_nothing(tmp_path):
    done = read(tmp_path, ["Springfield,,,,,,,", "Salem,,,,,no,,", f"Reims,,2984114,,,,{WHO}"])
    assert (len(done.texts), done.unfilled) == (1, 2)
    assert done.summary() == {"texts": 1, "institutions": 0, "dropped": 0, "unfilled": 2, "who": ["A. Editor"]}


def test_columns_of_a_suggested_file_are_passed_over(tmp_path):
    header = "text,institution_id,listings,answer,probability,alternatives,geonames_id,lat,lon,drop,who,why\n"
    done = read(tmp_path, [f"Reims,,12,Nowhere,0.512,,2984114,,,,{WHO}"], header)
    assert done.texts[text_key("REIMS")].geonames_id == 2984114


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São  Paulo", "sao paulo"),
        ("Mu\u0308nchen, DE", "M\u00fcnchen DE"),
        ("Saint-Denis", "SAINT DENIS"),
        ("GÃ¶ttingen", "Göttingen"),
        ("'=Acme", "=ACME"),
        ("東京", "东京"),
    ],
)
def test_texts_are_alike_without_case_accents_spacing_and_punctuation(one, other):
    assert text_key(one) == text_key(other)


@pytest.mark.parametrize(("one", "other"), [("St Denis", "Denis"), ("Kansas City", "Kansas"), ("Room 12", "Room 13")])
def test_texts_that_differ_in_a_word_are_not_alike(one, other):
    assert text_key(one) != text_key(other)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"Reims,,999999999,,,,{WHO}", "line 2: geonames_id '999999999' is none of the"),
        (f"Reims,,Q42,,,,{WHO}", "line 2: geonames_id 'Q42' is none of the"),
        (f"Reims,,2984114,,,yes,{WHO}", "line 2: it has a place and drop"),
        (f"Reims,,,,,,{WHO}", "line 2: it has neither a place nor drop"),
        (f"Reims,,2984114,49.25,4.03,,{WHO}", "line 2: it has geonames_id and lat, lon"),
        (f"Reims,,,49.25,,,{WHO}", "line 2: one of lat and lon is empty"),
        (f"Reims,,,490.25,4.03,,{WHO}", "line 2: lat is '490.25'; expected degrees from -90 to 90"),
        (f'Reims,,,"49,2,5",4.03,,{WHO}', "line 2: lat is '49,2,5'; expected degrees from -90 to 90, such as 48.137"),
        (f"Reims,,,,,perhaps,{WHO}", "line 2: drop is 'perhaps'; expected yes or nothing"),
        ("Reims,,2984114,,,,,it is there", "line 2: who is empty"),
        ("Reims,,2984114,,,,,", "line 2: who and why are empty"),
        (f",,2984114,,,,{WHO}", "line 2: it has neither a text nor an institution_id"),
        (f"Reims,04bwf3e34,2984114,,,,{WHO}", "line 2: it has both a text and an institution_id"),
        (f"?!,,2984114,,,,{WHO}", "line 2: '?!' has no letter and no digit"),
        (f"Reims,,2984114,{WHO}", "line 2: "),
    ],
)
def test_a_fault_is_named_by_file_and_line(tmp_path, row, words):
    with pytest.raises(DataError) as error:
        read(tmp_path, [row])
    assert f"corrections.csv, {words}" in str(error.value)


def test_two_rows_that_put_one_address_in_different_places_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"line 3: 'REIMS' is put in another place by line 2"):
        read(tmp_path, [f"Reims,,2984114,,,,{WHO}", f"REIMS,,2810587,,,,{WHO}"])


def test_two_rows_that_agree_are_one_correction(tmp_path):
    assert len(read(tmp_path, [f"Reims,,2984114,,,,{WHO}", f"REIMS,,2984114,,,,{WHO}"]).texts) == 1


def test_five_faults_are_shown_and_the_others_counted(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, [f"Place {n},,,,,,{WHO}" for n in range(8)])
    assert str(error.value).count("neither a place nor drop") == 5
    assert str(error.value).endswith("… and 3 more.")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("text,geoname_id,who,why\n", "has a column 'geoname_id'; .* Did you mean 'geonames_id'"),
        ("text,geonames_id,who\n", "has no column why"),
        ("geonames_id,who,why\n", r"has no column text \(or institution_id\)"),
        ("text,who,why\n", r"has no column geonames_id \(or lat and lon, or drop\)"),
    ],
)
def test_a_header_that_is_not_understood_is_refused(tmp_path, header, words):
    with pytest.raises(DataError, match=words):
        read(tmp_path, ["a,b,c,d"], header)


def test_a_file_in_another_encoding_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "corrections.csv"
    rows = "".join(f"{town};52,2;21,0;A. Editor;Główna\n" for town in ("Łódź", "Wałbrzych", "Dąbrowa", "Świdnica"))
    path.write_bytes(f"text;lat;lon;who;why\n{rows}".encode("cp1250"))
    with pytest.raises(DataError, match=r"in cp1250 it has: Łódź.*\. Save the table of corrections as UTF-8\.$"):
        corrections.read(path, path.name)


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path):
    path = tmp_path / "corrections.csv"
    path.write_bytes("\ufeffText;GeoNames_ID;Who;Why\r\nZürich HB;2657896;A. Editor;station\r\n".encode())
    assert corrections.read(path, path.name).texts[text_key("Zurich HB")].economy == "CH"
