"""A row whose count is the sum of the others is one of totals, in a year, by regions, rounded or with decimals."""

import re

import pytest

from hubrank.analysis import study_check
from hubrank.core.progress import no_progress
from hubrank.geocoding.gazetteer import gazetteer
from hubrank.sources.totals import WITH_PLACE, is_called_total, rows_of_regions, total_row

COUNTS = [("Graz", "12"), ("Linz", "7"), ("Wels", "4"), ("Enns", "2")]


def of_year(year, *more):
    return [(name, year, count) for name, count in (*COUNTS, *more)]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (of_year("2020", ("All", "25")), "All"),
        (of_year("2020", ("All", "24")), None),
        (of_year("2020") + of_year("2021", ("Austria", "25"), ("All", "25")), "Austria"),
        ([*of_year("2020"), ("All", "", "25")], "All"),
        (of_year("2020", ("Styria", "12"), ("Upper Austria", "13"), ("All", "25")), "All"),
        ([("A", "", "1,250.4"), ("B", "", "980.25"), ("C", "", "3.1"), ("All", "", "2,233.8")], "All"),
        ([("A", "", "1.250,4"), ("B", "", "980,25"), ("C", "", "3,1"), ("All", "", "2.233,8")], "All"),
        ([("A", "", "1.250"), ("B", "", "980"), ("C", "", "3"), ("All", "", "2.233")], "All"),
        ([*of_year("2020"), ("", "2020", "25")], ""),
        # No number: it is set aside.
        ([("A", "", "1,234,567"), ("B", "", "412,5"), ("C", "", "3"), ("D", "", "4,5"), ("All", "", "420")], "All"),
        ([("A", "", "1"), ("B", "", "2"), ("C", "", "3")], None),  # by chance
        ([("A", "", "-"), ("B", "", ""), ("C", "", "0"), ("D", "", "0"), ("E", "", "0")], None),
        ([], None),
    ],
)
def test_a_row_of_totals_is_the_sum_of_the_others(rows, name):
    assert total_row(rows) == name


PARTS = {"North": [120, 0, 25], "South": [313, 17, 9, 84], "East": [44], "West": [208, 14], "Centre": [55, 317, 2]}


def by_regions(first=True):
    rows = []
    for region, parts in PARTS.items():
        towns = [(f"{region} {n}", "2020", f"{count}") for n, count in enumerate(parts)]
        whole = (region, "2020", f"{sum(parts)}")
        rows += [whole, *towns] if first else [*towns, whole]
    return rows


@pytest.mark.parametrize(
    ("rows", "regions"),
    [
        (by_regions(), list(PARTS)),
        (by_regions(first=False), list(PARTS)),
        ([("All", "2020", "1208"), *by_regions()], list(PARTS)),
        ([row for row in by_regions() if row[0] not in PARTS], []),
        ([row for row in by_regions() if row[0] in PARTS], []),
        ([("A", "", "2"), ("B", "", "1"), ("C", "", "1")] * 20, []),  # small counts are sums by chance
        ([], []),
    ],
)
def test_rows_of_regions_are_the_sums_of_those_of_their_parts(rows, regions):
    assert rows_of_regions(rows) == regions


def test_a_check_names_regions_whose_parts_have_rows(tmp_path):
    lines = [f"{name},AT,{year},{count}" for name, year, count in by_regions()]
    (tmp_path / "t.csv").write_text("\n".join(["Ort,Land,Jahr,Bestand", *lines]))
    (tmp_path / "s.toml").write_text(STUDY)
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    (remark,) = [each for each in source["remarks"] if "regions" in each]
    assert remark.startswith("the counts of 5 rows such as 'North, AT', 'South, AT', 'East, AT' are the sums of rows b")


STUDY = (
    'title = "t"\nedition = "1"\n[[sources]]\nmetric = "n"\nreader = "table"\nfiles = "t.csv"\n'
    'columns = { city = "Ort", country = "Land", year = "Jahr", count = "Bestand" }\n[metrics.n]\nlabel = "N"\n'
    "[clusters]\nradius_km = 15\nmin_listings = 3\n"
)


def test_a_check_weighs_by_counts_and_names_a_row_of_totals(tmp_path):
    rows = [f"{name},Austria,2020,{count}" for name, count in (*COUNTS, ("Zzyzxq Wqxv", "25"))]
    (tmp_path / "t.csv").write_text("\n".join(["Ort,Land,Jahr,Bestand", *rows]))
    (tmp_path / "s.toml").write_text(STUDY)
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    assert (source["sampled"], source["listings"], source["located_pct"]) == (5, 50, 50.0)
    assert source["unlocated"][0]["listings"] == 25
    assert source["by_country"] == [{"country": "Austria", "listings": 50, "located_pct": 50.0}]
    assert source["remarks"] == [
        "the count of the row 'Zzyzxq Wqxv, Austria' is the sum of all others: remove rows of totals from the file."
    ]


def test_a_check_names_a_row_of_totals_without_a_place_that_still_counts(tmp_path):
    rows = [f"{name},Austria,2020,{count}" for name, count in COUNTS[:3]]
    (tmp_path / "t.csv").write_text("\n".join(["Ort,Land,Jahr,Bestand", *rows, ",,2020,5", ",,2020,28"]))
    (tmp_path / "s.toml").write_text(STUDY)
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    (remark,) = [each for each in source["remarks"] if "sum" in each]
    assert remark.startswith("the count of the row without a place is the sum of all others")


@pytest.mark.parametrize(
    "row",
    [
        "Total,,Austria",
        "TOTAL Steiermark,,Austria",
        "Sous-total région Fès,,MA",
        "Ensemble du Maroc,,MA",
        ",Bayern gesamt,DE",
        "合計,,JP",
        ",東京都 合計,JP",
        ",,Grand total",
        "المجموع,,MA",
        ",إجمالي المملكة,SA",
        "الجملة,,EG",
        "الإجمالى,,EG",
        ",مجموع المحافظات,EG",
        "YEKÜN,,TR",
        "Türkiye toplamı,,TR",
        ",TÜRKİYE TOPLAMI,TR",
        "Итого:,,RU",
        "計,,JP",
        ",茨城県計,JP",
        "市町村計,茨城県,JP",
        "合　計,,JP",
        ",,全国",
        ",総数,",
        "합 계,,KR",
        ",경기도 계,KR",
        "전국,,",
        "Gesamtergebnis,,DE",
    ],
)
def test_a_row_that_is_called_a_total_is_out_of_scope(reading, row):
    columns = {"city": "town", "region": "area", "country": "land", "count": "n"}
    rows, ledger = reading("table", f"town,area,land,n\nGraz,,Austria,12\n{row},12\n", columns=columns)
    assert [row["city"] for row in rows] == ["Graz"]
    assert (ledger.scope, ledger.aside) == ({"a row of totals": 1}, [])


PLACELESS = {
    "city": "town",
    "region": "area",
    "country": {"value": "AT"},
    "year": "year",
    "count": "n",
    "field": "what",
}


@pytest.mark.parametrize(
    ("row", "is_total"),
    [
        (",,,Summe,99", True),
        (",,,合計,99", True),
        (",,Total,,99", True),
        (",,,,24", True),  # of all years
        (",,2020,,22", True),  # of its year
        (",,,,23", False),
        (",,2020,,24", False),
        (",,,Chemistry,25", False),
        (",Tirol,,,24", False),
    ],
)
def test_a_total_without_a_place_is_out_of_scope_by_a_word_or_as_the_sum_of_the_others(reading, row, is_total):
    counts = "".join(f"{town},,2020,,{n}\n" for town, n in (("Graz", 12), ("Linz", 7), ("Wien", 3)))
    text = f"town,area,year,what,n\n{counts}Graz,,2021,,2\n{row}\n"
    rows, ledger = reading("table", text, columns=PLACELESS)
    assert len(rows) == 4 + (not is_total)
    assert (ledger.scope, ledger.aside) == ({"a row of totals": 1} if is_total else {}, [])


def test_rows_of_organisations_and_several_of_one_sum_are_no_totals(reading):
    columns = {"institution": "org", "organisation": "org", "city": "town", "country": "land", "count": "n"}
    counts = "A,Graz,AT,1\nB,Linz,AT,1\nC,Wels,AT,1\n"
    rows, ledger = reading("table", f"org,town,land,n\n{counts}Delta,,,3\nEps,,,3\n", columns=columns)
    assert (len(rows), ledger.scope) == (5, {})
    counts = "Graz,AT,1\nLinz,AT,1\nWels,AT,1\n"
    del columns["institution"], columns["organisation"]
    rows, ledger = reading("table", f"town,land,n\n{counts},,3\n,,3\n", columns=columns)
    assert (len(rows), ledger.scope) == (5, {})


def test_towns_whose_names_hold_a_sign_for_totals_are_none(reading):
    columns = {"city": "town", "country": "land", "count": "n"}
    towns = ["도계", "계룡시", "전주시", "전국구", "計根別", "総社市"]
    rows, _ = reading("table", "town,land,n\n" + "".join(f"{town},,5\n" for town in towns), columns=columns)
    assert [row["city"] for row in rows] == towns


def test_a_company_called_total_and_rows_without_a_count_are_no_totals(reading):
    columns = {"institution": "firm", "country": "land", "count": "n"}
    rows, _ = reading("table", "firm,land,n\nTotal,FR,12\nTotal,,3\nTotal Energies,,5\n", columns=columns)
    assert [(row["institution"], row["count"]) for row in rows] == [("Total", 12), ("Total Energies", 5)]
    rows, ledger = reading("table", "town,land\nTotal,FR\n", columns={"city": "town", "country": "land"})
    assert (len(rows), ledger.aside) == (1, [])


NOTED = {"city": "town", "region": "area", "country": {"value": "AT"}, "count": "n"}


@pytest.mark.parametrize(
    "row", ['"Fonte: INPI, 2024",,,', "* provisional,,,", "1) by office,,,", "[1] parts,,,", ",,,Source: the office"]
)
def test_a_note_below_a_table_of_counts_is_out_of_scope(reading, row):
    rows, ledger = reading("table", f"town,area,n,unread\nGraz,,12,\n{row}\n", columns=NOTED)
    assert ([row["city"] for row in rows], ledger.aside) == (["Graz"], [])
    assert ledger.scope == {"a note, with neither a place nor a count": 1}


@pytest.mark.parametrize("row", ["Linz,,,", "Fonte: INPI,Tirol,,"])
def test_a_place_without_a_count_is_set_aside(reading, row):
    _, ledger = reading("table", f"town,area,n,unread\nGraz,,12,\n{row}\n", columns=NOTED)
    assert (ledger.scope, [aside[2] for aside in ledger.aside]) == ({}, ["no count"])


UNCOUNTED = ("1. Turin", "*Rome", "(Vienna)", "[Oslo]", "Kraków: Nowa Huta")


@pytest.mark.parametrize("place", UNCOUNTED)
def test_a_place_without_a_count_among_counts_is_no_note(reading, place):
    _, ledger = reading("table", f"town,area,n,unread\nGraz,,12,\n{place},,,\nLinz,,7,\n", columns=NOTED)
    assert (ledger.scope, [aside[2] for aside in ledger.aside]) == ({}, ["no count"])


@pytest.mark.parametrize("place", UNCOUNTED)
def test_a_place_without_a_count_in_a_year_is_no_note(reading, place):
    of_year = {**NOTED, "year": "y"}
    _, ledger = reading("table", f"town,area,n,y\nGraz,,12,2020\n{place},,,2020\n", columns=of_year)
    assert (ledger.scope, [aside[2] for aside in ledger.aside]) == ({}, ["no count"])


def test_no_place_is_called_like_a_total():
    names = {name for name in gazetteer.places().name if re.fullmatch(WITH_PLACE, name, re.IGNORECASE)}
    assert names == set()


def test_a_total_whose_word_stands_in_a_column_that_is_not_read_is_neither_counted_nor_asked_to_be_removed(tmp_path):
    rows = [f"{at},{name},Austria,{count}" for at, (name, count) in enumerate(COUNTS, 1)]
    (tmp_path / "t.csv").write_text("\n".join(["No,Ort,Land,Bestand", *rows, "Insgesamt,,,25"]))
    (tmp_path / "s.toml").write_text(STUDY.replace(', year = "Jahr"', "").replace("[windows]\nn = [2020, 2020]\n", ""))
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    assert (source["listings"], source["located_pct"], source["remarks"]) == (25, 100.0, [])


def test_a_check_does_not_ask_to_remove_a_total_without_a_place_of_each_year(tmp_path):
    years = {year: [(name, int(count) + more) for name, count in COUNTS] for year, more in ((2020, 0), (2021, 4))}
    rows = [f"{name},Austria,{year},{count}" for year, counts in years.items() for name, count in counts]
    rows += [f",,{year},{sum(count for _, count in counts)}" for year, counts in years.items()]
    (tmp_path / "t.csv").write_text("\n".join(["Ort,Land,Jahr,Bestand", *rows]))
    (tmp_path / "s.toml").write_text(STUDY.replace("[2020, 2020]", "[2020, 2021]"))
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    assert (source["listings"], source["remarks"]) == (25 + 25 + 4 * len(COUNTS), [])


def test_a_check_does_not_ask_to_remove_a_row_that_is_out_of_scope(tmp_path):
    rows = [f"{name},Austria,{count}" for name, count in (*COUNTS, ("Total", "25"))]
    (tmp_path / "t.csv").write_text("\n".join(["Ort,Land,Bestand", *rows]))
    (tmp_path / "s.toml").write_text(
        'title = "t"\nedition = "1"\n[[sources]]\nmetric = "n"\nreader = "table"\nfiles = "t.csv"\n'
        'columns = { city = "Ort", country = "Land", count = "Bestand" }\n[metrics.n]\nlabel = "N"\n'
        "[clusters]\nradius_km = 15\nmin_listings = 3\n"
    )
    (source,) = study_check.check(tmp_path / "s.toml", rows=100, progress=no_progress)["sources"]
    assert (source["listings"], source["located_pct"], source["remarks"]) == (25, 100.0, [])


@pytest.mark.parametrize("name", ["شركة أسواق الجملة", "سوق الجملة", "جملة ماركت", "Yekun A.Ş.", "مجموعة العربي"])
def test_a_firm_of_wholesale_is_no_total(name):
    assert not is_called_total(name)
