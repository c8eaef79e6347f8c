"""Any table, by the columns that a study names."""

import json
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core.errors import DataError, StudyError
from hubrank.core.units import UNIT, WEIGHT_ONE
from sources.reading_sources import read

NAN = float("nan")
PLACE = {"city": "town", "country": "land"}


def places(rows):
    return [(row["city"], row["country"]) for row in rows]


def test_columns_are_matched_by_name_whatever_their_order_case_and_company(reading):
    rows, _ = reading("table", " Land ,x,TOWN\nCH,1,Basel\nDE,2,Lörrach\n", columns=PLACE)
    assert places(rows) == [("Basel", "CH"), ("Lörrach", "DE")]


def test_a_post_code_in_its_own_column_is_read_behind_the_address_of_its_row(reading):
    text = "town,land,street,zip\nBonn,DE,Am Hof 1, 53113 \nBonn,DE,,53113\nBonn,DE,Am Hof 1,none\nBonn,DE,,\n"
    for columns, expected in (
        ({"address": "street"}, ["Am Hof 1, 53113", "53113", "Am Hof 1", None]),
        ({}, ["53113", "53113", None, None]),
    ):
        rows, _ = reading("table", text, columns=PLACE | columns | {"postcode": "zip"})
        assert [row["address"] for row in rows] == expected
    rows, _ = reading("table", "land,zip\nDE,Bonn\nDE,53113\nDE,-\n", columns={"country": "land", "postcode": "zip"})
    assert [(row["city"], row["address"]) for row in rows] == [("Bonn", None), (None, "53113"), (None, None)]
    both = {"city": {"from": "towns", "split": ";"}, "postcode": {"from": "codes", "split": ";"}}
    rows, _ = reading("table", "towns,codes\nBonn;Kiel,53113;24103\n", columns=both)
    assert [(row["city"], row["address"]) for row in rows] == [("Bonn", "53113"), ("Kiel", "24103")]
    with pytest.raises(ValueError, match="columns names no location; name at least one of: lat"):
        reading("table", text, columns={"postcode": "zip"})


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.string()])
def test_post_codes_are_the_same_as_numbers_and_as_text(tmp_path, kind):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"town": ["Bonn", "Kiel"], "zip": pa.array([53113, None]).cast(kind)}), path)
    rows, _ = read("table", [path], columns={"city": "town", "postcode": "zip"})
    assert [row["address"] for row in rows] == ["53113", None]


def test_a_column_without_a_name_is_none_of_those_that_are_not_given(reading):
    rows, _ = reading("table", ",land,town\n17,CH,Basel\n", columns=PLACE)
    assert [(row["city"], row["region"], row["lat_e7"]) for row in rows] == [("Basel", None, None)]


def test_the_error_of_a_missing_column_lists_the_columns_and_the_nearest(reading):
    message = r"file\.csv has no column 'town'; it has: twon, land\. Is this the table.*Did you mean 'twon'"
    with pytest.raises(DataError, match=message):
        reading("table", "twon,land\nBasel,CH\n", columns=PLACE)


@pytest.mark.parametrize(
    ("header", "suggestion"),
    [
        ("id,Year of grant,Year of first publication", "Year of grant"),
        ("id,grant_year,date", "grant_year"),
        ("id,yeer", "yeer"),  # by its letters
        ("id,fiscalyearsofgrants,date", None),
    ],
)
def test_the_error_of_a_missing_column_names_one_with_that_word(tmp_path, header, suggestion):
    path = tmp_path / "t.csv"
    path.write_text(f"{header}\n")
    with pytest.raises(DataError, match="has no column 'year'") as raised:
        read("table", [path], columns={"record": "id", "year": "year", "city": "id"})
    assert str(raised.value).endswith(f"Did you mean {suggestion!r}?" if suggestion else "the study describes?")


@pytest.mark.parametrize(
    ("written", "stated", "remarked"),
    [("utf-8", "cp1250", True), ("utf-8", "UTF8", False), ("utf-8", None, False), ("cp1250", "cp1250", False)],
)
def test_an_encoding_that_contradicts_valid_utf8_is_remarked(tmp_path, written, stated, remarked):
    path = tmp_path / "t.csv"
    path.write_bytes("id,city\n1,Saint-Étienne\n2,Paris\n".encode(written))
    options = {"encoding": stated} if stated else {}
    _, ledger = read("table", [path], columns={"record": "id", "city": "city"}, **options)
    text = "rows of files that are valid UTF-8 are read as cp1250, as options.encoding states"
    assert ledger.remarks == ({text: 2} if remarked else {})


@pytest.mark.parametrize(
    ("written", "stated", "hint"),
    [
        ("cp1251", "koi8-r", "cp1251"),
        ("cp1251", "cp1252", "cp1251"),
        ("cp1251", "utf-8", "cp1251"),
        ("utf-8", "cp1251", "utf-8"),
        ("cp1251", "cp1251", None),  # the column is not there at all
    ],
)
def test_the_error_of_a_wrong_encoding_names_the_one_that_has_the_column(tmp_path, written, stated, hint):
    path = tmp_path / "t.csv"
    lines = ["id;город;страна", *(f"{n};{town};Россия" for n, town in enumerate(("Москва", "Казань", "Самара") * 4))]
    path.write_bytes("\n".join(lines).encode(written))
    column = "город" if hint else "место"
    with pytest.raises(DataError, match=f"has no column '{column}'") as raised:
        read("table", [path], columns={"record": "id", "city": column}, encoding=stated)
    assert (f'Read in {hint} it has: id, город, страна. State encoding = "{hint}"' in str(raised.value)) == bool(hint)


def test_a_count_stands_for_so_many_records(reading):
    text = "town,land,n\nBasel,CH,12\nBern,CH,0\nBonn,DE,\n"
    rows, ledger = reading("table", text, columns={**PLACE, "count": "n"})
    assert [(row["city"], row["count"]) for row in rows] == [("Basel", 12)]
    assert ledger.scope == {"a count of 0": 1}
    assert ledger.aside == [("file.csv", 4, "no count", "count", None)]
    rows, ledger = reading("table", text, columns={**PLACE, "count": {"from": "n", "optional": True}})
    assert [(row["city"], row["count"]) for row in rows] == [("Basel", 12), ("Bonn", 1)]
    assert ledger.aside == []


@pytest.mark.parametrize("count", ["442,86", "2.5", "100,0", "350 000,00", "350\xa0000,00", "1.234,5"])
def test_a_count_with_decimals_is_set_aside_with_the_option_that_reads_it(reading, count):
    rows, ledger = reading("table", f'town,land,n\nBasel,CH,"{count}"\n', columns={**PLACE, "count": "n"})
    assert rows == []
    reason = "a count with decimals (if they are right state options.decimals)"
    assert ledger.aside == [("file.csv", 2, reason, "count", count)]


@pytest.mark.parametrize(
    ("count", "decimals", "units"),
    [
        ("442,86", ",", [(442, UNIT), (1, 860_000_000)]),
        ("1.234,5", ",", [(1234, UNIT), (1, UNIT // 2)]),
        ("1.234", ",", [(1234, UNIT)]),
        ("1,234", ",", [(1, UNIT), (1, 234_000_000)]),
        ("7", ",", [(7, UNIT)]),
        (".5", ".", [(1, UNIT // 2)]),
        ("1,234.0", ".", [(1234, UNIT)]),
        ("0.3333333333333333", ".", [(1, 333_333_333)]),
        ("99999999.999999999", ".", [(99_999_999, UNIT), (1, UNIT - 1)]),
    ],
)
def test_a_count_with_decimals_is_exactly_so_many_whole_units(reading, count, decimals, units):
    text = f'town,land,n\nBasel,CH,"{count}"\nBern,CH,2\n'
    rows, ledger = reading("table", text, columns={**PLACE, "count": "n"}, decimals=decimals)
    assert [(row["count"], row["record_units"]) for row in rows] == [*units, (2, UNIT)]
    assert len({row["record_key"] for row in rows}) == len(rows)
    assert (ledger.rows_read, ledger.rows_kept) == (2, 2)


def test_counts_with_decimals_are_read_from_numbers_as_from_text(tmp_path):
    pq.write_table(pa.table({"town": ["A"] * 5, "n": [442.86, 3.0, 0.0, NAN, -1.5]}), tmp_path / "t.parquet")
    rows, ledger = read("table", [tmp_path / "t.parquet"], columns={"city": "town", "count": "n"}, decimals=".")
    assert [(row["count"], row["record_units"]) for row in rows] == [(442, UNIT), (1, 860_000_000), (3, UNIT)]
    assert ledger.scope == {"a count of 0": 1}
    assert ledger.reasons() == {"a count that is not a number from 0 to 100,000,000": 2}


@pytest.mark.parametrize("count", ["-3", "1,5,0", "1e3", "x", "100000000.5", "9" * 30, "1.234.5", "1..5"])
def test_what_is_no_number_is_set_aside_where_counts_have_decimals(reading, count):
    text = f'town,land,n\nBasel,CH,"{count}"\n'
    rows, ledger = reading("table", text, columns={**PLACE, "count": "n"}, decimals=".")
    assert rows == []
    assert ledger.aside == [("file.csv", 2, "a count that is not a number from 0 to 100,000,000", "count", count)]


@pytest.mark.parametrize(
    ("columns", "options", "error"),
    [
        ({"city": "town"}, {}, "decimals requires columns.count"),
        ({"city": "town", "count": "n"}, {"thousands": ","}, "are both ','; leave thousands out"),
        ({"city": "town", "count": "n", "record": "id"}, {}, "leave out columns.record"),
        ({"city": {"from": "town", "places": ";"}, "count": "n"}, {}, "leave out columns.record, split, places"),
        ({"city": "town", "count": "n"}, {"weight_by": "w", "weight_cap": 2}, "and weight_by"),
    ],
)
def test_counts_with_decimals_are_refused_with_what_they_do_not_go_with(reading, columns, options, error):
    with pytest.raises(ValueError, match=error):
        reading("table", "town,n,id,w\nBasel,1,1,1\n", columns=columns, decimals=",", **options)


@pytest.mark.parametrize("count", ["-3", "1e3", "17,50,00", "1,7,50,000", "many", "1" * 19, "100000001", "٣x"])
def test_a_count_that_is_no_whole_number_is_set_aside(reading, count):
    rows, ledger = reading("table", f'town,land,n\nBasel,CH,"{count}"\n', columns={**PLACE, "count": "n"})
    assert rows == []
    assert ledger.aside == [
        ("file.csv", 2, "a count that is not a whole number from 0 to 100,000,000", "count", count),
    ]


def test_rows_of_one_record_are_its_listings_by_their_sequence_number(reading):
    rows, _ = reading(
        "table",
        "id,town,seq\nP1,Basel,2\nP1,Bern,1\nP2,Bonn,1\n",
        columns={"record": "id", "listing": "seq", "city": "town"},
    )
    assert [(r["record_key"], r["listing_no"], r["city"]) for r in rows] == [
        ("P1", 2, "Basel"),
        ("P1", 1, "Bern"),
        ("P2", 1, "Bonn"),
    ]


def listings(rows):
    return sorted((row["record_key"], row["listing_no"], row["city"]) for row in rows)


def test_without_a_sequence_number_the_text_decides_and_never_the_order_of_rows(reading):
    lines = ["P1,Basel", "P1,Bern", "P2,Bonn", "P1,Basel"]
    columns = {"record": "id", "city": "town"}
    rows, _ = reading("table", "\n".join(["id,town", *lines]), columns=columns)
    turned, _ = reading("table", "\n".join(["id,town", *lines[::-1]]), columns=columns)
    assert listings(rows) == listings(turned)
    assert len({(row["record_key"], row["listing_no"]) for row in rows}) == 3  # Basel twice is one listing


@pytest.mark.parametrize("ids", [("A1", "B 2"), ("B 2", "A1")])
def test_files_whose_ids_differ_in_kind_are_read_alike_where_listings_have_no_number(tmp_path, ids):
    for number, record in enumerate(ids):
        (tmp_path / f"{number}.csv").write_text(f"id,town\n{record},Bonn\n{record},Kiel\n")
    rows, _ = read("table", sorted(tmp_path.glob("*.csv")), columns={"record": "id", "city": "town"})
    assert sorted((row["record_key"], row["city"]) for row in rows) == [
        ("A1", "Bonn"),
        ("A1", "Kiel"),
        ("B 2", "Bonn"),
        ("B 2", "Kiel"),
    ]


def test_rows_without_an_id_are_records_by_their_content_and_an_ordinal(written):
    text = "town,land\nBasel,CH\nBern,CH\nBasel,CH\n"
    one, two = written("one.csv", text), written("two.csv", "land,town\nCH,Basel\nCH,Basel\nCH,Bern\n")
    (rows, _), (again, _) = read("table", [one], columns=PLACE), read("table", [two], columns=PLACE)
    keys = [row["record_key"] for row in rows]
    assert len(set(keys)) == 3
    assert keys[0].removesuffix("-1") == keys[2].removesuffix("-2")
    assert sorted(keys) == sorted(row["record_key"] for row in again)


def test_a_row_without_its_record_id_is_set_aside_without_any_of_its_text(reading):
    _, ledger = reading("table", "id,town\n,Basel\n", columns={"record": "id", "city": "town"})
    assert ledger.aside == [("file.csv", 2, "no id of the record", "record", None)]


def test_a_year_can_be_read_out_of_another_column(reading):
    year = {"from": "doi", "pattern": r"\.((?:19|20)\d\d)\."}
    rows, _ = reading(
        "table", "doi,town\n10.1109/tvcg.2022.32,Basel\n10.1/x,Bern\n", columns={"year": year, "city": "town"}
    )
    assert [row["year"] for row in rows] == [2022, None]


def test_rows_outside_the_window_are_out_of_scope_and_rows_without_a_year_set_aside(reading):
    columns = {"date": "day", "city": "town"}
    text = "day,town\n2012-02-29,A\n2009-12-31,B\n,C\n2014,D\n20130105,E\n2013.0,F\n2013-07,G\n2013-07-01T10:00:00Z,H\n"
    rows, ledger = reading("table", text, columns=columns, window=(2010, 2013))
    assert [(row["city"], row["year"]) for row in rows] == [("A", 2012), *((c, 2013) for c in "EFGH")]
    assert ledger.scope == {"outside the window": 2}
    assert ledger.aside == [("file.csv", 4, "no date", "date", None)]


@pytest.mark.parametrize(
    "date", ["41275", "1/2/2013", "2o13-01-01", "2013-02-30", "Jan-13", "9999-01-01", "0013", "#####"]
)
def test_what_is_no_iso_date_is_set_aside_even_without_a_window(reading, date):
    rows, ledger = reading("table", f"day,town\n{date},A\n", columns={"date": "day", "city": "town"})
    assert rows == []
    assert ledger.aside == [("file.csv", 2, "not a date (YYYY-MM-DD) or year", "date", date)]


WHERE = {"lat": "y", "lon": "x"}


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        ("47.5595986", "7.5885761", (475595986, 75885761)),
        ("-33.8688197", "151.20929", (-338688197, 1512092900)),
        ("10", "180", (100000000, -1800000000)),
        ("-90", "13.5", (-900000000, 0)),
        ("0", "0", (None, None)),
        ("0", "7", (0, 70000000)),
        ("", "", (None, None)),
    ],
)
def test_degrees_become_integers_once_with_one_spelling_for_each_place(reading, lat, lon, expected):
    rows, _ = (
        reading("table", f"y,x\n{lat},{lon}\n", columns=WHERE)
        if lat
        else reading("table", 'y,x\n"",""\n', columns=WHERE)
    )
    assert [(row["lat_e7"], row["lon_e7"]) for row in rows] == [expected]


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        ("91", "100", "a latitude beyond 90 degrees"),
        ("139.69", "35.68", "a latitude beyond 90 degrees; latitude and longitude look swapped"),
        ("35", "181", "a longitude beyond 180 degrees"),
        ("nan", "3", "a coordinate that is not a number"),
        ("inf", "3", "a coordinate that is not a number"),
        ("48N", "3", "a coordinate that is not a number"),
        ("48", "", "half a coordinate"),
    ],
)
def test_impossible_coordinates_are_set_aside_with_their_reason(reading, lat, lon, reason):
    rows, ledger = reading("table", f"y,x\n{lat},{lon}\n", columns=WHERE)
    assert rows == []
    assert [row[2:4] for row in ledger.aside] == [(reason, "lat, lon")]


@pytest.mark.parametrize(
    ("weight", "units"), [("1", WEIGHT_ONE), ("0.25", WEIGHT_ONE // 4), ("0.3333", 240216), ("", WEIGHT_ONE)]
)
def test_a_weight_is_a_part_of_one_listing(reading, weight, units):
    rows, _ = reading("table", f"w,town\n{weight},Basel\n", columns={"weight": "w", "city": "town"})
    assert [row["weight"] for row in rows] == [units]


@pytest.mark.parametrize("weight", ["50", "1.01", "100", "50 %", "0,5%", "33.3"])
def test_a_weight_in_percent_is_set_aside_with_what_to_do(reading, weight):
    rows, ledger = reading("table", f"w;town\n{weight};Basel\n", columns={"weight": "w", "city": "town"})
    assert (rows, ledger.reasons()) == ([], {"a weight above 1 (in percent? divide it by 100)": 1})


@pytest.mark.parametrize("weight", ["0", "-1", "101", "x", "nan"])
def test_a_weight_outside_0_and_1_is_set_aside(reading, weight):
    rows, ledger = reading("table", f"w,town\n{weight},Basel\n", columns={"weight": "w", "city": "town"})
    assert (rows, ledger.reasons()) == ([], {"a weight that is not above 0 and at most 1": 1})


def test_kinds_that_are_not_asked_for_are_out_of_scope(reading):
    columns = {"type": "kind", "city": "town"}
    rows, ledger = reading("table", "kind,town\na,Basel\nb,Bern\n,Bonn\n", columns=columns, types=["a"])
    assert [row["city"] for row in rows] == ["Basel"]
    assert ledger.scope == {"another type: b": 1, "no type": 1}
    assert ledger.kinds == {"a": 1, "b": 1}


def test_one_cell_may_hold_several_organisations(reading):
    columns = {"organisation": "who", "city": "town"}
    rows, _ = reading("table", "who,town\nA; B ;,Basel\n,Bern\n", columns=columns, separator=";", delimiter=",")
    assert [row["organisations"] for row in rows] == [["A", "B"], None]


def test_namibia_is_a_country_and_not_a_missing_value(reading):
    rows, _ = reading("table", "town,land\nWindhoek,NA\nNowhere,\n", columns=PLACE)
    assert [row["country"] for row in rows] == ["NA", None]


RECORDS = [
    {"town": "Basel", "land": "CH", "n": 3, "y": 47.56, "x": 7.59, "day": "2012-01-02"},
    {"town": "Windhoek", "land": "NA", "n": None, "y": None, "x": None, "day": "2011-01-02"},
]
ALL = {**PLACE, "count": {"from": "n", "optional": True}, "lat": "y", "lon": "x", "date": "day"}


def csv_text():
    lines = [",".join("" if value is None else str(value) for value in record.values()) for record in RECORDS]
    return "\n".join([",".join(RECORDS[0]), *lines])


def without_keys(rows):
    return [{k: v for k, v in row.items() if k not in {"record_key", "source_file", "source_row"}} for row in rows]


def test_csv_json_lines_and_parquet_say_the_same(reading, tmp_path):
    expected, _ = reading("table", csv_text(), columns=ALL)
    as_json, _ = reading("table", "\n".join(map(json.dumps, RECORDS)), "file.jsonl", columns=ALL)
    pq.write_table(pa.Table.from_pylist(RECORDS), tmp_path / "file.parquet")
    as_parquet, _ = read("table", [tmp_path / "file.parquet"], columns=ALL)
    assert without_keys(as_json) == without_keys(as_parquet) == without_keys(expected)
    assert [row["source_row"] for row in as_json] == [1, 2]


def test_parquet_dates_and_decimals_are_read_as_they_are_written(tmp_path):
    table = pa.table({"day": pa.array([15_706], pa.date32()), "y": [Decimal("47.56")], "x": [Decimal("7.59")]})
    pq.write_table(table, tmp_path / "t.parquet")
    rows, _ = read("table", [tmp_path / "t.parquet"], columns={"date": "day", "lat": "y", "lon": "x"})
    assert [(row["date"], row["lat_e7"]) for row in rows] == [("2013-01-01", 475600000)]


def test_parquet_with_a_missing_or_nested_column_or_damage_is_refused(tmp_path, written):
    pq.write_table(pa.table({"town": [["a"]]}), tmp_path / "nested.parquet")
    with pytest.raises(DataError, match="contains list"):
        read("table", [tmp_path / "nested.parquet"], columns={"city": "town"})
    with pytest.raises(DataError, match=r"has no column 'twon'.*Did you mean 'town'"):
        read("table", [tmp_path / "nested.parquet"], columns={"city": "twon"})
    with pytest.raises(DataError, match="incomplete or damaged Parquet file"):
        read("table", [written("cut.parquet", b"PAR1" + bytes(50))], columns={"city": "town"})


def test_json_keys_may_be_nested_and_missing_here_and_there(reading):
    text = '{"place": {"city": "Basel"}}\n{"other": 1}\n'
    rows, _ = reading("table", text, "file.json", columns={"city": "$.place.city"})
    assert [row["city"] for row in rows] == ["Basel", None]


def test_json_that_is_no_object_is_set_aside_and_a_key_that_is_nowhere_refused(reading):
    rows, ledger = reading(
        "table", '{"town": "A"}\n[1]\n{"town":\n{"town": "B\x00"}\n', "file.ndjson", columns={"city": "town"}
    )
    assert [row["city"] for row in rows] == ["A"]
    expected = [(2, "a JSON array; objects are read, one a line"), (3, "not a JSON object"), (4, "not a JSON object")]
    assert [(row[1], row[2]) for row in ledger.aside] == expected
    with pytest.raises(DataError, match=r"has no key 'city'; it has: town"):
        reading("table", '{"town": "A"}\n', "file.ndjson", columns={"city": "city"})


@pytest.mark.shared
def test_the_city_totals_of_2014_add_up_to_their_rounds(shared):
    path = shared / "data" / "deals" / "city-totals-2014" / "aggregate_data.csv"
    columns = {
        "count": "funding_rounds",
        "city": "city",
        "country": "country_code",
        "lat": "Latitude",
        "lon": "Longitude",
    }
    rows, ledger = read("table", [path], columns=columns)
    assert (len(rows), ledger.rows_read, sum(row["count"] for row in rows)) == (3_685, 3_685, 68_160)


@pytest.mark.shared
def test_the_authors_of_visualisation_papers_are_listings_of_their_papers(shared):
    path = shared / "data" / "publications" / "vispubdata" / "authors-papers-affiliation.csv"
    columns = {"record": "Paper DOI", "listing": "PositionNumber", "institution": "Affiliation"}
    rows, ledger = read("table", [path], columns=columns)
    assert ledger.rows_read == len(rows) == 14_721
    assert len({row["record_key"] for row in rows}) == 3_753


TYPED = {  # a good value of each column, and one that means nothing
    "text": {
        "day": ("2013-05-06", "2o13"),
        "n": ("3", "2.5"),
        "seq": ("1", "-1"),
        "y": ("47.5", "91"),
        "w": ("0.5", "2"),
    },
    "numbers": {"day": (2013, 13), "n": (3, -2), "seq": (1, -1), "y": (47.5, 91.0), "w": (0.5, 2.0)},
    "fractions": {"day": (2013.0, 2013.5), "n": (3.0, 2.5), "seq": (1.0, 1.5), "y": (47.5, NAN), "w": (0.5, NAN)},
    "dates": {"day": (date(2013, 5, 6), date(1066, 1, 1)), "y": (47.5, -91.0), "w": (0.5, 0.0)},
}
FIELDS = {"day": "date", "n": "count", "seq": "listing", "y": "lat, lon", "w": "weight"}
COLUMNS = ("record_key", "year", "lat_e7", "weight", "city")


@pytest.mark.parametrize(("kind", "broken"), [(kind, column) for kind, columns in TYPED.items() for column in columns])
def test_parquet_columns_mean_the_same_whatever_their_type(tmp_path, kind, broken):
    columns = {name: [good, bad if name == broken else good] for name, (good, bad) in TYPED[kind].items()}
    table = pa.table({**columns, "id": [7, 8], "x": [7.5, 7.5], "town": pa.array(["A", "B"]).dictionary_encode()})
    pq.write_table(table, tmp_path / "t.parquet")
    where = {"record": "id", "date": "day", "lat": "y", "lon": "x", "weight": "w", "city": "town"}
    where |= {"count": "n", "listing": "seq"} if "n" in columns else {}
    (row,), ledger = read("table", [tmp_path / "t.parquet"], columns=where)
    assert [row[name] for name in COLUMNS] == ["7", 2013, 475000000, WEIGHT_ONE // 2, "A"]
    assert (row["count"], row["listing_no"]) == ((3, 1) if "n" in columns else (1, row["listing_no"]))
    assert [aside[3] for aside in ledger.aside] == [FIELDS[broken]]


def test_a_record_that_stands_in_several_files_is_numbered_over_all_of_them(tmp_path):
    towns = ["Paris,FR", "Berlin,DE", "Madrid,ES", "Paris,FR"]
    for number, town in enumerate(towns):
        (tmp_path / f"{number}.csv").write_text(f"id,town,land\nr,{town}\n")
    (tmp_path / "all.csv").write_text("id,town,land\n" + "".join(f"r,{town}\n" for town in towns))
    columns = {"record": "id", **PLACE}
    apart, _ = read("table", [tmp_path / f"{number}.csv" for number in range(4)], columns=columns)
    together, _ = read("table", [tmp_path / "all.csv"], columns=columns)
    numbers = {(row["listing_no"], row["city"]) for row in apart}
    assert numbers == {(row["listing_no"], row["city"]) for row in together}
    assert sorted(number for number, _ in numbers) == [1, 2, 3]


@pytest.mark.parametrize(("weight", "listings"), [("0.0000007", 1), ("0.0000006", 0), ("1e-300", 0)])
def test_a_weight_that_would_round_to_nothing_is_set_aside(reading, weight, listings):
    rows, ledger = reading("table", f"town,land,w\nBasel,CH,{weight}\n", columns={**PLACE, "weight": "w"})
    assert [row["weight"] for row in rows] == [1] * listings
    assert [one[2] for one in ledger.aside] == ["a weight too small to count"] * (1 - listings)


@pytest.mark.parametrize("header", ["town,land,town", "town,land,TOWN"])
def test_a_wanted_column_that_stands_there_twice_is_an_error(reading, header):
    with pytest.raises(DataError, match=r"file\.csv has 2 columns 'town'\. Rename"):
        reading("table", f"{header}\nBasel,CH,Bern\n", columns=PLACE)
    rows, _ = reading("table", "town,land,x,x\nBasel,CH,1,2\n", columns=PLACE)
    assert places(rows) == [("Basel", "CH")]


def test_a_parquet_column_that_stands_there_twice_is_an_error(tmp_path):
    table = pa.Table.from_arrays([pa.array(["Basel"]), pa.array(["CH"]), pa.array(["Bern"])], ["town", "land", "town"])
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"a\.parquet has 2 columns 'town'"):
        read("table", [tmp_path / "a.parquet"], columns=PLACE)


@pytest.mark.parametrize(
    "town",
    [pa.array([b"Basel"]), pa.array([True]), pa.array([0], pa.time32("s")), pa.array([0], pa.duration("s"))],
    ids=lambda town: str(town.type),
)
def test_a_parquet_column_that_is_no_text_number_or_date_is_an_error(tmp_path, town):
    pq.write_table(pa.table({"town": town, "land": ["CH"]}), tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"a\.parquet: column 'town' contains .*; only text, numbers and dates"):
        read("table", [tmp_path / "a.parquet"], columns=PLACE)


@pytest.mark.parametrize("key", ['ci"ty', "a/b", "a~b", "a.b", "*", "[0]", "ci ty", "Städte"])
def test_a_json_key_may_hold_any_sign(reading, key):
    text = json.dumps({key: "Basel", "land": "CH"}) + "\n"
    rows, _ = reading("table", text, "file.jsonl", columns={"city": key, "country": "land"})
    assert places(rows) == [("Basel", "CH")]


@pytest.mark.parametrize("path", ["$.city[", "$.*", "$.city*"])
def test_a_json_path_that_is_none_or_leads_to_several_values_is_an_error(reading, path):
    with pytest.raises(StudyError, match=r"columns\.city: .* is not a path to one value"):
        reading("table", '{"city": "Basel"}\n', "file.jsonl", columns={"city": path})


@pytest.mark.parametrize(
    "date", ["2013/5/31", "2013/05/31", "2013.05.31", "2013-5-31", "2013年5月31日", "2013/05/31 09:30"]
)
def test_a_date_that_begins_with_its_year_is_read_whatever_divides_it(reading, date):
    rows, _ = reading("table", f"day,town\n{date},A\n", columns={"date": "day", "city": "town"})
    assert [(row["date"], row["year"]) for row in rows] == [("2013-05-31", 2013)]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(("31/12/2013", 2013), ("1/2/2013", 2013), ("12/31/2013 09:30", 2013), ("05.06.2013", 2013)),
        *(("5-6-2013", 2013), ("2013-06-05", 2013), ("32/12/2013", None), ("13/13/2013", None), ("0/1/2013", None)),
        *(("16-Feb-23", 2023), ("2 mai 70", 1970), ("16-Feb-2", None), ("16-Fub-23", None)),
        *(("2022-23", 2022), ("FY 2022-23", 2022), ("F.Y.1999-2000", 1999), ("2022/2023", 2022), ("2022–23", 2022)),
        *(("1999-00", 1999), ("2022-24", None), ("2022-2123", None), ("2022-13", None), ("FY23", None)),
        *(("२०२१", 2021), ("०६/०३/२०२१", 2021), ("२०२२-२३", 2022), ("১৯৯৯-০৫", 1999), ("२०२१ में", None)),
        *(("Jan-13", 2013), ("mar/69", 2069), ("märz 70", 1970), ("Sept. '99", 1999), ("Deals 13", None)),
        ("13-Jan", None),
        *(("1/2.2013", None), ("1/2/13", None), ("1/2/0013", None), ("1/2/2013x", None)),
    ],
)
def test_the_year_of_a_date_that_ends_in_it_is_certain_where_a_column_is_one_of_years(reading, text, year):
    rows, ledger = reading("table", f"day,town\n{text},A\n", columns={"year": "day", "city": "town"})
    assert [row["year"] for row in rows] == ([year] if year else [])
    assert not year or rows[0]["date"] is None or rows[0]["date"].startswith("2013")
    assert ledger.aside == ([] if year else [("file.csv", 2, "not a date (YYYY-MM-DD) or year", "year", text)])


@pytest.mark.parametrize("date", ["2013/13/31", "2013/02/30", "2013/05", "2013/05.31", "5/31/2013"])
def test_a_date_that_is_impossible_or_divided_in_two_ways_is_set_aside(reading, date):
    _, ledger = reading("table", f"day,town\n{date},A\n", columns={"date": "day", "city": "town"})
    assert ledger.aside == [("file.csv", 2, "not a date (YYYY-MM-DD) or year", "date", date)]


@pytest.mark.parametrize("date", ["9999", "9999.0", "9999-12-31", "99991231", "9999-12-31 00:00:00"])
def test_the_last_date_of_databases_stands_for_none(reading, date):
    columns = {"city": "town", "date": "day"}
    (row,), ledger = reading("table", f"town,day\nBasel,{date}\n", columns=columns)
    assert (row["year"], row["date"], ledger.aside) == (None, None, [])
    rows, ledger = reading("table", f"town,day\nBasel,{date}\n", columns=columns, window=(2000, 2020))
    assert (rows, ledger.reasons()) == ([], {"no date": 1})


def test_a_comma_in_a_coordinate_is_that_of_its_decimals(reading):
    rows, ledger = reading("table", "y;x\n48,137;-11,5\n1,2,3;4\n691234,5;7\n", columns=WHERE)
    assert [(row["lat_e7"], row["lon_e7"]) for row in rows] == [(481370000, -115000000)]
    assert [row[2] for row in ledger.aside] == ["a coordinate that is not a number"] * 2


@pytest.mark.parametrize(
    "count",
    ["1,234,567", "12,34,567", "12,34,567.0", "1.234.567", "1 234 567", "1'234'567", "1\u202f234\xa0567", "1234567.0"],
)
def test_a_count_is_read_if_its_separator_can_only_divide_thousands(reading, count):
    rows, _ = reading("table", f"town;land;n\nBasel;CH;{count}\n", columns={**PLACE, "count": "n"})
    assert [row["count"] for row in rows] == [1234567]


def test_a_count_that_may_be_a_decimal_is_read_if_the_study_says_what_divides_thousands(reading):
    text = "town;land;n\nBasel;CH;1.234\nBern;CH;1,234\nBonn;DE;0.500\n"
    rows, ledger = reading("table", text, columns={**PLACE, "count": "n"})
    assert rows == []
    undecided = "a count whose . or , may divide thousands or decimals (state options.thousands or decimals)"
    assert [aside[2] for aside in ledger.aside] == [
        undecided,
        undecided,
        "a count with decimals (if they are right state options.decimals)",
    ]
    for divider, town in ((".", "Basel"), (",", "Bern")):
        rows, _ = reading("table", text, columns={**PLACE, "count": "n"}, thousands=divider)
        assert [(row["city"], row["count"]) for row in rows if row["count"] == 1234] == [(town, 1234)]


def test_lakhs_are_read_whatever_the_study_says_but_decimal_commas(reading):
    text = "town;land;n\nBasel;CH;1,23,456\nBern;CH;12,34,567.5\nBonn;DE;1,2,345\nKöln;DE;1,23,45\n"
    for options, whole in (({}, [123_456]), ({"thousands": ","}, [123_456]), ({"decimals": "."}, [123_456, 1_234_567])):
        rows, _ = reading("table", text, columns={**PLACE, "count": "n"}, **options)
        assert [row["count"] for row in rows if row["count"] > 1] == whole
    rows, _ = reading("table", text, columns={**PLACE, "count": "n"}, decimals=",")
    assert rows == []


def test_a_header_further_down_is_named_with_what_to_do_and_read_if_the_study_says_where(reading):
    text = "Projects 2023;;\n;;\ntown;land;n\nBasel;CH;1\nBern;CH;2\n"
    columns = {"city": "town", "country": "land"}
    with pytest.raises(
        DataError, match=r"has no column 'town'.*header seems to be in line 3: town;land;n\. .*skip_lines = 2"
    ):
        reading("table", text, columns=columns)
    with pytest.raises(DataError, match=r"has no column 'twon'; .*Did you mean 'town'\?$"):
        reading("table", text, columns={"city": "twon"}, skip_lines=2)
    rows, ledger = reading("table", text, columns=columns, skip_lines=2)
    assert [(row["city"], row["source_row"]) for row in rows] == [("Basel", 4), ("Bern", 5)]
    assert ledger.rows_read == 2


def test_numbers_of_days_are_dates_where_the_study_says_so(reading, tmp_path):
    rows = "d,town\n44766,Basel\n43853.75,Bern\n2021-05-01,Bonn\n123,Nice\n"
    columns = {"date": "d", "city": "town"}
    read_rows, ledger = reading("table", rows, columns=columns, day_numbers=True)
    assert [(row["year"], row["date"]) for row in read_rows[:3]] == [
        (2022, "2022-07-24"), (2020, "2020-01-23"), (2021, "2021-05-01"),
    ]  # fmt: skip
    assert ledger.reasons() == {"not a date (YYYY-MM-DD) or year": 1}
    pq.write_table(pa.table({"d": [44766], "town": ["Basel"]}), tmp_path / "t.parquet")
    (row,), _ = read("table", [tmp_path / "t.parquet"], columns=columns, day_numbers=True)
    assert row["date"] == "2022-07-24"
    _, without = reading("table", rows, columns=columns)
    assert len(without.aside) == 3


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-16", "utf-32"])
def test_wide_text_is_read_where_the_study_says_that_it_is(reading, encoding):
    text = "town,land\nSão Paulo,BR\nŁódź,PL\n".encode(encoding)
    rows, ledger = reading("table", text, columns=PLACE, encoding=encoding)
    assert ([row["city"] for row in rows], ledger.aside) == (["São Paulo", "Łódź"], [])
    with pytest.raises(DataError, match="has no byte 0, as text in utf-16"):
        reading("table", b"town,land\nBasel,CH\n", columns=PLACE, encoding="utf-16-le")


def test_a_header_that_is_no_text_in_the_stated_encoding_is_said_so(reading):
    with pytest.raises(DataError, match=r"no column 'Município'; it has: Munic.*State encoding"):
        reading(
            "table", "Município,UF\nSão Paulo,SP\n".encode("cp1252"), columns={"city": "Município"}, encoding="utf-8"
        )


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_date_that_a_pattern_does_not_match_is_set_aside_as_it_is_written(reading, form):
    rows = [("Basel", "2012 May"), ("Bern", "May '12"), ("Chur", ""), ("Genf", "NA")]
    text = "town,day\n" + "".join(f"{town},{day}\n" for town, day in rows)
    if form == "jsonl":
        text = "".join(json.dumps({"town": town, "day": day}) + "\n" for town, day in rows)
    columns = {"city": "town", "year": {"from": "day", "pattern": r"(\d{4})"}}
    unmatched = [("a value that the pattern does not match", "May '12"), ("no date", None), ("no date", None)]
    for window, aside in (((2010, 2013), unmatched), (None, [])):
        _, ledger = reading("table", text, f"file.{form}", columns=columns, window=window, missing=("NA",))
        assert [(reason, value) for _, _, reason, _, value in ledger.aside] == aside
