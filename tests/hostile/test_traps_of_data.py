"""Values that look like others: each is decided in METHOD 1, refused, set aside, or reported with its count."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core import countries
from hubrank.core.errors import DataError
from hubrank.core.units import WEIGHT_ONE
from hubrank.counting import duplicates
from hubrank.counting.places import Places
from hubrank.sources.account import Account

COLUMNS = {"record": "id", "city": "town", "country": "land", "date": "day"}


@pytest.mark.parametrize("text", ["N/A", "n/a", "N.A.", "#N/A", "n. a.", "(N/A)"])
def test_what_is_not_available_is_not_namibia(text):
    assert countries.find(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("NA", "NA"), ("Namibia", "NA"), ("U.S.", "US"), ("U.S.A.", "US"), ("U.K.", "GB"), ("G.B.", "GB")],
)
def test_codes_and_abbreviations_that_are_names_are_countries(text, code):
    assert countries.find(text) == code


SAME = ["abc", " abc ", "\u00a0abc", "abc\u2003", "abc\u200b"]


@pytest.mark.parametrize("ids", [["123", "123.0"], ["caf\u00e9", "cafe\u0301"], ["a b", "a\u00a0b"], SAME])
def test_ids_that_are_written_in_several_ways_are_one_record(reading, ids):
    lines = "".join(f"{each},Basel,CH,2020\n" for each in ids)
    rows, _ = reading("table", f"id,town,land,day\n{lines}", columns=COLUMNS)
    assert len({row["record_key"] for row in rows}) == 1


def test_ids_that_differ_in_case_are_two_records_and_reported(tmp_path):
    keys = ["Ab", "aB", "ab", "x", "x", "ÄB", "äb"]
    table = pa.table(
        {
            "record_key": keys,
            "record_version": [0, 0, 0, 0, 1, 0, 0],
            "records": [1] * 7,
            "record_units": [10**9] * 7,
            "units": [0] * 7,
            "address_key": [0] * 7,
        }
    )
    pq.write_table(table, tmp_path / "located.parquet")
    located = tmp_path / "located.parquet"
    pieces = duplicates.pieces(located, Places(*np.empty((3, 0), np.int64), pa.array([], pa.string())))
    assert duplicates.write_hashes(tmp_path, located, pieces) == (3, True)
    assert (Account(remarks={"a": 1}) + Account(remarks={"a": 2})).remarks == {"a": 3}


@pytest.mark.parametrize("written", ["9007199254740993.0", "1.23E+17", "1e+17"])
def test_an_id_that_was_rounded_as_a_number_is_set_aside(reading, written):
    rows, ledger = reading("table", f"id,town,land,day\n{written},Basel,CH,2020\n", columns=COLUMNS)
    assert (rows, ledger.reasons()) == ([], {"an id that was rounded as a number": 1})


def test_an_id_of_digits_that_looks_like_a_power_is_an_id(reading):
    rows, _ = reading("table", "id,town,land,day\n12e34567,Basel,CH,2020\n", columns=COLUMNS)
    assert rows[0]["record_key"] == "12e34567"


@pytest.mark.parametrize(
    ("kind", "expected"), [(pa.float64(), ["123"]), (pa.float32(), ["123"]), (pa.int64(), ["123", "9007199254740993"])]
)
def test_an_id_in_a_column_of_numbers_is_a_whole_number_or_set_aside(reading, tmp_path, kind, expected):
    ids = pa.array([123, 9007199254740993], pa.int64()).cast(kind, safe=False)
    table = pa.table({"id": ids, "town": ["Basel"] * 2, "land": ["CH"] * 2, "day": ["2020"] * 2})
    pq.write_table(table, tmp_path / "t.parquet")
    rows, ledger = reading("table", (tmp_path / "t.parquet").read_bytes(), columns=COLUMNS)
    assert [row["record_key"] for row in rows] == expected
    assert len(rows) + len(ledger.aside) == 2


NO_DATES = ["2020-13", "2020-00", "2020-06-15 BC", "2020-12-31Tgarbage", "2020-06-15 ", "2020-06-15T1", "2020-02-30"]
DATES = ["2020", "2020-06", "2020-06-15", "20200615", "2020.0", "2020-06-15 12:00", "2020-06-15T12:00:00.5Z"]
DATES += ["2020-06-15 12:00:00 UTC", "2020-06-15T12:00:00+02:00", "2020-06-15T12:00:00,123+0200"]


def test_a_date_is_a_date_or_set_aside(reading):
    lines = "".join(f'r{number},Basel,CH,"{day}"\n' for number, day in enumerate([*NO_DATES, *DATES]))
    rows, ledger = reading("table", f"id,town,land,day\n{lines}", columns=COLUMNS)
    assert {row["year"] for row in rows} == {2020}
    assert [int(row["record_key"][1:]) for row in rows] == [NO_DATES.index("2020-06-15 "), *range(7, 7 + len(DATES))]
    assert len(ledger.aside) == len(NO_DATES) - 1, "blanks around a date are none of it"


def test_a_coordinate_with_an_underscore_is_no_number(reading):
    text = "id,lat,lon\na,4_8.85,2.35\nb,48.85,2.35\n"
    rows, ledger = reading("table", text, columns={"record": "id", "lat": "lat", "lon": "lon"})
    assert [row["record_key"] for row in rows] == ["b"]
    assert ledger.reasons() == {"a coordinate that is not a number": 1}


@pytest.mark.parametrize("encoding", ["gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "cp1251", "koi8-r", "iso8859-7"])
def test_an_encoding_that_cannot_be_told_is_refused(reading, encoding):
    towns = {"gbk": "北京市", "big5": "國立清華大學 新竹市 工業技術研究院", "euc-kr": "서울시", "iso8859-7": "Αθήνα"}
    town = towns.get(encoding, "Москва" if encoding in ("cp1251", "koi8-r") else "東京都ソニー")
    content = f"id,town,land,day\na,{town},XX,2020\n".encode(encoding)
    with pytest.raises(DataError, match=r'encoding = "gb18030"'):
        reading("table", content, columns=COLUMNS)
    rows, _ = reading("table", content, columns=COLUMNS, encoding=encoding)
    assert rows[0]["city"] == town


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_accents_that_are_near_each_other_are_read(reading, encoding):
    for town in ("Société Générale", "créée", "Québécois", "Größe", "Ação", "ÉCOLE SUPÉRIEURE", "“née” – cœur"):
        rows, _ = reading("table", f"id,town,land,day\na,{town},FR,2020\n".encode(encoding), columns=COLUMNS)
        assert len(rows) == 1


WORK = {
    "id": "W1",
    "publication_year": 2020,
    "type": "article",
    "authorships": [
        {
            "institutions": [
                {"id": f"I{number}", "display_name": f"U {number}", "country_code": "CH"} for number in range(17)
            ]
        }
    ],
}


def test_an_author_at_seventeen_institutions_has_one_whole_share(reading):
    rows, _ = reading("openalex", json.dumps(WORK) + "\n")
    assert sum(row["weight"] for row in rows) == WEIGHT_ONE
    assert max(row["weight"] for row in rows) - min(row["weight"] for row in rows) == 1


def test_shares_of_an_application_below_one_are_reported(regpat):
    rows, ledger = regpat(
        "WO1|a|1|A|Rome|ITI43|IT|1|0.5", "WO2|b|2|B|Bari|ITF47|IT|1|0.5", "WO2|b|2|C|Bari|ITF47|IT|1|0.5"
    )
    assert len(rows) == 3
    assert ledger.remarks == {"applications whose shares add up to less than 1; their inventors share all of it": 1}
