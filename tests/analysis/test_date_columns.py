"""Of dates without a year that can be read, a first study says what they are and what to do."""

import pytest

from analysis.test_new_study import GERMAN_TOWNS, written
from hubrank.analysis import new_study
from hubrank.core.errors import DataError
from hubrank.sources.table_remarks import YEAR

SPREADSHEET = "holds numbers of days (44197 is 2021-01-01), as spreadsheets keep dates: if they are add date = "
TWO_DIGITS = "holds dates with a year of two digits (01.02.20): write them as YYYY-MM-DD, with the format of the column"


def rows_of(dates):
    return [f"{town};{dates(n)}" for n, town in enumerate(GERMAN_TOWNS)]


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (lambda n: str(44197 + 31 * n), SPREADSHEET),
        (lambda n: f"{44197 + 31 * n}{'' if n == 0 else '.5'}", SPREADSHEET),
        (lambda n: f"0{n + 1}.02.2{n}", TWO_DIGITS),
    ],
)
def test_dates_of_which_no_year_is_read_are_named(tmp_path, dates, sentence):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "t.csv").write_text("\n".join(["Ort;Datum", *rows_of(dates)]), "utf-8")
    with pytest.raises(DataError) as raised:
        new_study.write(folder, tmp_path / "new.toml")
    assert f"; 'Datum' {sentence}" in str(raised.value)
    (folder / "t.csv").write_text(
        "\n".join(["Fall no;Ort;Datum", *(f"F{n};{row}" for n, row in enumerate(rows_of(dates)))]), "utf-8"
    )
    new, _, _ = written(folder, tmp_path)
    (note,) = [note for note in new.drafts.sources[0].notes if "Datum" in note]
    assert note.startswith(f"'Datum' {sentence}")
    assert note.endswith("; the study has no years")


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ("Jan-2{}", None),
        ("março/202{}", YEAR),
        ("202{}-Q1", YEAR),
        ("Q3 202{}", YEAR),
        ("abr/2{}", None),
        ("Sept '2{}", None),
        ("16-Feb-2{}", None),
    ],
)
def test_months_and_quarters_have_a_year_whatever_their_column_is_called(tmp_path, value, year):
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [f"{town};{value.format(n % 3)};{n}" for n, town in enumerate(GERMAN_TOWNS)]
    (folder / "t.csv").write_text("\n".join(["Ort;Zeit;X", *rows]), "utf-8")
    new, summary, _ = written(folder, tmp_path)
    (stamp,) = [guess for guess in new.drafts.sources[0].columns if guess.name == "year"]
    assert (stamp.column, stamp.pattern) == ("Zeit", year)
    assert summary["sources"][0]["set_aside"] == {}
    assert summary["sources"][0]["sample"]["year"] == 2020


def test_days_of_months_are_no_years(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    rows = [f"F{n};{town};Jan-{n % 31 + 1:02}" for n, town in enumerate([*GERMAN_TOWNS] * 10)]
    (folder / "t.csv").write_text("\n".join(["Fall no;Ort;Zeit", *rows]), "utf-8")
    new = new_study.write(folder, tmp_path / "new.toml")
    assert [guess for guess in new.drafts.sources[0].columns if guess.name == "year"] == []


def study_of(tmp_path, header, rows):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "t.csv").write_text("\n".join([header, *rows]), "utf-8")
    return written(folder, tmp_path)


def test_financial_years_are_years(tmp_path):
    rows = [f"F{n};{town};{2020 + n % 3}-{21 + n % 3}" for n, town in enumerate(GERMAN_TOWNS)]
    new, summary, study = study_of(tmp_path, "Fall no;Ort;Financial Year", rows)
    assert {guess.name: guess.column for guess in new.drafts.sources[0].columns}["year"] == "Financial Year"
    assert list(study["windows"].values()) == [[2020, 2022]]
    assert not summary["sources"][0]["set_aside"]


def test_years_of_which_few_are_read_are_named_with_a_pattern_only_where_it_matches_some(tmp_path):
    rows = [f"F{n};{town};FY{21 + n % 3}" for n, town in enumerate(GERMAN_TOWNS)]
    new, _, _ = study_of(tmp_path, "Fall no;Ort;Financial Year", rows)
    (note,) = [note for note in new.drafts.sources[0].notes if "Financial Year" in note]
    assert note.startswith("'Financial Year' looks like dates (FY21; 0 % of the rows have none)")
    assert note.endswith("Complete them as YYYY-MM-DD, or as a year, in the file")


def test_dates_in_digits_of_another_script_are_dates_whatever_their_column_is_called(tmp_path):
    digits = str.maketrans("0123456789", "०१२३४५६७८९")
    rows = [f"F{n};{town};{f'0{1 + n}/03/202{n % 3}'.translate(digits)}" for n, town in enumerate(GERMAN_TOWNS)]
    new, summary, study = study_of(tmp_path, "Fall no;Ort;तिथि", rows)
    assert {guess.name: guess.column for guess in new.drafts.sources[0].columns}["year"] == "तिथि"
    assert list(study["windows"].values()) == [[2020, 2022]]
    assert not summary["sources"][0]["set_aside"]


def test_dates_of_eight_digits_among_others_have_a_year(tmp_path):
    dates = ("2021-03-0{}", "2021030{}", "4 May 202{}", "1.2.202{}")
    rows = [f"{town},{dates[n % 4].format(n % 9 + 1)}" for n, town in enumerate(GERMAN_TOWNS)]
    new, summary, _ = study_of(tmp_path, "City,Deal date", rows)
    (stamp,) = [guess for guess in new.drafts.sources[0].columns if guess.name == "year"]
    assert (stamp.column, stamp.pattern) == ("Deal date", YEAR)
    assert summary["sources"][0]["set_aside"] == {}


def test_a_pattern_is_proposed_with_the_dates_that_it_leaves_out(tmp_path):
    rows = [f"F{n},{town},{'2021-03-04' if n % 3 else '04/03/21'}" for n, town in enumerate(GERMAN_TOWNS)]
    new, _, _ = study_of(tmp_path, "Case no,City,Deal date", rows)
    (note,) = [note for note in new.drafts.sources[0].notes if "Deal date" in note]
    left_out = sum(row.endswith("/21") for row in rows)
    assert note.endswith(
        f" under [sources.columns], which leaves out {left_out} of {len(rows)} dates, such as 04/03/21"
    )
