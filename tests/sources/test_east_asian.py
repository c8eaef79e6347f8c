"""Numbers and dates as tables of East Asia write them: full-width digits, fiscal years, years of an era."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hubrank.core.units import UNIT
from hubrank.sources.formats.east_asian import as_iso

DATED = {"date": "day", "city": "town"}


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("令和5年4月1日", "2023-04-01"),
        ("令和元年５月１日", "2019-05-01"),
        ("令和 5年 4月 1日 10:30", "2023-04-01"),
        ("R5.4.1", "2023-04-01"),
        ("H31/4/30", "2019-04-30"),
        ("令和5年4月", "2023-04"),
        ("令和5年度", "2023"),
        ("平成31年", "2019"),
        ("昭和64年1月7日", "1989-01-07"),
        ("大正15年", "1926"),
        ("明治45年", "1912"),
        ("民國112年7月1日", "2023-07-01"),
        ("２０２１", "2021"),
        ("2021年度", "2021"),
        ("2021年", "2021"),
        ("２０２１／０５／３１", "2021-05-31"),
        ("2021년 5월 31일", "2021-05-31"),
    ],
)
def test_a_date_in_east_asian_form_is_read(reading, written, iso):
    rows, _ = reading("table", f"day,town\n{written},A\n", columns=DATED)
    assert [(row["date"], row["year"]) for row in rows] == [(iso, int(iso[:4]))]


@pytest.mark.parametrize("written", ["平成32年", "令和0年", "令和5年2月30日", "2021年13月", "R5", "X5.4.1", "R5.4-1"])
def test_a_year_that_its_era_does_not_have_and_an_impossible_day_are_set_aside(reading, written):
    _, ledger = reading("table", f"day,town\n{written},A\n", columns=DATED)
    assert ledger.aside == [("file.csv", 2, "not a date (YYYY-MM-DD) or year", "date", written)]


def test_full_width_numbers_are_read_and_the_mark_of_a_footnote_is_no_digit(reading):
    columns = {"lat": "y", "lon": "x", "count": "n"}
    text = "y;x;n\n３５．６;１３９．７;２２４\n３５．６;１３９．７;１，２３４，５６７\n35.6;139.7;12²\n"
    rows, ledger = reading("table", text, columns=columns)
    assert [(row["lat_e7"], row["lon_e7"], row["count"]) for row in rows] == [
        (356000000, 1397000000, 224),
        (356000000, 1397000000, 1234567),
    ]
    assert [row[1:] for row in ledger.aside] == [
        (4, "a count that is not a whole number from 0 to 100,000,000", "count", "12²")
    ]


@pytest.mark.parametrize(
    ("mark", "written", "units"),
    [
        (None, "١٢٣٤", 1234),
        (None, "٢٬٧٠٠", 2700),
        (None, "۲٬۷۰۰", 2700),
        (".", "٢٬٧٠٠٫٥", 2700.5),
        (",", "٢٬٧٠٠٫٥", 2700.5),
        (",", "२७००,५", 2700.5),
    ],
)
def test_counts_in_digits_of_other_scripts_are_read_with_the_signs_of_arabic(reading, mark, written, units):
    rows, _ = reading("table", f"town;n\nA;{written}\n", columns={"city": "town", "count": "n"}, decimals=mark)
    assert sum(row["count"] * row["record_units"] for row in rows) == units * UNIT


def test_a_count_with_the_arabic_sign_of_decimals_is_set_aside_where_no_decimals_are_stated(reading):
    _, ledger = reading("table", "town;n\nA;٣٦٨٫٧\n", columns={"city": "town", "count": "n"})
    assert [row[1:] for row in ledger.aside] == [
        (2, "a count with decimals (if they are right state options.decimals)", "count", "368.7")
    ]


def test_a_pattern_is_tried_on_the_text_as_it_is_written_and_then_on_the_plain_one(reading):
    columns = {"year": {"from": "day", "pattern": r"(\d{4})年"}, "city": "town"}
    rows, _ = reading("table", "day,town\n2021年度,A\n", columns=columns)
    assert [row["year"] for row in rows] == [2021]
    columns["year"]["pattern"] = r"((?:19|20)\d\d)"
    rows, _ = reading("table", "day,town\n２０２１年頃,A\n令和5年4月1日,A\n12 May 2020,A\n", columns=columns)
    assert sorted(row["year"] for row in rows) == [2020, 2021, 2023]


def test_the_form_of_a_date_in_parquet_and_json_is_the_same(reading, tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"day": ["令和5年4月1日", None], "town": ["A", "B"]}), path)
    rows, _ = reading("table", path.read_bytes(), "t.parquet", columns=DATED)
    assert [row["date"] for row in rows] == ["2023-04-01", None]
    rows, _ = reading("table", '{"day": "令和5年度", "town": "A"}\n', "t.jsonl", columns=DATED)
    assert [row["date"] for row in rows] == ["2023"]


def test_text_that_is_no_date_stays():
    assert [as_iso(text) for text in ("2023-04-01", "R5", "平成", "令和5年頃")] == [
        "2023-04-01",
        "R5",
        "平成",
        "令和5年頃",
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("१२ अप्रैल २०२१", "12 अप्रैल 2021"),
        ("१ मई, २०२१", "1 मई, 2021"),
        ("अप्रैल १२, २०२१", "अप्रैल 12, 2021"),
        ("सोमवार, १२ अप्रैल, २०२१", "सोमवार, 12 अप्रैल, 2021"),
        ("أبريل ١٢، ٢٠٢١", "أبريل 12، 2021"),
        ("๑๙ พฤศจิกายน ๒๕๖๖", "19 พฤศจิกายน 2566"),
    ],
)
def test_digits_beside_a_month_with_vowel_signs_are_plain(text, plain):
    assert as_iso(text) == plain
